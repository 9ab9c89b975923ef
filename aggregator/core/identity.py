"""Recognize drafts: new, updated or the same as what is stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from aggregator.model import (
    Basis,
    Draft,
    Entry,
    EntryId,
    Precision,
    Revision,
    SourceId,
    When,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What a source taught us about its own links."""

    shared: tuple[str, ...] = ()  # link keys that several titles share

    def to_json(self) -> str:
        """Return it as `from_json` reads it."""
        return json.dumps({"shared": self.shared})

    @classmethod
    def from_json(cls, text: str) -> Learned:
        """Read what `to_json` wrote; ``""`` is nothing learned."""
        return cls(shared=tuple(json.loads(text)["shared"])) if text else cls()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store remembers of the drafts at hand."""

    ids: Mapping[str, EntryId]
    entries: Mapping[EntryId, Entry]
    learned: Learned


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """What a page's drafts turned out to be."""

    new: tuple[Entry, ...] = ()
    updated: tuple[Entry, ...] = ()
    same: tuple[EntryId, ...] = ()
    revisions: tuple[Revision, ...] = ()
    keys: tuple[tuple[str, EntryId], ...] = ()
    learned: Learned = field(default_factory=Learned)


def keys_of(
    drafts: Sequence[Draft],
    source: SourceId,  # noqa: ARG001
    learned: Learned,  # noqa: ARG001
) -> tuple[tuple[str, ...], ...]:
    """Return for each draft the keys that may lead to its entry, strongest first."""
    return tuple(
        (f"{draft.guid or ''}|{draft.link or ''}|{draft.title or draft.summary[:80]}",)
        for draft in drafts
    )


def recognize(
    drafts: Sequence[Draft], known: Known, *, source: SourceId, source_host: str, now: datetime
) -> Recognition:
    """Tell which drafts are new."""
    new: list[Entry] = []
    keys: list[tuple[str, EntryId]] = []
    same: list[EntryId] = []
    for position, (draft, (key,)) in enumerate(
        zip(drafts, keys_of(drafts, source, known.learned), strict=True)
    ):
        if key in known.ids:
            same.append(known.ids[key])
            continue
        digest = hashlib.sha256(f"{source}\n{key}".encode()).hexdigest()[:24]
        entry_id = EntryId(f"tag:{source_host},{now.year}:{digest}")
        fields = {name: getattr(draft, name) for name in Draft.__dataclass_fields__}
        fields["published"] = draft.published or When(
            at=now.astimezone(UTC), precision=Precision.TIME, basis=Basis.FIRST_SEEN
        )
        entry = Entry(
            **fields, id=entry_id, source=source, updated=now, first_seen=now, position=position
        )
        if all(entry.id != other.id for other in new):
            new.append(replace(entry, updated=min(now, entry.published.at.astimezone(UTC))))
            keys.append((key, entry_id))
    return Recognition(new=tuple(new), same=tuple(same), keys=tuple(keys), learned=known.learned)
