"""Decide when a source is asked again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from aggregator.model import FailureKind, Outcome, OutcomeKind, Source

MAX_DOUBLINGS = 7  # one hour becomes five days; sites do come back
LONGEST_WAIT = timedelta(days=5)  # whatever servers ask for and failures add up to
NO_WAY = frozenset({FailureKind.DNS.value, FailureKind.CONNECT.value})  # nobody was asked
SOON = timedelta(minutes=1)  # mostly our own line is down, at a start without a network too
JITTER = 0.1  # of the wait; a thousand sources must not come due in one second


def next_due(
    source: Source,
    outcome: Outcome,
    *,
    failures: int,
    not_before: datetime | None,
    now: datetime,
    rng: Random,
) -> datetime | None:
    """Return when *source* is due again; ``None``: never by itself.

    Args:
        source: Whose `every` is the rhythm.
        outcome: What the refresh came to.
        failures: In a row, this one included; each doubles the wait. Where no server could
            be reached, the first waits are 1, 4, 16 … minutes.
        not_before: What the server asked for: Retry-After, Cache-Control, ttl.
        now: When the refresh ended.
        rng: For the jitter.
    """
    if outcome.kind is OutcomeKind.GONE:
        return None
    wait = source.every * (1 << min(failures, MAX_DOUBLINGS))
    wait = max(min(wait, LONGEST_WAIT), source.every)
    if failures and outcome.code in NO_WAY:
        wait = min(wait, SOON * 4 ** min(failures - 1, MAX_DOUBLINGS))
    wait *= 1 + JITTER * (2 * rng.random() - 1)
    due = now + wait
    if not_before is not None:
        due = max(due, min(not_before, now + LONGEST_WAIT))
    return due


def when_free(*, ahead: int, delay: timedelta, concurrency: int, now: datetime) -> datetime:
    """Return when a host can take another source, after *ahead* that wait already.

    Args:
        ahead: How many are in front.
        delay: Between two fetches of the host.
        concurrency: How many at the same time; each is taken to last a second.
        now: When they began to wait.
    """
    return now + max(delay, timedelta(seconds=1) / concurrency) * ahead


def furthest_due(sources: Iterable[Source], *, now: datetime) -> datetime:
    """Return the time after which no source can be due, unless the clock was wrong."""
    longest = max((source.every for source in sources), default=LONGEST_WAIT)
    return now + max(longest, LONGEST_WAIT) * (1 + 2 * JITTER)


def first_due(*, now: datetime, position: int, count: int) -> datetime:
    """Return when a source that was never fetched is due: at once, spread over a minute."""
    return now + timedelta(seconds=min(60.0, count / 50) * position / max(count, 1))
