"""Reads a date out of a text: finds it, understands it, adds its time of day."""

from __future__ import annotations

from datetime import datetime

from aggregator.core.dates.calendar import Written, settle, written
from aggregator.core.dates.clock import (
    Timed,
    fixed,
    on_day,
    settled,
    time_beside,
    zone_named,
    zone_of,
)
from aggregator.core.dates.machine import is_for_machines, read_machine
from aggregator.core.dates.patterns import (
    APART_AFTER,
    APART_BEFORE,
    FULL,
    WEAK,
    WEEKDAY_AFTER,
    WEEKDAY_BEFORE,
)
from aggregator.core.dates.relative import Counted, find_relative, settle_relative
from aggregator.core.dates.shape import Line, composed, may_hold_date, take_apart
from aggregator.core.text import legal
from aggregator.model import Basis, Hints, Precision, When

MAX_READ = 300  # characters of a text that are looked at
MAX_LINE = 200

MAX_TORN_TOKENS = 3
YEAR_NEAR = 8  # tokens
_ONLY_ALONE = frozenset(
    {
        "compact",
        "day_box",
        "year_box",
        "box_year",
        "blank_year_first",
        "blank_year_last",
        "two_numbers_alone",
    }
)
_YEAR = frozenset("ytE")  # the classes a full date has one of


def read_date(text: str, hints: Hints, *, machine: str = "") -> When | None:
    """Return the date that *text* tells, or *machine* when a machine can read it.

    Args:
        text: A date with or without words around it, in any language; the first 300
            characters are read. Of several dates the one labelled as published wins,
            then the first.
        hints: When and where the page was read. A time without a zone is one of
            ``hints.timezone``; "05/06/2018" is read only when the hints decide it.
        machine: A datetime attribute, pubDate, epoch or the like; "" when there is none.

    Returns:
        None when no date is there, or when it is not certain which day is meant.

    >>> from datetime import UTC, datetime
    >>> hints = Hints(now=datetime(2018, 2, 1, tzinfo=UTC))
    >>> read_date("Update 120. 31 March 2007", hints).isoformat()
    '2007-03-31'
    """
    return _read_machine(machine.strip()[:MAX_READ], hints) or _read(text, hints)


def find_date_text(text: str) -> str | None:
    """Return the part of a line that is a date, as written; None when there is none.

    Args:
        text: One line; only its first 200 characters are looked at.

    Returns:
        The date with its weekday and time. It may still be one that `read_date` cannot
        decide: "05/06/2018".

    >>> find_date_text("Posted by Ana on 3 May 2019 in News | 4 comments")
    '3 May 2019'
    """
    line_text = composed(text, MAX_LINE)
    if not may_hold_date(line_text):
        return None
    line = take_apart(line_text)
    found = _find(line, is_cut=len(text) > MAX_LINE)
    if found is None:
        return None
    start, end = _extent(line, found, time_beside(line, found.start, found.day_end))
    return legal(line.written(start, end)).strip(" ,|(\t\r\n\xa0")


def _read_machine(text: str, hints: Hints) -> When | None:
    if not text:
        return None
    if is_for_machines(text):
        return read_machine(text, hints)
    when = _read(text, hints)  # RFC 822 and what people put into attributes
    if when is None or when.basis is not Basis.WRITTEN:
        return when
    return When(at=when.at, precision=when.precision, basis=Basis.MACHINE)


def _read(text: str, hints: Hints) -> When | None:
    line = take_apart(composed(text, MAX_READ))
    found = _find(line, is_cut=len(text) > MAX_READ)
    if found is None:
        return None
    timed = time_beside(line, found.start, found.day_end)
    if isinstance(found, Counted):
        return _counted(found, timed, hints)
    settled_day = settle(found, hints)
    if settled_day is None:
        return None
    day, basis = settled_day
    if timed is None:
        return on_day(day, hints.timezone, basis=basis)
    return _at(datetime.combine(day, timed.time), timed, basis, hints)


