"""Read the items of an RSS, RDF or Atom tree, word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aggregator.core.extract.feed_elements import (
    Element,
    Fields,
    attribute,
    children_of,
    elements,
    first_text,
    html_of,
    language_of,
    line_in,
    name_of,
    text_of,
)
from aggregator.core.extract.markup import absolute, has_tags, paragraphs, rebase
from aggregator.model import Enclosure, Item

_DATE_LIMIT = 200  # characters; what is longer is no date
_NAMES_LIMIT = 30  # authors, categories, enclosures of one item

_PUBLISHED = (
    "pubDate",
    "pubdate",
    "published",
    "issued",
    "dc:date",
    "dcterms:issued",
    "dcterms:date",
    "dcterms:created",
    "date",
    "created",
)
_UPDATED = ("updated", "modified", "dcterms:modified", "lastBuildDate")
_SUMMARIES = ("summary", "description", "itunes:summary", "media:description", "dc:description")
_CONTENTS = ("content:encoded", "content", "xhtml:body", "xhtml:div", "fullContent")
_AUTHORS = ("author", "dc:creator", "itunes:author", "creator")
_CATEGORIES = ("category", "dc:subject")
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_MAILBOX = re.compile(r"[^\s()<>@]{1,100}@[^\s()<>@]{1,200}\s{0,10}\(([^()]{1,200})\)")
_DIGITS = re.compile(r"[0-9]{1,15}")
_RELATIVE = re.compile(r"(?:href|src)\s{0,9}=\s{0,9}[\"']?(?![\"'\s#]|[a-z]{2,12}:)", re.IGNORECASE)
_NO_PAGE = frozenset({"self", "edit", "replies", "enclosure", "next", "license", "hub", "payment"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What a feed says of itself, and its items apply where they say nothing."""

    fields: Fields
    is_atom: bool
    base_url: str
    is_rebased: bool  # xml:base stands somewhere


def channel_of(root: Element, *, base_url: str, text: str) -> Channel:
    """Return the feed's own part of the tree.

    Relative links of RSS are relative to the site (its ``<link>``), those of Atom to the
    document or to ``xml:base``.
    """
    is_atom = name_of(root.tag) == "feed"
    found = None if is_atom else next(root.iter("{*}channel"), None)
    fields = children_of(root if found is None else found)
    site = first_text(fields, "link") if not is_atom else ""
    return Channel(
        fields=fields,
        is_atom=is_atom,
        base_url=absolute(site, base_url=base_url) or base_url,
        is_rebased="xml:base" in text,
    )


def item_elements(root: Element) -> Iterator[Element]:
    """Return the elements of all items; damage may have put one into another."""
    yield from root.iter("{*}item", "{*}entry")


def read_item(element: Element, channel: Channel) -> Item:
    """Return one item as it stands in the feed."""
    fields = children_of(element)
    base_url = _base_of(element, channel)
    published = _date(fields, *_PUBLISHED)
    updated = _date(fields, *_UPDATED)
    content, summary = _content(fields, base_url, channel)
    return Item(
        title=_title(fields, channel),
        link=_link(element, fields, base_url),
        guid=first_text(fields, "guid", "id") or (element.get(_ABOUT) or "").strip(),
        published=published or updated,
        updated=updated,
        summary=summary,
        content=content,
        authors=_authors(fields) or (_authors(channel.fields) if channel.is_atom else ()),
        categories=_categories(fields),
        image=_image(fields, base_url),
        enclosures=tuple(_enclosures(fields, base_url))[:_NAMES_LIMIT],
    )


def language_in(root: Element, channel: Channel) -> str | None:
    """Return the feed's language as it says, or ``None``."""
    said = language_of(root) or first_text(channel.fields, "language", "dc:language")
    return said[:_DATE_LIMIT] or None


def next_in(channel: Channel) -> str | None:
    """Return the address of the feed's next page (RFC 5005), or ``None``."""
    for link in elements(channel.fields, "link"):
        if attribute(link, "rel").lower() in {"next", "prev-archive"}:
            return absolute(link.get("href"), base_url=channel.base_url) or None
    return None


def _base_of(element: Element, channel: Channel) -> str:
    if not channel.is_rebased:
        return channel.base_url
    return absolute(element.base, base_url=channel.base_url) or channel.base_url


def _date(fields: Fields, *names: str) -> str:
    return first_text(fields, *names)[:_DATE_LIMIT]


