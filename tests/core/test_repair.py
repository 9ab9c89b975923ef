"""A new rule is found from what is known: on redesigned pages, and only where that is sure."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.read import read
from aggregator.core.repair import mend
from aggregator.model import Fetched, Hints, KnownItem, Reading, Rule, Selectors

NOW = datetime(2018, 6, 1, 12, tzinfo=UTC)
RULE = Selectors(
    items="article.item",
    title="a.link",
    link="a.link::attr(href)",
    date="time::attr(datetime)",
    summary="p.summary",
)
BASE = "http://example.org/news"


def title(number: int) -> str:
    return f"The people of valley {number} meet the mine"


def known(numbers: range = range(10)) -> tuple[KnownItem, ...]:
    return tuple(
        KnownItem(
            title=title(n),
            link=f"http://example.org/news/{n}",
            day=f"2018-05-{n + 1:02}",
            summary=f"What was said in valley {n}",
        )
        for n in numbers
    )


def page(body: str) -> Fetched:
    return Fetched(url=BASE, body=body.encode(), at=NOW)


def hints(items: tuple[KnownItem, ...] | None = None, stand_in: Selectors | None = None) -> Hints:
    return Hints(now=NOW, known=known() if items is None else items, stand_in=stand_in)


def read_anew(body: str, *, rule: Selectors | None = RULE) -> Reading:
    return read(page(body), Rule(selectors=rule), hints())


CARD = (
    "<div class='card c-{n}'><h4><a href='/news/{n}'>{title}</a></h4>"
    "<span class='when'>{day} May 2018</span><div class='text'>What was said in valley {n}.</div></div>"
)
ROW = (
    "<tr><td>{day} May 2018</td><td><a href='/news/{n}'>{title}</a></td>"
    "<td>What was said in valley {n}.</td></tr>"
)
BARE = "<a href='/news/{n}'>{title}</a><br>"
MOVED = "<li><b><a href='/2018/05/people-of-valley-{n}-meet/'>{title}</a></b> {day} May 2018</li>"
SECTION = "<section><h3><a href='/news/{n}'>{title}</a></h3><i>{day} May 2018</i></section>"
IMAGE = (
    "<li class='teaser'><a href='/news/{n}'><img src='{n}.jpg'></a>"
    "<h2><a href='/news/{n}'>{title}</a></h2><time datetime='2018-05-{day:02}'>{day}.5.</time>"
    "<p>What was said in valley {n}.</p><a href='/news/{n}'>Read more</a></li>"
)


def listing(item: str, *, around: str = "<main>{}</main>", count: int = 12) -> str:
    menu = "".join(f"<li><a href='/nav/{n}'>Menu {n}</a></li>" for n in range(12))
    items = "".join(item.format(n=n, day=n + 1, title=title(n)) for n in range(count))
    return f"<body><ul class='menu'>{menu}</ul>{around.format(items)}<footer><a href='/'>Home</a></footer>"


@pytest.mark.parametrize(
    ("item", "around"),
    [
        (CARD, "<main>{}</main>"),
        (CARD, "<div><div><div class='grid'>{}</div></div></div>"),
        (ROW, "<table><tbody>{}</tbody></table>"),
        (MOVED, "<ul>{}</ul>"),
        (IMAGE, "<ul class='list'>{}</ul>"),
        (IMAGE, "<ul id='news'>{}</ul>"),
        (SECTION, "{}"),
        (CARD, "{}"),
        (CARD, "<x:list>{}</x:list>"),
        (SECTION.replace("section", "p<time"), "<ul>{}</ul>"),
    ],
    ids=[
        *("cards", "wrapped", "table", "moved", "images", "id", "body", "cards in it"),
        *("strange list", "strange items"),
    ],
)
def test_a_redesigned_list_is_read_again_with_its_parts(item: str, around: str) -> None:
    reading = read_anew(listing(item, around=around))

    assert reading.mended is not None
    assert [draft.title for draft in reading.drafts] == [title(n) for n in range(12)]
    links = {draft.link for draft in reading.drafts}
    assert len(links) == 12
    assert all((link and "valley" in link) or "/news/" in str(link) for link in links)


@pytest.mark.parametrize("item", [CARD, ROW, IMAGE], ids=["cards", "table", "images"])
def test_dates_and_summaries_are_found_again_too(item: str) -> None:
    reading = read_anew(listing(item, around="<table>{}</table>" if item == ROW else "<ul>{}</ul>"))

    dates = [draft.published.isoformat() for draft in reading.drafts if draft.published]
    assert dates == [f"2018-05-{n + 1:02}" for n in range(12)]
    assert reading.drafts[3].summary.startswith("What was said in valley 3")


def test_a_summary_that_stands_in_the_item_itself_is_found_again() -> None:
    line = "<p class='n'><b>{day} May 2018</b> <a href='/news/{n}'>{title}</a><br>What was said in valley {n}.</p>"

    reading = read_anew(listing(line, around="<div>{}</div>"))

    assert reading.drafts[3].summary == "What was said in valley 3."


def test_links_without_anything_around_them_are_items_too() -> None:
    reading = read_anew(listing(BARE))

    assert [draft.title for draft in reading.drafts] == [title(n) for n in range(12)]


def test_automatic_sources_are_mended_as_well() -> None:
    assert read_anew(listing(CARD), rule=None).mended is not None


def test_what_still_fits_of_the_rule_is_kept() -> None:
    body = listing(
        "<article class='item'><a class='link' href='/news/{n}'>{title}</a>"
        "<span class='when'>{day} May 2018</span><p class='summary'>What was said in valley {n}.</p></article>"
    )

    mended = mend(page(body), RULE, hints())

    assert mended is not None
    assert mended.items == RULE.items
    assert mended.title == RULE.title
    assert mended.summary == RULE.summary
    assert mended.date == "span.when"


def test_a_rule_whose_items_became_boxes_of_several_is_replaced() -> None:
    boxes = listing(
        CARD, around="<article class='item'>{}</article><article class='item'></article>"
    )

    mended = mend(page(boxes), RULE, hints())

    assert mended is not None
    assert mended.items != RULE.items
    assert "card" in mended.items


def test_known_links_among_many_others_of_their_kind_mend_nothing() -> None:
    others = "".join(f"<a href='/{n}/of/other/things-{n}'>Thing {n}</a>" for n in range(200))

    assert mend(page(f"<body>{others}{listing(BARE, around='{}')}</body>"), None, hints()) is None


def test_the_rule_found_last_time_is_tried_first() -> None:
    last = Selectors(items="main > div", title="h4 a", date=".when")

    assert mend(page(listing(CARD)), RULE, hints(stand_in=last)) == last


def test_a_rule_found_last_time_that_fits_no_more_is_replaced() -> None:
    last = Selectors(items="ul.menu li")

    mended = mend(page(listing(CARD)), RULE, hints(stand_in=last))

    assert mended is not None
    assert mended.items != last.items


@pytest.mark.parametrize(
    "body",
    [
        listing("", count=0),
        listing(CARD, count=1),
        "<p>We are moving. <a href='/news/1'>The people of valley 1 meet the mine</a></p>",
        "",
    ],
    ids=["menu alone", "one item", "notice", "empty"],
)
def test_too_little_that_is_known_mends_nothing(body: str) -> None:
    assert mend(page(body), RULE, hints()) is None


def test_a_feed_is_not_mended() -> None:
    feed = "<rss version='2.0'><channel><title>x</title></channel></rss>"

    assert mend(page(feed), None, hints()) is None


def test_short_titles_alone_are_no_sign_of_a_known_item() -> None:
    short = tuple(
        KnownItem(title=f"Menu {n}", link=f"http://example.org/old/{n}") for n in range(9)
    )

    assert mend(page(listing(CARD)), RULE, hints(short)) is None


def test_a_menu_beside_the_cards_is_not_taken_along() -> None:
    around = "<div class='card'><a href='/nav/1'>About us</a></div>" * 3 + "<main>{}</main>"

    reading = read_anew(listing(CARD, around=around))

    assert all("/nav/" not in str(draft.link) for draft in reading.drafts)
    assert len(reading.drafts) == 12


MARKUP = st.recursive(
    st.sampled_from(
        [
            "text",
            "<a href='/news/1'>The people of valley 1 meet the mine</a>",
            "<a href='/nav/2'>x</a>",
        ]
    ),
    lambda inner: st.builds(
        "<{0} class='{1}'>{2}</{0}>".format,
        st.sampled_from(["div", "li", "p", "article", "a", "table", "td"]),
        st.sampled_from(["", "item", "md:w-1/2", "x y", "'", "9"]),
        st.lists(inner, max_size=4).map("".join),
    ),
    max_leaves=20,
)


@given(MARKUP)
def test_no_page_breaks_it_and_what_it_finds_is_there(body: str) -> None:
    reading = read_anew(body + body)

    if reading.mended is not None:
        assert len(reading.drafts) >= 2
