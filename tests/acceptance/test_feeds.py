"""A sample feed in, the expected documents out, byte for byte.

After a change that is meant, look at the difference and write them anew:

    python -m tests.acceptance.test_feeds
"""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.adapters.feedgen import AtomRenderer, RssRenderer
from aggregator.core.json_feed import JsonFeedRenderer
from aggregator.ports import Renderer
from tests.acceptance.sample_feed import FEEDS

RENDERERS: tuple[Renderer, ...] = (AtomRenderer(), RssRenderer(), JsonFeedRenderer())
FOLDER = Path(__file__).parent / "feeds"


@pytest.mark.parametrize("name", FEEDS)
@pytest.mark.parametrize("renderer", RENDERERS, ids=lambda renderer: renderer.suffix)
def test_a_feed_is_written_as_it_always_was(name: str, renderer: Renderer) -> None:
    expected = (FOLDER / f"{name}.{renderer.suffix}").read_bytes()

    document = renderer.render(FEEDS[name])

    assert document.decode() == expected.decode()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for feed_name, feed in FEEDS.items():
        for one in RENDERERS:
            (FOLDER / f"{feed_name}.{one.suffix}").write_bytes(one.render(feed))
