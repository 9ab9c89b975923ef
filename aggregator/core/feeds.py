"""What a feed says in every format: ids, links, and entries with nothing left to decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from urllib.parse import quote, urlsplit
from uuid import UUID, uuid5
from zlib import crc32

from aggregator.core.sanitize import text_of
from aggregator.core.text import cut
from aggregator.model import Enclosure, Entry, Feed, FeedEntry, FeedId, Link

GENERATOR = "aggregator"
TITLE_LENGTH = 100  # characters of a title made from a summary; a line in most readers

_EPOCH = date(2026, 1, 1)  # of ids nobody stored; any day on which we held the name
_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_MEDIA_TYPES = {
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "ogg": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "webp": "image/webp",
    "zip": "application/zip",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An entry as every format shows it."""

    id: str
    title: str  # never empty
    link: str | None  # http or https
    published: datetime  # whole seconds; a bare day is midnight where it was written
    updated: datetime  # never before `published`, hardly ever that of another entry
    summary: str  # text; empty only beside content
    content: str | None  # HTML
    authors: tuple[str, ...]  # never empty: at least the source
    tags: tuple[str, ...]  # the topics, then the site's own, each once
    of: FeedEntry


# ---- ids -----------------------------------------------------------------------------


def mint_feed_id(feed_id: FeedId, *, base_url: str, on: date) -> str:
    """Mint the atom:id of a feed, to be stored: it must survive a move to another host.

    See:
        RFC 4151; RFC 4287 section 4.2.6; docs/decisions/feed-and-entry-ids.md

    >>> from datetime import date
    >>> mint_feed_id(FeedId("all"), base_url="https://example.org:8/feeds/", on=date(2026, 3, 1))
    'tag:example.org,2026-03-01:feeds/all'
    """
    authority = urlsplit(base_url).hostname or "localhost"
    return f"tag:{authority},{on.isoformat()}:feeds/{quote(feed_id)}"


def per_feed_id(feed_id: FeedId, entry_id: str) -> str:
    """Return the id an entry has in one feed only (``publish.entry_ids: per-feed``).

    A UUID becomes another one that leads to no entry: ``why`` is asked by link then.

    >>> per_feed_id(FeedId("las-bambas"), "http://example.org/1")
    'http://example.org/1#in=las-bambas'
    """
    return derived_id(entry_id, f"in={quote(feed_id)}")


def derived_id(entry_id: str, mark: str) -> str:
    """Return an id made of another one, the same each time; a UUID stays a UUID.

    >>> derived_id("urn:uuid:779a17b1-c60e-58b8-8b37-5ddee7855c22", "in=mines")
    'urn:uuid:52170c3b-ff40-592f-9678-df75676f52bf'
    """
    prefix, _, rest = entry_id.rpartition("urn:uuid:")
    if not prefix and rest != entry_id and _UUID.fullmatch(rest):
        return f"urn:uuid:{uuid5(UUID(rest), mark)}"
    return f"{entry_id}{'&' if '#' in entry_id else '#'}{mark}"


def atom_id(feed: Feed) -> str:
    """Return the feed's atom:id; its archive documents share it."""
    return feed.atom_id or mint_feed_id(feed.id, base_url=feed.base_url, on=_EPOCH)


# ---- links ---------------------------------------------------------------------------


def address(feed: Feed, path: str, *, suffix: str) -> str:
    """Return where the document at *path* is read."""
    return f"{feed.base_url}{quote(path)}.{suffix}"


def feed_links(feed: Feed, *, suffix: str, media_type: str) -> Iterator[Link]:
    """Yield the feed's own links; the page for people comes last.

    See:
        RFC 4287 section 4.2.7; RFC 5005 section 4; WebSub section 4
    """
    documents = (
        ("self", feed.path or feed.id),
        ("current", feed.current),
        ("prev-archive", feed.prev_archive),
        ("next-archive", feed.next_archive),
    )
    for rel, path in documents:
        if path is not None:
            yield Link(href=address(feed, path, suffix=suffix), rel=rel, type=media_type)
    if feed.hub is not None:
        yield Link(href=feed.hub, rel="hub")
    yield Link(href=feed.home, type="text/html")


