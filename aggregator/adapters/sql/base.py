"""What the parts of a session have in common."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection, Dialect, Table, UpdateBase, select
from sqlalchemy.dialects import sqlite

from aggregator.adapters.sql import tables as t
from aggregator.adapters.sql.among import Among
from aggregator.model import EntryId, FeedId, SourceId


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
        self._notices: list[dict[str, Any]] = []
        self._dirty: dict[FeedId, datetime] = {}
        self._entries: dict[int, dict[str, Any]] = {}  # by seq
        self._listing: set[SourceId] = set()  # sources of these entries
        self._last_seq: int | None = None  # None: not asked for yet
        self._keys: dict[SourceId, list[dict[str, Any]]] = {}
        self._bands: dict[int, list[int]] = {}  # seq of the entries in each
        self._bands_before: datetime | None = None  # forget those of entries first seen before
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
        if unasked := [entry for entry in entries if entry not in self._places]:
            for row in self._connection.execute(_PLACES, {"some": unasked}):
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
        self._last_seq = None

    def _insert(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        self._each(_insert_of(table), rows)

    def _replace(
        self, table: Table, columns: Sequence[str], rows: Sequence[dict[str, Any]]
    ) -> None:
        """Insert *rows*; where the primary key is there already, replace *columns*."""
        self._each(_upsert(self._connection.dialect.name, table, tuple(columns)), rows)

    def _each(self, statement: UpdateBase, rows: Sequence[dict[str, Any]]) -> None:
        """Execute *statement* once a row; the rows are used up.

        They go to the driver as they are: SQLAlchemy spends more on a row than the database.
        """
        if not rows:
            return
        sql, times, constants = _spelled(self._connection.dialect, statement, tuple(rows[0]))
        for row in rows if times or constants else ():
            row.update(constants)
            for name in times:
                if row[name] is not None:
                    row[name] = t.microseconds(row[name])
        self._connection.exec_driver_sql(sql, list(rows))


@lru_cache
def _spelled(
    dialect: Dialect, statement: UpdateBase, columns: tuple[str, ...]
) -> tuple[str, tuple[str, ...], dict[str, Any]]:
    """Return *statement* in SQL with named parameters, which of them are times, and its own."""
    named = sqlite.dialect(paramstyle="named") if dialect.name == "sqlite" else dialect
    compiled = statement.compile(dialect=named, column_keys=columns)
    times = (name for name, bind in compiled.binds.items() if isinstance(bind.type, t.Instant))
    own = {name: value for name, value in compiled.params.items() if name not in columns}
    return str(compiled), tuple(times), own


@lru_cache
def _insert_of(table: Table) -> UpdateBase:
    return table.insert()


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


_PLACES = select(t.entries.c.seq, t.entries.c.id, t.entries.c.published_at).where(
    Among(t.entries.c.id)
)
