"""Read a feed that is no XML any more with feedparser, which guesses better than we do."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import feedparser

from aggregator.core.extract.markup import absolute, has_tags, line_of, paragraphs
from aggregator.core.extract.selectors import MAX_ITEMS
from aggregator.model import Enclosure, Extraction, Item, Kind

# feedparser needs a second for 150 kB of opening tags.
READ_LIMIT = 300_000  # characters
_DATE_LIMIT = 200
# What its callbacks raise on tags that close nothing, names without a namespace and the like.
_ITS_MISTAKES = (LookupError, ValueError, TypeError, AttributeError, RuntimeError)
_NAMES_LIMIT = 30


def read_lenient(text: str, *, base_url: str) -> Extraction:
    """Return what feedparser finds in the text of a feed without DOCTYPE.

    Of its answer the words are used and never the dates it works out of them.
    """
    stream = io.BytesIO(text[:READ_LIMIT].encode("utf-8", errors="replace"))  # never a file name
    try:
        answer: Any = feedparser.parse(
            stream,
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except _ITS_MISTAKES:
        return Extraction(kind=Kind.RSS)
    items = tuple(_item(entry, base_url) for entry in answer.get("entries", ())[:MAX_ITEMS])
    return Extraction(kind=Kind.RSS, items=items, title=line_of(_text(answer.feed, "title")))


def _text(entry: Any, key: str) -> str:
    value = entry.get(key) if key in entry else ""  # or it may take "published" for "updated"
    return value.strip() if isinstance(value, str) else ""


def _item(entry: Any, base_url: str) -> Item:
    said = _text(entry, "summary")
    content = next((one for part in _parts(entry, "content") if (one := _text(part, "value"))), "")
    if not content and has_tags(said):
        content = said
    published = (_text(entry, "published") or _text(entry, "updated"))[:_DATE_LIMIT]
    return Item(
        title=line_of(_text(entry, "title")),
        link=absolute(_text(entry, "link"), base_url=base_url),
        guid=_text(entry, "id"),
        published=published,
        updated=_text(entry, "updated")[:_DATE_LIMIT],
        summary=paragraphs(said or content),
        content=content,
        authors=_names(entry, "authors", "name"),
        categories=_names(entry, "tags", "term"),
        image=next(_images(entry, base_url), ""),
        enclosures=tuple(_enclosures(entry, base_url)),
    )


def _parts(entry: Any, key: str) -> list[Any]:
    """Return the parts under *key*; a damaged feed may have a text in their place."""
    return [part for part in entry.get(key, ()) if isinstance(part, dict)][:_NAMES_LIMIT]


def _names(entry: Any, key: str, part: str) -> tuple[str, ...]:
    found = (_text(one, part) for one in _parts(entry, key))
    return tuple(dict.fromkeys(name for name in found if name))


def _images(entry: Any, base_url: str) -> Iterator[str]:
    for one in _parts(entry, "media_thumbnail"):
        if address := absolute(_text(one, "url"), base_url=base_url):
            yield address


def _enclosures(entry: Any, base_url: str) -> Iterator[Enclosure]:
    for one in _parts(entry, "links"):
        url = absolute(_text(one, "href"), base_url=base_url)
        if url and _text(one, "rel") == "enclosure":
            yield Enclosure(url=url, type=_text(one, "type"))
