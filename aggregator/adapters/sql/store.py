"""The store: transactions that many refreshes share, in one thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from aggregator.adapters.sql.engine import database_path, open_database, storage_errors
from aggregator.adapters.sql.session import SqlSession
from aggregator.errors import StateGoneError, StoreError

BATCH = 100  # refreshes a transaction: one fsync for all of them

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Waiting:
    work: Callable[[SqlSession], Any]
    done: asyncio.Future[Any]


class SqlStore:
    """Implements `aggregator.ports.Store` over SQLAlchemy Core."""

    def __init__(self, state: str) -> None:
        """Open *state*; see `open_database` for what it may be and what it raises."""
        self._state = state
        self._engine: Engine = open_database(state)
        self._path = database_path(state)
        self._file = _identity(self._path)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._waiting: list[_Waiting] = []
        self._draining: asyncio.Task[None] | None = None

    async def transact(self, work: Callable[[SqlSession], _T]) -> _T:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[_T] = loop.create_future()
        self._waiting.append(_Waiting(work, done))
        if self._draining is None:
            self._draining = loop.create_task(self._drain())
        return await done

    @contextmanager
    def reading(self) -> Iterator[SqlSession]:
        with (
            storage_errors(self._state),
            self._engine.connect().execution_options(read_only=True) as connection,
            connection.begin(),
        ):
            yield SqlSession(connection)

    @contextmanager
    def writing(self) -> Iterator[SqlSession]:
        with storage_errors(self._state), self._engine.begin() as connection:
            session = SqlSession(connection)
            yield session
            session.write_out()

    async def close(self) -> None:
        if self._draining is not None:
            await self._draining
        self.dispose()

    def dispose(self) -> None:
        """Close the files when nothing waits, as after only looking."""
        self._thread.shutdown(wait=True)
        self._engine.dispose()

    async def _drain(self) -> None:
        """Commit what waits, a batch at a time, until nothing does."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            try:
                results = await loop.run_in_executor(self._thread, self._commit, batch)
            except Exception as error:  # noqa: BLE001 -- handed to all who wait for this batch
                results = [error] * len(batch)  # nothing of it was written
            for waiting, result in zip(batch, results, strict=True):
                if waiting.done.cancelled():
                    continue
                if isinstance(result, BaseException):
                    waiting.done.set_exception(result)
                else:
                    waiting.done.set_result(result)
        self._draining = None

    def _commit(self, batch: list[_Waiting]) -> list[Any]:
        """Run *batch* in one transaction; when one of it fails, all again, each by itself."""
        self._check_file()
        try:
            with self.writing() as session:
                return [waiting.work(session) for waiting in batch]
        except StoreError:
            raise  # the disk, not the work: it is the batch that failed
        except Exception:  # noqa: BLE001 -- a mistake in one work: found below, and told
            with self.writing() as session:
                return [_alone(session, waiting.work) for waiting in batch]

    def _check_file(self) -> None:
        """Make sure that what we write to is still there: SQLite would not notice."""
        if _identity(self._path) != self._file:
            raise StateGoneError(f"{self._path} was deleted or replaced while it was in use")


def _identity(path: Path | None) -> tuple[int, int] | None:
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found is not None else None


def _alone(session: SqlSession, work: Callable[[SqlSession], Any]) -> Any:
    """Run *work* in a savepoint, so that its failure undoes nothing but itself."""
    try:
        with session.savepoint() as apart:
            return work(apart)
    except (StoreError, DBAPIError):
        raise
    except Exception as error:  # noqa: BLE001 -- handed to whoever asked, see _drain
        return error
