"""feedgen's defects do not reach readers."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import feedgen.entry
import feedgen.feed
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.adapters.feedgen import AtomRenderer, RssRenderer
from aggregator.adapters.feedgen.pieces import KEPT_BYTES, Piece, Pieces
from aggregator.model import EntryId, Feed, FeedEntry, Link, When
from aggregator.ports import Renderer
from tests.acceptance.sample_feed import ARCHIVE, EMPTY, FULL, PER_FEED, PLAIN, SUBSCRIPTION

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
MEDIA = "{http://search.yahoo.com/mrss/}"
XML = "{http://www.w3.org/XML/1998/namespace}"

BOTH: tuple[Renderer, ...] = (AtomRenderer(), RssRenderer())


def atom(feed: Feed) -> ET.Element:
    return ET.fromstring(AtomRenderer().render(feed))


def rss(feed: Feed) -> ET.Element:
    channel = ET.fromstring(RssRenderer().render(feed)).find("channel")
    assert channel is not None
    return channel


def only(entry: FeedEntry) -> Feed:
    return replace(SUBSCRIPTION, entries=(entry,))


@pytest.mark.parametrize("renderer", BOTH, ids=lambda renderer: renderer.suffix)
def test_the_same_feed_gives_the_same_bytes(renderer: Renderer) -> None:
    assert renderer.render(SUBSCRIPTION) == renderer.render(SUBSCRIPTION)


def test_entry_links_keep_what_they_are() -> None:
    entries = atom(SUBSCRIPTION).findall(f"{ATOM}entry")

    links = [(link.get("rel"), link.get("type")) for link in entries[1].findall(f"{ATOM}link")]

    assert links == [
        ("alternate", "text/html"),
        ("via", "text/html"),
        ("enclosure", "audio/mpeg"),
        ("enclosure", "application/pdf"),
    ]


def test_entries_stay_in_their_order() -> None:
    ids = [entry.findtext(f"{ATOM}id") for entry in atom(SUBSCRIPTION).findall(f"{ATOM}entry")]

    assert ids == [shown.entry.id for shown in SUBSCRIPTION.entries]


def test_a_bare_day_stays_midnight_where_it_was_written() -> None:
    entry = atom(SUBSCRIPTION).findall(f"{ATOM}entry")[2]
    item = rss(SUBSCRIPTION).findall("item")[2]

    assert entry.findtext(f"{ATOM}published") == "2018-05-08T00:00:00+01:00"
    assert item.findtext("pubDate") == "Tue, 08 May 2018 00:00:00 +0100"


def test_a_language_is_named_where_it_differs() -> None:
    feed = atom(SUBSCRIPTION)
    languages = [entry.get(f"{XML}lang") for entry in feed.findall(f"{ATOM}entry")]

    assert feed.get(f"{XML}lang") == "en"
    assert languages == [None, "es", None, None, None]
    assert rss(SUBSCRIPTION).findall("item")[1].findtext(f"{DC}language") == "es"


def test_the_origin_of_an_entry_is_whole() -> None:
    source = atom(SUBSCRIPTION).find(f"{ATOM}entry/{ATOM}source")

    assert source is not None
    assert [child.tag.removeprefix(ATOM) for child in source] == ["id", "title", "updated", "link"]


def test_an_image_is_a_thumbnail_without_a_group() -> None:
    entry, item = atom(SUBSCRIPTION).findall(f"{ATOM}entry")[1], rss(SUBSCRIPTION)[-4]

    assert entry.find(f"{MEDIA}thumbnail") is not None
    assert item.find(f"{MEDIA}thumbnail") is not None


def test_only_an_archive_says_that_it_is_one() -> None:
    assert atom(ARCHIVE).find(f"{HISTORY}archive") is not None
    assert rss(ARCHIVE).find(f"{HISTORY}archive") is not None
    assert atom(SUBSCRIPTION).find(f"{HISTORY}archive") is None


def test_a_channel_leads_to_the_page_and_names_hub_and_archive() -> None:
    channel = rss(SUBSCRIPTION)

    assert channel.findtext("link") == SUBSCRIPTION.home
    assert [link.get("rel") for link in channel.findall(f"{ATOM}link")] == [
        "self",
        "prev-archive",
        "hub",
    ]


def test_an_item_names_its_authors_and_its_first_file() -> None:
    item = rss(SUBSCRIPTION).findall("item")[1]

    assert [one.text for one in item.findall(f"{DC}creator")] == list(FULL.authors)
    assert [one.attrib for one in item.findall("enclosure")] == [
        {"url": FULL.enclosures[0].url, "length": "1234", "type": "audio/mpeg"}
    ]


def test_an_item_id_is_no_link() -> None:
    guids = [item.find("guid") for item in rss(PER_FEED).findall("item")]

    assert {guid.get("isPermaLink") for guid in guids if guid is not None} == {"false"}
    assert guids[2] is not None
    assert guids[2].text == f"{PLAIN.id}#in=sources/andes"


def test_a_title_in_rss_shows_that_it_is_no_html() -> None:
    document = RssRenderer().render(SUBSCRIPTION)

    assert b"<title>Talks resume &#x3C; after a pause &gt; of two weeks &#x26; a day<" in document
    assert rss(SUBSCRIPTION).findall("item")[2].findtext("title") == PLAIN.title


def test_a_summary_in_rss_is_html() -> None:
    description = rss(SUBSCRIPTION).findall("item")[3].findtext("description")

    assert description == "March in Lima, seven o'clock.\n\nBring water &amp; a hat."


def test_a_feed_without_entries_has_all_it_needs() -> None:
    feed = atom(EMPTY)

    assert feed.findtext(f"{ATOM}updated") == "2018-05-01T12:00:00+00:00"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Andes"
    assert rss(EMPTY).findtext("description") == "Andes"


def test_dates_are_written_without_changing_the_locale() -> None:
    assert feedgen.feed.formatRFC2822 is format_datetime
    assert feedgen.entry.formatRFC2822 is format_datetime


TEXT = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"
    ),
    max_size=20,
)


@settings(max_examples=50)
@given(TEXT.filter(bool), TEXT, TEXT)
def test_any_clean_text_is_written_and_read_again(title: str, summary: str, html: str) -> None:
    entry = replace(PLAIN, title=title, summary=summary, content=html or None)
    feed = only(replace(SUBSCRIPTION.entries[0], entry=entry))

    first, item = atom(feed).find(f"{ATOM}entry"), rss(feed).find("item")

    assert first is not None
    assert item is not None
    assert first.findtext(f"{ATOM}title") == item.findtext("title") == title
    assert not html or first.findtext(f"{ATOM}content") == html


@pytest.mark.parametrize("renderer", [AtomRenderer, RssRenderer])
def test_an_entry_that_was_written_before_is_written_as_if_for_the_first_time(
    renderer: type[AtomRenderer | RssRenderer],
) -> None:
    warm, plain = renderer(), SUBSCRIPTION.entries[0]
    at = plain.entry.published.at
    feeds = [
        replace(SUBSCRIPTION, entries=(changed, *SUBSCRIPTION.entries), language=language)
        for language in ("en", "es", None)
        for changed in (
            replace(plain, entry=replace(plain.entry, title="Another")),
            replace(plain, topics=("Copper",)),
            replace(plain, also_at=(Link(href="http://twin.example.org/", title="Twin"),)),
            replace(plain, source_title="Renamed"),
            replace(plain, entry=replace(plain.entry, published=in_offset(plain, at, 5))),
            replace(plain, entry=replace(plain.entry, published=in_offset(plain, at, 0))),
        )
    ]

    written = [warm.render(feed) for feed in (*feeds, PER_FEED, ARCHIVE, *feeds)]

    assert written == [renderer().render(feed) for feed in (*feeds, PER_FEED, ARCHIVE, *feeds)]


def in_offset(of: FeedEntry, at: datetime, hours: int) -> When:
    return replace(of.entry.published, at=at.astimezone(timezone(timedelta(hours=hours))))


def test_no_more_pieces_are_remembered_than_may_be() -> None:
    pieces, entry = Pieces(), SUBSCRIPTION.entries[0]
    entries = [replace(entry, entry=replace(entry.entry, id=EntryId(f"urn:{n}"))) for n in range(5)]
    big = Piece(xml=b"x" * (KEPT_BYTES + 1), updated=entry.entry.updated)

    for of in entries:
        pieces.add(SUBSCRIPTION, of, big)

    assert [pieces.find(SUBSCRIPTION, of) is not None for of in entries] == [False] * 3 + [True] * 2
