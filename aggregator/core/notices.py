"""What the program has to tell about itself: a source that is held, repaired, dead, gone or well.

Topic feeds never carry such entries; they stand in a feed of their own, ``status``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zlib import crc32

from aggregator.core.expectation import expectation_of
from aggregator.core.notes import QUIET
from aggregator.core.text import cut
from aggregator.model import (
    Basis,
    Entry,
    EntryId,
    Feed,
    FeedEntry,
    Notice,
    Outcome,
    OutcomeKind,
    Precision,
    Source,
    SourceState,
    When,
)

DEAD_AFTER = 5  # failures in a row; sites are away for an hour every day somewhere
TOLD_WITHIN = timedelta(days=1)  # an older notice is no news to anybody
_TITLE_LENGTH = 120
_SAYS = {
    OutcomeKind.HELD: "is held: its page is not what it was",
    OutcomeKind.REPAIRED: "was repaired: its page changed, its items were found again",
    OutcomeKind.EMPTY: "shows no items any more",
    OutcomeKind.GONE: "is gone for good",
    OutcomeKind.FAILED: "does not answer",
}


def notice_of(
    source: Source, before: SourceState, after: SourceState, *, now: datetime
) -> Notice | None:
    """Return what is worth telling about a refresh; ``None``: nothing changed for anybody."""
    outcome, was_told = after.outcome, _is_told(before)
    if outcome is None:
        return None
    if outcome.is_fine:
        if was_told:
            return _notice(source, outcome, "is well again", now=now)
        fell_quiet = outcome.code == QUIET and not _was_quiet(before)
        return _notice(source, outcome, "has been quiet for long", now=now) if fell_quiet else None
    same_as_before = before.outcome is not None and before.outcome.kind is outcome.kind
    if not _is_told(after) or (was_told and same_as_before):
        return None
    return _notice(source, outcome, _SAYS[outcome.kind], now=now)


def _was_quiet(state: SourceState) -> bool:
    """Tell whether a source was quiet for too long already when nobody had to look last."""
    rhythm, last = expectation_of(state.expectation).rhythm, state.succeeded_at
    return rhythm is not None and last is not None and rhythm.is_quiet(now=last)


def _is_told(state: SourceState) -> bool:
    """Tell whether a source is in a state of which a notice was made."""
    outcome = state.outcome
    if outcome is None or outcome.is_fine:
        return False
    return outcome.kind is not OutcomeKind.FAILED or state.failures >= DEAD_AFTER


def _notice(source: Source, outcome: Outcome, says: str, *, now: datetime) -> Notice:
    is_well = outcome.is_fine and outcome.code != QUIET
    detail = "" if is_well else outcome.detail
    step = "" if is_well else outcome.next_step
    return Notice(
        source=source.id,
        source_title=source.title,
        at=now,
        kind=outcome.kind,
        title=cut(f"{source.title} {says}", _TITLE_LENGTH),
        detail="\n\n".join(part for part in (detail, step) if part),
    )


def message_of(notices: Sequence[Notice]) -> tuple[str, str]:
    """Return title and text of one message about all of *notices*."""
    first, more = notices[0], len(notices) - 1
    title = f"{first.title} (and {more} more)" if more else first.title
    texts = (f"{notice.title}\n{notice.detail}".strip() for notice in notices)
    return title, "\n\n".join(texts) if more else first.detail or first.title


def entry_of_notice(notice: Notice, *, feed: Feed) -> FeedEntry:
    """Return *notice* as an entry of the feed ``status``; the same one has the same id always."""
    mark = crc32(f"{notice.source}|{notice.kind.value}".encode())
    entry = Entry(
        id=EntryId(f"{feed.atom_id}/{notice.at:%Y%m%dT%H%M%S%f}-{mark:08x}"),
        source=notice.source,
        title=notice.title,
        link=f"{feed.home}/{notice.source}",
        summary=notice.detail or "Nothing is to be done.",
        categories=(notice.kind.value,),
        published=When(at=notice.at, precision=Precision.TIME, basis=Basis.MACHINE),
        updated=notice.at,
        first_seen=notice.at,
    )
    return FeedEntry(entry=entry, source_title=notice.source_title, source_url=feed.home)
