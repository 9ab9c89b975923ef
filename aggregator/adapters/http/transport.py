"""Get one page: wait for the host's turn, ask, follow redirects, undo codings; all bounded."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, aclosing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx

from aggregator.adapters.http.answers import PAGE, Answer, meaning, translated
from aggregator.adapters.http.decode import ACCEPTED, decoded
from aggregator.adapters.http.guard import Guard
from aggregator.adapters.http.manners import Quiet, Turn, Turns
from aggregator.adapters.http.permission import Permissions
from aggregator.adapters.http.refusals import Refusal
from aggregator.adapters.http.settings import FetchSettings
from aggregator.adapters.http.trip import Trip, checked, location
from aggregator.adapters.http.wire import WireTransport
from aggregator.core.addresses import parse_allowed
from aggregator.core.robots import LIMIT_BYTES
from aggregator.lanes import Lanes
from aggregator.model import (
    Failed,
    FailureKind,
    Fetched,
    FetchResult,
    Gone,
    Moved,
    NotModified,
    Request,
)

if TYPE_CHECKING:
    from aggregator.adapters.http.special import SpecialTransports

PATIENCE = timedelta(seconds=2)  # a page that takes longer makes way for the others
MADE_WAY = 256  # at most; each holds little beside its connection
BIG_BYTES = 500_000  # a page has so much room in any case; nineteen of twenty need less
BIG_PAGES = 4  # larger ones at a time
LONGEST_WAIT = timedelta(seconds=60)  # for the turn at a host we were redirected to

_ROBOTS_REDIRECTS = 5
_ROBOTS_SECONDS = 10.0
_PATIENCE_SECONDS = 2.0  # for a body that nobody reads
_THREAD_BYTES = 262_144  # from here on, undoing a coding in the event loop would be felt
_ACCEPT = "text/html,application/xhtml+xml,application/atom+xml,application/rss+xml,*/*;q=0.8"


async def _at_once() -> None:
    """Admit whoever asks."""


class HttpTransport:
    """Implements `aggregator.ports.Transport`."""

    def __init__(
        self, settings: FetchSettings, *, admit: Callable[[], Awaitable[None]] = _at_once
    ) -> None:
        """Prepare to fetch.

        Args:
            settings: What holds for every fetch.
            admit: Awaited before a fetch begins, and before one grows large; lets whoever
                reads the pages keep up.
        """
        self._settings = settings
        self._admit = admit
        self._guard = Guard([parse_allowed(text) for text in settings.allow])
        self._slots = Lanes(quick=settings.concurrency, slow=MADE_WAY, patience=PATIENCE)
        self._robots_slots = Lanes(quick=settings.concurrency, slow=MADE_WAY, patience=PATIENCE)
        self._turns = Turns(
            concurrency=settings.per_host_concurrency, delay=settings.per_host_delay
        )
        self._quiet = Quiet(is_kept=settings.heeds_hosts)
        self._permissions = Permissions(
            self._get_robots, user_agent=settings.user_agent, is_obeyed=settings.robots
        )
        self._big = asyncio.Semaphore(BIG_PAGES)
        self._decoding = asyncio.Lock()
        self._plain: WireTransport | None = None
        self._special: SpecialTransports | None = None
        self._own_headers = (
            (b"Accept", _ACCEPT.encode()),
            (b"Accept-Encoding", ACCEPTED.encode()),
            (b"User-Agent", settings.user_agent.encode("ascii", "replace")),
        )

    async def fetch(self, request: Request) -> FetchResult:
        now = datetime.now(UTC)
        turn = self._turns.turn()
        try:
            trip = Trip.of(request, checked(request.url))
            self._quiet.check(trip.host, now=now)
            robots = await self._permissions.ask_for(trip.url, turn=turn)
            await turn.take(trip.host, delay=robots.delay())
            async with self._slots.enter():
                await self._admit()
                return await self._within_time(trip, turn)
        except Refusal as refusal:
            return Failed(
                kind=refusal.kind, detail=refusal.detail, at=now, retry_at=refusal.retry_at
            )
        finally:
            turn.leave()

    async def close(self) -> None:
        await self._permissions.close()
        if self._plain is not None:
            await self._plain.aclose()
        if self._special is not None:
            await self._special.close()
        self._guard.close()

    # ---- one fetch

    async def _within_time(self, trip: Trip, turn: Turn) -> FetchResult:
        """Fetch before the deadline, which starts now: waiting for a slot does not count."""
        seconds = self._settings.timeout.total_seconds()
        try:
            async with asyncio.timeout(seconds) as deadline:
                return await self._travel(_Fetch(trip, turn, deadline))
        except TimeoutError:
            raise Refusal(FailureKind.TIMEOUT, f"no whole page within {seconds:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise translated(error) from error
        except (OSError, ValueError, RuntimeError) as error:
            detail = f"{type(error).__name__}: the answer cannot be used"
            raise Refusal(FailureKind.PROTOCOL, detail) from error

    async def _travel(self, fetch: _Fetch) -> FetchResult:
        trip = fetch.trip
        while (answer := await self._ask(fetch)).is_redirect:
            trip.follow(answer.status, answer.headers)
            robots = await self._permissions.ask_for(trip.url, turn=fetch.turn)
            with fetch.clock_stopped():
                await fetch.turn.take(trip.host, delay=robots.delay())
        now = datetime.now(UTC)
        result = meaning(answer, trip.url, now=now)
        if isinstance(result, Failed):
            self._heed(result, trip.host, now=now)
        if trip.hops and trip.is_permanent and isinstance(result, Fetched | NotModified | Gone):
            return Moved(url=trip.url, then=result)
        return result

    def _heed(self, failed: Failed, host: str, *, now: datetime) -> None:
        """Leave the whole host alone when it says when to come back."""
        if failed.kind is FailureKind.RATE_LIMITED and failed.retry_at is not None:
            self._quiet.leave_alone(host, failed.retry_at - now)

    async def _ask(self, fetch: _Fetch) -> Answer:
        self._quiet.check(fetch.trip.host, now=datetime.now(UTC))
        response = await self._answer(fetch.trip)
        try:
            if response.status_code in PAGE:
                body = await self._page(response, fetch)
            else:
                body = await _small_body(response)
        finally:
            await response.aclose()
        return Answer(status=response.status_code, headers=response.headers, body=body)

    async def _answer(self, trip: Trip) -> httpx.Response:
        """Ask for the page of *trip*; whoever gets the response closes it."""
        headers = [*self._own_headers, *trip.headers()]
        request = httpx.Request(trip.method, trip.url, headers=headers, content=trip.body)
        return await self._transport_for(trip).handle_async_request(request)

    async def _page(self, response: httpx.Response, fetch: _Fetch) -> bytes:
        """Return the page with its codings undone; large ones a few at a time."""
        limit = self._settings.max_bytes
        length = response.headers.get("content-length", "")
        if length.isdigit() and int(length[:18]) > limit:
            raise _too_large(limit)
        pieces, size, is_big = [], 0, False
        async with AsyncExitStack() as held:
            async for piece in _stream(response):
                pieces.append(piece)
                size += len(piece)
                if size > limit:
                    raise _too_large(limit)
                if size > BIG_BYTES and not is_big:
                    is_big = True
                    with fetch.clock_stopped():
                        await held.enter_async_context(self._big)
                        await self._admit()
            coding = response.headers.get("content-encoding", "")[:200]
            return await self._decoded(b"".join(pieces), coding, fetch)

    async def _decoded(self, raw: bytes, coding: str, fetch: _Fetch) -> bytes:
        """Undo codings one page after the other: each may become as large as a page can be."""
        if not coding:
            return raw
        limit = self._settings.max_bytes
        with fetch.clock_stopped():
            await self._decoding.acquire()
        try:
            with fetch.clock_stopped():
                await self._admit()
            if len(raw) > _THREAD_BYTES:
                return await asyncio.to_thread(decoded, raw, coding, limit=limit)
            return decoded(raw, coding, limit=limit)
        finally:
            self._decoding.release()

    def _transport_for(self, trip: Trip) -> httpx.AsyncBaseTransport:
        options = trip.request.options
        if options.proxy or options.http2 or options.insecure or options.client_certificate:
            return self._specials().transport(options, is_home=trip.is_home)
        if self._plain is None:
            # The context honours SSL_CERT_FILE.
            self._plain = WireTransport(self._guard, context=ssl.create_default_context)
        return self._plain

    def _specials(self) -> SpecialTransports:
        if self._special is None:
            from aggregator.adapters.http.special import (  # noqa: PLC0415 -- seldom, 0.2 s
                SpecialTransports,
            )

            self._special = SpecialTransports(self._guard)
        return self._special

    # ---- robots.txt

    async def _get_robots(self, url: str) -> tuple[int | None, bytes]:
        """Get the beginning of a robots.txt, with the status of HTTP; ``None``: unreachable."""
        seconds = min(self._settings.timeout.total_seconds(), _ROBOTS_SECONDS)
        trip, turn = Trip.of(Request(url=url), url), self._turns.turn()
        try:
            await turn.take(trip.host)
            async with self._robots_slots.enter(), asyncio.timeout(seconds) as deadline:
                return await self._seek_robots(_Fetch(trip, turn, deadline))
        except Refusal as refusal:
            return (404 if refusal.kind in _TOLD_BY_THE_FETCH else None), b""
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
            return None, b""
        finally:
            turn.leave()

    async def _seek_robots(self, fetch: _Fetch) -> tuple[int, bytes]:
        trip = fetch.trip
        for _ in range(_ROBOTS_REDIRECTS + 1):
            async with aclosing(await self._answer(trip)) as response:
                status, where = response.status_code, response.headers.get("location")
                body = await _beginning(response) if status in PAGE else b""
                coding = response.headers.get("content-encoding", "")[:200]
            if not where or status not in range(300, 400):
                return status, decoded(body, coding, limit=self._settings.max_bytes)
            trip.url = location(where, trip.url)
            with fetch.clock_stopped():
                await fetch.turn.take(trip.host)
        return 404, b""  # RFC 9309 section 2.3.1.2: too many redirects are no robots.txt


# Where there is no host, the fetch itself tells so in better words: nothing is forbidden.
_TOLD_BY_THE_FETCH = frozenset(
    {
        FailureKind.DNS,
        FailureKind.CONNECT,
        FailureKind.TLS,
        FailureKind.BLOCKED_ADDRESS,
        FailureKind.TOO_LARGE,
        FailureKind.ENCODING,
        FailureKind.REDIRECT,
        FailureKind.URL,
        FailureKind.PROTOCOL,
    }
)


@dataclass(frozen=True, slots=True)
class _Fetch:
    """A trip, its turn at the host it is at, and when it must be over."""

    trip: Trip
    turn: Turn
    deadline: asyncio.Timeout

    @contextmanager
    def clock_stopped(self) -> Iterator[None]:
        """Wait for others without losing time of one's own."""
        loop = asyncio.get_running_loop()
        end, began = self.deadline.when() or loop.time(), loop.time()
        self.deadline.reschedule(end + LONGEST_WAIT.total_seconds())
        yield
        self.deadline.reschedule(end + loop.time() - began)


def _stream(response: httpx.Response) -> AsyncIterator[bytes]:
    return aiter(response.stream)  # type: ignore[arg-type]  # ours are all asynchronous


async def _small_body(response: httpx.Response) -> bytes:
    """Read a short body to its end, so that the connection can be used again.

    What the answer means is known without it: when it stalls or breaks off, that is all.
    """
    length = response.headers.get("content-length", "")
    if length.isdigit() and len(length) < 6:  # noqa: PLR2004 -- under 100 kB
        with suppress(Refusal, TimeoutError):
            async with asyncio.timeout(_PATIENCE_SECONDS):
                async for _ in _stream(response):
                    pass
    return b""


async def _beginning(response: httpx.Response) -> bytes:
    pieces, size = [], 0
    async for piece in _stream(response):
        pieces.append(piece)
        size += len(piece)
        if size >= LIMIT_BYTES:
            break
    return b"".join(pieces)


def _too_large(limit: int) -> Refusal:
    return Refusal(FailureKind.TOO_LARGE, f"the page is larger than {limit:,} bytes")
