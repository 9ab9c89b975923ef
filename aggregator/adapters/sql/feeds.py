"""The feeds: what they show, and which of them wait to be written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, count, groupby
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, update

from aggregator.adapters.sql import tables as t
from aggregator.adapters.sql.among import Among
from aggregator.adapters.sql.memory import revision_of
from aggregator.adapters.sql.notices import NoticeRows
from aggregator.adapters.sql.rows import entry_of
from aggregator.core.archive import archive_document, cut_history, subscription_document
from aggregator.core.corrections import SHOWN, correction
from aggregator.core.feed_ids import ALL, CORRECTIONS, STATUS, source_of_feed
from aggregator.core.notices import entry_of_notice
from aggregator.model import Documents, Feed, FeedEntry, FeedFrame, FeedId, Link

_CORRECTIONS = 200  # changes that are told of, at most
_TAKEN = ""  # the atom:id of a feed that goes by another name now


class FeedRows(NoticeRows):
    """The part of `aggregator.ports.Session` about feeds."""

    def sync_feeds(
        self,
        atom_ids: Mapping[FeedId, str],
        *,
        earlier: Mapping[FeedId, Sequence[FeedId]],
        archive_size: int,
        now: datetime,
    ) -> frozenset[FeedId]:
        known: dict[str, str] = {
            row.id: row.atom_id for row in self._db.execute(select(t.feeds.c.id, t.feeds.c.atom_id))
        }
        fresh = [feed for feed in atom_ids if feed not in known]
        start = {"created_at": now, "last": 0, "archived": 0, "archive_size": archive_size}
        self._insert(t.feeds, [{"id": feed, "atom_id": _TAKEN, **start} for feed in fresh])
        for feed, minted in atom_ids.items():
            if known.get(feed, _TAKEN) == _TAKEN:
                name = next((old for old in earlier.get(feed, ()) if known.get(old)), None)
                self._name(feed, known[name] if name else _unlike(known.values(), minted))
                if name:
                    self._name(name, _TAKEN)
        return frozenset(fresh)

    def _name(self, feed: FeedId, atom_id: str) -> None:
        row = t.feeds.c.id == feed
        self._db.execute(update(t.feeds).where(row).values(atom_id=atom_id))

    def known_feeds(self) -> frozenset[FeedId]:
        return frozenset(FeedId(name) for name in self._db.execute(select(t.feeds.c.id)).scalars())

    def mark_dirty(self, feeds: Collection[FeedId], *, at: datetime) -> None:
        self._dirty.update(dict.fromkeys(feeds, at))

    def write_out(self) -> None:
        super().write_out()
        rows = [{"feed_id": feed, "since": since} for feed, since in sorted(self._dirty.items())]
        self._replace(t.dirty, ["since"], rows)
        self._dirty.clear()

    def dirty_feeds(self, *, limit: int) -> Mapping[FeedId, datetime]:
        rows = self._db.execute(
            select(t.dirty.c.feed_id, t.dirty.c.since).order_by(t.dirty.c.since).limit(limit)
        )
        return {FeedId(row[0]): row[1] for row in rows}

    def clear_dirty(self, feeds: Mapping[FeedId, datetime]) -> None:
        rows = [{"b_feed": feed, "b_since": since} for feed, since in feeds.items()]
        self.write_out()
        self._each(_CLEAR, rows)

    def mark_archived(self, archived: Mapping[FeedId, int]) -> None:
        rows = [{"b_id": feed, "archived": number} for feed, number in archived.items()]
        self._each(_SET_ARCHIVED, rows)

    def documents(self, feed_id: FeedId, *, frame: FeedFrame) -> Documents | None:
        place = self._db.execute(_PLACE, {"feed": feed_id}).first()
        about = self._about(feed_id, frame)
        if place is None or about is None:
            return None
        if feed_id == CORRECTIONS:
            feed = replace(_feed(feed_id, about, frame, place), entries=self._corrections(frame))
            return Documents(subscription=feed, archives=(), archived=0)
        if feed_id == STATUS:
            return self._status(_feed(feed_id, about, frame, place), frame)
        cut = cut_history(
            feed_id,
            last=place.last,
            size=place.archive_size,
            archived=place.archived,
            window=frame.window,
        )
        feed = _feed(feed_id, about, frame, place)
        newest = self._shown(_NEWEST, {"feed": feed_id, "most": frame.window}, merges=about.merges)
        archives = tuple(
            archive_document(
                feed,
                archive,
                self._shown(
                    _NUMBERED,
                    {"feed": feed_id, "first": archive.first, "last": archive.last},
                    merges=about.merges,
                ),
            )
            for archive in cut.archives
        )
        return Documents(
            subscription=subscription_document(feed, cut, newest),
            archives=archives,
            archived=cut.archived,
        )

    def shelf(self, feed_id: FeedId, *, frame: FeedFrame, offset: int, limit: int) -> Feed | None:
        place = self._db.execute(_PLACE, {"feed": feed_id}).first()
        about = self._about(feed_id, frame)
        if place is None or about is None:
            return None
        wanted = {"feed": feed_id, "most": limit, "first": offset}
        entries = self._shown(_SHELF, wanted, merges=about.merges)
        return replace(_feed(feed_id, about, frame, place), entries=entries)

    def _corrections(self, frame: FeedFrame) -> tuple[FeedEntry, ...]:
        """Return the latest changes of entries, those of one time as one, newest first."""
        rows = self._db.execute(_LATEST_REVISIONS, {"most": min(frame.window, _CORRECTIONS)}).all()
        changes = [
            list(some)
            for _, some in groupby(map(revision_of, rows), lambda one: (one.at, one.entry))
        ]
        wanted = {change[0].entry for change in changes}
        entries = {
            row["id"]: (entry_of(row), row["source_title"], row["source_url"])
            for row in self._db.execute(_TOLD, {"some": wanted}).mappings()
        }
        return tuple(
            FeedEntry(entry=correction(entry, change), source_title=title, source_url=url)
            for change in changes
            if (found := entries.get(change[0].entry))
            for entry, title, url in [found]
        )

    def count_shown(self, feed_id: FeedId) -> int:
        query = select(func.count()).where(
            t.members.c.feed_id == feed_id, t.members.c.leader.is_(None)
        )
        return int(self._db.execute(query).scalar_one())

    def newest(
        self, feeds: Collection[FeedId], *, limit: int
    ) -> Mapping[FeedId, tuple[FeedEntry, ...]]:
        return {
            feed: tuple(
                FeedEntry(
                    entry=entry_of(row),
                    source_title=row["source_title"],
                    source_url=row["source_url"],
                )
                for row in self._db.execute(_NEWEST, {"feed": feed, "most": limit}).mappings()
            )
            for feed in feeds
        }

    def _status(self, feed: Feed, frame: FeedFrame) -> Documents:
        notices = self._newest_notices(limit=frame.window)
        entries = tuple(entry_of_notice(notice, feed=feed) for notice in notices)
        return Documents(subscription=replace(feed, entries=entries), archives=(), archived=0)

    def _about(self, feed_id: FeedId, frame: FeedFrame) -> _About | None:
        if feed_id == ALL:
            return _About(title=frame.title, description="Every entry of every source.", page="")
        if feed_id == CORRECTIONS:
            told = "What sites changed in what they had said."
            return _About(title=f"{frame.title}: corrections", description=told, page="")
        if feed_id == STATUS:
            told = "How the sources are: held, repaired, gone, well again."
            return _About(title=f"{frame.title}: status", description=told, page="sources")
        source = source_of_feed(feed_id)
        if source is not None:
            row = self._db.execute(_SOURCE, {"source": source}).first()
            if row is None:
                return None
            told = f"Every entry of {row.title}."
            return _About(title=row.title, description=told, page=f"sources/{source}")
        topic = frame.topic(feed_id)
        if topic is None:
            return None
        return _About(
            title=topic.title,
            description=topic.description or f"Every entry about {topic.title}.",
            page=f"topics/{topic.id}",
            merges=topic.merge,
            language=topic.language,
        )

    def _shown(
        self, query: Any, wanted: Mapping[str, Any], *, merges: bool
    ) -> tuple[FeedEntry, ...]:
        """Return entries as a feed shows them: with source, topics, and where else they are."""
        rows = self._db.execute(query, wanted).mappings().all()
        if not rows:
            return ()
        seqs = [row["seq"] for row in rows]
        topics = self._topics(seqs)
        also = self._also_at(wanted["feed"], seqs) if merges else {}
        return tuple(
            FeedEntry(
                entry=entry_of(row),
                source_title=row["source_title"],
                source_url=row["source_url"],
                topics=tuple(topics.get(row["seq"], ())),
                also_at=tuple(also.get(row["seq"], ())),
            )
            for row in rows
        )

    def _topics(self, seqs: Sequence[int]) -> dict[int, list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        for row in self._db.execute(_TOPICS, {"some": seqs}):
            found[row.seq].append(row.title)
        return found

    def _also_at(self, feed_id: FeedId, seqs: Sequence[int]) -> dict[int, list[Link]]:
        found: dict[int, list[Link]] = defaultdict(list)
        for row in self._db.execute(_FOLLOWERS, {"some": seqs, "feed": feed_id}):
            link = Link(href=row.link, rel="related", title=row.title)
            found[row.leader].append(link)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What is said of a feed."""

    title: str
    description: str
    page: str  # below the home page
    merges: bool = False  # one story from several sources stands here once
    language: str | None = None


