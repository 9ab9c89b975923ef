"""Read a JSON Feed 1.0 or 1.1 (https://jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from aggregator.core.extract.json_paths import Json
from aggregator.core.extract.markup import absolute, as_html, paragraphs
from aggregator.core.extract.selectors import MAX_ITEMS
from aggregator.model import Diagnosis, Dropped, Enclosure, Extraction, Item, Kind, Trouble

_DATE_LIMIT = 200
_NAMES_LIMIT = 30
_ESCAPE = re.compile(  # a whole pair, half of one, or any other
    r"\\(?:ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|(ud[89a-f][0-9a-f]{2})|.)",
    re.DOTALL | re.IGNORECASE,
)


def read_json_feed(text: str, *, base_url: str) -> Extraction:
    """Return the items of a JSON Feed; whatever has the wrong type counts as not said."""
    document, flaw = load(text)
    if not isinstance(document, dict):
        return _failed(f"the JSON Feed cannot be read: {flaw or 'it is no object'}")
    entries = _list(document, "items")
    objects = [entry for entry in entries[:MAX_ITEMS] if isinstance(entry, dict)]
    authors = _authors(document)
    items = tuple(_item(entry, base_url, authors) for entry in objects)
    rest = len(entries) - len(objects)
    reason = f"not an object, or beyond {MAX_ITEMS} items"
    return Extraction(
        kind=Kind.JSON_FEED,
        items=items,
        dropped=(Dropped(text=f"{rest} more", reason=reason),) if rest else (),
        diagnosis=None if items else _no_items("the JSON Feed holds no items"),
        title=_text(document, "title"),
        language=_text(document, "language") or None,
        next_url=absolute(_text(document, "next_url"), base_url=base_url) or None,
    )


def load(text: str) -> tuple[Json, str]:
    """Return the JSON document in *text* and, when there is none, what is wrong with it.

    Half a character, as cutting an emoji leaves it, can be written nowhere again: it becomes
    U+FFFD.
    """
    if "\\ud" in text or "\\uD" in text:
        text = _ESCAPE.sub(lambda found: r"\ufffd" if found[1] else found[0], text)
    try:
        return json.loads(text.lstrip("\ufeff \t\r\n\x00")), ""
    except json.JSONDecodeError as error:
        return None, f"line {error.lineno}, column {error.colno}: {error.msg}"
    except (RecursionError, ValueError):
        return None, "it is nested too deep or holds a number without end"


def _failed(detail: str) -> Extraction:
    diagnosis = Diagnosis(
        trouble=Trouble.BROKEN_FEED,
        detail=detail,
        next_step="Tell the site's owner, or read its page instead of its feed.",
    )
    return Extraction(kind=Kind.JSON_FEED, diagnosis=diagnosis)


def _no_items(detail: str) -> Diagnosis:
    return Diagnosis(
        trouble=Trouble.EMPTY_LIST,
        detail=detail,
        next_step="Nothing to do if the site has no news; else look at the feed in a browser.",
    )


def _item(entry: dict[str, Json], base_url: str, authors: tuple[str, ...]) -> Item:
    content = _text(entry, "content_html")
    plain = _text(entry, "content_text")
    said = _text(entry, "summary")
    published = _text(entry, "date_published") or _text(entry, "date_modified")
    link = _text(entry, "url") or _text(entry, "external_url")
    return Item(
        title=" ".join(_text(entry, "title").split()),
        link=absolute(link or _address(_text(entry, "id")), base_url=base_url),
        guid=_text(entry, "id"),
        published=published[:_DATE_LIMIT],
        updated=_text(entry, "date_modified")[:_DATE_LIMIT],
        summary=said or plain or paragraphs(content),
        content=content or as_html(plain),
        authors=_authors(entry) or authors,
        categories=tuple(
            one for one in _list(entry, "tags")[:_NAMES_LIMIT] if isinstance(one, str)
        ),
        image=absolute(_text(entry, "image") or _text(entry, "banner_image"), base_url=base_url),
        enclosures=tuple(_enclosures(entry, base_url)),
    )


def _text(entry: dict[str, Json], key: str) -> str:
    value = entry.get(key)
    if isinstance(value, str):
        return value.strip()
    # Version 1: "If an id is presented as a number, a JSON Feed reader should coerce it".
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _list(entry: dict[str, Json], key: str) -> list[Json]:
    value = entry.get(key)
    return value if isinstance(value, list) else []


def _address(guid: str) -> str:
    return guid if guid.startswith(("http://", "https://")) else ""


def _authors(entry: dict[str, Json]) -> tuple[str, ...]:
    people = [*_list(entry, "authors")[:_NAMES_LIMIT], entry.get("author")]  # `author` is 1.0
    names = (_text(person, "name") for person in people if isinstance(person, dict))
    return tuple(dict.fromkeys(name for name in names if name))


def _enclosures(entry: dict[str, Json], base_url: str) -> Iterator[Enclosure]:
    for one in _list(entry, "attachments")[:_NAMES_LIMIT]:
        url = absolute(_text(one, "url"), base_url=base_url) if isinstance(one, dict) else ""
        if url:
            size = one.get("size_in_bytes")
            length = size if isinstance(size, int) and size > 0 else None
            yield Enclosure(url=url, type=_text(one, "mime_type"), length_bytes=length)
