"""The parent's side: a few children, one page at a time each, replaced when they die."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError

from aggregator.adapters.parser.wire import ANSWER, JOB, LENGTH, MAX_FRAME_BYTES, Job, frame
from aggregator.model import Failed, FailureKind, Fetched, Hints, Reading, Rule

_STREAM_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ParserLimits:
    """What one page may cost."""

    cpu: timedelta = timedelta(seconds=3)
    wall: timedelta = timedelta(seconds=20)  # the machine may be busy with other things
    memory_bytes: int = 256 * 1024 * 1024


class ChildParser:
    """Implements `aggregator.ports.Parser` with child processes."""

    def __init__(self, *, children: int = 2, limits: ParserLimits | None = None) -> None:
        self._limits = limits or ParserLimits()
        self._slots = asyncio.Semaphore(children)
        self._idle: list[Process] = []
        self._all: set[Process] = set()

    async def read(
        self, page: Fetched, rule: Rule, hints: Hints, *, explain: bool = False
    ) -> Reading | Failed:
        job = Job(
            url=page.url, content_type=page.content_type, rule=rule, hints=hints, explain=explain
        )
        async with self._slots:
            child = self._idle.pop() if self._idle else await self._spawn()
            try:
                async with asyncio.timeout(self._limits.wall.total_seconds()):
                    answer = await _ask(child, frame(JOB.dump_json(job)) + frame(page.body))
                reading = ANSWER.validate_json(answer)
            except TimeoutError:
                await self._end(child)
                return _killed(f"took more than {self._limits.wall.total_seconds():g} s", hints.now)
            except (asyncio.IncompleteReadError, OSError, ValidationError):
                return _killed(self._cause(await self._end(child)), hints.now)
            except asyncio.CancelledError:
                await self._end(child)
                raise
            self._idle.append(child)
            return reading

    async def close(self) -> None:
        for child in tuple(self._all):
            await self._end(child)

    async def _spawn(self) -> Process:
        limits = self._limits
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "aggregator.adapters.parser.child",
            str(limits.cpu.total_seconds()),
            str(limits.memory_bytes),
            stdin=PIPE,
            stdout=PIPE,
            limit=_STREAM_LIMIT,
        )
        self._all.add(child)
        return child

    async def _end(self, child: Process) -> int:
        self._all.discard(child)
        if child in self._idle:
            self._idle.remove(child)
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        return await child.wait()

    def _cause(self, status: int) -> str:
        """Say in words why a child ended; *status* is negative after a signal."""
        if status == -signal.SIGPROF:
            return f"took more than {self._limits.cpu.total_seconds():g} s to read"
        if status < 0:
            return f"crashed the parser ({signal.Signals(-status).name})"
        return f"ended the parser with status {status}"


async def _ask(child: Process, request: bytes) -> bytes:
    if child.stdin is None or child.stdout is None:
        raise OSError("the child has no pipes")
    child.stdin.write(request)
    # Read while it writes: a child that answers early must not block on a full pipe.
    head = await child.stdout.readexactly(LENGTH.size)
    (length,) = LENGTH.unpack(head)
    if length > MAX_FRAME_BYTES:
        raise OSError("the answer is too long")
    return await child.stdout.readexactly(length)


def _killed(cause: str, now: datetime) -> Failed:
    return Failed(kind=FailureKind.UNREADABLE, detail=f"the page {cause}", at=now)
