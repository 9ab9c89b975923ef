"""What every `Transport` must do; each adapter's tests inherit these."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Protocol

import pytest

from aggregator.model import (
    Failed,
    FailureKind,
    Fetched,
    FetchResult,
    Gone,
    Moved,
    NotModified,
    Request,
)
from aggregator.ports import Transport


class Site(Protocol):
    """A web site whose answers a test decides."""

    def url(self, path: str) -> str:
        """Return the address of *path*."""
        ...

    def page(self, path: str, body: bytes, *, headers: Mapping[str, str]) -> None:
        """Answer *path* with 200; with 304 to whoever shows its ETag or Last-Modified."""
        ...

    def status(self, path: str, status: int, *, headers: Mapping[str, str]) -> None:
        """Answer *path* with *status* and no page."""
        ...


class TransportContract(ABC):
    """Inherit, and say how a transport and a site it can reach are made."""

    @pytest.fixture
    @abstractmethod
    def site(self) -> Site:
        """Return a site that has nothing yet."""

    @abstractmethod
    def transport(self, site: Site) -> Transport:
        """Return a transport that reaches *site*; called inside a running event loop."""

    def fetch(self, site: Site, *requests: Request) -> list[FetchResult]:
        async def all_of_them() -> list[FetchResult]:
            transport = self.transport(site)
            try:
                return [await transport.fetch(request) for request in requests]
            finally:
                await transport.close()

        return asyncio.run(all_of_them())

    def test_a_page_comes_back_whole(self, site: Site) -> None:
        headers = {"Content-Type": "text/html; charset=utf-8", "ETag": '"1"'}
        site.page("/news", "<p>ñandú</p>".encode(), headers=headers)

        (result,) = self.fetch(site, Request(url=site.url("/news")))

        assert isinstance(result, Fetched)
        assert (result.url, result.body) == (site.url("/news"), "<p>ñandú</p>".encode())
        assert (result.content_type, result.etag) == (headers["Content-Type"], '"1"')
        assert result.at.tzinfo is not None

    @pytest.mark.parametrize(
        ("header", "value"),
        [("ETag", 'W/"7"'), ("Last-Modified", "Sun, 01 Mar 2026 12:00:00 GMT")],
    )
    def test_what_we_hold_is_not_sent_again(self, site: Site, header: str, value: str) -> None:
        site.page("/news", b"<p>old</p>", headers={header: value})
        field = header.lower().replace("-", "_")
        held = Request(url=site.url("/news"), **{field: value})  # type: ignore[arg-type]

        (result,) = self.fetch(site, held)

        assert isinstance(result, NotModified)

    def test_another_page_than_the_one_we_hold_is_sent(self, site: Site) -> None:
        site.page("/news", b"<p>new</p>", headers={"ETag": '"2"'})

        (result,) = self.fetch(site, Request(url=site.url("/news"), etag='"1"'))

        assert isinstance(result, Fetched)

    def test_a_page_that_is_gone_is_gone(self, site: Site) -> None:
        site.status("/news", 410, headers={})

        (result,) = self.fetch(site, Request(url=site.url("/news")))

        assert isinstance(result, Gone)

    @pytest.mark.parametrize(
        ("status", "kind"),
        [
            (404, FailureKind.NOT_FOUND),
            (403, FailureKind.UNAUTHORIZED),
            (500, FailureKind.STATUS),
            (429, FailureKind.RATE_LIMITED),
        ],
    )
    def test_no_page_is_a_value_with_a_kind(
        self, site: Site, status: int, kind: FailureKind
    ) -> None:
        site.status("/news", status, headers={})

        (result,) = self.fetch(site, Request(url=site.url("/news")))

        assert isinstance(result, Failed)
        assert (result.kind, result.retry_at) == (kind, None)
        assert result.detail

    def test_when_to_come_back_is_told(self, site: Site) -> None:
        site.status("/news", 503, headers={"Retry-After": "120"})

        (result,) = self.fetch(site, Request(url=site.url("/news")))

        assert isinstance(result, Failed)
        assert result.kind is FailureKind.RATE_LIMITED
        assert result.retry_at is not None
        assert 100 < (result.retry_at - result.at).total_seconds() < 140

    def test_a_page_that_moved_for_good_comes_with_its_new_address(self, site: Site) -> None:
        site.status("/news", 301, headers={"Location": site.url("/2016/news")})
        site.page("/2016/news", b"<p>here</p>", headers={})

        (result,) = self.fetch(site, Request(url=site.url("/news")))

        assert isinstance(result, Moved)
        assert result.url == site.url("/2016/news")
        assert isinstance(result.then, Fetched)
        assert result.then.body == b"<p>here</p>"

    def test_a_move_to_nowhere_is_not_remembered(self, site: Site) -> None:
        site.status("/news", 301, headers={"Location": site.url("/2016/news")})
        site.status("/2016/news", 500, headers={})

        (result,) = self.fetch(site, Request(url=site.url("/news")))

        assert isinstance(result, Failed)

    @pytest.mark.parametrize("url", ["", "mailto:a@example.org", "ftp://example.org/", "news"])
    def test_what_is_no_web_address_is_a_value(self, site: Site, url: str) -> None:
        (result,) = self.fetch(site, Request(url=url))

        assert isinstance(result, Failed)
        assert result.kind is FailureKind.URL

    def test_one_failure_does_not_spoil_the_next_fetch(self, site: Site) -> None:
        site.status("/bad", 500, headers={})
        site.page("/good", b"<p>good</p>", headers={})

        bad, good = self.fetch(site, Request(url=site.url("/bad")), Request(url=site.url("/good")))

        assert isinstance(bad, Failed)
        assert isinstance(good, Fetched)
