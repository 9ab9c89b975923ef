"""A daemon that does nothing any more is noticed."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

from aggregator.watchdog import Watchdog

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
