"""What robots.txt lets us do (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from protego import Protego

KEPT = timedelta(hours=24)  # RFC 9309 section 2.4: not longer
KEPT_UNREACHABLE = timedelta(minutes=30)  # then it is tried again
LIMIT_BYTES = 500 * 1024  # RFC 9309 section 2.5 asks for at least as much
LONGEST_DELAY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """The rules of one origin, for a while."""

    until: datetime
    rules: Any = None  # a Protego; None: everything is allowed
    is_unreachable: bool = False  # then nothing is allowed

    def allows(self, url: str, user_agent: str) -> bool:
        """Tell whether *url* may be fetched by who we say we are."""
        if self.is_unreachable:
            return False
        return self.rules is None or bool(self.rules.can_fetch(url, user_agent))

    def delay(self, user_agent: str) -> timedelta:
        """Return the time the site asks for between two fetches."""
        seconds = self.rules.crawl_delay(user_agent) if self.rules is not None else None
        return min(timedelta(seconds=max(float(seconds or 0), 0.0)), LONGEST_DELAY)


def read_robots(status: int | None, body: bytes, *, now: datetime) -> Robots:
    """Return what the answer to a request for robots.txt means.

    Args:
        status: Of HTTP; ``None``: there was no answer.
        body: The file, as far as it is read.
        now: When it was asked for.
    """
    if status is None or status >= 500:  # noqa: PLR2004 -- server errors: RFC 9309 2.3.1.4
        return Robots(until=now + KEPT_UNREACHABLE, is_unreachable=True)
    if status >= 300:  # noqa: PLR2004 -- there is none: RFC 9309 2.3.1.3
        return Robots(until=now + KEPT)
    text = body[:LIMIT_BYTES].decode("utf-8", "replace").lstrip("\ufeff")
    return Robots(until=now + KEPT, rules=Protego.parse(text))
