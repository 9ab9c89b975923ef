"""The pages for people: rendered here, whole without a script, in light and dark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup, escape

from aggregator.align import searched_share
from aggregator.core.feed_ids import ALL, STATUS, feed_of_source, feed_of_topic
from aggregator.core.feeds import link_of, show, title_of
from aggregator.core.site import FORMATS
from aggregator.model import (
    FeedEntry,
    FeedId,
    SourceId,
    SourceState,
    Topic,
    TopicId,
)
from aggregator.web.cards import Named, card, day_of_entry, query_of_topic
from aggregator.web.site import Site
from aggregator.web.wellness import Day, Health, health_of

ENTRIES_A_PAGE = 30
SOURCES_A_PAGE = 50
NEWEST = 3  # entries of each topic on the first page

_CODE = re.compile("`([^`]+)`")
_TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("aggregator.web"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _code(text: str) -> Markup:
    """Show what stands between backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 -- escaped


_TEMPLATES.filters["code"] = _code


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format a feed is read in."""

    suffix: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry in one line."""

    title: str
    link: str | None
    day: Day
    source_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaser:
    """A topic on the first page, with what is new in it."""

    id: TopicId
    title: str
    description: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A source and how it is."""

    id: SourceId
    title: str
    health: Health


def index(site: Site) -> str:
    """Return the first page: the topics with what is new in them."""
    topics = site.frame.topics
    with site.store.reading() as session:
        newest = session.newest([feed_of_topic(topic.id) for topic in topics], limit=NEWEST)
    teasers = [
        Teaser(
            id=topic.id,
            title=topic.title,
            description=topic.description,
            lines=tuple(map(_line, newest[feed_of_topic(topic.id)])),
        )
        for topic in topics
    ]
    discovered = [Named(id=ALL, title=site.frame.title), *map(_named, topics)]
    return _page(
        "index.html",
        site,
        title=site.frame.title,
        here="topics",
        topics=teasers,
        discovered=discovered,
    )


def all_entries(site: Site, *, number: int) -> str | None:
    """Return page *number* of every entry."""
    return _feed_page(site, ALL, number=number, here="all")


def topic(site: Site, topic_id: str, *, number: int) -> str | None:
    """Return page *number* of a topic; ``None``: there is no such page."""
    feed = feed_of_topic(TopicId(topic_id))
    found = site.frame.topic(feed)
    if found is None:
        return None
    return _feed_page(site, feed, number=number, here="topic", of=found)


def source(site: Site, source_id: str, *, number: int) -> str | None:
    """Return page *number* of a source, with its health; ``None``: there is no such page."""
    found = site.sources.get(SourceId(source_id))
    if found is None:
        return None
    with site.store.reading() as session:
        states = session.source_states([found.id])
        visits = session.visits([found.id]).get(found.id, ())
    health = health_of(found, states[0] if states else None, visits)
    return _feed_page(site, feed_of_source(found.id), number=number, here="source", health=health)


def sources(site: Site, *, number: int) -> str | None:
    """Return page *number* of the sources, those that need a look first."""
    with site.store.reading() as session:
        states = {state.source: state for state in session.source_states()}
        ill = [name for name in site.sources if _needs_a_look(states.get(name))]
        well = [name for name in site.sources if not _needs_a_look(states.get(name))]
        some = _slice([*ill, *well], number, SOURCES_A_PAGE)
        visits = session.visits(some)
    if not some and number > 1:
        return None
    patients = [
        Patient(
            id=name,
            title=site.sources[name].title,
            health=health_of(site.sources[name], states.get(name), visits.get(name, ())),
        )
        for name in some
    ]
    count = len(site.sources)
    return _page(
        "sources.html",
        site,
        title="Sources",
        here="sources",
        told=_summary(count, len(ill)),
        sources=patients,
        status=STATUS,
        discovered=[Named(id=STATUS, title=f"{site.frame.title}: status")],
        address=f"{site.path}sources",
        number=number,
        has_more=number * SOURCES_A_PAGE < count,
    )


def lost(site: Site, title: str, words: str) -> str:
    """Return the page that says that there is none."""
    return _page("lost.html", site, title=title, here="", words=words, discovered=[])


@cache
def static(name: str) -> bytes:
    """Return a file that belongs to the pages."""
    return resources.files(__package__).joinpath("templates", name).read_bytes()


# ---- below: how it is put together -----------------------------------------------------


def _feed_page(
    site: Site,
    feed_id: FeedId,
    *,
    number: int,
    here: str,
    of: Topic | None = None,
    health: Health | None = None,
) -> str | None:
    offset = (number - 1) * ENTRIES_A_PAGE
    with site.store.reading() as session:
        feed = session.shelf(feed_id, frame=site.frame, offset=offset, limit=ENTRIES_A_PAGE)
        count = session.count_shown(feed_id)
        searched = searched_share(session) if of else {}
    if feed is None or (number > 1 and not feed.entries):
        return None
    path = {"all": "all", "topic": f"topics/{feed_id}", "source": feed_id}[here]
    query = query_of_topic(site, of) if of else None
    return _page(
        "feed.html",
        site,
        title=feed.title,
        language=feed.language,
        here=here,
        feed=feed_id,
        description=feed.description,
        count=_counted(count, searched.get(of.id) if of else None),
        entries=[card(site, shown, feed=feed_id, query=query) for shown in show(feed)],
        discovered=[Named(id=feed_id, title=feed.title)],
        address=f"{site.path}{path}",
        number=number,
        has_more=offset + len(feed.entries) < count,
        query=of.query if of else "",
        health=health,
    )


def _counted(count: int, searched: float | None) -> str:
    words = {0: "Nothing yet", 1: "1 entry"}.get(count, f"{count:,} entries, newest first")
    if searched is None:
        return words
    return f"{words}; more may come: {searched:.0%} of what is stored has been searched"


def _line(of: FeedEntry) -> Line:
    entry = of.entry
    return Line(
        title=title_of(of),
        link=link_of(entry),
        day=day_of_entry(entry, brief=True),
        source_title=of.source_title,
    )


def _named(topic: Topic) -> Named:
    return Named(id=feed_of_topic(topic.id), title=topic.title)


def _summary(count: int, ill: int) -> str:
    if ill:
        return f"{ill} of {count} {'needs' if ill == 1 else 'need'} a look."
    return "1 source, well." if count == 1 else f"{count} sources, all well."


def _needs_a_look(state: SourceState | None) -> bool:
    return state is not None and state.outcome is not None and not state.outcome.is_fine


def _slice(names: Sequence[SourceId], number: int, size: int) -> list[SourceId]:
    return list(names[(number - 1) * size : number * size])


def _page(template: str, site: Site, **values: Any) -> str:
    formats = [
        Format(suffix=suffix, name=name, media_type=kind)
        for suffix, (name, kind) in FORMATS.items()
        if suffix in site.formats
    ]
    found = {"language": "en", "site": site, "formats": formats} | values
    return _TEMPLATES.get_template(template).render(found)
