"""Turn entries, outcomes and source states into rows and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeAlias

from sqlalchemy import RowMapping

from aggregator.model import (
    Basis,
    Enclosure,
    Entry,
    EntryId,
    Outcome,
    OutcomeKind,
    Precision,
    SourceId,
    SourceState,
    Visit,
    When,
)

Row: TypeAlias = Mapping[str, Any] | RowMapping

_PRECISIONS = {one.value: one for one in Precision}  # an enumeration takes five times as long
_BASES = {one.value: one for one in Basis}


def entry_row(entry: Entry) -> dict[str, Any]:
    """Return the columns of *entry*; `entry_of` turns them back."""
    offset = entry.published.at.utcoffset() or timedelta(0)
    return {
        "id": entry.id,
        "source_id": entry.source,
        "title": entry.title,
        "link": entry.link,
        "guid": entry.guid,
        "date_text": entry.date_text,
        "published_at": entry.published.at,
        "published_offset": int(offset.total_seconds()),
        "precision": entry.published.precision.value,
        "basis": entry.published.basis.value,
        "updated_at": entry.updated,
        "first_seen": entry.first_seen,
        "position": entry.position,
        "summary": entry.summary,
        "content": entry.content,
        "more": _more(entry),
    }


def entry_of(row: Row) -> Entry:
    """Return the entry a row holds."""
    more = _read_more(row["more"])
    return Entry(
        id=EntryId(row["id"]),
        source=SourceId(row["source_id"]),
        title=row["title"],
        link=row["link"],
        guid=row["guid"],
        date_text=row["date_text"],
        published=When(
            at=_in_offset(row["published_at"], row["published_offset"]),
            precision=_PRECISIONS[row["precision"]],
            basis=_BASES[row["basis"]],
        ),
        updated=row["updated_at"],
        first_seen=row["first_seen"],
        position=row["position"],
        summary=row["summary"],
        content=row["content"],
        revised=_when_of(more["revised"]) if "revised" in more else None,
        authors=tuple(more.get("authors", ())),
        categories=tuple(more.get("categories", ())),
        image=more.get("image"),
        enclosures=tuple(Enclosure(**one) for one in more.get("enclosures", ())),
        language=more.get("language"),
    )


def _in_offset(at: datetime, offset_seconds: int) -> datetime:
    return at.astimezone(timezone(timedelta(seconds=offset_seconds))) if offset_seconds else at


def _more(entry: Entry) -> str:
    more: dict[str, Any] = {}
    if entry.authors:
        more["authors"] = entry.authors
    if entry.categories:
        more["categories"] = entry.categories
    if entry.image:
        more["image"] = entry.image
    if entry.enclosures:
        more["enclosures"] = [asdict(one) for one in entry.enclosures]
    if entry.language:
        more["language"] = entry.language
    if entry.revised:
        when = entry.revised
        more["revised"] = [when.at.isoformat(), when.precision.value, when.basis.value]
    return json.dumps(more, ensure_ascii=False) if more else ""


@lru_cache(maxsize=256)
def _read_more(text: str) -> Mapping[str, Any]:
    """Return what `_more` wrote; most entries of a source say the same there: a language."""
    return MappingProxyType(json.loads(text) if text else {})


def _when_of(parts: list[str]) -> When:
    at, precision, basis = parts
    return When(at=datetime.fromisoformat(at), precision=Precision(precision), basis=Basis(basis))


def state_row(state: SourceState) -> dict[str, Any]:
    """Return the columns of *state*; `state_of` turns them back."""
    return {
        "url": state.url,
        "etag": state.etag,
        "last_modified": state.last_modified,
        "body_hash": state.body_hash,
        "rule_hash": state.rule_hash,
        "day_first": state.day_first,
        "learned": state.learned,
        "expectation": state.expectation,
        "accept_next": state.accept_next,
        "failures": state.failures,
        "next_due": state.next_due,
        "visited_at": state.visited_at,
        "succeeded_at": state.succeeded_at,
        "changed_at": state.changed_at,
        "outcome": _outcome_json(state.outcome) if state.outcome else None,
    }


def state_of(row: Row) -> SourceState:
    """Return the state a row of `sources` holds."""
    return SourceState(
        source=SourceId(row["id"]),
        outcome=_outcome_of(row["outcome"]) if row["outcome"] else None,
        **{
            name: row[name]
            for name in SourceState.__dataclass_fields__
            if name not in {"source", "outcome"}
        },
    )


def visit_of(row: Any) -> Visit:
    """Return the refresh a row of `visits` holds."""
    return Visit(
        at=row.at,
        kind=OutcomeKind(row.kind),
        code=row.code,
        items=row.items,
        new=row.new,
        updated=row.updated,
        took=timedelta(milliseconds=row.milliseconds),
    )


def _outcome_json(outcome: Outcome) -> str:
    # Not asdict(): it copies deeply, which is a fifth of what an unchanged page costs.
    fields = {name: getattr(outcome, name) for name in Outcome.__dataclass_fields__}
    for name in ("at", "next_due"):
        fields[name] = fields[name].isoformat() if fields[name] else None
    return json.dumps(fields, ensure_ascii=False)


def _outcome_of(text: str) -> Outcome:
    fields = json.loads(text)
    for name in ("at", "next_due"):
        fields[name] = datetime.fromisoformat(fields[name]) if fields[name] else None
    fields["kind"] = OutcomeKind(fields["kind"])
    return Outcome(**fields)
