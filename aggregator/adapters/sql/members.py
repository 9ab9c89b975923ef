"""Which feed shows which entry, in which order they came, and who speaks for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update

from aggregator.adapters.sql import tables as t
from aggregator.adapters.sql.among import Among
from aggregator.adapters.sql.base import Numbers, Place, Rows
from aggregator.core.archive import is_archived
from aggregator.core.feed_ids import feed_of_topic
from aggregator.model import EntryId, FeedId, Topic, TopicId


class MemberRows(Rows):
    """The part of `aggregator.ports.Session` about topics and their members."""

    def sync_topics(self, topics: Mapping[Topic, str], *, now: datetime) -> frozenset[FeedId]:
        known = {row.id: row for row in self._db.execute(select(t.topics))}
        touched = set()
        for topic, fingerprint in topics.items():
            row = known.pop(topic.id, None)
            values: dict[str, Any] = {
                "title": topic.title,
                "fingerprint": fingerprint,
                "removed_at": None,
            }
            if row is None:
                fresh = {"id": topic.id, "evaluated_to": 0, **values}
                self._db.execute(t.topics.insert(), fresh)
            elif row.fingerprint == fingerprint and row.removed_at is None:
                if row.title == topic.title:
                    continue
                self._db.execute(update(t.topics).where(t.topics.c.id == topic.id), values)
            else:
                values["evaluated_to"] = 0
                self._db.execute(update(t.topics).where(t.topics.c.id == topic.id), values)
                if not topic.merge:
                    mine = t.members.c.feed_id == feed_of_topic(topic.id)
                    self._db.execute(update(t.members).where(mine).values(leader=None))
            touched.add(feed_of_topic(topic.id))
        for row in known.values():
            if row.removed_at is None:
                feed = feed_of_topic(TopicId(row.id))
                gone = update(t.topics).where(t.topics.c.id == row.id)
                self._db.execute(gone.values(removed_at=now))
                self._db.execute(delete(t.members).where(t.members.c.feed_id == feed))
                touched.add(feed)
        return frozenset(touched)

    def unsearched_topics(self) -> Mapping[TopicId, int]:
        rows = self._db.execute(
            select(t.topics.c.id, t.topics.c.evaluated_to).where(
                t.topics.c.evaluated_to.is_not(None), t.topics.c.removed_at.is_(None)
            )
        )
        return {TopicId(row[0]): row[1] for row in rows}

    def mark_searched(self, topics: Collection[TopicId], *, to: int | None) -> None:
        self._db.execute(_SEARCHED, {"some": topics, "to": to})

    def members_of(self, entries: Collection[EntryId]) -> Mapping[EntryId, frozenset[FeedId]]:
        found: dict[EntryId, set[FeedId]] = defaultdict(set)
        for row in self._db.execute(_FEEDS_OF, {"some": entries}):
            found[EntryId(row.id)].add(FeedId(row.feed_id))
        return {entry: frozenset(feeds) for entry, feeds in found.items()}

    def members_between(
        self, feeds: Collection[FeedId], *, after: int, to: int
    ) -> frozenset[EntryId]:
        rows = self._db.execute(_BETWEEN, {"some": feeds, "after": after, "to": to})
        return frozenset(EntryId(row.id) for row in rows)

    def set_members(
        self,
        members: Mapping[EntryId, Collection[FeedId]],
        *,
        of: Collection[FeedId] | None = None,
    ) -> frozenset[tuple[EntryId, FeedId]]:
        places = self._places_of(members)
        before = self._memberships([place.seq for place in places], of)
        joining: dict[FeedId, list[Place]] = defaultdict(list)
        staying: list[tuple[Place, FeedId, int]] = []
        for place in places:  # in order of coming
            old, new = before[place.seq], set(members[place.id])
            for feed in new - old.keys():
                joining[feed].append(place)
            if of is None:
                staying += [(place, feed, old[feed]) for feed in new & old.keys()]
            if leaving := old.keys() - new:
                self._leave(place.seq, leaving)
        self._move(staying)
        self._join(joining)
        return frozenset((place.id, feed) for feed, some in joining.items() for place in some)

    def _memberships(
        self, seqs: Sequence[int], of: Collection[FeedId] | None
    ) -> Mapping[int, dict[FeedId, int]]:
        """Return the numbers entries have in feeds; what just came to be has none."""
        known: dict[int, dict[FeedId, int]] = defaultdict(dict)
        asked = [seq for seq in seqs if seq not in self._fresh]
        self._fresh.difference_update(seqs)
        if asked:
            for row in self._db.execute(_MEMBERS, {"some": asked}):
                if of is None or row.feed_id in of:
                    known[row.seq][FeedId(row.feed_id)] = row.number
        return known

    def _join(self, joining: Mapping[FeedId, list[Place]]) -> None:
        """Give the next numbers of each feed to the entries that come to it."""
        numbers = self._numbers_of(joining)
        for feed, places in joining.items():
            last, size = numbers[feed]
            for number, place in enumerate(places, start=last + 1):
                row = {"seq": place.seq, "published_at": place.published_at}
                self._members.append({"feed_id": feed, "number": number, **row})
            self._number(feed, Numbers(last + len(places), size))

    def _move(self, staying: list[tuple[Place, FeedId, int]]) -> None:
        """Note new dates; what an archive holds comes again under a new number."""
        before = dict(self._numbers_of({feed for _, feed, _ in staying}))
        changes = []
        for place, feed, number in staying:
            last, size = self._numbers[feed]
            if is_archived(number, last=before[feed].last, size=size):
                number = last + 1  # noqa: PLW2901 -- the number it has from now on
                self._number(feed, Numbers(number, size))
            changes.append(
                {
                    "b_seq": place.seq,
                    "b_feed": feed,
                    "number": number,
                    "published_at": place.published_at,
                }
            )
        if changes:
            self.write_out()
            self._each(_CHANGE_MEMBER, changes)

    def _numbers_of(self, feeds: Collection[FeedId]) -> Mapping[FeedId, Numbers]:
        """Return how far *feeds* have numbered their entries, and other feeds too."""
        if unasked := [feed for feed in feeds if feed not in self._numbers]:
            for feed, last, size in self._connection.execute(_NUMBERS, {"some": unasked}):
                self._numbers[FeedId(feed)] = Numbers(last, size)
        return self._numbers

    def _number(self, feed: FeedId, numbers: Numbers) -> None:
        self._numbers[feed] = numbers
        self._numbered.add(feed)

    def write_out(self) -> None:
        super().write_out()
        self._insert(t.members, self._members)
        self._members.clear()
        rows = [{"b_id": feed, "last": self._numbers[feed].last} for feed in self._numbered]
        self._each(_SET_LAST, rows)
        self._numbered.clear()

    def _leave(self, seq: int, feeds: Collection[FeedId]) -> None:
        mine = t.members.c.feed_id.in_(sorted(feeds))
        # Whoever this entry spoke for speaks for itself again.
        self._db.execute(
            update(t.members).where(mine, t.members.c.leader == seq).values(leader=None)
        )
        self._db.execute(delete(t.members).where(mine, t.members.c.seq == seq))

    def follow(
        self, entry: EntryId, leader: EntryId, feeds: Collection[FeedId]
    ) -> frozenset[FeedId]:
        seqs = {place.id: place.seq for place in self._places_of([entry, leader])}
        return frozenset(feed for feed in feeds if self._follow(seqs[entry], seqs[leader], feed))

    def _follow(self, seq: int, leader: int, feed: FeedId) -> bool:
        of_leader = select(t.members.c.leader).where(*_member(feed, leader))
        row = self._db.execute(of_leader).first()
        if row is None:
            return False
        first = leader if row.leader is None else row.leader
        if first != seq:  # nobody stands behind itself: the story would be lost
            mine = (
                t.members.c.feed_id == feed,
                or_(t.members.c.seq == seq, t.members.c.leader == seq),
            )
            self._db.execute(update(t.members).where(*mine).values(leader=first))
        return True

    def disband(self, entries: Collection[EntryId]) -> frozenset[EntryId]:
        places = self._places_of(entries)
        freed = {place.seq for place in places}
        freed.update(self._db.execute(_FOLLOWERS_OF, {"some": freed}).scalars())
        self._db.execute(_STAND_ALONE, {"some": freed})
        others = freed.difference(place.seq for place in places)
        known = self._db.execute(_IDS, {"some": others}).scalars()
        return frozenset(map(EntryId, known)).union(place.id for place in places)


def _member(feed: FeedId, seq: int) -> tuple[Any, Any]:
    return t.members.c.feed_id == feed, t.members.c.seq == seq


_SEARCHED = update(t.topics).where(Among(t.topics.c.id)).values(evaluated_to=bindparam("to"))
_MEMBERS = select(t.members.c.seq, t.members.c.feed_id, t.members.c.number).where(
    Among(t.members.c.seq)
)
_FEEDS_OF = (
    select(t.entries.c.id, t.members.c.feed_id)
    .join(t.members, t.members.c.seq == t.entries.c.seq)
    .where(Among(t.entries.c.id))
)
_BETWEEN = (
    select(t.entries.c.id)
    .join(t.members, t.members.c.seq == t.entries.c.seq)
    .where(
        t.members.c.seq > bindparam("after"),
        t.members.c.seq <= bindparam("to"),
        Among(t.members.c.feed_id),
    )
)
_NUMBERS = select(t.feeds.c.id, t.feeds.c.last, t.feeds.c.archive_size).where(Among(t.feeds.c.id))
_FOLLOWERS_OF = select(t.members.c.seq).where(Among(t.members.c.leader))
_STAND_ALONE = (
    update(t.members)
    .where(Among(t.members.c.seq), t.members.c.leader.is_not(None))
    .values(leader=None)
)
_IDS = select(t.entries.c.id).where(Among(t.entries.c.seq))
_SET_LAST = update(t.feeds).where(t.feeds.c.id == bindparam("b_id"))
_CHANGE_MEMBER = update(t.members).where(
    t.members.c.seq == bindparam("b_seq"), t.members.c.feed_id == bindparam("b_feed")
)
