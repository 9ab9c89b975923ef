"""The real adapters keep the contracts of their ports; what is theirs alone stands elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from aggregator.adapters.apscheduler import ApschedulerEngine
from aggregator.adapters.clock import SystemClock
from aggregator.adapters.feedgen import AtomRenderer, RssRenderer
from aggregator.adapters.http import FetchSettings, HttpTransport
from aggregator.adapters.parser.pool import ChildParser
from aggregator.core.json_feed import JsonFeedRenderer
from aggregator.ports import Clock, Engine, Parser, Renderer, Transport
from tests.adapters.loopback import LoopbackSite
from tests.contracts.clock import ClockContract
from tests.contracts.engine import EVERY, EngineContract
from tests.contracts.parser import ParserContract
from tests.contracts.renderer import RendererContract
from tests.contracts.transport import Site, TransportContract


class TestSystemClock(ClockContract):
    @pytest.fixture
    def clock(self) -> Clock:
        return SystemClock()


class TestHttpTransport(TransportContract):
    @pytest.fixture
    def site(self) -> Iterator[Site]:
        with LoopbackSite() as site:
            yield site

    def transport(self, site: Site) -> Transport:
        assert isinstance(site, LoopbackSite)
        return HttpTransport(
            FetchSettings(
                user_agent="test",
                robots=False,
                per_host_delay=timedelta(0),
                allow=(f"127.0.0.1:{site.port}",),
            )
        )


@pytest.mark.slow
class TestChildParser(ParserContract):
    def parser(self) -> Parser:
        return ChildParser(children=2)


class TestAtomRenderer(RendererContract):
    @pytest.fixture
    def renderer(self) -> Renderer:
        return AtomRenderer()


class TestRssRenderer(RendererContract):
    @pytest.fixture
    def renderer(self) -> Renderer:
        return RssRenderer()


class TestJsonFeedRenderer(RendererContract):
    @pytest.fixture
    def renderer(self) -> Renderer:
        return JsonFeedRenderer()


class TestApschedulerEngine(EngineContract):
    def engine(self) -> Engine:
        return ApschedulerEngine()

    async def pass_time(self, engine: Engine) -> None:
        assert isinstance(engine, ApschedulerEngine)
        await asyncio.sleep(2 * EVERY.total_seconds())
