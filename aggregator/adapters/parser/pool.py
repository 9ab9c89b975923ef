"""Reads pages in a few children, one page at a time each, replaced when they die."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError

from aggregator.adapters.parser.children import Child, Nursery
from aggregator.adapters.parser.wire import ANSWER, JOB, Job
from aggregator.lanes import Lanes
from aggregator.model import Failed, FailureKind, Fetched, Hints, Reading, Rule

PAGES_A_CHILD = 1_000  # then another takes over: whatever leaked, leaked
HEAVY_BYTES = 1_000_000  # as a tree a page is up to sixty times as large; one of these at a time
PATIENCE = timedelta(milliseconds=500)  # most pages take 2 ms; one that takes longer makes way
MADE_WAY = 2  # at most
BACKLOG_BYTES = 16_000_000  # of pages that wait; when there are more, no page is fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class ParserLimits:
    """What one page may cost."""

    cpu: timedelta = timedelta(seconds=3)
    wall: timedelta = timedelta(seconds=20)  # the machine may be busy with other things
    memory_bytes: int = 96 * 1024 * 1024  # beyond the 50 MB of the imports; 10 MB need 40


class ChildParser:
    """Implements `aggregator.ports.Parser` with child processes."""

    def __init__(self, *, children: int = 2, limits: ParserLimits | None = None) -> None:
        self._limits = limits or ParserLimits()
        self._nursery = Nursery(
            cpu_seconds=self._limits.cpu.total_seconds(), memory_bytes=self._limits.memory_bytes
        )
        self._lanes = Lanes(quick=children, slow=MADE_WAY, patience=PATIENCE)
        self._heavy = asyncio.Semaphore(1)
        self._idle: list[Child] = []
        self._backlog = 0  # bytes
        self._has_room = asyncio.Event()
        self._has_room.set()

    async def read(
        self, page: Fetched, rule: Rule, hints: Hints, *, explain: bool = False
    ) -> Reading | Failed:
        job = Job(
            url=page.url, content_type=page.content_type, rule=rule, hints=hints, explain=explain
        )
        heavy = self._heavy if len(page.body) > HEAVY_BYTES else nullcontext()
        with self._counted(len(page.body)):
            async with heavy, self._lanes.enter():
                return await self._ask(JOB.dump_json(job), page.body, now=hints.now)

    async def room(self) -> None:
        """Wait until the pages that are fetched but not read are few enough for more."""
        await self._has_room.wait()

    async def close(self) -> None:
        for child in self._idle:
            child.hang_up()
        self._idle.clear()
        await self._nursery.close()

    async def _ask(self, job: bytes, body: bytes, *, now: datetime) -> Reading | Failed:
        try:
            child = self._idle.pop() if self._idle else await self._nursery.fork()
        except OSError as error:
            return _killed(f"could not be given a parser ({error})", now)
        try:
            async with asyncio.timeout(self._limits.wall.total_seconds()):
                answer = await child.ask(job, body)
            reading = ANSWER.validate_json(answer)
        except TimeoutError:
            await self._nursery.end(child)
            return _killed(f"took more than {self._limits.wall.total_seconds():g} s", now)
        except (asyncio.IncompleteReadError, OSError):
            return _killed(self._cause(await self._nursery.end(child)), now)
        except ValidationError:
            await self._nursery.end(child)
            return _killed("made the parser talk nonsense", now)
        except asyncio.CancelledError:
            await self._nursery.end(child)
            raise
        if child.pages >= PAGES_A_CHILD or isinstance(reading, Failed):
            await self._nursery.end(child)
        else:
            self._idle.append(child)
        return reading

    @contextmanager
    def _counted(self, size: int) -> Iterator[None]:
        """Count a page to those that are fetched and not read yet."""
        self._backlog += size
        if self._backlog > BACKLOG_BYTES:
            self._has_room.clear()
        try:
            yield
        finally:
            self._backlog -= size
            if self._backlog <= BACKLOG_BYTES:
                self._has_room.set()

    def _cause(self, status: int) -> str:
        """Say in words why a child ended; *status* is negative after a signal."""
        if status == -signal.SIGPROF:
            return f"took more than {self._limits.cpu.total_seconds():g} s to read"
        if status < 0:
            return f"crashed the parser ({signal.Signals(-status).name})"
        return f"ended the parser with status {status}"


def _killed(cause: str, now: datetime) -> Failed:
    return Failed(kind=FailureKind.UNREADABLE, detail=f"the page {cause}", at=now)
