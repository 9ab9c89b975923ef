"""How politely hosts are asked: how many at once, how long apart, and not while they say no."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from aggregator.adapters.http.refusals import Refusal
from aggregator.core.domains import registered_domain
from aggregator.model import FailureKind

_KEPT = 4096  # hosts remembered; those in use or to be waited for are never forgotten


class _Host:
    """Who may ask one host, and when."""

    def __init__(self, concurrency: int) -> None:
        self.slots = asyncio.Semaphore(concurrency)
        self.next_at = 0.0  # of the loop's clock
        self.users = 0  # who ask it, or wait to

    async def pause(self, delay: float) -> None:
        """Wait until the last one is *delay* seconds ago."""
        now = asyncio.get_running_loop().time()
        at = max(now, self.next_at)
        self.next_at = at + delay
        if at > now:
            await asyncio.sleep(at - now)


class Turns:
    """Lets every host be asked a few times at once, some time apart."""

    def __init__(self, *, concurrency: int, delay: timedelta) -> None:
        self._concurrency = concurrency
        self._delay = delay.total_seconds()
        self._hosts: dict[str, _Host] = {}

    def turn(self) -> Turn:
        """Return a turn that is at no host yet."""
        return Turn(self, shortest_delay=self._delay)

    def host(self, key: str) -> _Host:
        """Return what is known of the hosts behind *key*."""
        if key not in self._hosts:
            if len(self._hosts) >= _KEPT:
                self._forget()
            self._hosts[key] = _Host(self._concurrency)
        return self._hosts[key]

    def _forget(self) -> None:
        now = asyncio.get_running_loop().time()
        for key, host in list(self._hosts.items()):
            if not host.users and host.next_at < now:
                del self._hosts[key]


class Turn:
    """The right to ask one host, then another."""

    def __init__(self, turns: Turns, *, shortest_delay: float) -> None:
        self._turns = turns
        self._shortest_delay = shortest_delay
        self._key = ""
        self._host: _Host | None = None

    async def take(self, name: str, *, delay: timedelta = timedelta(0)) -> None:
        """Wait until *name* may be asked, unless this turn is there already.

        Args:
            name: Of the host.
            delay: What its robots.txt asks for.
        """
        key = registered_domain(name)
        if key == self._key:
            return
        self.leave()
        host = self._turns.host(key)
        host.users += 1
        try:
            await host.slots.acquire()
        except BaseException:
            host.users -= 1
            raise
        self._key, self._host = key, host
        await host.pause(max(self._shortest_delay, delay.total_seconds()))

    def leave(self) -> None:
        """Let the next one ask."""
        if self._host is not None:
            self._host.slots.release()
            self._host.users -= 1
        self._key, self._host = "", None


class Quiet:
    """Hosts that asked to be left alone (429, or 503, with Retry-After), and for how long."""

    def __init__(self, *, is_kept: bool) -> None:
        self._is_kept = is_kept
        self._until: dict[str, float] = {}  # of the loop's clock, which never jumps

    def leave_alone(self, host: str, wait: timedelta) -> None:
        """Note that *host* is not to be asked for as long as *wait*."""
        if not self._is_kept:
            return
        now = asyncio.get_running_loop().time()
        if len(self._until) >= _KEPT:
            self._until = {name: end for name, end in self._until.items() if end > now}
        end = now + wait.total_seconds()
        self._until[host] = max(end, self._until.get(host, end))

    def check(self, host: str, *, now: datetime) -> None:
        """Let *host* be asked at *now*.

        Raises:
            Refusal: It asked not to be, at whatever page it was.
        """
        if host not in self._until:
            return
        left = self._until[host] - asyncio.get_running_loop().time()
        if left <= 0:
            return
        until = now + timedelta(seconds=left)
        raise Refusal(
            FailureKind.RATE_LIMITED,
            f"{host} asks to be left alone until {until:%Y-%m-%d %H:%M} UTC",
            retry_at=until,
        )
