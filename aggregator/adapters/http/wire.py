"""HTTP/1.1 for httpx: strict, bounded, and cheap.

httpcore costs five times as much for each request (docs/decisions/own-wire-transport.md).
"""

from __future__ import annotations

import re
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from functools import cache, partial

import httpx

from aggregator.adapters.http.connections import Connection, Origin, Pool
from aggregator.adapters.http.guard import Guard
from aggregator.adapters.http.refusals import DeadConnection, Refusal
from aggregator.adapters.http.settings import MAX_HEAD_BYTES, MAX_HEADERS
from aggregator.model import FailureKind

_INFORMATIONAL = 10  # 1xx answers before the real one
_MAX_CHUNK_LINE = 4096
_MAX_AROUND_CHUNKS = 1_000_000  # bytes of their sizes and line ends; 200,000 chunks

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"^HTTP/1\.([01]) (\d{3})(?: [^\r\n]*)?$")
_NAME = re.compile(rb"^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$")
_LENGTH = re.compile(rb"^\d{1,18}$")
_CHUNK_SIZE = re.compile(rb"^([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?$")
_END = re.compile(
    rb"(?:</(?:html|rss|feed|rdf:rdf|urlset|sitemapindex)\s*>|[}\]])\s*$", re.IGNORECASE
)
_TAIL_BYTES = 100

Headers = list[tuple[bytes, bytes]]