def _title(fields: Fields, channel: Channel) -> str:
    found = elements(fields, "title", "media:title", "dc:title", "itunes:title")
    lines = (line_in(one, is_atom=channel.is_atom) for one in found)
    return next((line for line in lines if line), "")


def _link(element: Element, fields: Fields, base_url: str) -> str:
    original = first_text(fields, "feedburner:origLink")
    if original:
        return original
    links = fields.get("link", ())
    for link in links:
        text = text_of(link) or (link.tail or "").strip()  # <link/>http://… as HTML has it
        if text and not link.get("href"):
            return absolute(text, base_url=base_url)
    return (
        _linked(links, base_url)
        or _permanent(fields)
        or absolute(element.get(_ABOUT), base_url=base_url)
    )


def _linked(links: tuple[Element, ...], base_url: str) -> str:
    """Return the best atom:link: an alternate, HTML before other formats."""
    ranked: list[tuple[bool, bool, int, Element]] = []
    for link in links:
        relation = attribute(link, "rel").lower() or "alternate"
        if link.get("href") and relation not in _NO_PAGE:
            is_page = attribute(link, "type").lower() in {"", "text/html", "application/xhtml+xml"}
            ranked.append((relation != "alternate", not is_page, len(ranked), link))
    if not ranked:
        return ""
    best = min(ranked, key=lambda one: one[:3])[3]
    base = absolute(best.base, base_url=base_url) or base_url
    return absolute(best.get("href"), base_url=base)


def _permanent(fields: Fields) -> str:
    """Return the guid or id when it is the address of the item."""
    for guid in elements(fields, "guid", "id"):
        text = text_of(guid)
        if attribute(guid, "isPermaLink").lower() != "false" and text.startswith(
            ("http://", "https://")
        ):
            return text
    return ""


def _content(fields: Fields, base_url: str, channel: Channel) -> tuple[str, str]:
    """Return the HTML and the summary's text; a description in HTML is both."""
    content = next((one for part in elements(fields, *_CONTENTS) if (one := html_of(part))), "")
    said = next((one for part in elements(fields, *_SUMMARIES) if (one := html_of(part))), "")
    if not content and has_tags(said):
        content = said
    if content and (channel.is_rebased or not channel.is_atom):
        content = _rebased(content, base_url)
    return content, paragraphs(said or content)


def _rebased(content: str, base_url: str) -> str:
    return rebase(content, base_url=base_url) if _RELATIVE.search(content) else content


def _authors(fields: Fields) -> tuple[str, ...]:
    names: list[str] = []
    for element in elements(fields, *_AUTHORS):
        if len(names) >= _NAMES_LIMIT:
            break
        person = children_of(element) if len(element) else {}
        name = first_text(person, "name", "email") if person else text_of(element)
        mailbox = _MAILBOX.fullmatch(name)
        names.append(" ".join((mailbox[1] if mailbox else name).split()))
    return tuple(dict.fromkeys(name for name in names if name))


def _categories(fields: Fields) -> tuple[str, ...]:
    found = (
        attribute(one, "label", "term") or line_in(one, is_atom=False)
        for one in list(elements(fields, *_CATEGORIES))[:_NAMES_LIMIT]
    )
    return tuple(dict.fromkeys(label for label in found if label))


def _image(fields: Fields, base_url: str) -> str:
    for element in elements(fields, "media:thumbnail", "media:content", "itunes:image", "image"):
        said = attribute(element, "url", "href") or first_text(children_of(element), "url")
        address = absolute(said, base_url=base_url)
        if address and (name_of(element.tag) != "media:content" or _is_picture(element)):
            return address
    pictures = (one for one in _enclosures(fields, base_url) if one.type.startswith("image/"))
    return next((one.url for one in pictures), "")


def _is_picture(element: Element) -> bool:
    return attribute(element, "medium") == "image" or attribute(element, "type").startswith(
        "image/"
    )


def _enclosures(fields: Fields, base_url: str) -> Iterator[Enclosure]:
    seen = set()
    for element in elements(fields, "enclosure", "link", "media:content"):
        name = name_of(element.tag)
        if name == "link" and attribute(element, "rel").lower() != "enclosure":
            continue
        if name == "media:content" and _is_picture(element):
            continue
        url = absolute(attribute(element, "url", "href"), base_url=base_url)
        if url and url not in seen:
            seen.add(url)
            yield Enclosure(url=url, type=attribute(element, "type"), length_bytes=_size(element))


def _size(element: Element) -> int | None:
    size = _DIGITS.fullmatch(attribute(element, "length", "fileSize"))
    return int(size[0]) or None if size else None
