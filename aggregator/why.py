"""Why an entry is, or is not, in a feed: everything that was decided about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from rapidfuzz.fuzz import ratio

from aggregator.core.expectation import expectation_of
from aggregator.core.feed_ids import feed_of_topic
from aggregator.core.full_text import in_words
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
RECENT = 500  # entries of a source that are looked at for them
SOURCES_LOOKED_AT = 20  # at the host of the link
LONG_AGO, FAR_AHEAD = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
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
    if entry is None and entry_id and (listed := session.sources_of(entry_id)):
        return Why(asked=asked, forgotten=entry_id, listed=_kinds(listed))
    if entry is None:
        return _unknown(session, asked, sources=sources, states=states)
    feeds = tuple(sorted(session.members_of([entry.id]).get(entry.id, ())))
    story = session.story_of(entry.id)
    entries = session.entries({one for _, *both in story for one in both})
    return Why(
        asked=asked,
        entry=entry,
        listed=_kinds(session.sources_of(entry.id)),
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
        notes=(*_notes(entry, states.get(entry.source)), *_text_notes(session, entry, sources)),
    )


def id_of(session: Session, asked: str, states: Mapping[SourceId, SourceState]) -> EntryId | None:
    """Return the id that *asked* names: as a feed shows it, or of the entry a link leads to.

    A link is found by the id it mints, by its keys, or by its very letters.
    """
    if not asked.startswith(("http://", "https://")):
        return EntryId(asked.split("#", maxsplit=1)[0])
    return _id_of_link(session, asked, states)


def _kinds(listed: Sequence[tuple[SourceId, str]]) -> tuple[tuple[SourceId, str], ...]:
    """Return the sources that listed an entry, and by which kind of key each knows it."""
    return tuple(dict.fromkeys((source, KEY_KINDS.get(key[:1], key)) for source, key in listed))


def _keys_of_link(link: str, states: Mapping[SourceId, SourceState]) -> frozenset[str]:
    """Return the keys a link has under all that the sources taught; few taught anything."""
    texts = (state.learned for state in states.values())
    taught = {text for text in texts if '"noise"' in text or '"identity"' in text}
    manners = {(frozenset[str](), frozenset[str]())}
    manners |= {Learned.from_json(text).manners for text in taught}
    keys = (link_key(link, Learned(noise=noise, identity=known)) for noise, known in manners)
    return frozenset(key for key in keys if key)


def _id_of_link(
    session: Session, link: str, states: Mapping[SourceId, SourceState]
) -> EntryId | None:
    minted = mint(SourceId(""), Draft(title=None, link=link))
    if session.entries([minted]):
        return minted
    keys = _keys_of_link(link, states)
    for _, entry_id in session.sources_of_keys(keys):
        return entry_id
    sharing = [state.source for state in states.values() if _holds(state.learned, keys)]
    found = session.entries_by_link(link, of=sharing)
    return found[0].id if found else None


def _holds(text: str, keys: frozenset[str]) -> bool:
    return any(key in text for key in keys)


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


def _text_notes(session: Session, entry: Entry, sources: Sequence[Source]) -> list[str]:
    """Tell why an entry lacks the text of its article, where its source asks for that."""
    if not any(one.full_text for one in sources if one.id == entry.source):
        return []
    lacking = session.lacking_text_of(entry.id)
    return [in_words(lacking)] if lacking else []


def _trouble(outcome: Outcome | None) -> list[str]:
    if outcome is None or outcome.is_fine:
        return []
    step = outcome.next_step.partition("\n")[0]  # the lines below are for config.yaml
    return [f"{outcome.source}: {outcome.kind.value}: {outcome.detail}. {step}".strip()]


def _unknown(
    session: Session,
    asked: str,
    *,
    sources: Sequence[Source],
    states: Mapping[SourceId, SourceState],
) -> Why:
    """Tell what is known about something that is no entry."""
    host, keys = _host(asked), _keys_of_link(asked, states)
    of_host = [one.id for one in sources if host and _host(one.url) == host]
    notes = [
        f"{state.source}: left out of its page: {reason}"
        for state in states.values()
        if _holds(state.expectation, keys)
        for reason in _reasons(state, keys)
    ]
    if host and not of_host and not notes:
        notes.append(f"No source of the configuration lies at {host}.")
    for source in of_host if not notes else ():
        notes += _silence(source, states.get(source))
    near = [
        entry
        for source in of_host[:SOURCES_LOOKED_AT]
        for entry in session.recent_entries(source, since=LONG_AGO, until=FAR_AHEAD, limit=RECENT)
    ]
    near.sort(key=lambda one: -ratio(one.link or "", asked))
    return Why(asked=asked, notes=tuple(notes), nearest=tuple(near[:NEAREST]))


def _reasons(state: SourceState, keys: frozenset[str]) -> list[str]:
    """Return why a source left out the item with one of *keys*, and what to do."""
    return [
        f"{one.reason}. If it belongs there: aggregator accept {state.source}"
        for one in expectation_of(state.expectation).left_out
        if not keys.isdisjoint(one.keys)
    ]


def _silence(source: SourceId, state: SourceState | None) -> list[str]:
    """Tell why a source at the host of a link shows no entry of it."""
    if state is None or state.visited_at is None:
        return [f"{source}: was not fetched yet."]
    if trouble := _trouble(state.outcome):
        return trouble
    others = [
        f"{source}: left out of its page, {one.count} in all: {one.reason}."
        for one in expectation_of(state.expectation).left_out
    ]
    return [f"{source}: does not list it.", *others]


def _host(url: str) -> str:
    return urlsplit(web_link(canonical(url), base_url="") or "").hostname or ""