class WireTransport(httpx.AsyncBaseTransport):
    """Speaks HTTP/1.1; one instance for each way of verifying certificates."""

    def __init__(self, guard: Guard, *, context: Callable[[], ssl.SSLContext]) -> None:
        """Prepare; *context* is made for the first https address: that costs 30 ms."""
        self._guard = guard
        self._context = cache(context)
        self._pool = Pool()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send *request*; its response streams the body as it stands on the wire."""
        body = request.content
        try:
            return await self._ask(request, body, fresh=False)
        except DeadConnection:
            return await self._ask(request, body, fresh=True)

    async def aclose(self) -> None:
        """Close every connection."""
        self._pool.close()

    async def _ask(self, request: httpx.Request, body: bytes, *, fresh: bool) -> httpx.Response:
        url = request.url
        is_tls = url.scheme == "https"
        host = url.raw_host.decode("ascii")
        origin = (url.scheme, host, url.port or (443 if is_tls else 80))
        connection = None if fresh else self._pool.take(origin)
        if connection is None:
            connection = await self._connect(origin, is_tls=is_tls)
        try:
            connection.send(_message(request, body))
            return await answer(connection, self._pool, request.method)
        except BaseException:
            connection.close()
            raise

    async def _connect(self, origin: Origin, *, is_tls: bool) -> Connection:
        _, host, port = origin
        context = self._context() if is_tls else None
        return await self._guard.connect(partial(Connection, origin), host, port, context=context)


async def answer(connection: Connection, pool: Pool, method: str) -> httpx.Response:
    """Read the beginning of an answer; its stream reads the rest and goes back to *pool*.

    Raises:
        Refusal: What comes is no answer in HTTP/1.
    """
    version, status, headers = await _head(connection)
    stream = _Body(connection, pool, method, version, status, headers)
    return httpx.Response(status, headers=headers, stream=stream)


def _message(request: httpx.Request, body: bytes) -> bytes:
    lines = [b"%s %s HTTP/1.1" % (request.method.encode("ascii"), request.url.raw_path)]
    lines += [b"%s: %s" % (name, value) for name, value in request.headers.raw]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _dead(connection: Connection) -> Refusal:
    detail = "the server closed the connection without an answer"
    if connection.is_reused:
        return DeadConnection(FailureKind.PROTOCOL, detail)
    return Refusal(FailureKind.PROTOCOL, detail)


async def _head(connection: Connection) -> tuple[int, int, Headers]:
    """Read status line and headers; skip informational answers."""
    for _ in range(_INFORMATIONAL):
        raw = await _raw_head(connection)
        version, status, headers = parse_head(raw)
        if status >= 200 or status == 101:  # noqa: PLR2004 -- 1xx: more comes
            return version, status, headers
    raise Refusal(FailureKind.PROTOCOL, "the server sends nothing but 1xx answers")


async def _raw_head(connection: Connection) -> bytes:
    data = connection.unused
    searched = 0
    while (match := _HEAD_END.search(data, searched)) is None:
        if len(data) > MAX_HEAD_BYTES:
            raise Refusal(FailureKind.TOO_LARGE, "the headers are too long")
        if len(data) >= 5 and not data.startswith(b"HTTP/"):  # noqa: PLR2004 -- that many letters
            raise Refusal(FailureKind.PROTOCOL, "what came back is not HTTP")
        searched = max(len(data) - 3, 0)
        try:
            more = await connection.more()
        except Refusal as error:
            if not data:
                raise _dead(connection) from error
            raise
        if not more:
            if data:
                raise Refusal(FailureKind.TRUNCATED, "the answer broke off inside its headers")
            raise _dead(connection)
        data += more
    if match.start() > MAX_HEAD_BYTES:
        raise Refusal(FailureKind.TOO_LARGE, "the headers are too long")
    connection.unused = data[match.end() :]
    return data[: match.start()]


def parse_head(raw: bytes) -> tuple[int, int, Headers]:
    """Return (minor version, status, headers) of an answer.

    Raises:
        Refusal: It is not HTTP/1.
    """
    first, *lines = raw.replace(b"\r\n", b"\n").split(b"\n")
    match = _STATUS.match(first)
    if not match:
        raise Refusal(FailureKind.PROTOCOL, "what came back is not HTTP/1.1")
    if len(lines) > MAX_HEADERS:
        raise Refusal(FailureKind.TOO_LARGE, f"more than {MAX_HEADERS} headers")
    headers: Headers = []
    for line in lines:
        if line[:1] in {b" ", b"\t"} and headers:  # folded, obsolete: RFC 9112 section 5.2
            name, value = headers[-1]
            headers[-1] = (name, value + b" " + line.strip())
            continue
        name, colon, value = line.partition(b":")
        name = name.rstrip(b" \t")  # a blank before the colon does not count: RFC 9112 5.1
        if colon and _NAME.match(name) and b"\x00" not in value and b"\r" not in value:
            headers.append((name, value.strip(b" \t")))
    return int(match[1]), int(match[2]), headers


class _Body(httpx.AsyncByteStream):
    """The body as it stands on the wire; gives the connection back when it was whole."""

    def __init__(
        self,
        connection: Connection,
        pool: Pool,
        method: str,
        version: int,
        status: int,
        headers: Headers,
    ) -> None:
        self._connection = connection
        self._pool = pool
        fields: dict[bytes, list[bytes]] = defaultdict(list)
        for name, value in headers:
            fields[name.lower()].append(value)
        connection_words = b",".join(fields[b"connection"]).lower()
        # Both a length and chunks: someone on the way may see another end (RFC 9112 6.3).
        is_certain = not (fields[b"transfer-encoding"] and fields[b"content-length"])
        self._keeps = version == 1 and b"close" not in connection_words and is_certain
        self._is_whole = False
        self._data, self._at = b"", 0  # read, and used up to there
        self._around_chunks = 0  # bytes
        codings = b",".join(fields[b"transfer-encoding"]).lower().replace(b" ", b"")
        self._is_empty = method == "HEAD" or status in {204, 304}
        self._is_chunked = codings.endswith(b"chunked")
        if codings not in {b"", b"chunked", b"identity"}:
            raise Refusal(FailureKind.ENCODING, "a transfer coding nobody uses")
        self._length = _content_length(fields[b"content-length"])
        self._is_coded = bool(fields[b"content-encoding"])  # then its coding has an end

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._is_empty:
            self._is_whole = True
            return
        self._data, self._connection.unused = self._connection.unused, b""
        if self._is_chunked:
            async for piece in self._chunks():
                yield piece
        elif self._length is not None:
            async for piece in self._measured(self._length):
                yield piece
        else:
            async for piece in self._to_the_end():
                yield piece
        self._connection.unused = self._data[self._at :]
        self._is_whole = True

    async def aclose(self) -> None:
        """Keep the connection when it can be used again."""
        if self._is_whole and self._keeps and not self._connection.unused:
            self._pool.put(self._connection)
        else:
            self._connection.close()

    async def _has_more(self) -> bool:
        """Read on behind what is not used yet; tell whether anything came."""
        more = await self._connection.more()
        self._data, self._at = self._data[self._at :] + more, 0
        return bool(more)

    async def _measured(self, left: int) -> AsyncIterator[bytes]:
        while True:
            piece = self._data[self._at : self._at + left]
            self._at += len(piece)
            left -= len(piece)
            if piece:
                yield piece
            if left == 0:
                return
            if not await self._has_more():
                raise Refusal(FailureKind.TRUNCATED, f"the page broke off {left} bytes too early")

    async def _to_the_end(self) -> AsyncIterator[bytes]:
        self._keeps = False
        tail = b""
        while self._data or await self._has_more():
            yield self._data
            tail, self._data = (tail + self._data)[-_TAIL_BYTES:], b""
        if self._connection.was_cut and not self._shows_its_end(tail):
            raise Refusal(FailureKind.TRUNCATED, "the connection broke off inside the page")

    def _shows_its_end(self, tail: bytes) -> bool:
        """Tell whether a page is whole though TLS was cut; some servers always do that."""
        return self._is_coded or _END.search(tail) is not None

    async def _chunks(self) -> AsyncIterator[bytes]:
        while True:
            match = _CHUNK_SIZE.match(await self._line())
            if not match:
                raise Refusal(FailureKind.PROTOCOL, "the chunks of the page are broken")
            left = int(match[1], 16)
            if left == 0:
                break
            async for piece in self._measured(left):
                yield piece
            if await self._line():
                raise Refusal(FailureKind.PROTOCOL, "the chunks of the page are broken")
        for _ in range(MAX_HEADERS):
            if not await self._line():  # the end of the trailers
                return
        raise Refusal(FailureKind.TOO_LARGE, "the trailers are too long")

    async def _line(self) -> bytes:
        """Return the next line around the chunks, of which a page may not have too many."""
        while (end := self._data.find(b"\n", self._at)) < 0:
            if len(self._data) - self._at > _MAX_CHUNK_LINE:
                raise Refusal(FailureKind.PROTOCOL, "the chunks of the page are broken")
            if not await self._has_more():
                raise Refusal(FailureKind.TRUNCATED, "the page broke off between two chunks")
        line, self._at = self._data[self._at : end], end + 1
        self._around_chunks += len(line) + 1
        if self._around_chunks > _MAX_AROUND_CHUNKS:
            raise Refusal(FailureKind.TOO_LARGE, "the page comes in too many small chunks")
        return line.rstrip(b"\r")


def _content_length(values: list[bytes]) -> int | None:
    found = {value.strip() for one in values for value in one.split(b",")}
    if not found:
        return None
    if len(found) > 1 or not _LENGTH.match(next(iter(found))):
        raise Refusal(FailureKind.PROTOCOL, "the length of the page is nonsense")
    return int(found.pop())
