"""One story from several sources: shown once in a topic, nothing lost anywhere else."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

from aggregator.testing import Workbench

CONFIG = """
publish: {formats: [json, atom]}
defaults: {every: 1h}
sources:
  one:
    url: http://one.example/news
    selectors: &rule {items: li, title: h3, link: "a::attr(href)", date: .d, summary: p}
  two: {url: http://two.example/news, selectors: *rule}
  three: {url: http://three.example/news, selectors: *rule}
topics:
  mines: {title: Mines, any: [mine]}
  each: {title: Each, any: [mine], merge: off}
"""
STRIKE = (
    "Workers at the Las Rocas mine began a strike on Monday over wages and safety, their union "
    "said, stopping all work at the pit for the second time this year."
)
RAIN = "Heavy rain in the valley has closed the road to the mine, and no lorry passes for a week."


def item(title: str, text: str, *, link: str = "", day: int = 5) -> str:
    href = link or "/" + title.replace(" ", "-")
    return f"<li><h3><a href='{href}'>{title}</a></h3><i class=d>{day} March 2018</i><p>{text}</p>"


def work(story: Callable[[Workbench], Awaitable[None]]) -> None:
    async def told() -> None:
        async with Workbench(CONFIG) as bench:
            await story(bench)

    asyncio.run(told())


async def see(bench: Workbench, source: str, *items: str) -> None:
    bench.clock.advance(timedelta(hours=1))
    bench.transport.serve(f"http://{source}.example/news", f"<ul>{''.join(items)}</ul>")
    await bench.refresh(source)


def titles(bench: Workbench, feed: str = "mines") -> list[str]:
    return sorted(one["title"] for one in json.loads(bench.published(f"{feed}.json"))["items"])


def test_one_story_of_three_sources_is_one_entry_that_names_the_others() -> None:
    async def story(bench: Workbench) -> None:
        await see(bench, "one", item("Strike at Las Rocas mine", STRIKE))
        await see(bench, "two", item("Strike at the Las Rocas mine", STRIKE))
        await see(bench, "three", item("Las Rocas mine: strike", STRIKE))

        assert titles(bench) == ["Strike at Las Rocas mine"]
        atom = bench.published("mines.atom")
        assert "Also at:" in atom
        related = [link for link in re.findall("<link[^>]*>", atom) if 'rel="related"' in link]
        assert "http://two.example/Strike-at-the-Las-Rocas-mine" in related[0]
        assert "http://three.example/Las-Rocas-mine:-strike" in related[1]

    work(story)


def test_nothing_is_dropped_where_nothing_is_merged() -> None:
    async def story(bench: Workbench) -> None:
        await see(bench, "one", item("Strike at Las Rocas mine", STRIKE))
        await see(bench, "two", item("Strike at the Las Rocas mine", STRIKE))

        both = ["Strike at Las Rocas mine", "Strike at the Las Rocas mine"]
        assert titles(bench, "all") == both
        assert titles(bench, "each") == both
        assert titles(bench, "sources/two") == both[1:]

    work(story)


def test_two_stories_are_never_one() -> None:
    async def story(bench: Workbench) -> None:
        await see(bench, "one", item("Strike at Las Rocas mine in April", STRIKE))
        await see(bench, "two", item("Strike at Las Rocas mine in May", STRIKE))
        await see(bench, "three", item("Strike at Las Rocas mine 2", STRIKE))

        assert len(titles(bench)) == 3

    work(story)


def test_the_same_words_weeks_later_are_another_story() -> None:
    async def story(bench: Workbench) -> None:
        await see(bench, "one", item("Strike at Las Rocas mine", STRIKE, day=1))
        await see(bench, "two", item("Strike at the Las Rocas mine", STRIKE, day=20))

        assert len(titles(bench)) == 2

    work(story)


def test_a_source_is_never_merged_with_itself() -> None:
    async def story(bench: Workbench) -> None:
        first, second = (item("Face to face at the mine", STRIKE, link=f"/{n}") for n in (1, 2))

        await see(bench, "one", second, first)

        assert len(titles(bench)) == 2

    work(story)


def test_when_the_first_tells_another_story_the_others_are_shown_again() -> None:
    async def story(bench: Workbench) -> None:
        await see(bench, "one", item("Strike at Las Rocas mine", STRIKE, link="/1"))
        await see(bench, "two", item("Strike at the Las Rocas mine", STRIKE))
        await see(bench, "three", item("Las Rocas mine: strike", STRIKE))

        await see(bench, "one", item("Rain closes the road to the mine", RAIN, link="/1"))

        assert titles(bench) == [
            "Rain closes the road to the mine",
            "Strike at the Las Rocas mine",
        ]

    work(story)


def test_when_the_first_leaves_the_topic_the_next_one_stands_for_the_rest() -> None:
    async def story(bench: Workbench) -> None:
        await see(bench, "one", item("Strike at Las Rocas mine", STRIKE, link="/1"))
        await see(bench, "two", item("Strike at the Las Rocas mine", STRIKE))
        await see(bench, "three", item("Las Rocas mine: strike", STRIKE))

        await see(bench, "one", item("Strike at Las Rocas", "Workers began a strike.", link="/1"))

        assert titles(bench) == ["Strike at the Las Rocas mine"]

    work(story)


def test_a_correction_of_a_follower_keeps_the_story_together() -> None:
    async def story(bench: Workbench) -> None:
        await see(bench, "one", item("Strike at Las Rocas mine", STRIKE))
        await see(bench, "two", item("Strike at the Las Rocas mine", STRIKE, link="/2"))

        await see(bench, "two", item("The strike at the Las Rocas mine", STRIKE, link="/2"))

        assert titles(bench) == ["Strike at Las Rocas mine"]

    work(story)


def test_an_item_two_lists_show_is_one_entry_with_one_id() -> None:
    async def story(bench: Workbench) -> None:
        link = "https://www.one.example/news/17"
        await see(bench, "one", item("Strike at Las Rocas mine", STRIKE, link=link))
        await see(bench, "two", item("Strike at Las Rocas mine", STRIKE, link=link + "/?utm_id=x"))

        assert titles(bench, "all") == titles(bench, "each") == ["Strike at Las Rocas mine"]
        assert titles(bench, "sources/two") == ["Strike at Las Rocas mine"]
        one, two = (json.loads(bench.published(f"sources/{n}.json")) for n in ("one", "two"))
        assert one["items"][0]["id"] == two["items"][0]["id"]

    work(story)


def test_an_item_two_lists_show_stays_in_both_feeds_when_it_is_corrected() -> None:
    async def story(bench: Workbench) -> None:
        link = "https://www.one.example/news/17"
        await see(bench, "one", item("Strike at Las Rocas mine", STRIKE, link=link))
        await see(bench, "two", item("Strike at Las Rocas mine", STRIKE, link=link))

        await see(bench, "one", item("Strike at Las Rocas mine ends", STRIKE, link=link))

        assert titles(bench, "sources/two") == ["Strike at Las Rocas mine ends"]

    work(story)
