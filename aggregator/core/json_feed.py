"""Write a feed as JSON Feed 1.1."""

from __future__ import annotations

import json
from typing import Any

from aggregator.core.feeds import Shown, address, enclosure_type, show
from aggregator.model import Enclosure, Feed

VERSION = "https://jsonfeed.org/version/1.1"


class JsonFeedRenderer:
    """Turns a feed into JSON Feed (port `Renderer`).

    Where the format has no word for something it stands under ``_aggregator``: the
    source, the same story elsewhere, and whether a date is only a day.

    See:
        https://www.jsonfeed.org/version/1.1/
    """

    suffix = "json"
    media_type = "application/feed+json"

    def render(self, feed: Feed) -> bytes:
        """Return the document, one entry a line."""
        head = json.dumps(_head(feed, suffix=self.suffix), ensure_ascii=False)
        items = ",\n".join(json.dumps(_item(entry), ensure_ascii=False) for entry in show(feed))
        return f'{head[:-1]}, "items": [\n{items}\n]}}\n'.encode()


def _head(feed: Feed, *, suffix: str) -> dict[str, Any]:
    next_path = feed.prev_archive
    return _without_nothing(
        {
            "version": VERSION,
            "title": feed.title,
            "description": feed.description,
            "home_page_url": feed.home,
            "feed_url": address(feed, feed.path or feed.id, suffix=suffix),
            "next_url": address(feed, next_path, suffix=suffix) if next_path else None,
            "icon": feed.icon,
            "language": feed.language,
            "hubs": [{"type": "WebSub", "url": feed.hub}] if feed.hub else None,
        }
    )


def _item(shown: Shown) -> dict[str, Any]:
    entry = shown.of.entry
    text = {"content_html": shown.content} if shown.content else {"content_text": shown.summary}
    return _without_nothing(
        {
            "id": shown.id,
            "url": shown.link,
            "title": shown.title,
            **text,
            "summary": shown.summary if shown.content else None,
            "image": entry.image,
            "date_published": shown.published.isoformat(),
            "date_modified": shown.updated.isoformat(),
            "authors": [{"name": name} for name in shown.authors],
            "tags": list(shown.tags),
            "language": entry.language,
            "attachments": [_attachment(enclosure) for enclosure in entry.enclosures],
            "_aggregator": _own(shown),
        }
    )


def _attachment(enclosure: Enclosure) -> dict[str, Any]:
    return _without_nothing(
        {
            "url": enclosure.url,
            "mime_type": enclosure_type(enclosure),
            "size_in_bytes": enclosure.length_bytes,
        }
    )


def _own(shown: Shown) -> dict[str, Any]:
    of = shown.of
    return _without_nothing(
        {
            "source": {"title": of.source_title, "url": of.source_url},
            "also_at": [
                {"title": twin.title or twin.href, "url": twin.href} for twin in of.also_at
            ],
            "date_precision": of.entry.published.precision.value,
        }
    )


def _without_nothing(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in (None, "", [])}
