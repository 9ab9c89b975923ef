"""Have a refresh done by the daemon that holds the state, and wait for what it came to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from datetime import timedelta
from pathlib import Path

from aggregator.adapters.clock import SystemClock
from aggregator.adapters.sql.store import SqlStore
from aggregator.bootstrap import open_store
from aggregator.core.config import Config
from aggregator.errors import StateLockedError, UsageError
from aggregator.model import Outcome, SourceId

LOOK = timedelta(seconds=0.2)  # between two looks at what the daemon has done
PATIENCE = timedelta(minutes=1)  # beyond the time one fetch may take


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
        raise UsageError(f"the daemon does not know {', '.join(unknown)} yet: send it SIGHUP")
    now = clock.now()
    await store.transact(lambda session: session.release(known, due=now))
    return known


def _has_unwritten(store: SqlStore) -> bool:
    with store.reading() as session:
        return bool(session.dirty_feeds(limit=1))
