"""One page is read from its bytes to drafts; what is left out is said."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import pytest

from aggregator.core.read import PAGE_TEXT_LIMIT, read
from aggregator.errors import MissingExtraError
from aggregator.model import Fetched, Hints, JsonPaths, Kind, Reading, Rule

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def read_answer(items: list[dict[str, str]]) -> Reading:
    page = Fetched(url="http://example.org/api", body=json.dumps({"rows": items}).encode(), at=NOW)
    return read(page, Rule(json=JsonPaths(items="rows")), Hints(now=NOW))


def test_an_answer_in_json_is_read_by_its_paths_whatever_it_looks_like() -> None:
    reading = read_answer([{"title": "One", "url": "/1"}])

    assert reading.extraction.kind is Kind.JSON
    assert [(one.title, one.link) for one in reading.drafts] == [("One", "http://example.org/1")]


def test_an_item_of_which_nothing_is_left_is_left_out_with_the_reason() -> None:
    reading = read_answer([{"title": "\x00\x01"}, {"title": "One"}])

    assert [one.title for one in reading.drafts] == ["One"]
    assert [one.reason for one in reading.extraction.dropped] == [
        "nothing is left of it once cleaned"
    ]


def test_of_a_page_with_too_much_text_the_rest_is_left_out_with_the_reason() -> None:
    long = "x" * (PAGE_TEXT_LIMIT // 2)

    reading = read_answer([{"title": str(n), "summary": long} for n in range(3)])

    assert [one.title for one in reading.drafts] == ["0"]
    assert [one.text for one in reading.extraction.dropped] == ["1", "2"]
    assert {one.reason for one in reading.extraction.dropped} == {"the page holds too much text"}


def test_an_article_needs_the_extra_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    page = Fetched(url="http://example.org/1", body=b"<p>Text</p>", at=NOW)

    with pytest.raises(MissingExtraError, match="fulltext"):
        read(page, Rule(article=True), Hints(now=NOW))
