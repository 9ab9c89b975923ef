"""Take the items out of a JSON answer: by configured paths, or by the names people use."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from aggregator.core.charset import decode
from aggregator.core.extract.json_feed import load
from aggregator.core.extract.json_paths import Json, lost_at, values_at, what_is_there
from aggregator.core.extract.markup import absolute, has_tags, is_html, line_of, paragraphs
from aggregator.core.extract.selectors import MAX_ITEMS
from aggregator.model import Diagnosis, Dropped, Extraction, Item, JsonPaths, Kind, Trouble

_SEARCHED_VALUES = 20_000  # how much of a document is looked through for the items
_DATE_LIMIT = 200
_NAMES_LIMIT = 30

# The usual names, best first: those of WordPress, then of everybody else.
_TITLES = ("title.rendered", "title", "headline", "name", "subject", "webTitle", "heading", "label")
_LINKS = (
    "link",
    "url",
    "href",
    "permalink",
    "web_url",
    "webUrl",
    "html_url",
    "canonical_url",
    "uri",
)
_DATES = (
    "date_gmt",
    "published_at",
    "publishedAt",
    "date_published",
    "datePublished",
    "publish_date",
    "published",
    "pubDate",
    "pub_date",
    "publication_date",
    "webPublicationDate",
    "date",
    "created_at",
    "createdAt",
    "created",
    "created_utc",
    "timestamp",
    "time",
)
_UPDATES = ("modified_gmt", "updated_at", "updatedAt", "dateModified", "modified", "updated")
_SUMMARIES = (
    "excerpt.rendered",
    "excerpt",
    "summary",
    "description",
    "abstract",
    "teaser",
    "intro",
    "lead",
    "snippet",
)
_CONTENTS = ("content.rendered", "content_html", "content", "body", "html", "text")
_AUTHORS = (
    "_embedded.author.*.name",
    "author.name",
    "authors.*.name",
    "author",
    "authors",
    "byline",
)
_CATEGORIES = (
    "_embedded.wp:term.*.*.name",
    "categories.*.name",
    "tags.*.name",
    "categories",
    "tags",
    "category.name",
    "category",
    "section",
    "keywords",
)
_IMAGES = (
    "_embedded.wp:featuredmedia.0.source_url",
    "jetpack_featured_media_url",
    "image.url",
    "image.src",
    "image",
    "thumbnail.url",
    "thumbnail",
    "imageUrl",
    "image_url",
    "urlToImage",
)
# Where an object keeps what it is about: GraphQL, JSON:API, Elasticsearch, Reddit.
_WRAPPERS = ("node", "attributes", "_source", "data")
_NEXT = (
    "next_page_url",
    "next_url",
    "links.next.href",
    "links.next",
    "_links.next.href",
    "paging.next",
    "pagination.next",
    "meta.next",
    "next",
)
_GUIDS = ("guid.rendered", "guid", "id", "_id", "uuid", "slug")


def read_json(body: bytes | str, *, paths: JsonPaths | None, base_url: str) -> Extraction:
    """Return the items of a JSON answer, in its order.

    Args:
        body: The document.
        paths: Where things stand; ``None``: the array is chosen and the usual names tried.
        base_url: What relative links are relative to.

    Returns:
        At most `MAX_ITEMS` items. When a path leads nowhere, the diagnosis names the keys
        that are there.
    """
    document, flaw = load(body if isinstance(body, str) else decode(body))
    if flaw:
        return _failed(Trouble.UNKNOWN_FORMAT, f"the answer is no JSON: {flaw}", _OTHER_KIND)
    entries = _entries(document, paths)
    if isinstance(entries, Diagnosis):
        return Extraction(kind=Kind.JSON, diagnosis=entries)
    return replace(
        _extraction(entries, paths, base_url),
        next_url=_next(document, base_url) if isinstance(document, dict) else None,
    )


def _next(document: Json, base_url: str) -> str | None:
    """Return the next page that an answer names, if that is an address."""
    said = _first(document, _NEXT)
    is_address = said.startswith(("http://", "https://", "/", "?"))
    return absolute(said, base_url=base_url) or None if is_address else None


_OTHER_KIND = "Look at the answer with: aggregator extract URL --explain"
_SET_PATH = "Set `json: items:` to the path of the array."


def _failed(trouble: Trouble, detail: str, next_step: str) -> Extraction:
    diagnosis = Diagnosis(trouble=trouble, detail=detail, next_step=next_step)
    return Extraction(kind=Kind.JSON, diagnosis=diagnosis)


def _extraction(entries: list[Json], paths: JsonPaths | None, base_url: str) -> Extraction:
    taken = [_item(entry, paths, base_url) for entry in entries[:MAX_ITEMS]]
    items = tuple(item for item in taken if item.title or item.link or item.summary)
    dropped = []
    if len(items) < len(taken):
        reason = "no title, link or text in them"
        dropped.append(Dropped(text=f"{len(taken) - len(items)} values", reason=reason))
    if len(entries) > MAX_ITEMS:
        rest = len(entries) - MAX_ITEMS
        reason = f"an answer is read up to {MAX_ITEMS} items"
        dropped.append(Dropped(text=f"{rest} more", reason=reason))
    return Extraction(
        kind=Kind.JSON,
        items=items,
        dropped=tuple(dropped),
        diagnosis=None if items else _nothing(entries),
        warnings=tuple(_unmatched(entries, paths)) if paths else (),
    )


# ---- where the items are ---------------------------------------------------------------


def _entries(document: Json, paths: JsonPaths | None) -> list[Json] | Diagnosis:
    if paths is None:
        best = max(map(_unwrapped, _arrays(document)), key=_promise, default=[])
        if _promise(best):
            return best
        if isinstance(document, list) and not document:
            return _diagnosis(Trouble.EMPTY_LIST, "the answer is an empty array", _OTHER_KIND)
        detail = "no array in the answer looks like a list of items"
        return _diagnosis(Trouble.NOT_A_LIST, detail, _SET_PATH)
    found = values_at(document, paths.items)
    if not found:
        return _diagnosis(Trouble.NOTHING_MATCHES, lost_at(document, paths.items), _SET_PATH)
    # One array is the list; with a wildcard there may be several, or the elements themselves.
    return [entry for value in found for entry in _members(value)]


def _members(value: Json) -> list[Json]:
    """Return the items in *value*: of an array, of an object with ids as keys, or itself."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and value and all(isinstance(one, dict) for one in value.values()):
        return list(value.values())
    return [value]


