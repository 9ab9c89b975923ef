"""Whole articles are fetched once, and never taken for edits."""

from __future__ import annotations

import asyncio

import pytest

from aggregator.adapters.http import FetchSettings
from aggregator.eyes import open_eyes
from aggregator.model import Fetched, Hints, OutcomeKind, Reading, Rule
from aggregator.testing import Workbench
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
        f"<html><body><article><h1>{name}</h1><p>{WORDS * 2}</p><p>{name} ended well. {WORDS}</p>"
        "</article></body></html>"
    )


def test_the_text_is_published_and_a_second_look_changes_nothing() -> None:
    async def story() -> None:
        async with Workbench(CONFIG) as bench:
            for name in ("Rain", "Dam"):
                bench.transport.serve(f"http://example.org/{name}", article(name))
            bench.transport.serve(URL, listing("Rain"))
            first = await bench.refresh("news")
            bench.transport.serve(URL, listing("Dam", "Rain"))
            second = await bench.refresh("news")

            published = bench.published("all.json")
            asked = [request.url for request in bench.transport.requests]

            assert (first.new, first.updated) == (1, 0)
            assert (second.kind, second.new, second.updated) == (OutcomeKind.CHANGED, 1, 0)
            assert "Rain ended well." in published
            assert "Dam ended well." in published
            assert asked.count("http://example.org/Rain") == 1

    asyncio.run(story())


def test_an_article_that_does_not_come_is_told_of() -> None:
    async def story() -> None:
        async with Workbench(CONFIG) as bench:
            bench.transport.serve(URL, listing("Rain"))

            outcome = await bench.refresh("news")

            assert (outcome.kind, outcome.new) == (OutcomeKind.CHANGED, 1)
            assert outcome.code == "full-text"
            assert "1 of 1 articles could not be read whole" in outcome.detail

    asyncio.run(story())


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
