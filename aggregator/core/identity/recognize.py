"""Tell which drafts are new, which are updates and which are as they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from aggregator.core.identity.changes import Change, change
from aggregator.core.identity.damping import damped, page_kept
from aggregator.core.identity.learned import Learned
from aggregator.core.identity.lessons import same_title, study_pair
from aggregator.core.identity.mint import mint
from aggregator.core.identity.moves import find_moved
from aggregator.core.identity.recall import Known, is_as_before, primary, vanished
from aggregator.core.identity.sight import Keys, Sighting
from aggregator.core.identity.telling import changes_in_words
from aggregator.core.similarity import (
    numbers,
    text_for_comparing,
    text_similarity,
    title_similarity,
)
from aggregator.core.urls import canonical, parameters
from aggregator.model import Basis, Draft, Entry, EntryId, Precision, Revision, SourceId, When

REUSED_AFTER = timedelta(days=60)  # between the dates of two items that had one link in turn
OTHER_ITEM = 0.6  # under a known link, but with another guid or on another list: less alike
REUSED_TEXT = 0.5  # share of word pairs in common, less than which is little
SPACING = timedelta(seconds=1)  # between undated items of one page, so that readers keep its order


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """What a page's drafts turned out to be."""

    new: tuple[Entry, ...] = ()
    updated: tuple[Entry, ...] = ()  # readers hear of it
    adjusted: tuple[Entry, ...] = ()  # stored anew without readers hearing of it
    same: tuple[EntryId, ...] = ()  # all that is known and no update, adjusted ones as well
    moved: tuple[EntryId, ...] = ()  # known items under a new link
    elsewhere: tuple[EntryId, ...] = ()  # entries of other sources that this one lists as well
    revisions: tuple[Revision, ...] = ()
    keys: tuple[tuple[str, EntryId], ...] = ()
    learned: Learned = field(default_factory=Learned)
    places: tuple[EntryId, ...] = ()  # the entry of each draft, in page order
    told: tuple[str, ...] = ()  # how else the page differs from the last one, in words


def recognize(sighting: Sighting, known: Known, *, now: datetime) -> Recognition:
    """Tell what every draft of a page is, by the rules of docs/decisions/entry-identity.md."""
    drafts = sighting.drafts
    places: dict[int, EntryId] = {}
    for index in range(len(drafts)):
        entry_id = _by_key(sighting, index, known)
        if entry_id is not None:
            places[index] = entry_id
    moved = _by_likeness(sighting, known, places)
    places |= moved
    sighting = _taught(sighting, known, moved)
    new, elsewhere = _mint_new(sighting, known, places, now=now)
    changes = _changes(sighting, known, places, now=now)
    fresh = {entry.id for entry in new}
    kept = damped(changes, sighting.learned, known=len(set(places.values()) - fresh))
    updated = [one for one in kept.values() if one.is_update]
    heard = {one.entry.id for one in updated}
    revisions = tuple(revision for one in kept.values() for revision in one.revisions)
    learned = page_kept(sighting, changes, known=len(set(places.values()) - fresh))
    told = changes_in_words(
        sighting.learned.page,
        learned.page,
        revisions=revisions,
        heard=len(kept),
        respelled=_respelled(sighting, known, places),
        known={
            primary(sighting.keys[index])
            for index, entry in places.items()
            if entry not in fresh and index not in moved
        },
        moved=len(moved),
    )
    return Recognition(
        new=tuple(new),
        updated=tuple(one.entry for one in updated),
        adjusted=tuple(one.entry for one in kept.values() if one.is_silent),
        same=tuple(dict.fromkeys(one for one in places.values() if one not in fresh | heard)),
        moved=tuple(moved.values()),
        elsewhere=tuple(elsewhere),
        revisions=revisions,
        keys=tuple(_new_keys(sighting, known, places)),
        learned=learned,
        places=tuple(places[index] for index in range(len(drafts))),
        told=told,
    )


# ---- by key --------------------------------------------------------------------------


