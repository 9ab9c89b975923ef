"""The items are found whatever they look like and whatever stands around them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.core.extract.page import extract
from aggregator.model import Fetched, Hints, Item, Rule
from tests.core.extract.shapes import AROUND, SHAPES, Said, chinese, english, page

NOW = datetime(2018, 2, 1, 12, 0, tzinfo=UTC)
SITE = "https://example.org"
UNDATED = {"bare list", "forum"}  # a forum shows when somebody last answered


def read(body: str) -> tuple[Item, ...]:
    fetched = Fetched(url=f"{SITE}/news", body=body.encode(), at=NOW)
    return extract(fetched, Rule(), Hints(now=NOW)).items


def address(shape: str, said: Said) -> str:
    if shape == "no links":
        return ""
    return SITE + said.link + (".pdf" if shape == "documents" else "")


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("shape", SHAPES)
def test_titles_and_links_of_every_shape_are_found(shape: str, around: str) -> None:
    for count in (3, 12, 30):
        said = english(count, seed=count)

        got = read(page(shape, around, said))

        wanted = [(one.title, address(shape, one)) for one in said]
        assert [(one.title, one.link) for one in got] == wanted


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("shape", SHAPES)
def test_titles_of_two_characters_are_titles(shape: str, around: str) -> None:
    said = chinese(5, seed=5)

    got = read(page(shape, around, said))

    assert [one.title for one in got] == [one.title for one in said]


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape not in UNDATED])
def test_the_date_of_every_shape_is_found(shape: str) -> None:
    said = english(12, seed=7)

    got = read(page(shape, "blog", said))

    days = [said[at // 3 * 3].date if shape == "under days" else said[at].date for at in range(12)]
    assert all(day in one.date_text for one, day in zip(got, days, strict=True))


def test_the_same_page_gives_the_same_items() -> None:
    body = page("cards", "office", english(12, seed=1))

    assert read(body) == read(body)
