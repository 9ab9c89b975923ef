"""The parent's side: a few children, one page at a time each, replaced when they die."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from asyncio.subprocess import Process
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError

from aggregator.adapters.parser.wire import (
    ANSWER,
    COMMAND,
    END,
    FORK,
    JOB,
    LENGTH,
    MAX_FRAME_BYTES,
    STATUS,
    Job,
    frame,
)
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
        self._nursery = _Nursery(self._limits)
        self._idle: list[_Child] = []

    async def read(
        self, page: Fetched, rule: Rule, hints: Hints, *, explain: bool = False
    ) -> Reading | Failed:
        job = Job(
            url=page.url, content_type=page.content_type, rule=rule, hints=hints, explain=explain
        )
        async with self._slots:
            try:
                child = self._idle.pop() if self._idle else await self._nursery.fork()
            except OSError as error:
                return _killed(f"could not be given a parser ({error})", hints.now)
            try:
                async with asyncio.timeout(self._limits.wall.total_seconds()):
                    answer = await child.ask(frame(JOB.dump_json(job)), frame(page.body))
                reading = ANSWER.validate_json(answer)
            except TimeoutError:
                await self._nursery.end(child)
                return _killed(f"took more than {self._limits.wall.total_seconds():g} s", hints.now)
            except (asyncio.IncompleteReadError, OSError, ValidationError):
                return _killed(self._cause(await self._nursery.end(child)), hints.now)
            except asyncio.CancelledError:
                await self._nursery.end(child)
                raise
            self._idle.append(child)
            return reading

    async def close(self) -> None:
        for child in self._idle:
            child.hang_up()
        self._idle.clear()
        await self._nursery.close()

    def _cause(self, status: int) -> str:
        """Say in words why a child ended; *status* is negative after a signal."""
        if status == -signal.SIGPROF:
            return f"took more than {self._limits.cpu.total_seconds():g} s to read"
        if status < 0:
            return f"crashed the parser ({signal.Signals(-status).name})"
        return f"ended the parser with status {status}"


@dataclass(frozen=True, slots=True)
class _Child:
    """One child and the way to talk to it."""

    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, *frames: bytes) -> bytes:
        self.writer.writelines(frames)
        # Read while it writes: a child that answers early must not block on a full socket.
        head = await self.reader.readexactly(LENGTH.size)
        (length,) = LENGTH.unpack(head)
        if length > MAX_FRAME_BYTES:
            raise OSError("the answer is too long")
        return await self.reader.readexactly(length)

    def hang_up(self) -> None:
        self.writer.transport.abort()


class _Nursery:
    """The parent's end of `aggregator.adapters.parser.nursery`; started when first needed."""

    def __init__(self, limits: ParserLimits) -> None:
        self._limits = limits
        self._process: Process | None = None
        self._socket: socket.socket | None = None
        self._turn = asyncio.Lock()  # one request, one answer

    async def fork(self) -> _Child:
        ours, theirs = socket.socketpair()
        ours.settimeout(0)
        try:
            async with self._turn:
                try:
                    pid = await self._ask(FORK, 0, theirs)
                except OSError:
                    pid = await self._ask(FORK, 0, theirs)  # the old nursery had died
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        reader, writer = await asyncio.open_unix_connection(sock=ours, limit=_STREAM_LIMIT)
        return _Child(pid, reader, writer)

    async def end(self, child: _Child) -> int:
        """Kill *child* if it still lives; return how it ended."""
        child.hang_up()
        async with self._turn:
            try:
                return await self._ask(END, child.pid)
            except OSError:
                return -signal.SIGKILL  # the nursery died, and all children with it

    async def close(self) -> None:
        process, connection = self._process, self._socket
        self._process = self._socket = None
        if connection is not None:
            connection.close()
        if process is not None:
            await process.wait()  # it ends when we hang up

    async def _ask(self, verb: bytes, pid: int, *sockets: socket.socket) -> int:
        """Send one request; where there is no nursery, a fork starts one."""
        connection = self._socket
        if connection is None:
            if verb == END:
                raise OSError("the nursery has ended")
            connection = await self._start()
        request = COMMAND.pack(verb, pid)
        loop = asyncio.get_running_loop()
        try:
            socket.send_fds(connection, [request], [one.fileno() for one in sockets])
            answer = await loop.sock_recv(connection, STATUS.size)
        except OSError:
            answer = b""
        if len(answer) < STATUS.size:
            await self.close()
            raise OSError("the nursery has ended")
        return int(STATUS.unpack(answer)[0])

    async def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        ours.settimeout(0)
        limits = self._limits
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "aggregator.adapters.parser.nursery",
                str(limits.cpu.total_seconds()),
                str(limits.memory_bytes),
                stdin=theirs.fileno(),
            )
        self._socket = ours
        return ours


def _killed(cause: str, now: datetime) -> Failed:
    return Failed(kind=FailureKind.UNREADABLE, detail=f"the page {cause}", at=now)
