"""One source, one refresh: what is fetched, read, stored and published, on fakes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from aggregator.model import FailureKind, OutcomeKind, SourceId, SourceState, Subscription
from aggregator.testing import Workbench

URL = "http://example.org/news"
CONFIG = """
publish: {formats: [json]}
sources:
  news:
    url: http://example.org/news
    selectors: {items: li, title: h3, link: "a::attr(href)", date: .d, summary: p}
topics:
  mines: {title: Mines, any: [mine]}
"""
T = TypeVar("T")


def listing(*titles: str) -> str:
    rows = (
        f"<li><h3><a href='/{title.replace(' ', '-')}'>{title}</a></h3>"
        f"<i class=d>{day} March 2018</i><p>About {title}.</p></li>"
        for day, title in enumerate(titles, start=1)
    )
    return f"<ul>{''.join(rows)}</ul>"


def work(story: Callable[[Workbench], Awaitable[T]], *, config: str = CONFIG) -> T:
    async def told() -> T:
        async with Workbench(config) as bench:
            return await story(bench)

    return asyncio.run(told())


def titles(bench: Workbench, path: str = "all.json") -> set[str]:
    return {item["title"] for item in json.loads(bench.published(path))["items"]}


def state_of(bench: Workbench) -> SourceState:
    with bench.shop.store.reading() as session:
        (state,) = session.source_states([SourceId("news")])
    return state


def test_what_a_page_lists_is_published_everywhere_it_belongs() -> None:
    async def story(bench: Workbench) -> None:
        bench.transport.serve(URL, listing("A mine opens", "Rain in May"))

        outcome = await bench.refresh("news")

        assert (outcome.kind, outcome.new, outcome.items) == (OutcomeKind.CHANGED, 2, 2)
        assert titles(bench) == {"A mine opens", "Rain in May"}
        assert titles(bench, "sources/news.json") == {"A mine opens", "Rain in May"}
        assert titles(bench, "mines.json") == {"A mine opens"}

    work(story)


def test_seeing_the_same_page_again_changes_nothing() -> None:
    async def story(bench: Workbench) -> None:
        bench.transport.serve(URL, listing("A mine opens"))
        await bench.refresh("news")
        before = dict(bench.publisher.documents)
        bench.clock.advance(timedelta(hours=1))

        outcome = await bench.refresh("news")

        assert (outcome.kind, outcome.items) == (OutcomeKind.UNCHANGED, 1)
        assert bench.publisher.documents == before

    work(story)


def test_the_validators_of_the_page_we_read_are_shown_again() -> None:
    async def story(bench: Workbench) -> None:
        bench.transport.serve(URL, listing("A mine opens"), etag='"1"')
        await bench.refresh("news")

        outcome = await bench.refresh("news")

        assert [request.etag for request in bench.transport.requests] == [None, '"1"']
        assert outcome.kind is OutcomeKind.UNCHANGED

    work(story)


def test_a_failure_is_remembered_and_waits_longer_each_time() -> None:
    async def story(bench: Workbench) -> None:
        bench.transport.fail(URL, FailureKind.CONNECT)
        waits = []

        for _ in range(3):
            outcome = await bench.refresh("news")
            assert outcome.next_due is not None
            waits.append(outcome.next_due - bench.clock.now())

        state = state_of(bench)
        assert (state.failures, state.succeeded_at) == (3, None)
        assert state.outcome is not None
        assert state.outcome.next_step
        assert waits == sorted(waits)
        assert waits[2] > 2 * waits[0]

    work(story)


def test_one_success_forgets_the_failures() -> None:
    async def story(bench: Workbench) -> None:
        bench.transport.fail(URL, FailureKind.CONNECT)
        await bench.refresh("news")
        bench.transport.serve(URL, listing("A mine opens"))

        await bench.refresh("news")

        assert state_of(bench).failures == 0

    work(story)


def test_the_time_the_server_names_is_kept() -> None:
    async def story(bench: Workbench) -> None:
        later = bench.clock.now() + timedelta(hours=30)
        bench.transport.fail(URL, FailureKind.RATE_LIMITED, retry_at=later)

        outcome = await bench.refresh("news")

        assert outcome.next_due == later

    work(story)


def test_a_page_that_is_gone_is_never_asked_again() -> None:
    async def story(bench: Workbench) -> None:
        bench.transport.serve(URL, listing("A mine opens"))
        await bench.refresh("news")
        bench.transport.take_away(URL)

        outcome = await bench.refresh("news")

        assert (outcome.kind, outcome.next_due) == (OutcomeKind.GONE, None)
        assert titles(bench) == {"A mine opens"}

    work(story)


def test_a_page_that_moved_for_good_is_asked_at_its_new_address() -> None:
    async def story(bench: Workbench) -> None:
        bench.transport.move(URL, "http://example.org/2016/news")
        bench.transport.serve("http://example.org/2016/news", listing("A mine opens"))

        await bench.refresh("news")
        await bench.refresh("news")

        assert bench.transport.requests[-1].url == "http://example.org/2016/news"
        assert titles(bench) == {"A mine opens"}

    work(story)


def test_a_page_that_is_back_from_where_it_moved_is_read_and_told_of() -> None:
    there = "http://elsewhere.example/news"

    async def story(bench: Workbench) -> None:
        bench.transport.move(URL, there)
        bench.transport.serve(there, listing("A mine opens"))
        await bench.refresh("news")
        bench.transport.fail(there, FailureKind.NOT_FOUND)
        lost = await bench.refresh("news")
        bench.transport.serve(URL, listing("A mine opens", "Rain in May"))

        back = await bench.refresh("news")

        assert lost.kind is OutcomeKind.FAILED
        assert "it had moved to elsewhere.example; at its own address" in lost.detail
        assert (back.kind, back.code) == (OutcomeKind.CHANGED, "moved-back")
        assert state_of(bench).url is None
        assert titles(bench) == {"A mine opens", "Rain in May"}

    work(story)


def test_a_page_without_items_keeps_what_is_published_and_says_why() -> None:
    async def story(bench: Workbench) -> None:
        bench.transport.serve(URL, "<p>We are moving.</p>")

        outcome = await bench.refresh("news")

        assert outcome.kind is OutcomeKind.EMPTY
        assert outcome.code
        assert outcome.next_step
        assert titles(bench) == set()

    work(story)


def test_a_page_that_stays_fresh_is_not_asked_again_before() -> None:
    async def story(bench: Workbench) -> None:
        bench.transport.serve(URL, listing("A mine opens"), fresh_for=timedelta(hours=30))

        outcome = await bench.refresh("news")

        assert outcome.next_due == bench.clock.now() + timedelta(hours=30)

    work(story)


def test_a_feed_that_says_how_long_it_lives_is_not_asked_again_before() -> None:
    async def story(bench: Workbench) -> None:
        feed = (
            "<rss version='2.0'><channel><title>T</title><ttl>1800</ttl>"
            "<item><title>A mine opens</title><link>http://example.org/1</link></item>"
            "</channel></rss>"
        )
        bench.transport.serve(URL, feed, content_type="application/rss+xml")

        outcome = await bench.refresh("news")

        assert outcome.next_due == bench.clock.now() + timedelta(hours=30)

    work(story)


def test_whoever_subscribed_to_a_feed_is_told_of_its_change() -> None:
    async def story(bench: Workbench) -> None:
        await bench.republish()
        reader = Subscription(path="all.json", callback="http://reader.example/", secret="")
        with bench.shop.store.writing() as session:
            session.add_subscription(reader)
            before = session.due_pushes(now=bench.clock.now(), limit=9)
        bench.transport.serve(URL, listing("A mine opens"))

        await bench.refresh("news")

        with bench.shop.store.reading() as session:
            after = session.due_pushes(now=bench.clock.now(), limit=9)
        assert [one.callback for one in before] == []
        assert [one.callback for one in after] == ["http://reader.example/"]

    work(story, config=CONFIG.replace("formats: [json]", "formats: [json], hub: embedded"))
