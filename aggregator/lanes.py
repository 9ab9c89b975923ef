"""Lanes: what takes long makes way for what is quick.

A hundred hosts that hang, or pages that spin, would otherwise fill every place there is and
keep all others waiting.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import timedelta


class Lanes:
    """Lets so much go on at once; after a while one is counted among the slow."""

    def __init__(self, *, quick: int, slow: int, patience: timedelta) -> None:
        """Open the lanes.

        Args:
            quick: How many go on at once.
            slow: How many more may have made way.
            patience: How long one is quick.
        """
        self.quick = asyncio.Semaphore(quick)
        self.slow_room = slow
        self.patience = patience.total_seconds()

    def enter(self) -> AbstractAsyncContextManager[None]:
        """Wait for a place and hold it."""
        return _Place(self)


class _Place(AbstractAsyncContextManager[None]):
    """A place in the quick lane, until it takes too long."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self._is_slow = False
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> None:
        await self._lanes.quick.acquire()
        self._timer = self._later()

    async def __aexit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._is_slow:
            self._lanes.slow_room += 1
        else:
            self._lanes.quick.release()

    def _later(self) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(self._lanes.patience, self._make_way)

    def _make_way(self) -> None:
        if not self._lanes.slow_room:
            self._timer = self._later()
            return
        self._lanes.slow_room -= 1
        self._is_slow = True
        self._lanes.quick.release()
