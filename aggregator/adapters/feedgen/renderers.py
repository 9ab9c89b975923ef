"""The two renderers that write with feedgen."""

from __future__ import annotations

import re
from email.utils import format_datetime
from html import escape
from typing import Any

import feedgen.entry
import feedgen.feed

from aggregator.adapters.feedgen.extension import NAME, EntryExtension, FeedExtension
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

    def render(self, feed: Feed) -> bytes:
        """Return the document, one entry a line."""
        entries = show(feed)
        generator = _generator(feed, entries, suffix=self.suffix, media_type=self.media_type)
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

    def render(self, feed: Feed) -> bytes:
        """Return the document, one item a line."""
        entries = show(feed)
        generator = _generator(feed, entries, suffix=self.suffix, media_type=self.media_type)
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


def _generator(feed: Feed, entries: tuple[Shown, ...], *, suffix: str, media_type: str) -> Any:
    """Return feedgen's feed with everything but entries and descriptions."""
    generator = feedgen.feed.FeedGenerator()
    generator.register_extension(NAME, FeedExtension, EntryExtension)
    generator.id(atom_id(feed))
    generator.title(feed.title)
    generator.updated(updated(feed, entries))
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
    entry.category([{"term": topic, "scheme": feed.base_url} for topic in shown.of.topics])
    entry.category([{"term": category} for category in shown.of.entry.categories])
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
