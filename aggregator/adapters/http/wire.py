"""HTTP/1.1 over asyncio streams, for httpx: strict, bounded, and cheap.

httpcore costs five times as much for each request (see docs/decisions/http-transport.md).
"""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx

from aggregator.adapters.http.guard import Guard, Streams
from aggregator.adapters.http.refusals import DeadConnection, Refusal
from aggregator.adapters.http.settings import MAX_HEAD_BYTES, MAX_HEADERS
from aggregator.model import FailureKind

_CHUNK = 65_536
_IDLE_SECONDS = 15.0  # servers close idle connections; most keep them at least as long
_IDLE_PER_HOST = 4
_IDLE_IN_ALL = 128
_INFORMATIONAL = 10  # 1xx answers before the real one
_MAX_CHUNK_LINE = 4096

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"^HTTP/1\.([01]) (\d{3})(?: [^\r\n]*)?$")
_NAME = re.compile(rb"^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$")
_LENGTH = re.compile(rb"^\d{1,18}$")
_CHUNK_SIZE = re.compile(rb"^([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?$")

Origin = tuple[str, str, int]
Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Connection:
    """One connection and what was read from it but not used yet."""

    origin: Origin
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    unused: bytes = b""
    is_reused: bool = False
    idle_since: float = 0.0

    async def more(self) -> bytes:
        """Read what comes next; empty at the end."""
        try:
            return await self.reader.read(_CHUNK)
        except (OSError, ssl.SSLError) as error:
            reason = getattr(error, "strerror", None) or "the connection broke"
            raise Refusal(FailureKind.TRUNCATED, str(reason)) from error

    def close(self) -> None:
        """Close at once, without waiting for the other side."""
        self.writer.transport.abort()


@dataclass(slots=True)
class Pool:
    """Connections kept open for the next request to the same origin."""

    idle: dict[Origin, list[Connection]] = field(default_factory=lambda: defaultdict(list))
    count: int = 0

    def take(self, origin: Origin) -> Connection | None:
        """Return the connection used last, if it is fresh and silent."""
        kept = self.idle.get(origin, [])
        while kept:
            connection = kept.pop()
            self.count -= 1
            fresh = time.monotonic() - connection.idle_since < _IDLE_SECONDS
            if fresh and not connection.reader.at_eof() and not connection.writer.is_closing():
                connection.is_reused = True
                return connection
            connection.close()
        self.idle.pop(origin, None)
        return None

    def put(self, connection: Connection) -> None:
        """Keep *connection*, or close it when enough are kept."""
        if self.count >= _IDLE_IN_ALL:
            self._drop_stale()
        kept = self.idle[connection.origin]
        if len(kept) >= _IDLE_PER_HOST or self.count >= _IDLE_IN_ALL:
            connection.close()
            return
        connection.idle_since = time.monotonic()
        kept.append(connection)
        self.count += 1

    def _drop_stale(self) -> None:
        limit = time.monotonic() - _IDLE_SECONDS
        for origin, kept in list(self.idle.items()):
            for connection in [one for one in kept if one.idle_since < limit]:
                kept.remove(connection)
                connection.close()
                self.count -= 1
            if not kept:
                del self.idle[origin]
        if self.count >= _IDLE_IN_ALL:  # all fresh: the longest idle goes
            origin, kept = min(self.idle.items(), key=lambda item: item[1][0].idle_since)
            kept.pop(0).close()
            self.count -= 1
            if not kept:
                del self.idle[origin]

    def close(self) -> None:
        """Close everything."""
        for kept in self.idle.values():
            for connection in kept:
                connection.close()
        self.idle.clear()
        self.count = 0


