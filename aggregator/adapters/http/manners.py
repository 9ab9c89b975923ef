"""How politely hosts are asked: how many at once, how long apart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import lru_cache
from ipaddress import ip_address

from publicsuffixlist import PublicSuffixList

_KEPT = 4096  # hosts remembered; those in use or to be waited for are never forgotten


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=_KEPT)
def politeness_key(host: str) -> str:
    """Return what is asked as one: the registered domain, or the address itself.

    >>> politeness_key("news.example.co.uk")
    'example.co.uk'
    """
    try:
        ip_address(host)
    except ValueError:
        return str(_suffixes().privatesuffix(host.lower().rstrip(".")) or host)
    return host


class _Turn:
    """Who may ask one host, and when."""

    def __init__(self, concurrency: int) -> None:
        self.slots = asyncio.Semaphore(concurrency)
        self.next_at = 0.0  # of the loop's clock
        self.users = 0


class Turns:
    """Lets every host be asked a few times at once, some time apart."""

    def __init__(self, *, concurrency: int, delay: timedelta) -> None:
        self._concurrency = concurrency
        self._delay = delay.total_seconds()
        self._turns: dict[str, _Turn] = {}

    @asynccontextmanager
    async def wait(self, host: str, *, delay: timedelta = timedelta(0)) -> AsyncIterator[None]:
        """Wait for a turn at *host*; *delay* is what its robots.txt asks for."""
        turn = self._turn(politeness_key(host))
        turn.users += 1
        try:
            async with turn.slots:
                await self._pause(turn, max(self._delay, delay.total_seconds()))
                yield
        finally:
            turn.users -= 1

    async def _pause(self, turn: _Turn, delay: float) -> None:
        now = asyncio.get_running_loop().time()
        at = max(now, turn.next_at)
        turn.next_at = at + delay
        if at > now:
            await asyncio.sleep(at - now)

    def _turn(self, key: str) -> _Turn:
        if key not in self._turns:
            if len(self._turns) >= _KEPT:
                self._forget()
            self._turns[key] = _Turn(self._concurrency)
        return self._turns[key]

    def _forget(self) -> None:
        now = asyncio.get_running_loop().time()
        for key, turn in list(self._turns.items()):
            if not turn.users and turn.next_at < now:
                del self._turns[key]
