"""Which sources are in work, and that no host takes the places of the others."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import pytest
from structlog.testing import capture_logs

from aggregator import rounds as rounds_module
from aggregator.errors import StoreError
from aggregator.model import FetchResult, Outcome, OutcomeKind, Request, SourceId, SourceState
from aggregator.rounds import HOST_AT_ONCE, STUCK, Rounds, log_outcome
from aggregator.testing import FakeTransport, Workbench

_T = TypeVar("_T")
SELECTORS = "selectors: {items: li, title: a, link: 'a::attr(href)'}"


class HeldTransport(FakeTransport):
    """Answers only when it may; counts who waits."""

    def __init__(self, fake: FakeTransport) -> None:
        super().__init__()
        self._fake = fake
        self.asked: list[str] = []
        self.may_answer = asyncio.Event()

    async def fetch(self, request: Request) -> FetchResult:
        self.asked.append(request.url)
        await self.may_answer.wait()
        return await self._fake.fetch(request)


@dataclass
class Scene:
    """A daemon at work, without its process."""

    bench: Workbench
    held: HeldTransport
    rounds: Rounds


def config(*urls: str) -> str:
    sources = "".join(
        f"  s{number}: {{url: '{url}', {SELECTORS}}}\n" for number, url in enumerate(urls)
    )
    return f"fetch: {{per_host: {{concurrency: 2, delay: 10s}}}}\nsources:\n{sources}"


def run(text: str, work: Callable[[Scene], Awaitable[_T]]) -> tuple[_T, list[OutcomeKind]]:
    ended: list[OutcomeKind] = []

    def note(result: Outcome | StoreError, took: timedelta) -> None:
        assert isinstance(result, Outcome)
        assert took == timedelta(0)
        ended.append(result.kind)

    async def main() -> _T:
        async with Workbench(text) as bench:
            held = HeldTransport(bench.transport)
            object.__setattr__(bench.shop.desk.eyes, "transport", held)
            rounds = Rounds(bench.shop, ended=note)
            bench.clock.advance(timedelta(minutes=2))  # all are due
            try:
                return await work(Scene(bench, held, rounds))
            finally:
                held.may_answer.set()
                await rounds.drain()

    return asyncio.run(main()), ended


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def states(bench: Workbench) -> dict[str, SourceState]:
    with bench.shop.store.reading() as session:
        return {str(state.source): state for state in session.source_states()}


def test_what_is_due_is_refreshed_once_and_a_tick_does_not_wait_for_it() -> None:
    async def work(scene: Scene) -> list[str]:
        await scene.rounds.tick()
        await scene.rounds.tick()
        await settle()
        return scene.held.asked

    asked, ended = run(config("http://a.example/", "http://b.example/"), work)

    assert sorted(asked) == ["http://a.example/", "http://b.example/"]
    assert ended == [OutcomeKind.FAILED] * 2  # there are no such pages


@pytest.mark.slow
def test_a_host_of_a_thousand_sources_keeps_nobody_waiting() -> None:
    huge = [f"http://www{n % 3}.huge.example/{n}" for n in range(1200)]
    small = [f"http://small{n}.example/" for n in range(50)]

    async def work(scene: Scene) -> Counter[bool]:
        await scene.rounds.tick()
        await settle()
        return Counter("huge" in url for url in scene.held.asked)

    asked, _ = run(config(*huge, *small), work)

    assert asked == {True: HOST_AT_ONCE, False: len(small)}


def test_what_a_host_cannot_take_yet_is_due_at_the_pace_it_asks_for() -> None:
    urls = [f"http://huge.example/{n}" for n in range(HOST_AT_ONCE + 5)]

    async def work(scene: Scene) -> list[float]:
        await scene.rounds.tick()
        now = scene.bench.clock.now()
        dues = [state.next_due for state in states(scene.bench).values() if state.next_due]
        waits = sorted((due - now).total_seconds() for due in dues)
        return [wait for wait in waits if wait < rounds_module.LEASE.total_seconds()]

    waits, _ = run(config(*urls), work)

    assert waits == [11, 21, 31, 41, 51]


def test_no_more_than_so_many_are_in_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds_module, "AT_ONCE", 3)
    urls = [f"http://host{n}.example/" for n in range(5)]

    async def work(scene: Scene) -> tuple[int, int]:
        await scene.rounds.tick()
        await settle()
        first = len(scene.held.asked)
        scene.held.may_answer.set()
        await settle()
        await scene.rounds.drain()
        await scene.rounds.tick()
        await settle()
        return first, len(scene.held.asked)

    asked, _ = run(config(*urls), work)

    assert asked == (3, 5)


@pytest.mark.parametrize("step", [-timedelta(days=400), timedelta(days=400)])
def test_a_clock_that_jumped_and_came_back_keeps_no_source_waiting(step: timedelta) -> None:
    async def work(scene: Scene) -> int:
        scene.held.may_answer.set()
        await scene.rounds.tick()
        for by in (step, -step + timedelta(hours=2)):
            await settle()
            await scene.rounds.drain()
            scene.bench.clock.advance(by)
            await scene.rounds.tick()
        await settle()
        return len(scene.held.asked)

    asked, _ = run(config("http://a.example/"), work)

    assert asked >= 2


def test_a_clock_that_was_wrong_before_the_start_is_healed_at_the_start() -> None:
    async def work(scene: Scene) -> int:
        def far_away(session: object) -> None:
            ahead = scene.bench.clock.now() + timedelta(days=3)
            state = SourceState(source="s0", visited_at=ahead, next_due=ahead)  # type: ignore[arg-type]
            session.save_state(state)  # type: ignore[attr-defined]

        await scene.bench.shop.store.transact(far_away)
        await scene.rounds.tick()
        await settle()
        return len(scene.held.asked)

    asked, _ = run(config("http://a.example/"), work)

    assert asked == 1


def test_a_refresh_that_never_ends_is_given_up() -> None:
    async def work(scene: Scene) -> int:
        await scene.rounds.tick()
        await settle()
        scene.bench.clock.advance(STUCK + timedelta(minutes=1))
        await scene.rounds.tick()
        await settle()
        await scene.rounds.tick()
        await settle()
        return len(scene.held.asked)

    asked, _ = run(config("http://a.example/"), work)

    assert asked == 2


def test_what_does_not_end_in_time_is_due_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds_module, "DRAIN", timedelta(0))

    async def work(scene: Scene) -> bool:
        await scene.rounds.tick()
        await settle()
        await scene.rounds.drain()
        return states(scene.bench)["s0"].next_due == scene.bench.clock.now()

    is_due, _ = run(config("http://a.example/"), work)

    assert is_due


@pytest.mark.parametrize(
    ("kind", "code", "event", "level"),
    [
        (OutcomeKind.CHANGED, "", "refreshed", "info"),
        (OutcomeKind.CHANGED, "moved", "refreshed", "warning"),
        (OutcomeKind.REPAIRED, "repaired", "refreshed", "warning"),
        (OutcomeKind.FAILED, "dns", "not refreshed", "warning"),
        (OutcomeKind.EMPTY, "empty-list", "not refreshed", "warning"),
        (OutcomeKind.EMPTY, "nothing-matches", "not refreshed", "error"),
        (OutcomeKind.HELD, "all-new", "not refreshed", "error"),
        (OutcomeKind.GONE, "gone", "not refreshed", "error"),
    ],
)
def test_only_what_needs_a_person_is_an_error_in_the_log(
    kind: OutcomeKind, code: str, event: str, level: str
) -> None:
    with capture_logs() as told:
        log_outcome(Outcome(source=SourceId("a"), kind=kind, code=code))

    assert [(one["event"], one["log_level"]) for one in told] == [(event, level)]
