"""The fake keeps the contract."""

from __future__ import annotations

from datetime import datetime

import pytest

from aggregator.ports import Publisher
from tests.contracts.memory_publisher import MemoryPublisher
from tests.contracts.publisher import PublisherContract


class TestMemoryPublisher(PublisherContract):
    @pytest.fixture
    def publisher(self) -> Publisher:
        return MemoryPublisher()

    def look(self, publisher: Publisher, path: str) -> tuple[bytes, datetime] | None:
        assert isinstance(publisher, MemoryPublisher)
        return publisher.documents.get(path)
