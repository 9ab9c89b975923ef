"""Whether "05/06/2018" is in May or in June."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise

from aggregator.core.dates.names import MONTHS
from aggregator.model import Hints

YEAR_FIRST = frozenset({"ja", "zh", "ko", "hu", "lt"})  # "18/01/22" is in January 2018
_NO_CUSTOM = YEAR_FIRST | {"en", "fa"}
_ENGLISH = {"us": False, "ph": False} | dict.fromkeys(
    ("gb", "uk", "ie", "au", "nz", "in", "pk", "ng", "ke", "gh", "sg", "mt", "150"), True
)
_MIXED_REGIONS = frozenset({"us", "pr", "ph", "ca"})

MAX_TEXTS = 500
MAX_LENGTH = 200
FEW_DAYS = timedelta(days=7)
_NUMERIC = re.compile(
    r"(?<![\d./-])(\d{1,2}) ?([./-]) ?(\d{1,2}) ?\2 ?(\d{4}|\d\d)(?!\d)(?![./-]\d)", re.ASCII
)


def language_of(hints: Hints) -> str:
    """Return the primary subtag of the page's language; "" when unknown."""
    return (hints.language or "").lower().replace("_", "-").partition("-")[0]


def day_first_by_custom(hints: Hints) -> bool | None:
    """Return what people write in the page's language and country; None: they differ."""
    language, _, rest = (hints.language or "").lower().replace("_", "-").partition("-")
    region = rest.rpartition("-")[2]
    if language == "en":
        return _ENGLISH.get(region)
    if language not in MONTHS or language in _NO_CUSTOM or region in _MIXED_REGIONS:
        return None
    return True


def learn_day_first(texts: Iterable[str], *, now: datetime | None = None) -> bool | None:
    """Return whether the dates of a source put the day first: "05/06/2018" is in June.

    Any part above 12 decides; else the order of the list does, when it goes up or down in
    one reading and not in the other; else *now*, when one reading lies in the future.

    Args:
        texts: Dates as written, in page order; the first 500 are read.
        now: When the page was fetched.

    Returns:
        None when nothing decides, or when the dates contradict each other.

    >>> learn_day_first(["05/06/2018", "23/05/2018"])
    True
    """
    triples = list(_triples(texts))
    votes = [first > 12 for first, second, _ in triples if (first > 12) != (second > 12)]
    if votes:
        return votes[0] if len(set(votes)) == 1 else None
    readings = {
        True: [_day(year, second, first) for first, second, year in triples],
        False: [_day(year, first, second) for first, second, year in triples],
    }
    return _only(readings, _is_sorted) if now is None else _decide(readings, now.date())


def _decide(readings: dict[bool, list[date]], today: date) -> bool | None:
    past = _only(readings, lambda days: max(days, default=today) <= today + FEW_DAYS)
    return past if past is not None else _only(readings, _is_sorted)


def _triples(texts: Iterable[str]) -> Iterable[tuple[int, int, int]]:
    for _, text in zip(range(MAX_TEXTS), texts, strict=False):
        for first, _, second, year in _NUMERIC.findall(text[:MAX_LENGTH]):
            a, b, full = int(first), int(second), int(year) + 2000 * (len(year) == 2)
            if 0 < min(a, b) and min(a, b) <= 12 and max(a, b) <= 31 and full > 0:
                yield a, b, full


def _day(year: int, month: int, day: int) -> date:
    return date(year, month, day)  # both are at most 12 here


def _only(readings: dict[bool, list[date]], fits: object) -> bool | None:
    assert callable(fits)
    fitting = [day_first for day_first, days in readings.items() if fits(days)]
    return fitting[0] if len(fitting) == 1 else None


def _is_sorted(days: list[date]) -> bool:
    """Tell whether at least three different *days* go up all the way, or down."""
    if len(set(days)) < 3:
        return False
    return all(a <= b for a, b in pairwise(days)) or all(a >= b for a, b in pairwise(days))
