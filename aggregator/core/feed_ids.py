"""What the feeds are called: those there always are, one a topic, one a source."""

from __future__ import annotations

from aggregator.model import FeedId, SourceId, TopicId

ALL = FeedId("all")
CORRECTIONS = FeedId("corrections")  # what was found changed in entries
STATUS = FeedId("status")  # the program's own news
_SOURCES = "sources/"


def feed_of_source(source: SourceId) -> FeedId:
    """Return the feed that holds every entry of *source*.

    >>> feed_of_source(SourceId("psg"))
    'sources/psg'
    """
    return FeedId(f"{_SOURCES}{source}")


def feed_of_topic(topic: TopicId) -> FeedId:
    """Return the feed of *topic*."""
    return FeedId(topic)


def source_of_feed(feed: FeedId) -> SourceId | None:
    """Return whose feed it is; ``None``: a topic's, or the feed of all entries.

    >>> source_of_feed(FeedId("sources/psg"))
    'psg'
    """
    return SourceId(feed.removeprefix(_SOURCES)) if feed.startswith(_SOURCES) else None
