"""Feeds that a page advertises."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from aggregator.core.extract.discovery import advertised_feeds, prefer_feed
from aggregator.model import Basis, Draft, Precision, When

URL = "http://example.org/news/mining/"


def feeds(markup: str, url: str = URL) -> tuple[str, ...]:
    return advertised_feeds(LexborHTMLParser(markup), base_url=url)


def link(href: str, media_type: str = "application/rss+xml", *, title: str = "") -> str:
    return f'<link rel="alternate" type="{media_type}" title="{title}" href="{href}">'


def test_a_declared_feed_is_found() -> None:
    assert feeds(link("/feed.xml")) == ("http://example.org/feed.xml",)


def test_the_feed_of_the_section_comes_before_the_sites_and_atom_before_rss() -> None:
    found = feeds(
        link("/rss.xml")
        + link("/atom.xml", "application/atom+xml")
        + link("/news/mining/feed/")
        + link("/feed.json", "application/feed+json")
    )

    assert [url.removeprefix("http://example.org") for url in found] == [
        "/news/mining/feed/",
        "/atom.xml",
        "/feed.json",
        "/rss.xml",
    ]


@pytest.mark.parametrize(
    "markup",
    [
        link("/comments/feed/"),
        link("/feed/", title="Example » Comments Feed"),
        link("/wp-json/wp/v2/pages/1", "application/json"),
        link("/oembed?url=x", "text/xml"),
        link("/es/", "text/html"),
        link("javascript:x"),
        link("http://[bad"),
        link(""),
        '<link rel="stylesheet" type="text/css" href="/rss.css">',
        '<a href="/rss-explained">What syndicates</a>',
        '<a href="/story-about-a-feed">The feed</a>',
        '<a href="/feed">Cattle</a>',
    ],
)
def test_what_is_no_feed_of_the_items_is_left_out(markup: str) -> None:
    assert feeds(markup) == ()


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="/feed/">RSS</a>',
        '<a href="/rss.xml" title="Subscribe by RSS"><img src="x"></a>',
        '<a class="icon-feed" href="/news.rss"></a>',
        '<link rel="feed" href="/f">',
        link("/feed", "text/xml"),
        link("/f", "application/rss+xml; charset=utf-8"),
    ],
)
def test_a_feed_may_be_advertised_in_other_ways(markup: str) -> None:
    assert len(feeds(markup)) == 1


def test_links_in_the_page_count_only_when_none_is_declared() -> None:
    assert feeds(link("/a.xml") + '<a href="/rss">RSS</a>') == ("http://example.org/a.xml",)


def test_a_page_without_an_address_of_its_own_may_advertise() -> None:
    assert feeds(link("http://example.org/f"), "http://[bad") == ()
    assert feeds(link("http://example.org/f"), "") == ("http://example.org/f",)


DAY = When(at=datetime(2026, 1, 1, tzinfo=UTC), precision=Precision.DAY, basis=Basis.WRITTEN)


def drafts(*numbers: int, dated: bool = True) -> list[Draft]:
    return [
        Draft(
            title=f"Title {n}",
            link=f"http://www.example.org/{n}/",
            published=DAY if dated else None,
        )
        for n in numbers
    ]


def test_a_feed_with_all_the_page_shows_is_preferred() -> None:
    page = drafts(1, 2, 3, dated=False)
    by_link = [
        Draft(title=None, link=f"http://example.org/{n}?utm_source=rss") for n in (1, 2, 3, 4)
    ]
    by_title = [Draft(title=f"TITLE {n}", link=None) for n in (1, 2, 3)]

    assert prefer_feed(page, by_link)
    assert prefer_feed(page, by_title)


def test_a_feed_with_less_is_not_preferred() -> None:
    page = drafts(1, 2, 3)

    assert not prefer_feed(page, drafts(1, 2))
    assert not prefer_feed(page, drafts(1, 2, 3, dated=False))
    assert not prefer_feed(page, [])


def test_any_feed_is_better_than_a_page_without_items() -> None:
    assert prefer_feed([], drafts(1))
    assert not prefer_feed([], [])


@given(st.text(alphabet='<>linka href="/rss.xml" typ=ome+', max_size=80), st.text(max_size=20))
def test_no_page_crashes_the_search(markup: str, url: str) -> None:
    feeds(link(markup) + markup, url)
