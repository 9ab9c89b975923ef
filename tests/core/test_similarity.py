from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.similarity import (
    STORY_DAYS,
    bands,
    containment,
    same_story,
    specials,
    text_similarity,
    title_similarity,
)
from aggregator.model import Basis, Entry, EntryId, Precision, SourceId, When

DAY = datetime(2018, 3, 5, tzinfo=UTC)
TEXT = (
    "Workers at the Las Rocas mine began a strike on Monday over wages and safety, their union "
    "said, stopping all work at the pit for the second time this year."
)


def entry(title: str, text: str = TEXT, *, at: datetime = DAY) -> Entry:
    return Entry(
        title=title,
        link=None,
        summary=text,
        id=EntryId(title),
        source=SourceId("one"),
        published=When(at=at, precision=Precision.DAY, basis=Basis.WRITTEN),
        updated=at,
        first_seen=at,
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (entry("Strike at Las Rocas mine"), entry("Las Rocas mine: a strike")),
        (entry("Strike at Las Rocas mine"), entry("Strike at Las Rocas", TEXT + " More later.")),
        (
            entry("Strike closes the Las Rocas mine", "The union told us so on Monday, we hear."),
            entry("Strike closes Las Rocas mine", "All work stands still, a manager said today."),
        ),
    ],
)
def test_one_story_told_twice_is_the_same(one: Entry, other: Entry) -> None:
    assert same_story(one, other) >= 0.5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (entry("Notice of 25 November (I)"), entry("Notice of 25 November (II)")),
        (entry("Prices in March"), entry("Prices in April")),
        (entry("Weather for Monday in Lima"), entry("Weather for Tuesday in Lima")),
        (entry("12 dead at the mine"), entry("15 dead at the mine")),
        (entry("Face to face", "."), entry("Face to face", ".")),
        (entry("Strike at Las Rocas mine"), entry("Our unity pays off")),
        (entry("Strike at Las Rocas", "One text."), entry("Strike at Las Rocas", "Another one.")),
    ],
)
def test_two_stories_are_not_the_same(one: Entry, other: Entry) -> None:
    assert same_story(one, other) < 0.5


def test_what_titles_may_not_differ_in() -> None:
    assert specials("Comunicado 25 de noviembre (II)") == ("25", "ii", "noviembre")
    assert specials("A civil mix of vivid words") == ()


def test_words_may_stand_in_another_order() -> None:
    assert title_similarity("Las Rocas: strike", "Strike, las rocas") == 1


def test_a_text_that_grew_contains_the_old_one() -> None:
    assert containment(TEXT, f"{TEXT} {TEXT.upper()} And much more of it.") == 1
    assert text_similarity(TEXT, "") == text_similarity("", "") == containment("", "") == 0


def test_like_texts_share_a_band_and_others_do_not() -> None:
    one, other = entry("Strike at Las Rocas mine"), entry("Las Rocas mine: a strike", TEXT[:-30])
    third = entry("Rain", "Heavy rain in the valley has closed the road for all but the bravest.")

    assert set(bands(one).own) & set(bands(other).near)
    assert not set(bands(one).own) & set(bands(third).near)


def test_too_little_text_has_no_bands() -> None:
    assert bands(entry("Face to face", ".")).near == ()


@given(
    st.integers(0, 20_000),
    st.integers(-STORY_DAYS, STORY_DAYS),
    st.timedeltas(timedelta(0), timedelta(hours=23)),
)
def test_entries_of_neighbouring_days_meet_in_a_band(
    days: int, apart: int, time: timedelta
) -> None:
    one = entry("Strike", at=datetime(1975, 1, 1, tzinfo=UTC) + timedelta(days=days) + time)
    other = replace(
        one, published=replace(one.published, at=one.published.at + timedelta(days=apart))
    )

    assert set(bands(other).own) & set(bands(one).near)
    assert set(bands(other).own).isdisjoint(bands(one).near) is False


@given(st.text(), st.text(), st.text(), st.text())
def test_likeness_goes_both_ways(a: str, b: str, c: str, d: str) -> None:
    one, other = entry(a, b), entry(c, d)

    assert same_story(one, other) == pytest.approx(same_story(other, one))
    assert 0 <= same_story(one, other) <= 1


@given(st.text(max_size=300))
def test_bands_are_numbers_a_database_holds(text: str) -> None:
    assert all(
        -(1 << 63) <= band < 1 << 63 for band in bands(entry("Strike at Las Rocas", text)).near
    )
