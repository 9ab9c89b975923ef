"""What every `Clock` must do; each adapter's tests inherit these."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import timedelta

import pytest

from aggregator.ports import Clock


class ClockContract(ABC):
    """Inherit, and say how a clock is made."""

    @pytest.fixture
    @abstractmethod
    def clock(self) -> Clock:
        """Return a clock."""

    def test_the_time_is_aware_and_utc(self, clock: Clock) -> None:
        assert clock.now().utcoffset() == timedelta(0)

    def test_it_does_not_jump(self, clock: Clock) -> None:
        first, second = clock.now(), clock.now()

        assert abs(second - first) < timedelta(hours=1)
