"""What sites change is told, and what is old enough is forgotten, but never comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta

from aggregator.model import SourceId, TopicId
from aggregator.testing import Workbench
from aggregator.why import Why, why

URL = "http://one.example/news"
CONFIG = """
publish: {formats: [json, atom]}
sources:
  one:
    url: http://one.example/news
    selectors: {items: li, title: h3, link: "a::attr(href)", date: .d, summary: p}
topics:
  mines: {title: Mines, any: [mine]}
  rain: {title: Rain, any: [rain]}
"""
STRIKE = "Workers at the Las Rocas mine began a strike on Monday over wages and safety."


def item(title: str, text: str = STRIKE, *, link: str = "/1", day: str = "5 March 2018") -> str:
    return f"<li><h3><a href='{link}'>{title}</a></h3><i class=d>{day}</i><p>{text}</p>"


def work(story: Callable[[Workbench], Awaitable[None]], *, config: str = CONFIG) -> None:
    async def told() -> None:
        async with Workbench(config) as bench:
            await story(bench)

    asyncio.run(told())


async def see(bench: Workbench, *items: str, after: timedelta = timedelta(hours=1)) -> None:
    bench.clock.advance(after)
    bench.transport.serve(URL, f"<ul>{''.join(items)}</ul>")
    await bench.refresh("one")


def shown(bench: Workbench, feed: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(bench.published(f"{feed}.json"))["items"]
    return found


def asked(bench: Workbench, what: str, *only: str) -> Why:
    with bench.shop.store.reading() as session:
        return why(
            session,
            what,
            sources=bench.config.sources,
            percolator=bench.shop.desk.percolator,
            topics=bench.config.topics,
            only=[TopicId(name) for name in only],
        )


def test_a_link_is_found_whatever_a_site_was_seen_to_ignore_in_it() -> None:
    async def story(bench: Workbench) -> None:
        for value in ("a1x", "b2y", "c3w"):
            await see(bench, item("Mine strike", link=f"/story?zz={value}"))

        answer = asked(bench, "http://one.example/story?zz=d4v")

        assert answer.entry is not None
        assert answer.entry.title == "Mine strike"

    work(story)


def test_what_is_no_address_is_told_as_unknown() -> None:
    async def story(bench: Workbench) -> None:
        answer = asked(bench, "http://[x/1")

        assert (answer.entry, answer.notes, answer.nearest) == (None, (), ())

    work(story)


# ---- corrections ---------------------------------------------------------------------


def test_a_changed_title_is_a_correction_with_the_old_one_struck_out() -> None:
    async def story(bench: Workbench) -> None:
        await see(bench, item("Strike at the mine &lt;b&gt;"))
        before = bench.published("corrections.json")
        await see(bench, item("Strike at the mine ends &amp; how"))

        assert json.loads(before)["items"] == []
        (one,) = shown(bench, "corrections")
        assert one["title"] == "Corrected: Strike at the mine ends & how"
        assert "<del>Strike at the mine &lt;b&gt;</del>" in one["content_html"]
        assert "<ins>Strike at the mine ends &amp; how</ins>" in one["content_html"]
        assert one["url"] == "http://one.example/1"

    work(story)


def test_what_changed_at_once_is_one_correction_and_later_ones_stand_above_it() -> None:
    async def story(bench: Workbench) -> None:
        await see(bench, item("Strike at the mine"))
        await see(bench, item("Strike at the mine ends", STRIKE + " It ended."))
        await see(bench, item("Strike at the mine is over", STRIKE + " It ended."))

        latest, first = shown(bench, "corrections")
        assert latest["title"] == first["title"] == "Corrected: Strike at the mine is over"
        assert "It ended." in first["content_html"]
        assert latest["id"] != first["id"]

    work(story)


def test_a_link_that_moved_is_remembered_and_no_correction() -> None:
    async def story(bench: Workbench) -> None:
        await see(bench, item("Strike at Las Rocas mine goes on"))
        await see(bench, item("Strike at Las Rocas mine goes on", link="/strike-goes-on"))

        assert shown(bench, "corrections") == []
        assert [one["url"] for one in shown(bench, "all")] == ["http://one.example/strike-goes-on"]
        (revision,) = asked(bench, "http://one.example/1").revisions
        assert (revision.field, revision.old) == ("link", "http://one.example/1")

    work(story)


# ---- forgetting ----------------------------------------------------------------------


def test_what_is_kept_long_enough_goes_and_never_comes_back_as_new() -> None:
    async def story(bench: Workbench) -> None:
        old = item("Strike at the mine")
        await see(bench, old)
        await see(bench, old, item("Rain", "Rain.", link="/2"), after=timedelta(days=31))
        await see(bench, old, item("Rain", "Rain at last.", link="/2"), after=timedelta(days=1))

        assert [one["title"] for one in shown(bench, "all")] == ["Rain"]
        assert shown(bench, "mines") == []
        found = asked(bench, "http://one.example/1")
        assert found.forgotten is not None
        assert found.listed == ((SourceId("one"), "link"),)

    work(story, config=CONFIG.replace("selectors:", "keep: 30d\n    selectors:"))


def test_a_story_whose_first_teller_was_forgotten_is_told_by_the_next() -> None:
    others = """
  two: {url: http://two.example/news, selectors: *rule}
  three: {url: http://three.example/news, selectors: *rule}
topics:"""

    async def story(bench: Workbench) -> None:
        strike = f"<ul>{item('Las Rocas mine: strike')}"
        await see(bench, item("Strike at Las Rocas mine"))
        bench.transport.serve("http://two.example/news", strike)
        await bench.refresh("two")
        await see(bench, item("Rain", "Rain.", link="/2"), after=timedelta(days=31))
        bench.transport.serve("http://three.example/news", strike)

        await bench.refresh("three")

        assert [one["url"] for one in shown(bench, "mines")] == ["http://two.example/1"]

    config = CONFIG.replace("selectors:", "keep: 30d\n    selectors: &rule")
    work(story, config=config.replace("\ntopics:", others))


# ---- why -----------------------------------------------------------------------------


def test_why_tells_where_an_entry_is_and_what_each_topic_found_in_it() -> None:
    async def story(bench: Workbench) -> None:
        await see(bench, item("Strike at the mine"))

        found = asked(bench, "https://www.one.example/1/?utm_source=x", "rain")

        assert found.entry is not None
        assert found.feeds == ("all", "mines", "sources/one")
        assert [(one.topic, one.is_member) for one in found.topics] == [
            ("mines", True),
            ("rain", False),
        ]
        assert "«mine»" in found.topics[0].lines[0]
        assert asked(bench, found.entry.id).entry == found.entry
        assert asked(bench, found.entry.id + "#in=mines").entry == found.entry

    work(story)


def test_why_of_an_unknown_link_names_the_nearest_and_what_ails_its_source() -> None:
    async def story(bench: Workbench) -> None:
        await see(bench, item("Strike at the mine", link="/news/17"))

        near = asked(bench, "http://one.example/news/18")
        far = asked(bench, "http://elsewhere.example/news/18")
        bench.transport.take_away(URL)
        await bench.refresh("one")
        ailing = asked(bench, "http://one.example/news/18")

        assert near.entry is None
        assert near.notes == ("one: does not list it.",)
        assert [one.title for one in near.nearest] == ["Strike at the mine"]
        assert far.notes == ("No source of the configuration lies at elsewhere.example.",)
        assert ailing.notes[0].startswith("one: gone: ")

    work(story)


def test_why_tells_for_whom_an_entry_stands() -> None:
    two = """
  two:
    url: http://two.example/news
    selectors: {items: li, title: h3, link: "a::attr(href)", date: .d, summary: p}
topics:"""

    async def story(bench: Workbench) -> None:
        await see(bench, item("Strike at Las Rocas mine"))
        bench.transport.serve("http://two.example/news", f"<ul>{item('Las Rocas mine: strike')}")
        await bench.refresh("two")

        leader = asked(bench, "http://one.example/1")
        follower = asked(bench, "http://two.example/1")

        assert [(feed, one.source) for feed, one in leader.stands_for] == [("mines", "two")]
        assert [(feed, one.source) for feed, one in follower.shown_as] == [("mines", "one")]
        assert leader.shown_as == follower.stands_for == ()

    work(story, config=CONFIG.replace("\ntopics:", two))
