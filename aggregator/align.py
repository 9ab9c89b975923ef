"""Bring the store in line with the configuration: sources, topics, feeds, and their history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import structlog

from aggregator.core.archive import archive_size
from aggregator.core.config import Config
from aggregator.core.feed_ids import ALL, CORRECTIONS, STATUS, feed_of_source, feed_of_topic
from aggregator.core.feeds import mint_feed_id
from aggregator.core.opml import render_opml
from aggregator.core.schedule import first_due
from aggregator.core.site import listed_feeds, outlines_of, render_index
from aggregator.model import EntryId, TopicId
from aggregator.pipeline import Desk, Press
from aggregator.ports import Session
from aggregator.stories import join_stories

RENDERING = 1  # raise it when the same feed gives other bytes than before
ENTRIES_AT_ONCE = 2000  # searched for a new topic in one transaction

log = structlog.get_logger()


async def align(config: Config, *, desk: Desk, press: Press) -> None:
    """Bring the store in line with the configuration: sources, topics, feeds."""
    warn_of_insecure(config)
    now = desk.clock.now()
    count = len(config.sources)
    due = [first_due(now=now, position=at, count=count) for at in range(count)]
    prints = {topic: desk.percolator.fingerprint(topic) for topic in config.topics}
    feeds = [
        ALL,
        STATUS,
        *(feed_of_topic(topic.id) for topic in config.topics),
        *(feed_of_source(source.id) for source in config.sources),
        CORRECTIONS,
    ]
    earlier = {
        feed_of_topic(topic.id): [feed_of_topic(TopicId(name)) for name in topic.was]
        for topic in config.topics
    }
    ids = {feed: mint_feed_id(feed, base_url=press.frame.base_url, on=now.date()) for feed in feeds}

    terms = terms_of(press)
    documents = [f"{feed}.{renderer.suffix}" for feed in ids for renderer in press.renderers]
    earlier_terms = press.publisher.terms()
    rewrite = ids.keys() if earlier_terms != terms else ()

    def settle(session: Session) -> bool:
        is_new = not session.known_feeds()
        session.sync_sources(config.sources, due=due)
        session.release_all(due=now)
        size = archive_size(press.frame.window)
        fresh = session.sync_feeds(ids, earlier=earlier, archive_size=size, now=now)
        touched = fresh | session.sync_topics(prints, now=now)
        session.mark_archived(dict.fromkeys(rewrite, 0))
        session.sync_hub(press.frame.outside_hub, documents)
        gone = session.known_feeds() - ids.keys()
        session.mark_dirty(touched.union(rewrite, gone), at=now)
        return is_new

    if await desk.store.transact(settle) and earlier_terms:
        warn_of_lost_state()
    if rewrite:
        press.publisher.keep_terms(terms)
    list_feeds(config, press=press)


def warn_of_insecure(config: Config) -> None:
    """Say which sources anyone on the way may change: nobody should forget it."""
    for source in config.sources:
        if source.request.insecure:
            log.warning(
                "insecure",
                source=source.id,
                why="certificates are not verified, so anyone on the way may change the page",
                do="Take `insecure: true` out as soon as the certificate is right.",
            )


def warn_of_lost_state() -> None:
    """Say that published feeds begin anew: whoever took the state away may not know."""
    log.warning(
        "state is new",
        why="there are feeds in `publish.dir`, and the state they were made from is not there",
        do="If that is a mistake, stop and put the state or a backup back (docs/operations.md);"
        " else do nothing: what pages still list is found anew, under the same ids.",
    )


def list_feeds(config: Config, *, press: Press) -> None:
    """Write what leads to the feeds: a page for people and a list for readers' import."""
    now, frame = press.clock.now(), press.frame
    suffixes = [renderer.suffix for renderer in press.renderers]
    feeds = listed_feeds(frame, config.sources)
    index = render_index(frame.title, feeds, suffixes=suffixes)
    outlines = outlines_of(feeds, frame, suffix=suffixes[0])
    press.publisher.write("index.html", index, now=now)
    press.publisher.write("feeds.opml", render_opml(frame.title, outlines), now=now)


def terms_of(press: Press) -> str:
    """Return what every document depends on beside its entries.

    When it changes, or the folder was lost, all is written anew, archives too.
    """
    frame = replace(press.frame, topics=())
    return repr((RENDERING, frame, [renderer.suffix for renderer in press.renderers]))


async def search_history(*, desk: Desk, told: Callable[[int], None] = lambda _left: None) -> None:
    """Match new and changed topics against all that is stored, a chunk a transaction.

    What was searched is remembered with each chunk, so this goes on where it was stopped.

    Args:
        desk: What to work with.
        told: Called after each chunk with how many entries are left for these topics.
    """
    while True:
        left = await desk.store.transact(lambda session: search_chunk(session, desk=desk))
        if left is None:
            return
        told(left)


def searched_share(session: Session) -> dict[TopicId, float]:
    """Return of each topic whose history is being searched how much was, from 0 to 1."""
    searched = session.unsearched_topics()
    last = session.last_place() if searched else 0
    return {topic: to / last if last else 1.0 for topic, to in searched.items()}


def search_chunk(session: Session, *, desk: Desk) -> int | None:
    """Search one chunk for the topics that are least far.

    Returns:
        How many entries are left for them; ``None``: there was nothing to search for.
    """
    searched = session.unsearched_topics()
    if not searched:
        return None
    start = min(searched.values())
    group = frozenset(topic for topic, to in searched.items() if to == start)
    texts = session.texts_after(start, limit=ENTRIES_AT_ONCE)
    if texts:
        _search_texts(session, texts, group, desk=desk)
    if len(texts) == ENTRIES_AT_ONCE:
        reached = texts[-1][0]
        session.mark_searched(group, to=reached)
        return session.last_place() - reached
    session.mark_searched(group, to=None)
    session.mark_dirty({feed_of_topic(topic) for topic in group}, at=desk.clock.now())
    return 0


def _search_texts(
    session: Session,
    texts: Sequence[tuple[int, EntryId, str, str]],
    group: frozenset[TopicId],
    *,
    desk: Desk,
) -> None:
    """Make entries members of the topics of *group* that they match, and of no other of them.

    Of nearly all entries it is enough to see the words, which is a tenth of reading them whole.
    """
    percolator = desk.percolator.only(group)
    feeds = {feed_of_topic(topic) for topic in group}
    wanted = session.members_between(feeds, after=texts[0][0] - 1, to=texts[-1][0]).union(
        entry_id for _, entry_id, title, summary in texts if percolator.may_match(title, summary)
    )
    found = session.entries(wanted)
    entries = {entry_id: found[entry_id] for _, entry_id, _, _ in texts if entry_id in found}
    members = {
        entry_id: list(map(feed_of_topic, percolator.match(entry)))
        for entry_id, entry in entries.items()
    }
    session.set_members(members, of=feeds)
    join_stories(session, entries, members, merging=desk.merging)
