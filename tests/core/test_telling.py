"""What a page changed is told in words, be it ever so harmless."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Basis, Draft, Precision, When
from tests.core.test_identity import Memory

NOW = datetime(2018, 6, 1, 12, tzinfo=UTC)


def news(number: int, *, title: str = "", at: int | None = None, scheme: str = "http") -> Draft:
    day = NOW - timedelta(days=100 - (number if at is None else at))
    return Draft(
        title=title or f"The people of valley {number} meet the mine",
        link=f"{scheme}://example.org/news/{number}",
        published=When(at=day, precision=Precision.DAY, basis=Basis.WRITTEN),
        summary=f"What was said in valley {number} about the water of the river.",
    )


LIST = [news(n) for n in range(20)][::-1]
REVERSED = LIST[::-1]
EDITED = [news(19, title="Something else altogether happened there"), *LIST[1:]]
DATED = [news(19, at=10), *LIST[1:]]
SECURE = [news(n, scheme="https") for n in range(20)][::-1]
RISEN = [*LIST[1:5], LIST[0], *LIST[5:]]
GAPPED = [*LIST[:5], *LIST[6:]]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (LIST, LIST, ()),
        (LIST, [news(20), *LIST[:-1]], ()),
        (LIST, LIST[2:], ()),
        (LIST, REVERSED, ("the list is in another order",)),
        (LIST, RISEN, ("1 item stands elsewhere in the list",)),
        (LIST, EDITED, ("1 title changed",)),
        (LIST, DATED, ("1 date changed",)),
        (SECURE, LIST, ("20 links are spelled otherwise",)),
        (LIST, GAPPED, ("1 item is no longer listed",)),
        (GAPPED, LIST, ()),
    ],
)
def test_each_change_of_a_list_is_named(
    before: list[Draft], after: list[Draft], told: tuple[str, ...]
) -> None:
    memory = Memory()
    memory.see(*before)

    assert memory.see(*after).told == told


def test_a_known_item_that_comes_back_is_named() -> None:
    memory = Memory()
    memory.see(*LIST)
    memory.see(*GAPPED)

    assert memory.see(*LIST).told == ("1 known item is listed again",)


def test_texts_that_change_by_themselves_are_named_as_no_news() -> None:
    memory = Memory()
    for count in (3, 5):
        summary = f"What was said in the valley, at length.\n\n{count} comments"
        found = memory.see(Draft(title="The meeting", link="http://example.org/1", summary=summary))

    assert found.told == ("1 item is written otherwise, no news",)


def test_a_first_page_differs_from_nothing() -> None:
    assert Memory().see(*LIST).told == ()


@given(st.permutations(LIST), st.sets(st.integers(0, 19), max_size=19))
def test_whatever_stands_where_nothing_is_told_twice(order: list[Draft], gone: set[int]) -> None:
    memory = Memory()
    memory.see(*LIST)
    shown = [draft for at, draft in enumerate(order) if at not in gone]

    told = memory.see(*shown).told

    assert len(told) == len(set(told))
    assert memory.see(*shown).told == ()
