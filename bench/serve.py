"""What polling costs: requests a second for 304 and 200 of one feed, beside nginx.

    python -m bench.serve [SECONDS]

The feed has 50 entries. Both servers run in one process each and serve the same file over
loopback to the same client: one connection, ten requests under way, so that the client
costs little. Without nginx on this machine only our own figures are printed.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import uvloop

from aggregator.adapters.clock import SystemClock
from aggregator.adapters.feedgen import AtomRenderer
from aggregator.adapters.files import FilePublisher
from aggregator.adapters.prometheus import Meters
from aggregator.model import FeedFrame, FeedId, Source, SourceId
from aggregator.testing import MemoryStore
from aggregator.web import Server, Site, create_app
from bench.render import feed

SECONDS = 3.0
DEPTH = 10  # requests under way
NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; keepalive_requests 100000000; etag on; sendfile on; tcp_nopush on;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  types {{ application/atom+xml atom; }}
  server {{ listen 127.0.0.1:{port}; root {folder}; add_header Cache-Control "max-age=300"; }}
}}
"""


def site(folder: Path) -> Site:
    every = timedelta(minutes=30)
    source = Source(id=SourceId("s"), title="S", url="http://example.org/", every=every)
    frame = FeedFrame(
        title="Bench",
        base_url="http://127.0.0.1/feeds/",
        home="http://127.0.0.1/",
        window=50,
        topics=(),
    )
    return Site(
        frame=frame,
        formats=("atom",),
        sources={source.id: source},
        store=MemoryStore(),
        clock=SystemClock(),
        folder=folder / "feeds",
        feeds=frozenset({FeedId("all")}),
        gone=frozenset(),
        moved={},
        ticked=lambda: None,
        meters=Meters(),
    )


def serve(folder: Path, ready: Connection) -> None:
    async def run() -> None:
        server = Server(host="127.0.0.1", port=0)
        async with server.serving(create_app(site(folder))):
            ready.send(server.port)
            await asyncio.Event().wait()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


@contextmanager
def ours(folder: Path) -> Iterator[int]:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(folder, there))
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


@contextmanager
def nginx(folder: Path, program: str) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    configuration = folder / "nginx.conf"
    configuration.write_text(NGINX.format(folder=folder, port=port), encoding="utf-8")
    process = subprocess.Popen([program, "-c", str(configuration), "-p", str(folder)])
    try:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


class Client:
    """One connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._unread = b""

    def ask(self, request: bytes, count: int) -> bytes:
        """Send *request* so often at once; return the last head."""
        self._socket.sendall(request * count)
        head = b""
        for _ in range(count):
            head = self._answer()
        return head

    def _answer(self) -> bytes:
        while (end := self._unread.find(b"\r\n\r\n")) < 0:
            self._unread += self._socket.recv(1 << 20)
        head = self._unread[:end]
        length = 0
        if b" 304 " not in head[:20]:
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
        while len(self._unread) < end + 4 + length:
            self._unread += self._socket.recv(1 << 20)
        self._unread = self._unread[end + 4 + length :]
        return head


def rates(port: int, seconds: float) -> tuple[float, float]:
    """Return requests a second for 304 and for 200."""
    client = Client(port)
    start = b"GET /feeds/all.atom HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    head = client.ask(start + b"\r\n", 1)
    tag = head.lower().partition(b"etag: ")[2].partition(b"\r")[0]
    known = b"If-None-Match: " + tag + b"\r\n"
    return rate(client, start + known + b"\r\n", b" 304 ", seconds), rate(
        client, start + b"\r\n", b" 200 ", seconds
    )


def rate(client: Client, request: bytes, status: bytes, seconds: float) -> float:
    assert status in client.ask(request, DEPTH)
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        client.ask(request, DEPTH)
        done += DEPTH
    return done / (time.perf_counter() - start)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)  # nginx's worker is another user
        document = AtomRenderer().render(feed(50))
        FilePublisher(folder / "feeds").write("all.atom", document, now=datetime.now(UTC))
        print(f"a feed of 50 entries, {len(document):,} bytes; requests a second")
        with ours(folder) as port:
            own = rates(port, seconds)
        print(f"aggregator   304: {own[0]:8,.0f}   200: {own[1]:8,.0f}")
        if program is None:
            print("nginx is not here")
            return
        with nginx(folder, program) as port:
            its = rates(port, seconds)
        print(f"nginx        304: {its[0]:8,.0f}   200: {its[1]:8,.0f}")
        print(f"ratio        304: {own[0] / its[0]:8.2f}   200: {own[1] / its[1]:8.2f}")


if __name__ == "__main__":
    main()
