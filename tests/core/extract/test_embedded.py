"""What a page holds as data completes what it shows, when both are the same list."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.core.extract.embedded import MAX_LENGTH, MAX_VALUES
from aggregator.core.extract.microdata import MAX_LEVELS, objects_of
from aggregator.core.extract.page import extract
from aggregator.model import Extraction, Fetched, Hints, Kind, Rule
from tests.core.extract.shapes import english

NOW = datetime(2018, 2, 1, 12, 0, tzinfo=UTC)
SAID = english(6, seed=3)
CARDS = "".join(f"<article><h2><a href='{one.link}'>{one.title}</a></h2></article>" for one in SAID)


def found(body: str) -> Extraction:
    page = Fetched(url="https://example.org/news", body=body.encode(), at=NOW)
    return extract(page, Rule(), Hints(now=NOW))


def linked_data(data: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps(data)}</script>"


def articles(count: int) -> list[dict[str, object]]:
    return [
        {
            "@type": "NewsArticle",
            "headline": one.title,
            "url": f"https://www.example.org{one.link}/",
            "datePublished": f"2018-01-{20 - at:02}T10:00:00+01:00",
            "description": one.summary,
            "author": {"@type": "Person", "name": "Ana Quispe"},
            "image": ["/i/1.jpg"],
        }
        for at, one in enumerate(SAID[:count])
    ]


def test_the_same_list_as_linked_data_adds_dates_summaries_and_authors() -> None:
    got = found(f"<body>{CARDS}{linked_data({'@graph': articles(6)})}</body>")

    assert got.kind is Kind.EMBEDDED
    assert [item.title for item in got.items] == [one.title for one in SAID]
    assert got.items[0].published == "2018-01-20T10:00:00+01:00"
    assert got.items[0].summary == SAID[0].summary
    assert got.items[0].authors == ("Ana Quispe",)
    assert got.items[0].image == "https://example.org/i/1.jpg"


def test_a_list_of_list_items_is_read() -> None:
    elements = [
        {"@type": "ListItem", "position": at, "item": article}
        for at, article in enumerate(articles(6))
    ]
    data = {"@type": "ItemList", "itemListElement": elements}

    got = found(f"<body>{CARDS}{linked_data(data)}</body>")

    assert got.items[5].published == "2018-01-15T10:00:00+01:00"


def test_one_promoted_article_is_not_the_list() -> None:
    got = found(f"<body>{CARDS}{linked_data(articles(1)[0])}</body>")

    assert got.kind is Kind.AUTOMATIC
    assert len(got.items) == 6
    assert got.items[0].published == ""


def test_another_list_in_the_data_changes_nothing() -> None:
    others = [
        {"headline": f"Other {at}", "url": f"/o/{at}", "datePublished": "2018-01-01"}
        for at in range(9)
    ]

    got = found(f"<body>{CARDS}{linked_data(others)}</body>")

    assert got.kind is Kind.AUTOMATIC
    assert [item.published for item in got.items] == [""] * 6


def test_what_the_page_shows_is_kept() -> None:
    cards = CARDS.replace("</h2>", "</h2><time datetime='2018-01-03'>3 January</time>")

    got = found(f"<body>{cards}{linked_data(articles(6))}</body>")

    assert {item.published for item in got.items} == {"2018-01-03"}


def test_a_shell_is_read_from_the_state_of_its_scripts() -> None:
    posts = [{"title": one.title, "url": one.link, "publishedAt": "2018-01-05"} for one in SAID]
    state = {"props": {"pageProps": {"posts": posts, "menu": [{"title": "Home", "url": "/"}]}}}

    got = found(
        "<body><div id='__next'></div>"
        f"<script id='__NEXT_DATA__' type='application/json'>{json.dumps(state)}</script></body>"
    )

    assert got.kind is Kind.EMBEDDED
    assert got.diagnosis is None
    assert [item.link for item in got.items] == [f"https://example.org{one.link}" for one in SAID]


def shell(data: object) -> Extraction:
    return found(
        "<body><div id='__next'></div>"
        f"<script id='__NEXT_DATA__' type='application/json'>{json.dumps(data)}</script></body>"
    )


@pytest.mark.parametrize(
    "data",
    [
        [{"title": one.title, "url": one.link} for one in SAID[:2]],
        [{"title": one.title, "slug": "no-address"} for one in SAID],
        [{"title": one.title, "url": one.link} for one in SAID] + [{"id": at} for at in range(5)],
        [{"label": one.title, "url": one.link} for one in SAID],
        {"menu": 3, "text": "[none]"},
        {"menu": 3},
        "[",
    ],
    ids=[
        "two",
        "no addresses",
        "mostly other things",
        "no titles",
        "no list",
        "no brackets",
        "a word",
    ],
)
def test_a_state_without_a_list_of_titled_links_is_no_list(data: object) -> None:
    got = shell(data)

    assert got.items == ()
    assert got.diagnosis is not None


def test_parts_that_are_objects_or_lists_are_read_by_what_names_them() -> None:
    posts = [
        {
            "title": {"rendered": one.title},
            "url": {"@id": one.link},
            "image": [{"url": "/i/1.jpg", "width": 80}],
            "description": {"words": 7},
            "authors": [{"name": "Ana Quispe"}, "Luis", 3, {"name": " "}],
        }
        for one in SAID
    ]

    item = shell(posts).items[0]

    assert (item.title, item.link) == (SAID[0].title, f"https://example.org{SAID[0].link}")
    assert (item.image, item.summary) == ("https://example.org/i/1.jpg", "")
    assert item.authors == ("Ana Quispe", "Luis")


def test_a_script_of_unusual_length_is_left_alone() -> None:
    data = json.dumps([*articles(6), {"padding": "x" * MAX_LENGTH}])

    got = found(f"<body>{CARDS}<script type='application/ld+json'>{data}</script></body>")

    assert got.kind is Kind.AUTOMATIC


def test_a_list_far_down_in_the_data_is_found_and_one_without_end_is_not_followed() -> None:
    deep: object = articles(6)
    for _ in range(50):
        deep = {"inner": deep}

    near = found(f"<body>{CARDS}{linked_data(deep)}</body>")
    lost = found(f"<body>{CARDS}{linked_data([[[]] * MAX_VALUES, [[articles(6)]]])}</body>")

    assert near.kind is Kind.EMBEDDED
    assert lost.kind is Kind.AUTOMATIC


def test_broken_data_do_no_harm() -> None:
    got = found(f"<body>{CARDS}<script type='application/ld+json'>[{{'a': </script></body>")

    assert len(got.items) == 6


def marked_up(at: int, *, shown: str) -> str:
    one = SAID[at]
    return (
        "<div class='c' itemscope itemtype='https://schema.org/NewsArticle'>"
        f"<meta itemprop='datePublished' content='2018-01-{20 - at:02}T10:00:00+01:00'>"
        "<span itemprop='author' itemscope itemtype='https://schema.org/Person'>"
        "<meta itemprop='name' content='Ana Quispe'></span>"
        f"<a itemprop='url' href='{one.link}'>{shown}</a>"
        f"<meta itemprop='headline' content='{one.title}'></div>"
    )


def test_microdata_of_the_list_that_is_shown_add_what_is_not_shown() -> None:
    cards = "".join(marked_up(at, shown=one.title) for at, one in enumerate(SAID))

    got = found(f"<body>{cards}</body>")

    assert got.kind is Kind.EMBEDDED
    assert [item.title for item in got.items] == [one.title for one in SAID]
    assert got.items[1].published == "2018-01-19T10:00:00+01:00"
    assert got.items[1].authors == ("Ana Quispe",)


def test_microdata_are_the_items_where_nothing_else_looks_like_a_list() -> None:
    scattered = "".join(
        f"<{tag}>{marked_up(at, shown='')}</{tag}>"
        for at, tag in enumerate(("p", "section", "main", "ul", "blockquote", "center"))
    )

    got = found(f"<body>{scattered}</body>")

    assert [item.title for item in got.items] == [one.title for one in SAID]
    assert got.items[5].link == f"https://example.org{SAID[5].link}"


def test_microdata_of_breadcrumbs_are_no_list() -> None:
    crumbs = "".join(
        "<span itemprop='itemListElement' itemscope itemtype='https://schema.org/ListItem'>"
        f"<a itemprop='item' href='/{at}'><b itemprop='name'>Level {at}</b></a></span>"
        for at in range(4)
    )

    page = f"<body><p itemscope itemtype='https://schema.org/BreadcrumbList'>{crumbs}</p>"

    assert objects_of(LexborHTMLParser(page)) == []


def test_a_property_belongs_to_the_nearest_object_around_it_unless_that_is_far_away() -> None:
    far = "<div>" * 2 * MAX_LEVELS + "<b itemprop='about'>Far</b>" + "</div>" * 2 * MAX_LEVELS
    page = (
        "<div itemscope itemtype='https://schema.org/Article'><p><i itemprop='headline'>Near</i></p>"
        f"<div itemprop='author' itemscope><b itemprop='name'>Ana</b></div>{far}</div>"
    )

    assert objects_of(LexborHTMLParser(page)) == [[{"headline": "Near", "author": "Ana"}]]


def test_half_a_character_in_the_data_of_a_page_is_one_that_can_be_written() -> None:
    data = articles(6)
    data[0]["description"] = "Fire \ud83d"

    extraction = found(f"<main>{CARDS}</main>{linked_data(data)}")

    assert extraction.items[0].summary == "Fire \ufffd"
