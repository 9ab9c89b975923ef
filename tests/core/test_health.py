"""What a refresh came to is told as an outcome a person can act on."""

from __future__ import annotations

from datetime import UTC, datetime

from aggregator.core import health
from aggregator.core.expectation import Note
from aggregator.model import Outcome, OutcomeKind, SourceId
from tests.pipeline.pages import source

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MOVED = Note(code="moved-back", sentence="it is back", next_step="Look at {source}.")


def test_a_mistake_of_ours_is_a_failure_that_asks_for_a_report() -> None:
    outcome = health.broken(source(), ValueError("x" * 1000), at=NOON)

    assert (outcome.kind, outcome.code) == (OutcomeKind.FAILED, "internal")
    assert outcome.detail.startswith("ValueError: xxx")
    assert len(outcome.detail) == 500
    assert "report" in outcome.next_step


def test_a_note_stands_beside_what_an_outcome_tells_itself() -> None:
    fine = Outcome(source=SourceId("psg"), kind=OutcomeKind.CHANGED)
    failed = Outcome(source=SourceId("psg"), kind=OutcomeKind.FAILED, code="dns", detail="no host")

    assert health.told(fine, None) is fine
    assert health.told(failed, MOVED).detail == "no host; it is back"
    assert health.told(failed, MOVED).code == "dns"
    assert health.told(fine, MOVED).code == "moved-back"
    assert health.told(fine, MOVED).next_step == "Look at psg."
