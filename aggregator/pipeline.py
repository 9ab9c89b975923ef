"""The whole program, read top to bottom: one source, one refresh; one feed, one republish.

    refresh:    arrive.py (fetch) ─▶ look.py (read ─▶ follow) ─▶ articles.py (whole texts)
                ─▶ settle, in ONE transaction:
                absorb {recognize ─▶ judge ─▶ store ─▶ match ─▶ mark feeds dirty}, health, next due
    republish:  dirty feeds ─▶ their entries from the store ─▶ render ─▶ write ─▶ clear

Feeds are a projection of the store and "dirty" is an outbox: whatever crashes, doing it
again is harmless and loses nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from aggregator.arrive import arrive
from aggregator.articles import note_of_texts, read_articles, settle_texts
from aggregator.core import health
from aggregator.core.contract import diagnosis_of
from aggregator.core.corrections import is_shown
from aggregator.core.feed_ids import (
    ALL,
    CORRECTIONS,
    STATUS,
    feed_of_source,
    feed_of_topic,
    source_of_feed,
)
from aggregator.core.full_text import Articles, lacking_of, with_texts
from aggregator.core.identity import (
    Known,
    Learned,
    Recognition,
    keys_of,
    recall,
    recognize,
    sight,
)
from aggregator.core.notices import TOLD_WITHIN, message_of, notice_of
from aggregator.core.query import Percolator
from aggregator.core.verdicts import Broken, calls_for_repair, permitted
from aggregator.errors import PublishError
from aggregator.hold import Unlike, hold_against_past, mend
from aggregator.look import (
    Eyes,
    Found,
    Page,
    body_hash,
    look,
    rule_hash,
)
from aggregator.model import (
    Draft,
    Entry,
    Failed,
    Feed,
    FeedFrame,
    FeedId,
    Fetched,
    FetchResult,
    Lacking,
    NotModified,
    Outcome,
    Source,
    SourceState,
)
from aggregator.ports import Clock, Messenger, Publisher, Renderer, Session, Store
from aggregator.stories import join_stories, split_stories

FAILURES_BORNE = 20  # feeds that cannot be written, before the rest is not even tried
FEEDS_AT_ONCE = 200  # written under one flush of their folder
STORIES_GO_ON = timedelta(days=30)  # after that nobody tells them anew; four would be enough
RECENT = 200  # entries of a source that are looked through for one that moved
LOOKED_FOR = 100  # entries, on a page that is not what it was: the latest
LOOKED_FOR_SINCE = timedelta(days=365 * 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every refresh works with."""

    clock: Clock
    eyes: Eyes
    store: Store
    percolator: Percolator
    merging: frozenset[FeedId]  # topic feeds that show one story from several sources once
    rng: Random


async def refresh(source: Source, state: SourceState, *, desk: Desk) -> Outcome:
    """Fetch one source, read what came back, and store what is new in it.

    Raises:
        StoreError: Nothing was written; the source stays due.
    """
    started = desk.clock.now()
    arrival = await arrive(source, state, transport=desk.eyes.transport)
    state, result = arrival.state, arrival.result
    knows = partial(known_drafts, source, state, desk=desk)
    found = await look(source, state, result, eyes=desk.eyes, knows=knows)
    lacking = lacking_texts(source, desk=desk) if source.full_text else ()
    articles = await read_articles(
        source, state, found, eyes=desk.eyes, knows=knows, lacking=lacking
    )

    def settle(session: Session, found: Found) -> Outcome | Unlike:
        now = desk.clock.now()
        after, outcome = state, found
        if isinstance(outcome, Page):
            absorbed = absorb(session, source, state, outcome, articles, desk=desk, now=now)
            if isinstance(absorbed, Unlike):
                return absorbed
            after, outcome = absorbed
        if source.full_text:
            keep_texts(session, source, articles, desk=desk, now=now)
            if outcome.is_fine:
                note = note_of_texts(session, source, articles, eyes=desk.eyes)
                outcome = health.told(outcome, note)
        outcome = health.told(outcome, arrival.note)
        after = health.concluded(
            source, after, outcome, not_before=not_before(result, found), now=now, rng=desk.rng
        )
        session.save_state(after)
        if notice := notice_of(source, state, after, now=now):
            session.add_notice(notice)
            session.mark_dirty({STATUS}, at=now)
        session.add_visit(outcome, at=now, took=now - started)
        return after.outcome or outcome

    settled = await desk.store.transact(partial(settle, found=found))
    while isinstance(settled, Unlike):
        found = await mend(settled, source, state, eyes=desk.eyes)
        settled = await desk.store.transact(partial(settle, found=found))
    return settled


def known_drafts(
    source: Source, state: SourceState, drafts: Sequence[Draft], *, desk: Desk
) -> list[bool]:
    """Tell of each draft whether one of its keys already stands for an entry."""
    with desk.store.reading() as session:
        return known_in(session, source, state, drafts)