def _unlike(taken: Collection[str], minted: str) -> str:
    """Return *minted*, numbered if a feed that had this name before has it already."""
    numbered = (f"{minted}/{number}" for number in count(2))
    return next(one for one in chain([minted], numbered) if one not in taken)


def _feed(feed_id: FeedId, about: _About, frame: FeedFrame, place: Row[*tuple[Any, ...]]) -> Feed:
    return Feed(
        id=feed_id,
        title=about.title,
        description=about.description,
        language=about.language,
        updated=place.created_at,
        entries=(),
        home=frame.home + about.page,
        base_url=frame.base_url,
        hub=frame.hub,
        path=feed_id,
        atom_id=place.atom_id,
        per_feed_ids=frame.per_feed_ids,
        icon=frame.icon,
        rights=frame.rights,
    )


_FEED: Any = bindparam("feed")
_PLACE = select(t.feeds).where(t.feeds.c.id == _FEED)
_SOURCE = select(t.sources.c.title).where(
    t.sources.c.id == bindparam("source"), t.sources.c.is_configured
)
_MEMBERS = (
    select(
        t.entries,
        t.sources.c.title.label("source_title"),
        t.sources.c.configured_url.label("source_url"),
    )
    .join(t.members, t.members.c.seq == t.entries.c.seq)
    .join(t.sources, t.sources.c.id == t.entries.c.source_id)
    .where(t.members.c.feed_id == _FEED, t.members.c.leader.is_(None))
    .order_by(t.members.c.published_at.desc(), t.members.c.seq.desc())
)
_NEWEST = _MEMBERS.limit(bindparam("most"))
_LATEST_REVISIONS = (
    select(t.revisions)
    .where(t.revisions.c.field.in_(SHOWN))
    .order_by(t.revisions.c.seq.desc())
    .limit(bindparam("most"))
)
_TOLD = (
    select(
        t.entries,
        t.sources.c.title.label("source_title"),
        t.sources.c.configured_url.label("source_url"),
    )
    .join(t.sources, t.sources.c.id == t.entries.c.source_id)
    .where(Among(t.entries.c.id))
)
_SHELF = _NEWEST.offset(bindparam("first"))
_NUMBERED = _MEMBERS.where(t.members.c.number.between(bindparam("first"), bindparam("last")))
_TOPICS = (
    select(t.members.c.seq, t.topics.c.title)
    .join(t.topics, t.topics.c.id == t.members.c.feed_id)
    .where(Among(t.members.c.seq))
    .order_by(t.topics.c.id)
)
_FOLLOWERS = (
    select(t.members.c.leader, t.entries.c.link, t.sources.c.title)
    .join(t.entries, t.entries.c.seq == t.members.c.seq)
    .join(t.sources, t.sources.c.id == t.entries.c.source_id)
    .where(
        t.members.c.feed_id == bindparam("feed"),
        Among(t.members.c.leader),
        t.entries.c.link.is_not(None),
    )
    .order_by(t.entries.c.seq)
)
_SET_ARCHIVED = update(t.feeds).where(t.feeds.c.id == bindparam("b_id"))
_CLEAR = delete(t.dirty).where(
    t.dirty.c.feed_id == bindparam("b_feed"),
    t.dirty.c.since == bindparam("b_since", type_=t.Instant),
)
