"""A watchdog: notices that the daemon, or a command, does nothing any more, and ends it.

It is a thread, because an event loop that is stuck runs nothing that could notice. Whoever
started the daemon starts it again; nothing is lost, as after any kill.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

import structlog

BEAT = timedelta(seconds=10)
PATIENCE = timedelta(seconds=45)  # with a command whose event loop stands still
WORRY = 6  # beats without a tick: say where every thread is
GIVE_UP = 30  # beats without a tick: end
EXIT_STUCK = 1

log = structlog.get_logger()
_STDERR = 2  # the file itself: what Python calls so may be closed, or another one
_T = TypeVar("_T")


class Watchdog:
    """Wants to be fed at every tick.

    It counts its own beats and reads no clock: when the machine slept, so did the watchdog.
    """

    def __init__(
        self,
        *,
        beat: timedelta = BEAT,
        worried: Callable[[], None] | None = None,
        gave_up: Callable[[], None] | None = None,
    ) -> None:
        """Prepare; *worried* and *gave_up* say what is done then."""
        self._beat = beat.total_seconds()
        self._worried = worried or _tell
        self._gave_up = gave_up or _end
        self._fed = threading.Event()
        self._stopped = threading.Event()

    def start(self) -> None:
        """Begin to watch."""
        self._stopped = threading.Event()
        threading.Thread(
            target=self._watch, args=(self._stopped,), name="watchdog", daemon=True
        ).start()

    def feed(self) -> None:
        """Tell it that the daemon ticks."""
        self._fed.set()

    def stop(self) -> None:
        """Watch no more."""
        self._stopped.set()

    def _watch(self, stopped: threading.Event) -> None:
        hungry = 0
        while not stopped.wait(self._beat):
            hungry = 0 if self._fed.is_set() else hungry + 1
            self._fed.clear()
            if hungry == WORRY:
                self._worried()
            elif hungry == GIVE_UP:
                self._gave_up()


def _tell() -> None:
    seconds = WORRY * BEAT.total_seconds()
    log.error("no tick", seconds=seconds, do="What every thread does follows; please report it.")
    faulthandler.dump_traceback(all_threads=True)


def _end() -> None:
    log.critical("gave up", do="Start the daemon again, or let a service manager do it.")
    os._exit(EXIT_STUCK)


# ---- commands ------------------------------------------------------------------------


@contextmanager
def watching_command(*, patience: timedelta = PATIENCE) -> Iterator[None]:
    """Watch a command until its event loop is closed: where that stands still, end the process.

    Seen when a write to libuv's own pipe was made to fail while the children ended: with all
    work done, the loop waited for ever, and no other thread could run. So the clock is
    faulthandler's, which needs none: it says where every thread is, and ends with `EXIT_STUCK`.
    """
    faulthandler.dump_traceback_later(patience.total_seconds(), file=_STDERR, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


async def fed_while(main: Coroutine[Any, Any, _T], *, patience: timedelta = PATIENCE) -> _T:
    """Run *main*; who watches waits *patience* more as long as the event loop turns."""
    feeding = asyncio.create_task(_feed(patience.total_seconds()))
    try:
        return await main
    finally:
        feeding.cancel()


async def _feed(patience: float) -> None:
    while True:
        faulthandler.dump_traceback_later(patience, file=_STDERR, exit=True)
        await asyncio.sleep(patience / 10)
