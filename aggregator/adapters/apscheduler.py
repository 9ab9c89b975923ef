"""The metronome: one APScheduler job, never one a source.

A hundred thousand jobs take 22 s to start and job stores cannot be shared between
processes, so due times live in our own store; see docs/decisions/0005-one-tick.md.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler


class ApschedulerEngine:
    """Implements `aggregator.ports.Engine`; needs a running event loop."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def start(self, tick: Callable[[], Awaitable[None]], *, every: timedelta) -> None:
        async def job() -> None:  # APScheduler awaits nothing but coroutine functions
            await tick()

        self._scheduler.add_job(
            job,
            "interval",
            seconds=every.total_seconds(),
            misfire_grace_time=None,  # a late tick is a tick
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.start()

    def stop(self) -> None:
        # wait=True would cancel coroutines that run; the service drains them itself.
        self._scheduler.shutdown(wait=False)
