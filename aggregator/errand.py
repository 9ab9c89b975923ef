"""A refresh by hand: done here, or by the daemon that holds the state."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from datetime import timedelta
from pathlib import Path

import structlog

from aggregator.adapters.clock import SystemClock
from aggregator.adapters.sql.store import SqlStore
from aggregator.align import align, search_history
from aggregator.bootstrap import open_shop, open_store
from aggregator.core.config import Config
from aggregator.errors import StateLockedError, UsageError
from aggregator.model import Outcome, SourceId
from aggregator.pipeline import republish
from aggregator.rounds import attempt, log_outcome

LOOK = timedelta(seconds=0.2)  # between two looks at what the daemon has done
PATIENCE = timedelta(minutes=1)  # beyond the time one fetch may take

log = structlog.get_logger()

Told = Callable[[Outcome], None]


async def refresh_now(
    config: Config, names: Sequence[str], *, folder: Path, told: Told
) -> tuple[Outcome, ...]:
    """Refresh the named sources, due or not (none named: all), and publish.

    Args:
        config: What to do.
        names: Sources by their key.
        folder: What relative folders in *config* are relative to.
        told: Called after each source.

    Raises:
        UsageError: There is no such source.
        StoreError: The state cannot be used.
    """
    named = [config.source(name) for name in names]
    wanted = [source.id for source in named or config.sources]
    outcomes = []
    try:
        async for outcome in _refresh_here(config, wanted, folder=folder):
            outcomes.append(outcome)
            told(outcome)
    except StateLockedError as error:
        log.info("asking the daemon", why=str(error))
        async for outcome in refresh_by_daemon(config, wanted, folder=folder):
            outcomes.append(outcome)
            log_outcome(outcome)
            told(outcome)
    return tuple(outcomes)


async def _refresh_here(
    config: Config, wanted: Sequence[SourceId], *, folder: Path
) -> AsyncIterator[Outcome]:
    """Refresh *wanted* and publish; yield each outcome.

    Somebody asked for them by hand, so each is asked for, whatever its host told another one.
    """
    sources = {source.id: source for source in config.sources}
    async with open_shop(config, folder=folder, heeds_hosts=False) as shop:
        await align(config, desk=shop.desk, press=shop.press)
        await search_history(desk=shop.desk)
        with shop.store.reading() as session:
            states = session.source_states(wanted)
        for ended in asyncio.as_completed(
            [attempt(sources[state.source], state, shop=shop) for state in states]
        ):
            yield await ended
        await republish(press=shop.press)


async def refresh_by_daemon(
    config: Config, wanted: Collection[SourceId], *, folder: Path
) -> AsyncIterator[Outcome]:
    """Make *wanted* due now; yield each outcome as the daemon stores it.

    Ends when all are refreshed and their feeds are written.

    Raises:
        StateLockedError: Whoever holds the state does not do it in time.
        UsageError: The daemon does not know a source: it runs on an older configuration.
    """
    clock = SystemClock()
    end = clock.now() + config.fetch.timeout + PATIENCE
    with open_store(config, folder=folder) as store:
        waiting, asked = await _make_due(wanted, store=store, clock=clock), clock.now()
        while waiting or _has_unwritten(store):
            with store.reading() as session:
                states = session.source_states(waiting)
            for state in states:
                if state.outcome and state.visited_at and state.visited_at >= asked:
                    waiting.discard(state.source)
                    yield state.outcome
            if clock.now() > end:
                names = ", ".join(sorted(waiting)) or "the feeds"
                raise StateLockedError(f"the process that holds the state is not done with {names}")
            await asyncio.sleep(LOOK.total_seconds())


async def _make_due(
    wanted: Collection[SourceId], *, store: SqlStore, clock: SystemClock
) -> set[SourceId]:
    with store.reading() as session:
        known = {state.source for state in session.source_states(wanted)}
    if unknown := sorted(set(wanted) - known):
        raise UsageError(
            f"the daemon does not know {', '.join(unknown)} yet",
            hint="Tell that process to read config.yaml again (kill -HUP, or systemctl reload"
            " aggregator), then ask once more.",
        )
    now = clock.now()
    await store.transact(lambda session: session.release(known, due=now))
    return known


def _has_unwritten(store: SqlStore) -> bool:
    with store.reading() as session:
        return bool(session.dirty_feeds(limit=1))
