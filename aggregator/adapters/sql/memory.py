"""What is remembered about entries beside what they say: changes, keys, stories; and forgetting."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update

from aggregator.adapters.sql import tables as t
from aggregator.adapters.sql.base import Rows, chunks
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
        rows = [
            row
            for some in chunks(of)
            for row in self._db.execute(_BY_LINK, {"link": link, "some": some}).mappings()
        ]
        return tuple(entry_of(row) for row in sorted(rows, key=lambda row: -row["seq"]))

    def sources_of_keys(self, keys: Collection[str]) -> tuple[tuple[SourceId, EntryId], ...]:
        rows = self._db.execute(_OF_KEYS, {"some": list(keys)})
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
        ids = {
            row.seq: EntryId(row.id)
            for some in chunks({seq for row in rows for seq in (row.seq, row.leader)})
            for row in self._db.execute(_IDS, {"some": some})
        }
        return tuple((FeedId(row.feed_id), ids[row.leader], ids[row.seq]) for row in rows)

    def forget_entries(self, source: SourceId, *, before: datetime) -> frozenset[FeedId]:
        old = self._db.execute(_OLD, {"source": source, "before": before}).all()
        feeds: set[FeedId] = set()
        for some in chunks(old):
            seqs, ids = [row.seq for row in some], [row.id for row in some]
            feeds.update(map(FeedId, self._db.execute(_SHOWING, {"some": seqs}).scalars()))
            self._db.execute(_FREE, {"some": seqs})
            for table in (t.members, t.entries):
                self._db.execute(delete(table).where(table.c.seq.in_(seqs)))
            for table in (t.revisions, t.lacking):
                self._db.execute(delete(table).where(table.c.entry_id.in_(ids)))
            for entry in ids:
                self._places.pop(entry, None)
        return frozenset(feeds)


def revision_of(row: Any) -> Revision:
    """Return the revision a row holds."""
    return Revision(
        entry=EntryId(row.entry_id), at=row.at, field=row.field, old=row.old, new=row.new
    )


_SOME: Any = bindparam("some", expanding=True)
_REVISIONS = (
    select(t.revisions)
    .where(t.revisions.c.entry_id == bindparam("entry"))
    .order_by(t.revisions.c.seq)
)
_BY_LINK = select(t.entries).where(
    t.entries.c.source_id.in_(_SOME), t.entries.c.link == bindparam("link")
)
# By each source's own keys: that is an index; keys alone are none.
_OF_KEYS = (
    select(t.keys.c.source_id, t.keys.c.entry_id)
    .where(t.keys.c.source_id.in_(select(t.sources.c.id)), t.keys.c.key.in_(_SOME))
    .order_by(t.keys.c.source_id, t.keys.c.key)
)
_IDS = select(t.entries.c.seq, t.entries.c.id).where(t.entries.c.seq.in_(_SOME))
_OLD = select(t.entries.c.seq, t.entries.c.id).where(
    t.entries.c.source_id == bindparam("source"),
    t.entries.c.published_at < bindparam("before", type_=t.Instant),
    t.entries.c.first_seen < bindparam("before", type_=t.Instant),
)
_SHOWING = select(t.members.c.feed_id).where(t.members.c.seq.in_(_SOME)).distinct()
_FREE = update(t.members).where(t.members.c.leader.in_(_SOME)).values(leader=None)
