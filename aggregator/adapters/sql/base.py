"""What the parts of a session have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

_AT_ONCE = 500  # values in one IN (…); SQLite's own limit is 32,766

_T = TypeVar("_T")


class Rows:
    """A connection inside a transaction, and how to write to it."""

    def __init__(self, connection: Connection) -> None:
        """Work on *connection*, whose transaction is the caller's."""
        self._db = connection

    def savepoint(self) -> AbstractContextManager[object]:
        """Undo what is done inside, and only that, when it raises."""
        return self._db.begin_nested()

    def _insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self._db.execute(table.insert(), list(rows))

    def _replace(
        self, table: Table, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]
    ) -> None:
        """Insert *rows*; where the primary key is there already, replace *columns*."""
        if not rows:
            return
        dialect = postgresql if self._db.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(table)
        upsert = statement.on_conflict_do_update(
            index_elements=[column.name for column in table.primary_key],
            set_={column: statement.excluded[column] for column in columns},
        )
        self._db.execute(upsert, list(rows))


def chunks(values: Iterable[_T]) -> Iterator[list[_T]]:
    """Yield *values* in lists short enough for one statement."""
    every = list(values)
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]
