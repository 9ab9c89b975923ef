"""What sources showed over time, told in short: fetch by fetch, and what each item was."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pytest

from aggregator.model import Draft
from tests.core.test_identity import RAIN, STRIKE, Memory, item, when

DAM = (
    "Engineers inspected the old dam above the town after cracks were found, and the council asked "
    "families along the river to be ready to leave their homes at short notice."
)


class Story(NamedTuple):
    """Fetches of one source, and the events expected of each."""

    name: str
    fetches: list[tuple[list[Draft], list[str]]]


OFFICE = "http://office.example"
BULLETIN = [
    item("Dam inspected", f"{OFFICE}/bulletin/44#a", text=DAM),
    item("Road closed by rain", f"{OFFICE}/bulletin/44#b", text=RAIN),
]
STORIES = [
    Story("the same page again", [([item()], ["new"]), ([item()], ["same"])]),
    Story(
        "another host, a port and a last slash",
        [
            ([item(path="http://www.office.example:80/n/7")], ["new"]),
            ([item(path="https://office.example/n/7/")], ["same"]),
        ],
    ),
    Story(
        "a text that is shortened",
        [([item(text=DAM)], ["new"]), ([item(text=DAM[:90])], ["update"])],
    ),
    Story(
        "a date that is put right by a year",
        [([item(day="2025-02-20")], ["new"]), ([item(day="2026-02-20")], ["update"])],
    ),
    Story(
        "a new system with numbers for slugs",
        [
            (
                [item("Dam inspected", "/dam-inspected", text=DAM), item("Rain", "/rain", text=RAIN)],
                ["new", "new"],
            ),
            (
                [item("Dam inspected", "/?p=1201", text=DAM), item("Rain", "/?p=1202", text=RAIN)],
                ["same", "same"],
            ),
        ],
    ),
    Story(
        "a bulletin of anchors, and its next page visit",
        [(BULLETIN, ["new", "new"]), (BULLETIN[::-1], ["same", "same"])],
    ),
    Story(
        "an anchor of comments",
        [([item(path="/n/7#comments")], ["new"]), ([item(path="/n/7")], ["same"])],
    ),
    Story(
        "minutes without links, one a month",
        [
            ([item("Minutes", None, day="2026-01-10", text="")], ["new"]),
            (
                [
                    item("Minutes", None, day="2026-02-10", text=""),
                    item("Minutes", None, day="2026-01-10", text=""),
                ],
                ["new", "same"],
            ),
        ],
    ),
    Story(
        "circulars that differ in a Roman numeral",
        [
            ([item("Circular on water rights (III)", "/c3", text=DAM)], ["new"]),
            ([item("Circular on water rights (IV)", "/c4", text=DAM)], ["new"]),
        ],
    ),
    Story(
        "a fair whose page is used again",
        [
            ([item("Spring fair 2025", "/fair", day="2025-03-20", text=DAM)], ["new"]),
            ([item("Spring fair 2026", "/fair", day="2026-03-18", text=RAIN)], ["new"]),
        ],
    ),
    Story(
        "articles told apart by a parameter with the name of a marker",
        [
            (
                [
                    item("Dam inspected", "/view.php?ref=1201", text=DAM),
                    item("Road closed by rain", "/view.php?ref=1202", text=RAIN),
                ],
                ["new", "new"],
            ),
            ([item("Road closed by rain", "/view.php?ref=1202", text=RAIN)], ["same"]),
        ],
    ),
    Story(
        "one guid for all items",
        [
            (
                [item(guid="urn:x"), item("Road closed by rain", "/2", text=RAIN, guid="urn:x")],
                ["new", "new"],
            ),
            ([item("Road closed by rain", "/2", text=RAIN, guid="urn:x")], ["same"]),
        ],
    ),
    Story(
        "away for two visits, then pinned to the top",
        [
            ([item("Dam inspected", "/9", text=DAM), item()], ["new", "new"]),
            ([item("Dam inspected", "/9", text=DAM)], ["same"]),
            ([item("Road closed by rain", "/10", text=RAIN)], ["new"]),
            ([item(), item("Road closed by rain", "/10", text=RAIN)], ["same", "same"]),
        ],
    ),
    Story(
        "counters and a date that counts back",
        [
            ([item(text=f"{STRIKE} 12 comments", day=None)], ["new"]),
            ([item(text=f"{STRIKE} 15 comments", day=None)], ["same"]),
        ],
    ),
    Story(
        "a notice without a title",
        [
            ([item(None, None, text=DAM)], ["new"]),
            ([item(None, None, text=DAM), item(None, None, text=RAIN)], ["same", "new"]),
        ],
    ),
    Story(
        "a page that turns its list and takes the oldest off",
        [
            ([item(f"Report {n} of the valley", f"/r/{n}", text=f"{DAM} {n}") for n in (1, 2, 3)], ["new"] * 3),
            ([item(f"Report {n} of the valley", f"/r/{n}", text=f"{DAM} {n}") for n in (4, 3, 2)], ["new", "same", "same"]),
        ],
    ),
    Story(
        "a slug that follows an edited title",
        [
            ([item("Engineers inspect the old dam above town", "/engineers-inspect-dam", text=DAM)], ["new"]),
            ([item("Engineers inspected the old dam above town", "/engineers-inspected-dam", text=DAM)], ["update"]),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_each_item_of_a_story_is_what_it_was(story: Story) -> None:
    memory = Memory()

    told = [memory.events(*drafts) for drafts, _ in story.fetches]

    assert told == [events for _, events in story.fetches]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_each_item_of_a_story_has_an_id_of_its_own(story: Story) -> None:
    memory = Memory()
    new = sum(events.count("new") for _, events in story.fetches)

    places = {place for drafts, _ in story.fetches for place in memory.see(*drafts).places}

    assert len(places) == len(memory.entries) == new


def test_the_ids_stay_when_the_source_gets_dates_at_last() -> None:
    memory = Memory()
    undated = [
        item("Dam inspected", "/1", text=DAM, day=None),
        item("Rain", "/2", text=RAIN, day=None),
    ]
    before = memory.see(*undated).places

    dated = [replace(draft, published=when("2026-02-27")) for draft in undated]

    assert memory.see(*dated).places == before
