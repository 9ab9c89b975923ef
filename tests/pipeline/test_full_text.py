"""Whole articles are fetched once, asked for again where they did not come, never taken for edits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.adapters.http import FetchSettings
from aggregator.core.full_text import FIRST_WAIT, TEXTS_LIMIT, TRIES
from aggregator.eyes import open_eyes
from aggregator.model import FailureKind, Fetched, Hints, OutcomeKind, Reading, Rule, SourceId
from aggregator.testing import Workbench
from aggregator.why import why
from tests.pipeline.pages import NOW

pytest.importorskip("trafilatura")

URL = "http://example.org/news"
CONFIG = """
publish: {formats: [json]}
sources:
  news:
    url: http://example.org/news
    full_text: true
    selectors: {items: li, title: h3, link: "a::attr(href)", summary: p}
"""
WORDS = "The board of the valley met for three hours and heard every side of the question. "


def listing(*names: str) -> str:
    rows = (f"<li><h3><a href='/{name}'>{name}</a></h3><p>About {name}.</p></li>" for name in names)
    return f"<ul>{''.join(rows)}</ul>"


def article(name: str) -> str:
    return (
        f"<html><body><article><h1>{name}</h1><p>{WORDS * 2}</p><p onclick='x()'>{name} ended well. {WORDS}<script>alert(1)</script></p>"
        "</article></body></html>"
    )


def run(story: Callable[[Workbench], Awaitable[None]], *, config: str = CONFIG) -> None:
    async def whole() -> None:
        async with Workbench(config) as bench:
            await story(bench)

    asyncio.run(whole())


def link_of(name: str) -> str:
    return f"http://example.org/{name}"


def asked(bench: Workbench, name: str) -> int:
    return [request.url for request in bench.transport.requests].count(link_of(name))


def told(bench: Workbench, name: str) -> str:
    """Return what `why` says beside the facts."""
    shop = bench.shop
    with shop.store.reading() as session:
        found = why(
            session,
            link_of(name),
            sources=bench.config.sources,
            percolator=shop.desk.percolator,
            topics=bench.config.topics,
        )
    return " ".join(found.notes)


def test_the_text_is_published_and_a_second_look_changes_nothing() -> None:
    async def story(bench: Workbench) -> None:
        for name in ("Rain", "Dam"):
            bench.transport.serve(link_of(name), article(name))
        bench.transport.serve(URL, listing("Rain"))
        first = await bench.refresh("news")
        bench.transport.serve(URL, listing("Dam", "Rain"))
        second = await bench.refresh("news")

        published = bench.published("all.json")

        assert (first.new, first.updated, first.code) == (1, 0, "")
        assert (second.kind, second.new, second.updated) == (OutcomeKind.CHANGED, 1, 0)
        assert "Rain ended well." in published
        assert "Dam ended well." in published
        assert "alert" not in published
        assert (asked(bench, "Rain"), told(bench, "Rain")) == (1, "")

    run(story)


@pytest.mark.parametrize("trouble", ["404", "login", "gone"])
def test_an_article_that_does_not_come_costs_nothing_else_and_is_told_of(trouble: str) -> None:
    async def story(bench: Workbench) -> None:
        if trouble == "login":
            bench.transport.serve(link_of("Rain"), "<html><p>Please log in</p></html>")
        elif trouble == "gone":
            bench.transport.take_away(link_of("Rain"))
        bench.transport.serve(link_of("Dam"), article("Dam"))
        bench.transport.serve(URL, listing("Rain", "Dam"))

        outcome = await bench.refresh("news")

        assert (outcome.kind, outcome.new) == (OutcomeKind.CHANGED, 2)
        assert outcome.code == "full-text"
        assert outcome.detail.startswith("1 entry without the whole text, to be tried again (http")
        assert "Dam ended well." in bench.published("all.json")
        assert "after one try; tried again" in told(bench, "Rain")

    run(story)


def test_an_article_that_did_not_come_comes_at_a_later_refresh() -> None:
    async def story(bench: Workbench) -> None:
        bench.transport.serve(URL, listing("Rain"), etag="1")
        await bench.refresh("news")
        bench.transport.serve(link_of("Rain"), article("Rain"))

        at_once = await bench.refresh("news")
        assert (asked(bench, "Rain"), at_once.code) == (1, "full-text")

        bench.clock.advance(FIRST_WAIT)
        later = await bench.refresh("news")

        assert asked(bench, "Rain") == 2
        assert (later.kind, later.code) == (OutcomeKind.UNCHANGED, "")
        assert "Rain ended well." in bench.published("all.json")
        assert told(bench, "Rain") == ""
        bench.clock.advance(timedelta(days=9))
        await bench.refresh("news")
        assert asked(bench, "Rain") == 2

    run(story)


def test_a_text_that_comes_late_reaches_the_topics_that_ask_for_it() -> None:
    topics = "topics: {ends: {query: 'content:\"ended well\"'}}\n"

    async def story(bench: Workbench) -> None:
        bench.transport.serve(URL, listing("Rain"))
        await bench.refresh("news")
        assert "Rain" not in bench.published("ends.json")
        bench.transport.serve(link_of("Rain"), article("Rain"))
        bench.clock.advance(FIRST_WAIT)

        await bench.refresh("news")

        assert "Rain ended well." in bench.published("ends.json")

    run(story, config=CONFIG + topics)


def test_the_waits_grow_and_after_the_last_try_the_entry_stays_as_it_is() -> None:
    async def story(bench: Workbench) -> None:
        bench.transport.serve(URL, listing("Rain"))
        counts, details = [], []
        for _ in range(3 * 24):
            outcome = await bench.refresh("news")
            counts.append(asked(bench, "Rain"))
            details.append(outcome.detail)
            bench.clock.advance(timedelta(hours=1))

        gaps = [counts.index(tries + 1) - counts.index(tries) for tries in range(1, TRIES)]

        assert gaps == [1, 2, 4, 8, 16]
        assert counts[-1] == TRIES
        assert [one for one in details if "given up after 6 tries" in one] == [details[31]]
        assert details[-1] == ""
        assert "given up after 6 tries" in told(bench, "Rain")
        assert "the server says 404" in told(bench, "Rain")

    run(story)


def test_a_server_that_names_a_time_is_not_asked_before() -> None:
    async def story(bench: Workbench) -> None:
        later = bench.clock.now() + timedelta(days=2)
        bench.transport.serve(URL, listing("Rain"))
        bench.transport.fail(link_of("Rain"), FailureKind.RATE_LIMITED, retry_at=later)
        for _ in range(49):
            await bench.refresh("news")
            bench.clock.advance(timedelta(hours=1))

        assert asked(bench, "Rain") == 2

    run(story)


def test_only_so_many_articles_are_fetched_at_once_and_the_others_follow() -> None:
    names = [f"Story{number}" for number in range(TEXTS_LIMIT + 5)]

    async def story(bench: Workbench) -> None:
        for name in names:
            bench.transport.serve(link_of(name), article(name))
        bench.transport.serve(URL, listing(*names))
        first = await bench.refresh("news")
        assert sum(asked(bench, name) for name in names) == TEXTS_LIMIT
        assert first.detail == "5 entries without the whole text, to be tried again"
        assert "not fetched yet" in told(bench, names[-1])

        second = await bench.refresh("news")

        assert [asked(bench, name) for name in names] == [1] * len(names)
        assert second.code == ""

    run(story)


def test_without_the_extra_no_article_is_fetched_and_the_source_says_why() -> None:
    async def story(bench: Workbench) -> None:
        desk = bench.shop.desk
        bench.transport.serve(URL, listing("Rain"))
        bench.transport.serve(link_of("Rain"), article("Rain"))
        bench.shop = replace(
            bench.shop, desk=replace(desk, eyes=replace(desk.eyes, reads_articles=False))
        )
        outcome = await bench.refresh("news")
        assert "'.[fulltext]'" in outcome.next_step
        assert asked(bench, "Rain") == 0

        bench.shop = replace(bench.shop, desk=desk)  # it is installed at last
        await bench.refresh("news")

        assert "Rain ended well." in bench.published("all.json")

    run(story)


def test_articles_of_a_page_that_is_held_wait_until_it_is_released() -> None:
    many = [f"Story{number}" for number in range(12)]
    menu = "".join(f"<li><h3><a href='/nav/{n}'>Menu {n}</a></h3></li>" for n in range(12))

    async def story(bench: Workbench) -> None:
        for name in (*many, "Dam"):
            bench.transport.serve(link_of(name), article(name))
        bench.transport.serve(URL, listing(*many))
        await bench.refresh("news")
        bench.transport.serve(URL, f"<ul>{menu}</ul>")
        held = await bench.refresh("news")
        assert held.kind is OutcomeKind.HELD
        bench.transport.requests.clear()

        bench.transport.serve(URL, listing("Dam", *many))
        released = await bench.refresh("news")
        assert asked(bench, "Dam") == 0
        await bench.refresh("news")

        assert (released.kind, released.new) == (OutcomeKind.CHANGED, 1)
        assert asked(bench, "Dam") == 1
        assert "Dam ended well." in bench.published("all.json")

    run(story)


def test_a_page_the_user_accepts_comes_with_its_articles() -> None:
    async def story(bench: Workbench) -> None:
        bench.transport.serve(URL, listing(*(f"Story{number}" for number in range(12))))
        await bench.refresh("news")
        fresh = [f"Tale{number}" for number in range(12)]
        for name in fresh:
            bench.transport.serve(f"http://example.org/tales/{name}", article(name))
        bench.transport.serve(URL, listing(*(f"tales/{name}" for name in fresh)))
        held = await bench.refresh("news")
        assert held.kind is OutcomeKind.HELD
        with bench.shop.store.writing() as session:
            (state,) = session.source_states([SourceId("news")])
            session.save_state(replace(state, accept_next=True))

        await bench.refresh("news")

        assert "Tale3 ended well." in bench.published("all.json")

    run(story)


@pytest.mark.slow
def test_an_article_is_read_in_a_child_within_its_limits() -> None:
    async def read() -> Reading:
        settings = FetchSettings(user_agent="test")
        async with open_eyes(settings) as eyes:
            page = Fetched(url="http://example.org/a", body=article("Rain").encode(), at=NOW)
            reading = await eyes.parser.read(page, Rule(article=True), Hints(now=NOW))
            assert isinstance(reading, Reading), reading
            return reading

    (draft,) = asyncio.run(read()).drafts

    assert "Rain ended well." in (draft.content or "")
