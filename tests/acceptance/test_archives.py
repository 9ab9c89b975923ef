"""A client that knows nothing of us follows prev-archive and rebuilds all there ever was."""

from __future__ import annotations

import sqlite3
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.adapters.feedgen import AtomRenderer
from aggregator.adapters.files import FilePublisher
from aggregator.core.archive import (
    archive_document,
    cut_history,
    is_archived,
    subscription_document,
)
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

BASE = "http://127.0.0.1:8765/feeds/"
START = datetime(2020, 1, 1, tzinfo=UTC)
WINDOW = 50
ATOM = "{http://www.w3.org/2005/Atom}"

# What docs/decisions/archives.md asks of a store.
SCHEMA = """
    create table feeds (id text primary key, last integer, size integer, archived integer);
    create table members (
        feed text, entry text, number integer, published text, title text,
        primary key (feed, entry)
    );
    create unique index members_by_number on members (feed, number);
    create index members_by_date on members (feed, published desc);
"""
NEWEST = "select * from members where feed = :feed order by published desc limit :window"
ARCHIVED = """
    select * from members where feed = :feed and number between :first and :last
    order by published desc
"""


@dataclass
class Desk:
    """Keeps one feed in SQLite and publishes it into a folder."""

    state: sqlite3.Connection
    folder: Path
    rendered: int = 0

    def join(self, *numbers: int, title: str = "Entry") -> None:
        """Let entries join the feed, or change their title, in this order."""
        with self.state:
            for number in numbers:
                self._join_one(str(number), f"{title} {number}", number)

    def _join_one(self, entry: str, title: str, hours: int) -> None:
        last, size = self.state.execute("select last, size from feeds").fetchone()
        known = self.state.execute("select number from members where entry = ?", (entry,))
        number = (known.fetchone() or (0,))[0]
        if is_archived(number, last=last, size=size):
            number = last + 1
            self.state.execute("update feeds set last = ?", (number,))
        published = (START + timedelta(hours=hours)).isoformat()
        row = ("all", entry, number, published, title)
        self.state.execute("insert or replace into members values (?, ?, ?, ?, ?)", row)

    def publish(self) -> None:
        """Write the archives that are new or fill up, then the subscription document."""
        last, size, archived = self.state.execute(
            "select last, size, archived from feeds"
        ).fetchone()
        found = cut_history(FEED.id, last=last, size=size, archived=archived, window=WINDOW)
        for archive in found.archives:
            bounds = {"feed": "all", "first": archive.first, "last": archive.last}
            self._write(archive_document(FEED, archive, self._select(ARCHIVED, bounds)))
        bounds = {"feed": "all", "window": WINDOW}
        self._write(subscription_document(FEED, found, self._select(NEWEST, bounds)))
        with self.state:
            self.state.execute("update feeds set archived = ?", (found.archived,))

    def _select(self, query: str, bounds: dict[str, object]) -> tuple[FeedEntry, ...]:
        return tuple(shown(*row[1:]) for row in self.state.execute(query, bounds))

    def _write(self, document: Feed) -> None:
        self.rendered += 1
        renderer = AtomRenderer()
        path = f"{document.path}.{renderer.suffix}"
        FilePublisher(self.folder).write(path, renderer.render(document), now=START)

    def archives(self) -> dict[str, bytes]:
        """Return the archive documents that lie there."""
        found = sorted((self.folder / "all").rglob("*.atom"))
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in found}


FEED = Feed(
    id=FeedId("all"),
    title="All",
    description="Everything",
    updated=START,
    entries=(),
    home="http://127.0.0.1:8765/",
    base_url=BASE,
)


def shown(entry: str, number: int, published: str, title: str) -> FeedEntry:
    at = datetime.fromisoformat(published)
    clean = Entry(
        id=EntryId(f"http://example.org/{entry}"),
        source=SourceId("s"),
        title=title,
        link=f"http://example.org/{entry}",
        published=When(at=at, precision=Precision.TIME, basis=Basis.MACHINE),
        updated=at,
        first_seen=at,
        position=number,
    )
    return FeedEntry(entry=clean, source_title="S", source_url="http://example.org/")


def desk(folder: Path) -> Desk:
    state = sqlite3.connect(":memory:")
    state.executescript(SCHEMA)
    state.execute("insert into feeds values ('all', 0, 50, 0)")
    return Desk(state, folder)


def rebuild(folder: Path) -> dict[str, str]:
    """Follow prev-archive from the subscription document; the first version met wins."""
    titles: dict[str, str] = {}
    url: str | None = BASE + "all.atom"
    while url is not None:
        root = ET.fromstring((folder / url.removeprefix(BASE)).read_bytes())
        for entry in root.iter(f"{ATOM}entry"):
            titles.setdefault(entry.findtext(f"{ATOM}id", ""), entry.findtext(f"{ATOM}title", ""))
        links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
        url = links.get("prev-archive")
    return titles


def expected(*numbers: int, title: str = "Entry") -> dict[str, str]:
    return {f"http://example.org/{number}": f"{title} {number}" for number in numbers}


@pytest.mark.slow
def test_a_client_rebuilds_a_thousand_entries_and_old_archives_stay_as_they_are(
    tmp_path: Path,
) -> None:
    feed = desk(tmp_path)
    for start in range(500, 1500, 30):
        feed.join(*range(start, min(start + 30, 1500)))
        feed.publish()
    before = feed.archives()
    everything = rebuild(tmp_path)

    for start in range(1500, 1900, 7):
        feed.join(*range(start, min(start + 7, 1900)))
        feed.publish()
    feed.join(*range(400, 500))  # older than all the rest, found late
    feed.publish()

    assert everything == expected(*range(500, 1500))
    assert len(before) == 20
    assert len(feed.archives()) == 30
    assert before == {path: feed.archives()[path] for path in before}
    assert rebuild(tmp_path) == expected(*range(400, 1900))


def test_an_edit_of_an_archived_entry_reaches_readers_and_leaves_its_archive(
    tmp_path: Path,
) -> None:
    feed = desk(tmp_path)
    feed.join(*range(200))
    feed.publish()
    before = feed.archives()

    feed.join(3, title="Corrected")
    feed.publish()

    assert before == {path: feed.archives()[path] for path in before}
    assert rebuild(tmp_path) == expected(*range(200)) | expected(3, title="Corrected")


def test_a_late_find_lies_in_the_newest_archive(tmp_path: Path) -> None:
    feed = desk(tmp_path)
    feed.join(*range(100, 300))
    feed.publish()

    feed.join(7)
    feed.publish()

    assert rebuild(tmp_path) == expected(7, *range(100, 300))


def test_one_new_entry_costs_two_documents(tmp_path: Path) -> None:
    feed = desk(tmp_path)
    feed.join(*range(2000))
    feed.publish()
    already = feed.rendered

    feed.join(2000)
    feed.publish()

    assert already == 41
    assert feed.rendered == 43
