"""Where known items stand on a page, and what is too ambiguous or too far to tell."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.core.places import MAX_DEPTH, ancestors, find_hits, link_key, remember
from aggregator.model import KnownItem

BASE = "http://example.org/news"
TITLE = "The people of the valley meet"


def known(title: str | None = None, link: str | None = None) -> KnownItem:
    return KnownItem(title=title, link=link, day=None, summary="")


def hits(body: str, *items: KnownItem) -> list[int]:
    """Return which of the known items are found on a page, in its order."""
    found = find_hits(LexborHTMLParser(body), remember(items), base_url=BASE)
    return [hit.item for hit in found]


def test_a_known_item_is_found_by_its_title_or_its_link() -> None:
    body = f"<h2>{TITLE}</h2><a href='/a/2/'>Read on</a><a href='/a/3'>More</a>"

    assert hits(body, known(TITLE), known(link="https://www.example.org/a/2")) == [1, 0]


def test_what_two_known_items_share_tells_neither() -> None:
    body = f"<h2>{TITLE}</h2><a href='/a/1'>{TITLE}</a><a href='/a/2'>Read on</a>"
    one, other = known(TITLE, f"{BASE}/live"), known(TITLE, f"{BASE}/live")

    assert hits(body.replace("/a/1", "/news/live"), one, other) == []
    assert hits(body, one, other, known(link="http://example.org/a/2")) == [2]


@pytest.mark.parametrize("href", ["http://[x/", "#top", "http://example.org", "  "])
def test_a_link_that_leads_to_no_page_of_its_own_has_no_key(href: str) -> None:
    assert link_key(href, "http://example.org") == ""


def test_what_is_around_a_title_ends_at_the_body_or_far_away() -> None:
    near = LexborHTMLParser("<body><div><p><b>x</b></p></div></body>").css_first("b")
    far = LexborHTMLParser("<div>" * 2 * MAX_DEPTH + "<b>x</b>").css_first("b")
    assert near is not None
    assert far is not None

    assert [node.tag for node in ancestors(near)] == ["b", "p", "div"]
    assert len(list(ancestors(far))) == MAX_DEPTH
