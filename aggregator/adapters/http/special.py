"""Transports for sources that need more than plain HTTP/1.1: a proxy, HTTP/2, certificates."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import httpcore
import httpx

from aggregator.adapters.http.guard import Guard
from aggregator.adapters.http.refusals import Refusal
from aggregator.adapters.http.wire import WireTransport
from aggregator.model import FailureKind, RequestOptions

_IDLE_CONNECTIONS = 8
_IDLE_SECONDS = 15.0


class SpecialTransports:
    """Makes a transport for each set of needs, once."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._made: dict[tuple[Any, ...], httpx.AsyncBaseTransport] = {}

    def transport(self, options: RequestOptions, *, is_home: bool) -> httpx.AsyncBaseTransport:
        """Return the transport for *options*; away from home without what proves who we are.

        Raises:
            Refusal: The client certificate cannot be read.
        """
        if not is_home:
            options = replace(options, client_certificate=None, insecure=False)
        needs = (options.proxy, options.http2, options.insecure, options.client_certificate)
        if needs not in self._made:
            self._made[needs] = self._make(options)
        return self._made[needs]

    async def close(self) -> None:
        """Close every connection."""
        for transport in self._made.values():
            await transport.aclose()
        self._made.clear()

    def _make(self, options: RequestOptions) -> httpx.AsyncBaseTransport:
        context = _context(options)
        if options.proxy:
            url, login = _proxy(options.proxy)
            return _CoreTransport(
                httpcore.AsyncHTTPProxy(
                    url,
                    proxy_auth=login,
                    ssl_context=context,
                    http2=options.http2,
                    max_keepalive_connections=_IDLE_CONNECTIONS,
                    keepalive_expiry=_IDLE_SECONDS,
                ),
                beyond_proxy=self._guard,
            )
        if options.http2:
            return _CoreTransport(
                httpcore.AsyncConnectionPool(
                    ssl_context=context,
                    http2=True,
                    network_backend=_GuardedBackend(self._guard),
                    max_keepalive_connections=_IDLE_CONNECTIONS,
                    keepalive_expiry=_IDLE_SECONDS,
                )
            )
        return WireTransport(self._guard, context=lambda: context)


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


def _proxy(url: str) -> tuple[str, tuple[bytes, bytes] | None]:
    """Take the login off the address of a proxy."""
    parts = urlsplit(url)
    if not parts.username:
        return url, None
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2])
    user, password = unquote(parts.username), unquote(parts.password or "")
    return urlunsplit(bare), (user.encode(), password.encode())


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

    def __init__(
        self, pool: httpcore.AsyncConnectionPool, *, beyond_proxy: Guard | None = None
    ) -> None:
        self._pool = pool
        self._beyond_proxy = beyond_proxy

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send *request* through the pool."""
        url = request.url
        if self._beyond_proxy is not None:
            host = url.raw_host.decode("ascii")
            await self._beyond_proxy.check_beyond_proxy(host, url.port or _PORTS[url.scheme])
        try:
            response = await self._pool.handle_async_request(
                httpcore.Request(
                    request.method,
                    httpcore.URL(
                        scheme=url.raw_scheme,
                        host=url.raw_host,
                        port=url.port,
                        target=url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                )
            )
        except httpcore.ConnectError as error:
            raise _no_connection(error) from error
        except httpcore.ProxyError as error:
            raise Refusal(FailureKind.CONNECT, f"the proxy refuses: {error}"[:200]) from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise Refusal(FailureKind.PROTOCOL, "what came back is not HTTP") from error
        return httpx.Response(
            response.status, headers=response.headers, stream=_CoreStream(response)
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


_PORTS = {"http": 80, "https": 443}


def _no_connection(error: httpcore.ConnectError) -> Refusal:
    """Return why there is no connection: certificates have words of their own."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            reason = getattr(cause, "verify_message", None) or cause.reason or "no TLS"
            return Refusal(FailureKind.TLS, str(reason))
        cause = cause.__cause__ or cause.__context__
    return Refusal(FailureKind.CONNECT, "no connection")


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
