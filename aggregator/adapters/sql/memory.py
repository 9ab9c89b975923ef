"""What is remembered about entries beside what they say: changes, keys, stories; and forgetting."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update

from aggregator.adapters.sql import tables as t
from aggregator.adapters.sql.among import Among
from aggregator.adapters.sql.base import Rows
from aggregator.adapters.sql.rows import entry_of
from aggregator.model import Entry, EntryId, FeedId, Revision, SourceId


class MemoryRows(Rows):
    """The part of `aggregator.ports.Session` that answers questions about entries."""

    def add_revisions(self, revisions: Sequence[Revision]) -> None:
        self._insert(
            t.revisions,
            [
                {"entry_id": r.entry, "at": r.at, "field": r.field, "old": r.old, "new": r.new}
                for r in revisions
            ],
        )

    def revisions_of(self, entry: EntryId) -> tuple[Revision, ...]:
        rows = self._db.execute(_REVISIONS, {"entry": entry})
        return tuple(revision_of(row) for row in rows)

    def entries_by_link(self, link: str, *, of: Collection[SourceId]) -> tuple[Entry, ...]:
        rows = self._db.execute(_BY_LINK, {"link": link, "some": of}).mappings()
        return tuple(entry_of(row) for row in rows)

    def sources_of_keys(self, keys: Collection[str]) -> tuple[tuple[SourceId, EntryId], ...]:
        rows = self._db.execute(_OF_KEYS, {"some": keys})
        return tuple((SourceId(row[0]), EntryId(row[1])) for row in rows)

    def sources_of(self, entry: EntryId) -> tuple[tuple[SourceId, str], ...]:
        query = select(t.keys.c.source_id, t.keys.c.key).where(t.keys.c.entry_id == entry)
        rows = self._db.execute(query.order_by(t.keys.c.source_id, t.keys.c.key))
        return tuple((SourceId(row[0]), row[1]) for row in rows)

    def story_of(self, entry: EntryId) -> tuple[tuple[FeedId, EntryId, EntryId], ...]:
        seqs = [place.seq for place in self._places_of([entry])]
        mine = or_(t.members.c.seq.in_(seqs), t.members.c.leader.in_(seqs))
        query = select(t.members).where(mine, t.members.c.leader.is_not(None))
        rows = self._db.execute(query.order_by(t.members.c.feed_id, t.members.c.seq)).all()
        told = {seq for row in rows for seq in (row.seq, row.leader)}
        ids = {row.seq: EntryId(row.id) for row in self._db.execute(_IDS, {"some": told})}
        return tuple((FeedId(row.feed_id), ids[row.leader], ids[row.seq]) for row in rows)

    def forget_entries(self, source: SourceId, *, before: datetime) -> frozenset[FeedId]:
        old = self._db.execute(_OLD, {"source": source, "before": before}).all()
        if not old:
            return frozenset()
        seqs, ids = [row.seq for row in old], [row.id for row in old]
        feeds = frozenset(map(FeedId, self._db.execute(_SHOWING, {"some": seqs}).scalars()))
        for statement in (_FREE, _FORGET_MEMBERS, _FORGET_ENTRIES):
            self._db.execute(statement, {"some": seqs})
        for statement in (_FORGET_REVISIONS, _FORGET_LACKING):
            self._db.execute(statement, {"some": ids})
        for entry in ids:
            self._places.pop(entry, None)
        return feeds


def revision_of(row: Any) -> Revision:
    """Return the revision a row holds."""
    return Revision(
        entry=EntryId(row.entry_id), at=row.at, field=row.field, old=row.old, new=row.new
    )


_REVISIONS = (
    select(t.revisions)
    .where(t.revisions.c.entry_id == bindparam("entry"))
    .order_by(t.revisions.c.seq)
)
_BY_LINK = (
    select(t.entries)
    .where(Among(t.entries.c.source_id), t.entries.c.link == bindparam("link"))
    .order_by(t.entries.c.seq.desc())
)
# By each source's own keys: that is an index; keys alone are none.
_OF_KEYS = (
    select(t.keys.c.source_id, t.keys.c.entry_id)
    .where(t.keys.c.source_id.in_(select(t.sources.c.id)), Among(t.keys.c.key))
    .order_by(t.keys.c.source_id, t.keys.c.key)
)
_IDS = select(t.entries.c.seq, t.entries.c.id).where(Among(t.entries.c.seq))
_OLD = select(t.entries.c.seq, t.entries.c.id).where(
    t.entries.c.source_id == bindparam("source"),
    t.entries.c.published_at < bindparam("before", type_=t.Instant),
    t.entries.c.first_seen < bindparam("before", type_=t.Instant),
)
_SHOWING = select(t.members.c.feed_id).where(Among(t.members.c.seq)).distinct()
_FREE = update(t.members).where(Among(t.members.c.leader)).values(leader=None)
_FORGET_MEMBERS = delete(t.members).where(Among(t.members.c.seq))
_FORGET_ENTRIES = delete(t.entries).where(Among(t.entries.c.seq))
_FORGET_REVISIONS = delete(t.revisions).where(Among(t.revisions.c.entry_id))
_FORGET_LACKING = delete(t.lacking).where(Among(t.lacking.c.entry_id))
