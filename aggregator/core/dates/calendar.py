"""What a written date means: from a pattern's match to a day of the calendar."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from aggregator.core.dates import names, words
from aggregator.core.dates.machine import EPOCH_DAYS
from aggregator.core.dates.order import YEAR_FIRST, day_first_by_custom, language_of
from aggregator.core.dates.patterns import WEEKDAY_AFTER, WEEKDAY_BEFORE
from aggregator.core.dates.shape import MONTH_OF, WEEKDAY_OF, Line, number
from aggregator.model import Basis, Hints

OLDEST = 1900  # the oldest year we believe when all four digits are written
OLDEST_SHORT = 1970  # and when they are not
MAX_YEARS_AHEAD = 10  # "in force from 1 January 2031"
MAX_YEARS_AHEAD_SHORT = 2
TWO_YEARS = timedelta(days=731)  # how far back a weekday may move a date without a year
ONE_YEAR = timedelta(days=366)  # and how far ahead: events of the season
DAYS_AHEAD = 7  # how far a date without a year may lie in the future
LONGEST_ABBREVIATION = 4
CENTURY = 100
LEAP_YEAR = 2000
BUDDHIST_FROM = 2400  # no other year is written so

_TWO_DIGIT_YEARS = frozenset({"short", "spoken_short"})
# Forms of two numbers, and the signs that say no day outside East Asia.
_WITHOUT_YEAR = {"two_numbers": "-", "two_numbers_alone": "-/"}
_MONTH_LEADS = _WITHOUT_YEAR.keys() | {"box_year"}  # where the year comes first, if there is one
_EITHER_ORDER = frozenset({"year_last", "blank_year_last", "box_year", "two_numbers"})


class Reading(NamedTuple):
    """One way to read a date."""

    year: int | None  # below 100: two digits were written
    month: int
    day: int
    day_first: bool | None = None  # set when other readings differ in the order


class Written(NamedTuple):
    """A date as it stands: every possible way to read it."""

    form: str
    readings: tuple[Reading, ...]
    start: int
    end: int
    month: str = ""  # the month's name, when it is a name
    mark: str = ""  # what parts the numbers, when all are numbers
    weekday: int | None = None  # Monday is 0
    day_end: int = 0  # where a time of day may follow; before the year in a ctime


def written(line: Line, match: re.Match[str]) -> Written | None:
    """Return what *match* may mean; None when no calendar has such a day."""
    form = match.lastgroup or ""
    start, end = match.span(form)
    shape, tokens = line.shape[start:end], line.tokens[start:end]
    numbers: list[int] = []
    months: list[str] = []
    year: int | None = None
    for letter, token in zip(shape, tokens, strict=True):
        if letter in "dt":
            numbers.append(number(token))
        elif letter in "Mmg":
            months.append(token)
        elif letter == "y":
            year = number(token)
            year -= words.BUDDHIST if year > BUDDHIST_FROM else 0
    if form == "month_day" and months and not _may_lead(months[0]):
        return None
    if months:
        possible = _spoken(form, numbers, year, months)
    elif year is None:
        possible = _without_year(form, numbers, tokens)
    else:
        possible = _ordered(form, numbers[0], numbers[1], year)
    readings = tuple(filter(_exists, possible))
    if not readings or (form in _TWO_DIGIT_YEARS and len(tokens[-1]) == 1):
        return None  # no such day; "3-2-1" is a score
    return Written(
        form,
        readings,
        start,
        end,
        months[0] if months else "",
        "" if months else next((sign for sign in shape if sign in "-/."), ""),
        _weekday(line, start, end),
        start + shape.index("d") + 1 if form == "ctime" else end,
    )


def _may_lead(month: str) -> bool:
    """Tell whether "Gen. 11" may be a day: no, only English puts short names first."""
    return "en" in MONTH_OF[month] or len(month) > LONGEST_ABBREVIATION or not month.isascii()


def _spoken(form: str, numbers: list[int], year: int | None, months: list[str]) -> list[Reading]:
    """Return the readings of a date with a named month: one a month the name may mean."""
    values = sorted(set(MONTH_OF[months[0]].values()))
    if form == "spoken_short":
        year = numbers[-1]
    if len(months) > 1 and year and max(MONTH_OF[months[1]].values()) < values[0]:
        year -= 1  # "30 December – 2 January 2019"
    day = _first_day(form, numbers, months)
    return [Reading(year, month, day) for month in values]


def _first_day(form: str, numbers: list[int], months: list[str]) -> int:
    """Return the first day of a range; in "Issue 7 - 5 May 2018" there is none."""
    is_range = len(numbers) > 1 and len(months) == 1 and form in {"spoken", "day_month"}
    return numbers[1] if is_range and numbers[0] >= numbers[1] else numbers[0]


def _without_year(form: str, numbers: list[int], tokens: list[str]) -> list[Reading]:
    """Return the readings of a date of numbers whose year is short, hidden or missing."""
    if form == "short":
        a, b, c = numbers
        last = _ordered("year_last", a, b, c) if a != b else [Reading(c, a, b, day_first=True)]
        return [*last, Reading(a, b, c)]
    if form == "compact":
        token = tokens[0]
        return [Reading(int(token[:4]), int(token[4:6]), int(token[6:]))]
    if form == "era":
        return [Reading(words.ERAS[tokens[0]] + numbers[0], numbers[1], numbers[2])]
    if form == "minguo":
        if "." in tokens and 1 in {len(tokens[-1]), len(tokens[-3])}:
            return []  # 115.3.19 may be anything
        return [Reading(numbers[0] + words.MINGUO, numbers[1], numbers[2])]
    return _ordered(form, numbers[0], numbers[1], None)


def _ordered(form: str, first: int, second: int, year: int | None) -> list[Reading]:
    if form in _EITHER_ORDER and first != second:
        return [
            Reading(year, second, first, day_first=True),
            Reading(year, first, second, day_first=False),
        ]
    if form in {"day_first", "day_box"}:
        first, second = second, first
    return [Reading(year, first, second)]


def _exists(reading: Reading) -> bool:
    """Tell whether the calendar has this day in its year, or in a leap year."""
    year = LEAP_YEAR if reading.year is None else reading.year
    return _date(year + CENTURY * 20 * (year < CENTURY), reading.month, reading.day) is not None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def _weekday(line: Line, start: int, end: int) -> int | None:
    """Return the weekday that stands next to tokens *start* to *end*."""
    head = line.shape[max(0, start - 5) : start]
    before = WEEKDAY_BEFORE.search(head) if head else None
    after = WEEKDAY_AFTER.match(line.shape, end)
    if before:
        word = line.tokens[start - len(head) + before.start()]
    elif after:
        word = line.tokens[after.end() - 1]
    else:
        return None
    values = set(WEEKDAY_OF.get(word, {}).values())
    return values.pop() - 1 if len(values) == 1 else None


def settle(date_written: Written, hints: Hints) -> tuple[date, Basis] | None:
    """Return the day that is meant and how that is known; None when it cannot be told."""
    readings = _in_language(date_written, hints)
    if len(readings) > 1 or date_written.form in _WITHOUT_YEAR:
        readings = _in_order(date_written, readings, hints)
    if len(readings) != 1:
        return None
    reading = readings[0]
    if reading.year is None:
        day = _nearest(date_written, reading, hints)
        return (day, Basis.INFERRED) if day else None
    day = _date(_full_year(reading.year, hints), reading.month, reading.day)
    if day is None or not _is_plausible(day, short=reading.year < CENTURY, hints=hints):
        return None
    return day, Basis.WRITTEN if len(date_written.readings) == 1 else Basis.INFERRED


def _in_language(date_written: Written, hints: Hints) -> list[Reading]:
    """Return the readings that the language of the page allows."""
    readings = list(date_written.readings)
    spoken = MONTH_OF.get(date_written.month)
    language = language_of(hints)
    if not spoken or language not in names.MONTHS:
        return readings
    if language in spoken:
        return [reading for reading in readings if reading.month == spoken[language]]
    # "3 mars" on an English page is no date; "3 mars 2019" and "15 de enero" are on any.
    is_short = readings[0].year is None and len(date_written.month) <= LONGEST_ABBREVIATION
    is_foreign = is_short and "en" not in spoken
    return [] if is_foreign else readings


def _in_order(date_written: Written, readings: list[Reading], hints: Hints) -> list[Reading]:
    """Return the readings in the order of day, month and year that the source has."""
    if date_written.form == "short":
        if language_of(hints) in YEAR_FIRST:
            return [reading for reading in readings if reading.day_first is None]
        by_custom = hints.day_first if hints.day_first is not None else day_first_by_custom(hints)
        if date_written.mark == "-" and by_custom is None:
            return []  # "18-01-22" may begin with the year
        readings = [reading for reading in readings if reading.day_first is not None]
    if date_written.form in _MONTH_LEADS and language_of(hints) in YEAR_FIRST:
        return [reading for reading in readings if not reading.day_first]
    if date_written.mark in _WITHOUT_YEAR.get(date_written.form, ""):
        return []  # "22-12" is rather a score, "12/24" a page
    if len(readings) <= 1:
        return readings
    day_first = _day_first(date_written, readings, hints)
    return [reading for reading in readings if reading.day_first is day_first]


def _day_first(date_written: Written, readings: list[Reading], hints: Hints) -> bool | None:
    """Decide the order: the weekday, the source's other dates, the country, the dots."""
    fits = {
        reading.day_first for reading in readings if _fits_weekday(date_written, reading, hints)
    }
    if len(fits) == 1:
        return fits.pop()
    if hints.day_first is not None:
        return hints.day_first
    custom = day_first_by_custom(hints)
    if custom is None and date_written.mark == "." and language_of(hints) != "en":
        return True  # whoever writes dots puts the day first; only English has it both ways
    return custom


