"""What is taken out of the configuration leaves nothing behind for readers."""

from __future__ import annotations

import asyncio

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
