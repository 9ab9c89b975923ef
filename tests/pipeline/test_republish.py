"""The outbox: feeds that changed are written once, whole, and whatever fails is tried again."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from aggregator.core.feed_ids import ALL
from aggregator.errors import PublishError
from aggregator.model import FeedId
from aggregator.pipeline import FAILURES_BORNE, FEEDS_AT_ONCE
from aggregator.testing import MemoryPublisher, Workbench

SOURCE = "  s{0}: {{url: 'http://example.org/{0}', selectors: {{items: li, title: h3}}}}\n"


class StubbornPublisher(MemoryPublisher):
    """Refuses some paths, as a folder with odd rights does."""

    def __init__(self, *refused: str) -> None:
        super().__init__()
        self.refused = refused

    def write(self, path: str, document: bytes, *, now: datetime) -> bool:
        if path.startswith(self.refused):
            raise PublishError(f"{path}: refused")
        return super().write(path, document, now=now)


def config(*, sources: int, base_url: str = "http://127.0.0.1:8765/", window: int = 50) -> str:
    listed = "".join(SOURCE.format(number) for number in range(sources))
    return (
        f"publish: {{formats: [json], base_url: '{base_url}', window: {window}}}\n"
        f"sources:\n{listed}"
        "topics: {mines: {any: [mine]}}\n"
    )


def outbox(bench: Workbench) -> set[FeedId]:
    with bench.shop.store.reading() as session:
        return set(session.dirty_feeds(limit=1000))


def test_every_feed_is_written_before_anything_was_fetched() -> None:
    async def story() -> set[str]:
        async with Workbench(config(sources=2)) as bench:
            await bench.republish()
            assert outbox(bench) == set()
            return set(bench.publisher.documents)

    assert {"all.json", "mines.json", "sources/s0.json", "sources/s1.json"} <= asyncio.run(story())


def test_writing_again_changes_nothing() -> None:
    async def story() -> int:
        async with Workbench(config(sources=2)) as bench:
            await bench.republish()
            with bench.shop.store.writing() as session:
                session.mark_dirty([ALL, FeedId("mines")], at=bench.clock.now())
            bench.clock.advance(timedelta(hours=1))
            return await bench.republish()

    assert asyncio.run(story()) == 0


def test_another_address_writes_every_feed_anew() -> None:
    async def story() -> tuple[int, int]:
        async with Workbench(config(sources=2)) as bench:
            written = await bench.republish()
            moved = Workbench(
                config(sources=2, base_url="https://example.net/"),
                store=bench.shop.store,
                publisher=bench.publisher,
            )
            await moved.align()
            assert "https://example.net/feeds/all.json" not in bench.published("all.json")
            again = await moved.republish()
            assert "https://example.net/feeds/all.json" in bench.published("all.json")
            return written, again

    written, again = asyncio.run(story())
    assert written == again


def test_a_feed_that_is_no_more_is_taken_away() -> None:
    async def story() -> None:
        async with Workbench(config(sources=1)) as bench:
            await bench.republish()
            fewer = Workbench(
                config(sources=1).replace("mines", "waters"),
                store=bench.shop.store,
                publisher=bench.publisher,
            )
            await fewer.align()

            await fewer.republish()

            assert "mines.json" not in bench.publisher.documents
            assert "waters.json" in bench.publisher.documents

    asyncio.run(story())


def test_a_feed_that_cannot_be_written_keeps_no_other_back() -> None:
    async def story() -> None:
        publisher = StubbornPublisher("sources/s0.")
        count = FEEDS_AT_ONCE + 10
        async with Workbench(config(sources=count), publisher=publisher) as bench:
            with pytest.raises(PublishError, match="sources/s0"):
                await bench.republish()

            assert outbox(bench) == {"sources/s0"}
            assert len(publisher.documents) > count
            publisher.refused = ("nothing",)
            assert await bench.republish() == 1
            assert outbox(bench) == set()

    asyncio.run(story())


def test_when_nothing_can_be_written_not_all_is_tried() -> None:
    async def story() -> None:
        publisher = StubbornPublisher("nothing")
        async with Workbench(config(sources=FEEDS_AT_ONCE), publisher=publisher) as bench:
            waiting, publisher.refused = outbox(bench), ("",)

            with pytest.raises(PublishError):
                await bench.republish()

            assert outbox(bench) == waiting
            assert len(waiting) > FAILURES_BORNE

    asyncio.run(story())


def test_icon_and_rights_stand_in_every_feed() -> None:
    told = "formats: [atom, json], icon: 'http://example.org/icon.png', rights: 'Free to read.'"

    async def story() -> dict[str, str]:
        text = config(sources=1).replace("formats: [json]", told)
        async with Workbench(text) as bench:
            await bench.republish()
            return {path: bench.published(path) for path in ("mines.atom", "all.json")}

    documents = asyncio.run(story())

    assert "<icon>http://example.org/icon.png</icon>" in documents["mines.atom"]
    assert "<rights>Free to read.</rights>" in documents["mines.atom"]
    assert '"icon": "http://example.org/icon.png"' in documents["all.json"]
