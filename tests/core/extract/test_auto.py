"""Items from pages of many shapes, with no selectors."""

from __future__ import annotations

from datetime import UTC, datetime

from aggregator.core.extract import extract
from aggregator.model import Extraction, Fetched, Hints, Item, Rule

NOW = datetime(2018, 2, 1, 12, 0, tzinfo=UTC)
HINTS = Hints(now=NOW)


def found(body: str, *, url: str = "https://example.org/news") -> Extraction:
    page = Fetched(url=url, body=f"<html><body>{body}</body></html>".encode(), at=NOW)
    return extract(page, Rule(), HINTS)


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
