"""The application: a feed goes out without detours, because readers ask for little else."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from aggregator.errors import StoreError
from aggregator.model import FeedId
from aggregator.web import health, pages
from aggregator.web.documents import Documents, document_of
from aggregator.web.hub import Hub
from aggregator.web.replies import (
    FEED_HEADERS,
    PAGE_HEADERS,
    Headers,
    Reply,
    plain,
    reply,
    whole,
)
from aggregator.web.site import Site

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]

Render: TypeAlias = Callable[[Site], str | None]

_LONGEST_PATH = 2000  # characters
_FORM_BYTES = 10_000  # two long addresses and a secret
_FEED = re.compile(
    r"(?P<feed>(?:sources/)?[a-z0-9][a-z0-9_.-]{0,99})(?P<archive>/archive/\d{1,9})?"
    r"\.(?P<suffix>atom|rss|json)"
)
_PAGE = re.compile(rb"page=(\d{1,6})")
_PREFLIGHT: Headers = [
    (b"allow", b"GET, HEAD, OPTIONS"),
    (b"access-control-allow-methods", b"GET, HEAD"),
    (b"access-control-allow-headers", b"If-None-Match, If-Modified-Since"),
    (b"access-control-max-age", b"86400"),
]


class App:
    """Serves a site (ASGI 3)."""

    def __init__(self, site: Site, hub: Hub | None = None) -> None:
        """Serve *site*, and *hub* when it is our own."""
        self._site = site
        self._hub = hub if site.frame.outside_hub is None else None
        self._documents = Documents(site.folder)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        given = await self._answer(scope, receive)
        kind = "feed" if scope["path"].startswith("/feeds") else "page"
        self._site.meters.answered(kind, given.status)
        start = {"type": "http.response.start", "status": given.status, "headers": given.headers}
        await send(start)
        body = b"" if scope["method"] == "HEAD" else given.body
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> Reply:
        path, method = scope["path"], scope["method"]
        if len(path) > _LONGEST_PATH:
            return plain(414, "This address is too long.")
        if scope["http_version"] == "1.1" and _hosts(scope) != 1:
            return plain(400, "This request does not say which host it means.")
        if path == "/hub" and self._hub is not None:
            return await self._subscription(self._hub, method, receive)
        is_feed = path.startswith("/feeds/") or path == "/feeds.opml"
        if method == "OPTIONS" and is_feed:
            return Reply(204, [*FEED_HEADERS, *_PREFLIGHT], b"")
        if method not in {"GET", "HEAD"}:
            return plain(405, "This can only be read.", (b"allow", b"GET, HEAD"))
        asked = dict(scope["headers"])
        if path == "/feeds.opml":
            return self._file("feeds.opml", asked, suffix="opml", feed="all")
        if is_feed:
            return self._feed(path.removeprefix("/feeds/"), asked)
        return await self._page(path, scope["query_string"], asked)

    def _feed(self, path: str, asked: dict[bytes, bytes]) -> Reply:
        """Answer for a document below the feeds' folder."""
        match = _FEED.fullmatch(path)
        if match is None:
            return _NO_FEED
        feed, site = FeedId(match["feed"]), self._site
        if feed in site.feeds:
            return self._file(path, asked, suffix=match["suffix"], feed=feed)
        if feed in site.moved:
            to = f"{site.frame.base_url}{site.moved[feed]}{path.removeprefix(feed)}"
            return _moved(to)
        return _GONE if feed in site.gone else _NO_FEED

    def _file(self, path: str, asked: dict[bytes, bytes], *, suffix: str, feed: str) -> Reply:
        document = self._documents.find(path)
        if document is None:
            return _NO_FEED
        return reply(
            document,
            asked,
            suffix=suffix,
            max_age_seconds=int(self._site.max_age(feed, path).total_seconds()),
            more=[*FEED_HEADERS, *self._links(path)],
        )

    def _links(self, path: str) -> Headers:
        """Return where news of the document is pushed from, and what it is called there."""
        hub = self._site.frame.hub
        if hub is None or not self._site.is_pushed(path):
            return []
        own = f"{self._site.frame.base_url}{path}"
        return [(b"link", f'<{hub}>; rel="hub", <{own}>; rel="self"'.encode())]

    async def _subscription(self, hub: Hub, method: str, receive: Receive) -> Reply:
        """Answer for the hub."""
        if method != "POST":
            return plain(405, "This is a WebSub hub: it takes POST.", (b"allow", b"POST"))
        form = await body_of(receive, limit=_FORM_BYTES)
        if form is None:
            return plain(413, "This form is too large.")
        try:
            return await hub.take(form)
        except StoreError:
            return _UNREADABLE

    async def _page(self, path: str, query: bytes, asked: dict[bytes, bytes]) -> Reply:
        """Answer for a page, and for what programs ask that are no readers."""
        match path.split("/")[1:]:
            case ["health"]:
                return await self._health()
            case ["metrics"]:
                return await self._metrics()
            case ["style.css" | "icon.svg" as name]:
                return _static(name, asked)
            case ["topics", name] if (new := self._site.moved.get(FeedId(name))) is not None:
                return _moved(f"{self._site.frame.home}topics/{new}")
            case parts:
                return await self._html(asked, page_at(parts, number=page_number(query)))

    async def _html(self, asked: dict[bytes, bytes], render: Callable[[Site], str | None]) -> Reply:
        """Render a page beside the loop; ``None`` is a page that is not there."""
        try:
            html = await asyncio.to_thread(render, self._site)
        except StoreError:
            return _UNREADABLE
        if html is None:
            html = pages.lost(self._site, "Not here", "There is no such page, or no more.")
            return whole(404, html.encode(), suffix="html", more=PAGE_HEADERS)
        document = document_of(html.encode())
        return reply(document, asked, suffix="html", max_age_seconds=60, more=PAGE_HEADERS)

    async def _health(self) -> Reply:
        told = await asyncio.to_thread(health.look, self._site)
        return whole(health.status_of(told), health.as_json(told), suffix="health", more=_NOW)

    async def _metrics(self) -> Reply:
        levels = await asyncio.to_thread(health.levels, self._site)
        return whole(200, self._site.meters.text(levels), suffix="metrics", more=_NOW)


