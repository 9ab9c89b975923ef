"""How long a feed takes to write, beside the same Atom document written with bare lxml.

Once for the first time, and once when all its entries stood in another document before.

    python -m bench.render [ENTRIES]

The yardstick is the cheapest way to the same bytes: the finished document's own elements,
made anew one by one with lxml and serialized once, with nothing decided and nothing read.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from lxml import etree

from aggregator.adapters.feedgen import AtomRenderer, RssRenderer
from aggregator.core.json_feed import JsonFeedRenderer
from aggregator.model import (
    Basis,
    Entry,
    EntryId,
    Feed,
    FeedEntry,
    FeedId,
    Precision,
    SourceId,
    When,
)

ROUNDS = 60
START = datetime(2026, 1, 1, tzinfo=UTC)


def feed(size: int) -> Feed:
    return Feed(
        id=FeedId("mining"),
        title="Mining",
        description="Everything about mining",
        updated=START,
        entries=tuple(entry(number) for number in range(size)),
        home="http://127.0.0.1:8765/topics/mining",
        base_url="http://127.0.0.1:8765/feeds/",
        language="en",
        hub="http://127.0.0.1:8765/hub",
        path="mining",
        prev_archive="mining/archive/7",
    )


def entry(number: int) -> FeedEntry:
    at = START - timedelta(hours=number)
    paragraph = f"Paragraph of entry {number}: communities & company <talk>, again. " * 4
    return FeedEntry(
        entry=Entry(
            id=EntryId(f"http://example.org/news/{number}"),
            source=SourceId("andes"),
            title=f"Dialogue number {number} on the corridor",
            link=f"http://example.org/news/{number}",
            published=When(at=at, precision=Precision.TIME, basis=Basis.MACHINE),
            updated=at,
            first_seen=at,
            summary=paragraph.strip(),
            authors=("María Quispe",),
            categories=("Mining", "Peru"),
        ),
        source_title="Andes News",
        source_url="http://example.org/news/",
        topics=("Mining",),
    )


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of one call: the median of many."""
    times = []
    gc.disable()
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    gc.enable()
    return sorted(times)[ROUNDS // 2]


def rebuild(plan: list[Any]) -> bytes:
    """Make the elements of *plan* anew and write them."""
    root = made(plan)
    document: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return document


def made(plan: list[Any], parent: Any = None) -> Any:
    tag, attributes, nsmap, text, tail, children = plan
    if parent is None:
        element = etree.Element(tag, attributes, nsmap=nsmap)
    else:
        element = etree.SubElement(parent, tag, attributes)
    element.text, element.tail = text, tail
    for child in children:
        made(child, element)
    return element


def planned(element: Any) -> list[Any]:
    children = [planned(child) for child in element]
    attributes = dict(element.attrib)
    return [element.tag, attributes, element.nsmap, element.text, element.tail, children]


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    subject = feed(size)
    document = AtomRenderer().render(subject)
    plan = planned(etree.fromstring(document))
    bare = seconds(lambda: rebuild(plan))
    print(f"{size} entries, median of {ROUNDS}")
    print(f"bare lxml  {1000 * bare:6.2f} ms  {len(rebuild(plan)):7} bytes")
    for kind in (AtomRenderer, RssRenderer, JsonFeedRenderer):
        first = seconds(lambda new=kind: new().render(subject))  # type: ignore[misc]
        kept = kind()
        again = seconds(lambda old=kept: old.render(subject))  # type: ignore[misc]
        length = len(kept.render(subject))
        print(
            f"{kept.suffix:10} {1000 * first:6.2f} ms  {length:7} bytes  x {first / bare:.1f}"
            f"  with every entry known x {again / bare:.2f}"
        )


if __name__ == "__main__":
    main()
