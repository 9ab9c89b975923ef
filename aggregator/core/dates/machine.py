"""Dates written for machines: ISO 8601, RFC 3339, epochs, yyyymmdd."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from aggregator.core.dates.clock import on_day, settled, zone_named
from aggregator.model import Basis, Hints, Precision, When

_ISO = re.compile(
    r"(\d{4})(-?)(\d\d)\2(\d\d)"
    r"(?:(?:[Tt]| {1,3})(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,]\d{1,12})?)?)?"
    r" ?(?:([Zz]|UTC|GMT)|([+-−])(\d\d):?(\d\d)?)?(?:\[[\w/+-]{1,40}\])?|[Zz]|[+-]\d\d:\d\d)?",
    re.ASCII,
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?", re.ASCII)
_EPOCH = re.compile(r"(\d{9,19})(?:\.\d{1,9})?", re.ASCII)
SECONDS_DIGITS = 9  # or ten, or eleven; thousandths have three more
OLDEST_EPOCH = datetime(1990, 1, 1, tzinfo=UTC)  # the Web's first page
OLDEST_YEAR = 1900
MAX_YEARS_AHEAD = 10
# What programs write when they have no date, east and west of Greenwich.
EPOCH_DAYS = frozenset({date(1970, 1, 1), date(1969, 12, 31)})


def read_machine(text: str, hints: Hints) -> When | None:
    """Return the date in *text*, or None when it has none of the forms for machines."""
    match = _ISO.fullmatch(text)
    if match:
        return _iso(match, hints)
    match = _COMPACT.fullmatch(text)
    if match:
        found = _local([int(part or 0) for part in match.groups()], None, hints)
        if found:
            return found
    match = _EPOCH.fullmatch(text)
    return _epoch(match[1], hints) if match else None


def is_for_machines(text: str) -> bool:
    """Tell whether *text* has a form for machines, whether or not there is such a day."""
    return _ISO.fullmatch(text) is not None or _EPOCH.fullmatch(text) is not None


def _iso(match: re.Match[str], hints: Hints) -> When | None:
    year, _, month, day, hour, minute, second, utc, sign, hours, minutes = match.groups()
    if hour is None:
        return _bare_day(int(year), int(month), int(day), hints)
    offset = None
    if utc or sign:
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        offset = offset if sign == "+" else -offset
    numbers = [int(part or 0) for part in (year, month, day, hour, minute, second)]
    return _local(numbers, offset, hints)


def _bare_day(year: int, month: int, day: int, hints: Hints) -> When | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    if not _is_plausible(found, hints):
        return None
    return on_day(found, hints.timezone, basis=Basis.MACHINE)


def _local(numbers: list[int], offset: timedelta | None, hints: Hints) -> When | None:
    """Return the time *numbers* (year to second) tell; without *offset*, the source's."""
    year, month, day, hour, minute, second = numbers
    try:
        local = datetime(year, month, day, hour, minute, min(second, 59))  # noqa: DTZ001 - zoned below
        zone = zone_named(hints.timezone) if offset is None else timezone(offset)
    except ValueError:
        return None
    if not _is_plausible(local.date(), hints):
        return None
    return When(at=settled(local, zone), precision=Precision.TIME, basis=Basis.MACHINE)


def _is_plausible(day: date, hints: Hints) -> bool:
    latest = hints.now.year + MAX_YEARS_AHEAD
    return OLDEST_YEAR <= day.year <= latest and day not in EPOCH_DAYS


def _epoch(digits: str, hints: Hints) -> When | None:
    """Return the time of a count since 1970: of seconds, or thousandths, and so on."""
    thousands = (len(digits) - SECONDS_DIGITS) // 3
    at = datetime.fromtimestamp(int(digits) // 1000**thousands, UTC)
    if at < OLDEST_EPOCH or at.year > hints.now.year + MAX_YEARS_AHEAD:
        return None
    return When(at=at, precision=Precision.TIME, basis=Basis.MACHINE)
