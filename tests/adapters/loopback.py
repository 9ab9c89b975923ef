"""A web site on loopback whose answers a test decides."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

HELD = (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))


class LoopbackSite:
    """Serves what it was told to, on a free port; ``asked`` holds the paths asked for."""

    def __init__(self) -> None:
        self._answers: dict[str, tuple[int, bytes, Mapping[str, str]]] = {}
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append(self.path)
                status, body, headers = site._answers.get(self.path, (404, b"", {}))
                if any(self.headers.get(a, "") == headers.get(b, 0) for a, b in HELD):
                    status, body = 304, b""
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Print nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def page(self, path: str, body: bytes, *, headers: Mapping[str, str] | None = None) -> None:
        self._answers[path] = (200, body, {"Content-Type": "text/html", **(headers or {})})

    def status(self, path: str, status: int, *, headers: Mapping[str, str] | None = None) -> None:
        self._answers[path] = (status, b"", headers or {})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def loopback_site() -> Iterator[LoopbackSite]:
    """Serve on a free port until the end of the block."""
    with LoopbackSite() as site:
        yield site
