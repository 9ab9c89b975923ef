"""Times of day, zones, and how a day becomes a `When`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from aggregator.core.dates import words
from aggregator.core.dates.patterns import TIME_AFTER, TIME_BEFORE
from aggregator.core.dates.shape import PM, Line, number
from aggregator.model import Basis, Precision, When

MAX_TIME_TOKENS = 20
MAX_OFFSET = timedelta(hours=14)  # Line Islands; no zone is further from UTC
NOON = 12

_OFFSET = re.compile(r"([+-]) ?(\d{1,2}):?(\d\d)?(?!\d)")


class Timed(NamedTuple):
    """A time of day beside a date."""

    start: int  # of its tokens, signs between it and the date included
    end: int
    time: time
    zone: str


def time_beside(line: Line, start: int, end: int) -> Timed | None:
    """Return the time of day after the date at tokens *start* to *end*, or before it."""
    match = TIME_AFTER.match(line.shape, end)
    found = _timed(line, match, 0) if match else None
    if found or not start:
        return found
    first = max(0, start - MAX_TIME_TOKENS)
    match = TIME_BEFORE.search(line.shape[first:start])
    return _timed(line, match, first) if match else None


def _timed(line: Line, match: re.Match[str], first: int) -> Timed | None:
    start, end = match.span(1)
    at = _time_of_day(line, first + start, first + end)
    if at is None:
        return None
    zone = "".join(line.tokens[first + end : first + match.end(2)]) if match[2] else ""
    return Timed(first + match.start(), first + match.end(), at, zone)


def _time_of_day(line: Line, start: int, end: int) -> time | None:
    shape, tokens = line.shape[start:end], line.tokens[start:end]
    numbers = [token for token, letter in zip(tokens, shape, strict=True) if letter == "d"]
    if "H" not in shape and 1 in map(len, numbers[1:]):
        return None  # "3:2" is a score
    hour, minute, second = [*map(number, numbers), 0, 0][:3]
    at = shape.find("p")
    if at >= 0 and 0 < hour <= NOON:
        hour = hour % NOON + NOON * (tokens[at] in PM)
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


@lru_cache(maxsize=256)
def zone_named(name: str) -> tzinfo:
    """Return the zone with IANA *name*; UTC when there is none."""
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # no such zone, a folder of zones, no name at all
        return UTC


def zone_of(text: str, local: datetime, home: str) -> tzinfo:
    """Return the zone that *text* ("CET", "GMT+1", "-05:00") names at *local* time.

    A name the source's own zone *home* uses at that time is that zone; so is no name, or
    one that means nothing.
    """
    own = zone_named(home)
    if not text:
        return own
    found = _OFFSET.search(text)
    if found:
        sign, hours, minutes = found.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return own if offset > MAX_OFFSET else timezone(-offset if sign == "-" else offset)
    name = text.strip(" ()")
    minutes_east = words.ZONES.get(name)
    if minutes_east is None or (local.replace(tzinfo=own).tzname() or "").lower() == name:
        return own
    return timezone(timedelta(minutes=minutes_east))


def on_day(day: date, zone: str, *, basis: Basis) -> When:
    """Return *day* as a bare day of the source's *zone*."""
    # A midnight that summer time skips is still that day, in the offset before it.
    at = fixed(datetime(day.year, day.month, day.day, tzinfo=zone_named(zone)))
    return When(at=at, precision=Precision.DAY, basis=basis)


def settled(local: datetime, zone: tzinfo) -> datetime:
    """Return naive *local* in *zone*, with the offset that was in force as a fixed one.

    A time skipped by summer time moves forward, a doubled one is the first of the two.
    """
    at = local.replace(tzinfo=zone)
    before, after = at.utcoffset(), at.replace(fold=1).utcoffset()
    if before is not None and after is not None and before < after:
        at += after - before
    return fixed(at)


def fixed(at: datetime) -> datetime:
    """Return aware *at* with its offset as a plain number."""
    if at.tzinfo is UTC:
        return at
    return at.replace(tzinfo=_offset(at.utcoffset()), fold=0)


@lru_cache(maxsize=256)
def _offset(offset: timedelta | None) -> timezone:
    return timezone(offset) if offset else UTC
