"""What every `Renderer` must do; each adapter's tests inherit these."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace

import pytest

from aggregator.model import Feed, FeedEntry
from aggregator.ports import Renderer
from tests.acceptance.sample_feed import ARCHIVE, EMPTY, FULL, PER_FEED, PLAIN, SUBSCRIPTION


class RendererContract(ABC):
    """Inherit, and say how a renderer is made."""

    @pytest.fixture
    @abstractmethod
    def renderer(self) -> Renderer:
        """Return a renderer."""

    def test_it_says_what_it_writes(self, renderer: Renderer) -> None:
        assert renderer.suffix.isalnum()
        assert "/" in renderer.media_type

    @pytest.mark.parametrize("feed", [SUBSCRIPTION, ARCHIVE, EMPTY, PER_FEED])
    def test_the_same_feed_gives_the_same_bytes(self, renderer: Renderer, feed: Feed) -> None:
        assert renderer.render(feed) == renderer.render(feed)

    def test_every_entry_is_there_in_the_order_given(self, renderer: Renderer) -> None:
        entries = tuple(
            FeedEntry(
                entry=replace(entry, title=title, link=f"http://news.example.org/{title}"),
                source_title="Andes",
                source_url="http://news.example.org/",
            )
            for entry, title in ((PLAIN, "first"), (FULL, "second"), (PLAIN, "third"))
        )

        text = renderer.render(replace(EMPTY, entries=entries)).decode()

        places = [text.index(f"http://news.example.org/{n}") for n in ("first", "second", "third")]
        assert places == sorted(places)

    def test_a_feed_without_entries_has_its_title(self, renderer: Renderer) -> None:
        assert b"Andes" in renderer.render(EMPTY)

    def test_another_title_gives_other_bytes(self, renderer: Renderer) -> None:
        assert renderer.render(EMPTY) != renderer.render(replace(EMPTY, title="Coast"))
