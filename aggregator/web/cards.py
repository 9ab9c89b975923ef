"""An entry as a page shows it: matching words marked, and why it is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from aggregator.core.feed_ids import feed_of_topic
from aggregator.core.feeds import Shown
from aggregator.core.query import resolve
from aggregator.core.query.document import Document
from aggregator.core.query.explain import Place, explain, marks, reasons
from aggregator.core.query.tree import TEXT_FIELDS, Query
from aggregator.model import Basis, Entry, FeedId, Link, Source, SourceId, Topic
from aggregator.web.site import Site
from aggregator.web.wellness import Day, day_of

_REASONS = 5  # named at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A feed by its title."""

    id: FeedId
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some text, marked or not."""

    text: str
    is_marked: bool = False


Marked: TypeAlias = tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An entry on the page of a feed."""

    title: Marked
    link: str | None
    day: Day
    language: str
    source: SourceId
    source_title: str
    paragraphs: tuple[Marked, ...]
    topics: tuple[Named, ...]  # others it belongs to
    also_at: tuple[Link, ...]
    why: str


def query_of_topic(site: Site, topic: Topic) -> Query:
    """Return the query of *topic*, those it refers to put in."""
    return resolve(topic, {str(one.id): one for one in site.frame.topics})


def card(site: Site, shown: Shown, *, feed: FeedId, query: Query | None) -> Card:
    """Return *shown* as the page of *feed* shows it; *query* is the topic's."""
    entry, of = shown.of.entry, shown.of
    spans, why = _reasons(entry, site.sources.get(entry.source), query)
    title_spans = spans.get("title", ()) if shown.title == entry.title else ()
    return Card(
        title=_marked(shown.title, title_spans),
        link=shown.link,
        day=day_of_entry(entry),
        language=entry.language or "",
        source=entry.source,
        source_title=of.source_title,
        paragraphs=tuple(_paragraphs(entry.summary, spans.get("summary", ()))),
        topics=tuple(
            Named(id=feed_of_topic(topic.id), title=topic.title)
            for topic in site.frame.topics
            if topic.title in of.topics and feed_of_topic(topic.id) != feed
        ),
        also_at=of.also_at,
        why=why,
    )


def day_of_entry(entry: Entry, *, brief: bool = False) -> Day:
    """Return the date of an entry; *brief* leaves out the time of day."""
    when = entry.published
    return day_of(when, brief=brief, found=when.basis is Basis.FIRST_SEEN)


_Spans: TypeAlias = Sequence[tuple[int, int]]


def _reasons(
    entry: Entry, source: Source | None, query: Query | None
) -> tuple[dict[str, tuple[tuple[int, int], ...]], str]:
    """Return what to mark in each field, and the words it is there for."""
    if query is None:
        return {}, ""
    document = Document(entry, source=source)
    return marks(query, document), _why(reasons(explain(query, document)))


def _why(places: Iterable[Place]) -> str:
    """Return the words an entry is there for, each once, and where if that is not seen."""
    found: dict[str, str] = {}
    for place in places:
        words = place.text[place.start : place.end]
        where = "" if place.field in TEXT_FIELDS else f" ({place.field})"
        if words:
            found.setdefault(words.casefold(), f"{words}{where}")
    return ", ".join(list(found.values())[:_REASONS])


def _paragraphs(text: str, spans: _Spans) -> Iterable[Marked]:
    start = 0
    for part in text.split("\n\n"):
        end = start + len(part)
        inside = [(a - start, min(b, end) - start) for a, b in spans if start <= a < end]
        if part:
            yield _marked(part, inside)
        start = end + 2


def _marked(text: str, spans: _Spans) -> Marked:
    """Cut *text* at *spans*, which are in order and do not overlap."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [Piece(text=text[at:start]), Piece(text=text[start:end], is_marked=True)]
        at = end
    pieces.append(Piece(text=text[at:]))
    return tuple(piece for piece in pieces if piece.text)
