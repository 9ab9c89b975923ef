"""Dates counted from the fetch: "2 hours ago", "hace 3 días", "昨天 14:30"."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from aggregator.core.dates.calendar import OLDEST
from aggregator.core.dates.order import language_of
from aggregator.core.dates.patterns import AGO, APART_AFTER, APART_BEFORE, DAY_WORD, LABELLED
from aggregator.core.dates.shape import DAY_WORDS, ONES, UNITS, Line, number
from aggregator.core.dates.words import ONLY_IN, UNIT_BESIDE
from aggregator.model import Hints, Precision

_LENGTHS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_CLOCKED = frozenset({"second", "minute", "hour"})
MAX_TOKENS_AROUND = 6  # of a word that is a date in one language only: "hier", "ma"


class Counted(NamedTuple):
    """A relative date as it stands."""

    start: int
    end: int
    spans: tuple[tuple[int, str], ...]  # (3, "day"), (2, "hour"); () is the present moment
    day_word: str = ""

    @property
    def day_end(self) -> int:
        """Return where a time of day may follow."""
        return self.end


def find_relative(line: Line) -> Counted | None:
    """Return the first relative date of *line* that stands apart from other words."""
    match = AGO.search(line.shape)
    if match:
        counted = _ago(line, match)
        if counted and _stands_apart(line, counted, both=False):
            return counted
    for match in DAY_WORD.finditer(line.shape):
        start, end = match.span()
        word = line.tokens[start] if match[0] == "R" else ""
        counted = Counted(start, end, (), word)
        if word in ONLY_IN and len(line.tokens) > MAX_TOKENS_AROUND:
            continue
        if _stands_apart(line, counted, both=True):
            return counted
    return None


def _stands_apart(line: Line, counted: Counted, *, both: bool) -> bool:
    head = max(0, counted.start - 4)
    before = APART_BEFORE.search(line.shape, head, counted.start)
    after = APART_AFTER.match(line.shape, counted.end)
    if not both:
        return bool(before or after)
    if before is None:
        return False
    if LABELLED.search(line.shape, head, counted.start):
        return True  # "Posted yesterday in News", but "Today in history" is none
    rest = line.shape[counted.end : counted.end + 2].strip()
    return not rest or rest[0] in "d|,;().?~-a"


def _ago(line: Line, match: re.Match[str]) -> Counted | None:
    group = "span_after" if match["span_after"] is not None else "span_before"
    start, end = match.span(group)
    spans: list[tuple[int, str]] = []
    amount: int | None = None
    around = line.tokens[match.start() : match.end()]
    for word, letter in zip(line.tokens[start:end], line.shape[start:end], strict=True):
        if letter in "dt":
            amount = number(word)
        elif amount is None and word in ONES:
            amount = 1
        elif word in UNITS and (amount is not None or _is_one_itself(word)):
            unit = next(
                (UNIT_BESIDE[word, ago] for ago in around if (word, ago) in UNIT_BESIDE), ""
            )
            spans.append((1 if amount is None else amount, unit or UNITS[word]))
            amount = None
    return Counted(*match.span(), tuple(spans)) if spans else None


def _is_one_itself(word: str) -> bool:
    """Tell whether a unit alone counts one: Slavic languages say "hour ago" (час назад)."""
    return not word.isascii() and word < "\u2e80"


def settle_relative(
    counted: Counted, hints: Hints, now: datetime
) -> tuple[datetime, Precision] | None:
    """Return the time *counted* means, in the zone of *now*; None when it is no date here."""
    if counted.day_word:
        languages = ONLY_IN.get(counted.day_word)
        if languages and language_of(hints) not in languages:
            return None
        return now + timedelta(days=DAY_WORDS[counted.day_word]), Precision.DAY
    precision = Precision.TIME if _is_clocked(counted) else Precision.DAY
    for amount, unit in counted.spans:
        now = _earlier(now, amount, unit)
    return (now, precision) if now.year >= OLDEST else None


def _is_clocked(counted: Counted) -> bool:
    """Tell whether the smallest unit is told by a clock: "1 day, 7 hours ago"."""
    return not counted.spans or counted.spans[-1][1] in _CLOCKED


def _earlier(at: datetime, amount: int, unit: str) -> datetime:
    if unit in _CLOCKED:  # hours that passed, whatever summer time did to the clock
        return (at.astimezone(UTC) - amount * _LENGTHS[unit]).astimezone(at.tzinfo)
    if unit in _LENGTHS:
        return at - amount * _LENGTHS[unit]
    months = at.year * 12 + at.month - 1 - amount * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    last = monthrange(year, month + 1)[1]
    return at.replace(year=year, month=month + 1, day=min(at.day, last))