def create_app(site: Site, hub: Hub | None = None) -> App:
    """Return the ASGI application that serves *site*."""
    return App(site, hub)


def _hosts(scope: Scope) -> int:
    """Return how many hosts a request names; RFC 9112 section 3.2 wants one."""
    return sum(name == b"host" for name, _ in scope["headers"])


def page_at(parts: Sequence[str], *, number: int) -> Render:
    """Return what renders the page at these parts of a path."""
    match parts:
        case [""]:
            return pages.index
        case ["all"]:
            return partial(pages.all_entries, number=number)
        case ["topics", name]:
            return partial(pages.topic, topic_id=name, number=number)
        case ["sources"]:
            return partial(pages.sources, number=number)
        case ["sources", name]:
            return partial(pages.source, source_id=name, number=number)
        case _:
            return lambda _: None


def page_number(query: bytes) -> int:
    """Return the page that is asked for, from 1.

    >>> page_number(b"page=3"), page_number(b"page=0"), page_number(b"q=x")
    (3, 1, 1)
    """
    match = _PAGE.fullmatch(query)
    return max(1, int(match[1])) if match else 1


def _static(name: str, asked: dict[bytes, bytes]) -> Reply:
    document = document_of(pages.static(name))
    suffix = name.rpartition(".")[2]
    return reply(document, asked, suffix=suffix, max_age_seconds=3600, more=PAGE_HEADERS)


def _moved(address: str) -> Reply:
    return plain(301, "This has another name now.", (b"location", address.encode()))


async def body_of(receive: Receive, *, limit: int) -> bytes | None:
    """Return the body of a request; ``None``: it is longer than *limit* bytes, or breaks off."""
    body: bytes = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] != "http.request" or len(body) > limit:
            return None
        if not message.get("more_body"):
            return body


_NOW: Headers = [*PAGE_HEADERS, (b"cache-control", b"no-store")]
_UNREADABLE = plain(503, "The state cannot be read; the log tells more.")
_NO_FEED = plain(404, "There is no such feed.")
_GONE = plain(410, "This feed is no more.")