def entry_links(shown: Shown) -> Iterator[Link]:
    """Yield the entry's links but for enclosures: itself, the list it stood in, its twins."""
    if shown.link is not None:
        yield Link(href=shown.link, type=media_type_of(shown.link) or "text/html")
    yield Link(href=shown.of.source_url, rel="via", type="text/html")
    for twin in shown.of.also_at:
        yield Link(href=twin.href, rel="related", type=twin.type, title=twin.title)


def media_type_of(url: str) -> str:
    """Guess a media type from the last letters of an address; ``""`` when they say nothing."""
    path = url.partition("#")[0].partition("?")[0]
    found = _MEDIA_TYPES.get(path.rpartition(".")[2].lower(), "")
    return found if found and "." in urlsplit(url).path else ""  # not a host's last letters


def enclosure_type(enclosure: Enclosure) -> str:
    """Return the media type of a file, which every format asks for."""
    return enclosure.type or media_type_of(enclosure.url) or "application/octet-stream"


# ---- entries -------------------------------------------------------------------------


def show(feed: Feed, entries: Iterable[FeedEntry] | None = None) -> tuple[Shown, ...]:
    """Decide what *feed* says about some of its *entries* (``None``: all), in the same order."""
    return tuple(_shown(feed, entry) for entry in (feed.entries if entries is None else entries))


def updated(feed: Feed, times: Iterable[datetime]) -> datetime:
    """Return when the document last changed for a reader: the newest of its entries' *times*."""
    return max(times, default=_seconds(feed.updated))


def _shown(feed: Feed, of: FeedEntry) -> Shown:
    entry = of.entry
    published = _seconds(entry.published.at)
    link = link_of(entry)
    content = _content(of, needed=link is None)
    return Shown(
        id=per_feed_id(feed.id, entry.id) if feed.per_feed_ids else entry.id,
        title=title_of(of),
        link=link,
        published=published,
        updated=_apart(max(_seconds(entry.updated), published), entry),
        summary=entry.summary or ("" if content else _fallback(of)),
        content=content,
        authors=entry.authors or (of.source_title,),
        tags=tuple(dict.fromkeys((*of.topics, *entry.categories))),
        of=of,
    )


def title_of(of: FeedEntry) -> str:
    """Return the title of an entry, or what stands for it: its first words, its day."""
    return of.entry.title or _first_words(of.entry) or _fallback(of)


def link_of(entry: Entry) -> str | None:
    """Return the page of an entry; a mailto: is none."""
    return entry.link if entry.link and not entry.link.startswith("mailto:") else None


def _fallback(of: FeedEntry) -> str:
    return f"{of.source_title}, {of.entry.published.at.date().isoformat()}"


def _apart(moment: datetime, entry: Entry) -> datetime:
    """Return *moment* with a fraction of a second that is the entry's own.

    Entries found together have one moment, and the W3C validator warns of two entries with
    the same atom:updated. A fraction made from the id never changes, whatever stands beside.
    """
    return moment + timedelta(microseconds=crc32(entry.id.encode()) % 1_000_000)


def _first_words(entry: Entry) -> str:
    text = entry.summary or text_of(entry.content or "")
    return cut(text.partition("\n\n")[0], TITLE_LENGTH)


def _content(of: FeedEntry, *, needed: bool) -> str | None:
    """Return the HTML of an entry; ``None`` when the summary says it all.

    A summary of several paragraphs becomes HTML as well: readers run the paragraphs of
    plain text together. Without a link RFC 4287 demands content.
    """
    entry = of.entry
    html = entry.content or ""
    if not html and (needed or of.also_at or "\n\n" in entry.summary):
        text = entry.summary or entry.title or of.source_title
        html = "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n"))
    if of.also_at:
        html += f"<p>Also at: {', '.join(_anchor(link) for link in of.also_at)}</p>"
    return html or None


def _anchor(link: Link) -> str:
    return f'<a href="{escape(link.href)}">{escape(link.title or link.href)}</a>'


def _seconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
