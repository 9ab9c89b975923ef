"""The whole program, read top to bottom: one source, one refresh; one feed, one republish.

    refresh:    look (fetch ─▶ read) ─▶ settle, in ONE transaction:
                absorb {recognize ─▶ judge ─▶ store ─▶ match ─▶ mark feeds dirty}, health, next due
    republish:  dirty feeds ─▶ their entries from the store ─▶ render ─▶ write ─▶ clear

Feeds are a projection of the store and "dirty" is an outbox: whatever crashes, doing it
again is harmless and loses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import TypeAlias, assert_never

import xxhash

from aggregator.core import health
from aggregator.core.contract import Broken, expectation_of, judge
from aggregator.core.feed_ids import ALL, feed_of_source, feed_of_topic
from aggregator.core.identity import Known, Recognition, keys_of, recognize
from aggregator.core.query import Percolator
from aggregator.model import (
    Failed,
    FeedId,
    Fetched,
    FetchResult,
    Gone,
    Hints,
    Moved,
    NotModified,
    Outcome,
    OutcomeKind,
    Reading,
    Request,
    Source,
    SourceState,
)
from aggregator.ports import Clock, Parser, Publisher, Renderer, Session, Store, Transport

EXTRACTION = 1  # raise it when the same page and rule give other items than before


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every refresh works with."""

    clock: Clock
    transport: Transport
    parser: Parser
    store: Store
    percolator: Percolator
    rng: Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page that came back and was read."""

    fetched: Fetched
    reading: Reading


Found: TypeAlias = Page | Outcome  # something to absorb, or nothing


async def refresh(source: Source, state: SourceState, *, desk: Desk) -> Outcome:
    """Fetch one source, read what came back, and store what is new in it.

    Raises:
        StoreError: Nothing was written; the source stays due.
    """
    started = desk.clock.now()
    state, result = moved(state, await desk.transport.fetch(ask(source, state)))
    found = await look(source, state, result, desk=desk)
    now = desk.clock.now()

    def settle(session: Session) -> Outcome:
        after, outcome = state, found
        if isinstance(outcome, Page):
            after, outcome = absorb(session, source, state, outcome, desk=desk, now=now)
        after = health.concluded(
            source, after, outcome, not_before=not_before(result, found), now=now, rng=desk.rng
        )
        session.save_state(after)
        session.add_visit(outcome, at=now, took=now - started)
        return after.outcome or outcome

    return await desk.store.transact(settle)


# ---- look ----------------------------------------------------------------------------


def ask(source: Source, state: SourceState) -> Request:
    """Return what to ask for; another rule reads the page again, so it sends no validators."""
    same_rule = state.rule_hash == rule_hash(source)
    return Request(
        url=state.url or source.url,
        etag=state.etag if same_rule else None,
        last_modified=state.last_modified if same_rule else None,
        options=source.request,
    )


def moved(
    state: SourceState, result: FetchResult
) -> tuple[SourceState, Fetched | NotModified | Gone | Failed]:
    """Take a permanent redirect off *result* and remember where it led."""
    if isinstance(result, Moved):
        return replace(state, url=result.url), result.then
    return state, result


async def look(
    source: Source,
    state: SourceState,
    result: Fetched | NotModified | Gone | Failed,
    *,
    desk: Desk,
) -> Found:
    """Read what came back, unless it is known or is no page."""
    match result:
        case Fetched():
            if is_known(result, source, state):
                return health.unchanged(state, at=result.at)
            return await read(result, source, state, desk=desk)
        case NotModified():
            return health.unchanged(state, at=result.at)
        case Gone():
            return health.gone(source, at=result.at)
        case Failed():
            return health.failed(source, result)
        case _:
            assert_never(result)


def is_known(page: Fetched, source: Source, state: SourceState) -> bool:
    """Tell whether these very bytes were read by this very rule, with nothing amiss."""
    return state.rule_hash == rule_hash(source) and state.body_hash == body_hash(page)


async def read(page: Fetched, source: Source, state: SourceState, *, desk: Desk) -> Found:
    """Let a parser child read *page*; walk back over older pages where that is asked for."""
    hints = Hints(
        now=page.at,
        timezone=source.timezone,
        language=source.language,
        day_first=state.day_first,
    )
    reading = await desk.parser.read(page, source.rule, hints)
    if isinstance(reading, Failed):
        return health.failed(source, reading)
    if not reading.drafts and reading.extraction.diagnosis:
        return health.empty(source, reading.extraction.diagnosis, at=page.at)
    return Page(fetched=page, reading=reading)


def not_before(result: FetchResult, found: Found) -> datetime | None:
    """Return when the server lets us come back, in whichever way it said so."""
    if isinstance(result, Failed):
        return result.retry_at
    waits = []
    if isinstance(result, Fetched | NotModified) and result.fresh_for:
        waits.append(result.at + result.fresh_for)
    if isinstance(found, Page) and found.reading.extraction.refresh_after:
        waits.append(found.fetched.at + found.reading.extraction.refresh_after)
    return max(waits, default=None)


# ---- settle --------------------------------------------------------------------------


def absorb(
    session: Session, source: Source, state: SourceState, page: Page, *, desk: Desk, now: datetime
) -> tuple[SourceState, Outcome]:
    """Decide what *page* means and write it; a page that breaks its contract is held."""
    recognition = recognize_drafts(session, source, state, page.reading, now=now)
    verdict = judge(
        expectation_of(state.expectation), page.reading, recognition, accept=state.accept_next
    )
    if isinstance(verdict, Broken):
        return state, health.held(source, verdict, page.reading, at=now)
    session.add_entries(recognition.new)
    session.change_entries(recognition.updated)
    session.add_revisions(recognition.revisions)
    session.add_keys(source.id, recognition.keys)
    session.mark_dirty(touched_feeds(session, source, recognition, desk=desk), at=now)
    state = replace(
        state,
        etag=page.fetched.etag,
        last_modified=page.fetched.last_modified,
        body_hash=body_hash(page.fetched),
        rule_hash=rule_hash(source),
        day_first=page.reading.day_first,
        learned=recognition.learned.to_json(),
        expectation=verdict.expectation.to_json(),
        accept_next=False,
    )
    return state, health.absorbed(source, recognition, page.reading, at=now)


def recognize_drafts(
    session: Session, source: Source, state: SourceState, reading: Reading, *, now: datetime
) -> Recognition:
    """Recall what the drafts' keys stand for, and recognize the drafts by it."""
    raise NotImplementedError


