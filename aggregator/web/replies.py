"""Answers: validators, codings, conditional requests, and the headers that keep readers safe.

See:
    RFC 9110 sections 8.8 (validators), 12.5.3 (Accept-Encoding), 13 (conditional requests)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TypeAlias

from aggregator.adapters.prometheus import MEDIA_TYPE
from aggregator.web.documents import CODINGS, Document

Headers: TypeAlias = list[tuple[bytes, bytes]]
Asked: TypeAlias = Mapping[bytes, bytes]  # a request's headers, names in lower case

MEDIA_TYPES = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
    "opml": "text/x-opml; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml; charset=utf-8",
    "health": "application/json",
    "metrics": MEDIA_TYPE,
    "txt": "text/plain; charset=utf-8",
}

_NOSNIFF = (b"x-content-type-options", b"nosniff")
# A feed opened in a browser is shown as text and can do nothing; any page may read it.
FEED_HEADERS: Headers = [
    _NOSNIFF,
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Last-Modified, Link"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
]
PAGE_HEADERS: Headers = [
    _NOSNIFF,
    (b"referrer-policy", b"no-referrer"),
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        b"form-action 'none'; frame-ancestors 'none'",
    ),
]
_QUALITY = re.compile(r"^\s*([\w*\-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?$")


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers and body of an answer."""

    status: int
    headers: Headers
    body: bytes = field(repr=False)


def reply(
    document: Document, asked: Asked, *, suffix: str, max_age_seconds: int, more: Headers
) -> Reply:
    """Return the answer to a GET; for a HEAD the caller leaves the body out.

    Args:
        document: What is asked for.
        asked: The headers of the request.
        suffix: A key of `MEDIA_TYPES`.
        max_age_seconds: How long a reader need not ask again.
        more: Headers besides those that follow from the document.
    """
    coding = coding_for(asked.get(b"accept-encoding", b"")) if document.is_worth_coding else ""
    # Each coding has bytes of its own, so it has a strong tag of its own.
    tag = f'"{document.tag}-{coding}"' if coding else f'"{document.tag}"'
    headers: Headers = [
        (b"etag", tag.encode()),
        (b"cache-control", f"public, max-age={max_age_seconds}".encode()),
        (b"vary", b"Accept-Encoding"),
        *more,
    ]
    if document.last_modified is not None:
        headers.append((b"last-modified", document.last_modified.encode()))
    if is_unmodified(document, asked, tag=tag):
        return Reply(304, headers, b"")
    body = document.coded(coding) if coding else document.body
    headers.append((b"content-type", MEDIA_TYPES[suffix].encode()))
    headers.append((b"content-length", str(len(body)).encode()))
    if coding:
        headers.append((b"content-encoding", coding.encode()))
    return Reply(200, headers, body)


def plain(status: int, text: str, *more: tuple[bytes, bytes]) -> Reply:
    """Return an answer of one line that repeats nothing of what was asked."""
    return whole(status, f"{text}\n".encode(), suffix="txt", more=[*PAGE_HEADERS, *more])


def whole(status: int, body: bytes, *, suffix: str, more: Headers) -> Reply:
    """Return an answer without validators."""
    headers = [
        (b"content-type", MEDIA_TYPES[suffix].encode()),
        (b"content-length", str(len(body)).encode()),
        *more,
    ]
    return Reply(status, headers, body)


def is_unmodified(document: Document, asked: Asked, *, tag: str) -> bool:
    """Tell whether whoever asks holds this document already."""
    match = asked.get(b"if-none-match")
    if match is not None:  # it wins, whatever If-Modified-Since says: RFC 9110 section 13.2.2
        known = {one.strip().removeprefix("W/") for one in match.decode("latin-1").split(",")}
        return "*" in known or tag in known
    since = asked.get(b"if-modified-since")
    if since is None or document.modified is None:
        return False
    try:
        return int(document.modified) <= parsedate_to_datetime(since.decode("latin-1")).timestamp()
    except (ValueError, TypeError, OverflowError):
        return False


@lru_cache(maxsize=256)  # readers send one of a few; a request has 64 kB at most
def coding_for(accept: bytes) -> str:
    """Return the best coding that Accept-Encoding takes; ``""``: none.

    The one with the highest quality wins, ours decides among equals. A quality of 0 refuses.

    >>> coding_for(b"gzip, br;q=0.5"), coding_for(b"gzip;q=0, *;q=0.1"), coding_for(b"")
    ('gzip', 'br', '')
    """
    qualities = {}
    for part in accept.decode("latin-1").lower().split(","):
        match = _QUALITY.match(part)
        if match:
            qualities[match[1].removeprefix("x-")] = float(match[2] or 1)
    other = qualities.get("*", 0.0)
    best = max(CODINGS, key=lambda coding: qualities.get(coding, other))
    return best if qualities.get(best, other) > 0 else ""
