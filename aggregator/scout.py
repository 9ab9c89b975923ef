"""Look at pages without storing anything: what a source reads, and what a new one could."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from aggregator.core.health import NEXT_STEPS
from aggregator.core.new_source import finds_the_same, is_feed_of
from aggregator.look import (
    FEEDS_TRIED,
    Eyes,
    Page,
    feed_instead,
    get,
    open_index,
    read_page,
    see,
)
from aggregator.model import (
    Diagnosis,
    Failed,
    FailureKind,
    Fetched,
    Moved,
    Reading,
    Render,
    Request,
    RequestOptions,
    Rule,
    Selectors,
    Source,
    SourceId,
    Trouble,
)

_NO_FILE = "Name a file that is there; an address begins with http:// or https://."
_UNKNOWN = Diagnosis(
    trouble=Trouble.NOT_A_LIST,
    detail="there are no items",
    next_step="See what is there with: aggregator extract URL --explain",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scouted:
    """A source that stands at an address."""

    url: str  # to poll: the page's, after permanent redirects, or its feed's
    reading: Reading
    title: str = ""
    selectors: Selectors | None = None  # that find the same items again
    render: Render = Render.NEVER
    notes: tuple[str, ...] = ()  # what a person may want to know


async def scout(url: str, *, eyes: Eyes, use_feeds: bool = True) -> Scouted | Failed | Diagnosis:
    """Fetch *url*; a feed of the page is better than its items.

    Args:
        url: Where a person saw the news.
        eyes: What to look with.
        use_feeds: Whether a feed may stand in for the page.

    Returns:
        `Failed` when nothing came back, a `Diagnosis` when there are no items.
    """
    result = await eyes.transport.fetch(Request(url=url))
    if isinstance(result, Moved):
        url, result = result.url, result.then
    if isinstance(result, Failed):
        return result
    if not isinstance(result, Fetched):
        detail = "the page is gone for good (410)"
        return Failed(kind=FailureKind.NOT_FOUND, detail=detail, at=eyes.clock.now())
    source = _unnamed(url)
    reading = await read_page(result, source, day_first=None, eyes=eyes, explain=True)
    if isinstance(reading, Failed):
        return reading
    page = await open_index(Page(fetched=result, reading=reading), source, eyes=eyes)
    page, source = await _with_scripts(page, source, eyes=eyes)
    if use_feeds and not reading.extraction.kind.is_data:
        return await _best(page, source, eyes=eyes)
    return await _page_itself(page, source, (), eyes=eyes)


def _unnamed(url: str) -> Source:
    """Return a source nobody configured: its items are found."""
    return Source(id=SourceId("new"), title=url, url=url, every=timedelta(hours=1))


async def _with_scripts(page: Page, source: Source, *, eyes: Eyes) -> tuple[Page, Source]:
    """Show an application shell to the browser; keep what it makes of it if that has items."""
    diagnosis = page.reading.extraction.diagnosis
    is_shell = diagnosis is not None and diagnosis.trouble is Trouble.NEEDS_BROWSER
    if not is_shell or eyes.browser is None:
        return page, source
    rendered = await eyes.browser.render(page.fetched, Request(url=source.url))
    if isinstance(rendered, Failed):
        return page, source
    reading = await read_page(rendered, source, day_first=None, eyes=eyes, explain=True)
    if isinstance(reading, Failed) or not reading.drafts:
        return page, source
    return Page(fetched=rendered, reading=reading), replace(source, render=Render.BROWSER)


async def _best(page: Page, source: Source, *, eyes: Eyes) -> Scouted | Diagnosis:
    """Return the first feed that is one of this page, or the page itself."""
    found = page.reading.extraction
    others = []
    for url in found.feeds[:FEEDS_TRIED]:
        feed = await get(url, source, day_first=page.reading.day_first, eyes=eyes, rule=Rule())
        if isinstance(feed, Failed):
            others.append(f"the page advertises a feed that does not come: {url} ({feed.detail})")
        elif is_feed_of(feed.drafts, page.reading.drafts):
            return Scouted(url=url, reading=feed, title=feed.extraction.title or found.title)
        else:
            others.append(f"the page advertises a feed that carries something else: {url}")
    return await _page_itself(page, source, tuple(others), eyes=eyes)


async def _page_itself(
    page: Page, source: Source, notes: tuple[str, ...], *, eyes: Eyes
) -> Scouted | Diagnosis:
    found = page.reading.extraction
    if not page.reading.drafts:
        return found.diagnosis or _UNKNOWN
    selectors = found.selectors
    if selectors is not None:
        rule = Rule(selectors=selectors)
        again = await read_page(page.fetched, source, day_first=None, eyes=eyes, rule=rule)
        if isinstance(again, Failed) or not finds_the_same(page.reading.drafts, again.drafts):
            notes = (*notes, "no selectors say where all this is: it is found anew each time")
            selectors = None
    return Scouted(
        url=source.url,
        reading=page.reading,
        title=found.title,
        selectors=selectors,
        render=source.render,
        notes=notes,
    )


# ---- what would be taken from a page -------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What came of looking at one page."""

    page: str  # the URL or path, as given
    reading: Reading | None = None
    error: str | None = None
    next_step: str = ""  # what to do about the error


async def look_over(
    page: str, source: Source | None, *, base_url: str | None, explain: bool, eyes: Eyes
) -> Looked:
    """Read a URL, a file or ``-`` the way *source* is read, or find its items.

    What a refresh would follow (a sitemap's children, an advertised feed) is followed here
    as well; older pages and articles are not.
    """
    result = await _get(page, source, base_url, eyes=eyes)
    if not isinstance(result, Fetched):
        return result
    told = source or _unnamed(result.url)
    seen = await see(result, told, day_first=None, eyes=eyes, explain=explain)
    if isinstance(seen, Failed):
        return _failed(page, seen)
    found = Page(fetched=seen.page, reading=seen.reading)
    if _is_address(page):
        found = await open_index(found, told, eyes=eyes)
        if told.discover:
            found = await feed_instead(found, told, eyes=eyes)
    return Looked(page=page, reading=found.reading)


async def _get(
    page: str, source: Source | None, base_url: str | None, *, eyes: Eyes
) -> Fetched | Looked:
    """Return a page from the network, a file or standard input, or why there is none."""
    if not _is_address(page):
        try:
            body = await asyncio.to_thread(_contents, page)
        except OSError as error:
            return Looked(page=page, error=f"{page}: {error.strerror}", next_step=_NO_FILE)
        return Fetched(url=base_url or _file_url(page), body=body, at=eyes.clock.now())
    options = source.request if source and source.url == page else RequestOptions()
    result = await eyes.transport.fetch(Request(url=page, options=options))
    if isinstance(result, Moved):
        result = result.then
    if isinstance(result, Fetched):
        return replace(result, url=base_url or result.url)
    if isinstance(result, Failed):
        return _failed(page, result)
    return Looked(page=page, error="gone: the page is gone for good (410)")


def _failed(page: str, failure: Failed) -> Looked:
    error = f"{failure.kind.value}: {failure.detail}"
    return Looked(page=page, error=error, next_step=NEXT_STEPS[failure.kind])


def _is_address(page: str) -> bool:
    return page.startswith(("http://", "https://"))


def _contents(page: str) -> bytes:
    return sys.stdin.buffer.read() if page == "-" else Path(page).read_bytes()


def _file_url(page: str) -> str:
    return Path(page).absolute().as_uri()
