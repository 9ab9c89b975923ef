"""Whose turn it is at a host; in a time of our own, so that no second passes."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from aggregator.adapters.http.manners import Quiet, Turn, Turns
from aggregator.adapters.http.refusals import Refusal
from aggregator.lanes import Lanes
from aggregator.model import FailureKind

SECOND = timedelta(seconds=1)
_T = TypeVar("_T")


class TimelessLoop(asyncio.SelectorEventLoop):
    """Does not wait: when nothing is to be done, it is later at once."""

    now = 0.0

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:  # type: ignore[attr-defined]
            self.now = max(self.now, self._scheduled[0]._when)  # type: ignore[attr-defined]
        super()._run_once()  # type: ignore[misc]


def run(main: Coroutine[Any, Any, _T]) -> _T:
    with asyncio.Runner(loop_factory=TimelessLoop) as runner:
        return runner.run(main)


def now() -> float:
    return asyncio.get_running_loop().time()


async def asked_at(turns: Turns, host: str, *, takes: float = 0.0, delay: int = 0) -> float:
    turn = turns.turn()
    await turn.take(host, delay=delay * SECOND)
    at = now()
    await asyncio.sleep(takes)
    turn.leave()
    return at


def test_some_time_passes_between_two_fetches_of_a_domain() -> None:
    async def main() -> list[float]:
        turns = Turns(concurrency=2, delay=SECOND)
        hosts = ["a.example.org", "b.example.org", "other.example", "a.example.org"]
        return list(await asyncio.gather(*(asked_at(turns, host) for host in hosts)))

    assert run(main()) == [0, 1, 0, 2]


def test_a_crawl_delay_that_is_longer_wins() -> None:
    async def main() -> list[float]:
        turns = Turns(concurrency=2, delay=SECOND)
        return [await asked_at(turns, "example.org", delay=delay) for delay in (5, 0, 0)]

    assert run(main()) == [0, 5, 6]


def test_no_more_than_so_many_fetches_of_a_host_go_on_at_once() -> None:
    async def main() -> list[float]:
        turns = Turns(concurrency=2, delay=timedelta(0))
        waits = (asked_at(turns, "example.org", takes=10) for _ in range(5))
        return list(await asyncio.gather(*waits))

    assert run(main()) == [0, 0, 10, 10, 20]


def test_a_turn_that_is_given_up_while_waiting_is_free_for_the_next_one() -> None:
    async def main() -> float:
        turns = Turns(concurrency=1, delay=timedelta(0))
        first = turns.turn()
        await first.take("example.org")
        waiting = asyncio.create_task(asked_at(turns, "example.org"))
        await asyncio.sleep(1)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        first.leave()
        return await asked_at(turns, "example.org")

    assert run(main()) == 1


def test_a_turn_stays_where_it_is_and_moves_to_another_host() -> None:
    async def main() -> tuple[float, float, float]:
        turns = Turns(concurrency=1, delay=10 * SECOND)
        turn = turns.turn()
        await turn.take("a.example.org")
        await turn.take("b.example.org")
        stayed = now()
        await turn.take("other.example")
        moved = now()
        return stayed, moved, await asked_at(turns, "example.org")

    assert run(main()) == (0, 0, 10)


def test_hosts_are_forgotten_but_never_one_that_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("aggregator.adapters.http.manners._KEPT", 10)

    async def main() -> float:
        turns = Turns(concurrency=1, delay=100 * SECOND)
        held = Turn(turns, shortest_delay=100)
        await held.take("held.example")
        for number in range(50):
            await asked_at(turns, f"host{number}.example")
        held.leave()
        return await asked_at(turns, "held.example")

    assert run(main()) == 100


# ---- hosts that ask to be left alone


WRITTEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def may_ask(quiet: Quiet, host: str) -> bool:
    try:
        quiet.check(host, now=WRITTEN)
    except Refusal as refusal:
        assert refusal.kind is FailureKind.RATE_LIMITED
        assert refusal.retry_at is not None
        assert refusal.retry_at > WRITTEN
        return False
    return True


def test_a_host_that_asks_for_it_is_left_alone_for_so_long() -> None:
    async def main() -> list[bool]:
        quiet = Quiet(is_kept=True)
        quiet.leave_alone("example.org", 60 * SECOND)
        quiet.leave_alone("example.org", 10 * SECOND)  # the longer of two counts
        found = [may_ask(quiet, "example.org"), may_ask(quiet, "other.example")]
        for _ in range(2):
            await asyncio.sleep(59)
            found.append(may_ask(quiet, "example.org"))
        return found

    assert run(main()) == [False, True, False, True]


def test_whoever_is_asked_for_by_hand_is_not_kept_back() -> None:
    async def main() -> bool:
        quiet = Quiet(is_kept=False)
        quiet.leave_alone("example.org", 60 * SECOND)
        return may_ask(quiet, "example.org")

    assert run(main())


def test_hosts_that_were_left_alone_long_enough_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("aggregator.adapters.http.manners._KEPT", 10)

    async def main() -> bool:
        quiet = Quiet(is_kept=True)
        quiet.leave_alone("held.example", 1000 * SECOND)
        for number in range(50):
            quiet.leave_alone(f"host{number}.example", SECOND)
            await asyncio.sleep(2)
        return len(quiet._until) <= 10 and not may_ask(quiet, "held.example")

    assert run(main())


# ---- lanes


async def goes_on_at(lanes: Lanes, *, takes: float) -> float:
    async with lanes.enter():
        at = now()
        await asyncio.sleep(takes)
    return at


def test_what_takes_long_makes_way() -> None:
    async def main() -> list[float]:
        lanes = Lanes(quick=2, slow=10, patience=2 * SECOND)
        takes = [30, 30, 30, 1, 1, 1]
        return list(await asyncio.gather(*(goes_on_at(lanes, takes=each) for each in takes)))

    assert run(main()) == [0, 0, 2, 2, 3, 4]


def test_only_so_many_may_make_way_and_they_come_back() -> None:
    async def main() -> list[float]:
        lanes = Lanes(quick=1, slow=1, patience=2 * SECOND)
        takes = [29, 30, 1, 1]
        first = list(await asyncio.gather(*(goes_on_at(lanes, takes=each) for each in takes)))
        return [*first, await goes_on_at(lanes, takes=1)]

    assert run(main()) == [0, 2, 30, 31, 32]
