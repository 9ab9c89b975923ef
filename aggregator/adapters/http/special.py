"""Clients for sources that need more than plain HTTP/1.1: a proxy, HTTP/2, other certificates."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterable
from typing import Any

import httpcore
import httpx

from aggregator.adapters.http.guard import Guard
from aggregator.adapters.http.refusals import Refusal
from aggregator.adapters.http.wire import WireTransport
from aggregator.model import FailureKind, RequestOptions


class SpecialClients:
    """Makes a client for each set of needs, once."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._clients: dict[tuple[Any, ...], httpx.AsyncClient] = {}

    def client(self, options: RequestOptions) -> httpx.AsyncClient:
        """Return the client for *options*.

        Raises:
            Refusal: The client certificate cannot be read.
        """
        needs = (options.proxy, options.http2, options.insecure, options.client_certificate)
        if needs not in self._clients:
            self._clients[needs] = httpx.AsyncClient(
                transport=self._transport(options), trust_env=False, follow_redirects=False
            )
        return self._clients[needs]

    async def close(self) -> None:
        """Close every client."""
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    def _transport(self, options: RequestOptions) -> httpx.AsyncBaseTransport:
        context = _context(options)
        if options.proxy:
            # Where a proxy connects to is its own business; see docs/fetching.md.
            return _CoreTransport(
                httpcore.AsyncHTTPProxy(
                    options.proxy, ssl_context=context, http2=options.http2, keepalive_expiry=15.0
                )
            )
        if options.http2:
            return _CoreTransport(
                httpcore.AsyncConnectionPool(
                    ssl_context=context,
                    http2=True,
                    max_keepalive_connections=8,
                    keepalive_expiry=15.0,
                    network_backend=_GuardedBackend(self._guard),
                )
            )
        return WireTransport(self._guard, context=context)


def _context(options: RequestOptions) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if options.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if options.client_certificate:
        try:
            context.load_cert_chain(options.client_certificate)
        except (OSError, ssl.SSLError) as error:
            path = options.client_certificate
            raise Refusal(FailureKind.TLS, f"{path}: not a certificate with its key") from error
    return context


class _GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects for httpcore, only to addresses that may be connected to."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 -- httpcore's own signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        address = (await self._guard.addresses(host, port))[0]
        return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class _CoreTransport(httpx.AsyncBaseTransport):
    """Lets httpx use an httpcore pool that we made."""

    def __init__(self, pool: httpcore.AsyncConnectionPool) -> None:
        self._pool = pool

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send *request* through the pool."""
        try:
            response = await self._pool.handle_async_request(
                httpcore.Request(
                    request.method,
                    httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                )
            )
        except httpcore.ConnectError as error:
            raise httpx.ConnectError(str(error)) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError) as error:
            raise httpx.RemoteProtocolError(str(error)) from error
        return httpx.Response(
            response.status, headers=response.headers, stream=_CoreStream(response)
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


class _CoreStream(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._response.aiter_stream():
                yield piece
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise Refusal(FailureKind.TRUNCATED, "the page broke off") from error

    async def aclose(self) -> None:
        await self._response.aclose()
