"""What is taken out of the configuration leaves nothing behind for readers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import feedparser

from aggregator.testing import MemoryStore, Workbench
from tests.pipeline.test_refresh import URL, listing

CONFIG = """
publish: {formats: [json, atom], window: 2}
sources:
  news:
    url: http://example.org/news
    selectors: {items: li, title: h3, link: "a::attr(href)", date: .d, summary: p}
topics:
  mines: {title: Mines, any: [mine]}
"""


def test_a_topic_and_a_source_that_are_no_more_take_their_archives_along() -> None:
    async def story() -> tuple[set[str], set[str]]:
        store = MemoryStore()
        async with Workbench(CONFIG, store=store) as before:
            before.transport.serve(URL, listing("Mine one", "Mine two", "Mine three"))
            await before.refresh("news")
            published = set(before.publisher.documents)
            after = Workbench("publish: {formats: [json, atom], window: 2}", store=store)
            after.publisher.documents.update(before.publisher.documents)
            after.publisher.keep_terms(before.publisher.terms())
            await after.align()
            await after.republish()
            left = set(after.shop.press.publisher.documents)  # type: ignore[attr-defined]
        return published, left

    published, left = asyncio.run(story())

    assert {"mines.json", "mines/archive/1.atom", "sources/news/archive/1.json"} <= published
    gone = {path for path in published if path.startswith(("mines", "sources/news"))}
    assert not gone & left
    assert "all.json" in left


async def published(configs: Sequence[str], *names: str) -> list[Any]:
    """Run one configuration after the other on one store; return these feeds of the last ones."""
    feeds, store = [], MemoryStore()
    async with Workbench(configs[0], store=store) as first:
        first.transport.serve(URL, listing("Mine one", "Mine two"))
        await first.refresh("news")
        for config, name in zip(configs, names, strict=True):
            bench = Workbench(config, store=store)
            await bench.align()
            await bench.republish()
            document, _ = bench.publisher.documents[f"{name}.atom"]
            feeds.append(feedparser.parse(document))
    return feeds


def test_a_topic_that_is_renamed_keeps_its_atom_id_there_and_back() -> None:
    there = CONFIG.replace("  mines: {", "  pits: {was: [mines], ")
    back = CONFIG.replace("  mines: {", "  mines: {was: [pits], ")

    feeds = asyncio.run(published((CONFIG, there, back), "mines", "pits", "mines"))

    assert len({feed.feed.id for feed in feeds}) == 1
    assert all([one.title for one in feed.entries] == ["Mine two", "Mine one"] for feed in feeds)


def test_a_new_topic_under_a_name_that_was_given_up_has_an_id_of_its_own() -> None:
    there = CONFIG.replace("  mines: {", "  pits: {was: [mines], ")
    both = CONFIG + "  pits: {title: Pits, any: [pit]}\n"

    _, pits, mines = asyncio.run(published((CONFIG, there, both), "mines", "pits", "mines"))

    assert pits.feed.id != mines.feed.id
