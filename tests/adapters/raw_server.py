"""A server on loopback that answers with exactly the bytes a test wants."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

import uvloop

from aggregator.adapters.http import FetchSettings, HttpTransport
from aggregator.model import FetchResult, Request, RequestOptions

Script = Callable[["Exchange"], Awaitable[None]]
_T = TypeVar("_T")

PAGE = b"<html><ul><li><a href=/1>Road reopens</a></ul></html>"


@dataclass
class Exchange:
    """One request, and the way to answer it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    writer: asyncio.StreamWriter

    async def raw(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def send(self, body: bytes = PAGE, status: int = 200, *headers: str) -> None:
        lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", *headers]
        await self.raw("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    async def redirect(self, target: str, status: int = 302, *headers: str) -> None:
        await self.send(b"", status, f"Location: {target}", *headers)

    def hang_up(self) -> None:
        self.writer.transport.abort()


@dataclass
class Server:
    """What was asked, and what is answered: a script for each path."""

    port: int = 0
    scripts: dict[str, Script] = field(default_factory=dict)
    asked: list[Exchange] = field(default_factory=list)
    connections: int = 0

    def url(self, path: str = "/", *, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def at(self, path: str, script: Script) -> None:
        self.scripts[path] = script

    def paths(self) -> list[str]:
        return [exchange.path for exchange in self.asked]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await self._answer(head.decode("latin-1"), reader, writer)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, OSError):
            pass  # the client is gone, or the test is over
        finally:
            writer.close()

    async def _answer(
        self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        first, *lines = head.strip().split("\r\n")
        method, path, _ = first.split(" ")
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        exchange = Exchange(method, path, headers, body, writer)
        self.asked.append(exchange)
        script = self.scripts.get(path.partition("?")[0])
        await (script(exchange) if script else exchange.send(b"", 404))


@asynccontextmanager
async def serving(tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """Serve on a free port of every loopback address."""
    server = Server()
    listening = await asyncio.start_server(server.serve, "0.0.0.0", 0, ssl=tls, limit=1 << 20)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()


def settings(**changes: object) -> FetchSettings:
    known: dict[str, object] = {
        "user_agent": "aggregator-test (+http://example.org/bot)",
        "timeout": timedelta(seconds=10),
        "per_host_delay": timedelta(0),
        "robots": False,
        "allow": ("127.0.0.0/8:*",),
    }
    return FetchSettings(**(known | changes))  # type: ignore[arg-type]


@asynccontextmanager
async def transport(**changes: object) -> AsyncIterator[HttpTransport]:
    made = HttpTransport(settings(**changes))
    try:
        yield made
    finally:
        await made.close()


def on_uvloop(main: Coroutine[Any, Any, _T]) -> _T:
    """Run *main* on the event loop the program runs on."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


def fetch(
    script: Script,
    *,
    path: str = "/page",
    options: RequestOptions | None = None,
    **changes: object,
) -> FetchResult:
    """Fetch one page from a server that answers it with *script*."""

    async def main() -> FetchResult:
        async with serving() as server, transport(**changes) as http:
            server.at("/page", script)
            request = Request(url=server.url(path), options=options or RequestOptions())
            return await http.fetch(request)

    return on_uvloop(main())


def run(work: Callable[[Server, HttpTransport], Awaitable[_T]], **changes: object) -> _T:
    """Run *work* with a server and a transport."""

    async def main() -> _T:
        async with serving() as server, transport(**changes) as http:
            return await work(server, http)

    return on_uvloop(main())
