"""What one transaction can ask and say. Synchronous: runs in the store's one thread."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from aggregator.adapters.sql import tables as t
from aggregator.adapters.sql.feeds import feed_of
from aggregator.adapters.sql.rows import entry_of, entry_row, state_of, state_row
from aggregator.core.feed_ids import feed_of_topic
from aggregator.model import (
    Entry,
    EntryId,
    Feed,
    FeedFrame,
    FeedId,
    Outcome,
    Revision,
    Source,
    SourceId,
    SourceState,
    Topic,
    TopicId,
)

_AT_ONCE = 500  # values in one IN (…); SQLite's own limit is 32,766
_VISITS_KEPT = 60  # a source; what /sources draws

_T = TypeVar("_T")


class SqlSession:
    """Implements `aggregator.ports.Session`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    # ---- sources

    def sync_sources(self, sources: Sequence[Source], *, due: Sequence[datetime]) -> None:
        known = {row.id: row for row in self._db.execute(select(t.sources))}
        wanted = {source.id for source in sources}
        fresh, changed = [], []
        for source, first_due in zip(sources, due, strict=True):
            row = known.get(source.id)
            told = {"title": source.title, "configured_url": source.url, "is_configured": True}
            if row is None:
                state = SourceState(source=source.id, next_due=first_due)
                fresh.append({"id": source.id, **told, **state_row(state)})
            elif row.configured_url != source.url:
                # Another address: nothing that was learned about the old page holds.
                state = SourceState(source=source.id, next_due=first_due)
                changed.append({"b_id": source.id, **told, **state_row(state)})
            elif row.title != source.title or not row.is_configured:
                due_again = row.next_due if row.is_configured else first_due
                changed.append({"b_id": source.id, **told, "next_due": due_again})
        self._insert(t.sources, fresh)
        for values in changed:
            self._db.execute(
                update(t.sources).where(t.sources.c.id == bindparam("b_id")), values
            )
        for source_id in known.keys() - wanted:
            if known[source_id].is_configured:
                self._db.execute(
                    update(t.sources)
                    .where(t.sources.c.id == source_id)
                    .values(is_configured=False, next_due=None)
                )

    def source_states(self, ids: Collection[SourceId] | None = None) -> tuple[SourceState, ...]:
        query = select(t.sources).where(t.sources.c.is_configured)
        if ids is None:
            return tuple(state_of(row) for row in self._db.execute(query).mappings())
        return tuple(
            state_of(row)
            for some in _chunks(ids)
            for row in self._db.execute(query.where(t.sources.c.id.in_(some))).mappings()
        )

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
        for some in _chunks([state.source for state in states]):
            self._db.execute(
                update(t.sources).where(t.sources.c.id.in_(some)).values(next_due=now + lease)
            )
        return states

    def save_state(self, state: SourceState) -> None:
        self._db.execute(
            _UPDATE_STATE, {"b_id": state.source, **state_row(state)}
        )

    def release(self, ids: Collection[SourceId], *, due: datetime) -> None:
        for some in _chunks(ids):
            self._db.execute(
                update(t.sources).where(t.sources.c.id.in_(some)).values(next_due=due)
            )

    def add_visit(self, outcome: Outcome, *, at: datetime, took: timedelta) -> None:
        self._db.execute(
            t.visits.insert(),
            {
                "source_id": outcome.source,
                "at": at,
                "kind": outcome.kind.value,
                "code": outcome.code,
                "items": outcome.items,
                "new": outcome.new,
                "updated": outcome.updated,
                "milliseconds": took // timedelta(milliseconds=1),
            },
        )

    def forget_visits(self) -> None:
        numbered = select(
            t.visits.c.seq,
            func.row_number()
            .over(partition_by=t.visits.c.source_id, order_by=t.visits.c.seq.desc())
            .label("nth"),
        ).subquery()
        self._db.execute(
            delete(t.visits).where(
                t.visits.c.seq.in_(select(numbered.c.seq).where(numbered.c.nth > _VISITS_KEPT))
            )
        )

    # ---- entries

    def ids_by_key(self, source: SourceId, keys: Collection[str]) -> Mapping[str, EntryId]:
        found: dict[str, EntryId] = {}
        for some in _chunks(keys):
            rows = self._db.execute(_IDS_BY_KEY, {"source": source, "some": some})
            found.update((row[0], EntryId(row[1])) for row in rows)
        return found

    def entries(self, ids: Collection[EntryId]) -> Mapping[EntryId, Entry]:
        found: dict[EntryId, Entry] = {}
        for some in _chunks(ids):
            for row in self._db.execute(_ENTRIES_BY_ID, {"some": some}).mappings():
                found[EntryId(row["id"])] = entry_of(row)
        return found

    def recent_entries(
        self, source: SourceId, *, since: datetime, until: datetime, limit: int
    ) -> tuple[Entry, ...]:
        rows = self._db.execute(
            _RECENT, {"source": source, "since": since, "until": until, "most": limit}
        )
        return tuple(entry_of(row) for row in rows.mappings())

    def keys_of(self, ids: Collection[EntryId]) -> Mapping[EntryId, tuple[str, ...]]:
        found: dict[EntryId, list[str]] = {}
        for some in _chunks(ids):
            for row in self._db.execute(
                select(t.keys.c.entry_id, t.keys.c.key).where(t.keys.c.entry_id.in_(some))
            ):
                found.setdefault(EntryId(row[0]), []).append(row[1])
        return {entry: tuple(keys) for entry, keys in found.items()}

    def add_entries(self, entries: Sequence[Entry]) -> Mapping[EntryId, int]:
        # The last of the page first: within a day, a higher seq is nearer the top.
        rows = [entry_row(entry) for entry in reversed(entries)]
        if not rows:
            return {}
        statement = t.entries.insert().returning(t.entries.c.id, t.entries.c.seq)
        return {EntryId(row[0]): row[1] for row in self._db.execute(statement, rows)}

    def change_entries(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self._db.execute(_CHANGE_ENTRY, {"b_id": entry.id, **entry_row(entry)})

    def add_revisions(self, revisions: Sequence[Revision]) -> None:
        self._insert(
            t.revisions,
            [
                {"entry_id": r.entry, "at": r.at, "field": r.field, "old": r.old, "new": r.new}
                for r in revisions
            ],
        )

    def add_keys(self, source: SourceId, keys: Iterable[tuple[str, EntryId]]) -> None:
        rows = [{"source_id": source, "key": key, "entry_id": entry} for key, entry in keys]
        if rows:
            self._db.execute(self._upsert(t.keys, ["entry_id"]), rows)

    # ---- topics

    def sync_topics(self, topics: Mapping[Topic, str], *, now: datetime) -> frozenset[FeedId]:
        known = {row.id: row for row in self._db.execute(select(t.topics))}
        touched = set()
        for topic, fingerprint in topics.items():
            row = known.pop(topic.id, None)
            values = {"title": topic.title, "fingerprint": fingerprint, "removed_at": None}
            if row is None:
                fresh = {"id": topic.id, "evaluated_to": 0, **values}
                self._db.execute(t.topics.insert(), fresh)
            elif row.fingerprint != fingerprint or row.removed_at is not None:
                values["evaluated_to"] = 0
                self._db.execute(update(t.topics).where(t.topics.c.id == topic.id), values)
            elif row.title != topic.title:
                self._db.execute(update(t.topics).where(t.topics.c.id == topic.id), values)
            else:
                continue
            touched.add(feed_of_topic(topic.id))
        for row in known.values():
            if row.removed_at is None:
                self._db.execute(
                    update(t.topics).where(t.topics.c.id == row.id), {"removed_at": now}
                )
                self._db.execute(delete(t.members).where(t.members.c.topic_id == row.id))
        return frozenset(touched)

    def unsearched_topics(self) -> Mapping[TopicId, int]:
        rows = self._db.execute(
            select(t.topics.c.id, t.topics.c.evaluated_to).where(
                t.topics.c.evaluated_to.is_not(None), t.topics.c.removed_at.is_(None)
            )
        )
        return {TopicId(row[0]): row[1] for row in rows}

    def entries_after(self, seq: int, *, limit: int) -> Mapping[int, Entry]:
        rows = self._db.execute(
            select(t.entries).where(t.entries.c.seq > seq).order_by(t.entries.c.seq).limit(limit)
        )
        return {row["seq"]: entry_of(row) for row in rows.mappings()}

    def count_entries_after(self, seq: int) -> int:
        query = select(func.count()).select_from(t.entries).where(t.entries.c.seq > seq)
        return int(self._db.execute(query).scalar_one())

    def mark_searched(self, topics: Collection[TopicId], *, to: int | None) -> None:
        self._db.execute(
            update(t.topics).where(t.topics.c.id.in_(list(topics))).values(evaluated_to=to)
        )

    def members_of(self, entries: Collection[EntryId]) -> Mapping[EntryId, frozenset[TopicId]]:
        found: dict[EntryId, set[TopicId]] = {}
        for some in _chunks(entries):
            rows = self._db.execute(
                select(t.entries.c.id, t.members.c.topic_id)
                .join(t.members, t.members.c.seq == t.entries.c.seq)
                .where(t.entries.c.id.in_(some))
            )
            for row in rows:
                found.setdefault(EntryId(row[0]), set()).add(TopicId(row[1]))
        return {entry: frozenset(topics) for entry, topics in found.items()}

    def set_members(
        self,
        members: Mapping[EntryId, Collection[TopicId]],
        *,
        of: Collection[TopicId] | None = None,
    ) -> frozenset[tuple[EntryId, TopicId]]:
        added: list[dict[str, Any]] = []
        joined: set[tuple[EntryId, TopicId]] = set()
        for some in _chunks(members):
            rows = self._db.execute(_PLACES, {"some": some}).all()
            before: dict[int, set[TopicId]] = {}
            for seq, topic in self._db.execute(_MEMBERS, {"some": [row.seq for row in rows]}):
                before.setdefault(seq, set()).add(topic)
            for row in sorted(rows, key=lambda row: row.seq):
                old, new = before.get(row.seq, set()), set(members[EntryId(row.id)])
                if of is not None:
                    old &= set(of)
                for topic in sorted(new - old):
                    place = {"topic_id": topic, "seq": row.seq, "published_at": row.published_at}
                    added.append(place)
                    joined.add((EntryId(row.id), topic))
                if old - new:
                    self._leave(row.seq, old - new)
                if old & new:
                    self._db.execute(
                        update(t.members)
                        .where(t.members.c.seq == row.seq)
                        .values(published_at=row.published_at)
                    )
        self._insert(t.members, added)
        return frozenset(joined)

    def _leave(self, seq: int, topics: set[TopicId]) -> None:
        mine = t.members.c.topic_id.in_(sorted(topics))
        # Whoever this entry spoke for speaks for itself again.
        self._db.execute(
            update(t.members).where(mine, t.members.c.leader == seq).values(leader=None)
        )
        self._db.execute(delete(t.members).where(mine, t.members.c.seq == seq))

    # ---- one story from several sources

    def add_bands(self, bands: Mapping[EntryId, Sequence[int]]) -> None:
        places = self._places(bands)
        rows = [
            {"band": band, "seq": places[entry]} for entry, some in bands.items() for band in some
        ]
        if rows:
            self._db.execute(self._upsert(t.bands, ["seq"]), rows)

    def sharing_bands(
        self, bands: Sequence[int], *, not_of: SourceId, since: datetime, until: datetime
    ) -> tuple[Entry, ...]:
        if not bands:
            return ()
        rows = self._db.execute(
            _SHARING, {"some": list(bands), "not_of": not_of, "since": since, "until": until}
        )
        return tuple(entry_of(row) for row in rows.mappings())

    def follow(self, entry: EntryId, leader: EntryId, topics: Collection[TopicId]) -> None:
        places = self._places([entry, leader])
        for topic in topics:
            at = (t.members.c.topic_id == topic, t.members.c.seq == places[leader])
            row = self._db.execute(select(t.members.c.seq, t.members.c.leader).where(*at)).first()
            if row is not None:
                first = row.leader if row.leader is not None else row.seq
                self._db.execute(
                    update(t.members)
                    .where(t.members.c.topic_id == topic, t.members.c.seq == places[entry])
                    .values(leader=first)
                )

    def _places(self, entries: Iterable[EntryId]) -> dict[EntryId, int]:
        return {
            EntryId(row.id): row.seq
            for some in _chunks(entries)
            for row in self._db.execute(_PLACES, {"some": some})
        }

    # ---- feeds

    def sync_feeds(self, atom_ids: Mapping[FeedId, str], *, now: datetime) -> frozenset[FeedId]:
        known = set(self._db.execute(select(t.feeds.c.id)).scalars())
        fresh = [feed for feed in atom_ids if feed not in known]
        self._insert(
            t.feeds, [{"id": f, "atom_id": atom_ids[f], "created_at": now} for f in fresh]
        )
        return frozenset(fresh)

    def feed(self, feed_id: FeedId, *, frame: FeedFrame) -> Feed | None:
        return feed_of(self._db, feed_id, frame=frame)

    def mark_dirty(self, feeds: Collection[FeedId], *, at: datetime) -> None:
        rows = [{"feed_id": feed, "since": at} for feed in sorted(feeds)]
        if rows:
            self._db.execute(self._upsert(t.dirty, ["since"]), rows)

    def dirty_feeds(self, *, limit: int) -> Mapping[FeedId, datetime]:
        rows = self._db.execute(
            select(t.dirty.c.feed_id, t.dirty.c.since).order_by(t.dirty.c.since).limit(limit)
        )
        return {FeedId(row[0]): row[1] for row in rows}

    def clear_dirty(self, feeds: Mapping[FeedId, datetime]) -> None:
        # Only what was rendered: a feed marked again meanwhile stays.
        for feed, since in feeds.items():
            self._db.execute(
                delete(t.dirty).where(t.dirty.c.feed_id == feed, t.dirty.c.since == since)
            )

    # ---- helpers

    def _insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self._db.execute(table.insert(), list(rows))

    def _upsert(self, table: Table, columns: Sequence[str]) -> Any:
        """Return an INSERT that replaces *columns* where the primary key is there already."""
        dialect = postgresql if self._db.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(table)
        return statement.on_conflict_do_update(
            index_elements=[column.name for column in table.primary_key],
            set_={column: statement.excluded[column] for column in columns},
        )


def _chunks(values: Iterable[_T]) -> Iterator[list[_T]]:
    every = list(values)
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]


