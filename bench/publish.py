"""How long it takes to render and write the feeds of many topics, and what is written.

    python -m bench.publish [TOPICS]

Each topic has 50 entries. The yardstick for writing is one plain write of the same bytes a
file, with nothing flushed, compared or renamed.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from aggregator.adapters.feedgen import AtomRenderer
from aggregator.adapters.files import FilePublisher
from aggregator.model import Feed, FeedId
from bench.render import START, entry, feed

TOPICS = 200
FEEDS_AT_ONCE = 200  # as pipeline.republish does


def topics(count: int) -> list[Feed]:
    one = feed(50)
    names = [f"topic-{number}" for number in range(count)]
    return [replace(one, id=FeedId(name), path=name, title=name) for name in names]


def with_a_new_entry(one: Feed) -> Feed:
    return replace(one, entries=(entry(-1), *one.entries[:-1]))


def timed(label: str, count: int, work: Callable[[], int]) -> None:
    start = time.perf_counter()
    written = work()
    took = (time.perf_counter() - start) / count * 1000
    print(f"{label:34} {took:6.2f} ms a feed, {written:5} files written")


def publish(publisher: FilePublisher, documents: list[tuple[str, bytes]]) -> int:
    written = 0
    for start in range(0, len(documents), FEEDS_AT_ONCE):
        with publisher.batch():
            for path, document in documents[start : start + FEEDS_AT_ONCE]:
                written += publisher.write(path, document, now=START)
    return written


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TOPICS
    renderer = AtomRenderer()

    def rendered(feeds: list[Feed]) -> list[tuple[str, bytes]]:
        return [(f"{one.path}.atom", renderer.render(one)) for one in feeds]

    feeds = topics(count)
    newer = [with_a_new_entry(one) for one in feeds]
    before, after = rendered(feeds), rendered(newer)
    with tempfile.TemporaryDirectory(dir=".") as folder:
        plain, publisher = Path(folder, "plain"), FilePublisher(Path(folder, "feeds"))
        plain.mkdir()

        def write_plainly() -> int:
            return sum((plain / path).write_bytes(document) > 0 for path, document in before)

        timed("plain writes", count, write_plainly)
        timed("published for the first time", count, lambda: publish(publisher, before))
        timed("published again, nothing changed", count, lambda: publish(publisher, before))
        timed("published, one new entry each", count, lambda: publish(publisher, after))
        timed(
            "rendered and published, unchanged", count, lambda: publish(publisher, rendered(newer))
        )


if __name__ == "__main__":
    main()
