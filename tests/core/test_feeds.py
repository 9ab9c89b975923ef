"""What every format says about a feed, decided once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.feeds import (
    TITLE_LENGTH,
    Shown,
    atom_id,
    enclosure_type,
    entry_links,
    feed_links,
    media_type_of,
    mint_feed_id,
    per_feed_id,
    show,
    updated,
)
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

MIDNIGHT = datetime(2018, 5, 8, tzinfo=UTC)
ENTRY = Entry(
    id=EntryId("http://example.org/1"),
    source=SourceId("psg"),
    title="A title",
    link="http://example.org/1",
    published=When(at=MIDNIGHT, precision=Precision.DAY, basis=Basis.WRITTEN),
    updated=MIDNIGHT + timedelta(hours=1),
    first_seen=MIDNIGHT,
    summary="A summary.",
)
FEED = Feed(
    id=FeedId("sources/psg"),
    title="PSG",
    description="",
    updated=MIDNIGHT,
    entries=(),
    home="http://127.0.0.1:8765/",
    base_url="http://127.0.0.1:8765/feeds/",
)


def shown(entry: Entry, *, also_at: tuple[Link, ...] = (), per_feed_ids: bool = False) -> Shown:
    of = FeedEntry(
        entry=entry,
        source_title="Peru & Co",
        source_url="http://example.org/news",
        topics=("Mining",),
        also_at=also_at,
    )
    (one,) = show(replace(FEED, entries=(of,), per_feed_ids=per_feed_ids))
    return one


def test_a_stored_feed_id_survives_a_move_to_another_host() -> None:
    stored = mint_feed_id(FEED.id, base_url=FEED.base_url, on=date(2026, 3, 1))

    moved = replace(FEED, atom_id=stored, base_url="https://example.org/")

    assert stored == "tag:127.0.0.1,2026-03-01:feeds/sources/psg"
    assert atom_id(moved) == stored
    assert atom_id(FEED) == "tag:127.0.0.1,2026-01-01:feeds/sources/psg"


@pytest.mark.parametrize(
    ("entry_id", "expected"),
    [
        ("tag:example.org,2018:1", "tag:example.org,2018:1#in=las-bambas"),
        ("http://example.org/1#part", "http://example.org/1#part&in=las-bambas"),
    ],
)
def test_an_entry_can_have_an_id_in_each_feed(entry_id: str, expected: str) -> None:
    assert per_feed_id(FeedId("las-bambas"), entry_id) == expected


def test_ids_are_global_unless_asked_otherwise() -> None:
    assert shown(ENTRY).id == "http://example.org/1"
    assert shown(ENTRY, per_feed_ids=True).id == "http://example.org/1#in=sources/psg"


def test_the_page_for_people_is_the_last_link() -> None:
    feed = replace(
        FEED,
        path="sources/psg/archive/2",
        current="sources/psg",
        prev_archive="sources/psg/archive/1",
        next_archive="sources/psg/archive/3",
        hub="http://127.0.0.1:8765/hub",
    )

    links = [
        (link.rel, link.href.removeprefix(FEED.base_url))
        for link in feed_links(feed, suffix="atom", media_type="application/atom+xml")
    ]

    assert links == [
        ("self", "sources/psg/archive/2.atom"),
        ("current", "sources/psg.atom"),
        ("prev-archive", "sources/psg/archive/1.atom"),
        ("next-archive", "sources/psg/archive/3.atom"),
        ("hub", "http://127.0.0.1:8765/hub"),
        ("alternate", "http://127.0.0.1:8765/"),
    ]


def test_an_entry_links_to_itself_its_list_and_its_twins() -> None:
    twin = Link(href="http://other.example.org/1", title="Same", type="text/html")

    links = tuple(
        entry_links(shown(replace(ENTRY, link="http://example.org/A.PDF"), also_at=(twin,)))
    )

    assert links == (
        Link(href="http://example.org/A.PDF", type="application/pdf"),
        Link(href="http://example.org/news", rel="via", type="text/html"),
        replace(twin, rel="related"),
    )


@pytest.mark.parametrize("link", [None, "mailto:a@example.org"])
def test_an_entry_without_a_page_has_content_instead(link: str | None) -> None:
    one = shown(replace(ENTRY, link=link))

    assert one.link is None
    assert one.content == "<p>A summary.</p>"


@pytest.mark.parametrize(
    ("summary", "content", "title"),
    [
        ("First & last.\n\nMore.", None, "First & last."),
        ("", "<h2>First &amp; last</h2><p>More</p>", "First & last"),
        ("", None, "Peru & Co, 2018-05-08"),
        ("word " * 100, None, "word " * 18 + "word…"),
    ],
)
def test_an_entry_without_a_title_is_called_by_its_first_words(
    summary: str, content: str | None, title: str
) -> None:
    one = shown(replace(ENTRY, title=None, summary=summary, content=content))

    assert one.title == title
    assert len(one.title) <= TITLE_LENGTH


def test_an_entry_that_says_nothing_says_where_it_stood_and_when() -> None:
    one = shown(replace(ENTRY, summary=""))

    assert one.summary == "Peru & Co, 2018-05-08"


@pytest.mark.parametrize(
    ("summary", "content", "html"),
    [
        ("One.", None, None),
        ("One & 1.\n\nTwo.", None, "<p>One &amp; 1.</p><p>Two.</p>"),
        ("One.", "<p>all</p>", "<p>all</p>"),
    ],
)
def test_paragraphs_are_kept_apart(summary: str, content: str | None, html: str | None) -> None:
    assert shown(replace(ENTRY, summary=summary, content=content)).content == html


def test_the_same_story_elsewhere_is_named_last() -> None:
    twins = (
        Link(href="http://a.example.org/?x=1&y", title="A <b>"),
        Link(href="http://b.example.org/"),
    )

    assert shown(ENTRY, also_at=twins).content == (
        "<p>A summary.</p>"
        '<p>Also at: <a href="http://a.example.org/?x=1&amp;y">A &lt;b&gt;</a>, '
        '<a href="http://b.example.org/">http://b.example.org/</a></p>'
    )


def test_the_source_is_the_author_nobody_named() -> None:
    assert shown(ENTRY).authors == ("Peru & Co",)
    assert shown(replace(ENTRY, authors=("A", "B"))).authors == ("A", "B")


def test_tags_are_topics_and_categories_each_once() -> None:
    assert shown(replace(ENTRY, categories=("Peru", "Mining"))).tags == ("Mining", "Peru")


def test_an_entry_is_never_updated_before_it_is_published() -> None:
    one = shown(replace(ENTRY, updated=MIDNIGHT - timedelta(days=3)))

    assert one.published == MIDNIGHT
    assert one.updated.replace(microsecond=0) == MIDNIGHT


def test_entries_found_together_are_still_apart() -> None:
    first, second = shown(ENTRY), shown(replace(ENTRY, id=EntryId("http://example.org/2")))

    assert first.updated != second.updated
    assert first.updated.replace(microsecond=0) == second.updated.replace(microsecond=0)


def test_a_document_is_as_new_as_its_newest_entry() -> None:
    old, new = shown(ENTRY), shown(replace(ENTRY, updated=MIDNIGHT + timedelta(days=2)))

    assert updated(FEED, (old.updated, new.updated)) == new.updated
    assert updated(replace(FEED, updated=MIDNIGHT.replace(microsecond=5)), ()) == MIDNIGHT


def test_a_media_type_is_told_said_or_guessed() -> None:
    assert media_type_of("http://example.org/a.b/c.JPG?x=.pdf") == "image/jpeg"
    assert media_type_of("http://example.org/") == ""
    assert enclosure_type(Enclosure(url="http://x/a.mp3", type="audio/x")) == "audio/x"
    assert enclosure_type(Enclosure(url="http://x/a.mp3")) == "audio/mpeg"
    assert enclosure_type(Enclosure(url="http://x/a")) == "application/octet-stream"


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)


@given(
    st.none() | TEXT.filter(bool),
    TEXT,
    st.none() | TEXT,
    st.datetimes(timezones=st.timezones()),
)
def test_every_entry_has_a_title_a_text_and_an_author(
    title: str | None, summary: str, content: str | None, at: datetime
) -> None:
    when = replace(ENTRY.published, at=at)
    one = shown(replace(ENTRY, title=title, summary=summary, content=content, published=when))

    assert one.title
    assert one.summary or one.content
    assert one.updated >= one.published


def test_an_id_made_of_a_uuid_is_a_uuid() -> None:
    derived = per_feed_id(FeedId("mines"), "urn:uuid:779a17b1-c60e-58b8-8b37-5ddee7855c22")

    assert derived == "urn:uuid:52170c3b-ff40-592f-9678-df75676f52bf"
    assert per_feed_id(FeedId("mines"), "urn:uuid:odd") == "urn:uuid:odd#in=mines"