def _by_key(sighting: Sighting, index: int, known: Known) -> EntryId | None:
    """Return the entry a draft's keys lead to; ``None``: none, or its link was used again."""
    keys, draft = sighting.keys[index], sighting.drafts[index]
    if is_as_before(sighting, index, known.ids):
        return known.ids[primary(keys)]
    for key in (keys.guid, keys.text):
        if key is not None and key in known.ids:
            return known.ids[key]
    if keys.link is not None and keys.link in known.ids:
        return _by_link(draft, known, known.ids[keys.link], has_guid=keys.guid is not None)
    for key in keys.former:
        entry = known.entries.get(known.ids[key]) if key in known.ids else None
        if entry is not None and same_title(draft.title or "", entry.title or ""):
            return entry.id
    return None


def _by_link(draft: Draft, known: Known, entry_id: EntryId, *, has_guid: bool) -> EntryId | None:
    entry = known.entries.get(entry_id)
    if entry is not None and _is_reused(draft, entry, has_guid=has_guid):
        return None
    return entry_id  # an entry that was forgotten by age is no news either


def _is_reused(draft: Draft, entry: Entry, *, has_guid: bool) -> bool:
    """Tell whether a known link leads to something new now."""
    title, old_title = draft.title or "", entry.title or ""
    if same_title(title, old_title):
        return False
    text, old_text = text_for_comparing(draft), text_for_comparing(entry)
    if has_guid and entry.guid and entry.guid != draft.guid:
        likest = max(title_similarity(title, old_title), text_similarity(text, old_text))
        return likest < OTHER_ITEM
    if draft.published is None or entry.published.basis is Basis.FIRST_SEEN:
        return False
    return (
        abs(draft.published.at - entry.published.at) > REUSED_AFTER
        and numbers(title) != numbers(old_title)
        and text_similarity(text, old_text) < REUSED_TEXT
    )


# ---- by likeness ---------------------------------------------------------------------


def _by_likeness(
    sighting: Sighting, known: Known, places: Mapping[int, EntryId]
) -> dict[int, EntryId]:
    """Find known items under new links among those that are not on the page now."""
    unknown = _unknown(sighting, known, places)
    if not unknown:
        return {}
    here = set(places.values())
    gone = [known.entries.get(known.ids[key]) for key in vanished(sighting) if key in known.ids]
    candidates = {
        entry.id: entry
        for entry in (*gone, *known.recent)
        if entry is not None and entry.id not in here and entry.source == sighting.source
    }
    others = [sighting.drafts[index].title or "" for index in places]
    return find_moved(unknown, list(candidates.values()), others)


def _taught(sighting: Sighting, known: Known, moved: Mapping[int, EntryId]) -> Sighting:
    """Learn from items that moved which parameters of their links are noise."""
    learned = sighting.learned
    for index, entry_id in moved.items():
        draft, entry = sighting.drafts[index], _entry_of(known, entry_id)
        if entry is not None and draft.link and entry.link:
            base, pairs = parameters(draft.link)
            old_base, old_pairs = parameters(entry.link)
            if base == old_base:
                learned = study_pair(draft, entry, pairs, old_pairs, learned)
    return sighting if learned == sighting.learned else replace(sighting, learned=learned)


def _unknown(sighting: Sighting, known: Known, places: Mapping[int, EntryId]) -> dict[int, Draft]:
    """Return the drafts no key leads from, without those whose link was used again."""
    return {
        index: sighting.drafts[index]
        for index, keys in enumerate(sighting.keys)
        if index not in places and known.ids.keys().isdisjoint(keys.own)
    }


# ---- new -----------------------------------------------------------------------------


def _mint_new(
    sighting: Sighting, known: Known, places: dict[int, EntryId], *, now: datetime
) -> tuple[list[Entry], list[EntryId]]:
    """Make entries of what is left, and note in *places* where they stand."""
    new: dict[EntryId, Entry] = {}
    elsewhere: list[EntryId] = []
    by_key: dict[str, EntryId] = {}
    undated = 0
    for index, draft in enumerate(sighting.drafts):
        if index in places:
            continue
        keys = sighting.keys[index]
        twin = next((by_key[key] for key in keys.own if key in by_key), None)
        if twin is not None:  # the page shows it twice
            places[index] = twin
            continue
        entry_id, is_new = _id_of(sighting, index, known, new)
        places[index] = entry_id
        by_key.update(dict.fromkeys(keys.own, entry_id))
        if not is_new:
            elsewhere.append(entry_id)
            continue
        new[entry_id] = _entry(
            draft,
            entry_id,
            sighting.source,
            position=index,
            first_seen=now.astimezone(UTC),
            published=draft.published or _first_seen(now, after=undated),
        )
        undated += draft.published is None
    return list(new.values()), elsewhere


