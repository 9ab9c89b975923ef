"""JSON Feed says what Atom says."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from aggregator.core.json_feed import JsonFeedRenderer
from tests.acceptance.sample_feed import ARCHIVE, EMPTY, SUBSCRIPTION


def read(document: bytes) -> Any:
    return json.loads(document)


def test_a_feed_without_entries_is_whole() -> None:
    document = JsonFeedRenderer().render(EMPTY)

    assert read(document) == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Andes",
        "home_page_url": "http://127.0.0.1:8765/sources",
        "feed_url": "http://127.0.0.1:8765/feeds/sources/andes.json",
        "items": [],
    }


def test_the_next_page_is_the_newest_archive() -> None:
    first, second = (read(JsonFeedRenderer().render(feed)) for feed in (SUBSCRIPTION, ARCHIVE))

    assert first["next_url"] == "http://127.0.0.1:8765/feeds/las-bambas/archive/2.json"
    assert second["next_url"] == "http://127.0.0.1:8765/feeds/las-bambas/archive/1.json"


def test_an_item_has_html_or_text_but_not_both() -> None:
    items = read(JsonFeedRenderer().render(SUBSCRIPTION))["items"]

    assert all(("content_html" in item) != ("content_text" in item) for item in items)


def test_what_the_format_has_no_word_for_stands_apart() -> None:
    items = read(JsonFeedRenderer().render(SUBSCRIPTION))["items"]

    assert items[2]["_aggregator"] == {
        "source": {"title": "Andes & Coast News", "url": "http://news.example.org/news"},
        "also_at": [
            {"title": "Talks <again>", "url": "http://other.example.org/1?a=1&b=2"},
            {"title": "http://third.example.org/talks", "url": "http://third.example.org/talks"},
        ],
        "date_precision": "day",
    }


def test_a_title_with_odd_characters_comes_back_as_it_was() -> None:
    title = 'Quotes " and \\ and \u2028 and \U0001f600'
    feed = replace(SUBSCRIPTION, title=title)

    assert read(JsonFeedRenderer().render(feed))["title"] == title
