"""What it means that the user says: this is right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.core.expectation import expectation_of
from aggregator.model import OutcomeKind, Selectors, SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What was accepted, and what is remembered from now on."""

    state: SourceState
    rule: Selectors | None  # the rule that was found by itself; None: the page was accepted
    sentence: str  # for the user


def accepted(state: SourceState, *, now: datetime) -> Accepted:
    """Return what comes of it that the user accepts a source as it is.

    A rule that was found by itself is taken for good, until the configuration changes.
    Otherwise the next page is taken whatever it holds, and becomes what is usual; it is
    fetched at once.
    """
    expectation, outcome = expectation_of(state.expectation), state.outcome
    repair = expectation.repair
    if repair is None or outcome is None or outcome.code != "repaired":
        after = replace(state, accept_next=True, next_due=now)
        sentence = "the next page is taken as it is, and becomes what is usual"
        return Accepted(state=after, rule=None, sentence=sentence)
    expectation = replace(expectation, repair=replace(repair, blessed=True), note=None)
    kind = OutcomeKind.UNCHANGED if outcome.kind is OutcomeKind.REPAIRED else outcome.kind
    after = replace(
        state,
        expectation=expectation.to_json(),
        failures=0,
        outcome=replace(outcome, kind=kind, code="", detail="", next_step=""),
    )
    sentence = "the rule that was found by itself is used from now on"
    return Accepted(state=after, rule=repair.selectors, sentence=sentence)
