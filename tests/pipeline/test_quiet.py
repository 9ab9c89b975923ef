"""A source that has been quiet for far longer than ever is told once; every change is named."""

from __future__ import annotations

import json
from datetime import timedelta

from aggregator.model import Outcome, OutcomeKind
from aggregator.testing import Workbench
from tests.pipeline.test_holding import CONFIG, OLD, listing, seen
from tests.pipeline.test_refresh import work

UNDATED = OLD.replace("<i class=d>{day} March 2018</i>", "")


def told(bench: Workbench) -> list[str]:
    """Return the titles of the feed of notices, newest first."""
    return [item["title"] for item in json.loads(bench.published("status.json"))["items"]]


async def waited(bench: Workbench, *days: int) -> list[Outcome]:
    """Refresh the same page after so many days each."""
    outcomes = []
    for more in days:
        bench.clock.advance(timedelta(days=more))
        outcomes.append(await bench.refresh("news"))
    return outcomes


def test_a_source_that_falls_quiet_is_told_once_until_it_has_news_again() -> None:
    async def story(bench: Workbench) -> None:
        for number in range(10, 18):
            await seen(bench, listing(range(number), item=UNDATED))
            bench.clock.advance(timedelta(days=1))

        outcomes = await waited(bench, 3, 6, 1, 1)
        assert [one.code for one in outcomes] == ["", "quiet", "quiet", "quiet"]
        assert outcomes[1].is_fine
        assert outcomes[1].detail == "nothing new for 10 days; the longest usual pause is a day"
        assert "aggregator extract --source news" in outcomes[1].next_step
        assert told(bench) == ["news has been quiet for long"]

        again = await seen(bench, listing(range(18), item=UNDATED))
        assert again.code == ""
        await waited(bench, 60)
        assert told(bench) == ["news has been quiet for long"] * 2

    work(story, config=CONFIG)


def test_harmless_changes_of_a_list_are_named_in_what_a_refresh_came_to() -> None:
    async def story(bench: Workbench) -> None:
        await seen(bench, listing(range(10)))

        edited = await seen(bench, listing(range(11)).replace("valley 5 meet", "valley 5 sue"))
        turned = await seen(bench, listing(range(10, -1, -1)))

        assert (edited.kind, edited.code) == (OutcomeKind.CHANGED, "")
        assert edited.detail == "1 title changed"
        assert turned.is_fine
        assert "the list is in another order" in turned.detail

    work(story, config=CONFIG)