def _fits_weekday(date_written: Written, reading: Reading, hints: Hints) -> bool:
    year = hints.now.year if reading.year is None else _full_year(reading.year, hints)
    day = _date(year, reading.month, reading.day)
    return day is not None and day.weekday() == date_written.weekday


def _full_year(year: int, hints: Hints) -> int:
    """Return *year* with its century: the latest one that is not far ahead."""
    if year >= CENTURY:
        return year
    latest = hints.now.year + MAX_YEARS_AHEAD_SHORT
    return latest - (latest - year) % CENTURY


def _is_plausible(day: date, *, short: bool, hints: Hints) -> bool:
    if day in EPOCH_DAYS:
        return False
    if short:
        return day.year >= OLDEST_SHORT
    return OLDEST <= day.year <= hints.now.year + MAX_YEARS_AHEAD


def _nearest(date_written: Written, reading: Reading, hints: Hints) -> date | None:
    """Return the day of a date without a year: the latest that is not ahead.

    A weekday beside it decides the year, which may then be the next one.
    """
    today = hints.now.date()
    years = range(today.year + 1, today.year - 9, -1)  # nine: a leap day may be eight years off
    days = [day for year in years if (day := _date(year, reading.month, reading.day))]
    if date_written.weekday is not None:
        fitting = [day for day in days if day.weekday() == date_written.weekday]
        near = min(fitting, key=lambda day: abs(day - today), default=today)
        return near if near in fitting and -TWO_YEARS < near - today < ONE_YEAR else None
    limit = today + timedelta(days=DAYS_AHEAD)
    return next((day for day in days if day <= limit), None)