def touched_feeds(
    session: Session, source: Source, recognition: Recognition, *, desk: Desk
) -> set[FeedId]:
    """Match new and updated entries against the topics; return the feeds that show them."""
    entries = (*recognition.new, *recognition.updated)
    if not entries:
        return set()
    topics = {entry.id: desk.percolator.match(entry, source=source.title) for entry in entries}
    changed = session.set_members(topics)
    shown = {topic for matched in topics.values() for topic in matched}
    return {ALL, feed_of_source(source.id)} | {feed_of_topic(topic) for topic in changed | shown}


# ---- republish -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What every republishing works with."""

    clock: Clock
    store: Store
    publisher: Publisher
    renderers: Sequence[Renderer]
    frame: FeedFrame  # what all feeds have in common


async def republish(*, press: Press) -> int:
    """Render every feed of the outbox from the store; return how many files changed.

    Raises:
        PublishError: A file could not be written; its feed stays in the outbox.
        StoreError: The state could not be read.
    """
    changed = 0
    while True:
        with press.store.reading() as session:
            dirty = session.dirty_feeds(limit=FEEDS_AT_ONCE)
        if not dirty:
            return changed
        changed += await asyncio.to_thread(print_feeds, tuple(dirty), press=press)
        await press.store.transact(lambda session, done=dirty: session.clear_dirty(done))


def print_feeds(feeds: Sequence[FeedId], *, press: Press) -> int:
    """Write the documents of *feeds*; return how many files changed."""
    changed = 0
    with press.publisher.batch():
        for feed_id in feeds:
            with press.store.reading() as session:
                feed = session.feed(feed_id, frame=press.frame)
            for renderer in press.renderers:
                path = f"{feed_id}.{renderer.suffix}"
                if feed is None:
                    press.publisher.remove(path)
                else:
                    document = renderer.render(feed)
                    changed += press.publisher.write(path, document, now=press.clock.now())
    return changed


# ---- names ---------------------------------------------------------------------------


def rule_hash(source: Source) -> str:
    """Return a name for how *source* is read."""
    how = (EXTRACTION, source.url, source.rule, source.timezone, source.language, source.discover)
    return xxhash.xxh3_128_hexdigest(repr(how).encode())


def body_hash(page: Fetched) -> str:
    """Return a name for the bytes of *page*."""
    return xxhash.xxh3_128_hexdigest(page.body)
