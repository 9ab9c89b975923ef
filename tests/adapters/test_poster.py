"""Short requests go where strangers say, but not inside, not round corners and not for long."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from aggregator.adapters.http import HttpPoster
from tests.adapters.loopback import LoopbackSite


@pytest.fixture
def site() -> Iterator[LoopbackSite]:
    with LoopbackSite() as site:
        yield site


def send(site: LoopbackSite, url: str, *, allow: bool = True) -> tuple[int, bytes] | None:
    async def one() -> tuple[int, bytes] | None:
        poster = HttpPoster(
            allow=[f"127.0.0.1:{site.port}"] if allow else [],
            user_agent="test",
            timeout=timedelta(seconds=5),
        )
        try:
            return await poster.send("GET", url, headers={"X-Test": "1"})
        finally:
            await poster.close()

    return asyncio.run(one())


def test_status_and_answer_come_back(site: LoopbackSite) -> None:
    site.page("/push", b"challenge")

    assert send(site, site.url("/push")) == (200, b"challenge")


def test_private_addresses_are_not_asked(site: LoopbackSite) -> None:
    site.page("/push", b"challenge")

    assert send(site, site.url("/push"), allow=False) is None
    assert send(site, f"http://localhost:{site.port}/push", allow=False) is None
    assert site.asked == []


def test_redirects_are_not_followed(site: LoopbackSite) -> None:
    site.status("/push", 302, headers={"Location": site.url("/inside")})

    assert send(site, site.url("/push")) == (302, b"")
    assert site.asked == ["/push"]


def test_of_a_long_answer_only_the_beginning_is_read(site: LoopbackSite) -> None:
    site.page("/push", b"x" * 1_000_000)

    answer = send(site, site.url("/push"))

    assert answer == (200, b"x" * 10_000)


def test_nobody_there_is_no_answer(site: LoopbackSite) -> None:
    assert send(site, "http://nobody.invalid/") is None
    assert send(site, "gopher://127.0.0.1/") is None
