"""A feed that uses everything a feed can have; our own words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from aggregator.model import (
    Basis,
    Enclosure,
    Entry,
    EntryId,
    Feed,
    FeedEntry,
    FeedId,
    Link,
    Precision,
    SourceId,
    When,
)

LONDON_SUMMER = timezone(timedelta(hours=1))
SITE = "http://news.example.org"


def _shown(
    entry: Entry, *, topics: tuple[str, ...] = (), also_at: tuple[Link, ...] = ()
) -> FeedEntry:
    return FeedEntry(
        entry=entry,
        source_title="Andes & Coast News",
        source_url=f"{SITE}/news",
        topics=topics,
        also_at=also_at,
    )


PLAIN = Entry(
    id=EntryId(f"{SITE}/plain"),
    source=SourceId("andes"),
    title="Talks resume < after a pause > of two weeks & a day",
    link=f"{SITE}/plain",
    published=When(
        at=datetime(2018, 5, 8, tzinfo=LONDON_SUMMER),
        precision=Precision.DAY,
        basis=Basis.WRITTEN,
    ),
    updated=datetime(2018, 5, 9, 6, 30, 5, 123_456, tzinfo=UTC),
    first_seen=datetime(2018, 5, 9, 6, 30, tzinfo=UTC),
    summary="Both sides say so.",
)
FULL = replace(
    PLAIN,
    id=EntryId(f"{SITE}/full"),
    title="Diálogo en Challhuahuacho",
    link=f"{SITE}/full",
    published=When(
        at=datetime(2018, 5, 10, 9, 15, tzinfo=UTC),
        precision=Precision.TIME,
        basis=Basis.MACHINE,
    ),
    updated=datetime(2018, 5, 11, 9, 15, tzinfo=UTC),
    summary="Comunidades y empresa se reúnen.",
    content=f'<p>Comunidades y empresa <a href="{SITE}/x?a=1&amp;b=2">se reúnen</a>.</p>',
    authors=("María Quispe", "José Núñez"),
    categories=("Minería", "Diálogo"),
    image=f"{SITE}/photo.jpg",
    enclosures=(
        Enclosure(url=f"{SITE}/radio.mp3", type="audio/mpeg", length_bytes=1234),
        Enclosure(url=f"{SITE}/minutes.pdf"),
    ),
    language="es",
)
UNTITLED = replace(
    PLAIN,
    id=EntryId("tag:news.example.org,2018-05-07:untitled"),
    title=None,
    link=None,
    published=replace(PLAIN.published, at=datetime(2018, 5, 7, tzinfo=LONDON_SUMMER)),
    summary="March in Lima, seven o'clock.\n\nBring water & a hat.",
)
BARE = replace(
    PLAIN,
    id=EntryId(f"{SITE}/bare"),
    title=None,
    link=f"{SITE}/bare.pdf",
    published=replace(PLAIN.published, at=datetime(2018, 5, 6, tzinfo=LONDON_SUMMER)),
    summary="",
)
ARTICLE = replace(
    PLAIN,
    id=EntryId(f"{SITE}/article"),
    title=None,
    link="mailto:desk@news.example.org",
    published=replace(PLAIN.published, at=datetime(2018, 5, 20, 1, tzinfo=LONDON_SUMMER)),
    summary="",
    content="<h2>An event to come</h2><p>Details follow.</p>",
)
TWINS = (
    Link(href="http://other.example.org/1?a=1&b=2", title="Talks <again>", type="text/html"),
    Link(href="http://third.example.org/talks"),
)

SUBSCRIPTION = Feed(
    id=FeedId("las-bambas"),
    title="Las Bambas & around",
    description="What happens <there>",
    updated=datetime(2018, 5, 1, tzinfo=UTC),
    entries=(
        _shown(ARTICLE),
        _shown(FULL, topics=("Las Bambas", "Minería")),
        _shown(PLAIN, also_at=TWINS),
        _shown(UNTITLED),
        _shown(BARE),
    ),
    home="http://127.0.0.1:8765/topics/las-bambas",
    base_url="http://127.0.0.1:8765/feeds/",
    language="en",
    hub="http://127.0.0.1:8765/hub",
    path="las-bambas",
    prev_archive="las-bambas/archive/2",
    rights="© the sources",
    icon="http://127.0.0.1:8765/icon.png",
)
ARCHIVE = replace(
    SUBSCRIPTION,
    entries=SUBSCRIPTION.entries[1:3],
    path="las-bambas/archive/2",
    current="las-bambas",
    prev_archive="las-bambas/archive/1",
    hub=None,
)
EMPTY = Feed(
    id=FeedId("sources/andes"),
    title="Andes",
    description="",
    updated=datetime(2018, 5, 1, 12, 0, 0, 999, tzinfo=UTC),
    entries=(),
    home="http://127.0.0.1:8765/sources",
    base_url="http://127.0.0.1:8765/feeds/",
    atom_id="tag:example.org,2018-05-01:feeds/sources/andes",
)
PER_FEED = replace(EMPTY, entries=SUBSCRIPTION.entries, per_feed_ids=True)

FEEDS = {
    "subscription": SUBSCRIPTION,
    "archive": ARCHIVE,
    "empty": EMPTY,
    "per-feed": PER_FEED,
}
