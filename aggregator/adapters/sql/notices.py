"""The program's own news."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, update

from aggregator.adapters.sql import tables as t
from aggregator.adapters.sql.among import Among
from aggregator.adapters.sql.base import Rows
from aggregator.model import Notice, OutcomeKind, SourceId

KEPT = 1000  # notices; the feed shows its window of them


class NoticeRows(Rows):
    """The part of `aggregator.ports.Session` about notices."""

    def add_notice(self, notice: Notice) -> None:
        fields = {**asdict(notice), "kind": notice.kind.value, "is_told": False}
        self._notices.append({"source_id": fields.pop("source"), **fields})

    def write_out(self) -> None:
        super().write_out()
        if self._notices:
            self._insert(t.notices, self._notices)
            self._connection.execute(_FORGET)
            self._notices.clear()

    def untold_notices(self, *, since: datetime) -> Mapping[int, Notice]:
        rows = self._db.execute(_UNTOLD, {"since": since})
        return {row.seq: _notice_of(row) for row in rows}

    def mark_told(self, notices: Collection[int]) -> None:
        self._db.execute(_TELL, {"some": notices})

    def _newest_notices(self, *, limit: int) -> tuple[Notice, ...]:
        return tuple(map(_notice_of, self._db.execute(_NEWEST, {"most": limit})))


def _notice_of(row: Row[Any]) -> Notice:
    return Notice(
        source=SourceId(row.source_id),
        source_title=row.source_title,
        at=row.at,
        kind=OutcomeKind(row.kind),
        title=row.title,
        detail=row.detail,
    )


_NEWEST = select(t.notices).order_by(t.notices.c.seq.desc()).limit(bindparam("most"))
_UNTOLD = (
    select(t.notices)
    .where(~t.notices.c.is_told, t.notices.c.at >= bindparam("since", type_=t.Instant))
    .order_by(t.notices.c.seq)
)
_TELL = update(t.notices).where(Among(t.notices.c.seq)).values(is_told=True)
_FORGET = delete(t.notices).where(
    t.notices.c.seq <= select(func.max(t.notices.c.seq) - KEPT).scalar_subquery()
)