def _id_of(
    sighting: Sighting, index: int, known: Known, new: Mapping[EntryId, Entry]
) -> tuple[EntryId, bool]:
    """Return the id of an unknown draft, and whether it is a new one."""
    draft, keys = sighting.drafts[index], sighting.keys[index]
    taken = {*new, *known.ids.values()}
    if keys.link is not None and keys.link not in known.ids:  # else it is used again
        entry_id = mint(sighting.source, draft)
        other = known.entries.get(entry_id)
        if other is None and entry_id not in taken:
            return entry_id, True
        if other is not None and other.source != sighting.source and _is_listed(draft, other):
            return entry_id, False
    entry_id = mint(sighting.source, draft, beside=keys)
    return entry_id, entry_id not in taken


def _is_listed(draft: Draft, entry: Entry) -> bool:
    """Tell whether another source's entry under this very link is this item."""
    title, old_title = draft.title or "", entry.title or ""
    if not title or not old_title or same_title(title, old_title):
        return True
    return (
        title_similarity(title, old_title) >= OTHER_ITEM
        or text_similarity(text_for_comparing(draft), text_for_comparing(entry)) >= REUSED_TEXT
    )


def _first_seen(now: datetime, *, after: int) -> When:
    at = now.astimezone(UTC) - after * SPACING
    return When(at=at, precision=Precision.TIME, basis=Basis.FIRST_SEEN)


def _entry(
    draft: Draft,
    entry_id: EntryId,
    source: SourceId,
    *,
    position: int,
    first_seen: datetime,
    published: When,
) -> Entry:
    """Make an entry; it was updated when its source says so, and never later than now."""
    said = [published.at.astimezone(UTC)]
    if draft.revised is not None:
        said.append(draft.revised.at.astimezone(UTC))
    fields = {name: getattr(draft, name) for name in Draft.__dataclass_fields__}
    return Entry(
        **{**fields, "published": published},
        id=entry_id,
        source=source,
        updated=min(first_seen, max(said)),
        first_seen=first_seen,
        position=position,
    )


# ---- changed -------------------------------------------------------------------------


def _changes(
    sighting: Sighting, known: Known, places: Mapping[int, EntryId], *, now: datetime
) -> dict[str, Change]:
    """Return what each known item says otherwise than its entry, by its key on the page."""
    found: dict[str, Change] = {}
    seen: set[EntryId] = set()
    for index, entry_id in sorted(places.items()):
        entry = _entry_of(known, entry_id)
        if entry is None or entry.source != sighting.source or entry_id in seen:
            continue
        seen.add(entry_id)
        if is_as_before(sighting, index, known.ids):
            continue
        one = change(entry, sighting.drafts[index], now=now)
        if one.is_update or one.is_silent:
            found[primary(sighting.keys[index])] = one
    return found


def _respelled(sighting: Sighting, known: Known, places: Mapping[int, EntryId]) -> int:
    """Return how many known items are listed under another spelling of their link."""
    count = 0
    for index, entry_id in places.items():
        entry, link = known.entries.get(entry_id), sighting.drafts[index].link
        if entry is not None and entry.link and link and entry.link != link:
            count += canonical(entry.link) == canonical(link)
    return count


def _entry_of(known: Known, entry_id: EntryId) -> Entry | None:
    recent = (entry for entry in known.recent if entry.id == entry_id)
    return known.entries.get(entry_id) or next(recent, None)


# ---- keys ----------------------------------------------------------------------------


def _new_keys(
    sighting: Sighting, known: Known, places: Mapping[int, EntryId]
) -> Iterator[tuple[str, EntryId]]:
    """Yield the keys that lead to an entry from now on."""
    told: set[str] = set()
    for index, keys in enumerate(sighting.keys):
        for key in keys.own:
            if key not in told and _is_news(key, places[index], keys, known):
                told.add(key)
                yield key, places[index]


def _is_news(key: str, entry_id: EntryId, keys: Keys, known: Known) -> bool:
    """Tell whether a key is unknown, or leads to something new: its link was used again."""
    if key not in known.ids:
        return True
    return key == keys.link and known.ids[key] != entry_id and keys.guid not in known.ids
