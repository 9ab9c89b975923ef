"""Decide what must be remembered to tell what the drafts of a page are.

Most items of a page are as they were at the last fetch; the fingerprints kept in `Learned`
tell so without reading one entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.core.identity.mint import mint
from aggregator.core.identity.sight import Keys, Sighting
from aggregator.model import Basis, Draft, Entry, EntryId

NEAR = timedelta(days=3)  # between two dates of an item that moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """What memory is asked for."""

    entries: frozenset[EntryId]
    since: datetime | None = None  # and all entries of the source published in that time
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What memory answered."""

    ids: Mapping[str, EntryId]  # of `Sighting.lookups`
    entries: Mapping[EntryId, Entry]  # of `Recall.entries`; forgotten ones are left out
    recent: Sequence[Entry] = ()  # of `Recall.since` to `Recall.until`


def recall(sighting: Sighting, ids: Mapping[str, EntryId]) -> Recall:
    """Return what must be known beside *ids*, which the keys of the page stand for."""
    wanted: set[EntryId] = set()
    unknown: list[int] = []
    for index, keys in enumerate(sighting.keys):
        found = {ids[key] for key in keys.all if key in ids}
        if not found:
            unknown.append(index)
        elif not is_as_before(sighting, index, ids):
            wanted |= found
    if not unknown:
        return Recall(entries=frozenset(wanted))
    wanted.update(
        mint(sighting.source, sighting.drafts[index])
        for index in unknown
        if sighting.keys[index].link is not None
    )
    if has_scrolled(sighting, unknown):
        return Recall(entries=frozenset(wanted))
    wanted.update(ids[key] for key in vanished(sighting) if key in ids)
    dates = [_date(sighting.drafts[index]) for index in unknown]
    firm = [date for date in dates if date is not None]
    if not firm or not sighting.learned.page:
        return Recall(entries=frozenset(wanted))
    return Recall(entries=frozenset(wanted), since=min(firm) - NEAR, until=max(firm) + NEAR)


def is_as_before(sighting: Sighting, index: int, ids: Mapping[str, EntryId]) -> bool:
    """Tell whether a draft says what it said on the last page."""
    key = primary(sighting.keys[index])
    return key in ids and sighting.learned.page.get(key) == sighting.prints[index]


def primary(keys: Keys) -> str:
    """Return the key under which an item of the page is remembered."""
    return keys.own[0]


def vanished(sighting: Sighting) -> list[str]:
    """Return the keys of the last page that no draft of this one has."""
    here = {key for keys in sighting.keys for key in keys.all}
    return [key for key in sighting.learned.page if key not in here]


def has_scrolled(sighting: Sighting, unknown: Sequence[int]) -> bool:
    """Tell whether the list only moved on.

    What is new stands at one end and what went was at the other: then nothing on it can be an
    old item under another link. So it is only while half of the list is still there, no more
    went than came, and what came is not older than the rest.
    """
    page = list(sighting.learned.page)
    place = {key: index for index, key in enumerate(page)}
    seen = [
        (at, place[key])
        for at, keys in enumerate(sighting.keys)
        for key in keys.own[:1]
        if key in place
    ]
    if 2 * len(seen) < len(page) or not seen:
        return not page
    gone = [place[key] for key in vanished(sighting)]
    if len(gone) > len(unknown) or _is_older(sighting, unknown, than=[at for at, _ in seen]):
        return False
    first, last = min(at for at, _ in seen), max(at for at, _ in seen)
    oldest, newest = max(before for _, before in seen), min(before for _, before in seen)
    down = all(at < first for at in unknown) and all(before > oldest for before in gone)
    up = all(at > last for at in unknown) and all(before < newest for before in gone)
    return down or up


def _is_older(sighting: Sighting, some: Sequence[int], *, than: Sequence[int]) -> bool:
    """Tell whether one of *some* drafts has a date before the latest of the others."""
    dates = [date for at in than if (date := _date(sighting.drafts[at]))]
    newest = max(dates, default=None)
    found = (_date(sighting.drafts[at]) for at in some)
    return newest is not None and any(date is not None and date < newest for date in found)


def _date(draft: Draft) -> datetime | None:
    when = draft.published
    return None if when is None or when.basis is Basis.FIRST_SEEN else when.at
