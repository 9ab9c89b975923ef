"""What every `Engine` must do; each adapter's tests inherit these."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from datetime import timedelta

from aggregator.ports import Engine

EVERY = timedelta(milliseconds=20)


class EngineContract(ABC):
    """Inherit, and say how an engine is made and how its time passes."""

    @abstractmethod
    def engine(self) -> Engine:
        """Return an engine that was not started; called inside a running event loop."""

    @abstractmethod
    async def pass_time(self, engine: Engine) -> None:
        """Let a few periods pass."""

    def test_it_ticks_again_and_again(self) -> None:
        ticks = []

        async def tick() -> None:
            ticks.append(1)

        async def watch() -> None:
            engine = self.engine()
            engine.start(tick, every=EVERY)
            for _ in range(200):
                await self.pass_time(engine)
                if len(ticks) > 1:
                    break
            await engine.stop()

        asyncio.run(watch())

        assert len(ticks) > 1

    def test_it_never_ticks_twice_at_once(self) -> None:
        started, may_end = [], asyncio.Event()

        async def tick() -> None:
            started.append(1)
            await may_end.wait()

        async def watch() -> None:
            engine = self.engine()
            engine.start(tick, every=EVERY)
            beats = [asyncio.create_task(self.pass_time(engine)) for _ in range(3)]
            await asyncio.sleep(5 * EVERY.total_seconds())
            may_end.set()
            await engine.stop()
            await asyncio.gather(*beats)

        asyncio.run(watch())

        assert len(started) == 1

    def test_stopping_waits_for_a_tick_that_runs(self) -> None:
        ended, has_started, may_end = [], asyncio.Event(), asyncio.Event()

        async def tick() -> None:
            has_started.set()
            await may_end.wait()
            ended.append(1)

        async def watch() -> list[int]:
            engine = self.engine()
            engine.start(tick, every=EVERY)
            beat = asyncio.create_task(self.pass_time(engine))
            await has_started.wait()
            asyncio.get_running_loop().call_soon(may_end.set)
            await engine.stop()
            at_the_stop = list(ended)
            await beat
            return at_the_stop

        assert asyncio.run(watch()) == [1]

    def test_after_the_stop_nothing_ticks(self) -> None:
        ticks = []

        async def tick() -> None:
            ticks.append(1)

        async def watch() -> int:
            engine = self.engine()
            engine.start(tick, every=EVERY)
            await self.pass_time(engine)
            await engine.stop()
            before = len(ticks)
            await self.pass_time(engine)
            return before

        assert asyncio.run(watch()) == len(ticks)
