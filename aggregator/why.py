"""Why an entry is, or is not, in a feed: everything that was decided about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from rapidfuzz.fuzz import ratio

from aggregator.core.feed_ids import feed_of_topic
from aggregator.core.identity import STREAK, Learned, link_key, mint
from aggregator.core.links import web_link
from aggregator.core.query import Percolator
from aggregator.core.urls import canonical
from aggregator.model import (
    Draft,
    Entry,
    EntryId,
    FeedId,
    Outcome,
    Revision,
    Source,
    SourceId,
    SourceState,
    Topic,
    TopicId,
)
from aggregator.ports import Session

NEAREST = 3  # entries named for a link nobody knows
KEY_KINDS = {"g": "guid", "l": "link", "s": "link, title", "t": "title, date"}


@dataclass(frozen=True, slots=True, kw_only=True)
class InTopic:
    """What a topic makes of an entry."""

    topic: TopicId
    is_member: bool
    lines: tuple[str, ...]  # its query, with what became of each part


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """All that is known of what was asked about."""

    asked: str
    entry: Entry | None = None
    forgotten: EntryId | None = None  # it was an entry once; its age took it away
    listed: tuple[tuple[SourceId, str], ...] = ()  # where, and by which kind of key it is known
    feeds: tuple[FeedId, ...] = ()
    topics: tuple[InTopic, ...] = ()
    stands_for: tuple[tuple[FeedId, Entry], ...] = ()  # who tells the same story, in which feed
    shown_as: tuple[tuple[FeedId, Entry], ...] = ()  # who told it first, in which feed
    revisions: tuple[Revision, ...] = ()
    notes: tuple[str, ...] = ()  # what else bears on it, a sentence each
    nearest: tuple[Entry, ...] = ()  # to a link nobody knows


def why(
    session: Session,
    asked: str,
    *,
    sources: Sequence[Source],
    percolator: Percolator,
    topics: Sequence[Topic],
    only: Collection[TopicId] = (),
) -> Why:
    """Return all that is known about an entry.

    Args:
        session: A look at the store.
        asked: A link, in whatever spelling, or an entry's id as a feed shows it.
        sources: All that are configured.
        percolator: Of *topics*.
        topics: All that are configured.
        only: Topics to tell of whether or not they show the entry.
    """
    states = {state.source: state for state in session.source_states()}
    entry_id = id_of(session, asked, states)
    entry = session.entries([entry_id]).get(entry_id) if entry_id else None
    if entry is None:
        return _unknown(session, asked, entry_id, sources=sources, states=states)
    feeds = tuple(sorted(session.members_of([entry.id]).get(entry.id, ())))
    story = session.story_of(entry.id)
    entries = session.entries({one for _, *both in story for one in both})
    listed = dict.fromkeys(
        (source, KEY_KINDS.get(key[:1], key)) for source, key in session.sources_of(entry.id)
    )
    return Why(
        asked=asked,
        entry=entry,
        listed=tuple(listed),
        feeds=feeds,
        topics=tuple(
            InTopic(
                topic=topic.id,
                is_member=feed_of_topic(topic.id) in feeds,
                lines=tuple(percolator.explain(topic.id, entry).lines()),
            )
            for topic in topics
            if feed_of_topic(topic.id) in feeds or topic.id in only
        ),
        stands_for=tuple(
            (feed, entries[other]) for feed, leader, other in story if leader == entry.id
        ),
        shown_as=tuple(
            (feed, entries[leader]) for feed, leader, other in story if other == entry.id
        ),
        revisions=session.revisions_of(entry.id),
        notes=tuple(_notes(entry, states.get(entry.source))),
    )


def id_of(session: Session, asked: str, states: Mapping[SourceId, SourceState]) -> EntryId | None:
    """Return the id that *asked* names: as a feed shows it, or of the entry a link leads to.

    A link is found by the id it mints, by its keys, or by its very letters.
    """
    if not asked.startswith(("http://", "https://")):
        return EntryId(asked.split("#", maxsplit=1)[0])
    return _id_of_link(session, asked, states)


def _id_of_link(
    session: Session, link: str, states: Mapping[SourceId, SourceState]
) -> EntryId | None:
    minted = mint(SourceId(""), Draft(title=None, link=link))
    if session.entries([minted]):
        return minted
    lessons = {Learned.from_json(state.learned).manners for state in states.values()}
    keys = {link_key(link, Learned(noise=noise, identity=known)) for noise, known in lessons}
    keys.add(link_key(link, Learned()))
    for _, entry_id in session.sources_of_keys([key for key in keys if key]):
        return entry_id
    found = session.entries_by_link([link], like=link)
    return found[0].id if found else None


def _notes(entry: Entry, state: SourceState | None) -> list[str]:
    if state is None:
        return ["Its source is no longer in the configuration."]
    notes = [*_trouble(state.outcome)]
    learned = Learned.from_json(state.learned)
    if learned.restless:
        notes.append(
            f"{state.source}: nearly every item changes at each fetch ({learned.restless} in a "
            "row); changes of texts are not reported."
        )
    key = link_key(entry.link, learned)
    if key and learned.streaks.get(key, 0) > STREAK:
        notes.append("Its text changed at the last fetches in a row; that is not reported.")
    if key in learned.shared:
        notes.append("Several items have its link: it is known by its title as well.")
    if learned.noise:
        notes.append(f"{state.source}: links do not differ by {', '.join(sorted(learned.noise))}.")
    return notes


def _trouble(outcome: Outcome | None) -> list[str]:
    if outcome is None or outcome.is_fine:
        return []
    return [
        f"{outcome.source}: {outcome.kind.value}: {outcome.detail}. {outcome.next_step}".strip()
    ]


def _unknown(
    session: Session,
    asked: str,
    entry_id: EntryId | None,
    *,
    sources: Sequence[Source],
    states: Mapping[SourceId, SourceState],
) -> Why:
    """Tell what is known about something that is no entry."""
    listed = session.sources_of(entry_id) if entry_id else ()
    if listed:
        kinds = dict.fromkeys((source, KEY_KINDS.get(key[:1], key)) for source, key in listed)
        return Why(asked=asked, forgotten=entry_id, listed=tuple(kinds))
    host = _host(asked)
    of_host = [one for one in sources if host and _host(one.url) == host]
    notes = [f"No source of the configuration lies at {host}."] if host and not of_host else []
    for source in of_host:
        state = states.get(source.id)
        if state is None or state.visited_at is None:
            notes.append(f"{source.id}: was not fetched yet.")
        else:
            notes += _trouble(state.outcome) or [f"{source.id}: does not list it."]
    near = session.entries_by_link([asked], like=host) if host else ()
    near = tuple(sorted(near, key=lambda one: -ratio(one.link or "", asked)))
    return Why(asked=asked, notes=tuple(notes), nearest=near[:NEAREST])


def _host(url: str) -> str:
    return urlsplit(web_link(canonical(url), base_url="") or "").hostname or ""
