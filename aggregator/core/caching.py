"""What a server says about asking again: freshness, validators, Retry-After."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=7)  # whatever a server asks for
VALIDATOR_LENGTH = 1_000  # characters; longer ones are not sent back

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,12})")
_SECONDS = re.compile(r"^\d{1,12}$")


def fresh_for(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """Return how long the page says it stays as it is; ``None``: it does not say.

    Cache-Control wins over Expires; Age is taken off (RFC 9111 section 4.2).

    >>> fresh_for({"cache-control": "max-age=600", "age": "60"}, now=datetime(2018, 1, 1))
    datetime.timedelta(seconds=540)
    """
    control = headers.get("cache-control", "")[:500].lower()
    if "no-cache" in control or "no-store" in control:
        return None
    max_age = _MAX_AGE.search(control)
    if max_age:
        age = headers.get("age", "").strip()
        seconds = int(max_age[1]) - (int(age) if _SECONDS.match(age) else 0)
    elif (expires := _date(headers.get("expires", ""))) is not None:
        seconds = int((expires - (_date(headers.get("date", "")) or now)).total_seconds())
    else:
        return None
    return min(timedelta(seconds=seconds), LONGEST) if 0 < seconds < 10**9 else None


def retry_at(value: str | None, *, now: datetime) -> datetime | None:
    """Return when Retry-After says to come back, in either of its forms (RFC 9110 10.2.3)."""
    text = (value or "").strip()[:100]
    if _SECONDS.match(text):
        return now + min(timedelta(seconds=min(int(text), 10**9)), LONGEST)
    at = _date(text)
    return None if at is None else min(max(at, now), now + LONGEST)


def validator(value: str | None) -> str | None:
    """Return an ETag or Last-Modified that can be sent back, or nothing."""
    text = (value or "").strip()
    is_fine = 0 < len(text) <= VALIDATOR_LENGTH and text.isprintable() and text.isascii()
    return text if is_fine else None


def _date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text.strip()[:100])
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
