"""What a state of many entries costs: look-up and commit a source, file size, near-duplicates.

    python -m bench.state [ENTRIES] [STATE]

A million entries of a thousand sources by default, one in ten of them a member of a topic that
merges; STATE is a folder or a PostgreSQL URL, a temporary folder by default.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from aggregator.adapters.sql.engine import DATABASE_FILE
from aggregator.adapters.sql.session import SqlSession
from aggregator.adapters.sql.store import SqlStore
from aggregator.core.archive import archive_size
from aggregator.core.feed_ids import ALL, feed_of_source
from aggregator.core.identity import Learned, Recognition, recognize, sight
from aggregator.core.identity.recall import Known
from aggregator.core.similarity import bands
from aggregator.model import (
    Basis,
    Draft,
    Entry,
    FeedId,
    Precision,
    Source,
    SourceId,
    SourceState,
    When,
)
from aggregator.pipeline import STORIES_GO_ON, recognize_drafts
from aggregator.stories import LOOKED_AT

SOURCES = 1000
PAGE = 25  # items a page shows
AT_ONCE = 100  # refreshes that share a commit
MERGED = 10  # one entry in so many is in a topic that merges
START = datetime(2016, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=5)  # between two entries
MINES = FeedId("mines")
WORDS = [
    a + b
    for a in ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te"]
    for b in ["nda", "lto", "mira", "sker", "vado", "ntes", "pola"]
]


def draft(rng: Random, number: int, source: int) -> Draft:
    words = rng.choices(WORDS, k=48)
    return Draft(
        title=" ".join(words[:8]).capitalize(),
        link=f"https://site{source}.example/news/{number}-{'-'.join(words[:5])}",
        published=When(at=START + number * STEP, precision=Precision.TIME, basis=Basis.MACHINE),
        summary=" ".join(words[8:]),
    )


def source_of(number: int) -> Source:
    return Source(
        id=SourceId(f"s{number}"),
        title=f"Source {number}",
        url=f"https://site{number}.example/",
        every=timedelta(hours=1),
    )


def recognized(drafts: list[Draft], source: SourceId, now: datetime) -> Recognition:
    sighting = sight(drafts, source, Learned())
    return recognize(sighting, Known(ids={}, entries={}), now=now)


def fill(session: SqlSession, rng: Random, first: int, count: int) -> Iterator[tuple[int, Draft]]:
    """Store entries first to first + count, the next source at each."""
    members, banded = {}, {}
    entries: list[Entry] = []
    for number in range(first, first + count):
        source = number % SOURCES
        one = draft(rng, number, source)
        found = recognized([one], SourceId(f"s{source}"), START + number * STEP)
        (entry,) = found.new
        entries.append(entry)
        session.add_keys(entry.source, found.keys)
        members[entry.id] = [ALL, feed_of_source(entry.source)]
        if number % MERGED == 0:
            members[entry.id].append(MINES)
            banded[entry.id] = bands(entry).own
        yield source, one
    session.add_entries(entries[::-1])
    session.set_members(members)
    session.add_bands(banded)
    session.forget_bands(before=START + first * STEP - STORIES_GO_ON)


def prepare(session: SqlSession) -> None:
    sources = [source_of(number) for number in range(SOURCES)]
    session.sync_sources(sources, due=[START] * SOURCES)
    feeds = [ALL, MINES, *(feed_of_source(source.id) for source in sources)]
    ids = {feed: f"tag:{feed}" for feed in feeds}
    session.sync_feeds(ids, earlier={}, archive_size=archive_size(50), now=START)


def timed(label: str, count: int, work: Callable[[], object]) -> None:
    start = time.perf_counter()
    work()
    print(f"{label:48} {(time.perf_counter() - start) / count * 1000:8.3f} ms")


def changed_page(
    pages: dict[int, list[Draft]], rng: Random, source: int, number: int
) -> list[Draft]:
    """Return a page of which all but the first item are known."""
    return [draft(rng, number, source), *pages[source][-PAGE + 1 :][::-1]]


def look_up(session: SqlSession, source: int, page: list[Draft], learned: str = "") -> Recognition:
    state = SourceState(source=SourceId(f"s{source}"), learned=learned)
    now = (page[0].published or page[1].published).at + STEP  # type: ignore[union-attr]
    return recognize_drafts(session, source_of(source), state, page, now=now)


def commit(session: SqlSession, found: Recognition, source: int) -> None:
    name = SourceId(f"s{source}")
    session.add_entries(found.new)
    session.add_keys(name, found.keys)
    session.set_members({entry.id: [ALL, feed_of_source(name)] for entry in found.new})
    session.save_state(SourceState(source=name, learned=found.learned.to_json()))


async def commit_all(store: SqlStore, found: dict[int, Recognition]) -> None:
    await asyncio.gather(
        *(
            store.transact(lambda session, source=source, one=one: commit(session, one, source))  # type: ignore[misc]
            for source, one in found.items()
        )
    )


def measure(store: SqlStore, pages: dict[int, list[Draft]], rng: Random, count: int) -> None:
    some = rng.sample(range(SOURCES), AT_ONCE)
    changed = {one: changed_page(pages, rng, one, count + one) for one in some}
    with store.reading() as session:
        first = {one: look_up(session, one, changed[one][1:]) for one in some}
        learned = {one: found.learned.to_json() for one, found in first.items()}
        found: dict[int, Recognition] = {}
        timed(
            "look-up, nothing remembered of the last page",
            AT_ONCE,
            lambda: [look_up(session, one, changed[one]) for one in some],
        )
        timed(
            "look-up, one of 25 items is new",
            AT_ONCE,
            lambda: found.update(
                {one: look_up(session, one, changed[one], learned[one]) for one in some}
            ),
        )
        assert all(len(one.new) == 1 for one in found.values())
        twins = [
            replace(entry, source=SourceId("other")) for one in found.values() for entry in one.new
        ]
        near = [{twin.id: bands(twin).near} for twin in twins]
        timed("near-duplicate query, bands made", AT_ONCE, lambda: [bands(twin) for twin in twins])
        timed(
            "near-duplicate query, asked of the store",
            AT_ONCE,
            lambda: [session.sharing_bands(one, limit=LOOKED_AT) for one in near],
        )
    timed(
        f"commit, {AT_ONCE} sources at once", AT_ONCE, lambda: asyncio.run(commit_all(store, found))
    )


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with ExitStack() as held:
        folder = (
            sys.argv[2] if len(sys.argv) > 2 else held.enter_context(tempfile.TemporaryDirectory())
        )
        store, rng = SqlStore(folder), Random(7)
        held.callback(store.dispose)
        with store.writing() as session:
            prepare(session)
        pages: dict[int, list[Draft]] = {number: [] for number in range(SOURCES)}
        start = time.perf_counter()
        for first in range(0, count, 10_000):
            with store.writing() as session:
                for source, one in fill(session, rng, first, min(10_000, count - first)):
                    pages[source] = [*pages[source][-PAGE:], one]
        print(f"{count} entries stored in {time.perf_counter() - start:.0f} s")
        measure(store, pages, rng, count)
        size = (
            sum(file.stat().st_size for file in Path(folder).glob("*.sqlite*"))
            if "://" not in folder
            else 0
        )
        if size:
            with closing(sqlite3.connect(Path(folder) / DATABASE_FILE)) as file:
                ((kept,),) = file.execute("SELECT count(DISTINCT seq) FROM bands")
            print(f"{f'entries with bands, of {count // MERGED}':48} {kept:8}")
        print(f"{'file':48} {size / 1e6:8.0f} MB, {size / count:.0f} bytes an entry")
    return 0


if __name__ == "__main__":
    sys.exit(main())
