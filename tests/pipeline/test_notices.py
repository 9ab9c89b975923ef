"""The program's own news stand in a feed of their own, and are told to who wants to know."""

from __future__ import annotations

import json

from aggregator.model import FailureKind
from aggregator.pipeline import tell_notices
from aggregator.testing import Workbench
from tests.pipeline.test_refresh import URL, listing, work


class Pager:
    """Takes messages, when it is there."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []
        self.is_there = True

    async def tell(self, title: str, text: str) -> bool:
        self.messages.append((title, text))
        return self.is_there


async def make_dead(bench: Workbench) -> None:
    bench.transport.serve(URL, listing("A mine opens"))
    await bench.refresh("news")
    bench.transport.fail(URL, FailureKind.TIMEOUT)
    for _ in range(6):
        await bench.refresh("news")


def test_a_dead_source_is_news_of_the_program_and_of_no_topic() -> None:
    async def story(bench: Workbench) -> None:
        await make_dead(bench)

        (item,) = json.loads(bench.published("status.json"))["items"]
        assert item["title"] == "news does not answer"
        assert "raise `fetch.timeout`" in item["content_html"]
        for path in ("all.json", "mines.json", "sources/news.json"):
            assert "does not answer" not in bench.published(path)

    work(story)


def test_who_wants_to_know_is_told_once() -> None:
    async def story(bench: Workbench) -> None:
        pager = Pager()
        await make_dead(bench)

        assert await tell_notices(pager, desk=bench.shop.desk)
        assert await tell_notices(pager, desk=bench.shop.desk)

        assert [title for title, _ in pager.messages] == ["news does not answer"]

    work(story)


def test_who_cannot_be_reached_is_told_later() -> None:
    async def story(bench: Workbench) -> None:
        pager = Pager()
        pager.is_there = False
        await make_dead(bench)
        assert not await tell_notices(pager, desk=bench.shop.desk)

        pager.is_there = True
        assert await tell_notices(pager, desk=bench.shop.desk)

        assert len(pager.messages) == 2

    work(story)
