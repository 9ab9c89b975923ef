"""Hold a page against its source's past, and read it by another rule where it is unlike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.core import notes
from aggregator.core.contract import diagnosis_of, is_gap, judge, judge_empty
from aggregator.core.expectation import Repair, expectation_of
from aggregator.core.identity import Recognition
from aggregator.core.places import known_item
from aggregator.core.verdicts import Broken, Kept, Verdict, noted, repaired
from aggregator.core.walk import WalkEnd
from aggregator.look import Eyes, Page, hints_of, mended, rule_hash
from aggregator.model import Entry, Selectors, Source, SourceState


def hold_against_past(
    source: Source, state: SourceState, page: Page, recognition: Recognition, *, now: datetime
) -> Verdict:
    """Judge a page by what the source's own past leads us to expect."""
    past, reading = expectation_of(state.expectation), page.reading
    if not reading.drafts:
        return judge_empty(past, diagnosis_of(reading), accept=state.accept_next)
    verdict = judge(past, reading, recognition, accept=state.accept_next, now=now)
    if isinstance(verdict, Kept) and reading.mended:
        return told_of_repair(verdict, reading.mended, source, page, recognition)
    if isinstance(verdict, Broken) or page.end is WalkEnd.MET or state.accept_next:
        return verdict
    if is_gap(past, recognition):
        return noted(verdict, notes.gap(1 + len(page.older), is_end=page.end is WalkEnd.LAST))
    return verdict


def told_of_repair(
    verdict: Kept, rule: Selectors, source: Source, page: Page, recognition: Recognition
) -> Kept:
    """Remember a rule that was found by itself, and tell what it stands in for."""
    items = len(page.reading.drafts)
    note = notes.mended(
        rule,
        source.rule.selectors,
        items=items,
        known=items - len(recognition.new),
        is_replaced=page.is_replaced,
    )
    return repaired(verdict, Repair(rule_hash=rule_hash(source), selectors=rule), note)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlike:
    """A page that is not what it was; another rule may fit it."""

    page: Page
    known: tuple[Entry, ...]  # to be looked for on it
    is_broken: bool  # or only poorer


async def mend(unlike: Unlike, source: Source, state: SourceState, *, eyes: Eyes) -> Page:
    """Read a page by a rule that finds what is known on it, if there is one."""
    page, repair = unlike.page, expectation_of(state.expectation).repair
    is_valid = repair is not None and repair.rule_hash == rule_hash(source)
    hints = replace(
        hints_of(page.fetched, source, day_first=state.day_first),
        known=tuple(map(known_item, unlike.known)),
        stand_in=repair.selectors if repair and is_valid else None,
    )
    better = not unlike.is_broken
    return await mended(page, source, hints, must_be_better=better, eyes=eyes)