def _at(local: datetime, timed: Timed, basis: Basis, hints: Hints) -> When:
    at = settled(local, zone_of(timed.zone, local, hints.timezone))
    return When(at=at, precision=Precision.TIME, basis=basis)


def _counted(found: Counted, timed: Timed | None, hints: Hints) -> When | None:
    now = hints.now.astimezone(zone_named(hints.timezone)).replace(microsecond=0)
    counted = settle_relative(found, hints, now)
    if counted is None:
        return None
    at, precision = counted
    if precision is Precision.TIME:
        return When(at=fixed(at), precision=precision, basis=Basis.RELATIVE)
    if timed is None:
        return on_day(at.date(), hints.timezone, basis=Basis.RELATIVE)
    return _at(datetime.combine(at.date(), timed.time), timed, Basis.RELATIVE, hints)


def _find(line: Line, *, is_cut: bool) -> Written | Counted | None:
    full = _find_full(line) if not _YEAR.isdisjoint(line.shape) else None
    found = full or find_relative(line) or _find_weak(line)
    if is_cut and found and found.end >= len(line.tokens) - MAX_TORN_TOKENS:
        return None  # "22 January 20", and then the text was cut
    return found


def _find_full(line: Line) -> Written | None:
    """Return the first full date, but a published one first and an updated one last."""
    best: Written | None = None
    best_is_updated = False
    end = 0
    for match in FULL.finditer(line.shape):
        found = written(line, match)
        if found is None or (found.form == "minguo" and not _is_apart(line, found, None)):
            continue
        published = line.shape.rfind("P", end, found.start)
        updated = line.shape.rfind("U", end, found.start)
        end = found.end
        if published > updated:
            return found
        if best is None or (updated < 0 and best_is_updated):
            best, best_is_updated = found, updated >= 0
    return best


def _find_weak(line: Line) -> Written | None:
    for match in WEAK.finditer(line.shape):
        found = written(line, match)
        if found is None:
            continue
        timed = time_beside(line, found.start, found.day_end)
        if found.form == "two_numbers" and timed is None and found.weekday is None:
            found = found._replace(form="two_numbers_alone")
        if _is_apart(line, found, timed) and _is_enough(line, found):
            return None if _has_year_near(line, found) else found
    return None


def _has_year_near(line: Line, found: Written) -> bool:
    """Tell whether a year stands beside a date that has none.

    It is the date's own, in a form we do not know, so the nearest such day would be wrong.
    """
    if any(reading.year is not None for reading in found.readings):
        return False
    before = line.shape[max(0, found.start - YEAR_NEAR) : found.start].rpartition("|")[2]
    after = line.shape[found.end : found.end + YEAR_NEAR].partition("|")[0]
    return "y" in before or "y" in after


def _is_apart(line: Line, found: Written, timed: Timed | None) -> bool:
    start, end = _extent(line, found, timed)
    before = APART_BEFORE.search(line.shape, max(0, start - 4), start)
    return before is not None and APART_AFTER.match(line.shape, end) is not None


def _is_enough(line: Line, found: Written) -> bool:
    """Tell whether so short a date is one: some forms are dates only when alone."""
    if found.form not in _ONLY_ALONE:
        return True
    if found.form == "two_numbers_alone" and any(
        len(line.tokens[found.start + at]) == 1 for at in (0, 2)
    ):
        return False  # "1/5" is a page of five
    return line.shape.strip("() ") == line.shape[found.start : found.end]


def _extent(line: Line, found: Written | Counted, timed: Timed | None) -> tuple[int, int]:
    """Return the tokens of a date with its weekday and its time."""
    start, end = found.start, found.end
    if timed is not None:
        start, end = min(start, timed.start), max(end, timed.end)
    head = max(0, start - 5)
    before = WEEKDAY_BEFORE.search(line.shape[head:start])
    after = WEEKDAY_AFTER.match(line.shape, end)
    return head + before.start() if before else start, after.end() if after else end
