"""Rounds: what is due is claimed and refreshed; no host takes the places of the others."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

import structlog

from aggregator.bootstrap import Shop
from aggregator.core import health
from aggregator.core.domains import registered_domain
from aggregator.core.schedule import furthest_due, when_free
from aggregator.errors import StoreError
from aggregator.model import Outcome, OutcomeKind, Source, SourceId, SourceState, Trouble
from aggregator.pipeline import refresh
from aggregator.ports import Session

_PASSING = frozenset({Trouble.EMPTY_LIST.value, Trouble.UNAVAILABLE.value})  # heal by themselves
AT_ONCE = 1_000  # sources in work at the same time; most of them wait for their host
HOST_AT_ONCE = 8  # of them, sources of one host; the others are due when it can take them
LEASE = timedelta(minutes=10)  # a source claimed by a process that died is due again after it
DRAIN = timedelta(seconds=7)  # what runs may end within; service managers kill after ten
STUCK = timedelta(hours=1)  # no refresh takes as long; every part of one has its own limit
CLOCK_STEP = timedelta(minutes=1)  # a clock that is put back by more was wrong before

# What came of a refresh, or what kept it from being stored; and how long it took.
Ended = Callable[[Outcome | StoreError, timedelta], None]

log = structlog.get_logger()


class Rounds:
    """Claims sources as they come due and refreshes them, until they are drained."""

    def __init__(self, shop: Shop, *, ended: Ended) -> None:
        """Prepare for *shop*; *ended* is called after each refresh."""
        self._shop = shop
        self._ended = ended
        self._sources = {source.id: source for source in shop.config.sources}
        self._running: dict[SourceId, asyncio.Task[None]] = {}
        self._began: dict[SourceId, datetime] = {}
        self._ticked: datetime | None = None

    async def tick(self) -> None:
        """Claim what is due and start it; never waits for it.

        Raises:
            StoreError: The state cannot be used; nothing new was started.
        """
        now = self._shop.desk.clock.now()
        if self._ticked is None or now < self._ticked - CLOCK_STEP:
            await self._recall(now)
        self._ticked = now
        self._end_stuck(now)
        while room := AT_ONCE - len(self._running):
            claim = partial(_claim, now=now, limit=room)
            states = await self._shop.desk.store.transact(claim)
            await self._start(states, now)
            if len(states) < room:
                return

    async def drain(self) -> None:
        """Let what runs end for a while; what does not is due again at once."""
        if not self._running:
            return
        log.info("draining", refreshes=len(self._running))
        _, late = await asyncio.wait(self._running.values(), timeout=DRAIN.total_seconds())
        unfinished = [name for name, task in self._running.items() if task in late]
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        now = self._shop.desk.clock.now()
        await self._shop.desk.store.transact(lambda session: session.release(unfinished, due=now))

    async def _recall(self, now: datetime) -> None:
        """Heal what a wrong clock did: at the start, and when it is put back."""
        beyond = furthest_due(self._sources.values(), now=now)
        count = await self._shop.desk.store.transact(
            lambda session: session.recall(now=now, beyond=beyond)
        )
        if count:
            log.warning("clock was wrong", sources=count, do="They are refreshed now.")

    async def _start(self, states: Sequence[SourceState], now: datetime) -> None:
        """Start what was claimed; what its host cannot take yet is given back."""
        manners = self._shop.config.fetch.per_host
        most = max(HOST_AT_ONCE, 2 * manners.concurrency)
        busy = Counter(_host(self._sources[source]) for source in self._running)
        later: dict[SourceId, datetime] = {}
        for state in states:
            source = self._sources.get(state.source)
            if source is None or source.id in self._running:
                continue
            host = _host(source)
            busy[host] += 1
            if busy[host] <= most:
                self._run(source, state, now)
                continue
            later[source.id] = when_free(
                ahead=busy[host] - most,
                delay=manners.delay,
                concurrency=manners.concurrency,
                now=now + timedelta(seconds=1),
            )
        if later:
            await self._give_back(later)

    async def _give_back(self, later: dict[SourceId, datetime]) -> None:
        def release(session: Session) -> None:
            for source, due in later.items():
                session.release([source], due=due)

        await self._shop.desk.store.transact(release)

    def _run(self, source: Source, state: SourceState, now: datetime) -> None:
        task = asyncio.create_task(self._refresh(source, state))
        self._running[source.id] = task
        self._began[source.id] = now
        task.add_done_callback(partial(self._forget, source.id))

    async def _refresh(self, source: Source, state: SourceState) -> None:
        clock = self._shop.desk.clock
        started = clock.now()
        result: Outcome | StoreError
        try:
            result = await attempt(source, state, shop=self._shop)
        except StoreError as error:  # nothing was written: it is due again after its lease
            result = error
        self._ended(result, clock.now() - started)

    def _forget(self, source: SourceId, _: asyncio.Task[None]) -> None:
        self._running.pop(source, None)
        self._began.pop(source, None)

    def _end_stuck(self, now: datetime) -> None:
        for source, began in self._began.items():
            if now - began > STUCK:
                log.error("stuck", source=source, do="It is given up; please report this.")
                self._running[source].cancel()


def _claim(session: Session, *, now: datetime, limit: int) -> tuple[SourceState, ...]:
    return session.due_sources(now=now, limit=limit, lease=LEASE)


def _host(source: Source) -> str:
    return registered_domain(urlsplit(source.url).hostname or "")


async def attempt(source: Source, state: SourceState, *, shop: Shop) -> Outcome:
    """Refresh one source; whatever goes wrong costs this source alone.

    This is the one place that catches everything: a mistake of ours in one source is logged
    with its traceback, marks the source, and lets the others go on.
    """
    started = shop.desk.clock.now()
    try:
        outcome = await refresh(source, state, desk=shop.desk)
    except StoreError:
        raise
    except Exception as error:
        log.exception("broken", source=source.id)
        outcome = await _mark_broken(source, state, error, shop=shop)
    log_outcome(outcome, took=shop.desk.clock.now() - started)
    return outcome


async def _mark_broken(
    source: Source, state: SourceState, error: Exception, *, shop: Shop
) -> Outcome:
    now = shop.desk.clock.now()
    state = health.concluded(
        source,
        state,
        health.broken(source, error, at=now),
        not_before=None,
        now=now,
        rng=shop.desk.rng,
    )
    await shop.desk.store.transact(lambda session: session.save_state(state))
    if state.outcome is None:
        raise error
    return state.outcome


def log_outcome(outcome: Outcome, *, took: timedelta | None = None) -> None:
    """Write the one line of a refresh."""
    facts: dict[str, object] = {
        "source": outcome.source,
        "outcome": outcome.kind.value,
        "items": outcome.items,
        "new": outcome.new,
        "updated": outcome.updated,
    }
    if took is not None:
        facts["ms"] = took // timedelta(milliseconds=1)
    if outcome.code:
        step = outcome.next_step.partition("\n")[0]  # the lines below are for config.yaml
        told = {"code": outcome.code, "why": outcome.detail, "do": step}
        facts |= {name: text for name, text in told.items() if text}
    if outcome.is_fine or outcome.kind is OutcomeKind.REPAIRED:
        (log.warning if outcome.code else log.info)("refreshed", **facts)
        return
    heals = outcome.kind is OutcomeKind.FAILED or outcome.code in _PASSING
    (log.warning if heals else log.error)("not refreshed", **facts)
