"""Dates in the texts of items; what was found is remembered, since texts are asked for again."""

from __future__ import annotations

from functools import lru_cache

from aggregator.core.dates import find_date_text
from aggregator.core.dates.shape import may_hold_date

DATE_LINE = 80  # characters; a longer text is no date line
_MOST = 0.6  # of a date line is date
_LOOKED_AT = 201  # characters; `find_date_text` looks at one less, and sees that it was cut


def date_in(text: str) -> str:
    """Return the part of a text that is a date, ``""`` when none is."""
    return _date_in(text[:_LOOKED_AT]) if text else ""


def is_date(text: str) -> bool:
    """Tell whether a text is a date and hardly anything else."""
    if len(text) > DATE_LINE:
        return False
    found = date_in(text)
    return bool(found) and len(found) >= _MOST * len(text)


@lru_cache(maxsize=8192)
def _date_in(text: str) -> str:
    return (find_date_text(text) or "") if may_hold_date(text) else ""
