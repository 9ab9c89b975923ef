"""People hear of a source once when it needs a look, and once when it is well again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.notices import DEAD_AFTER, entry_of_notice, message_of, notice_of
from aggregator.model import (
    Feed,
    FeedId,
    Notice,
    Outcome,
    OutcomeKind,
    Source,
    SourceId,
    SourceState,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PSG = Source(id=SourceId("psg"), title="PSG", url="http://p.example/", every=timedelta(hours=1))


def state(kind: OutcomeKind, failures: int = 0) -> SourceState:
    outcome = Outcome(source=PSG.id, kind=kind, detail="This was seen.", next_step="Do.")
    return SourceState(source=PSG.id, outcome=outcome, failures=failures)


def told(*states: SourceState) -> list[str]:
    before = SourceState(source=PSG.id)
    titles = []
    for after in states:
        notice = notice_of(PSG, before, after, now=NOON)
        titles += [notice.title] if notice else []
        before = after
    return titles


def test_a_held_source_is_told_once_and_then_that_it_is_well() -> None:
    held, well = state(OutcomeKind.HELD), state(OutcomeKind.CHANGED)

    assert told(well, held, held, well, well) == [
        "PSG is held: its page is not what it was",
        "PSG is well again",
    ]


def test_a_source_nobody_asked_yet_is_no_news() -> None:
    assert told(SourceState(source=PSG.id)) == []


def test_a_source_is_dead_after_some_failures_and_not_before() -> None:
    failing = [state(OutcomeKind.FAILED, failures=n) for n in range(1, DEAD_AFTER + 3)]

    assert told(*failing) == ["PSG does not answer"]
    assert told(*failing[: DEAD_AFTER - 1], state(OutcomeKind.UNCHANGED)) == []


def test_another_trouble_is_told_as_well() -> None:
    states = (OutcomeKind.HELD, OutcomeKind.EMPTY, OutcomeKind.GONE)

    assert len(told(*map(state, states))) == 3


@given(st.lists(st.sampled_from(OutcomeKind), max_size=12))
def test_well_again_follows_trouble_only(kinds: list[OutcomeKind]) -> None:
    titles = told(*(state(kind, failures=DEAD_AFTER) for kind in kinds))

    well = [title == "PSG is well again" for title in titles]
    assert not well or not well[0]
    assert not any(first and second for first, second in pairwise(well))


def notice(number: int, kind: OutcomeKind = OutcomeKind.HELD) -> Notice:
    return Notice(
        source=PSG.id,
        source_title="PSG",
        at=NOON + timedelta(seconds=number),
        kind=kind,
        title=f"Title {number}",
        detail="This was seen.\n\nDo.",
    )


def test_a_notice_is_an_entry_with_an_id_of_its_own() -> None:
    feed = Feed(
        id=FeedId("status"),
        title="Status",
        description="",
        updated=NOON,
        entries=(),
        home="http://feeds.example/sources",
        base_url="http://feeds.example/feeds/",
        atom_id="tag:feeds.example,2026-03-01:feeds/status",
    )

    first, again, other = (entry_of_notice(notice(n), feed=feed) for n in (1, 1, 2))

    assert first == again
    assert first.entry.id != other.entry.id
    assert first.entry.link == "http://feeds.example/sources/psg"
    assert first.entry.summary == "This was seen.\n\nDo."


def test_one_message_tells_all() -> None:
    assert message_of([notice(1)]) == ("Title 1", "This was seen.\n\nDo.")
    title, text = message_of([notice(1), notice(2)])
    assert title == "Title 1 (and 1 more)"
    assert "Title 2\nThis was seen." in text
