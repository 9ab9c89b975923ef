"""Weeks of a list that grows, by faults and a clock that jumps: every item is stored once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from random import Random

import pytest

from aggregator.errors import StoreError
from aggregator.model import FailureKind, FetchResult, Outcome, Request
from aggregator.rounds import Rounds
from aggregator.testing import FakeTransport, Workbench

URL = "http://example.org/news"
CONFIG = f"""
sources:
  news: {{url: '{URL}', every: 30m, selectors: {{items: li, title: a, link: 'a::attr(href)'}}}}
"""
LISTED = 15  # items of a page
MONTH = timedelta(days=30)
JUMPS = {50: MONTH, 100: -MONTH}  # of the clock, by the hour


class GrowingList(FakeTransport):
    """A page whose items differ in nothing but a number; one answer in ten is a fault.

    Shuffled, it shows them in another order each time, so that no new one is known by its place.
    """

    def __init__(self, bench: Workbench, rng: Random, *, is_shuffled: bool) -> None:
        super().__init__(bench.clock)
        self._rng = rng
        self._newest = LISTED
        self._is_shuffled = is_shuffled
        self.is_well = False
        self.listed: set[str] = set()  # links of every page that was sent whole

    def live_on(self) -> None:
        self._newest += self._rng.random() < 0.4

    async def fetch(self, request: Request) -> FetchResult:
        numbers = list(range(self._newest, self._newest - LISTED, -1))
        if self._is_shuffled:
            self._rng.shuffle(numbers)
        rows = (f"<li><a href='/1/{n}'>Site 1, item {n} on a mine</a></li>" for n in numbers)
        page = f"<html><body><ul>{''.join(rows)}</ul></body></html>"
        if self.is_well or self._rng.random() >= 0.1:
            self.listed.update(f"http://example.org/1/{n}" for n in numbers)
            self.serve(URL, page)
        else:
            self._fault(page)
        return await super().fetch(request)

    def _fault(self, page: str) -> None:
        match self._rng.randrange(4):
            case 0:
                self.fail(URL, FailureKind.TIMEOUT)
            case 1:
                self.fail(URL, FailureKind.STATUS)
            case 2:
                self.serve(URL, "<div>" * 100)
            case _:
                self.serve(URL, page[: self._rng.randrange(len(page))])


def note(result: Outcome | StoreError, _took: timedelta) -> None:
    assert isinstance(result, Outcome)


async def weeks(seed: int, *, is_shuffled: bool) -> tuple[set[str], list[str | None]]:
    """Return the links that were listed, and those that are stored."""
    async with Workbench(CONFIG) as bench:
        site = GrowingList(bench, Random(seed), is_shuffled=is_shuffled)
        object.__setattr__(bench.shop.desk.eyes, "transport", site)
        rounds = Rounds(bench.shop, ended=note)
        for hour in range(120):
            bench.clock.advance(timedelta(hours=1) + JUMPS.get(hour, timedelta(0)))
            site.live_on()
            await rounds.tick()
            await rounds.drain()
        site.is_well = True
        bench.clock.advance(timedelta(days=6))
        await rounds.tick()
        await rounds.drain()
        with bench.shop.store.reading() as session:
            entries = session.entries_after(0, limit=1000).values()
        return site.listed, [entry.link for entry in entries]


@pytest.mark.parametrize("is_shuffled", [False, True])
@pytest.mark.parametrize("seed", range(2))
def test_every_item_a_page_listed_is_stored_once_whatever_happened_between(
    *, seed: int, is_shuffled: bool
) -> None:
    listed, stored = asyncio.run(weeks(seed, is_shuffled=is_shuffled))

    assert len(listed) > 3 * LISTED
    assert sorted(stored, key=str) == sorted(listed)
