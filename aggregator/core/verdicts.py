"""What may be said of a page that was read, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from aggregator.core import notes
from aggregator.core.expectation import Expectation, Note, Repair
from aggregator.core.identity import Recognition
from aggregator.model import EntryId, Kind, Reading

DATA = frozenset(kind for kind in Kind if kind.is_data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The page is what its past leads us to expect, but for what is left out."""

    expectation: Expectation
    refused: frozenset[EntryId] = frozenset()  # new entries that are none, or must wait
    untouched: frozenset[EntryId] = frozenset()  # known entries that stay as they are
    is_final: bool = True  # the same page would come to the same
    may_mend: bool = False  # a better rule might bring back what is missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The page is not; `{source}` in the next step stands for the source's name."""

    expectation: Expectation  # with what is needed to release it one day
    code: str
    sentence: str
    next_step: str


Verdict: TypeAlias = Kept | Broken


def permitted(recognition: Recognition, verdict: Kept) -> Recognition:
    """Return what of *recognition* may be stored: nothing of what was left out."""
    refused = verdict.refused | verdict.untouched
    if not refused:
        return recognition
    return replace(
        recognition,
        new=tuple(entry for entry in recognition.new if entry.id not in refused),
        updated=tuple(entry for entry in recognition.updated if entry.id not in refused),
        adjusted=tuple(entry for entry in recognition.adjusted if entry.id not in refused),
        revisions=tuple(one for one in recognition.revisions if one.entry not in refused),
        keys=tuple((key, entry) for key, entry in recognition.keys if entry not in refused),
    )


def noted(verdict: Kept, note: Note) -> Kept:
    """Return *verdict* with one more note, the first of all."""
    before = verdict.expectation.note
    both = notes.joined([note, before] if before else [note])
    return replace(verdict, expectation=replace(verdict.expectation, note=both))


def repaired(verdict: Kept, repair: Repair, note: Note) -> Kept:
    """Remember the rule a page was read by, found by itself, and note it unless it is blessed."""
    before = verdict.expectation.repair
    blessed = before is not None and before == replace(repair, blessed=True)
    repair = replace(repair, blessed=blessed)
    verdict = replace(verdict, expectation=replace(verdict.expectation, repair=repair))
    return verdict if blessed else noted(verdict, note)


def calls_for_repair(verdict: Verdict, reading: Reading) -> bool:
    """Tell whether another rule might find what this reading of a page lacks."""
    unlike = isinstance(verdict, Broken) or verdict.may_mend
    return unlike and not reading.extraction.kind.is_data


def is_better(mended: Reading, plain: Reading) -> bool:
    """Tell whether a mended rule brought back items, dates or summaries."""
    return _richness(mended) > _richness(plain)


def _richness(reading: Reading) -> int:
    return sum(
        1 + (draft.published is not None) + bool(draft.summary or draft.content)
        for draft in reading.drafts
    )
