"""A new or changed topic is searched for in all that is stored."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from aggregator.align import ENTRIES_AT_ONCE, search_chunk, search_history
from aggregator.core.feed_ids import ALL, feed_of_source
from aggregator.model import Basis, Entry, EntryId, FeedId, Precision, SourceId, When
from aggregator.ports import Session
from aggregator.testing import START, Workbench

SOURCES = """
publish: {formats: [json], window: 20}
sources:
  news: {url: http://example.org/news, title: The Herald}
  other: {url: http://example.net/news, title: The Other}
topics:
"""
MINES = SOURCES + "  mines: {title: Mines, query: mine}\n"
WATER = SOURCES + "  mines: {title: Mines, query: mine OR water}\n"
LONG_AGO = datetime(2018, 1, 1, tzinfo=UTC)


def entry(number: int, title: str, *, source: str = "news", summary: str = "") -> Entry:
    at = LONG_AGO + timedelta(hours=number)
    return Entry(
        id=EntryId(f"http://example.org/{source}/{number}"),
        source=SourceId(source),
        title=title,
        link=f"http://example.org/{source}/{number}",
        published=When(at=at, precision=Precision.TIME, basis=Basis.MACHINE),
        summary=summary,
        updated=at,
        first_seen=at,
    )


async def store_entries(bench: Workbench, *entries: Entry) -> None:
    """Store *entries*, the first one first, as members of what they are always members of."""
    await bench.shop.store.transact(lambda session: session.add_entries(entries[::-1]))
    members = {one.id: [ALL, feed_of_source(one.source)] for one in entries}
    await bench.shop.store.transact(lambda session: session.set_members(members))


def items(bench: Workbench, feed: str = "mines") -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(bench.published(f"{feed}.json"))["items"]
    return found


def titles(bench: Workbench, feed: str = "mines") -> list[str]:
    return [item["title"] for item in items(bench, feed)]


async def reconfigured(bench: Workbench, config: str) -> Workbench:
    fresh = Workbench(config, store=bench.shop.store)
    await fresh.align()
    await fresh.republish()
    return fresh


def test_a_new_topic_finds_old_entries_with_their_own_dates() -> None:
    async def story() -> None:
        async with Workbench(SOURCES + "  {}") as bench:
            await store_entries(bench, entry(1, "A mine"), entry(2, "Rain"), entry(3, "Mines"))

            later = await reconfigured(bench, MINES)

            assert titles(later) == ["Mines", "A mine"]
            assert [item["date_published"][:13] for item in items(later)] == [
                "2018-01-01T03",
                "2018-01-01T01",
            ]
            assert all(item["date_modified"].startswith("2018-01-01") for item in items(later))

    asyncio.run(story())


def test_a_changed_topic_gains_and_loses_what_the_change_says() -> None:
    async def story() -> None:
        async with Workbench(MINES) as bench:
            await store_entries(bench, entry(1, "A mine"), entry(2, "Water"), entry(3, "Rain"))
            later = await reconfigured(bench, WATER)
            assert titles(later) == ["Water", "A mine"]

            later = await reconfigured(bench, SOURCES + "  mines: {title: Mines, query: water}")

            assert titles(later) == ["Water"]

    asyncio.run(story())


def test_a_topic_that_did_not_change_is_not_searched_again() -> None:
    async def story() -> None:
        async with Workbench(MINES) as bench:
            await store_entries(bench, entry(1, "A mine"))

            later = await reconfigured(bench, MINES)

            assert titles(later) == []  # nobody matched it: only a search would

    asyncio.run(story())


def test_a_search_names_sources_by_their_title() -> None:
    async def story() -> None:
        async with Workbench(SOURCES + "  {}") as bench:
            await store_entries(bench, entry(1, "A"), entry(1, "B", source="other"))

            later = await reconfigured(bench, SOURCES + '  one: {query: "source:herald"}\n')

            assert titles(later, "one") == ["A"]

    asyncio.run(story())


def test_a_title_of_a_source_that_changes_is_looked_for_again() -> None:
    async def story() -> None:
        config = SOURCES + '  one: {query: "source:herald"}\n'
        async with Workbench(config) as bench:
            await store_entries(bench, entry(1, "B", source="other"))

            later = await reconfigured(bench, config.replace("The Other", "Another Herald"))

            assert titles(later, "one") == ["B"]

    asyncio.run(story())


def test_a_search_that_was_cut_short_goes_on_where_it_was() -> None:
    async def story() -> None:
        async with Workbench(SOURCES + "  {}") as bench:
            await store_entries(
                bench, *(entry(number, "A mine") for number in range(ENTRIES_AT_ONCE + 500))
            )
            stopped = Workbench(MINES, store=bench.shop.store)
            await stopped_after_one_chunk(stopped)

            with bench.shop.store.reading() as session:
                reached = dict(session.unsearched_topics())
            left: list[int] = []
            again = Workbench(MINES, store=bench.shop.store)
            await search_history(desk=again.shop.desk, told=left.append)
            await again.republish()

            assert reached == {"mines": ENTRIES_AT_ONCE}
            assert left == [0]
            with bench.shop.store.reading() as session:
                assert not session.unsearched_topics()
                assert session.count_shown(FeedId("mines")) == ENTRIES_AT_ONCE + 500

    asyncio.run(story())


async def stopped_after_one_chunk(bench: Workbench) -> None:
    from aggregator.align import align  # noqa: PLC0415 -- without the search of Workbench.align

    await align(bench.config, desk=bench.shop.desk, press=bench.shop.press)
    await bench.shop.store.transact(lambda session: search_chunk(session, desk=bench.shop.desk))


def test_what_stays_in_a_feed_keeps_its_place_in_the_archives() -> None:
    async def story() -> None:
        async with Workbench(SOURCES + "  {}") as bench:
            await store_entries(bench, *(entry(number, "A mine") for number in range(45)))
            later = await reconfigured(bench, MINES)
            before = archives(later)

            later = await reconfigured(bench, WATER)

            assert len(before) == 3
            assert archives(later) == before

    asyncio.run(story())


def archives(bench: Workbench) -> dict[str, bytes]:
    documents = bench.publisher.documents
    return {path: documents[path][0] for path in documents if "mines/archive/" in path}


STORY = "The government of the region signed an agreement with the mine about the water of the lake"


def two_papers() -> tuple[Entry, Entry]:
    first = entry(1, "Agreement about the mine signed in the region", summary=STORY)
    second = entry(2, first.title or "", source="other", summary=STORY)
    return first, second


def test_a_story_in_two_papers_is_shown_once_however_often_it_is_searched() -> None:
    async def story() -> None:
        async with Workbench(SOURCES + "  {}") as bench:
            await store_entries(bench, *two_papers())
            for config in (MINES, WATER, MINES + "  lakes: {query: lake}\n"):
                later = await reconfigured(bench, config)

                assert len(titles(later)) == 1
            assert len(titles(later, "lakes")) == 1

    asyncio.run(story())


def test_a_topic_that_shows_both_shows_both_and_one_again_when_it_groups_again() -> None:
    async def story() -> None:
        apart = SOURCES + "  mines: {title: Mines, query: mine, merge: off}\n"
        async with Workbench(MINES) as bench:
            await store_entries(bench, *two_papers())
            for config, shown in ((WATER, 1), (apart, 2), (MINES, 1)):
                later = await reconfigured(bench, config)

                assert len(titles(later)) == shown

    asyncio.run(story())


def test_whoever_spoke_for_others_hands_them_on_when_it_follows_itself() -> None:
    async def story() -> None:
        a, b = two_papers()
        c = entry(3, "The third")
        async with Workbench(MINES) as bench:
            await store_entries(bench, a, b, c)
            feed = FeedId("mines")
            members = {one.id: [feed] for one in (a, b, c)}
            await bench.shop.store.transact(lambda session: session.set_members(members))

            for follower, leader in ((c, b), (b, a), (a, c)):
                await bench.shop.store.transact(_following(follower, leader, feed))

            with bench.shop.store.reading() as session:
                assert session.count_shown(feed) == 1

    asyncio.run(story())


def _following(entry: Entry, leader: Entry, feed: FeedId) -> Callable[[Session], object]:
    return lambda session: session.follow(entry.id, leader.id, [feed])


def test_the_search_of_nothing_ends_at_once() -> None:
    async def story() -> None:
        async with Workbench(MINES) as bench:
            left: list[int] = []

            await search_history(desk=bench.shop.desk, told=left.append)

            assert left == []
            assert bench.clock.now() == START

    asyncio.run(story())
