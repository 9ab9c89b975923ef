"""What an answer means, in our words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import httpx

from aggregator.adapters.http.refusals import Refusal
from aggregator.adapters.http.trip import REDIRECTS
from aggregator.core.caching import fresh_for, retry_at, validator
from aggregator.model import Failed, FailureKind, Fetched, Gone, NotModified

PAGE = frozenset({200, 203})  # 203: a proxy on the way changed it
_NOT_MODIFIED, _NOT_FOUND, _GONE, _TOO_MANY = 304, 404, 410, 429
_UNAUTHORIZED = frozenset({401, 403, 407, 451})
_LATER = frozenset({429, 503})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one exchange brought."""

    status: int
    headers: httpx.Headers
    body: bytes = field(repr=False)  # codings undone; of anything but a page, nothing

    @property
    def is_redirect(self) -> bool:
        """Tell whether it leads elsewhere."""
        return self.status in REDIRECTS and bool(self.headers.get("location"))


def meaning(answer: Answer, url: str, *, now: datetime) -> Fetched | NotModified | Gone | Failed:
    """Say in our words what came back from *url*."""
    headers, status = answer.headers, answer.status
    if status in PAGE:
        return Fetched(
            url=url,
            body=answer.body,
            at=now,
            content_type=headers.get("content-type", "")[:500],
            etag=validator(headers.get("etag")),
            last_modified=validator(headers.get("last-modified")),
            fresh_for=fresh_for(headers, now=now),
        )
    if status == _NOT_MODIFIED:
        return NotModified(at=now, fresh_for=fresh_for(headers, now=now))
    if status == _GONE:
        return Gone(at=now)
    later = retry_at(headers.get("retry-after"), now=now)
    kind = _kind(status, is_told_when=later is not None)
    when = f" and to come back at {later:%Y-%m-%d %H:%M} UTC" if later else ""
    return Failed(kind=kind, detail=f"the server says {status}{when}", at=now, retry_at=later)


def _kind(status: int, *, is_told_when: bool) -> FailureKind:
    if status == _TOO_MANY or (status in _LATER and is_told_when):
        return FailureKind.RATE_LIMITED
    if status in _UNAUTHORIZED:
        return FailureKind.UNAUTHORIZED
    if status == _NOT_FOUND:
        return FailureKind.NOT_FOUND
    if status in REDIRECTS:
        return FailureKind.REDIRECT
    return FailureKind.STATUS


def translated(error: Exception) -> Refusal:
    """Return the reason behind what httpx raises for a special client."""
    names = {
        httpx.ConnectTimeout: (FailureKind.TIMEOUT, "no connection in time"),
        httpx.ConnectError: (FailureKind.CONNECT, "no connection"),
        httpx.ProxyError: (FailureKind.CONNECT, "the proxy refuses"),
        httpx.TimeoutException: (FailureKind.TIMEOUT, "no answer in time"),
        httpx.UnsupportedProtocol: (FailureKind.URL, "not an http or https address"),
        httpx.InvalidURL: (FailureKind.URL, "not an address that can be asked"),
    }
    for kind, (failure, detail) in names.items():
        if isinstance(error, kind):
            return Refusal(failure, detail)
    return Refusal(FailureKind.PROTOCOL, f"{type(error).__name__}: the answer cannot be used")
