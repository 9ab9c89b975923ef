"""The sources: what is remembered of each from one refresh to the next."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, or_, select, update

from aggregator.adapters.sql import tables as t
from aggregator.adapters.sql.among import Among
from aggregator.adapters.sql.base import Rows
from aggregator.adapters.sql.rows import state_of, state_row, visit_of
from aggregator.model import Outcome, Source, SourceId, SourceState, Visit

_VISITS_KEPT = 60  # a source; what the page of a source draws


class SourceRows(Rows):
    """The part of `aggregator.ports.Session` about sources."""

    def sync_sources(self, sources: Sequence[Source], *, due: Sequence[datetime]) -> None:
        known = {row.id: row for row in self._db.execute(select(t.sources))}
        wanted = {source.id for source in sources}
        fresh, changed = [], []
        for source, first_due in zip(sources, due, strict=True):
            row = known.get(source.id)
            told = {
                "title": source.title,
                "configured_url": source.shown_url,
                "is_configured": True,
            }
            if row is None:
                state = SourceState(source=source.id, next_due=first_due)
                fresh.append({"id": source.id, **told, **state_row(state)})
            elif row.configured_url != source.shown_url:
                # Another address: nothing that was learned about the old page holds, but for
                # what tells that its items are the same.
                state = SourceState(source=source.id, next_due=first_due, learned=row.learned)
                changed.append({"b_id": source.id, **told, **state_row(state)})
            elif row.title != source.title or not row.is_configured:
                due_again = row.next_due if row.is_configured else first_due
                changed.append({"b_id": source.id, **told, "next_due": due_again})
        self._insert(t.sources, fresh)
        for values in changed:
            self._db.execute(update(t.sources).where(t.sources.c.id == bindparam("b_id")), values)
        for source_id in known.keys() - wanted:
            if known[source_id].is_configured:
                self._db.execute(
                    update(t.sources)
                    .where(t.sources.c.id == source_id)
                    .values(is_configured=False, next_due=None)
                )

    def source_states(self, ids: Collection[SourceId] | None = None) -> tuple[SourceState, ...]:
        rows = self._db.execute(_STATES) if ids is None else self._db.execute(_SOME, {"some": ids})
        return tuple(map(state_of, rows.mappings()))

    def due_sources(
        self, *, now: datetime, limit: int, lease: timedelta
    ) -> tuple[SourceState, ...]:
        query = (
            select(t.sources)
            .where(t.sources.c.is_configured, t.sources.c.next_due <= now)
            .order_by(t.sources.c.next_due)
            .limit(limit)
        )
        if self._db.dialect.name == "postgresql":
            query = query.with_for_update(skip_locked=True)
        states = tuple(state_of(row) for row in self._db.execute(query).mappings())
        claimed = [state.source for state in states]
        self._db.execute(_CLAIM, {"some": claimed, "next_due": now + lease})
        return states

    def save_state(self, state: SourceState) -> None:
        row = {"b_id": state.source, "is_claimed": False, **state_row(state)}
        self._states[state.source] = row

    def release(self, ids: Collection[SourceId], *, due: datetime) -> None:
        self._db.execute(_RELEASE.where(Among(t.sources.c.id)), {"some": ids, "next_due": due})

    def release_all(self, *, due: datetime) -> None:
        self._db.execute(_RELEASE.where(t.sources.c.is_claimed), {"next_due": due})

    def recall(self, *, now: datetime, beyond: datetime) -> int:
        was_wrong = or_(t.sources.c.visited_at > now, t.sources.c.next_due > beyond)
        result = self._db.execute(
            update(t.sources)
            .where(t.sources.c.is_configured, t.sources.c.next_due > now, was_wrong)
            .values(next_due=now)
        )
        return result.rowcount

    def add_visit(self, outcome: Outcome, *, at: datetime, took: timedelta) -> None:
        self._visits.append(
            {
                "source_id": outcome.source,
                "at": at,
                "kind": outcome.kind.value,
                "code": outcome.code,
                "items": outcome.items,
                "new": outcome.new,
                "updated": outcome.updated,
                "milliseconds": took // timedelta(milliseconds=1),
            }
        )

    def visits(self, sources: Collection[SourceId]) -> Mapping[SourceId, tuple[Visit, ...]]:
        found = {
            source: tuple(map(visit_of, self._db.execute(_VISITS, {"source": source})))
            for source in sources
        }
        return {source: visits for source, visits in found.items() if visits}

    def write_out(self) -> None:
        super().write_out()
        self._each(_UPDATE_STATE, list(self._states.values()))
        self._states.clear()
        if self._visits:
            visited = {visit["source_id"] for visit in self._visits}
            self._insert(t.visits, self._visits)
            self._each(_FORGET_VISITS, [{"source": source} for source in visited])
            self._visits.clear()


_UPDATE_STATE = update(t.sources).where(t.sources.c.id == bindparam("b_id"))
_VISITS = (
    select(t.visits).where(t.visits.c.source_id == bindparam("source")).order_by(t.visits.c.seq)
)
_STATES = select(t.sources).where(t.sources.c.is_configured)
_SOME = _STATES.where(Among(t.sources.c.id))
_CLAIM = update(t.sources).where(Among(t.sources.c.id)).values(is_claimed=True)
_RELEASE = update(t.sources).values(is_claimed=False)
_FORGET_VISITS = delete(t.visits).where(
    t.visits.c.source_id == bindparam("source"),
    t.visits.c.seq
    <= select(t.visits.c.seq)
    .where(t.visits.c.source_id == bindparam("source"))
    .order_by(t.visits.c.seq.desc())
    .offset(_VISITS_KEPT)
    .limit(1)
    .scalar_subquery(),
)
