"""What stands beside a list is known by few bits, whatever the links look like."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.beside import (
    links_beside,
    mark_of,
    marks_of_text,
    marks_to_text,
    still_beside,
)
from aggregator.model import Draft, Fetched

NOW = datetime(2018, 6, 1, tzinfo=UTC)


def page(body: str) -> Fetched:
    return Fetched(url="http://example.org/news/", body=body.encode(), at=NOW)


def test_links_of_items_are_not_beside_and_spelling_does_not_matter() -> None:
    body = (
        "<a class=x href='/about#top'>A</a><A HREF=two>B</A><a href='https://example.org/3'>C</a>"
    )

    found = links_beside(page(body), [Draft(title="C", link="http://example.org/3")])

    assert found == (mark_of("http://example.org/about"), mark_of("/news/two"))


def test_a_link_that_is_no_address_is_marked_as_it_is_written() -> None:
    assert links_beside(page("<a href='ftp://[x/y'>A</a>"), []) == (mark_of("ftp://[x/y"),)


def test_what_is_gone_from_beside_the_list_is_forgotten_and_nothing_joins() -> None:
    before = tuple(range(10))

    assert still_beside(before, [*range(4, 12)]) == (4, 5, 6, 7, 8, 9)
    assert still_beside(before, [1, 20, 21]) == (1, 20, 21)


@given(st.binary(max_size=300), st.text(max_size=50))
def test_no_page_crashes_it(body: bytes, link: str) -> None:
    found = links_beside(
        Fetched(url="http://example.org/", body=b"<a href='" + body, at=NOW),
        [Draft(title=None, link=link)],
    )

    assert marks_of_text(marks_to_text(found)) == set(found)