def known_in(
    session: Session, source: Source, state: SourceState, drafts: Sequence[Draft]
) -> list[bool]:
    """Tell the same, in a transaction."""
    keys = keys_of(drafts, source.id, Learned.from_json(state.learned))
    ids = session.ids_by_key(source.id, {key for some in keys for key in some})
    return [not ids.keys().isdisjoint(some) for some in keys]


def lacking_texts(source: Source, *, desk: Desk) -> tuple[Lacking, ...]:
    """Return the entries of a source that still lack the texts of their articles."""
    with desk.store.reading() as session:
        return session.lacking_texts(source.id)


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
    session: Session,
    source: Source,
    state: SourceState,
    page: Page,
    articles: Articles,
    *,
    desk: Desk,
    now: datetime,
) -> tuple[SourceState, Outcome] | Unlike:
    """Decide what *page* means and write it; a page that breaks its contract is held.

    Nothing is written when it should be read by another rule first.
    """
    if not (page.drafts or state.expectation or state.accept_next):
        return state, health.empty(source, diagnosis_of(page.reading), at=now)
    drafts: Sequence[Draft] = page.drafts
    if source.full_text:
        known_ones = known_in(session, source, state, drafts)
        drafts = with_texts(drafts, known_ones, articles.texts)
    recognition = recognize_drafts(session, source, state, drafts, now=now)
    verdict = hold_against_past(source, state, page, recognition, now=now)
    if not page.was_mended and calls_for_repair(verdict, page.reading):
        known = session.recent_entries(
            source.id, since=now - LOOKED_FOR_SINCE, until=now + LOOKED_FOR_SINCE, limit=LOOKED_FOR
        )
        return Unlike(page=page, known=known, is_broken=isinstance(verdict, Broken))
    if isinstance(verdict, Broken) and page.plain:
        return absorb(session, source, state, page.plain, articles, desk=desk, now=now)
    if isinstance(verdict, Broken):
        state = replace(state, expectation=verdict.expectation.to_json())
        return state, health.held(source, verdict, page.reading, at=now)
    recognition = permitted(recognition, verdict)
    session.add_entries(recognition.new)
    session.change_entries((*recognition.updated, *recognition.adjusted))
    session.add_revisions(recognition.revisions)
    session.add_keys(source.id, recognition.keys)
    if source.full_text:
        session.save_lacking(lacking_of(recognition.new, articles, now=now))
    session.mark_dirty(touched_feeds(session, source, recognition, desk=desk), at=now)
    is_settled = page.is_alone and verdict.is_final  # the same bytes would come to the same
    if source.keep is not None:
        session.mark_dirty(session.forget_entries(source.id, before=now - source.keep), at=now)
    state = replace(
        state,
        etag=page.fetched.etag if is_settled else None,
        last_modified=page.fetched.last_modified if is_settled else None,
        body_hash=body_hash(page.fetched) if is_settled else None,
        rule_hash=rule_hash(source),
        day_first=page.reading.day_first,
        learned=recognition.learned.to_json(),
        expectation=verdict.expectation.to_json(),
        accept_next=False,
    )
    outcome = health.absorbed(source, recognition, page.reading, verdict.expectation, at=now)
    return state, outcome


def keep_texts(
    session: Session, source: Source, articles: Articles, *, desk: Desk, now: datetime
) -> None:
    """Give entries that lacked their texts what came; topics may ask for what it says."""
    whole = settle_texts(session, articles, now=now)
    if whole:
        touched = touched_feeds(session, source, Recognition(updated=whole), desk=desk)
        session.mark_dirty(touched, at=now)


def recognize_drafts(
    session: Session, source: Source, state: SourceState, drafts: Sequence[Draft], *, now: datetime
) -> Recognition:
    """Recall what the drafts' keys stand for, and recognize the drafts by it."""
    sighting = sight(drafts, source.id, Learned.from_json(state.learned))
    ids = session.ids_by_key(source.id, sighting.lookups)
    wanted = recall(sighting, ids)
    entries = session.entries(wanted.entries) if wanted.entries else {}
    recent: tuple[Entry, ...] = ()
    if wanted.since is not None and wanted.until is not None:
        recent = session.recent_entries(
            source.id, since=wanted.since, until=wanted.until, limit=RECENT
        )
    return recognize(sighting, Known(ids=ids, entries=entries, recent=recent), now=now)


