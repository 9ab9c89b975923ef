"""Older pages are joined to a list, each draft once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.walk import joined, unseen
from aggregator.model import Draft, Extraction, Kind, Reading

drafts = st.builds(
    lambda number: Draft(title=f"Story {number}", link=f"http://example.org/{number}"),
    st.integers(1, 20),
)


def reading(found: list[Draft]) -> Reading:
    return Reading(drafts=tuple(found), extraction=Extraction(kind=Kind.AUTOMATIC))


readings = st.lists(st.lists(drafts, max_size=6).map(reading), min_size=1, max_size=5)


@given(readings)
def test_joining_loses_nothing_and_keeps_the_first_page(pages: list[Reading]) -> None:
    together = joined(pages)

    assert together[: len(pages[0].drafts)] == pages[0].drafts
    assert set(together) == {draft for page in pages for draft in page.drafts}


@given(readings)
def test_a_page_read_again_adds_nothing(pages: list[Reading]) -> None:
    assert joined([*pages, pages[-1]]) == joined(pages)
    assert unseen(joined(pages), pages) == ()
