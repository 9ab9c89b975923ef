"""What the parts of a session have in common."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, Self, TypeVar

from sqlalchemy import Connection, Table, bindparam, select
from sqlalchemy.dialects import sqlite

from aggregator.adapters.sql import tables as t
from aggregator.model import EntryId, FeedId, SourceId

_AT_ONCE = 500  # values in one IN (…); SQLite's own limit is 32,766

_T = TypeVar("_T")


class Place(NamedTuple):
    """Where an entry stands."""

    seq: int  # in order of coming
    id: EntryId
    published_at: datetime


class Numbers(NamedTuple):
    """How far a feed has numbered its entries."""

    last: int
    archive_size: int


class Rows:
    """A connection inside a transaction, and how to write to it.

    A hundred refreshes share a transaction, so their rows are gathered and written by
    `write_out`, a table at a time. Whoever asks `_db` is told of them as well; `_connection`
    is for what cannot be among them.
    """

    def __init__(self, connection: Connection) -> None:
        """Work on *connection*, whose transaction is the caller's."""
        self._connection = connection
        self._places: dict[EntryId, Place] = {}  # as far as this transaction asked or wrote
        self._fresh: set[int] = set()  # seq of entries of this transaction without a feed yet
        self._states: dict[SourceId, dict[str, Any]] = {}
        self._visits: list[dict[str, Any]] = []
        self._dirty: dict[FeedId, datetime] = {}
        self._keys: dict[SourceId, list[dict[str, Any]]] = {}
        self._bands: dict[int, list[int]] = {}  # seq of the entries in each
        self._members: list[dict[str, Any]] = []
        self._numbers: dict[FeedId, Numbers] = {}  # as far as this transaction asked or gave
        self._numbered: set[FeedId] = set()  # those whose numbers are not written yet

    @property
    def _db(self) -> Connection:
        """Return the connection, with all that was gathered written."""
        self.write_out()
        return self._connection

    def write_out(self) -> None:
        """Write what was gathered: before the commit, and before it is asked for."""

    def _places_of(self, entries: Collection[EntryId]) -> list[Place]:
        """Return where *entries* stand, in order of coming; unknown ones are left out."""
        for some in chunks(entry for entry in entries if entry not in self._places):
            for row in self._connection.execute(_PLACES, {"some": some}):
                self._places[EntryId(row.id)] = Place(row.seq, EntryId(row.id), row.published_at)
        return sorted(self._places[entry] for entry in set(entries) if entry in self._places)

    @contextmanager
    def savepoint(self) -> Iterator[Self]:
        """Undo what is done with the session inside, and only that, when it raises."""
        with self._db.begin_nested():
            apart = type(self)(self._connection)
            yield apart
            apart.write_out()
        self._numbers.clear()  # others may have been given since

    def _insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self._connection.execute(table.insert(), list(rows))

    def _replace(
        self, table: Table, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]
    ) -> None:
        """Insert *rows*; where the primary key is there already, replace *columns*."""
        if not rows:
            return
        upsert = _upsert(self._connection.dialect.name, table, tuple(columns))
        self._connection.execute(upsert, list(rows))


@lru_cache
def insert_unknown(dialect: str, table: Table, unique: str) -> Any:
    """Return an INSERT that leaves a row alone whose *unique* column is there already."""
    return _insert_in(dialect, table).on_conflict_do_nothing(index_elements=[unique])


@lru_cache
def _upsert(dialect: str, table: Table, columns: tuple[str, ...]) -> Any:
    statement = _insert_in(dialect, table)
    return statement.on_conflict_do_update(
        index_elements=[column.name for column in table.primary_key],
        set_={column: statement.excluded[column] for column in columns},
    )


def _insert_in(dialect: str, table: Table) -> Any:
    if dialect != "postgresql":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 -- 0.1 s of every start

    return postgresql.insert(table)


def chunks(values: Iterable[_T]) -> Iterator[list[_T]]:
    """Yield *values* in lists short enough for one statement."""
    every = list(values)
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]


_PLACES = select(t.entries.c.seq, t.entries.c.id, t.entries.c.published_at).where(
    t.entries.c.id.in_(bindparam("some", expanding=True))
)
