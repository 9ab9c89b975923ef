"""Public fakes, so that your own tests need no network, no disk and no waiting.

They pass the same contract suites as the real adapters (tests/contracts/). `Workbench` puts
them together: give it a configuration and pages, refresh, and look at what is published.

    bench = Workbench(CONFIG)
    bench.transport.serve("http://example.org/news", PAGE)
    await bench.refresh("news")
    assert "Las Bambas" in bench.published("las-bambas.json")
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from threading import RLock
from typing import Self

from aggregator.adapters.sql.session import SqlSession
from aggregator.adapters.sql.store import SqlStore
from aggregator.align import align, search_history
from aggregator.bootstrap import wired
from aggregator.core.config import load_config
from aggregator.core.read import read
from aggregator.errors import PublishError
from aggregator.look import Eyes
from aggregator.model import (
    Failed,
    FailureKind,
    Feed,
    Fetched,
    FetchResult,
    Gone,
    Hints,
    Moved,
    NotModified,
    Outcome,
    Reading,
    Request,
    Rule,
    SourceId,
)
from aggregator.pipeline import refresh, republish

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


class FakeClock:
    """Stands still until it is told to go on (port `Clock`)."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        """Return the time it was set to."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Go on; back, when *by* is negative, as real clocks do."""
        self._now += by


class FakeTransport:
    """Answers from what it was given (port `Transport`); an address it does not know is 404.

    ``requests`` holds what was asked, in order.
    """

    def __init__(self, clock: FakeClock | None = None) -> None:
        self._clock = clock or FakeClock()
        self._answers: dict[str, FetchResult] = {}
        self.requests: list[Request] = []

    def serve(
        self,
        url: str,
        body: str | bytes,
        *,
        content_type: str = "text/html; charset=utf-8",
        etag: str | None = None,
        last_modified: str | None = None,
        fresh_for: timedelta | None = None,
    ) -> None:
        """Answer *url* with a page, or with 304 to whoever shows one of its validators."""
        self._answers[url] = Fetched(
            url=url,
            body=body.encode() if isinstance(body, str) else body,
            at=self._clock.now(),
            content_type=content_type,
            etag=etag,
            last_modified=last_modified,
            fresh_for=fresh_for,
        )

    def fail(
        self, url: str, kind: FailureKind, *, detail: str = "", retry_at: datetime | None = None
    ) -> None:
        """Let every fetch of *url* fail."""
        detail, at = detail or f"a {kind} failure", self._clock.now()
        self._answers[url] = Failed(kind=kind, detail=detail, at=at, retry_at=retry_at)

    def take_away(self, url: str) -> None:
        """Say that the page at *url* is gone for good."""
        self._answers[url] = Gone(at=self._clock.now())

    def move(self, url: str, to: str) -> None:
        """Redirect *url* to *to* for good; what is there may be set before or after."""
        self._answers[url] = Moved(url=to, then=Gone(at=self._clock.now()))

    async def fetch(self, request: Request) -> FetchResult:
        """Answer as the site would now."""
        self.requests.append(request)
        return self._answer(request)

    async def close(self) -> None:
        """Forget nothing: there is no connection."""

    def _answer(self, request: Request) -> FetchResult:
        now = self._clock.now()
        answer = self._answers.get(request.url)
        match answer:
            case None if not request.url.startswith(("http://", "https://")):
                return Failed(kind=FailureKind.URL, detail="not an http address", at=now)
            case None:
                return Failed(kind=FailureKind.NOT_FOUND, detail="the server says 404", at=now)
            case Moved():
                then = self._answer(replace(request, url=answer.url))
                return then if isinstance(then, Failed | Moved) else replace(answer, then=then)
            case Fetched() if _is_held(answer, request):
                return NotModified(at=now, fresh_for=answer.fresh_for)
            case _:
                return replace(answer, at=now)


def _is_held(page: Fetched, request: Request) -> bool:
    """Tell whether the validators asked with are the page's (RFC 9110 section 13.2.2)."""
    if request.etag is not None:
        return request.etag == page.etag
    return request.last_modified is not None and request.last_modified == page.last_modified


