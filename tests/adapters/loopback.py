"""A web site on loopback whose answers a test decides."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

HELD = (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))


class LoopbackSite:
    """Serves what it was told to, on a free port; ``asked`` holds the paths asked for."""

    def __init__(self) -> None:
        self._answers: dict[str, tuple[int, bytes, Mapping[str, str]]] = {}
        self._held: dict[str, tuple[threading.Event, threading.Event]] = {}
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append(self.path)
                if self.path in site._held:
                    is_asked, may_answer = site._held[self.path]
                    is_asked.set()
                    may_answer.wait(60)
                status, body, headers = site._answers.get(self.path, (404, b"", {}))
                if any(self.headers.get(a, "") == headers.get(b, 0) for a, b in HELD):
                    status, body = 304, b""
                with suppress(ConnectionError):  # whoever asked may be gone by now
                    self._send(status, body, headers)

            def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
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

    def hold(self, path: str, is_asked: threading.Event, may_answer: threading.Event) -> None:
        """Let whoever asks for *path* wait."""
        self._held[path] = (is_asked, may_answer)

    def status(self, path: str, status: int, *, headers: Mapping[str, str] | None = None) -> None:
        self._answers[path] = (status, b"", headers or {})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
