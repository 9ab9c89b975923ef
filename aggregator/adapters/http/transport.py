"""Get one page: wait for the host's turn, ask, follow redirects, undo codings; all bounded."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import httpx

from aggregator.adapters.http.decode import ACCEPTED, decoded
from aggregator.adapters.http.guard import Guard
from aggregator.adapters.http.manners import Turns
from aggregator.adapters.http.refusals import Refusal
from aggregator.adapters.http.settings import MAX_REDIRECTS, MAX_URL_LENGTH, FetchSettings
from aggregator.adapters.http.special import SpecialClients
from aggregator.adapters.http.wire import WireTransport
from aggregator.core.addresses import parse_allowed
from aggregator.core.caching import fresh_for, retry_at, validator
from aggregator.core.links import web_link
from aggregator.core.robots import LIMIT_BYTES, Robots, read_robots
from aggregator.model import (
    Failed,
    FailureKind,
    Fetched,
    FetchResult,
    Gone,
    Moved,
    NotModified,
    Request,
    RequestOptions,
)

_OK, _NOT_MODIFIED, _GONE, _NOT_FOUND = 200, 304, 410, 404
_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_UNAUTHORIZED = frozenset({401, 403, 407, 451})
_LATER = frozenset({429, 503})
_ROBOTS_REDIRECTS = 5
_BIG_BYTES = 262_144  # from here on, undoing a coding in the event loop would be felt
_COOKIES = 50
_ACCEPT = "text/html,application/xhtml+xml,application/atom+xml,application/rss+xml,*/*;q=0.8"


@dataclass(slots=True)
class _Answer:
    """What one exchange brought."""

    status: int
    headers: httpx.Headers
    body: bytes


@dataclass(slots=True)
class _Trip:
    """One fetch on its way through redirects."""

    request: Request
    url: str
    method: str
    body: bytes | None
    cookies: dict[tuple[str, str], str] = field(default_factory=dict)  # (host, name) → value
    is_permanent: bool = True  # every redirect so far was
    hops: int = 0
    seen: set[tuple[str, str]] = field(default_factory=set)

    @property
    def is_home(self) -> bool:
        """Tell whether this is where credentials belong: the host asked for, no less safe."""
        first, now = urlsplit(self.request.url), urlsplit(self.url)
        same = (first.hostname, first.port) == (now.hostname, now.port)
        upgraded = first.hostname == now.hostname and (first.scheme, now.scheme) == (
            "http",
            "https",
        )
        return (same and first.scheme == now.scheme) or upgraded


class HttpTransport:
    """Implements `aggregator.ports.Transport`."""

    def __init__(
        self,
        settings: FetchSettings,
        *,
        admit: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Prepare to fetch.

        Args:
            settings: What holds for every fetch.
            admit: Awaited before a fetch begins; lets whoever reads the pages keep up.
        """
        self._settings = settings
        self._admit = admit
        self._guard = Guard([parse_allowed(text) for text in settings.allow])
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._turns = Turns(
            concurrency=settings.per_host_concurrency, delay=settings.per_host_delay
        )
        self._robots: dict[str, asyncio.Task[Robots]] = {}
        self._context: ssl.SSLContext | None = None
        self._client: httpx.AsyncClient | None = None
        self._special = SpecialClients(self._guard)

    async def fetch(self, request: Request) -> FetchResult:
        now = datetime.now(UTC)
        try:
            url = _checked(request.url)
            robots = await self._robots_of(url)
            self._obey(robots, url)
            delay = robots.delay()
            async with self._turns.wait(urlsplit(url).hostname or "", delay=delay), self._slot():
                return await self._within_time(request, url)
        except Refusal as refusal:
            return Failed(
                kind=refusal.kind,
                detail=refusal.detail,
                at=now,
                retry_at=refusal.retry_at,
            )

    async def close(self) -> None:
        for task in self._robots.values():
            task.cancel()
        await asyncio.gather(*self._robots.values(), return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
        await self._special.close()
        self._guard.close()

    # ---- one fetch

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        async with self._slots:
            if self._admit is not None:
                await self._admit()
            yield

    async def _within_time(self, request: Request, url: str) -> FetchResult:
        """Fetch before the deadline, which starts now: waiting for a slot does not count."""
        seconds = self._settings.timeout.total_seconds()
        try:
            async with asyncio.timeout(seconds):
                return await self._travel(request, url)
        except TimeoutError:
            raise Refusal(FailureKind.TIMEOUT, f"no whole page within {seconds:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise _translated(error) from error
        except (OSError, ValueError, RuntimeError) as error:
            detail = f"{type(error).__name__}: the answer cannot be used"
            raise Refusal(FailureKind.PROTOCOL, detail) from error

    async def _travel(self, request: Request, url: str) -> FetchResult:
        options = request.options
        trip = _Trip(request=request, url=url, method=options.method, body=options.body)
        while True:
            answer = await self._exchange(trip)
            if answer.status not in _REDIRECTS or not answer.headers.get("location"):
                break
            await self._follow(trip, answer)
        now = datetime.now(UTC)
        result = _result(answer, trip.url, now=now)
        if trip.hops and trip.is_permanent and not isinstance(result, Failed):
            return Moved(url=trip.url, then=result)
        return result

    async def _follow(self, trip: _Trip, answer: _Answer) -> None:
        """Turn *trip* to where a redirect leads, if we may go there."""
        trip.hops += 1
        if trip.hops > MAX_REDIRECTS:
            raise Refusal(FailureKind.REDIRECT, f"more than {MAX_REDIRECTS} redirects")
        trip.seen.add((trip.url, _cookie_header(trip) or ""))
        _remember_cookies(trip, answer.headers)
        target = _location(answer.headers["location"], trip.url)
        trip.is_permanent = trip.is_permanent and answer.status in _PERMANENT
        if answer.status == 303 or (answer.status in {301, 302} and trip.method == "POST"):  # noqa: PLR2004
            trip.method, trip.body = "GET", None
        trip.url = target
        if (trip.url, _cookie_header(trip) or "") in trip.seen:
            raise Refusal(FailureKind.REDIRECT, "the redirects run in a circle")
        self._obey(await self._robots_of(target), target)

    async def _exchange(self, trip: _Trip) -> _Answer:
        client = self._client_for(trip.request.options)
        headers = self._headers(trip)
        request = client.build_request(trip.method, trip.url, headers=headers, content=trip.body)
        response = await client.send(request, stream=True)
        try:
            raw = await self._body(response)
        finally:
            await response.aclose()
        return _Answer(status=response.status_code, headers=response.headers, body=raw)

    async def _body(self, response: httpx.Response) -> bytes:
        """Return the body with its codings undone; of anything but a page, nothing."""
        if response.status_code != _OK:
            return await self._small_body(response)
        limit = self._settings.max_bytes
        length = response.headers.get("content-length", "")
        if length.isdigit() and int(length[:18]) > limit:
            raise Refusal(FailureKind.TOO_LARGE, f"the page is larger than {limit:,} bytes")
        pieces, size = [], 0
        async for piece in response.stream:  # type: ignore[union-attr]
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                raise Refusal(FailureKind.TOO_LARGE, f"the page is larger than {limit:,} bytes")
        raw = b"".join(pieces)
        coding = response.headers.get("content-encoding", "")[:200]
        if coding and size > _BIG_BYTES:
            return await asyncio.to_thread(decoded, raw, coding, limit=limit)
        return decoded(raw, coding, limit=limit)

    async def _small_body(self, response: httpx.Response) -> bytes:
        """Read a short body to its end, so that the connection can be used again."""
        length = response.headers.get("content-length", "")
        if length.isdigit() and len(length) < 6:  # noqa: PLR2004 -- under 100 kB
            async for _ in response.stream:  # type: ignore[union-attr]
                pass
        return b""

    # ---- what is sent

    def _headers(self, trip: _Trip) -> dict[str, str]:
        options, request = trip.request.options, trip.request
        headers = {
            "Accept": _ACCEPT,
            "Accept-Encoding": ACCEPTED,
            "User-Agent": self._settings.user_agent,
        }
        if request.etag and trip.is_home:
            headers["If-None-Match"] = request.etag
        if request.last_modified and trip.is_home:
            headers["If-Modified-Since"] = request.last_modified
        if trip.is_home:
            headers |= _credentials(options)
        cookies = _cookie_header(trip)
        if cookies:
            headers["Cookie"] = cookies
        return headers

    def _client_for(self, options: RequestOptions) -> httpx.AsyncClient:
        if options.proxy or options.http2 or options.insecure or options.client_certificate:
            return self._special.client(options)
        if self._client is None:
            self._client = httpx.AsyncClient(
                transport=WireTransport(self._guard, context=self._tls()),
                trust_env=False,
                follow_redirects=False,
                headers={},
            )
        return self._client

    def _tls(self) -> ssl.SSLContext:
        """Return the one context; it costs 30 ms and honours SSL_CERT_FILE."""
        if self._context is None:
            self._context = ssl.create_default_context()
        return self._context

    # ---- robots.txt

    def _obey(self, robots: Robots, url: str) -> None:
        if robots.is_unreachable:
            detail = "robots.txt cannot be read, so nothing may be fetched for now"
            raise Refusal(FailureKind.ROBOTS, detail, retry_at=robots.until)
        if not robots.allows(url):
            raise Refusal(FailureKind.ROBOTS, f"robots.txt of {urlsplit(url).hostname} forbids it")

    async def _robots_of(self, url: str) -> Robots:
        """Return the rules of the origin of *url*; asked for once, by whoever comes first."""
        now = datetime.now(UTC)
        if not self._settings.robots:
            return Robots(until=now)
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        task = self._robots.get(origin)
        if task is None or (task.done() and (task.cancelled() or task.result().until <= now)):
            task = asyncio.create_task(self._ask_robots(f"{origin}/robots.txt"))
            self._robots[origin] = task
        return await asyncio.shield(task)

    async def _ask_robots(self, url: str) -> Robots:
        now = datetime.now(UTC)
        request = Request(url=url)
        seconds = min(self._settings.timeout.total_seconds(), 10.0)
        trip = _Trip(request=request, url=url, method="GET", body=None)
        status: int | None = None
        body = b""
        try:
            async with self._slots, asyncio.timeout(seconds):
                for _ in range(_ROBOTS_REDIRECTS + 1):
                    answer = await self._exchange(trip)
                    status, body = answer.status, answer.body[:LIMIT_BYTES]
                    location = answer.headers.get("location")
                    if status not in _REDIRECTS or not location:
                        break
                    trip.url = _location(location, trip.url)
        except Refusal as refusal:
            status = _robots_status(refusal)
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
            status = None
        return read_robots(status, body, user_agent=self._settings.user_agent, now=now)


def _robots_status(refusal: Refusal) -> int | None:
    """Return the status a refusal stands for; ``None``: the host cannot be reached.

    Where there is no host, the fetch itself tells so in better words: nothing is forbidden.
    """
    told_by_fetch = {
        FailureKind.DNS,
        FailureKind.CONNECT,
        FailureKind.TLS,
        FailureKind.BLOCKED_ADDRESS,
        FailureKind.TOO_LARGE,
        FailureKind.ENCODING,
        FailureKind.REDIRECT,
        FailureKind.URL,
        FailureKind.PROTOCOL,
        FailureKind.TRUNCATED,
    }
    return _NOT_FOUND if refusal.kind in told_by_fetch else None


def _checked(url: str) -> str:
    if len(url) > MAX_URL_LENGTH:
        raise Refusal(FailureKind.URL, f"the address has more than {MAX_URL_LENGTH} characters")
    found = web_link(url, base_url=url)
    if found is None:
        raise Refusal(FailureKind.URL, "not an http or https address")
    return found.partition("#")[0]


def _location(value: str, url: str) -> str:
    with suppress(UnicodeError):
        # Headers are latin-1 to httpx, but servers write UTF-8 into them.
        value = value.encode("latin-1").decode("utf-8")
    try:
        target = urljoin(url, value.strip())
    except ValueError:
        target = ""
    if len(target) > MAX_URL_LENGTH or urlsplit(url).scheme not in {"http", "https"}:
        raise Refusal(FailureKind.REDIRECT, "a redirect to an address that is too long")
    found = web_link(target, base_url=url) if target else None
    if found is None:
        raise Refusal(FailureKind.REDIRECT, "a redirect to something that is no http address")
    return found.partition("#")[0]


def _credentials(options: RequestOptions) -> dict[str, str]:
    headers = dict(options.headers)
    if options.basic:
        token = base64.b64encode(":".join(options.basic).encode()).decode("ascii")
        headers["Authorization"] = f"Basic {token}"
    elif options.bearer:
        headers["Authorization"] = f"Bearer {options.bearer}"
    return headers


def _cookie_header(trip: _Trip) -> str | None:
    host = urlsplit(trip.url).hostname or ""
    pairs = dict(trip.request.options.cookies) if trip.is_home else {}
    pairs |= {name: value for (owner, name), value in trip.cookies.items() if owner == host}
    return "; ".join(f"{name}={value}" for name, value in pairs.items()) or None


def _remember_cookies(trip: _Trip, headers: httpx.Headers) -> None:
    """Keep cookies for the rest of this fetch: some sites redirect until they see theirs."""
    host = urlsplit(trip.url).hostname or ""
    for text in headers.get_list("set-cookie")[:_COOKIES]:
        name, equals, value = text.partition(";")[0].strip().partition("=")
        if equals and name and len(text) < 4096 and len(trip.cookies) < _COOKIES:  # noqa: PLR2004
            trip.cookies[host, name] = value


def _result(answer: _Answer, url: str, *, now: datetime) -> Fetched | NotModified | Gone | Failed:
    """Say in our words what a status means."""
    headers, status = answer.headers, answer.status
    if status == _OK:
        return Fetched(
            url=url,
            body=answer.body,
            at=now,
            content_type=headers.get("content-type", "")[:500],
            etag=validator(headers.get("etag")),
            last_modified=validator(headers.get("last-modified")),
            fresh_for=fresh_for(headers, now=now),
        )
    if status == _NOT_MODIFIED:
        return NotModified(at=now, fresh_for=fresh_for(headers, now=now))
    if status == _GONE:
        return Gone(at=now)
    later = retry_at(headers.get("retry-after"), now=now)
    kind = _kind(status, is_told_when=later is not None)
    return Failed(kind=kind, detail=f"the server says {status}", at=now, retry_at=later)


def _kind(status: int, *, is_told_when: bool) -> FailureKind:
    if status == 429 or (status in _LATER and is_told_when):  # noqa: PLR2004
        return FailureKind.RATE_LIMITED
    if status in _UNAUTHORIZED:
        return FailureKind.UNAUTHORIZED
    if status == _NOT_FOUND:
        return FailureKind.NOT_FOUND
    if status in _REDIRECTS:
        return FailureKind.REDIRECT
    return FailureKind.STATUS


def _translated(error: Exception) -> Refusal:
    """Return the reason behind what httpx raises for a special client."""
    names = {
        httpx.ConnectTimeout: (FailureKind.TIMEOUT, "no connection in time"),
        httpx.ConnectError: (FailureKind.CONNECT, "no connection"),
        httpx.ProxyError: (FailureKind.CONNECT, "the proxy refuses"),
        httpx.TimeoutException: (FailureKind.TIMEOUT, "no answer in time"),
        httpx.UnsupportedProtocol: (FailureKind.URL, "not an http or https address"),
        httpx.InvalidURL: (FailureKind.URL, "not an address that can be asked"),
    }
    for kind, (failure, detail) in names.items():
        if isinstance(error, kind):
            return Refusal(failure, detail)
    return Refusal(FailureKind.PROTOCOL, f"{type(error).__name__}: the answer cannot be used")
