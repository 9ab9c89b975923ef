"""Open the state: one SQLite file, or a PostgreSQL database; bring it up to date."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import gethostname
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from aggregator.adapters.sql.tables import metadata
from aggregator.errors import (
    MissingExtraError,
    StateCorruptError,
    StateLockedError,
    StateNewerError,
    StoreError,
)

DATABASE_FILE = "aggregator.sqlite"
_HISTORY = (
    "0001",
    "0002",
    "0003",
    "0004",
)  # every revision under versions/, oldest first; a test holds the two
HEAD = _HISTORY[-1]

_LOCK = {"key": 0x61676772}  # "aggr": a number that nobody else's lock in this database has
_TRY_LOCK = text("SELECT pg_try_advisory_lock(:key)")
_HOLDER = text(
    "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid)"
    " WHERE locktype = 'advisory' AND objid = :key AND granted"
)
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # a commit is on the disk before a feed that shows it is
    "busy_timeout=10000",
    "foreign_keys=ON",
    "cache_size=-16000",  # 16 MB
    "temp_store=MEMORY",
)


def open_database(state: str) -> Engine:
    """Return an engine on an up-to-date schema.

    Args:
        state: A folder for SQLite (made when missing), a PostgreSQL URL, or ``:memory:``.

    Raises:
        StoreError: It cannot be opened; subclasses say whether it is newer or damaged.
        MissingExtraError: A PostgreSQL URL without its driver.
    """
    engine = _create(state)
    try:
        with storage_errors(state):
            _bring_up_to_date(engine, state)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _bring_up_to_date(engine: Engine, state: str) -> None:
    with engine.connect().execution_options(read_only=True) as connection:
        found = _revision(connection)
    if found is None:
        _make(engine)
    elif found not in _HISTORY:
        raise StateNewerError(f"{_told(state)} has revision {found}, newer than {HEAD}")
    elif found != HEAD:
        _migrate(engine)


@contextmanager
def storage_errors(state: str) -> Iterator[None]:
    """Turn what a database raises into a `StoreError` that names the place."""
    try:
        yield
    except DBAPIError as error:
        reason = str(error.orig)
        if isinstance(error.orig, sqlite3.DatabaseError) and any(
            sign in reason for sign in ("malformed", "not a database", "corrupt")
        ):
            raise StateCorruptError(f"{_told(state)} is damaged: {reason}") from error
        raise StoreError(f"{_told(state)}: {reason}") from error
    except SQLAlchemyError as error:
        raise StoreError(f"{_told(state)}: {error}") from error


@contextmanager
def alone_on(state: str) -> Iterator[None]:
    """Hold a database server's state for this process alone, until the end of the block.

    The server takes the lock back when the connection ends, however that comes.

    Raises:
        StateLockedError: Another process holds it; the message says which.
    """
    engine = _create(state)
    try:
        apart = engine.execution_options(isolation_level="AUTOCOMMIT")
        with storage_errors(state), apart.connect() as connection:
            if not connection.execute(_TRY_LOCK, _LOCK).scalar():
                holder = connection.execute(_HOLDER, _LOCK).scalar() or "another process"
                raise StateLockedError(f"{_told(state)} is in use by {holder}")
            yield
    finally:
        engine.dispose()


def database_path(state: str) -> Path | None:
    """Return the SQLite file of *state*; ``None`` when it lies elsewhere."""
    return None if "://" in state or state == ":memory:" else Path(state) / DATABASE_FILE


def is_emptied(path: Path) -> bool:
    """Tell whether the database at *path* is a file without a byte.

    SQLite takes it for a new one; a disk that crashed leaves such files as well.
    """
    return path.is_file() and path.stat().st_size == 0


def _told(state: str) -> str:
    if "://" in state:
        return make_url(state).render_as_string(hide_password=True)
    return str(database_path(state) or state)


def _create(state: str) -> Engine:
    path = database_path(state)
    if path is None and state != ":memory:":
        return _postgresql(state)
    if path is not None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{path.parent}: {error.strerror}") from error
    options: dict[str, Any] = {"poolclass": StaticPool} if path is None else {}
    engine = create_engine(
        f"sqlite:///{path}" if path else "sqlite://",
        connect_args={"check_same_thread": False},
        **options,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _postgresql(state: str) -> Engine:
    try:
        return create_engine(
            state,
            pool_pre_ping=True,
            connect_args={"application_name": f"aggregator {os.getpid()} on {gethostname()}"},
        )
    except ModuleNotFoundError as error:
        raise MissingExtraError("state: needs the extra 'postgresql'") from error
    except ArgumentError as error:
        raise StoreError(f"state: {error}") from error


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # IMMEDIATE: a writer waits at the start, not in the middle where it would have to fail.
    reads_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _revision(connection: Connection) -> str | None:
    """Read the schema's revision without alembic, whose import costs 150 ms."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return str(row[0]) if row else None


def _make(engine: Engine) -> None:
    """Make all tables as they are now; a new state has no history to go through."""
    with engine.begin() as connection:
        if _revision(connection) is not None:  # another process was quicker
            return
        metadata.create_all(connection)
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def _migrate(engine: Engine) -> None:
    """Bring an older state up to date in one transaction.

    The revisions change tables that exist; tables that are new are made by `create_all`.
    """
    from alembic import command  # noqa: PLC0415 -- seldom needed, slow to import
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        metadata.create_all(connection)
