"""Turn a host into addresses that may be connected to, and connect to one of them."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from aggregator.adapters.http.refusals import Refusal
from aggregator.core.addresses import Allowed, address_of, may_connect
from aggregator.model import FailureKind

_STAGGER_SECONDS = 3.0  # for one address, while there is another to try
_RESOLVERS = 128  # a name server that hangs holds one for half a minute

_Protocol = TypeVar("_Protocol", bound=asyncio.Protocol)


class Guard:
    """Connects to hosts; only to addresses that may be connected to."""

    def __init__(self, allowed: Sequence[Allowed]) -> None:
        self._allowed = tuple(allowed)
        # Our own threads: a name server that hangs must not starve everything else.
        self._resolvers = ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="resolve")

    async def addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses of *host* that may be connected to, best first.

        Raises:
            Refusal: The name leads nowhere, or only where we may not go.
        """
        found = await self._found(host, port)
        fine = self._fine(host, port, found)
        if not fine:
            where = ", ".join(found[:3])
            raise Refusal(
                FailureKind.BLOCKED_ADDRESS,
                f"{host}:{port} leads to {where}, which is not a public address",
            )
        return fine

    async def check_beyond_proxy(self, host: str, port: int) -> None:
        """Let a proxy connect to *host*, unless we know that it leads where we may not go.

        The proxy resolves names itself; one that we cannot resolve is its own business.

        Raises:
            Refusal: It does.
        """
        try:
            await self.addresses(host, port)
        except Refusal as refusal:
            if refusal.kind is not FailureKind.DNS:
                raise

    async def connect(
        self,
        protocol: Callable[[], _Protocol],
        host: str,
        port: int,
        *,
        context: ssl.SSLContext | None,
    ) -> _Protocol:
        """Open a connection to *host*; with TLS when there is a *context*.

        Raises:
            Refusal: Nobody answers, or not with a certificate we trust.
        """
        addresses = await self.addresses(host, port)
        name = host.rstrip(".") if context else None
        loop = asyncio.get_running_loop()
        for at, address in enumerate(addresses):
            last = at == len(addresses) - 1
            try:
                async with asyncio.timeout(None if last else _STAGGER_SECONDS):
                    _, made = await loop.create_connection(
                        protocol, address, port, ssl=context, server_hostname=name
                    )
                    return made
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

    async def _found(self, host: str, port: int) -> list[str]:
        if address_of(host) is not None:
            return [host]
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._resolvers, _resolve, host, port)
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or "not a host name"
            raise Refusal(FailureKind.DNS, f"{host}: {reason}") from error

    def _fine(self, host: str, port: int, found: list[str]) -> list[str]:
        return [
            address for address in found if may_connect(host, port, address, allowed=self._allowed)
        ]


def _resolve(host: str, port: int) -> list[str]:
    infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in infos))
