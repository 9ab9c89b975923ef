"""Look at a source: fetch it, read it, and follow it where one page is not the whole list.

    arrive.py: fetch ─▶ known bytes, 304, 410, failure: nothing to absorb
        └─▶ read (in a browser where that is needed)
                 ─▶ an index of sitemaps: its children instead
                 ─▶ discover: the feed it advertises instead, if that carries as much
                 ─▶ nothing on it is known: the older pages as well

Nothing is stored here. What is known comes in as a question (`Knows`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import TypeAlias, assert_never

import xxhash

from aggregator.core import health
from aggregator.core.extract.discovery import prefer_feed
from aggregator.core.verdicts import is_better
from aggregator.core.walk import WalkEnd, joined, request_beside, unseen
from aggregator.model import (
    Draft,
    Failed,
    FailureKind,
    Fetched,
    Gone,
    Hints,
    Kind,
    Moved,
    NotModified,
    Outcome,
    Reading,
    Render,
    Rule,
    Source,
    SourceState,
    Trouble,
)
from aggregator.ports import Browser, Clock, Parser, Transport

EXTRACTION = 3  # raise it when the same page and rule give other items than before
FEEDS_TRIED = 2  # of those a page advertises
SITEMAPS_READ = 5  # of an index, the newest
INDEX_DEPTH = 2  # an index may name an index, no further
GAP_PAGES = 5  # read, even where `pages:` says fewer, when nothing on them is known but much was
WALK_TIME = timedelta(minutes=5)  # less than a claimed source is leased for
WALK_ITEMS = 5_000  # that one refresh may bring

Knows = Callable[[Sequence[Draft]], Sequence[bool]]  # for each draft, whether it is stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """What every look works with."""

    clock: Clock
    transport: Transport
    parser: Parser
    browser: Browser | None = None  # None: there is none to be had
    reads_articles: bool = True  # the extra for it is installed


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page that came back and was read, and the older pages behind it."""

    fetched: Fetched
    reading: Reading  # of the page itself, or of what stands in for it
    older: tuple[Reading, ...] = ()  # page two, page three, …
    end: WalkEnd = WalkEnd.LAST
    is_alone: bool = True  # read from these bytes alone: the same bytes would read the same
    was_mended: bool = False  # another rule was looked for; `plain` is set when one was found
    plain: Page | None = None  # as the configured rule reads it
    is_replaced: bool = False  # what that reads is not the list at all

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """Return the drafts of all pages, newest page first, each once."""
        return joined((self.reading, *self.older))


Found: TypeAlias = Page | Outcome  # something to absorb, or nothing


async def look(
    source: Source,
    state: SourceState,
    result: Fetched | NotModified | Gone | Failed,
    *,
    eyes: Eyes,
    knows: Knows,
) -> Found:
    """Read what came back, unless it is known or is no page."""
    match result:
        case Fetched():
            if is_known(result, source, state):
                return health.unchanged(source, state, at=result.at)
            source = with_patience(source, state)
            return await read(result, source, day_first=state.day_first, eyes=eyes, knows=knows)
        case NotModified():
            return health.unchanged(source, state, at=result.at)
        case Gone():
            return health.gone(source, at=result.at)
        case Failed():
            return health.failed(source, result)
        case _:
            assert_never(result)


def with_patience(source: Source, state: SourceState) -> Source:
    """Return *source*, with pages enough to close a gap when it has a past to meet."""
    if not state.expectation:
        return source
    return replace(source, pages=max(source.pages, GAP_PAGES))


def is_known(page: Fetched, source: Source, state: SourceState) -> bool:
    """Tell whether these very bytes were read by this very rule, with nothing amiss."""
    same_rule = state.rule_hash == rule_hash(source) and not state.accept_next
    return same_rule and state.body_hash == body_hash(page)