class FakePoster:
    """Answers short requests from memory (port `Poster`), and remembers them."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, Mapping[str, str], bytes]] = []
        self._answers: dict[str, Callable[[str], tuple[int, bytes] | None]] = {}

    def answer(self, address: str, how: Callable[[str], tuple[int, bytes] | None]) -> None:
        """Answer what is sent to *address*, whatever its query, by calling *how* with the URL."""
        self._answers[address] = how

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, bytes] | None:
        """Answer as told; where nothing was told nobody answers."""
        self.sent.append((method, url, headers, body))
        how = self._answers.get(url.partition("?")[0])
        return how(url) if how else None

    async def close(self) -> None:
        """Do nothing: there is no connection."""


class InlineParser:
    """Reads pages in this very process (port `Parser`): quick, and no shield."""

    async def read(
        self, page: Fetched, rule: Rule, hints: Hints, *, explain: bool = False
    ) -> Reading | Failed:
        """Extract and normalize one page; what breaks it is told as in a child."""
        try:
            return read(page, rule, hints, explain=explain)
        except Exception as error:  # noqa: BLE001 -- as the child does
            detail = f"{type(error).__name__}: {error}"
            return Failed(kind=FailureKind.UNREADABLE, detail=detail, at=hints.now)

    async def close(self) -> None:
        """Do nothing: there is no child."""


class MemoryStore(SqlStore):
    """Remembers until it is closed (port `Store`): the real SQL, on a database in memory."""

    def __init__(self) -> None:
        super().__init__(":memory:")
        self._turn = RLock()  # one connection is the database, so one transaction at a time

    @contextmanager
    def reading(self) -> Iterator[SqlSession]:
        """Look at one consistent state; writers wait meanwhile."""
        with self._turn, super().reading() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[SqlSession]:
        """Write in one transaction, here and now."""
        with self._turn, super().writing() as session:
            yield session


class MemoryPublisher:
    """Keeps documents and when they changed in ``documents`` (port `Publisher`)."""

    def __init__(self) -> None:
        self.documents: dict[str, tuple[bytes, datetime]] = {}
        self._terms = ""
        self._pending: dict[str, tuple[bytes, datetime]] | None = None

    def write(self, path: str, document: bytes, *, now: datetime) -> bool:
        """Keep *document* unless it is there already."""
        _check(path)
        old = self.documents.get(path)
        if old is not None and old[0] == document:
            self._forget(path)
            return False
        at = now.replace(microsecond=0)
        new = (document, at if old is None else max(at, old[1] + _SECOND))
        (self.documents if self._pending is None else self._pending)[path] = new
        return True

    def remove(self, path: str) -> bool:
        """Forget the document; tell whether it was there."""
        _check(path)
        self._forget(path)
        return self.documents.pop(path, None) is not None

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Keep what is written inside at its end."""
        self._pending = {}
        try:
            yield
            self.documents |= self._pending
        finally:
            self._pending = None

    def terms(self) -> str:
        """Return what was remembered."""
        return self._terms

    def keep_terms(self, terms: str) -> None:
        """Remember."""
        self._terms = terms

    def _forget(self, path: str) -> None:
        if self._pending is not None:
            self._pending.pop(path, None)


def _check(path: str) -> None:
    parts = path.split("/")
    if any(not part or part.startswith(".") or "\0" in part for part in parts):
        raise PublishError(f"{path!r} is not a path below the feeds' folder")


class PlainRenderer:
    """Writes a feed as lines a test can read (port `Renderer`)."""

    suffix = "txt"
    media_type = "text/plain"

    def render(self, feed: Feed) -> bytes:
        """Return the feed's title and a line for each entry: day, title, link."""
        lines = [f"# {feed.title}"]
        for shown in feed.entries:
            entry = shown.entry
            title = entry.title or entry.summary or entry.content or ""
            link = entry.link or entry.id
            lines.append(" | ".join((f"{entry.published.at:%Y-%m-%d}", title, link)))
        return "\n".join(lines).encode()


class FakeEngine:
    """Ticks when it is told to (port `Engine`)."""

    def __init__(self) -> None:
        self._tick: Callable[[], Awaitable[None]] | None = None
        self._ticking: asyncio.Future[None] | None = None
        self.every: timedelta | None = None  # what was asked for

    def start(self, tick: Callable[[], Awaitable[None]], *, every: timedelta) -> None:
        """Remember what to call."""
        self._tick, self.every = tick, every

    async def stop(self) -> None:
        """Call it no more, and wait for the tick that runs."""
        self._tick = None
        if self._ticking is not None:
            await asyncio.wait([self._ticking])

    async def beat(self) -> None:
        """Let one period pass: tick, unless the last tick still runs."""
        if self._tick is None or (self._ticking is not None and not self._ticking.done()):
            return
        self._ticking = asyncio.ensure_future(self._run(self._tick))
        await self._ticking

    async def _run(self, tick: Callable[[], Awaitable[None]]) -> None:
        await tick()


class Workbench:
    """The whole program on fakes, for tests of a configuration or of the pipeline.

    Use it inside ``async with`` to close its store.
    """

    def __init__(
        self,
        config: str,
        *,
        store: SqlStore | None = None,
        publisher: MemoryPublisher | None = None,
        seed: int = 1,
    ) -> None:
        """Wire everything for *config* (YAML).

        Give *store* and *publisher* of another bench to go on where that one ended.
        """
        self.clock = FakeClock()
        self.transport = FakeTransport(self.clock)
        self.publisher = publisher or MemoryPublisher()
        self.config = load_config(config, file="config.yaml", environment={})
        self.shop = wired(
            self.config,
            eyes=Eyes(clock=self.clock, transport=self.transport, parser=InlineParser()),
            store=store or MemoryStore(),
            publisher=self.publisher,
            rng=Random(seed),  # noqa: S311 -- the same jitter in every run
        )

    async def __aenter__(self) -> Self:
        await self.align()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.shop.store.close()

    async def align(self) -> None:
        """Bring the store in line with the configuration, as a start of the daemon does."""
        await align(self.config, desk=self.shop.desk, press=self.shop.press)
        await search_history(desk=self.shop.desk)

    async def refresh(self, name: str) -> Outcome:
        """Refresh one source, due or not, and publish what changed."""
        source = next(one for one in self.config.sources if one.id == name)
        with self.shop.store.reading() as session:
            (state,) = session.source_states([SourceId(name)])
        outcome = await refresh(source, state, desk=self.shop.desk)
        await self.republish()
        return outcome

    async def republish(self) -> int:
        """Write what waits in the outbox; return how many documents changed."""
        return await republish(press=self.shop.press)

    def published(self, path: str) -> str:
        """Return the document at *path*, such as ``las-bambas.json``.

        Raises:
            KeyError: It is not published.
        """
        return self.publisher.documents[path][0].decode()
