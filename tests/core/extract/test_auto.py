"""Items from pages of many shapes, with no selectors."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.extract.page import extract
from aggregator.core.read import read
from aggregator.model import Extraction, Fetched, Hints, Item, Rule

NOW = datetime(2018, 2, 1, 12, 0, tzinfo=UTC)
HINTS = Hints(now=NOW)


def found(body: str, *, url: str = "https://example.org/news", explain: bool = False) -> Extraction:
    page = Fetched(url=url, body=f"<html><body>{body}</body></html>".encode(), at=NOW)
    return extract(page, Rule(), HINTS, explain=explain)


def items(body: str, *, url: str = "https://example.org/news") -> tuple[Item, ...]:
    return found(body, url=url).items


MENU = (
    "<nav><ul><li><a href='/'>Home</a></li><li><a href='/about'>About us</a></li>"
    "<li><a href='/news'>News</a></li><li><a href='/contact'>Contact</a></li></ul></nav>"
)
HEADLINES = (
    "Mine workers return after talks",
    "Council agrees on a new water plan",
    "Road to the valley stays closed",
    "Harvest begins a month early",
)


def days(at: int) -> str:
    return f"{10 + at} January 2018"


def test_cards_with_headings_are_the_items_and_the_menu_is_not() -> None:
    cards = "".join(
        f"<article class='card'><h2><a href='/n/{at}'>{title}</a></h2>"
        f"<p class='date'>{days(at)}</p><p>What happened, and why it matters to the people there.</p></article>"
        for at, title in enumerate(HEADLINES)
    )

    got = items(f"{MENU}<main>{cards}</main>")

    assert [item.title for item in got] == list(HEADLINES)
    assert [item.link for item in got] == [f"https://example.org/n/{at}" for at in range(4)]
    assert [item.date_text for item in got] == [days(at) for at in range(4)]
    assert got[0].summary == "What happened, and why it matters to the people there."


@pytest.mark.parametrize("tag", ["o:p", "p<time", "g:plusone"])
@pytest.mark.parametrize("place", ["around the list", "around each title", "around each item"])
def test_tags_that_no_selector_can_name_cost_nothing(tag: str, place: str) -> None:
    def within(where: str, html: str) -> str:
        return f"<{tag}>{html}</{tag}>" if where in place else html

    rows = (
        within("item", f"<div><h3>{within('title', link)}</h3><p>{days(at)}</p></div>")
        for at, title in enumerate(HEADLINES)
        for link in [f"<a href='/n/{at}'>{title}</a>"]
    )

    got = found(f"{MENU}<main>{within('list', ''.join(rows))}</main>", explain=True).items

    assert [item.title for item in got] == list(HEADLINES)
    assert [item.date_text for item in got] == [days(at) for at in range(4)]


def test_the_title_of_a_row_need_not_be_its_link() -> None:
    rows = "".join(
        f"<tr><td>{days(at)}</td><td>{title}</td><td><a href='/doc/{at}.pdf'>View document</a></td></tr>"
        for at, title in enumerate(HEADLINES)
    )

    got = items(f"{MENU}<table><tr><th>Date</th><th>Title</th><th></th></tr>{rows}</table>")

    assert [item.title for item in got] == list(HEADLINES)
    assert got[2].link == "https://example.org/doc/2.pdf"
    assert got[2].date_text == days(2)


def test_headings_in_a_flat_page_begin_the_items() -> None:
    flow = "".join(
        f"<h3>{title}</h3>{days(at)} by Ana<p>What happened, and why it matters to the people there.</p>"
        f"<p><a href='/p/{at}'>permalink</a> | <a href='/c/{at}'>comments</a></p>"
        for at, title in enumerate(HEADLINES)
    )

    got = items(f"{MENU}<div>{flow}</div>")

    assert [item.title for item in got] == list(HEADLINES)
    assert [item.link for item in got] == [f"https://example.org/p/{at}" for at in range(4)]


def test_an_item_without_title_and_link_is_kept_when_it_has_a_date_and_says_something() -> None:
    rows = [
        f"<li><h3><a href='/n/{at}'>{title}</a></h3><div class='date'>{days(at)}</div><p>What happened there.</p></li>"
        for at, title in enumerate(HEADLINES)
    ]
    event = "<li><div class='date'>12 January 2018</div><p>11am, Institute of the Americas, a talk on water and mines.</p></li>"

    got = items(f"{MENU}<ul class='news'>{rows[0]}{rows[1]}{event}{rows[2]}{rows[3]}</ul>")

    assert [item.title for item in got] == [*HEADLINES[:2], "", *HEADLINES[2:]]
    assert got[2].date_text == "12 January 2018"
    assert got[2].summary.startswith("11am, Institute")


def test_a_row_that_lacks_only_its_link_is_not_there_yet() -> None:
    rows = "".join(
        f"<tr><td>{f'<a href=/o/{at}.pdf>18-{at}</a>' if at != 2 else '18-2'}</td><td>{title}</td><td>{days(at)}</td></tr>"
        for at, title in enumerate(HEADLINES)
    )

    got = items(f"{MENU}<table>{rows}</table>")

    assert [item.link[-5:] for item in got] == ["0.pdf", "1.pdf", "3.pdf"]


def test_the_date_of_the_last_answer_is_an_update() -> None:
    rows = "".join(
        f"<tr><td><a href='/t/{at}'>{title}</a></td><td>{at}</td><td>{days(at)}</td></tr>"
        for at, title in enumerate(HEADLINES)
    )
    head = "<tr><th>Topic</th><th>Replies</th><th>Last post</th></tr>"

    got = items(f"{MENU}<table>{head}{rows}</table>")

    assert [item.title for item in got] == list(HEADLINES)
    assert {item.date_text for item in got} == {""}
    assert [item.updated for item in got] == [days(at) for at in range(4)]


def test_links_are_relative_to_the_base_of_the_page() -> None:
    rows = "".join(f"<li><a href='n/{at}'>{title}</a></li>" for at, title in enumerate(HEADLINES))
    page = Fetched(
        url="https://example.org/news",
        body=f"<head><base href='https://other.example/x/'></head><body><ul>{rows}</ul></body>".encode(),
        at=NOW,
    )

    got = extract(page, Rule(), HINTS).items

    assert got[1].link == "https://other.example/x/n/1"


def test_different_items_of_one_title_are_kept_and_one_shown_twice_is_not() -> None:
    rows = "".join(
        f"<article><h2><a href='/n/{at}'>Daily report</a></h2><time>{days(at)}</time></article>"
        for at in (0, 1, 2, 2, 3)
    )

    got = found(f"<main>{rows}</main>")

    assert [item.link[-1] for item in got.items] == ["0", "1", "2", "3"]
    assert [dropped.reason for dropped in got.dropped] == ["the page shows it twice"]


def test_it_can_be_told_why_a_list_was_chosen() -> None:
    page = Fetched(
        url="https://example.org/news",
        body=f"<body>{MENU}<ul class='news'>{''.join(f'<li><a href=/n/{at}>{title}</a> {days(at)}</li>' for at, title in enumerate(HEADLINES))}</ul></body>".encode(),
        at=NOW,
    )

    best, *others = extract(page, Rule(), HINTS, explain=True).candidates

    assert best.selector.endswith("ul.news > li")
    assert best.sample == HEADLINES[:3]
    assert "+1.5 dates" in best.reasons
    assert any("-5.0 menu" in other.reasons for other in others)
    assert all(best.score >= other.score for other in others)


def test_selectors_come_with_the_items_and_find_them_again() -> None:
    cards = "".join(
        f"<div class='card'><span class='d'>{days(at)}</span><strong>{title}</strong><a href='/doc/{at}.pdf'>View document</a></div>"
        for at, title in enumerate(HEADLINES)
    )
    page = Fetched(
        url="https://example.org/news", body=f"<body>{MENU}{cards}</body>".encode(), at=NOW
    )
    first = extract(page, Rule(), HINTS, explain=True)

    again = extract(page, Rule(selectors=first.selectors), HINTS)

    assert first.selectors is not None
    assert first.selectors.items == "div.card"
    said = [(item.title, item.link, item.date_text) for item in first.items]
    assert said == [(item.title, item.link, item.date_text) for item in again.items]


def test_rows_below_a_row_of_headings_have_selectors_too() -> None:
    rows = "".join(
        f"<tr><td>{days(at)}</td><td><b><a href='/n/{at}'>{title}</a></b></td></tr>"
        for at, title in enumerate(HEADLINES)
    )
    heads = "<tr><td>Date</td><td><b><i><a name='top'></a>Title</i></b></td></tr>"
    page = Fetched(
        url="https://example.org/news",
        body=f"<body>{MENU}<table>{heads}{rows}</table></body>".encode(),
        at=NOW,
    )
    first = extract(page, Rule(), HINTS, explain=True)

    again = extract(page, Rule(selectors=first.selectors), HINTS)

    assert first.selectors is not None
    assert first.selectors.items == "tr:nth-child(n+2)"
    assert [item.link for item in again.items] == [item.link for item in first.items]


TAGS = (
    "div",
    "p",
    "ul",
    "li",
    "a href=/x",
    "a href='/n/1'",
    "h3",
    "table",
    "tr",
    "td",
    "br",
    "time",
)
PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS]),
    st.sampled_from([f"</{tag.split()[0]}>" for tag in TAGS]),
    st.sampled_from(
        ["10 May 2017", "Mine workers return", " ", "<!-- -->", "<a href='http://[x'>y</a>"]
    ),
)


@given(st.lists(PIECES, max_size=120))
def test_no_page_is_too_broken_and_each_reads_the_same_twice(pieces: list[str]) -> None:
    body = "".join(pieces)

    assert found(body) == found(body)


def test_a_page_of_a_hundred_thousand_nodes_is_read_up_to_a_thousand_items() -> None:
    rows = "".join(
        f"<li><a href=/n/{at}>Title of item {at}</a> <i>x</i></li>" for at in range(30_000)
    )

    got = found(f"<ul>{rows}</ul>")

    assert len(got.items) == 1000
    assert got.dropped[0].text == "9000 or more"
    assert "up to 1000 items" in got.dropped[0].reason


def test_what_is_nested_too_deep_is_left_alone() -> None:
    deep = "<div>" * 3000 + "".join(f"<p><a href=/n/{at}>Title {at}</a></p>" for at in range(9))

    assert found(deep).items == ()


def test_of_a_huge_page_the_beginning_is_read_and_it_never_counts_as_whole() -> None:
    rows = "".join(
        f"<li><a href='/n/{at}'>{HEADLINES[at % 4]} {at}</a><p>{'So it went on. ' * 40}</p></li>"
        for at in range(4_000)
    )
    page = Fetched(
        url="https://example.org/news",
        body=f"<html><body><ul>{rows}</ul></body></html>".encode(),
        at=NOW,
    )

    got = read(page, Rule(), HINTS)

    assert got.drafts[0].title == f"{HEADLINES[0]} 0"
    assert not got.is_whole
    assert any("only the first 2,000,000 bytes" in one.reason for one in got.extraction.dropped)