async def read(
    fetched: Fetched, source: Source, *, day_first: bool | None, eyes: Eyes, knows: Knows
) -> Found:
    """Let a parser child read a page, and follow it to what else belongs to the list.

    Args:
        fetched: The page of *source*.
        source: How it is read.
        day_first: How the source orders day and month, as far as that is known.
        eyes: What to look with.
        knows: Tells what is stored already.
    """
    seen = await see(fetched, source, day_first=day_first, eyes=eyes)
    if isinstance(seen, Failed):
        return health.failed(source, seen)
    page = Page(fetched=seen.page, reading=seen.reading, is_alone=not seen.is_rendered)
    page = await open_index(page, source, eyes=eyes)
    if source.discover:
        page = await feed_instead(page, source, eyes=eyes)
    if not page.drafts:
        return page
    return await walk_back(page, source, eyes=eyes, knows=knows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A page as it was read: as it came, or as a browser made it."""

    page: Fetched
    reading: Reading
    is_rendered: bool = False


async def see(
    page: Fetched, source: Source, *, day_first: bool | None, eyes: Eyes, explain: bool = False
) -> Seen | Failed:
    """Read a page by the rule of its source, in a browser where that is asked for or needed."""
    if source.render is not Render.BROWSER or not _is_html(page):
        reading = await read_page(page, source, day_first=day_first, eyes=eyes, explain=explain)
        if isinstance(reading, Failed):
            return reading
        if source.render is not Render.AUTO or not _is_shell(reading):
            return Seen(page=page, reading=reading)
    if eyes.browser is None:
        return Failed(kind=FailureKind.BROWSER, detail="there is no browser", at=page.at)
    rendered = await eyes.browser.render(page, request_beside(source, page.url))
    if isinstance(rendered, Failed):
        return rendered
    reading = await read_page(rendered, source, day_first=day_first, eyes=eyes, explain=explain)
    if isinstance(reading, Failed):
        return reading
    return Seen(page=rendered, reading=reading, is_rendered=True)


def _is_html(page: Fetched) -> bool:
    return not page.content_type or "html" in page.content_type.lower()


def _is_shell(reading: Reading) -> bool:
    diagnosis = reading.extraction.diagnosis
    return diagnosis is not None and diagnosis.trouble is Trouble.NEEDS_BROWSER


async def mended(
    page: Page,
    source: Source,
    hints: Hints,
    *,
    must_be_better: bool,
    eyes: Eyes,
) -> Page:
    """Let a parser child read a page anew, by a rule that finds what is known on it.

    Args:
        page: As the configured rule reads it.
        source: How that is.
        hints: With known items, and with the rule that was found last time.
        must_be_better: A rule that brings back nothing that is missing is of no use.
        eyes: What to look with.
    """
    plain = replace(page, was_mended=True)
    reading = await eyes.parser.read(page.fetched, source.rule, hints)
    if isinstance(reading, Failed) or reading.mended is None:
        return plain
    if must_be_better and not is_better(reading, page.reading):
        return plain
    return Page(
        fetched=page.fetched,
        reading=reading,
        is_alone=page.is_alone,
        was_mended=True,
        plain=plain,
        is_replaced=not must_be_better,
    )


async def read_page(
    page: Fetched,
    source: Source,
    *,
    day_first: bool | None,
    eyes: Eyes,
    rule: Rule | None = None,
    explain: bool = False,
) -> Reading | Failed:
    """Let a parser child read one page by *rule*, or else by the source's own."""
    hints = hints_of(page, source, day_first=day_first)
    return await eyes.parser.read(page, rule or source.rule, hints, explain=explain)


def hints_of(page: Fetched, source: Source, *, day_first: bool | None) -> Hints:
    """Return what is known about a page of *source* beside its bytes."""
    return Hints(
        now=page.at, timezone=source.timezone, language=source.language, day_first=day_first
    )


# ---- follow --------------------------------------------------------------------------


async def get(
    url: str, source: Source, *, day_first: bool | None, eyes: Eyes, rule: Rule | None = None
) -> Reading | Failed:
    """Fetch and read another page that belongs to *source*, by *rule* or else by its own."""
    result = await eyes.transport.fetch(request_beside(source, url))
    if isinstance(result, Moved):
        result = result.then
    if isinstance(result, Fetched):
        if rule is not None:
            return await read_page(result, source, day_first=day_first, eyes=eyes, rule=rule)
        seen = await see(result, source, day_first=day_first, eyes=eyes)
        return seen if isinstance(seen, Failed) else seen.reading
    if isinstance(result, Failed):
        return result
    return Failed(kind=FailureKind.NOT_FOUND, detail="it is gone for good (410)", at=result.at)


async def open_index(page: Page, source: Source, *, eyes: Eyes, depth: int = INDEX_DEPTH) -> Page:
    """Read the newest sitemaps of an index; any other page is returned as it is."""
    found = page.reading.extraction
    if found.kind is not Kind.SITEMAP or page.reading.drafts or not found.feeds:
        return page
    children: list[Reading] = []
    for url in found.feeds[:SITEMAPS_READ]:
        child = await get(url, source, day_first=None, eyes=eyes)
        if isinstance(child, Failed):
            continue
        if depth > 1:
            inner = Page(fetched=page.fetched, reading=child)
            child = (await open_index(inner, source, eyes=eyes, depth=depth - 1)).reading
        if child.drafts:
            children.append(child)
    if not children:
        return page
    extraction = replace(children[0].extraction, next_url=None)
    reading = replace(children[0], drafts=joined(children), extraction=extraction)
    return replace(page, reading=reading, is_alone=False)


async def feed_instead(page: Page, source: Source, *, eyes: Eyes) -> Page:
    """Let a feed that the page advertises stand in for it, if that carries as much.

    Page and feed are compared at every refresh: a feed that is left to itself one day must
    not hide what the page goes on to show.
    """
    for url in page.reading.extraction.feeds[:FEEDS_TRIED]:
        feed = await get(url, source, day_first=page.reading.day_first, eyes=eyes, rule=Rule())
        if isinstance(feed, Reading) and prefer_feed(page.reading.drafts, feed.drafts):
            return replace(page, reading=feed, is_alone=False)
    return replace(page, is_alone=page.is_alone and not page.reading.extraction.feeds)


async def walk_back(page: Page, source: Source, *, eyes: Eyes, knows: Knows) -> Page:
    """Add the older pages of the list, until one shows something that is known.

    So a first look goes back as far as ``pages:`` allows, and later ones only when more was
    published since the last than the first page holds. Every page is fetched as politely as
    any other; a page that shows nothing beyond those before it ends the walk.
    """
    readings, visited = [page.reading], {page.fetched.url, source.url}
    deadline = eyes.clock.now() + WALK_TIME
    while True:
        last = readings[-1]
        url = last.extraction.next_url
        # What is known is asked last: it is the dear question, and most sources stay on page one.
        if not url or url in visited:
            end = WalkEnd.LAST
        elif _is_enough(readings, source) or eyes.clock.now() >= deadline:
            end = WalkEnd.LIMIT
        elif any(knows(last.drafts)):
            end = WalkEnd.MET
        else:
            visited.add(url)
            older = await get(url, source, day_first=page.reading.day_first, eyes=eyes)
            if isinstance(older, Reading) and unseen(older.drafts, readings):
                readings.append(older)
                continue
            end = WalkEnd.FAILED if isinstance(older, Failed) else WalkEnd.LAST
        return replace(page, older=tuple(readings[1:]), end=end)


def _is_enough(readings: Sequence[Reading], source: Source) -> bool:
    items = sum(len(reading.drafts) for reading in readings)
    return len(readings) >= source.pages or items >= WALK_ITEMS


# ---- names ---------------------------------------------------------------------------


def rule_hash(source: Source) -> str:
    """Return a name for how *source* is read."""
    return _name_of(
        (EXTRACTION, source.url, source.rule, source.timezone, source.language, source.discover)
    )


@lru_cache(maxsize=4096)
def _name_of(how: tuple[Hashable, ...]) -> str:
    return xxhash.xxh3_128_hexdigest(repr(how).encode())


def body_hash(page: Fetched) -> str:
    """Return a name for the bytes of *page*."""
    return xxhash.xxh3_128_hexdigest(page.body)
