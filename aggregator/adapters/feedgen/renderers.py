"""The two renderers that write with feedgen."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any

import feedgen.entry
import feedgen.feed

from aggregator.adapters.feedgen.extension import CUT, NAME, EntryExtension, FeedExtension
from aggregator.adapters.feedgen.pieces import Piece, Pieces
from aggregator.core.feeds import GENERATOR, Shown, atom_id, feed_links, show, updated
from aggregator.model import Feed

# feedgen changes the locale of the whole process and back for each date in RSS.
feedgen.feed.formatRFC2822 = feedgen.entry.formatRFC2822 = format_datetime

_PLAIN_TEXT = re.compile(rb"<(?:title|category|source|copyright|dc:creator)\b[^<]*")


class AtomRenderer:
    """Turns a feed into Atom 1.0 (port `Renderer`).

    See:
        RFC 4287, RFC 5005
    """

    suffix = "atom"
    media_type = "application/atom+xml"

    def __init__(self) -> None:
        self._pieces = Pieces()

    def render(self, feed: Feed) -> bytes:
        """Return the document, one entry a line."""
        return _document(feed, self._pieces, self._write)

    def _write(self, feed: Feed, entries: Sequence[Shown], updated: datetime) -> bytes:
        generator = _generator(feed, updated, suffix=self.suffix, media_type=self.media_type)
        generator.author(name=feed.title)
        if feed.description:
            generator.subtitle(feed.description)
        for shown in entries:
            entry = _add_entry(generator, feed, shown)
            entry.updated(shown.updated)
            entry.author([{"name": name} for name in shown.authors])
            if shown.summary:
                entry.summary(shown.summary)
            if shown.content:
                entry.content(shown.content, type="html")
        document: bytes = generator.atom_str()
        return document


class RssRenderer:
    """Turns a feed into RSS 2.0 (port `Renderer`).

    See:
        https://www.rssboard.org/rss-specification, https://www.rssboard.org/rss-profile
    """

    suffix = "rss"
    media_type = "application/rss+xml"

    def __init__(self) -> None:
        self._pieces = Pieces()

    def render(self, feed: Feed) -> bytes:
        """Return the document, one item a line."""
        return _document(feed, self._pieces, self._write)

    def _write(self, feed: Feed, entries: Sequence[Shown], updated: datetime) -> bytes:
        generator = _generator(feed, updated, suffix=self.suffix, media_type=self.media_type)
        generator.description(feed.description or feed.title)
        for shown in entries:
            item = _add_entry(generator, feed, shown)
            if shown.summary:  # in RSS a description is HTML
                item.summary(escape(shown.summary, quote=False))
            if shown.content:
                item.content(shown.content)
        document: bytes = generator.rss_str()
        head, end, rest = document.partition(b"</description>")
        return _plain(head) + end + _PLAIN_TEXT.sub(lambda match: _plain(match[0]), rest)


def _document(
    feed: Feed, pieces: Pieces, write: Callable[[Feed, Sequence[Shown], datetime], bytes]
) -> bytes:
    """Return the document of *feed*; only entries that are not known as pieces are written."""
    found = [pieces.find(feed, of) for of in feed.entries]
    fresh = show(feed, (of for of, piece in zip(feed.entries, found, strict=True) if not piece))
    times = [one.updated for one in (*found, *fresh) if one]
    head, *lines, end = write(feed, fresh, updated(feed, times)).split(CUT)
    made = {
        shown.of: Piece(xml=xml, updated=shown.updated)
        for shown, xml in zip(fresh, lines, strict=True)
    }
    for of, piece in made.items():
        pieces.add(feed, of, piece)
    whole = (piece or made[of] for of, piece in zip(feed.entries, found, strict=True))
    return b"\n".join((head, *(piece.xml for piece in whole), end))


def _generator(feed: Feed, updated: datetime, *, suffix: str, media_type: str) -> Any:
    """Return feedgen's feed with everything but entries and descriptions."""
    generator = feedgen.feed.FeedGenerator()
    generator.register_extension(NAME, FeedExtension, EntryExtension)
    generator.id(atom_id(feed))
    generator.title(feed.title)
    generator.updated(updated)
    generator.generator(GENERATOR)
    links = tuple(feed_links(feed, suffix=suffix, media_type=media_type))
    for link in links:
        generator.link(href=link.href, rel=link.rel, type=link.type)
    generator.complete.links = links
    generator.complete.is_archive = feed.current is not None
    if feed.language:
        generator.language(feed.language)
    if feed.rights:
        generator.rights(feed.rights)
    if feed.icon:
        generator.icon(feed.icon)
    return generator


def _add_entry(generator: Any, feed: Feed, shown: Shown) -> Any:
    """Return a new feedgen entry with what Atom and RSS share."""
    entry = generator.add_entry(order="append")
    entry.id(shown.id)
    entry.title(shown.title)
    entry.published(shown.published)
    if shown.link:
        entry.link(href=shown.link)
    topics = [{"term": topic, "scheme": feed.base_url} for topic in shown.of.topics]
    entry.category([*topics, *({"term": category} for category in shown.of.entry.categories)])
    entry.complete.shown = shown
    if shown.of.entry.language != feed.language:
        entry.complete.language = shown.of.entry.language
    return entry


def _plain(xml: bytes) -> bytes:
    """Write "<" and "&" the one way that shows that a text is no HTML.

    See:
        https://www.rssboard.org/rss-profile#data-types-characterdata
    """
    return xml.replace(b"&lt;", b"&#x3C;").replace(b"&amp;", b"&#x26;")
