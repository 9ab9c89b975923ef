"""What comes of it that the user accepts a source as it is."""

from __future__ import annotations

from datetime import UTC, datetime

from aggregator.core.accept import accepted
from aggregator.core.expectation import Expectation, Note, Repair, expectation_of
from aggregator.model import Outcome, OutcomeKind, Selectors, SourceId, SourceState

NOW = datetime(2018, 6, 1, 12, tzinfo=UTC)
CARDS = Selectors(items="div.card")


def state(kind: OutcomeKind, code: str, expectation: Expectation) -> SourceState:
    outcome = Outcome(source=SourceId("psg"), kind=kind, code=code, detail="it changed")
    return SourceState(
        source=SourceId("psg"), failures=3, expectation=expectation.to_json(), outcome=outcome
    )


def test_a_held_page_is_taken_the_next_time_and_that_is_now() -> None:
    done = accepted(state(OutcomeKind.HELD, "all-new", Expectation(visits=3)), now=NOW)

    assert done.rule is None
    assert (done.state.accept_next, done.state.next_due) == (True, NOW)


def test_a_rule_found_by_itself_is_taken_for_good() -> None:
    note = Note(code="repaired", sentence="it changed", next_step="", becomes=OutcomeKind.REPAIRED)
    repair = Repair(rule_hash="a", selectors=CARDS)
    expectation = Expectation(visits=3, repair=repair, note=note)

    done = accepted(state(OutcomeKind.REPAIRED, "repaired", expectation), now=NOW)

    assert done.rule == CARDS
    assert not done.state.accept_next
    kept = expectation_of(done.state.expectation)
    assert kept.repair == Repair(rule_hash="a", selectors=CARDS, blessed=True)
    assert kept.note is None
    assert done.state.outcome is not None
    assert done.state.outcome.is_fine


def test_a_repair_of_the_past_is_not_what_is_accepted_now() -> None:
    expectation = Expectation(visits=3, repair=Repair(rule_hash="a", selectors=CARDS))

    done = accepted(state(OutcomeKind.HELD, "all-new", expectation), now=NOW)

    assert done.rule is None
    assert done.state.accept_next
