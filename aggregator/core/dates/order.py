"""Whether "05/06/2018" is in May or in June."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice, pairwise

from aggregator.core.dates.names import MONTHS
from aggregator.model import Hints

YEAR_FIRST = frozenset({"ja", "zh", "ko", "hu", "lt"})  # "18/01/22" is in January 2018
_NO_CUSTOM = YEAR_FIRST | {"en", "fa", "eu", "eo"}
_ENGLISH = {"us": False, "ph": False} | dict.fromkeys(
    ("gb", "uk", "ie", "au", "nz", "in", "pk", "ng", "ke", "gh", "sg", "mt", "150"), True
)
_MIXED_REGIONS = frozenset({"us", "pr", "ph", "ca"})

MAX_TEXTS = 500
MAX_LENGTH = 200
MONTHS_A_YEAR = 12
LONGEST_MONTH = 31
FEWEST_IN_ORDER = 3  # two dates are always in some order
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

    Any part above 12 decides; else *now*, when one reading lies in the future; else the
    order of the list, when it goes up or down in one reading and not in the other.

    Args:
        texts: Dates as written, in page order; the first 500 are read.
        now: When the page was fetched.

    Returns:
        None when nothing decides, or when the dates contradict each other.

    >>> learn_day_first(["05/06/2018", "23/05/2018"])
    True
    """
    triples = list(_triples(texts))
    votes = {a > b for a, b, _ in triples if max(a, b) > MONTHS_A_YEAR}
    if votes:
        return votes.pop() if len(votes) == 1 else None
    day_first = [date(year, second, first) for first, second, year in triples]
    month_first = [date(year, first, second) for first, second, year in triples]
    limit = now.date() + FEW_DAYS if now else date.max
    by_now = _only(
        day_first=max(day_first, default=limit) <= limit,
        month_first=max(month_first, default=limit) <= limit,
    )
    if by_now is not None:
        return by_now
    return _only(day_first=_is_sorted(day_first), month_first=_is_sorted(month_first))


def _only(*, day_first: bool, month_first: bool) -> bool | None:
    """Return the one that holds when only one does."""
    return None if day_first == month_first else day_first


def _triples(texts: Iterable[str]) -> Iterator[tuple[int, int, int]]:
    """Yield first number, second number and year of each date that is possible."""
    for text in islice(texts, MAX_TEXTS):
        for first, _, second, year in _NUMERIC.findall(text[:MAX_LENGTH]):
            low, high = sorted((int(first), int(second)))
            if 1 <= low <= MONTHS_A_YEAR and high <= LONGEST_MONTH and int(year):
                yield int(first), int(second), int(year) + 2000 * (len(year) == len("18"))


def _is_sorted(days: list[date]) -> bool:
    """Tell whether at least three different *days* go up all the way, or down."""
    if len(set(days)) < FEWEST_IN_ORDER:
        return False
    return all(a <= b for a, b in pairwise(days)) or all(a >= b for a, b in pairwise(days))
