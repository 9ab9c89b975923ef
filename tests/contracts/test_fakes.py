"""The public fakes keep the contracts of what they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from aggregator.adapters.sql.store import SqlStore
from aggregator.model import FailureKind
from aggregator.ports import Clock, Engine, Parser, Publisher, Renderer, Transport
from aggregator.testing import (
    FakeClock,
    FakeEngine,
    FakeTransport,
    InlineParser,
    MemoryPublisher,
    MemoryStore,
    PlainRenderer,
)
from tests.contracts.clock import ClockContract
from tests.contracts.engine import EngineContract
from tests.contracts.parser import ParserContract
from tests.contracts.publisher import PublisherContract
from tests.contracts.renderer import RendererContract
from tests.contracts.store_memory import WholeStoreContract
from tests.contracts.transport import Site, TransportContract

KINDS = {
    403: FailureKind.UNAUTHORIZED,
    404: FailureKind.NOT_FOUND,
    429: FailureKind.RATE_LIMITED,
    500: FailureKind.STATUS,
    503: FailureKind.RATE_LIMITED,
}


class TestFakeClock(ClockContract):
    @pytest.fixture
    def clock(self) -> Clock:
        return FakeClock()

    def test_it_goes_on_when_told(self) -> None:
        clock = FakeClock()
        before = clock.now()

        clock.advance(timedelta(days=2))

        assert clock.now() - before == timedelta(days=2)


class FakeSite:
    """Tells a `FakeTransport` what a site would answer."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.transport = FakeTransport(self.clock)

    def url(self, path: str) -> str:
        return f"http://example.org{path}"

    def page(self, path: str, body: bytes, *, headers: Mapping[str, str]) -> None:
        self.transport.serve(
            self.url(path),
            body,
            content_type=headers.get("Content-Type", ""),
            etag=headers.get("ETag"),
            last_modified=headers.get("Last-Modified"),
        )

    def status(self, path: str, status: int, *, headers: Mapping[str, str]) -> None:
        url, wait = self.url(path), headers.get("Retry-After")
        if status == 410:
            self.transport.take_away(url)
        elif status == 301:
            self.transport.move(url, headers["Location"])
        else:
            later = self.clock.now() + timedelta(seconds=int(wait)) if wait else None
            self.transport.fail(url, KINDS[status], retry_at=later)


class TestFakeTransport(TransportContract):
    @pytest.fixture
    def site(self) -> Site:
        return FakeSite()

    def transport(self, site: Site) -> Transport:
        assert isinstance(site, FakeSite)
        return site.transport


class TestInlineParser(ParserContract):
    def parser(self) -> Parser:
        return InlineParser()


class TestMemoryStore(WholeStoreContract):
    @pytest.fixture
    def store(self) -> SqlStore:
        return MemoryStore()


class TestMemoryPublisher(PublisherContract):
    @pytest.fixture
    def publisher(self) -> Publisher:
        return MemoryPublisher()

    def look(self, publisher: Publisher, path: str) -> tuple[bytes, datetime] | None:
        assert isinstance(publisher, MemoryPublisher)
        return publisher.documents.get(path)


class TestPlainRenderer(RendererContract):
    @pytest.fixture
    def renderer(self) -> Renderer:
        return PlainRenderer()


class TestFakeEngine(EngineContract):
    def engine(self) -> Engine:
        return FakeEngine()

    async def pass_time(self, engine: Engine) -> None:
        assert isinstance(engine, FakeEngine)
        await engine.beat()
