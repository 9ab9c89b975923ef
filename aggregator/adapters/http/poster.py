"""Send short requests to addresses that strangers named: guarded, bounded, never redirected."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from datetime import timedelta

import httpx

from aggregator.adapters.http.guard import Guard
from aggregator.adapters.http.refusals import Refusal
from aggregator.adapters.http.wire import WireTransport
from aggregator.core.addresses import parse_allowed

_ANSWER_BYTES = 10_000  # more than any challenge needs


class HttpPoster:
    """Implements `aggregator.ports.Poster`."""

    def __init__(self, *, allow: Sequence[str], user_agent: str, timeout: timedelta) -> None:
        self._guard = Guard([parse_allowed(text) for text in allow])
        self._agent = user_agent
        self._seconds = timeout.total_seconds()
        self._client: httpx.AsyncClient | None = None

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, bytes] | None:
        sent = {"User-Agent": self._agent, "Accept-Encoding": "identity", **headers}
        try:
            async with asyncio.timeout(self._seconds):
                request = self._opened().build_request(method, url, headers=sent, content=body)
                response = await self._opened().send(request, stream=True)
                try:
                    return response.status_code, await _beginning(response)
                finally:
                    await response.aclose()
        except (Refusal, TimeoutError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
            return None

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
        self._guard.close()

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            wire = WireTransport(self._guard, context=ssl.create_default_context)
            self._client = httpx.AsyncClient(
                transport=wire, trust_env=False, follow_redirects=False, headers={}
            )
        return self._client


async def _beginning(response: httpx.Response) -> bytes:
    pieces, size = [], 0
    async for piece in response.aiter_raw():
        pieces.append(piece)
        size += len(piece)
        if size > _ANSWER_BYTES:
            break
    return b"".join(pieces)[:_ANSWER_BYTES]
