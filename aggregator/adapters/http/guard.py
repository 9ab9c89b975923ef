"""Turn a host into addresses that may be connected to, and connect to one of them."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from aggregator.adapters.http.refusals import Refusal
from aggregator.core.addresses import Allowed, may_connect
from aggregator.model import FailureKind

_READ_LIMIT = 1 << 18
_STAGGER_SECONDS = 3.0  # for one address, while there is another to try

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Guard:
    """Connects to hosts; only to addresses that may be connected to."""

    def __init__(self, allowed: Sequence[Allowed]) -> None:
        self._allowed = tuple(allowed)
        # Our own threads: a name server that hangs must not starve everything else.
        self._resolvers = ThreadPoolExecutor(32, thread_name_prefix="resolve")

    async def addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses of *host* that may be connected to, best first.

        Raises:
            Refusal: The name leads nowhere, or only where we may not go.
        """
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._resolvers, _resolve, host, port)
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or "not a host name"
            raise Refusal(FailureKind.DNS, f"{host}: {reason}") from error
        fine = [
            address for address in found if may_connect(host, port, address, allowed=self._allowed)
        ]
        if not fine:
            where = ", ".join(found[:3])
            raise Refusal(
                FailureKind.BLOCKED_ADDRESS,
                f"{host}:{port} leads to {where}, which is not a public address",
            )
        return fine

    async def connect(self, host: str, port: int, *, context: ssl.SSLContext | None) -> Streams:
        """Open a connection to *host*; with TLS when there is a *context*.

        Raises:
            Refusal: Nobody answers, or not with a certificate we trust.
        """
        addresses = await self.addresses(host, port)
        for at, address in enumerate(addresses):
            last = at == len(addresses) - 1
            try:
                async with asyncio.timeout(None if last else _STAGGER_SECONDS):
                    return await asyncio.open_connection(
                        address,
                        port,
                        limit=_READ_LIMIT,
                        ssl=context,
                        server_hostname=host if context else None,
                    )
            except ssl.SSLError as error:
                reason = getattr(error, "verify_message", None) or error.reason or "no TLS"
                raise Refusal(FailureKind.TLS, f"{host}: {reason}") from error
            except (OSError, TimeoutError) as error:
                if last:
                    reason = getattr(error, "strerror", None) or "no answer"
                    raise Refusal(FailureKind.CONNECT, f"{host}:{port}: {reason}") from error
        raise Refusal(FailureKind.CONNECT, f"{host}:{port}: no address")

    def close(self) -> None:
        """Let go of the threads."""
        self._resolvers.shutdown(wait=False, cancel_futures=True)


def _resolve(host: str, port: int) -> list[str]:
    infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in infos))
