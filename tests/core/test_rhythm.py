"""A source that is quiet for far longer than ever is told; an irregular one is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.rhythm import Rhythm, first_rhythm, with_news

NOW = datetime(2018, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def lived(pauses: list[float], rhythm: Rhythm | None = None) -> Rhythm:
    """Return the rhythm of a source that had news after each of *pauses*, in days."""
    rhythm = rhythm or Rhythm(last=NOW)
    for pause in pauses:
        rhythm = with_news(rhythm, 1, now=rhythm.last + pause * DAY)
    return rhythm


def test_a_daily_source_is_quiet_after_more_than_a_week() -> None:
    rhythm = lived([1] * 10)

    assert not rhythm.is_quiet(now=rhythm.last + 7 * DAY)
    assert rhythm.is_quiet(now=rhythm.last + 8 * DAY)


def test_a_monthly_source_may_be_quiet_for_four_months() -> None:
    rhythm = lived([30] * 10)

    assert not rhythm.is_quiet(now=rhythm.last + 119 * DAY)
    assert rhythm.is_quiet(now=rhythm.last + 121 * DAY)


def test_a_source_of_which_little_is_known_is_never_quiet() -> None:
    rhythm = lived([1] * 4)

    assert not rhythm.is_quiet(now=rhythm.last + 1000 * DAY)


def test_the_dates_of_a_first_page_tell_the_rhythm_and_a_pinned_item_does_not() -> None:
    dates = [NOW - n * DAY for n in range(10)]

    rhythm = first_rhythm([*dates, NOW - 3000 * DAY, NOW + 30 * DAY], now=NOW)

    assert (rhythm.last, rhythm.longest) == (NOW, 24)
    assert rhythm.is_quiet(now=NOW + 8 * DAY)


def test_a_page_without_dates_begins_its_rhythm_when_it_is_first_seen() -> None:
    assert first_rhythm([], now=NOW) == Rhythm(last=NOW)


def test_more_news_than_ever_at_once_surprises_unless_nobody_looked_for_long() -> None:
    rhythm = with_news(lived([1] * 10), 2, now=NOW + 10.5 * DAY)

    assert rhythm.surprise(3, now=rhythm.last + DAY / 2) == 1
    assert rhythm.surprise(12, now=rhythm.last + DAY / 2) == 4
    assert rhythm.surprise(12, now=rhythm.last + 5 * DAY) == 1


@pytest.mark.parametrize("shape", ["exponential", "weeks", "heavy"])
def test_irregular_sources_raise_hardly_any_alarm(shape: str) -> None:
    rng, alarms, pauses = Random(4), 0, 0
    for _ in range(50):
        rhythm = Rhythm(last=NOW)
        for at in range(100):
            if shape == "exponential":
                pause = rng.expovariate(1 / 3)
            elif shape == "weeks":
                pause = 1.0 if at % 5 else 3.0
                pause = 24.0 if at % 50 == 49 else pause
            else:
                pause = rng.paretovariate(1.5)
            alarms += rhythm.is_quiet(now=rhythm.last + pause * DAY)
            pauses += 1
            rhythm = with_news(rhythm, 1, now=rhythm.last + pause * DAY)

    assert alarms / pauses <= 0.01


@given(st.lists(st.floats(0, 400), max_size=30), st.floats(0, 1000))
def test_visits_without_news_change_nothing_and_no_pause_like_the_past_is_quiet(
    pauses: list[float], later: float
) -> None:
    rhythm = lived(pauses)

    assert with_news(rhythm, 0, now=rhythm.last + later * DAY) == rhythm
    if pauses:
        assert not rhythm.is_quiet(now=rhythm.last + max(pauses) * 2 * DAY)
