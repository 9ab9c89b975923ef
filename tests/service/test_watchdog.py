"""A daemon that does nothing any more is noticed."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest

from aggregator.watchdog import EXIT_STUCK, Watchdog, fed_while, watching_command

BEAT = timedelta(milliseconds=5)


def test_a_watchdog_that_is_not_fed_worries_then_gives_up() -> None:
    worried, gave_up = threading.Event(), threading.Event()
    watchdog = Watchdog(beat=BEAT, worried=worried.set, gave_up=gave_up.set)

    watchdog.start()

    assert worried.wait(30)
    assert gave_up.wait(30)
    watchdog.stop()


def test_a_watchdog_that_is_fed_does_nothing_and_neither_does_one_that_is_stopped() -> None:
    worried = threading.Event()
    watchdog = Watchdog(beat=10 * BEAT, worried=worried.set, gave_up=worried.set)

    watchdog.start()
    for _ in range(200):
        watchdog.feed()
        time.sleep(0.002)
    watchdog.stop()
    time.sleep(0.1)

    assert not worried.is_set()


STANDS_STILL = """
import asyncio, time
from datetime import timedelta
from aggregator.watchdog import fed_while, watching_command

async def stand_still():
    time.sleep(3600)

patience = timedelta(seconds=1)
with watching_command(patience=patience):
    asyncio.run(fed_while(stand_still(), patience=patience))
"""


@pytest.mark.slow
def test_a_command_whose_loop_stands_still_ends_and_says_where() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", STANDS_STILL],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ended.returncode == EXIT_STUCK
    assert "stand_still" in ended.stderr


def test_a_command_that_goes_on_is_left_alone() -> None:
    with watching_command():
        assert asyncio.run(fed_while(asyncio.sleep(0.2, result="done"))) == "done"