_UPDATE_STATE = update(t.sources).where(t.sources.c.id == bindparam("b_id"))
_IDS_BY_KEY = select(t.keys.c.key, t.keys.c.entry_id).where(
    t.keys.c.source_id == bindparam("source"), t.keys.c.key.in_(bindparam("some", expanding=True))
)
_ENTRIES_BY_ID = select(t.entries).where(t.entries.c.id.in_(bindparam("some", expanding=True)))
_RECENT = (
    select(t.entries)
    .where(
        t.entries.c.source_id == bindparam("source"),
        t.entries.c.published_at >= bindparam("since", type_=t.Instant),
        t.entries.c.published_at <= bindparam("until", type_=t.Instant),
    )
    .order_by(t.entries.c.published_at.desc(), t.entries.c.seq.desc())
    .limit(bindparam("most"))
)
_PLACES = select(t.entries.c.seq, t.entries.c.id, t.entries.c.published_at).where(
    t.entries.c.id.in_(bindparam("some", expanding=True))
)
_MEMBERS = select(t.members.c.seq, t.members.c.topic_id).where(
    t.members.c.seq.in_(bindparam("some", expanding=True))
)
_SHARING = (
    select(t.entries)
    .where(
        t.entries.c.seq.in_(
            select(t.bands.c.seq).where(t.bands.c.band.in_(bindparam("some", expanding=True)))
        ),
        t.entries.c.source_id != bindparam("not_of"),
        t.entries.c.published_at >= bindparam("since", type_=t.Instant),
        t.entries.c.published_at <= bindparam("until", type_=t.Instant),
    )
    .order_by(t.entries.c.seq)
    .limit(50)
)
_CHANGE_ENTRY = update(t.entries).where(t.entries.c.id == bindparam("b_id"))
