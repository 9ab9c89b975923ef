"""Which entries lack the texts of their articles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, delete, select

from aggregator.adapters.sql import tables as t
from aggregator.adapters.sql.among import Among
from aggregator.adapters.sql.base import Rows
from aggregator.model import EntryId, Lacking, SourceId


class TextRows(Rows):
    """The part of `aggregator.ports.Session` about texts that are still to come."""

    def save_lacking(self, lacking: Sequence[Lacking]) -> None:
        rows = [
            {
                "entry_id": one.entry,
                "source_id": one.source,
                "tries": one.tries,
                "reason": one.reason,
                "due_at": one.due_at,
            }
            for one in lacking
        ]
        self._replace(t.lacking, ["tries", "reason", "due_at"], rows)

    def forget_lacking(self, entries: Collection[EntryId]) -> None:
        if entries:
            self._connection.execute(_FORGET, {"some": entries})

    def lacking_texts(self, source: SourceId) -> tuple[Lacking, ...]:
        return tuple(map(_lacking_of, self._db.execute(_WAITING, {"source": source})))

    def lacking_text_of(self, entry: EntryId) -> Lacking | None:
        row = self._db.execute(_OF_ENTRY, {"entry": entry}).first()
        return _lacking_of(row) if row else None


def _lacking_of(row: Row[Any]) -> Lacking:
    return Lacking(
        entry=EntryId(row.entry_id),
        source=SourceId(row.source_id),
        link=row.link,
        tries=row.tries,
        reason=row.reason,
        due_at=row.due_at,
    )


_ROWS = select(t.lacking, t.entries.c.link).join(t.entries, t.entries.c.id == t.lacking.c.entry_id)
_WAITING = _ROWS.where(
    t.lacking.c.source_id == bindparam("source"), t.lacking.c.due_at.is_not(None)
).order_by(t.lacking.c.due_at, t.entries.c.seq.desc())
_OF_ENTRY = _ROWS.where(t.lacking.c.entry_id == bindparam("entry"))
_FORGET = delete(t.lacking).where(Among(t.lacking.c.entry_id))
