"""The only place that builds adapters: from a configuration to everything wired."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from aggregator.adapters.clock import SystemClock
from aggregator.adapters.feedgen import AtomRenderer, RssRenderer
from aggregator.adapters.files import FilePublisher
from aggregator.adapters.http import FetchSettings, HttpPoster, HttpTransport
from aggregator.adapters.lock import exclusive
from aggregator.adapters.parser import ChildParser
from aggregator.adapters.sql.engine import database_path
from aggregator.adapters.sql.store import SqlStore
from aggregator.core.config import Config, load_config
from aggregator.core.config.edit import with_sources
from aggregator.core.config.schema import Fetch
from aggregator.core.feed_ids import feed_of_topic
from aggregator.core.json_feed import JsonFeedRenderer
from aggregator.core.query import Percolator
from aggregator.errors import ConfigError
from aggregator.look import Eyes
from aggregator.model import FeedFrame
from aggregator.pipeline import Desk, Press
from aggregator.ports import Clock, Parser, Poster, Publisher, Renderer, Transport

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


def read_config(path: Path) -> Config:
    """Read and check the configuration at *path*.

    Relative folders in it are relative to the file's own.

    Raises:
        ConfigError: It cannot be read, or something in it is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start}") from error
    return load_config(text, file=str(path), environment=os.environ)


def state_of(config: Config, *, folder: Path) -> str:
    """Return where the state lies: a folder, or the address of a database."""
    return config.state if "://" in config.state else str(folder / config.state)


def feeds_folder(config: Config, *, folder: Path) -> Path:
    """Return the folder the feeds are written to."""
    return folder / config.publish.dir


@contextmanager
def open_store(config: Config, *, folder: Path) -> Iterator[SqlStore]:
    """Open the store to look at it; a daemon may be writing at the same time."""
    store = SqlStore(state_of(config, folder=folder))
    try:
        yield store
    finally:
        store.dispose()


@asynccontextmanager
async def open_shop(config: Config, *, folder: Path) -> AsyncIterator[Shop]:
    """Build everything for *config*, alone on its state, and take it down again.

    Raises:
        StoreError: The state cannot be used, or another process uses it.
    """
    with ExitStack() as held:
        state = state_of(config, folder=folder)
        path = database_path(state)
        if path is not None:
            held.enter_context(exclusive(path.parent))
        store = SqlStore(state)
        parser = ChildParser()
        transport = HttpTransport(fetch_settings(config), admit=parser.room)
        try:
            yield wired(
                config,
                clock=SystemClock(),
                transport=transport,
                parser=parser,
                store=store,
                publisher=FilePublisher(feeds_folder(config, folder=folder)),
                rng=Random(),  # noqa: S311 -- jitter, not secrets
            )
        finally:
            await transport.close()
            await parser.close()
            await store.close()


def wired(
    config: Config,
    *,
    clock: Clock,
    transport: Transport,
    parser: Parser,
    store: SqlStore,
    publisher: Publisher,
    rng: Random,
) -> Shop:
    """Put the parts together; the daemon and the tests do it the same way."""
    desk = Desk(
        clock=clock,
        eyes=Eyes(clock=clock, transport=transport, parser=parser),
        store=store,
        percolator=Percolator(config.topics, sources=config.sources),
        merging=frozenset(feed_of_topic(topic.id) for topic in config.topics if topic.merge),
        rng=rng,
    )
    press = Press(
        clock=clock,
        store=store,
        publisher=publisher,
        renderers=tuple(RENDERERS[name]() for name in config.publish.formats),
        frame=feed_frame(config),
    )
    return Shop(config=config, desk=desk, press=press, store=store)


def add_to_config(path: Path, sections: Mapping[str, Mapping[str, Any]]) -> None:
    """Put sources into the file at *path*, whole or not at all; there may be no file yet.

    Raises:
        ConfigError: It cannot be written, or would be wrong afterwards.
    """
    path = path.resolve()  # a link to the file stays one
    try:
        text = path.read_bytes().decode("utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    changed = with_sources(text, sections)
    load_config(changed, file=str(path), environment=os.environ)
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            file.write(changed)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise ConfigError(f"{path}: {error.strerror}") from error


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


@asynccontextmanager
async def open_eyes(settings: FetchSettings) -> AsyncIterator[Eyes]:
    """Build what it takes to look at pages without storing anything."""
    parser = ChildParser()
    transport = HttpTransport(settings, admit=parser.room)
    try:
        yield Eyes(clock=SystemClock(), transport=transport, parser=parser)
    finally:
        await transport.close()
        await parser.close()


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
    )


def fetch_settings(config: Config | None) -> FetchSettings:
    """Return the transport's settings; without a configuration the defaults."""
    fetch = config.fetch if config else Fetch()
    return FetchSettings(
        user_agent=fetch.user_agent,
        concurrency=fetch.concurrency,
        timeout=fetch.timeout,
        max_bytes=fetch.max_bytes,
        per_host_concurrency=fetch.per_host.concurrency,
        per_host_delay=fetch.per_host.delay,
        robots=fetch.robots,
        allow=tuple(fetch.allow),
    )
