"""Small entries and topics for the tests of queries."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.core.query import Percolator
from aggregator.model import (
    Basis,
    Entry,
    EntryId,
    Precision,
    Source,
    SourceId,
    Topic,
    TopicId,
    When,
)

HERALD = Source(
    id=SourceId("herald"),
    title="The Highland Herald",
    url="https://herald.example/",
    every=timedelta(hours=1),
    language="es",
)
_BARE = Entry(
    id=EntryId("https://herald.example/1"),
    source=HERALD.id,
    title=None,
    link="https://herald.example/1",
    published=When(
        at=datetime(2018, 1, 22, tzinfo=UTC), precision=Precision.DAY, basis=Basis.WRITTEN
    ),
    updated=datetime(2018, 1, 22, tzinfo=UTC),
    first_seen=datetime(2018, 1, 22, tzinfo=UTC),
)


def entry(title: str = "", summary: str = "", **more: Any) -> Entry:
    return replace(_BARE, title=title or None, summary=summary, **more)


def topic(query: str, *, name: str = "t", **more: Any) -> Topic:
    return Topic(id=TopicId(name), title=name, query=query, **more)


def matches(query: str, one: Entry, **more: Any) -> bool:
    return bool(Percolator([topic(query, **more)], sources=[HERALD]).match(one))
