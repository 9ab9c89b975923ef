"""Dates in the texts of items; what was found is remembered, since texts are asked for again."""

from __future__ import annotations

import re
from functools import lru_cache

from aggregator.core.dates import find_date_text
from aggregator.core.dates.shape import may_hold_date

DATE_LINE = 80  # characters; a longer text is no date line
_MOST = 0.6  # of a date line is date
_DATES = 3  # of one line: held, posted, amended
_A_WORD = re.compile(r"[^\W\d_]{2,}")
_LOOKED_AT = 201  # characters; `find_date_text` looks at one less, and sees that it was cut


def date_in(text: str) -> str:
    """Return the part of a text that is a date, ``""`` when none is."""
    return _date_in(text[:_LOOKED_AT]) if text else ""


def is_date(text: str) -> bool:
    """Tell whether a text is a date, or some, and hardly anything else.

    >>> is_date("May 5, 2020 - posted May 4, 2020 9:45 AM")
    True
    """
    if len(text) > DATE_LINE:
        return False
    return sum(map(len, dates_in(text))) >= _MOST * max(1, len(text))


def is_only_dates(text: str) -> bool:
    """Tell whether a text says nothing but when: a date, or two with a word between them.

    >>> is_only_dates("May 5, 2020 - posted May 4, 2020"), is_only_dates("Agenda, May 5, 2020")
    (True, False)
    """
    if len(text) > DATE_LINE:
        return False
    dates = dates_in(text)
    for date in dates:
        text = text.replace(date, " ", 1)
    return len(_A_WORD.findall(text)) < len(dates)


def dates_in(text: str) -> list[str]:
    """Return the dates in a text, the most telling first."""
    dates: list[str] = []
    while len(dates) < _DATES and (found := date_in(text)):
        dates.append(found)
        text = text.replace(found, " | ", 1)
    return dates


@lru_cache(maxsize=8192)
def _date_in(text: str) -> str:
    return (find_date_text(text) or "") if may_hold_date(text) else ""
