"""List the feeds there are, for people and for readers; a folder of them explains itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from urllib.parse import quote

from aggregator.core.feed_ids import ALL, CORRECTIONS, feed_of_source, feed_of_topic
from aggregator.core.opml import OpmlOutline
from aggregator.model import FeedFrame, Source

# How each format is named for people and machines, the complete one first.
FORMATS = {
    "atom": ("Atom", "application/atom+xml"),
    "rss": ("RSS", "application/rss+xml"),
    "json": ("JSON", "application/feed+json"),
}
_STYLE = """
:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}
body{max-width:42rem;margin:2rem auto;padding:0 1rem}
li{margin:.6rem 0}small{display:block;opacity:.75}li a{margin-left:.6rem}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFeed:
    """A feed as the index lists it."""

    title: str
    path: str  # below the folder, no suffix
    description: str = ""
    group: str = ""  # feeds of one group that follow each other stand under its name
    page: str = ""  # for people, below the home page
    language: str = ""


def listed_feeds(frame: FeedFrame, sources: Sequence[Source]) -> tuple[ListedFeed, ...]:
    """Return every feed there is: all entries, the topics, the sources, the corrections."""
    return (
        ListedFeed(title=frame.title, path=ALL, description="Every entry of every source."),
        *(
            ListedFeed(
                title=topic.title,
                path=feed_of_topic(topic.id),
                description=topic.description,
                group="Topics",
                page=f"topics/{topic.id}",
                language=topic.language or "",
            )
            for topic in frame.topics
        ),
        *(
            ListedFeed(
                title=source.title,
                path=feed_of_source(source.id),
                group="Sources",
                page=f"sources/{source.id}",
                language=source.language or "",
            )
            for source in sources
        ),
        ListedFeed(
            title="Corrections",
            path=CORRECTIONS,
            description="What sites changed in what they had said.",
        ),
    )


def outlines_of(
    feeds: Iterable[ListedFeed], frame: FeedFrame, *, suffix: str
) -> Iterator[OpmlOutline]:
    """Yield *feeds* as a subscription list has them: with whole addresses, in one format."""
    for feed in feeds:
        yield OpmlOutline(
            title=feed.title,
            feed_url=f"{frame.base_url}{_address(feed, suffix)}",
            html_url=f"{frame.home}{quote(feed.page)}",
            description=feed.description,
            language=feed.language,
            folder=(feed.group,) if feed.group else (),
        )


def render_index(
    title: str, feeds: Sequence[ListedFeed], *, suffixes: Iterable[str], language: str = "en"
) -> bytes:
    """Return ``index.html``: every feed in every format, found by readers and by people.

    All addresses are relative, so the page is right wherever the folder lies. It needs no
    script and nothing beside it. The first feed is the one a reader finds first.
    """
    formats = [suffix for suffix in FORMATS if suffix in set(suffixes)]
    parts = [
        f'<!DOCTYPE html>\n<html lang="{escape(language)}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        *_discovery(feeds, formats),
        f"</head><body><h1>{escape(title)}</h1>",
        *_groups(feeds, formats),
        '<p><a href="feeds.opml">All of them, for a reader\'s import (OPML)</a></p>',
        "</body></html>",
    ]
    return ("\n".join(parts) + "\n").encode()


def _discovery(feeds: Iterable[ListedFeed], formats: list[str]) -> Iterator[str]:
    for feed in feeds:
        for suffix in formats:
            name, media_type = FORMATS[suffix]
            yield (
                f'<link rel="alternate" type="{media_type}" title="{escape(feed.title)} ({name})"'
                f' href="{_address(feed, suffix)}">'
            )


def _groups(feeds: Iterable[ListedFeed], formats: list[str]) -> Iterator[str]:
    for group, inside in groupby(feeds, key=lambda feed: feed.group):
        if group:
            yield f"<h2>{escape(group)}</h2>"
        yield "<ul>"
        for feed in inside:
            yield _line(feed, formats)
        yield "</ul>"


def _line(feed: ListedFeed, formats: list[str]) -> str:
    links = " ".join(
        f'<a href="{_address(feed, suffix)}">{FORMATS[suffix][0]}</a>' for suffix in formats
    )
    told = f"<small>{escape(feed.description)}</small>" if feed.description else ""
    return f"<li>{escape(feed.title)} {links}{told}</li>"


def _address(feed: ListedFeed, suffix: str) -> str:
    return quote(f"{feed.path}.{suffix}")
