"""A feed's history is cut so that nothing is lost and nothing old ever changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.archive import (
    archive_document,
    archive_size,
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

START = datetime(2020, 1, 1, tzinfo=UTC)
ALL = FeedId("all")
FEED = Feed(
    id=ALL,
    title="All",
    description="",
    updated=START,
    entries=(),
    home="http://127.0.0.1/",
    base_url="http://127.0.0.1/feeds/",
    hub="http://127.0.0.1/hub",
)


def shown(name: str, *, day: int, title: str = "title", position: int = 0) -> FeedEntry:
    at = START + timedelta(days=day)
    entry = Entry(
        id=EntryId(f"tag:example.org,2020:{name}"),
        source=SourceId("s"),
        title=title,
        link=None,
        published=When(at=at, precision=Precision.DAY, basis=Basis.WRITTEN),
        updated=at,
        first_seen=at,
        position=position,
    )
    return FeedEntry(entry=entry, source_title="S", source_url="http://127.0.0.1/s")


def ids(entries: tuple[FeedEntry, ...]) -> list[str]:
    return [one.entry.id.rpartition(":")[2] for one in entries]


def test_nothing_is_archived_while_the_window_holds_everything() -> None:
    found = cut_history(ALL, last=49, size=20, archived=0, window=50)

    assert (found.archives, found.archived, found.newest) == ((), 0, None)


def test_full_archives_are_written_once_and_the_newest_fills_up() -> None:
    found = cut_history(ALL, last=151, size=50, archived=1, window=50)

    assert [(a.path, a.previous, a.first, a.last) for a in found.archives] == [
        ("all/archive/2", "all/archive/1", 51, 100),
        ("all/archive/3", "all/archive/2", 101, 150),
        ("all/archive/4", "all/archive/3", 151, 200),
    ]
    assert (found.archived, found.newest) == (3, "all/archive/4")


def test_the_oldest_archive_links_to_nothing() -> None:
    archive, _ = cut_history(ALL, last=51, size=50, archived=0, window=50).archives

    document = archive_document(FEED, archive, (shown("b", day=2), shown("a", day=1)))

    assert document.prev_archive is None
    assert document.next_archive is None
    assert document.hub is None
    assert document.current == "all"
    assert document.path == "all/archive/1"
    assert ids(document.entries) == ["b", "a"]


def test_what_the_window_does_not_hold_lies_in_an_archive_at_once() -> None:
    found = cut_history(ALL, last=19, size=20, archived=0, window=10)

    assert [archive.path for archive in found.archives] == ["all/archive/1"]
    assert (found.archived, found.newest) == (0, "all/archive/1")


def test_the_subscription_document_links_to_the_newest_archive() -> None:
    found = cut_history(ALL, last=51, size=50, archived=1, window=50)

    document = subscription_document(FEED, found, (shown("new", day=9),))

    assert document.prev_archive == "all/archive/2"
    assert document.current is None
    assert document.hub == FEED.hub
    assert ids(document.entries) == ["new"]


@pytest.mark.parametrize(("window", "size"), [(1, 20), (50, 50), (1000, 100)])
def test_an_archive_holds_a_window_within_bounds(window: int, size: int) -> None:
    assert archive_size(window) == size


def newest_first(entries: Iterable[FeedEntry]) -> tuple[FeedEntry, ...]:
    return tuple(sorted(entries, key=lambda one: one.entry.published.at, reverse=True))


@dataclass
class Shelf:
    """A feed's memory in the simplest form, and every archive it ever published."""

    size: int
    window: int
    last: int = 0
    archived: int = 0
    members: dict[str, tuple[int, FeedEntry]] = field(default_factory=dict)
    published: dict[str, Feed] = field(default_factory=dict)

    def put(self, name: str, *, day: int, title: str) -> None:
        """Let an entry join, or change; a new one is treated as if an archive held it."""
        number = self.members[name][0] if name in self.members else 0
        if is_archived(number, last=self.last, size=self.size):
            self.last += 1
            number = self.last
        self.members[name] = (number, shown(name, day=day, title=title))

    def publish(self) -> None:
        found = cut_history(
            ALL, last=self.last, size=self.size, archived=self.archived, window=self.window
        )
        for archive in found.archives:
            inside = newest_first(
                one
                for number, one in self.members.values()
                if archive.first <= number <= archive.last
            )
            self.published[archive.path] = archive_document(FEED, archive, inside)
        entries = newest_first(one for _, one in self.members.values())
        self.published["all"] = subscription_document(FEED, found, entries[: self.window])
        self.archived = found.archived

    def rebuilt(self) -> dict[str, str | None]:
        """Read as a client does: from the newest document back, the first version wins."""
        titles: dict[str, str | None] = {}
        path: str | None = "all"
        while path is not None:
            for one in self.published[path].entries:
                titles.setdefault(one.entry.id.rpartition(":")[2], one.entry.title)
            path = self.published[path].prev_archive
        return titles


STEPS = st.lists(
    st.lists(
        st.tuples(st.sampled_from("abcdefghijklmnopq"), st.integers(0, 9), st.text(max_size=2)),
        max_size=8,
    ),
    max_size=12,
)


@given(STEPS, st.integers(1, 4), st.integers(1, 4))
def test_a_client_rebuilds_everything_and_full_archives_never_change(
    steps: list[list[tuple[str, int, str]]], size: int, window: int
) -> None:
    shelf = Shelf(size=size, window=window)
    for step in steps:
        before = dict(shelf.published)
        full = {f"all/archive/{number}" for number in range(1, shelf.archived + 1)}

        for name, day, title in step:
            shelf.put(name, day=day, title=title)
        shelf.publish()

        current = {name: one.entry.title for name, (_, one) in shelf.members.items()}
        assert shelf.rebuilt() == current
        assert len(shelf.published["all"].entries) <= window
        assert all(shelf.published[path] is before[path] for path in full)
