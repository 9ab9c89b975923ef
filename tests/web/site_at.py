"""A site on a folder of its own, for the tests of what is served."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import httpx

from aggregator.adapters.files import FilePublisher
from aggregator.adapters.prometheus import Meters
from aggregator.core.feed_ids import ALL, feed_of_source
from aggregator.errors import StoreError
from aggregator.model import FeedFrame, FeedId, Source, SourceId, Topic, TopicId
from aggregator.ports import Session, Store
from aggregator.web import Site, create_app

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PSG = Source(
    id=SourceId("psg"),
    title="Peru Support Group",
    url="http://psg.example/news",
    every=timedelta(minutes=30),
)
BAMBAS = Topic(id=TopicId("las-bambas"), title="Las Bambas", query="bambas", was=("bambas",))
BASE = "http://feeds.example"

_T = TypeVar("_T")


class NoonClock:
    def now(self) -> datetime:
        return NOON


class UnreadableStore:
    """A store whose disk is gone."""

    async def transact(self, work: Callable[[Session], _T]) -> _T:  # noqa: ARG002
        raise StoreError("the disk is gone")

    def reading(self) -> AbstractContextManager[Session]:
        raise StoreError("the disk is gone")

    async def close(self) -> None:
        pass


def site_at(
    folder: Path,
    *,
    store: Store | None = None,
    hub: str | None = None,
    ticked: datetime | None = NOON,
) -> Site:
    """Return a site with one source and one topic; an earlier topic is gone."""
    return Site(
        frame=FeedFrame(
            title="Peru watch",
            base_url=f"{BASE}/feeds/",
            home=f"{BASE}/",
            window=50,
            topics=(BAMBAS,),
            hub=hub,
        ),
        formats=("atom", "rss", "json"),
        sources={PSG.id: PSG},
        store=store or UnreadableStore(),
        clock=NoonClock(),
        folder=folder / "feeds",
        feeds=frozenset({ALL, FeedId("las-bambas"), feed_of_source(PSG.id)}),
        gone=frozenset({FeedId("tintaya")}),
        moved={FeedId("bambas"): FeedId("las-bambas")},
        ticked=lambda: ticked,
        meters=Meters(),
    )


def publish(site: Site, path: str, document: bytes, *, at: datetime = NOON) -> None:
    FilePublisher(site.folder).write(path, document, now=at)


def asking(site: Site, ask: Callable[[httpx.AsyncClient], Awaitable[_T]]) -> _T:
    """Let *ask* talk to the site."""

    async def talk() -> _T:
        transport = httpx.ASGITransport(app=create_app(site))
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            return await ask(client)

    return asyncio.run(talk())


def get(site: Site, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    """Ask once, with nothing in the request that was not asked for."""
    asked = {"accept-encoding": "identity"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return asking(site, lambda client: client.request(method, path, headers=asked))
