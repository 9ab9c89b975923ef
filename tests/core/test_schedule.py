"""When a source is asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.schedule import (
    JITTER,
    LONGEST_WAIT,
    first_due,
    furthest_due,
    next_due,
    when_free,
)
from aggregator.model import Outcome, OutcomeKind, Source, SourceId

NOW = datetime(2018, 6, 5, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OUTCOME = Outcome(source=SourceId("psg"), kind=OutcomeKind.UNCHANGED, at=NOW)
GONE = Outcome(source=SourceId("psg"), kind=OutcomeKind.GONE, at=NOW)
DURATIONS = st.timedeltas(timedelta(minutes=1), timedelta(days=60))


def source(every: timedelta = HOUR) -> Source:
    return Source(id=SourceId("psg"), title="PSG", url="http://example.org/", every=every)


def wait(
    every: timedelta = HOUR,
    *,
    failures: int = 0,
    not_before: datetime | None = None,
    seed: int = 1,
    outcome: Outcome = OUTCOME,
) -> timedelta:
    due = next_due(
        source(every),
        outcome,
        failures=failures,
        not_before=not_before,
        now=NOW,
        rng=Random(seed),
    )
    assert due is not None
    return due - NOW


@pytest.mark.parametrize(
    ("failures", "hours"), [(0, 1), (1, 2), (3, 8), (6, 64), (7, 120), (99, 120)]
)
def test_each_failure_doubles_the_wait_up_to_five_days(failures: int, hours: int) -> None:
    assert abs(wait(failures=failures) - hours * HOUR) <= JITTER * hours * HOUR


@pytest.mark.parametrize(("failures", "minutes"), [(1, 1), (2, 4), (3, 16), (4, 64), (6, 1024)])
@pytest.mark.parametrize("code", ["dns", "connect"])
def test_a_network_that_is_down_is_tried_again_soon(code: str, failures: int, minutes: int) -> None:
    unreached = Outcome(source=SourceId("psg"), kind=OutcomeKind.FAILED, code=code, at=NOW)

    waited = wait(failures=failures, outcome=unreached) / timedelta(minutes=1)

    assert abs(waited - minutes) <= JITTER * minutes


def test_a_host_that_is_never_reached_waits_no_longer_than_any_other() -> None:
    unreached = Outcome(source=SourceId("psg"), kind=OutcomeKind.FAILED, code="dns", at=NOW)

    assert wait(failures=99, outcome=unreached) == wait(failures=99)


def test_a_rhythm_that_is_longer_than_the_longest_wait_is_kept() -> None:
    assert wait(30 * DAY, failures=3) >= 30 * DAY * (1 - JITTER)


def test_what_the_server_asks_for_is_a_lower_bound_within_reason() -> None:
    assert wait(not_before=NOW + 3 * HOUR) == 3 * HOUR
    assert wait(not_before=NOW + 1 * timedelta(minutes=1)) > 50 * timedelta(minutes=1)
    assert wait(not_before=NOW + 400 * DAY) == LONGEST_WAIT


def test_a_page_that_is_gone_is_never_due_again() -> None:
    due = next_due(source(), GONE, failures=1, not_before=None, now=NOW, rng=Random(1))

    assert due is None


def test_not_all_are_due_in_one_second() -> None:
    assert len({wait(seed=seed) for seed in range(50)}) > 40


@given(DURATIONS, st.integers(0, 200), st.integers())
def test_no_wait_is_beyond_what_tells_that_the_clock_was_wrong(
    every: timedelta, failures: int, seed: int
) -> None:
    due = NOW + wait(every, failures=failures, seed=seed)

    assert NOW < due <= furthest_due([source(every)], now=NOW)


@given(st.integers(1, 20_000))
def test_new_sources_are_due_within_a_minute_one_after_the_other(count: int) -> None:
    dues = [first_due(now=NOW, position=at, count=count) for at in (0, count // 2, count - 1)]

    assert dues == sorted(dues)
    assert dues[0] == NOW
    assert dues[-1] <= NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("delay", "concurrency", "seconds"), [(10, 2, 50.0), (0, 2, 2.5), (0, 10, 0.5), (1, 1, 5.0)]
)
def test_a_host_is_free_when_those_in_front_have_had_their_turn(
    delay: int, concurrency: int, seconds: float
) -> None:
    at = when_free(ahead=5, delay=timedelta(seconds=delay), concurrency=concurrency, now=NOW)

    assert at == NOW + timedelta(seconds=seconds)
