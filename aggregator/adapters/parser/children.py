"""The parent's side of the children: their births, what they are asked, their ends."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from aggregator.adapters.parser.wire import COMMAND, END, FORK, LENGTH, MAX_FRAME_BYTES, STATUS

_STREAM_LIMIT = 1 << 20

_T = TypeVar("_T")


@dataclass(slots=True, eq=False)
class Child:
    """One child and the way to talk to it."""

    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    pages: int = 0  # it was given

    async def ask(self, *frames: bytes) -> bytes:
        """Send *frames*, each with its length in front, and return what comes back.

        Raises:
            OSError: The child is gone, or talks too much.
            asyncio.IncompleteReadError: It ended while it worked.
        """
        self.pages += 1
        for one in frames:
            self.writer.write(LENGTH.pack(len(one)))
            self.writer.write(one)
        # Read while it writes: a child that answers early must not block on a full socket.
        head = await self.reader.readexactly(LENGTH.size)
        (length,) = LENGTH.unpack(head)
        if length > MAX_FRAME_BYTES:
            raise OSError("the answer is too long")
        return await self.reader.readexactly(length)

    def hang_up(self) -> None:
        """Let it end by itself."""
        self.writer.transport.abort()


class Nursery:
    """The parent's end of `aggregator.adapters.parser.nursery`; started when first needed."""

    def __init__(self, *, cpu_seconds: float, memory_bytes: int) -> None:
        """Prepare; the limits are those of one page."""
        self._limits = (str(cpu_seconds), str(memory_bytes))
        self._process: Process | None = None
        self._socket: socket.socket | None = None
        self._turn = asyncio.Lock()  # one request, one answer
        self._working: set[asyncio.Task[Any]] = set()

    async def fork(self) -> Child:
        """Return a new child.

        Raises:
            OSError: There is none to be had.
        """
        birth = self._started(self._fork())
        try:
            return await asyncio.shield(birth)
        except asyncio.CancelledError:
            await asyncio.shield(self._started(self._put_away(birth)))
            raise

    async def end(self, child: Child) -> int:
        """Kill *child* if it still lives; return how it ended."""
        child.hang_up()
        return await asyncio.shield(self._started(self._end(child.pid)))

    async def close(self) -> None:
        """End the nursery; children that wait for a page end as well."""
        process, connection = self._process, self._socket
        self._process = self._socket = None
        if connection is not None:
            connection.close()
        if process is not None:
            await process.wait()  # it ends when we hang up

    def _started(self, work: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
        """Start what is done to its end, however often who waits for it is cancelled."""
        task = asyncio.create_task(work)
        self._working.add(task)  # a loop forgets tasks that nobody holds
        task.add_done_callback(self._working.discard)
        return task

    async def _put_away(self, birth: asyncio.Task[Child]) -> None:
        """End a child that nobody wants any more; it was asked for, so it comes."""
        with suppress(OSError):
            await self.end(await birth)

    async def _fork(self) -> Child:
        """Never cancelled half-way, nor is `_end`: the next one would read this one's answer."""
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
        return Child(pid, reader, writer)

    async def _end(self, pid: int) -> int:
        async with self._turn:
            try:
                return await self._ask(END, pid)
            except OSError:
                return -signal.SIGKILL  # the nursery died, and all children with it

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
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",  # no module of the folder the program happens to run in
                "-m",
                "aggregator.adapters.parser.nursery",
                *self._limits,
                stdin=theirs.fileno(),
            )
        self._socket = ours
        return ours
