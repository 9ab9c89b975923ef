"""Uvicorn inside the daemon's own event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from aggregator.errors import ServeError
from aggregator.web.protocol import GuardedProtocol

CONNECTIONS = 800  # more get 503; a process may have 1,024 files open by default
_GRACE_SECONDS = 2


class _Quiet(uvicorn.Server):
    """Leaves signals to the daemon."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


class Server:
    """Listens once and serves one application after the other.

    The socket stays open while the daemon reads its configuration again, so readers wait a
    moment instead of being refused.
    """

    def __init__(self, *, host: str, port: int) -> None:
        """Listen on *host* and *port*; 0 is any free port.

        Raises:
            ServeError: The port is taken or may not be used.
        """
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((host, port))
        except OSError as error:
            self._socket.close()
            raise ServeError(f"{host}:{port}: {error.strerror}") from error
        self._socket.listen(512)
        self.host, self.port = host, int(self._socket.getsockname()[1])

    @asynccontextmanager
    async def serving(self, app: Any) -> AsyncIterator[None]:
        """Serve *app* until the block ends; requests that run get a moment to finish."""
        server = _Quiet(
            uvicorn.Config(
                app,
                lifespan="off",
                log_config=None,
                log_level="error",  # what strangers send wrong is not worth a line
                access_log=False,
                server_header=False,
                date_header=True,
                proxy_headers=False,
                limit_concurrency=CONNECTIONS,
                timeout_keep_alive=15,
                timeout_graceful_shutdown=_GRACE_SECONDS,
                http=GuardedProtocol,
                ws="none",
            )
        )
        copy = self._socket.dup()
        task = asyncio.create_task(server.serve(sockets=[copy]))
        try:
            yield
        finally:
            server.should_exit = True
            await task
            copy.close()

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()
