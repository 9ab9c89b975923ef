"""One item of a list is called or made otherwise than the others: none may be lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from aggregator.core.extract.page import extract
from aggregator.model import Fetched, Hints, Rule
from tests.core.extract.hard_shapes import HARD
from tests.core.extract.shapes import SHAPES, Said, english, page_around

NOW = datetime(2018, 2, 1, 12, 0, tzinfo=UTC)
ALL = SHAPES | HARD
CATEGORIES = ("mining", "water", "port", "town", "mining", "river", "school", "farm")
Change = Callable[[Sequence[LexborNode], int], None]


def called_important(items: Sequence[LexborNode], at: int) -> None:
    own = items[at].attributes.get("class") or ""
    items[at].attrs["class"] = f"{own} important".strip()


def called_something_else(items: Sequence[LexborNode], at: int) -> None:
    items[at].attrs["class"] = "urgent"


def called_after_what_they_are_about(items: Sequence[LexborNode], _: int) -> None:
    for item, category in zip(items, CATEGORIES, strict=True):
        item.attrs["class"] = category


def numbered(items: Sequence[LexborNode], _: int) -> None:
    for at, item in enumerate(items):
        item.attrs["id"] = f"post-{at + 17}"


def with_a_title_called_otherwise(items: Sequence[LexborNode], at: int) -> None:
    link = items[at].css_first("a") or items[at]
    own = link.attributes.get("class") or ""
    link.attrs["class"] = f"{own} featured-link".strip()


CHANGES: tuple[Change, ...] = (
    called_important,
    called_something_else,
    called_after_what_they_are_about,
    numbered,
    with_a_title_called_otherwise,
)
# Nothing but the name of a link tells the titles of bare lines from other links; of rows in
# pairs, which is the first; of two items in a list of their own, that they are two of one kind.
BEYOND = {
    ("lines", called_after_what_they_are_about),
    ("under days", called_after_what_they_are_about),
    ("rows of three", called_after_what_they_are_about),
    ("paired rows", called_important),
    ("paired rows", called_something_else),
}


WITHOUT_LINKS = {"no links"}


def links_of(tree: LexborHTMLParser, said: Sequence[Said]) -> list[LexborNode]:
    found = [
        tree.css_first(f'a[href="{one.link}"]') or tree.css_first(f'a[href="{one.link}.pdf"]')
        for one in said
    ]
    assert None not in found
    return [link for link in found if link is not None]


def items_of(links: Sequence[LexborNode]) -> list[LexborNode]:
    """Return the highest element around each link that holds no other of them."""
    chains = []
    for link in links:
        chain = [link]
        while (above := chain[-1].parent) is not None:
            chain.append(above)
        chains.append(chain)
    shared = [{node.mem_id for node in chain} for chain in chains]
    items = []
    for at, chain in enumerate(chains):
        others = set().union(*shared[:at], *shared[at + 1 :])
        items.append([node for node in chain if node.mem_id not in others][-1])
    return items


PAIRS = [
    (shape, change)
    for shape in ALL
    for change in CHANGES
    if shape not in WITHOUT_LINKS and (shape, change) not in BEYOND
]


@pytest.mark.parametrize(("shape", "change"), PAIRS)
def test_an_item_that_is_called_otherwise_is_an_item(shape: str, change: Change) -> None:
    said = english(8, seed=8)
    wanted = [one.title for one in said]
    for at in (0, 3, 7):
        tree = LexborHTMLParser(page_around(ALL[shape](said), "office", said))
        change(items_of(links_of(tree, said)), at)
        page = Fetched(url="https://example.org/news", body=(tree.html or "").encode(), at=NOW)

        got = extract(page, Rule(), Hints(now=NOW))

        assert [item.title for item in got.items] == wanted, at


def put_into_a_box(item: str, _link: LexborNode, _said: Said) -> str:
    return f"<div class='sticky-wrap'>{item}</div>"


def with_a_badge(item: str, _link: LexborNode, _said: Said) -> str:
    name, _, rest = item.partition(">")
    return f"{name}><span class='badge'></span> {rest}"


def with_its_title_in_a_span(item: str, _link: LexborNode, said: Said) -> str:
    return item.replace(said.title, f"<span>{said.title}</span>", 1)


def with_a_word_of_its_title_stressed(item: str, _link: LexborNode, said: Said) -> str:
    first, _, rest = said.title.partition(" ")
    return item.replace(said.title, f"<em>{first}</em> {rest}", 1)


def with_an_icon_before_its_link(item: str, link: LexborNode, _said: Said) -> str:
    return item.replace(link.html or "", f"<img src='/pdf.gif' alt='PDF'>{link.html}", 1)


def with_a_second_link(item: str, link: LexborNode, _said: Said) -> str:
    return item.replace(link.html or "", f"{link.html} <a href='/files/7.pdf'>PDF</a>", 1)


def with_its_whole_address(item: str, _link: LexborNode, said: Said) -> str:
    return item.replace(f'href="{said.link}', f'href="https://example.org{said.link}')


def without_its_date(item: str, _link: LexborNode, said: Said) -> str:
    return item.replace(said.date, "", 1)


Rewrite = Callable[[str, LexborNode, Said], str]
REWRITES: tuple[Rewrite, ...] = (
    put_into_a_box,
    with_a_badge,
    with_its_title_in_a_span,
    with_a_word_of_its_title_stressed,
    with_an_icon_before_its_link,
    with_a_second_link,
    with_its_whole_address,
    without_its_date,
)
# Items without an element of their own are told by what their links are beside.
NO_ELEMENT = ("lines", "lines below", "definitions", "terms", "paired rows", "grid of cells")
TOO_FAR = {
    *((shape, change) for shape in NO_ELEMENT for change in (put_into_a_box, with_a_second_link)),
    *((shape, put_into_a_box) for shape in ("details", "empty download link", "own elements")),
    ("under days", with_a_second_link),
    ("hero and cards", with_its_whole_address),
    ("labels and values", with_a_word_of_its_title_stressed),
    ("details", with_its_title_in_a_span),
    ("flat, link last", without_its_date),
}


@pytest.mark.parametrize(
    ("shape", "change"),
    [
        (shape, change)
        for shape in ALL
        for change in REWRITES
        if shape not in WITHOUT_LINKS and (shape, change) not in TOO_FAR
    ],
)
def test_an_item_that_is_made_otherwise_is_an_item(shape: str, change: Rewrite) -> None:
    said = english(7, seed=8)
    whole = LexborHTMLParser(page_around(ALL[shape](said), "office", said))
    links = links_of(whole, said)
    items = [item.html or "" for item in items_of(links)]
    for at in (0, 3):
        body = (whole.html or "").replace(items[at], change(items[at], links[at], said[at]), 1)
        page = Fetched(url="https://example.org/news", body=body.encode(), at=NOW)

        got = extract(page, Rule(), Hints(now=NOW))

        assert [item.title for item in got.items] == [one.title for one in said], at


def test_selectors_of_items_that_are_called_differently_find_all_of_them() -> None:
    said = english(8, seed=8)
    rows = "".join(
        f"<li class='{category}'><a href='{one.link}'>{one.title}</a> <i>{one.date}</i></li>"
        for one, category in zip(said, CATEGORIES, strict=True)
    )
    body = f"<body><ul class='menu'><li><a href='/'>Home</a></li></ul><ul class='news'>{rows}</ul>"
    page = Fetched(url="https://example.org/news", body=body.encode(), at=NOW)

    got = extract(page, Rule(), Hints(now=NOW), explain=True)

    assert got.selectors is not None
    again = extract(page, Rule(selectors=got.selectors), Hints(now=NOW))
    assert [item.title for item in again.items] == [one.title for one in said]
