"""A refresh may be cancelled at any await: nothing is lost, doubled or held for ever."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
import uvloop
from hypothesis import given
from hypothesis import strategies as st

from aggregator.adapters.http import HttpTransport
from aggregator.adapters.parser.pool import ChildParser
from aggregator.model import FetchResult, OutcomeKind, Request
from aggregator.testing import FakeTransport, Workbench
from tests.adapters.raw_server import Exchange, Server, serving
from tests.adapters.raw_server import settings as fetching
from tests.fuzz.mutations import examples

URL = "http://example.org/news"
SELECTORS = "selectors: {items: li, title: a, link: 'a::attr(href)', next: 'a.next'}"
CONFIG = f"""
publish: {{formats: [json]}}
sources: {{news: {{url: '{URL}', pages: 3, {SELECTORS}}}}}
topics: {{mines: {{any: [mine]}}}}
"""
STORIES = 6


def listing(first: int, *, next_page: str = "") -> str:
    rows = (f"<li><a href='/{n}'>Story {n} of a mine</a></li>" for n in range(first, first - 3, -1))
    older = f"<a class=next href='{next_page}'>Older</a>" if next_page else ""
    return f"<html><ul>{''.join(rows)}</ul>{older}</html>"


class SlowTransport(FakeTransport):
    """Lets others go on before and after it answers, as a network does."""

    def __init__(self, fake: FakeTransport) -> None:
        super().__init__()
        self._fake = fake

    async def fetch(self, request: Request) -> FetchResult:
        await asyncio.sleep(0)
        result = await self._fake.fetch(request)
        await asyncio.sleep(0)
        return result


async def cancelled_after(steps: int, work: Awaitable[object]) -> None:
    """Begin *work* and cancel it after so many turns of the loop."""
    task = asyncio.ensure_future(work)
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@examples(2)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=5))
def test_a_refresh_may_be_cancelled_at_any_await(moments: list[int]) -> None:
    async def main() -> tuple[OutcomeKind, list[str]]:
        async with Workbench(CONFIG) as bench:
            object.__setattr__(bench.shop.desk.eyes, "transport", SlowTransport(bench.transport))
            bench.transport.serve(URL, listing(6, next_page="/news/2"))
            bench.transport.serve(f"{URL}/2", listing(3))
            for steps in moments:
                await cancelled_after(steps, bench.refresh("news"))
                bench.clock.advance(timedelta(hours=1))
            outcome = await bench.refresh("news")
            await bench.republish()
            items = json.loads(bench.published("mines.json"))["items"]
            return outcome.kind, [item["title"] for item in items]

    kind, titles = asyncio.run(main())

    assert kind in {OutcomeKind.CHANGED, OutcomeKind.UNCHANGED}
    assert sorted(titles) == [f"Story {n} of a mine" for n in range(1, STORIES + 1)]


# ---- the real transport and the real parser


PLACES = 2  # for fetches, and for fetches of one host
ROUNDS = 40


async def answered_in_pieces(exchange: Exchange) -> None:
    page = listing(6).encode()
    await exchange.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for at in range(0, len(page), 60):
        piece = page[at : at + 60]
        await exchange.raw(b"%x\r\n%s\r\n" % (len(piece), piece))
        await asyncio.sleep(0)
    await exchange.raw(b"0\r\n\r\n")


def open_sockets() -> int:
    found = 0
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # what listed the folder is open no more
            found += str(entry.readlink()).startswith("socket:")
    return found


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 -- nobody tells when a socket is closed
        await asyncio.sleep(0.02)


@pytest.mark.slow
def test_cancelled_fetches_hold_no_place_no_connection_and_no_answer() -> None:
    async def main() -> None:
        async with serving() as server:
            http = HttpTransport(
                fetching(concurrency=PLACES, per_host_concurrency=PLACES, robots=True)
            )
            server.at("/page", answered_in_pieces)
            server.at("/moved", lambda exchange: exchange.redirect("/page", 302))
            before = open_sockets()
            await cancel_fetches(server, http)
            wanted = [Request(url=server.url(path)) for path in ("/page", "/moved") * 3]
            results = await asyncio.gather(*(http.fetch(request) for request in wanted))
            bodies = {getattr(result, "body", None) for result in results}
            assert bodies == {listing(6).encode()}
            assert not any(host.users for host in http._turns._hosts.values())
            await http.close()
            await until(lambda: open_sockets() <= before + 1)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())


async def cancel_fetches(server: Server, http: HttpTransport) -> None:
    rng = Random(1)
    for moment in range(ROUNDS):
        urls = [server.url(rng.choice(["/page", "/moved"])) for _ in range(4)]
        tasks = [asyncio.create_task(http.fetch(Request(url=url))) for url in urls]
        for _ in range(moment):
            await asyncio.sleep(0)
        await asyncio.sleep(rng.choice([0, 0.001, 0.003]))
        for task in rng.sample(tasks, 3):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.slow
def test_a_daemon_whose_refreshes_are_cancelled_goes_on() -> None:
    async def main() -> list[str]:
        async with serving() as server:
            server.at("/news", answered_in_pieces)
            text = CONFIG.replace(URL, server.url("/news"))
            parser, http = ChildParser(children=1), HttpTransport(fetching())
            try:
                async with Workbench(text) as bench:
                    object.__setattr__(bench.shop.desk.eyes, "transport", http)
                    object.__setattr__(bench.shop.desk.eyes, "parser", parser)
                    for moment in range(ROUNDS):
                        task = asyncio.create_task(bench.refresh("news"))
                        await asyncio.sleep(0.001 * (moment % 20))
                        task.cancel()
                        await asyncio.gather(task, return_exceptions=True)
                        bench.clock.advance(timedelta(hours=1))
                    await bench.refresh("news")
                    await bench.republish()
                    items = json.loads(bench.published("all.json"))["items"]
                    return [item["title"] for item in items]
            finally:
                await http.close()
                await parser.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        titles = runner.run(main())

    assert sorted(titles) == [f"Story {n} of a mine" for n in range(4, 7)]
