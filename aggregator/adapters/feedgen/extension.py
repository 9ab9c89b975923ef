"""One feedgen extension that says what feedgen 1.0 loses or has no word for.

feedgen calls ``extend_ns``, ``extend_atom`` and ``extend_rss`` of these classes while it
writes. In its Atom tree elements have no namespace.
"""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from lxml.etree import SubElement

from aggregator.core.feeds import Shown, enclosure_type, entry_links
from aggregator.model import Enclosure, Link

NAME = "complete"  # under which the extension is registered
# Ends the head and every entry, until the document is put together: no text can hold it.
CUT = f"{token_hex(16)}\n".encode()

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_HISTORY = "http://purl.org/syndication/history/1.0"
_MEDIA = "http://search.yahoo.com/mrss/"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class FeedExtension:
    """Adds the archive mark to Atom, and all links but rel=self to RSS."""

    def __init__(self) -> None:
        self.is_archive = False
        self.links: tuple[Link, ...] = ()

    def extend_ns(self) -> dict[str, str]:
        """Return the namespaces of everything added here."""
        return {"dc": _DC, "fh": _HISTORY, "media": _MEDIA}

    def extend_atom(self, feed: Any) -> Any:
        """Mark an archive document (RFC 5005 section 4) and end the head."""
        if self.is_archive:
            SubElement(feed, f"{{{_HISTORY}}}archive")
        feed[-1].tail = CUT.decode()
        return feed

    def extend_rss(self, rss: Any) -> Any:
        """Add links to the channel, which feedgen gives rel=self alone."""
        channel = rss[0]
        for link in self.links:
            if link.rel not in ("self", "alternate"):
                _add_link(channel, f"{{{_ATOM}}}link", link)
        self.extend_atom(channel)
        return rss


class EntryExtension:
    """Adds what belongs to one entry."""

    def __init__(self) -> None:
        self.shown: Shown
        self.language: str | None = None  # where it is not the feed's

    def extend_atom(self, entry: Any) -> Any:
        """Write links anew with all their attributes, and add origin, image, language."""
        for lossy in entry.findall("link"):
            entry.remove(lossy)
        for link in entry_links(self.shown):
            _add_link(entry, "link", link)
        for enclosure in self.shown.of.entry.enclosures:
            _add_enclosure(entry, enclosure)
        _add_source(entry, self.shown)
        if self.language is not None:
            entry.set(_LANG, self.language)
        return self._finish(entry)

    def extend_rss(self, item: Any) -> Any:
        """Add authors without an address, the first file, the source and the image."""
        for name in self.shown.authors:
            _add_text(item, f"{{{_DC}}}creator", name)
        for enclosure in self.shown.of.entry.enclosures[:1]:  # RSS knows no second one
            length = str(enclosure.length_bytes or 0)
            kind = enclosure_type(enclosure)
            SubElement(item, "enclosure", url=enclosure.url, length=length, type=kind)
        source = SubElement(item, "source", url=self.shown.of.source_url)
        source.text = self.shown.of.source_title
        if self.language is not None:
            _add_text(item, f"{{{_DC}}}language", self.language)
        return self._finish(item)

    def _finish(self, entry: Any) -> Any:
        if self.shown.of.entry.image:
            SubElement(entry, f"{{{_MEDIA}}}thumbnail", url=self.shown.of.entry.image)
        entry.tail = CUT.decode()
        return entry


def _add_text(parent: Any, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _add_link(parent: Any, name: str, link: Link) -> None:
    attributes = {"rel": link.rel, "type": link.type, "title": link.title, "href": link.href}
    SubElement(parent, name, {key: value for key, value in attributes.items() if value})


def _add_enclosure(entry: Any, enclosure: Enclosure) -> None:
    element = SubElement(entry, "link", rel="enclosure", type=enclosure_type(enclosure))
    if enclosure.length_bytes is not None:
        element.set("length", str(enclosure.length_bytes))
    element.set("href", enclosure.url)


def _add_source(entry: Any, shown: Shown) -> None:
    """Name the page an entry stood on: it has no atom:id of its own, so its address is one."""
    of = shown.of
    source = SubElement(entry, "source")
    _add_text(source, "id", of.source_url)
    _add_text(source, "title", of.source_title)
    _add_text(source, "updated", shown.updated.isoformat())
    SubElement(source, "link", rel="alternate", type="text/html", href=of.source_url)
