"""Builds the adapters: from a configuration to everything wired (`eyes` is its smaller half)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random

from aggregator.adapters.apprise import AppriseMessenger
from aggregator.adapters.feedgen import AtomRenderer, RssRenderer
from aggregator.adapters.files import FilePublisher, was_published
from aggregator.adapters.http import HttpPoster
from aggregator.adapters.lock import exclusive
from aggregator.adapters.sql.engine import alone_on, database_path, is_emptied
from aggregator.adapters.sql.store import SqlStore
from aggregator.core.config import Config
from aggregator.core.feed_ids import feed_of_topic
from aggregator.core.json_feed import JsonFeedRenderer
from aggregator.core.query import Percolator
from aggregator.errors import StateCorruptError
from aggregator.eyes import fetch_settings, open_eyes
from aggregator.look import Eyes
from aggregator.model import FeedFrame
from aggregator.pipeline import Desk, Press
from aggregator.ports import Messenger, Poster, Publisher, Renderer

POST_TIMEOUT = timedelta(seconds=10)  # for a subscriber of the hub to take what it asked for

RENDERERS: dict[str, type[Renderer]] = {
    "atom": AtomRenderer,
    "rss": RssRenderer,
    "json": JsonFeedRenderer,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Everything wired: what the service and the commands work with."""

    config: Config
    desk: Desk
    press: Press
    store: SqlStore


def state_of(config: Config, *, folder: Path) -> str:
    """Return where the state lies: a folder, or the address of a database."""
    return config.state if "://" in config.state else str(folder / config.state)


def feeds_folder(config: Config, *, folder: Path) -> Path:
    """Return the folder the feeds are written to."""
    return folder / config.publish.dir


@contextmanager
def open_store(config: Config, *, folder: Path) -> Iterator[SqlStore]:
    """Open the store to look at it; a daemon may be writing at the same time."""
    store = _store(config, folder=folder)
    try:
        yield store
    finally:
        store.dispose()


def _store(config: Config, *, folder: Path) -> SqlStore:
    """Open the state; a file without a byte is a new one only where nothing was published."""
    state, feeds = state_of(config, folder=folder), feeds_folder(config, folder=folder)
    path = database_path(state)
    if path is not None and is_emptied(path) and was_published(feeds):
        raise StateCorruptError(f"{path} is empty, though the feeds in {feeds} were made from it")
    return SqlStore(state)


@contextmanager
def alone(config: Config, *, folder: Path) -> Iterator[None]:
    """Hold the state of *config* for this process alone.

    Raises:
        StateLockedError: Another process holds it; the message says which.
        StoreError: It cannot be held at all.
    """
    state = state_of(config, folder=folder)
    path = database_path(state)
    with alone_on(state) if path is None else exclusive(path.parent):
        yield


@asynccontextmanager
async def open_shop(
    config: Config, *, folder: Path, heeds_hosts: bool = True
) -> AsyncIterator[Shop]:
    """Build everything for *config*, alone on its state, and take it down again.

    Args:
        config: What to do.
        folder: What relative folders in *config* are relative to.
        heeds_hosts: Whether a host that asks one source to come later is left alone by all.

    Raises:
        StoreError: The state cannot be used, or another process uses it.
    """
    with ExitStack() as held:
        held.enter_context(alone(config, folder=folder))
        store = _store(config, folder=folder)
        try:
            settings = replace(fetch_settings(config), heeds_hosts=heeds_hosts)
            async with open_eyes(settings) as eyes:
                yield wired(
                    config,
                    eyes=eyes,
                    store=store,
                    publisher=FilePublisher(feeds_folder(config, folder=folder)),
                    rng=Random(),  # noqa: S311 -- jitter, not secrets
                )
        finally:
            await store.close()


def wired(
    config: Config,
    *,
    eyes: Eyes,
    store: SqlStore,
    publisher: Publisher,
    rng: Random,
) -> Shop:
    """Put the parts together; the daemon and the tests do it the same way."""
    desk = Desk(
        clock=eyes.clock,
        eyes=eyes,
        store=store,
        percolator=Percolator(config.topics, sources=config.sources),
        merging=frozenset(feed_of_topic(topic.id) for topic in config.topics if topic.merge),
        rng=rng,
    )
    press = Press(
        clock=eyes.clock,
        store=store,
        publisher=publisher,
        renderers=tuple(RENDERERS[name]() for name in config.publish.formats),
        frame=feed_frame(config),
    )
    return Shop(config=config, desk=desk, press=press, store=store)


def messenger(config: Config) -> Messenger | None:
    """Return whom to tell of notices; ``None``: nobody wants to know.

    Raises:
        ConfigError: An address makes no sense.
        MissingExtraError: There is somebody, and the extra for it is not installed.
    """
    return AppriseMessenger(config.notify) if config.notify else None


@asynccontextmanager
async def open_poster(config: Config) -> AsyncIterator[Poster]:
    """Build what reaches subscribers and hubs."""
    poster = HttpPoster(
        allow=config.fetch.allow,
        user_agent=config.fetch.user_agent,
        timeout=min(config.fetch.timeout, POST_TIMEOUT),
    )
    try:
        yield poster
    finally:
        await poster.close()


def feed_frame(config: Config) -> FeedFrame:
    """Return what all feeds have in common."""
    publish = config.publish
    home = publish.base_url.rstrip("/") + "/"
    hubs = {"none": None, "embedded": f"{home}hub"}
    return FeedFrame(
        title=publish.title,
        base_url=f"{home}feeds/",
        home=home,
        window=publish.window,
        topics=config.topics,
        hub=hubs.get(publish.hub, publish.hub),
        per_feed_ids=publish.entry_ids == "per-feed",
        icon=publish.icon,
        rights=publish.rights,
    )