def _unwrapped(entries: list[Json]) -> list[Json]:
    return [_without_wrapper(entry) for entry in entries[: MAX_ITEMS + 1]]


def _without_wrapper(entry: Json) -> Json:
    if isinstance(entry, dict):
        for key in _WRAPPERS:
            if isinstance(entry.get(key), dict):
                return {**entry, **entry[key]}
    return entry


def _diagnosis(trouble: Trouble, detail: str, next_step: str) -> Diagnosis:
    return Diagnosis(trouble=trouble, detail=detail, next_step=next_step)


def _nothing(entries: list[Json]) -> Diagnosis:
    if not entries:
        return _diagnosis(Trouble.EMPTY_LIST, "the array of items is empty", _OTHER_KIND)
    first = entries[0]
    detail = f"no title, link or text in {len(entries)} values; {what_is_there(first)}"
    return _diagnosis(Trouble.NOTHING_MATCHES, detail, "Set `json: title:` and `json: link:`.")


def _arrays(document: Json) -> Iterator[list[Json]]:
    """Return every array of objects, outer ones first; a huge document is read in part."""
    waiting, budget = [document], _SEARCHED_VALUES
    while waiting and budget:
        level, waiting = waiting, []
        for value in level[:budget]:
            budget -= 1
            if isinstance(value, list):
                if any(isinstance(one, dict) for one in value[:5]):
                    yield value
                waiting.extend(value[:MAX_ITEMS])
            elif isinstance(value, dict):
                waiting.extend(value.values())