class WireTransport(httpx.AsyncBaseTransport):
    """Speaks HTTP/1.1; one instance for each way of verifying certificates."""

    def __init__(self, guard: Guard, *, context: ssl.SSLContext) -> None:
        self._guard = guard
        self._context = context
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
        origin = (url.scheme, url.host, url.port or (443 if is_tls else 80))
        connection = None if fresh else self._pool.take(origin)
        if connection is None:
            connection = await self._connect(origin, is_tls=is_tls)
        try:
            await _send(connection, request, body)
            version, status, headers = await _head(connection)
            stream = _Body(connection, self._pool, request.method, version, status, headers)
        except BaseException:
            connection.close()
            raise
        return httpx.Response(status, headers=headers, stream=stream)

    async def _connect(self, origin: Origin, *, is_tls: bool) -> Connection:
        _, host, port = origin
        context = self._context if is_tls else None
        reader, writer = await self._open(host, port, context)
        return Connection(origin, reader, writer)

    async def _open(self, host: str, port: int, context: ssl.SSLContext | None) -> Streams:
        return await self._guard.connect(host, port, context=context)


async def _send(connection: Connection, request: httpx.Request, body: bytes) -> None:
    lines = [b"%s %s HTTP/1.1" % (request.method.encode("ascii"), request.url.raw_path)]
    lines += [b"%s: %s" % (name, value) for name, value in request.headers.raw]
    try:
        connection.writer.write(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        if body:
            await connection.writer.drain()
    except OSError as error:
        raise _dead(connection) from error


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
        self._keeps = version == 1 and b"close" not in connection_words
        self._is_whole = False
        codings = b",".join(fields[b"transfer-encoding"]).lower().replace(b" ", b"")
        self._is_empty = method == "HEAD" or status in {204, 304}
        self._is_chunked = codings.endswith(b"chunked")
        if codings not in {b"", b"chunked", b"identity"}:
            raise Refusal(FailureKind.ENCODING, "a transfer coding nobody uses")
        self._length = _content_length(fields[b"content-length"])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._is_empty:
            self._is_whole = True
        elif self._is_chunked:
            async for piece in self._chunks():
                yield piece
        elif self._length is not None:
            async for piece in self._measured(self._length):
                yield piece
        else:
            async for piece in self._to_the_end():
                yield piece

    async def aclose(self) -> None:
        """Keep the connection when it can be used again."""
        if self._is_whole and self._keeps and not self._connection.unused:
            self._pool.put(self._connection)
        else:
            self._connection.close()

    async def _measured(self, left: int) -> AsyncIterator[bytes]:
        data, self._connection.unused = self._connection.unused, b""
        while True:
            if len(data) > left:
                self._connection.unused = data[left:]
                data = data[:left]
            left -= len(data)
            if data:
                yield data
            if left == 0:
                self._is_whole = True
                return
            data = await self._connection.more()
            if not data:
                raise Refusal(FailureKind.TRUNCATED, f"the page broke off {left} bytes too early")

    async def _to_the_end(self) -> AsyncIterator[bytes]:
        data, self._connection.unused = self._connection.unused, b""
        self._keeps = False
        while True:
            if data:
                yield data
            data = await self._connection.more()
            if not data:
                self._is_whole = True
                return

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
            self._is_whole = False
            if await self._line():
                raise Refusal(FailureKind.PROTOCOL, "the chunks of the page are broken")
        for _ in range(MAX_HEADERS):
            if not await self._line():  # the end of the trailers
                self._is_whole = True
                return
        raise Refusal(FailureKind.TOO_LARGE, "the trailers are too long")

    async def _line(self) -> bytes:
        data = self._connection.unused
        while (end := data.find(b"\n")) < 0:
            if len(data) > _MAX_CHUNK_LINE:
                raise Refusal(FailureKind.PROTOCOL, "the chunks of the page are broken")
            more = await self._connection.more()
            if not more:
                raise Refusal(FailureKind.TRUNCATED, "the page broke off between two chunks")
            data += more
        self._connection.unused = data[end + 1 :]
        return data[:end].rstrip(b"\r")


def _content_length(values: list[bytes]) -> int | None:
    found = {value.strip() for one in values for value in one.split(b",")}
    if not found:
        return None
    if len(found) > 1 or not _LENGTH.match(next(iter(found))):
        raise Refusal(FailureKind.PROTOCOL, "the length of the page is nonsense")
    return int(found.pop())
