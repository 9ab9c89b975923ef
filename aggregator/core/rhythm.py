"""How often a source has news, by its own past, and when it has been quiet for too long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

LEARNED_FROM = 5  # pauses; fewer say nothing about the next one
TOO_LONG = 4  # times the longest usual pause
AT_LEAST = timedelta(days=7)  # no shorter pause is worth a word
FADING = 0.98  # of the longest pause and the greatest burst, with every news
PINNED = 5  # pauses on a first page, from which on its longest may be that before a pinned item
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When a source had news, and how much of it."""

    last: datetime  # when something new came last
    longest: float = 0.0  # hours between two news: the longest usual pause
    pauses: int = 0  # that it was learned from
    burst: float = 0.0  # most items that were new at one visit

    def is_quiet(self, *, now: datetime) -> bool:
        """Tell whether the source has been quiet for far longer than it ever was."""
        allowed = max(TOO_LONG * timedelta(hours=self.longest), AT_LEAST)
        return self.pauses >= LEARNED_FROM and now - self.last > allowed

    def surprise(self, count: int, *, now: datetime) -> float:
        """Return how many times the greatest burst *count* new items are; 1.0: no surprise.

        After a pause longer than usual nothing surprises: the source was not looked at.
        """
        if now - self.last > timedelta(hours=self.longest):
            return 1.0
        return max(1.0, count / (self.burst + 1))


def first_rhythm(dates: Sequence[datetime], *, now: datetime) -> Rhythm:
    """Return the pauses between the dates on a source's first page.

    It is not quiet before it was looked at: a list that ended years ago is what was added.
    """
    days = sorted({at for at in dates if at <= now})
    pauses = sorted((after - before) / HOUR for before, after in pairwise(days))
    usual = pauses[:-1] if len(pauses) >= PINNED else pauses
    return Rhythm(last=now, longest=round(max(usual, default=0.0)), pauses=len(pauses))


def with_news(before: Rhythm, count: int, *, now: datetime) -> Rhythm:
    """Return the rhythm after a visit that brought *count* new items."""
    if not count:
        return before
    pause = max((now - before.last) / HOUR, 0.0)
    return replace(
        before,
        last=max(now, before.last),
        longest=round(max(before.longest * FADING, pause), 1),
        pauses=min(before.pauses + 1, 2 * LEARNED_FROM),
        burst=round(max(before.burst * FADING, count), 1),
    )
