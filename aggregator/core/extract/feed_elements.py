"""The elements of a feed by the names people know them by, whatever their namespaces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import lru_cache
from typing import Any, TypeAlias

from lxml import etree

from aggregator.core.extract.markup import as_html, is_html, line_of

Element: TypeAlias = Any  # of lxml, which has no types
Fields: TypeAlias = Mapping[str, tuple[Element, ...]]  # children by name, in document order

_HTML_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")  # of a broken feed's element it may be "00"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_PREFIXES = {
    "purl.org/rss/1.0": "",
    "my.netscape.com/rdf/simple/0.9": "",
    "channel.netscape.com/rdf/simple/0.9": "",
    "backend.userland.com/rss2": "",
    "blogs.law.harvard.edu/tech/rss": "",
    "www.w3.org/2005/atom": "",  # an atom:link in RSS is told by its href
    "purl.org/atom/ns": "",
    "www.w3.org/1999/xhtml": "xhtml",
    "purl.org/rss/1.0/modules/content": "content",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/elements/1.0": "dc",
    "purl.org/dc/terms": "dcterms",
    "purl.org/rss/1.0/modules/syndication": "sy",
    "search.yahoo.com/mrss": "media",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "www.sitemaps.org/schemas/sitemap/0.9": "",
    "www.google.com/schemas/sitemap/0.84": "",
    "www.google.com/schemas/sitemap/0.9": "",
    "www.google.com/schemas/sitemap-news/0.9": "news",
    "www.google.com/schemas/sitemap-image/1.1": "image",
}


@lru_cache(maxsize=4096)
def name_of(tag: str) -> str:
    """Return the usual name of an element: ``dc:creator``, ``title``; Atom's have no prefix.

    >>> name_of("{http://purl.org/dc/elements/1.1/}creator")
    'dc:creator'
    """
    namespace, _, local = tag.rpartition("}")
    if not namespace:
        prefix, _, name = tag.rpartition(":")  # a prefix nobody declared
        return name if prefix in {"atom", "rss"} else tag
    key = namespace.strip("{ ").partition("://")[2].rstrip("/#").lower()
    prefix = _PREFIXES.get(key, key)
    return f"{prefix}:{local}" if prefix else local


def children_of(element: Element) -> Fields:
    """Return the children of *element* by name; those of ``media:group`` count as its own."""
    found: dict[str, list[Element]] = {}
    for child in _flat(element):
        found.setdefault(name_of(child.tag), []).append(child)
    return {name: tuple(elements) for name, elements in found.items()}


def _flat(element: Element) -> Iterator[Element]:
    for child in element:
        if name_of(child.tag) == "media:group":
            yield from child
        yield child


def elements(fields: Fields, *names: str) -> Iterator[Element]:
    """Return the elements of these names, those of the first name first."""
    for name in names:
        yield from fields.get(name, ())


def text_of(element: Element) -> str:
    """Return the characters of *element* and of all below it, blanks around them cut."""
    return "".join(element.itertext()).strip()


def first_text(fields: Fields, *names: str) -> str:
    """Return the first text that is not empty, by these names."""
    return next((text for one in elements(fields, *names) if (text := text_of(one))), "")


def attribute(element: Element, *names: str) -> str:
    """Return the first attribute of these names that is not empty, or ``""``."""
    return next((value for name in names if (value := (element.get(name) or "").strip())), "")


def language_of(element: Element) -> str:
    """Return the ``xml:lang`` of *element* itself, or ``""``."""
    return attribute(element, f"{_XML}lang", "lang")


def html_of(element: Element) -> str:
    """Return what *element* holds as HTML, by its ``type`` (RFC 4287 section 3.1.1).

    Without a type it is what RSS has: HTML when it looks so, and text when not.
    """
    kind = attribute(element, "type").lower()
    if len(element):
        return _inner_html(element)
    text = text_of(element)
    if kind in {"html", "text/html", "xhtml", "application/xhtml+xml"}:
        return text
    if kind in {"text", "text/plain"}:
        return as_html(text)
    if kind and not kind.startswith("text/"):
        return ""  # another format: an image in base64, some XML
    return text if is_html(text) else as_html(text)


def line_in(element: Element, *, is_atom: bool) -> str:
    """Return what *element* says on one line of text, its references decoded once.

    Atom's text is text. RSS never said whether its titles are HTML, so they are when they
    hold tags or references.
    """
    kind = attribute(element, "type").lower()
    if len(element):
        return line_of(_inner_html(element))
    text = text_of(element)
    is_text = kind == "text" or (is_atom and not kind)
    return " ".join(text.split()) if is_text else line_of(text)


def _inner_html(element: Element) -> str:
    """Serialize the elements in *element* as HTML: xhtml, or markup nobody escaped."""
    for node in element.iterdescendants():
        name = node.tag.rpartition("}")[2].rpartition(":")[2]
        node.tag = name if _HTML_NAME.fullmatch(name) else "span"
    return as_html(element.text or "") + "".join(map(_serialized, element))


def _serialized(node: Element) -> str:
    copied = deepcopy(node)  # so that the feed's own namespaces can be left behind
    etree.cleanup_namespaces(copied)
    return str(etree.tostring(copied, encoding="unicode", method="html"))
