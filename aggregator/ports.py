"""Where the outside world plugs in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from aggregator.model import (
    Failed,
    Feed,
    Fetched,
    FetchResult,
    Hints,
    Reading,
    Request,
    Rule,
)


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the time as an aware UTC datetime."""
        ...


class Transport(Protocol):
    """Gets pages. Never raises for what a network can do; see `FetchResult`."""

    async def fetch(self, request: Request) -> FetchResult:
        """Get one page, within the byte, time and redirect limits."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


class Parser(Protocol):
    """Reads pages where a hostile one cannot hurt the rest."""

    async def read(
        self, page: Fetched, rule: Rule, hints: Hints, *, explain: bool = False
    ) -> Reading | Failed:
        """Extract and normalize one page; `Failed` when the page killed its parser."""
        ...

    async def close(self) -> None:
        """End every child."""
        ...


class Renderer(Protocol):
    """Turns a feed into one format. Pure: the same feed gives the same bytes."""

    suffix: str  # "atom", "rss", "json"
    media_type: str

    def render(self, feed: Feed) -> bytes:
        """Return the document."""
        ...


class Publisher(Protocol):
    """Puts documents where readers find them."""

    def write(self, path: str, document: bytes, *, now: datetime) -> bool:
        """Replace *path* (below the feeds' folder) at once or not at all.

        Its time of change is *now* in whole seconds, and later than before even when the
        clock went back: it becomes Last-Modified.

        Returns:
            Whether the bytes differ from what was there; only then anything is written.

        Raises:
            PublishError: The old document still stands.
        """
        ...

    def remove(self, path: str) -> None:
        """Take *path* away; nothing happens when it is not there."""
        ...

    def batch(self) -> AbstractContextManager[None]:
        """Group the writes inside, which costs the disk less; all show at its end.

        An exception inside drops them. A document that cannot be written keeps none of
        the others back; `PublishError` tells of the first, at the end.
        """
        ...


class Engine(Protocol):
    """A metronome."""

    def start(self, tick: Callable[[], Awaitable[None]], *, every: timedelta) -> None:
        """Call *tick* now and then every so often, never twice at once."""
        ...

    def stop(self) -> None:
        """Start no further tick; one that runs is left to end."""
        ...
