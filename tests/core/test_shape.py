"""What is alike in the addresses of a source's items."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.shape import NO_LINK, folder_of, shape_of


@pytest.mark.parametrize(
    ("link", "shape"),
    [
        (None, NO_LINK),
        ("", NO_LINK),
        ("http://example.org/", "example.org"),
        ("https://www.example.org/2016/03/las-bambas-dialogue-forum/", "example.org/N/N/*"),
        ("http://example.org/news-article-1073.HTML", "example.org/news-article-N.html"),
        ("http://example.org/the-people-of-the-valley/2", "example.org/*/N"),
        ("http://example.org/about-us", "example.org/w"),
        ("http://example.org/n.php?id=5&b=&a=1", "example.org/w.php?a&b&id"),
    ],
)
def test_a_shape_holds_what_the_items_of_a_list_share(link: str | None, shape: str) -> None:
    assert shape_of(link) == shape


@pytest.mark.parametrize(
    ("link", "folder"),
    [
        (None, "nowhere"),
        ("http://example.org/menu/12", "/menu/"),
        ("http://example.org/12", "/"),
        ("http://example.org", "/"),
    ],
)
def test_people_are_told_the_folder_of_a_link(link: str | None, folder: str) -> None:
    assert folder_of(link) == folder


@given(st.from_regex(r"https?://[a-z.]{1,20}(/[a-z0-9_.-]{0,20}){0,4}", fullmatch=True))
def test_where_a_link_stands_on_the_web_is_no_part_of_its_scheme(link: str) -> None:
    assert shape_of(link.replace("https://", "http://")) == shape_of(link)
