"""What robots.txt lets us do (RFC 9309)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from protego import Protego

KEPT = timedelta(hours=24)  # RFC 9309 section 2.4: not longer
KEPT_UNREACHABLE = timedelta(minutes=30)  # then it is tried again
LIMIT_BYTES = 500 * 1024  # RFC 9309 section 2.5 asks for at least as much
LONGEST_DELAY = timedelta(seconds=60)
MAX_RULES = 5_000  # of the groups that mean us; 500 kB of rules cost seconds to take in
MAX_LINE = 8_192  # characters; no address is longer

_SERVER_ERRORS = 500  # and up; it "is unreachable": RFC 9309 section 2.3.1.4
_TOO_MANY = 429  # says no more about what is allowed than they do

_AGENT = re.compile(r"\s*user[ -]?agent\s*:\s*([^#]*)", re.IGNORECASE)
_RULE = re.compile(r"\s*(?:(?:diss?)?allow|crawl[ -]delay)\b", re.IGNORECASE)
_TOKEN = re.compile(r"[a-z][a-z_-]*[a-z]", re.IGNORECASE)
_REMARKS = re.compile(r"\([^)]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """The rules of one origin, for a while."""

    until: datetime
    rules: Any = None  # a Protego; None: everything is allowed
    is_unreachable: bool = False  # then nothing is allowed

    def allows(self, url: str) -> bool:
        """Tell whether *url* may be fetched."""
        if self.is_unreachable:
            return False
        return self.rules is None or bool(self.rules.can_fetch(url, "*"))

    def delay(self) -> timedelta:
        """Return the time the site asks for between two fetches."""
        seconds = self.rules.crawl_delay("*") if self.rules is not None else None
        return timedelta(seconds=min(max(seconds or 0.0, 0.0), LONGEST_DELAY.total_seconds()))


def read_robots(
    status: int | None,
    body: bytes,
    *,
    user_agent: str,
    now: datetime,
    before: Robots | None = None,
) -> Robots:
    """Return what the answer to a request for robots.txt means.

    Args:
        status: Of HTTP; ``None``: there was no answer.
        body: The file, as far as it is read.
        user_agent: Who we say we are.
        now: When it was asked for.
        before: What it said the last time; holds while it cannot be reached.
    """
    if status is None or status == _TOO_MANY or status >= _SERVER_ERRORS:
        until = now + KEPT_UNREACHABLE
        if before is not None and not before.is_unreachable:
            return replace(before, until=until)
        return Robots(until=until, is_unreachable=True)
    if status >= 300:  # noqa: PLR2004 -- there is none: RFC 9309 2.3.1.3
        return Robots(until=now + KEPT)
    text = body[:LIMIT_BYTES].decode("utf-8", "replace").lstrip("\ufeff")
    ours = "\n".join(our_rules(text, user_agent))
    return Robots(until=now + KEPT, rules=Protego.parse(ours) if ours else None)


def our_rules(text: str, user_agent: str) -> Iterator[str]:
    """Pick the rules that mean us, and say them of everyone.

    These are the groups that name us; without one, those of ``*`` (RFC 9309 section 2.2.1).
    Read whole, 15,000 agents above 15,000 rules would take minutes and gigabytes.
    """
    lines = [line for line in text.splitlines() if len(line) <= MAX_LINE]
    named = {name for line in lines if (name := _agent(line))}
    ours = named & _tokens(user_agent) or named & {"*"}
    applies, in_rules, count = False, True, 0
    for line in lines:
        if name := _agent(line):
            applies = name in ours or (applies and not in_rules)
            in_rules = False
        elif _RULE.match(line):
            in_rules = True
            if applies and count < MAX_RULES:
                if not count:
                    yield "User-agent: *"
                count += 1
                yield line


def _agent(line: str) -> str | None:
    """Return the product token of a line that names one, without its version."""
    match = _AGENT.match(line)
    return match[1].partition("/")[0].strip().lower() if match else None


def _tokens(user_agent: str) -> set[str]:
    """Return the names robots.txt may call us by: the products of our User-Agent."""
    products = _REMARKS.sub(" ", user_agent).split()
    return {match[0].lower() for product in products if (match := _TOKEN.match(product))}
