"""Whether robots.txt lets us ask for a page; each origin is asked once a day."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from aggregator.adapters.http.manners import Turn
from aggregator.adapters.http.refusals import Refusal
from aggregator.core.robots import Robots, read_robots
from aggregator.model import FailureKind

_KEPT = 4096  # origins; a site can lead through any number of them
_BIG_BYTES = 20_000  # reading so many rules would be felt in the event loop

# Gets a robots.txt: the status of HTTP (None: the host cannot be reached) and the beginning.
Ask = Callable[[str], Awaitable[tuple[int | None, bytes]]]


class Permissions:
    """Knows what each origin lets us do."""

    def __init__(self, ask: Ask, *, user_agent: str, is_obeyed: bool) -> None:
        self._ask = ask
        self._user_agent = user_agent
        self._is_obeyed = is_obeyed
        self._known: dict[str, asyncio.Task[Robots]] = {}  # by origin, oldest first

    async def ask_for(self, url: str, *, turn: Turn) -> Robots:
        """Return the rules *url* is under.

        Args:
            url: What is to be fetched.
            turn: Of the fetch; left when the rules must be waited for, because robots.txt
                takes a turn of its own, which may be the only one its host gives.

        Raises:
            Refusal: They forbid it.
        """
        robots = await self._rules_of(url, turn)
        if robots.is_unreachable:
            detail = "robots.txt cannot be read, so nothing may be fetched for now"
            raise Refusal(FailureKind.ROBOTS, detail, retry_at=robots.until)
        if not robots.allows(url):
            raise Refusal(FailureKind.ROBOTS, f"robots.txt of {urlsplit(url).hostname} forbids it")
        return robots

    async def close(self) -> None:
        """Ask no more."""
        for task in self._known.values():
            task.cancel()
        await asyncio.gather(*self._known.values(), return_exceptions=True)

    async def _rules_of(self, url: str, turn: Turn) -> Robots:
        """Return the rules of an origin; asked for by whoever comes first."""
        now = datetime.now(UTC)
        if not self._is_obeyed:
            return Robots(until=now)
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        task = self._known.get(origin)
        if task is None or _is_over(task, now):
            before = _answer(task) if task is not None else None
            self._forget_oldest()
            self._known.pop(origin, None)
            task = asyncio.create_task(self._read(f"{origin}/robots.txt", before))
            self._known[origin] = task
        if not task.done():
            turn.leave()
        return await asyncio.shield(task)

    def _forget_oldest(self) -> None:
        if len(self._known) >= _KEPT:
            oldest = next(iter(self._known))
            if self._known[oldest].done():
                del self._known[oldest]

    async def _read(self, url: str, before: Robots | None) -> Robots:
        now = datetime.now(UTC)
        status, body = await self._ask(url)

        def read() -> Robots:
            return read_robots(status, body, user_agent=self._user_agent, now=now, before=before)

        return await asyncio.to_thread(read) if len(body) > _BIG_BYTES else read()


def _is_over(task: asyncio.Task[Robots], now: datetime) -> bool:
    answer = _answer(task)
    return task.done() and (answer is None or answer.until <= now)


def _answer(task: asyncio.Task[Robots]) -> Robots | None:
    """Return what was found out, if it was: a mistake in one reading is not kept for a day."""
    failed = not task.done() or task.cancelled() or task.exception() is not None
    return None if failed else task.result()
