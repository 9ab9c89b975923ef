"""A small web made of a dict, and eyes to look at it with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from aggregator.core.read import read
from aggregator.look import Eyes
from aggregator.model import (
    Diagnosis,
    Draft,
    Extraction,
    Failed,
    FailureKind,
    Fetched,
    FetchResult,
    Hints,
    Kind,
    Reading,
    Request,
    Rule,
    Source,
    SourceId,
    Trouble,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SITE = "http://example.org"
SHELL = (
    "<html><head><script src='/app.js'></script></head><body><div id='root'></div></body></html>"
)
NEEDS_BROWSER = Diagnosis(
    trouble=Trouble.NEEDS_BROWSER, detail="an application shell", next_step="Set `render: auto`."
)


@dataclass
class Web:
    """Gives the pages it is made of, and remembers what it was asked for."""

    pages: Mapping[str, str | bytes | FetchResult]
    asked: list[Request] = field(default_factory=list)

    async def fetch(self, request: Request) -> FetchResult:
        self.asked.append(request)
        page = self.pages.get(request.url.removeprefix(SITE))
        if page is None:
            return Failed(kind=FailureKind.NOT_FOUND, detail="the server says 404", at=NOW)
        if isinstance(page, str | bytes):
            body = page.encode() if isinstance(page, str) else page
            return Fetched(url=request.url, body=body, at=NOW, etag='"1"')
        return page

    async def close(self) -> None:
        """Nothing is open."""

    @property
    def paths(self) -> list[str]:
        """Return what was asked for, in order."""
        return [request.url.removeprefix(SITE) for request in self.asked]


class InlineParser:
    """Reads in this process: the pages of tests are harmless."""

    async def read(
        self, page: Fetched, rule: Rule, hints: Hints, *, explain: bool = False
    ) -> Reading | Failed:
        if page.body == b"KILL":
            return Failed(kind=FailureKind.UNREADABLE, detail="the page took too long", at=NOW)
        if page.body == SHELL.encode():
            extraction = Extraction(kind=Kind.AUTOMATIC, diagnosis=NEEDS_BROWSER)
            return Reading(drafts=(), extraction=extraction)
        return read(page, rule, hints, explain=explain)

    async def close(self) -> None:
        """There is no child."""


@dataclass
class SlowClock:
    """Goes on by *step* whenever somebody looks at it."""

    step: timedelta = timedelta(0)
    at: datetime = NOW

    def now(self) -> datetime:
        self.at += self.step
        return self.at


@dataclass
class Scripts:
    """A browser whose scripts turn one page into another."""

    made: str | None = None  # None: it does not start
    pages: list[str] = field(default_factory=list)

    async def render(self, page: Fetched, request: Request) -> Fetched | Failed:
        self.pages.append(request.url)
        if self.made is None:
            return Failed(kind=FailureKind.BROWSER, detail="Chromium does not start", at=NOW)
        return replace(page, body=self.made.encode())


def eyes(web: Web, *, step: timedelta = timedelta(0), browser: Scripts | None = None) -> Eyes:
    """Return eyes that look at *web*."""
    return Eyes(clock=SlowClock(step=step), transport=web, parser=InlineParser(), browser=browser)


def knowing(*links: str) -> Callable[[Sequence[Draft]], list[bool]]:
    """Return a memory that holds the items of these paths."""
    known = {SITE + link for link in links}
    return lambda drafts: [draft.link in known for draft in drafts]


def source(url: str = f"{SITE}/news", **changes: object) -> Source:
    """Return a source of this web."""
    return Source(
        id=SourceId("psg"),
        title="PSG",
        url=url,
        every=timedelta(hours=1),
        **changes,  # type: ignore[arg-type]
    )


def listing(*numbers: int, next_page: str = "", head: str = "") -> str:
    """Return a page that lists articles, with a link to the next page."""
    items = "".join(
        f'<article><h2><a href="/a/{n}">Story number {n}</a></h2><p>Text of {n}.</p></article>'
        for n in numbers
    )
    older = f'<div class="pager"><a rel="next" href="{next_page}">older</a></div>'
    return f"<html><head>{head}</head><body>{items}{older if next_page else ''}</body></html>"


def rss(*numbers: int) -> str:
    """Return a feed of the same articles."""
    items = "".join(
        f"<item><title>Story number {n}</title><link>{SITE}/a/{n}</link>"
        f"<pubDate>Sun, {n % 28 + 1:02} Feb 2026 10:00:00 GMT</pubDate></item>"
        for n in numbers
    )
    return f'<rss version="2.0"><channel><title>PSG</title>{items}</channel></rss>'
