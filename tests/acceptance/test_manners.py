"""What a site sees of us over some hours: the daemon's rounds, counted by a server of our own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import pytest

from aggregator import rounds as rounds_module
from aggregator.adapters.http import HttpTransport
from aggregator.model import SourceId, SourceState
from aggregator.rounds import Rounds
from aggregator.testing import Workbench
from tests.adapters.raw_server import Exchange, Server, on_uvloop, serving, settings

PAGE = b"<html><ul><li><a href=/1>A mine opens</a></ul></html>"
RULE = "selectors: {items: li, title: a, link: 'a::attr(href)'}"
HOURS = 4
PATIENCE = timedelta(minutes=1)
_T = TypeVar("_T")


@pytest.fixture(autouse=True)
def _a_machine_that_may_be_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds_module, "DRAIN", PATIENCE)


@dataclass
class Scene:
    """A daemon without its process, and what the server saw of it."""

    bench: Workbench
    server: Server
    rounds: Rounds

    async def hours(self, count: int) -> None:
        for _ in range(count):
            self.bench.clock.advance(timedelta(hours=2))
            await self.rounds.tick()
            await self.rounds.drain()

    def state(self, name: str) -> SourceState:
        with self.bench.shop.store.reading() as session:
            return session.source_states([SourceId(name)])[0]


def seen(addresses: dict[str, str], work: Callable[[Scene], Awaitable[_T]]) -> _T:
    """Let a daemon on *addresses* (host and path of each source) work with a server."""

    async def main() -> _T:
        async with serving() as server:
            server.at(
                "/robots.txt", lambda exchange: exchange.send(b"User-agent: *\nDisallow: /no")
            )
            sources = "".join(
                f"  {name}: {{url: '{server.url(f'/{path}', host=host)}', {RULE}}}\n"
                for name, address in addresses.items()
                for host, _, path in [address.partition("/")]
            )
            http = HttpTransport(settings(robots=True, timeout=PATIENCE))
            try:
                async with Workbench(f"sources:\n{sources}") as bench:
                    object.__setattr__(bench.shop.desk.eyes, "transport", http)
                    rounds = Rounds(bench.shop, ended=lambda _result, _took: None)
                    return await work(Scene(bench, server, rounds))
            finally:
                await http.close()

    return on_uvloop(main())


async def with_validators(exchange: Exchange) -> None:
    if exchange.headers.get("if-none-match") == '"1"':
        await exchange.send(b"", 304)
    else:
        await exchange.send(PAGE, 200, 'ETag: "1"')


def test_robots_txt_is_asked_for_once_and_a_page_that_stays_is_sent_once() -> None:
    async def work(scene: Scene) -> tuple[Counter[str], list[bool]]:
        scene.server.at("/one", with_validators)
        scene.server.at("/two", with_validators)
        await scene.hours(HOURS)
        pages = [one for one in scene.server.asked if one.path == "/one"]
        return Counter(scene.server.paths()), ["if-none-match" in one.headers for one in pages]

    asked, conditional = seen({"one": "127.0.0.1/one", "two": "127.0.0.1/two"}, work)

    assert asked == {"/robots.txt": 1, "/one": HOURS, "/two": HOURS}
    assert conditional == [False] + [True] * (HOURS - 1)


def test_what_robots_txt_forbids_is_never_asked_for_and_told() -> None:
    async def work(scene: Scene) -> tuple[set[str], str]:
        await scene.hours(HOURS)
        outcome = scene.state("secret").outcome
        return set(scene.server.paths()), outcome.code if outcome else ""

    assert seen({"secret": "127.0.0.1/no/secret"}, work) == ({"/robots.txt"}, "robots")


def test_a_permanent_redirect_is_followed_once_and_remembered() -> None:
    async def work(scene: Scene) -> Counter[str]:
        scene.server.at("/old", lambda exchange: exchange.redirect("/new", 301))
        scene.server.at("/new", with_validators)
        await scene.hours(HOURS)
        return Counter(scene.server.paths())

    asked = seen({"moved": "127.0.0.1/old"}, work)

    assert asked == {"/robots.txt": 1, "/old": 1, "/new": HOURS}


def test_a_host_that_says_when_to_come_back_is_left_alone_and_status_says_why() -> None:
    async def busy(exchange: Exchange) -> None:
        await exchange.send(b"", 429, "Retry-After: 86400")

    async def work(scene: Scene) -> tuple[Counter[str], str]:
        scene.server.at("/busy", busy)
        scene.server.at("/calm", with_validators)
        await scene.hours(1)
        before = Counter(scene.server.paths())
        await scene.hours(HOURS)
        outcome = scene.state("beside").outcome
        return Counter(scene.server.paths()) - before, outcome.detail if outcome else ""

    sources = {"busy": "127.0.0.1/busy", "beside": "127.0.0.1/calm", "apart": "127.0.0.2/calm"}
    asked, told = seen(sources, work)

    assert asked == {"/calm": HOURS}  # by the other host's source alone
    assert told.startswith("127.0.0.1 asks to be left alone until")


def test_a_page_that_is_gone_is_not_asked_for_again_and_a_missing_one_ever_less() -> None:
    async def work(scene: Scene) -> Counter[str]:
        scene.server.at("/gone", lambda exchange: exchange.send(b"", 410))
        await scene.hours(3 * HOURS)
        return Counter(scene.server.paths())

    asked = seen({"gone": "127.0.0.1/gone", "missing": "127.0.0.1/missing"}, work)

    assert asked["/gone"] == 1
    assert 2 <= asked["/missing"] <= HOURS
