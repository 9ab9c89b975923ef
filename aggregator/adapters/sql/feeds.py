"""What the feeds show: the entries of a window, in order, with all that stands around them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, bindparam, select

from aggregator.adapters.sql import tables as t
from aggregator.adapters.sql.rows import entry_of
from aggregator.core.feed_ids import ALL, source_of_feed
from aggregator.model import Entry, Feed, FeedEntry, FeedFrame, FeedId, Link

_EXPANDING = 500

_T = TypeVar("_T")


def feed_of(connection: Connection, feed_id: FeedId, *, frame: FeedFrame) -> Feed | None:
    """Return the subscription document of a feed; ``None``: there is no such feed any more."""
    place = connection.execute(select(t.feeds).where(t.feeds.c.id == feed_id)).first()
    about = _about(connection, feed_id, frame)
    if place is None or about is None:
        return None
    entries = window(connection, feed_id, limit=frame.window)
    return Feed(
        id=feed_id,
        title=about.title,
        description=about.description,
        language=about.language,
        updated=max((one.entry.updated for one in entries), default=place.created_at),
        entries=entries,
        home=frame.home + about.page,
        base_url=frame.base_url,
        hub=frame.hub,
        path=feed_id,
        atom_id=place.atom_id,
        per_feed_ids=frame.per_feed_ids,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What is said of a feed."""

    title: str
    description: str
    page: str  # below the home page
    language: str | None = None


def _about(connection: Connection, feed_id: FeedId, frame: FeedFrame) -> _About | None:
    if feed_id == ALL:
        return _About(title=frame.title, description="Every entry of every source.", page="")
    source = source_of_feed(feed_id)
    if source is not None:
        row = connection.execute(select(t.sources).where(t.sources.c.id == source)).first()
        if row is None:
            return None
        told = f"Every entry of {row.title}."
        return _About(title=row.title, description=told, page=f"sources/{source}")
    for topic in frame.topics:
        if topic.id == feed_id:
            return _About(
                title=topic.title,
                description=topic.description or f"Every entry about {topic.title}.",
                page=f"topics/{topic.id}",
                language=topic.language,
            )
    return None


def window(connection: Connection, feed: FeedId, *, limit: int) -> tuple[FeedEntry, ...]:
    """Return the newest *limit* entries that *feed* shows, newest first.

    Newest is by date; within a day by the order on the page, later fetches first.
    """
    rows = connection.execute(_window(feed).limit(limit)).mappings().all()
    return shown(connection, {row["seq"]: entry_of(row) for row in rows}, feed=feed)


def _window(feed: FeedId) -> Select[Any]:
    entries, members = t.entries.c, t.members.c
    source = source_of_feed(feed)
    if feed == ALL or source is not None:
        query = select(t.entries).order_by(entries.published_at.desc(), entries.seq.desc())
        return query if source is None else query.where(entries.source_id == source)
    return (
        select(t.entries)
        .join(t.members, members.seq == entries.seq)
        .where(members.topic_id == feed, members.leader.is_(None))
        .order_by(members.published_at.desc(), members.seq.desc())
    )


def shown(
    connection: Connection, entries: dict[int, Entry], *, feed: FeedId
) -> tuple[FeedEntry, ...]:
    """Return *entries* as *feed* shows them: with source, topics and the same story elsewhere."""
    sources = _sources(connection, {entry.source for entry in entries.values()})
    topics = _topics(connection, entries)
    also = _also_at(connection, entries, feed=feed)
    return tuple(
        FeedEntry(
            entry=entry,
            source_title=sources[entry.source].title,
            source_url=sources[entry.source].configured_url,
            topics=tuple(topics.get(seq, ())),
            also_at=tuple(also.get(seq, ())),
        )
        for seq, entry in entries.items()
    )


def _topics(connection: Connection, seqs: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for some in _chunks(seqs):
        for seq, title in connection.execute(_TOPICS, {"some": some}):
            found.setdefault(seq, []).append(title)
    return found


def _sources(connection: Connection, ids: Collection[str]) -> dict[str, Row[Any]]:
    query = select(t.sources.c.id, t.sources.c.title, t.sources.c.configured_url)
    return {
        row.id: row
        for some in _chunks(ids)
        for row in connection.execute(query.where(t.sources.c.id.in_(some)))
    }


def _also_at(
    connection: Connection, seqs: Collection[int], *, feed: FeedId
) -> dict[int, list[Link]]:
    found: dict[int, list[Link]] = {}
    for some in _chunks(seqs):
        for row in connection.execute(_FOLLOWERS, {"some": some, "topic": feed}):
            link = Link(href=row.link, rel="related", title=row.title)
            found.setdefault(row.leader, []).append(link)
    return found


def _chunks(values: Iterable[_T]) -> Iterable[list[_T]]:
    every = list(values)
    return (every[at : at + _EXPANDING] for at in range(0, len(every), _EXPANDING))


_TOPICS = (
    select(t.members.c.seq, t.topics.c.title)
    .join(t.topics, t.topics.c.id == t.members.c.topic_id)
    .where(t.members.c.seq.in_(bindparam("some", expanding=True)))
    .order_by(t.topics.c.id)
)
_FOLLOWERS = (
    select(t.members.c.leader, t.entries.c.link, t.sources.c.title)
    .join(t.entries, t.entries.c.seq == t.members.c.seq)
    .join(t.sources, t.sources.c.id == t.entries.c.source_id)
    .where(
        t.members.c.topic_id == bindparam("topic"),
        t.members.c.leader.in_(bindparam("some", expanding=True)),
        t.entries.c.link.is_not(None),
    )
    .order_by(t.entries.c.seq)
)
