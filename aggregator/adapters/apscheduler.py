"""The metronome: one APScheduler job, never one a source.

A hundred thousand jobs take 22 s to start and job stores cannot be shared between
processes, so due times live in our own store; see docs/decisions/one-tick.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler


class ApschedulerEngine:
    """Implements `aggregator.ports.Engine`; needs a running event loop."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._ticking: asyncio.Task[None] | None = None
        self._is_stopped = False

    def start(self, tick: Callable[[], Awaitable[None]], *, every: timedelta) -> None:
        self._scheduler.add_job(
            self._beat,
            "interval",
            args=[tick],
            seconds=every.total_seconds(),
            misfire_grace_time=None,  # a late tick is a tick
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.start()

    async def stop(self) -> None:
        # First the tick, then the scheduler: it would cancel what runs, wait=True or not, and
        # it goes only in the next round of the event loop, until when it may still start one.
        self._is_stopped = True
        if self._ticking is not None:
            await asyncio.wait([self._ticking])
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)

    # A method of its own: APScheduler awaits nothing but coroutine functions.
    async def _beat(self, tick: Callable[[], Awaitable[None]]) -> None:
        if not self._is_stopped:
            self._ticking = asyncio.ensure_future(_awaited(tick))
            await asyncio.shield(self._ticking)


async def _awaited(tick: Callable[[], Awaitable[None]]) -> None:
    await tick()
