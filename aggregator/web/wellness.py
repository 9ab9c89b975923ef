"""How a source is, in words a person understands, and its last refreshes as a small chart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.core.text import counted
from aggregator.model import OutcomeKind, Precision, Source, SourceState, Visit, When

MOODS = {
    OutcomeKind.CHANGED: "well",
    OutcomeKind.UNCHANGED: "still",
    OutcomeKind.REPAIRED: "held",
    OutcomeKind.EMPTY: "held",
    OutcomeKind.HELD: "held",
    OutcomeKind.FAILED: "ill",
    OutcomeKind.GONE: "ill",
}
_WORDS = {
    OutcomeKind.CHANGED: "Well.",
    OutcomeKind.UNCHANGED: "Well.",
    OutcomeKind.REPAIRED: "Repaired.",
    OutcomeKind.EMPTY: "Empty.",
    OutcomeKind.HELD: "Held.",
    OutcomeKind.FAILED: "No answer.",
    OutcomeKind.GONE: "Gone.",
}
_BAR = 6  # units of the chart from one refresh to the next
_LEAST, _MOST = 4, 24  # the height of a bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A date for people and for machines."""

    words: str
    machine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One refresh in the chart."""

    x: int
    height: int
    mood: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The last refreshes, oldest first: how many items there were, and what came of it."""

    bars: tuple[Bar, ...]
    width: int
    words: str  # the same for who cannot see it


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a source is."""

    mood: str  # well, waiting, held or ill
    word: str
    told: str
    next_step: str
    url: str
    looked: Day | None
    next: Day | None
    chart: Chart | None


def health_of(source: Source, state: SourceState | None, visits: Sequence[Visit]) -> Health:
    """Say how *source* is."""
    outcome = state.outcome if state else None
    mood, word, told = "waiting", "Waiting.", "It has not been looked at yet."
    if state is not None and outcome is not None:
        mood = "well" if outcome.is_fine else MOODS[outcome.kind]
        word, told = _WORDS[outcome.kind], _told(state)
    return Health(
        mood=mood,
        word=word,
        told=told,
        next_step=outcome.next_step if outcome else "",
        url=source.public_url or (state.url if state else None) or source.url,
        looked=_moment(state.visited_at) if state and state.visited_at else None,
        next=_moment(state.next_due) if state and state.next_due else None,
        chart=_chart(visits) if visits else None,
    )


def _told(state: SourceState) -> str:
    outcome = state.outcome
    if outcome is None:
        return ""
    if outcome.is_fine:
        since = f", nothing new since {_moment(state.changed_at).words}" if state.changed_at else ""
        told = f"{counted(outcome.items, 'item')} on the page{since}."
        return f"{told} {_sentence(outcome.detail)}".strip()
    often = f" ({state.failures} times in a row)" if state.failures > 1 else ""
    return f"{_sentence(outcome.detail).rstrip('.')}{often}."


def _sentence(text: str) -> str:
    is_name = "." in text.partition(" ")[0]  # a host or a file: spelled as it is
    first = text[:1] if is_name else text[:1].upper()
    return f"{first}{text[1:].rstrip('.')}." if text else ""


def _chart(visits: Sequence[Visit]) -> Chart:
    most = max(1, *(visit.items for visit in visits))
    bars = tuple(
        Bar(
            x=at * _BAR,
            height=_LEAST + (_MOST - _LEAST) * visit.items // most,
            mood=MOODS[visit.kind],
            words=_visit(visit),
        )
        for at, visit in enumerate(visits)
    )
    kinds = Counter(visit.kind.value for visit in visits)
    counted = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    return Chart(
        bars=bars,
        width=len(bars) * _BAR,
        words=f"The last {len(bars)} times it was looked at: {counted}.",
    )


def _visit(visit: Visit) -> str:
    new = f", {visit.new} new" if visit.new else ""
    code = f" ({visit.code})" if visit.code else ""
    return (
        f"{_moment(visit.at).words}: {visit.kind.value}{code}, {counted(visit.items, 'item')}{new}"
    )


def day_of(when: When, *, found: bool, brief: bool = False) -> Day:
    """Return the date of an entry; one that was never written says when it was found."""
    words = f"{when.at.day} {when.at:%b %Y}"
    if when.precision is Precision.TIME and not (found or brief):
        words = f"{words}, {when.at:%H:%M}"
    return Day(words=f"found {words}" if found and not brief else words, machine=when.isoformat())


def _moment(at: datetime) -> Day:
    return Day(words=f"{at.day} {at:%b %Y, %H:%M} UTC", machine=at.isoformat(timespec="seconds"))
