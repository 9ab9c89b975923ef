"""The list a page also holds as data: JSON-LD, the state its scripts start from, microdata.

It is never trusted blindly: it must be the list that the page shows. Then it adds what the page
does not show. Only a page that shows nothing, because its scripts would draw it, is read from
its data alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from aggregator.core.extract.json_feed import load
from aggregator.core.extract.markup import absolute, line_of, paragraphs
from aggregator.core.extract.microdata import objects_of
from aggregator.core.text import fold
from aggregator.model import Extraction, Item, Kind

Data: TypeAlias = Any  # of JSON

MAX_LENGTH = 3_000_000  # characters of one script
MAX_SCRIPTS = 30
MAX_VALUES = 200_000  # of one script that are looked at
MAX_ITEMS = 1000
FEW = 3  # items that make a list
_SAME = 0.6  # of the shown items are in the data too, when both are one list
_TITLED = 0.8  # of a list's objects have title and address
_SCRIPTS = (
    'script[type="application/ld+json"], script#__NEXT_DATA__, script#__NUXT_DATA__, '
    'script[type="application/json"]'
)
_TITLES = ("headline", "title", "name", "heading")
_LINKS = ("url", "link", "href", "permalink", "canonicalurl", "path", "uri", "@id", "slug")
_PUBLISHED = (
    "datepublished", "publishedat", "published_at", "publishdate", "publicationdate", "pubdate",
    "published", "firstpublished", "startdate", "date", "createdat", "created_at", "datecreated",
)  # fmt: skip
_UPDATED = ("datemodified", "updatedat", "updated_at", "modified", "updated")
_SUMMARIES = ("description", "summary", "excerpt", "abstract", "teaser", "dek", "intro", "lead")
_AUTHORS = ("author", "authors", "creator", "byline")
_IMAGES = ("image", "thumbnailurl", "thumbnail", "imageurl", "cover")
_CATEGORIES = ("articlesection", "category", "categories", "section")
_INSIDE = ("item", "mainentity", "node", "fields", "attributes")  # the object is one level below


def with_embedded(tree: LexborHTMLParser, found: Extraction, *, base_url: str) -> Extraction:
    """Return what was found, with what the page's data say about the same items.

    Args:
        tree: The page.
        found: Its visible items.
        base_url: What its links are relative to.
    """
    lists = lists_in(tree, base_url=base_url)
    if not lists:
        return found
    if not found.items:
        best = max(lists, key=len)
        linked = tuple(item for item in best if item.link)[:MAX_ITEMS]
        if len(linked) < FEW:
            return found
        return replace(found, kind=Kind.EMBEDDED, items=linked)
    for data in sorted(lists, key=len, reverse=True):
        richer = _joined(found.items, data)
        if richer is not None:
            return replace(found, kind=Kind.EMBEDDED, items=richer)
    return found


def lists_in(tree: LexborHTMLParser, *, base_url: str) -> list[tuple[Item, ...]]:
    """Return the lists of titled objects that the data of a page hold, each once."""
    found: list[tuple[Item, ...]] = []
    for objects in (*_in_scripts(tree), *objects_of(tree)):
        items = (_item(one, base_url) for one in objects[:MAX_ITEMS])
        named = [item for item in items if item is not None]
        if len(named) >= FEW and len(named) >= _TITLED * len(objects[:MAX_ITEMS]):
            found.append(tuple(named))
    return found


def _in_scripts(tree: LexborHTMLParser) -> Iterator[list[dict[str, Data]]]:
    for script in tree.css(_SCRIPTS)[:MAX_SCRIPTS]:
        text = script.text(deep=True)
        if len(text) <= MAX_LENGTH and "[" in text:
            data, _ = load(text)
            if isinstance(data, dict | list):
                yield from _arrays(data)


def _arrays(data: Data) -> Iterator[list[dict[str, Data]]]:
    """Yield the arrays of objects in some JSON, the outer ones first."""
    waiting: list[Data] = [data]
    for value in islice(waiting, MAX_VALUES):  # it grows while it is read
        inner = value.values() if isinstance(value, dict) else value
        waiting.extend(one for one in inner if isinstance(one, dict | list))
        objects = [one for one in value if isinstance(one, dict)]
        if len(objects) >= FEW:
            yield objects


def _item(data: Mapping[str, Data], base_url: str) -> Item | None:
    """Return the item that an object with a title describes; it may lie one level deeper."""
    fields = {key.lower(): value for key, value in data.items()}
    for key in _INSIDE:
        inner = fields.get(key)
        if isinstance(inner, dict):
            fields = {name.lower(): value for name, value in inner.items()} | {
                name: value for name, value in fields.items() if name in _LINKS
            }
            break
    title = line_of(_text(fields, _TITLES))
    if not title:
        return None
    link = _text(fields, _LINKS) or (
        fields.get("item") if isinstance(fields.get("item"), str) else ""
    )
    return Item(
        title=title,
        link=absolute(link, base_url=base_url) if link and _is_address(link) else "",
        guid=link or "",
        published=_text(fields, _PUBLISHED),
        updated=_text(fields, _UPDATED),
        summary=paragraphs(_text(fields, _SUMMARIES)),
        authors=_names(fields, _AUTHORS),
        categories=_names(fields, _CATEGORIES),
        image=absolute(_text(fields, _IMAGES), base_url=base_url),
    )


def _is_address(link: str) -> bool:
    return link.startswith(("http://", "https://", "/")) and not link.startswith("/#")


def _text(fields: Mapping[str, Data], names: Sequence[str]) -> str:
    """Return the first of some fields that says something: a text, or what names an object."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            value = next(
                (value[key] for key in ("url", "name", "@id", "rendered") if key in value), ""
            )
        if isinstance(value, str) and value.strip():
            return value.strip()[:20_000]
    return ""


def _names(fields: Mapping[str, Data], names: Sequence[str]) -> tuple[str, ...]:
    for name in names:
        value = fields.get(name)
        values = value if isinstance(value, list) else [value]
        found = []
        for one in values[:30]:
            said = one.get("name") if isinstance(one, dict) else one
            if isinstance(said, str) and said.strip():
                found.append(said.strip()[:200])
        if found:
            return tuple(found)
    return ()


def _joined(items: Sequence[Item], data: Sequence[Item]) -> tuple[Item, ...] | None:
    """Return shown items with what the data add; ``None``: another list, or nothing to add."""
    by_link = {_key(item.link): item for item in data if item.link}
    by_title = {fold(item.title): item for item in data}
    richer = []
    same = 0
    for item in items:
        twin = by_link.get(_key(item.link)) if item.link else None
        twin = twin or by_title.get(fold(item.title))
        same += twin is not None
        richer.append(_filled(item, twin) if twin else item)
    if same < max(FEW, _SAME * len(items)) or richer == list(items):
        return None
    return tuple(richer)


def _filled(item: Item, twin: Item) -> Item:
    """Return an item with the fields it lacks; what the page shows stays as it is."""
    return replace(
        item,
        link=item.link or twin.link,
        published=item.published or twin.published,
        updated=item.updated or twin.updated,
        summary=item.summary or twin.summary,
        authors=item.authors or twin.authors,
        categories=item.categories or twin.categories,
        image=item.image or twin.image,
    )


def _key(link: str) -> str:
    """Return what two spellings of one link share, well enough within one page."""
    parts = urlsplit(link)
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"
