"""Find the root element of a document behind whatever stands in front of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(r"<([A-Za-z_][\w.\-]{0,80}(?::[A-Za-z_][\w.\-]{0,80})?)(?=[\s/>])")
_BLANKS = re.compile(r"[\s\ufeff\x00]*")
_SUBSET_END = re.compile(r"\]\s*>")
_OPENINGS = (("<!--", "-->"), ("<?", "?>"))
# A server that warns in front of the feed it then sends after all.
_FEED_ROOT = re.compile(r"<\?xml\s|<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]", re.IGNORECASE)
_JUNK_LIMIT = 8192  # characters in front of a feed
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """The first element of a document."""

    name: str  # as written, with its prefix: "rdf:RDF"
    start: int  # where its "<" stands

    @property
    def local_name(self) -> str:
        """The name without its prefix, in lower case: XML minds the case, feeds do not."""
        return self.name.rpartition(":")[2].lower()


def root_of(text: str) -> Root | None:
    """Return the root element behind marks, blanks, comments, instructions and a DOCTYPE.

    Returns:
        ``None`` when the text does not begin like markup.

    >>> root_of('<?xml version="1.0"?><!-- <html> --><rss version="2.0">').name
    'rss'
    """
    at = _after_blanks(text, 0)
    while text.startswith("<", at):
        after = _after_declaration(text, at)
        if after is None:
            found = _NAME.match(text, at)
            return Root(name=found[1], start=at) if found else None
        at = _after_blanks(text, after)
    return None


def feed_behind_junk(text: str) -> Root | None:
    """Return the root of a feed that follows a few lines of something else.

    A page that shows a feed's markup is still a page: nothing that opens an HTML document
    may come first.
    """
    found = _FEED_ROOT.search(text, 0, _JUNK_LIMIT)
    if found is None or _PAGE.search(text, 0, found.start()):
        return None
    root = root_of(text[found.start() :])
    return Root(name=root.name, start=found.start() + root.start) if root else None


def _after_blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at


def _after_declaration(text: str, at: int) -> int | None:
    """Return where the comment, instruction or DOCTYPE at *at* ends; ``None``: it is none."""
    for opening, closing in _OPENINGS:
        if text.startswith(opening, at):
            end = text.find(closing, at + len(opening))
            return end + len(closing) if end >= 0 else len(text)
    return _after_doctype(text, at) if text.startswith("<!", at) else None


def _after_doctype(text: str, at: int) -> int:
    end = text.find(">", at)
    subset = text.find("[", at, end if end >= 0 else len(text))
    if subset >= 0:
        found = _SUBSET_END.search(text, subset)
        return found.end() if found else len(text)
    return end + 1 if end >= 0 else len(text)
