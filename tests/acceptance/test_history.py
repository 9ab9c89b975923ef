"""A search of the history that is killed goes on where it was: nothing is lost, nothing twice."""

from __future__ import annotations

import signal
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from aggregator.adapters.sql.store import SqlStore
from aggregator.model import Basis, Entry, EntryId, FeedId, Precision, SourceId, TopicId, When
from tests.acceptance.program import Program, ids

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

CONFIG = """\
publish: {{title: Test, dir: feeds, formats: [atom], window: 1000}}
serve: {{port: 8765}}
state: state
sources: {{news: {{url: "http://127.0.0.1:9/"}}}}  # which is refused: nothing new comes in between
topics:
  mines: {{title: Mines, merge: off, query: "{query}"}}
"""
STORED = 7_000  # four chunks
LONG_AGO = datetime(2018, 1, 1, tzinfo=UTC)


def entry(number: int) -> Entry:
    at = LONG_AGO + timedelta(minutes=number)
    return Entry(
        id=EntryId(f"http://example.org/{number}"),
        source=SourceId("news"),
        title=f"{'Mine' if number % 3 == 0 else 'Lake'} {number}",
        link=f"http://example.org/{number}",
        published=When(at=at, precision=Precision.TIME, basis=Basis.MACHINE),
        updated=at,
        first_seen=at,
    )


def configure(folder: Path, query: str) -> None:
    (folder / "config.yaml").write_text(CONFIG.format(query=query), encoding="utf-8")


def unsearched(folder: Path) -> dict[TopicId, int]:
    store = SqlStore(str(folder / "state"))
    with store.reading() as session:
        found = dict(session.unsearched_topics())
    store.dispose()
    return found


def members(folder: Path) -> int:
    store = SqlStore(str(folder / "state"))
    with store.reading() as session:
        found = session.count_shown(FeedId("mines"))
    store.dispose()
    return found


def test_a_search_that_is_killed_goes_on_and_the_feed_is_complete(tmp_path: Path) -> None:
    store = SqlStore(str(tmp_path / "state"))
    with store.writing() as session:
        session.add_entries([entry(number) for number in range(STORED)])
    store.dispose()
    for attempt in count():  # where it is killed is chance; a search that was done is begun anew
        configure(tmp_path, f"mine OR nowhere{attempt}")
        with Program(tmp_path) as program:
            program.wait_until_it_says("searching history")
            program.end(signal.SIGKILL)
        if reached := unsearched(tmp_path):
            break

    with Program(tmp_path) as program:
        first = program.wait_until_it_says("searching history")
        program.wait_until_it_says("searching history", left=0)
        program.wait_for(lambda _: not unsearched(tmp_path))
        program.end()

    assert 0 < reached[TopicId("mines")] < STORED
    assert first["left"] < STORED - reached[TopicId("mines")]
    documents = [tmp_path / "feeds/mines.atom", *(tmp_path / "feeds/mines").rglob("*.atom")]
    published = {one for path in documents for one in ids(path.read_bytes())}
    assert published == {entry(number).id for number in range(0, STORED, 3)}
    assert members(tmp_path) == len(published)
