"""Read a sitemap, a news sitemap or an index of sitemaps (https://www.sitemaps.org)."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import unquote, urlsplit

from aggregator.core.charset import decode
from aggregator.core.extract.feed_elements import (
    Element,
    Fields,
    children_of,
    elements,
    first_text,
)
from aggregator.core.extract.feed_xml import Parsed, parse_xml
from aggregator.core.extract.kinds import unpacked
from aggregator.core.extract.markup import absolute, line_of
from aggregator.core.extract.selectors import MAX_ITEMS
from aggregator.core.links import web_link
from aggregator.model import Diagnosis, Dropped, Extraction, Item, Kind, Trouble

_DATE_LIMIT = 200
_CHILDREN_LIMIT = 20
_MANY = 5  # pages with one time are an accident below, a habit from here on
_ENDING = re.compile(r"\.(?:html?|php|aspx?|jsp|cfm|shtml|amp)$", re.IGNORECASE)
_NUMBER = re.compile(r"[\d\W_]*")
_EDGE_NUMBER = re.compile(r"^\d{4,}[-_.]|[-_.](?:\d{4,}|[0-9a-f]{12,})$")
_DATE = re.compile(r"^(?:19|20)\d\d[-_.]?\d\d[-_.]?\d\d[-_.]")
_NO_ARTICLES = re.compile(
    r"(?:^|[-_.])(?:category|categories|tags?|authors?|users?|images?|videos?|archives?|tax)"
    r"(?:[-_.]|\d|$)",
    re.IGNORECASE,
)
_JOINTS = re.compile(r"[-_+.\s]+")


def read_sitemap(body: bytes, *, base_url: str) -> Extraction:
    """Return the pages of a sitemap, those changed last first.

    An index has no items: ``next_url`` is its newest child, ``feeds`` are the newest of
    all its children, news before others.

    Args:
        body: As it came; gzip is undone.
        base_url: Where the sitemap was found.
    """
    parsed = parse_xml(decode(unpacked(body), ""))
    if parsed.root is None:
        return _failed(Trouble.BROKEN_FEED, f"the sitemap cannot be read: {parsed.flaw}")
    children = _newest_children(parsed.root, base_url)
    if children:
        return Extraction(
            kind=Kind.SITEMAP,
            diagnosis=_diagnosis(Trouble.NOT_A_LIST, f"an index of {len(children)} sitemaps"),
            next_url=children[0],
            feeds=children[:_CHILDREN_LIMIT],
            warnings=_warnings(parsed),
        )
    return _read_pages(parsed.root, parsed, base_url)


def title_of_address(url: str) -> str:
    """Return a title a person can read, from the last telling part of an address.

    >>> title_of_address("https://example.org/2026/03/las-bambas-talks-resume.html")
    'Las bambas talks resume'
    """
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    for part in reversed(path.split("/")):
        slug = _ENDING.sub("", unquote(part, errors="replace"))
        slug = _DATE.sub("", _EDGE_NUMBER.sub("", slug))
        if slug and not _NUMBER.fullmatch(slug) and slug.lower() != "index":
            words = _JOINTS.sub(" ", slug).strip()
            return words[:1].upper() + words[1:]
    return ""


def _failed(trouble: Trouble, detail: str) -> Extraction:
    return Extraction(kind=Kind.SITEMAP, diagnosis=_diagnosis(trouble, detail))


_NEXT_STEPS = {
    Trouble.BROKEN_FEED: "Tell the site's owner, or read its page instead of its sitemap.",
    Trouble.EMPTY_LIST: "Look for another sitemap in the site's robots.txt.",
    Trouble.NOT_A_LIST: "Use one of the sitemaps it names as the source's url.",
}


def _diagnosis(trouble: Trouble, detail: str) -> Diagnosis:
    return Diagnosis(trouble=trouble, detail=detail, next_step=_NEXT_STEPS[trouble])


def _warnings(parsed: Parsed) -> tuple[str, ...]:
    return (f"the sitemap is broken ({parsed.flaw})",) if parsed.flaw else ()


def _newest_children(root: Element, base_url: str) -> tuple[str, ...]:
    """Return the sitemaps of an index: news first, lists of categories and the like last.

    Among those of a rank the one changed last comes first, then by place from the end.
    """
    found = []
    for place, element in enumerate(root.iter("{*}sitemap")):
        fields = children_of(element)
        url = absolute(first_text(fields, "loc"), base_url=base_url)
        if url:
            changed = first_text(fields, "lastmod")[:_DATE_LIMIT]
            found.append((_rank_of_child(url), changed, place, url))
    return tuple(url for *_, url in sorted(found, reverse=True))


def _rank_of_child(url: str) -> int:
    name = url.rpartition("/")[2]
    if "news" in name.lower():
        return 2
    return 0 if _NO_ARTICLES.search(name) else 1


def _read_pages(root: Element, parsed: Parsed, base_url: str) -> Extraction:
    pages = [(element, children_of(element)) for element in root.iter("{*}url")]
    newest = sorted(pages, key=lambda page: _changed(page[1]), reverse=True)
    built = _time_of_building([fields for _, fields in pages])
    listed = (_item(fields, base_url, built=built) for _, fields in newest[:MAX_ITEMS])
    items = tuple(item for item in listed if web_link(item.link, base_url=base_url))
    rest = len(pages) - len(items)
    reason = f"no address of a page, or beyond the newest {MAX_ITEMS}"
    dropped = [Dropped(text=f"{rest} more", reason=reason)] if rest else []
    if parsed.cut:
        reason = "the sitemap ends inside this page"
        dropped.append(Dropped(text=parsed.cut[:80], reason=reason))
    empty = Trouble.BROKEN_FEED if parsed.flaw else Trouble.EMPTY_LIST
    detail = f"the sitemap holds no pages{': ' * bool(parsed.flaw)}{parsed.flaw}"
    return Extraction(
        kind=Kind.SITEMAP,
        items=items,
        dropped=tuple(dropped),
        diagnosis=None if items else _diagnosis(empty, detail),
        warnings=_warnings(parsed) if items else (),
    )


def _news(fields: Fields) -> Fields:
    return next((children_of(news) for news in elements(fields, "news:news")), {})


def _changed(fields: Fields) -> str:
    """Return a date to sort by: W3C dates sort as text, well enough across time zones."""
    return first_text(_news(fields), "news:publication_date") or first_text(fields, "lastmod")


def _time_of_building(pages: list[Fields]) -> str:
    """Return a ``lastmod`` that most pages share: it tells of the sitemap, not of them."""
    times = Counter(first_text(fields, "lastmod") for fields in pages)
    for time, count in times.most_common(1):
        if time and count >= _MANY and 2 * count > len(pages):
            return time
    return ""


def _item(fields: Fields, base_url: str, *, built: str) -> Item:
    news = _news(fields)
    link = absolute(first_text(fields, "loc"), base_url=base_url)
    changed = first_text(fields, "lastmod")
    changed = "" if changed == built else changed[:_DATE_LIMIT]
    published = first_text(news, "news:publication_date")[:_DATE_LIMIT] or changed
    keywords = first_text(news, "news:keywords").split(",")[:30]
    return Item(
        title=line_of(first_text(news, "news:title")) or title_of_address(link),
        link=link,
        published=published,
        updated=changed,
        categories=tuple(word.strip() for word in keywords if word.strip()),
        image=_image(fields, base_url),
    )


def _image(fields: Fields, base_url: str) -> str:
    for image in elements(fields, "image:image"):
        return absolute(first_text(children_of(image), "image:loc"), base_url=base_url)
    return ""