def _promise(entries: list[Json]) -> float:
    """Return how much an array looks like the items: titles and links count, then dates."""
    objects = [entry for entry in entries[:50] if isinstance(entry, dict)]
    if not objects:
        return 0.0
    titled = sum(bool(_first(entry, _TITLES)) for entry in objects)
    linked = sum(bool(_first(entry, _LINKS)) for entry in objects)
    dated = sum(bool(_first(entry, _DATES)) for entry in objects)
    told = sum(bool(_first(entry, _SUMMARIES + _CONTENTS)) for entry in objects)
    if not titled:
        return 0.0
    share: float = (2 * titled + 2 * linked + 2 * dated + told) / (7 * len(objects))
    return share * math.sqrt(min(len(entries), 10))


# ---- one item --------------------------------------------------------------------------


def _item(entry: Json, paths: JsonPaths | None, base_url: str) -> Item:
    if isinstance(entry, str):
        return _item_of_text(entry, base_url)
    set_paths = paths or JsonPaths(items="")
    content = _first(entry, _or_usual(set_paths.content, _CONTENTS))
    said = _first(entry, _or_usual(set_paths.summary, _SUMMARIES))
    published = _date(entry, _or_usual(set_paths.date, _DATES))
    link = _first(entry, _or_usual(set_paths.link, _LINKS))
    title = _first(entry, _or_usual(set_paths.title, _TITLES))
    return Item(
        title=line_of(title) if is_html(title) else " ".join(title.split()),
        link=absolute(link, base_url=base_url),
        guid=_first(entry, _or_usual(set_paths.guid, _GUIDS)),
        published=published,
        updated=_date(entry, _UPDATES),
        summary=paragraphs(said or content),
        content=content if has_tags(content) else "",
        authors=_all(entry, _or_usual(set_paths.author, _AUTHORS)),
        categories=_all(entry, _or_usual(set_paths.categories, _CATEGORIES)),
        image=absolute(_first(entry, _or_usual(set_paths.image, _IMAGES)), base_url=base_url),
    )


def _item_of_text(text: str, base_url: str) -> Item:
    """Make an item of a bare string: an address, or a title."""
    if text.startswith(("http://", "https://", "/")):
        return Item(link=absolute(text, base_url=base_url))
    return Item(title=" ".join(text.split()))


def _or_usual(path: str | None, usual: tuple[str, ...]) -> tuple[str, ...]:
    return usual if path is None else (path,)


def _first(entry: Json, paths: tuple[str, ...]) -> str:
    for path in paths:
        for value in values_at(entry, path):
            if text := _text(value):
                return text
    return ""


def _all(entry: Json, paths: tuple[str, ...]) -> tuple[str, ...]:
    for path in paths:
        found = [
            text
            for value in values_at(entry, path)
            for one in (value if isinstance(value, list) else [value])
            if isinstance(one, str) and (text := line_of(one))
        ]
        if found:
            return tuple(dict.fromkeys(found[:_NAMES_LIMIT]))
    return ()


def _text(value: Json) -> str:
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _date(entry: Json, paths: tuple[str, ...]) -> str:
    """Return the date as written; WordPress leaves the zone out of what is UTC by name."""
    for path in paths:
        text = _first(entry, (path,))[:_DATE_LIMIT]
        if text and not text.startswith("0000-"):
            bare = path.endswith("_gmt") and "T" in text and not text.endswith("Z")
            return f"{text}Z" if bare and "+" not in text else text
    return ""


def _unmatched(entries: list[Json], paths: JsonPaths) -> Iterator[str]:
    """Name the configured paths that lead nowhere in every item."""
    sample = entries[:MAX_ITEMS]
    for name in (
        "title",
        "link",
        "date",
        "summary",
        "content",
        "author",
        "image",
        "categories",
        "guid",
    ):
        path = getattr(paths, name)
        if path is not None and sample and not any(values_at(entry, path) for entry in sample):
            yield f"json: {name}: {lost_at(sample[0], path)}"
