"""What the pages and feeds are made of: the store, the folder, the names that moved or went."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from aggregator.adapters.prometheus import Meters
from aggregator.bootstrap import Shop, feeds_folder
from aggregator.core.feed_ids import (
    ALL,
    CORRECTIONS,
    STATUS,
    feed_of_source,
    feed_of_topic,
    source_of_feed,
)
from aggregator.model import FeedFrame, FeedId, Source, SourceId
from aggregator.ports import Clock, Store

ARCHIVE_AGE = timedelta(hours=1)  # a full archive never changes; the newest one fills up
_LONGEST_AGE = timedelta(hours=1)
_ARCHIVE = "/archive/"


@dataclass(frozen=True, kw_only=True)  # no slots: see shortest_age
class Site:
    """What is served. Replaced whole when the configuration is read again."""

    frame: FeedFrame
    formats: tuple[str, ...]  # suffixes
    sources: Mapping[SourceId, Source]
    store: Store
    clock: Clock
    folder: Path
    feeds: frozenset[FeedId]  # that are published
    gone: frozenset[FeedId]  # that were published once
    moved: Mapping[FeedId, FeedId]  # earlier names of topics
    ticked: Callable[[], datetime | None]  # when the daemon last looked for work
    meters: Meters

    @property
    def path(self) -> str:
        """Return the path of the home page, with a last slash: a proxy may add to it."""
        return urlsplit(self.frame.home).path

    def is_pushed(self, path: str) -> bool:
        """Tell whether news of the document at *path* below ``feeds/`` is pushed."""
        name, _, suffix = path.rpartition(".")
        return FeedId(name) in self.feeds and suffix in self.formats

    def max_age(self, feed: str, path: str) -> timedelta:
        """Return how long a reader need not ask again for the document at *path* of *feed*.

        Half the time between two looks at the sources that could change it: then nobody
        hears of an entry later than by half a look, and nobody asks in vain too often.
        """
        if _ARCHIVE in path:
            return ARCHIVE_AGE
        source = source_of_feed(FeedId(feed))
        return min(_LONGEST_AGE, self.sources[source].every / 2) if source else self.shortest_age

    @cached_property
    def shortest_age(self) -> timedelta:
        """Return how long a reader need not ask again for what any source could change."""
        return min([_LONGEST_AGE, *(one.every / 2 for one in self.sources.values())])


def site_of(
    shop: Shop, *, folder: Path, meters: Meters, ticked: Callable[[], datetime | None]
) -> Site:
    """Return what is to be served of *shop*; *folder* is what its paths are relative to."""
    config = shop.config
    feeds = frozenset(
        [
            ALL,
            STATUS,
            CORRECTIONS,
            *(feed_of_topic(topic.id) for topic in config.topics),
            *(feed_of_source(source.id) for source in config.sources),
        ]
    )
    with shop.store.reading() as session:
        gone = session.known_feeds() - feeds
    return Site(
        frame=shop.press.frame,
        formats=tuple(renderer.suffix for renderer in shop.press.renderers),
        sources={source.id: source for source in config.sources},
        store=shop.store,
        clock=shop.desk.clock,
        folder=feeds_folder(config, folder=folder),
        feeds=feeds,
        gone=gone,
        moved={
            FeedId(name): feed_of_topic(topic.id) for topic in config.topics for name in topic.was
        },
        ticked=ticked,
        meters=meters,
    )