def touched_feeds(
    session: Session, source: Source, recognition: Recognition, *, desk: Desk
) -> set[FeedId]:
    """Match new and updated entries against the topics; return the feeds that show them."""
    entries = {entry.id: entry for entry in (*recognition.new, *recognition.updated)}
    changed = [entry.id for entry in (*recognition.updated, *recognition.adjusted)]
    before = session.members_of(changed) if changed else {}
    after = {
        entry.id: {
            ALL,
            feed_of_source(source.id),
            *map(feed_of_topic, desk.percolator.match(entry)),
            *(feed for feed in before.get(entry.id, ()) if source_of_feed(feed)),
        }
        for entry in entries.values()
    }
    apart = split_stories(session, recognition.updated, before, merging=desk.merging)
    session.set_members(after)
    members = {**(session.members_of(apart) if apart else {}), **after}
    join_stories(session, apart | entries, members, merging=desk.merging)
    session.forget_bands(before=desk.clock.now() - STORIES_GO_ON)
    listed = {entry_id: {feed_of_source(source.id)} for entry_id in recognition.elsewhere}
    if listed:
        session.set_members(listed, of={feed_of_source(source.id)})
    some = (*before.values(), *after.values(), *listed.values())
    corrections = {CORRECTIONS} if any(map(is_shown, recognition.revisions)) else set()
    return corrections.union(*some)


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

    A feed that cannot be written keeps no other back; after a few of them it is the disk.

    Raises:
        PublishError: A file could not be written; its feed stays in the outbox.
        StoreError: The state could not be read.
    """
    changed, failed = 0, dict[FeedId, PublishError]()
    while len(failed) < FAILURES_BORNE and (dirty := waiting_feeds(press, but=failed)):
        try:
            changed += await write_feeds(dirty, press=press)
        except PublishError:
            for feed in list(dirty)[:FAILURES_BORNE]:
                try:
                    changed += await write_feeds({feed: dirty[feed]}, press=press)
                except PublishError as trouble:
                    failed[feed] = trouble
    if failed:
        raise next(iter(failed.values()))
    return changed


def waiting_feeds(press: Press, *, but: Collection[FeedId]) -> dict[FeedId, datetime]:
    """Return a batch of the outbox without those that just failed."""
    with press.store.reading() as session:
        dirty = session.dirty_feeds(limit=FEEDS_AT_ONCE + len(but))
    return {feed: since for feed, since in dirty.items() if feed not in but}


async def write_feeds(dirty: Mapping[FeedId, datetime], *, press: Press) -> int:
    """Write *dirty* and take it out of the outbox; return how many files changed."""
    printed = await asyncio.to_thread(print_feeds, dirty, press=press)
    await press.store.transact(partial(tidy, dirty, printed.archived, press=press))
    return printed.changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What one batch of writing came to."""

    changed: int  # files
    archived: Mapping[FeedId, int]  # full archives each feed has now


def tidy(
    dirty: Mapping[FeedId, datetime],
    archived: Mapping[FeedId, int],
    session: Session,
    *,
    press: Press,
) -> None:
    """Note that feeds are written; full archives will never be written again.

    Whoever wants to be told is marked in the same transaction. That a document was written
    again with the same bytes is found out when it is told: a crash in between loses nothing.
    """
    session.mark_archived(archived)
    session.clear_dirty(dirty)
    if press.frame.hub is not None:
        paths = [f"{feed}.{renderer.suffix}" for feed in dirty for renderer in press.renderers]
        session.mark_pushes(paths, at=press.clock.now())


def print_feeds(feeds: Collection[FeedId], *, press: Press) -> Printed:
    """Write the documents of *feeds*, archives before what links to them."""
    changed, archived = 0, {}
    with press.publisher.batch(), press.store.reading() as session:
        for feed_id in feeds:
            documents = session.documents(feed_id, frame=press.frame)
            if documents is None:
                withdraw(feed_id, press=press)
                continue
            archived[feed_id] = documents.archived
            for document in (*documents.archives, documents.subscription):
                changed += print_document(document, press=press)
    return Printed(changed=changed, archived=archived)


def print_document(feed: Feed, *, press: Press) -> int:
    """Write one document in every format; return how many files changed."""
    now = press.clock.now()
    return sum(
        press.publisher.write(f"{feed.path}.{renderer.suffix}", renderer.render(feed), now=now)
        for renderer in press.renderers
    )


def withdraw(feed_id: FeedId, *, press: Press) -> None:
    """Take away a feed that is no more, archives too."""
    for renderer in press.renderers:
        press.publisher.remove(f"{feed_id}.{renderer.suffix}")
        number = 1
        while press.publisher.remove(f"{feed_id}/archive/{number}.{renderer.suffix}"):
            number += 1


# ---- tell ----------------------------------------------------------------------------


async def tell_notices(messenger: Messenger, *, desk: Desk) -> bool:
    """Tell people in one message what nobody was told yet; return whether all is told.

    Raises:
        StoreError: The state could not be read, or what was told not be noted.
    """
    with desk.store.reading() as session:
        untold = session.untold_notices(since=desk.clock.now() - TOLD_WITHIN)
    if not untold:
        return True
    title, text = message_of(list(untold.values()))
    if not await messenger.tell(title, text):
        return False
    await desk.store.transact(lambda session: session.mark_told(untold.keys()))
    return True
