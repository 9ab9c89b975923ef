"""HTTP/1.1 with limits: nobody holds a connection for nothing."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

REQUEST_SECONDS = 20  # from a connection, or the first byte on an open one, to a whole request
READING_SECONDS = 30  # for a reader to take what waits for it
REQUEST_BYTES = 65_536  # head and body; the longest we need is a subscription at the hub


class GuardedProtocol(HttpToolsProtocol):
    """Closes connections of clients that send, or read, too slowly or send too much.

    uvicorn itself only closes connections that idle after an answer.
    """

    _guard: asyncio.TimerHandle | None = None
    _taken_bytes = 0

    def connection_made(self, transport: Any) -> None:
        """Start the clock."""
        super().connection_made(transport)
        self._watch(REQUEST_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._unwatch()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take the next bytes of a request, unless there have been too many."""
        if self._guard is None:
            self._watch(REQUEST_SECONDS)
        self._taken_bytes += len(data)
        if self._taken_bytes > REQUEST_BYTES:
            self.send_400_response("This request is too large.")
            return
        super().data_received(data)

    def on_message_complete(self) -> None:
        """Begin anew: the next request has its own time and size."""
        self._taken_bytes = 0
        self._unwatch()
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Start the clock for a reader that does not read."""
        self._watch(READING_SECONDS)
        super().pause_writing()

    def resume_writing(self) -> None:
        """Stop the clock: it reads."""
        self._unwatch()
        super().resume_writing()

    def _watch(self, seconds: float) -> None:
        self._unwatch()
        self._guard = self.loop.call_later(seconds, self.transport.abort)

    def _unwatch(self) -> None:
        if self._guard is not None:
            self._guard.cancel()
            self._guard = None
