"""Addresses, near-duplicates and identity over time, in the formats of the cases' scorer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from aggregator.core.identity import Known, Learned, recall, recognize, sight
from aggregator.core.links import web_link
from aggregator.core.similarity import same_story
from aggregator.core.urls import canonical
from aggregator.model import Basis, Draft, Entry, EntryId, Precision, SourceId, When

START = datetime(2025, 1, 1, tzinfo=UTC)


def urls(lines: Iterable[str]) -> Iterator[str]:
    """Answer each address with its key."""
    for line in lines:
        yield canonical(json.loads(line))


def dupes(lines: Iterable[str]) -> Iterator[str]:
    """Answer each pair with how sure it is that both tell one story."""
    for line in lines:
        pair = json.loads(line)
        yield f"{same_story(_draft(pair['a']), _draft(pair['b'])):.3f}"


def scenarios(lines: Iterable[str]) -> Iterator[str]:
    """Answer each scenario with what every observation in it is."""
    for line in lines:
        yield json.dumps(_events(json.loads(line)["observations"]))


def _events(observations: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Let memories, one a source, see one fetch after the other."""
    memories: dict[str, Memory] = {}
    entries: dict[EntryId, Entry] = {}
    events: list[dict[str, str]] = []
    for (t, source), fetch in groupby(observations, lambda seen: (seen["t"], seen["source"])):
        memory = memories.setdefault(source, Memory(SourceId(source or "source"), entries))
        drafts = [_draft(seen) for seen in fetch]
        events += memory.see(drafts, now=START + timedelta(days=t))
    return events


class Memory:
    """What the store would remember of one source."""

    def __init__(self, source: SourceId, entries: dict[EntryId, Entry]) -> None:
        self._source = source
        self._learned = ""
        self._ids: dict[str, EntryId] = {}
        self._entries = entries  # of every source

    def see(self, drafts: list[Draft], *, now: datetime) -> Iterator[dict[str, str]]:
        """Recognize one fetch and keep it."""
        sighting = sight(drafts, self._source, Learned.from_json(self._learned))
        ids = {key: self._ids[key] for key in sighting.lookups if key in self._ids}
        wanted = recall(sighting, ids)
        entries = {id_: self._entries[id_] for id_ in wanted.entries if id_ in self._entries}
        found = recognize(
            sighting,
            Known(ids=ids, entries=entries, recent=self._recent(wanted.since, wanted.until)),
            now=now,
        )
        changed = (*found.new, *found.updated, *found.adjusted)
        self._entries.update({entry.id: entry for entry in changed})
        self._ids.update(found.keys)
        self._learned = found.learned.to_json()
        new = {entry.id for entry in found.new}
        updated = {entry.id for entry in found.updated}
        for entry_id in found.places:
            event = "new" if entry_id in new else "update" if entry_id in updated else "same"
            yield {"item": entry_id, "event": event}
            new.discard(entry_id)

    def _recent(self, since: datetime | None, until: datetime | None) -> tuple[Entry, ...]:
        if since is None or until is None:
            return ()
        return tuple(
            one
            for one in self._entries.values()
            if one.source == self._source and since <= one.published.at <= until
        )


def _draft(item: dict[str, str | None]) -> Draft:
    url, date = item.get("url"), item.get("date")
    return Draft(
        title=item["title"],
        link=web_link(url, base_url="") if url else None,
        guid=item.get("guid"),
        published=_when(date) if date else None,
        summary=item.get("summary") or "",
    )


def _when(date: str) -> When | None:
    try:
        at = datetime.fromisoformat(date)
    except ValueError:
        return None
    return When(at=at.replace(tzinfo=UTC), precision=Precision.DAY, basis=Basis.WRITTEN)
