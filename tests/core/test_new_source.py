"""A source that was found gets a name a person would give it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.new_source import (
    finds_the_same,
    is_feed_of,
    key_for,
    known_as,
    section_of,
)
from aggregator.model import Draft, Render, Selectors
from tests.pipeline.pages import source

NAME = re.compile(r"^[a-z0-9][a-z0-9_.-]{0,99}$")


@pytest.mark.parametrize(
    ("url", "taken", "key"),
    [
        ("http://perusupportgroup.org.uk/news.php", set(), "perusupportgroup"),
        ("https://www.bbc.co.uk/news", {"bbc"}, "bbc-news"),
        ("https://www.bbc.co.uk/news/index.html", {"bbc", "bbc-news"}, "bbc-2"),
        ("https://blog.example.com/tag/mining/feed/", {"example"}, "example-mining"),
        ("https://example.com/de/a/b", {"example", "example-b"}, "example-a-b"),
        ("http://127.0.0.1:8000/", set(), "127-0-0-1"),
        ("http://münchen.de/", set(), "m-nchen"),
        ("http://[::1]/", {"1"}, "1-2"),
        ("http://[::1]/", {"1", "1-2", "1-3"}, "1-4"),
    ],
)
def test_a_source_is_named_after_its_site(url: str, taken: set[str], key: str) -> None:
    assert key_for(url, taken=taken) == key


@given(
    st.from_regex(r"https?://[a-z0-9.\-]{1,30}(/[a-zé_%.\-]{0,80}){0,5}", fullmatch=True),
    st.sets(st.sampled_from(["a", "b", "source", "source-2"])),
)
def test_every_address_gets_a_free_name(url: str, taken: set[str]) -> None:
    first = key_for(url, taken=taken)
    second = key_for(url, taken={*taken, first})

    assert NAME.match(first)
    assert NAME.match(second)
    assert first not in taken
    assert second not in {*taken, first}


def test_two_spellings_of_an_address_are_one_source() -> None:
    sources = [source("http://www.example.org/news/")]

    assert known_as(["https://example.org/news"], sources) is sources[0]
    assert known_as(["https://example.org/news?page=2"], sources) is None


def drafts(*numbers: int) -> list[Draft]:
    return [Draft(title=f"Story {n}", link=f"http://example.org/{n}") for n in numbers]


def test_a_feed_of_the_page_carries_at_least_its_newest_items() -> None:
    assert is_feed_of(drafts(1, 2, 3), drafts(1, 2, 3, 4, 5, 6, 7, 8))
    assert not is_feed_of(drafts(7, 8, 9), drafts(1, 2, 3, 4, 5, 6, 7, 8))
    assert is_feed_of(drafts(1), [])
    assert not is_feed_of([], drafts(1))


def test_selectors_find_the_same_only_when_nothing_differs() -> None:
    assert finds_the_same(drafts(1, 2), drafts(1, 2))
    assert not finds_the_same(drafts(1, 2), drafts(2, 1))
    assert not finds_the_same([Draft(title="A", link=None, summary="s")], drafts(1)[:0])
    assert not finds_the_same(
        [Draft(title="A", link=None, summary="s")], [Draft(title="A", link=None)]
    )


def test_only_what_is_known_is_written() -> None:
    section = section_of(url="http://x.org/", title=" A \n title ", selectors=Selectors(items="li"))

    assert section == {"title": "A title", "url": "http://x.org/", "selectors": {"items": "li"}}
    assert section_of(url="http://x.org/", title="", selectors=None) == {"url": "http://x.org/"}


def test_a_page_that_needs_a_browser_is_written_as_such() -> None:
    section = section_of(url="http://x.org/", title="", selectors=None, render=Render.BROWSER)

    assert section == {"url": "http://x.org/", "render": "browser"}
