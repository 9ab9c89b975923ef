"""A feed's history is cut so that nothing is lost and nothing old ever changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.archive import (
    archive_document,
    cut_history,
    is_archived,
    newest_first,
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


def test_nothing_is_archived_before_an_archive_is_full() -> None:
    found = cut_history(ALL, last=49, size=50, archived=0)

    assert (found.archives, found.archived, found.after, found.newest) == ((), 0, 0, None)


def test_archives_are_written_once_oldest_first() -> None:
    found = cut_history(ALL, last=151, size=50, archived=1)

    assert [(a.path, a.previous, a.first, a.last) for a in found.archives] == [
        ("all/archive/2", "all/archive/1", 51, 100),
        ("all/archive/3", "all/archive/2", 101, 150),
    ]
    assert (found.archived, found.after, found.newest) == (3, 150, "all/archive/3")


def test_the_oldest_archive_links_to_nothing() -> None:
    (archive,) = cut_history(ALL, last=50, size=50, archived=0).archives

    document = archive_document(FEED, archive, [shown("a", day=1), shown("b", day=2)])

    assert document.prev_archive is None
    assert document.next_archive is None
    assert document.hub is None
    assert document.current == "all"
    assert document.path == "all/archive/1"
    assert ids(document.entries) == ["b", "a"]


def test_the_subscription_document_shows_an_entry_once() -> None:
    found = cut_history(ALL, last=50, size=50, archived=1)
    newest, loose = shown("new", day=9), shown("late", day=1)

    document = subscription_document(FEED, found, [newest, loose, newest])

    assert ids(document.entries) == ["new", "late"]
    assert document.prev_archive == "all/archive/1"
    assert document.current is None


def test_entries_of_one_day_stay_in_page_order() -> None:
    entries = [shown("c", day=1, position=2), shown("a", day=1), shown("b", day=1, position=1)]

    assert ids(newest_first(entries)) == ["a", "b", "c"]


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
        number = self.members[name][0] if name in self.members else 0
        if is_archived(number, last=self.last, size=self.size):
            self.last += 1
            number = self.last
        self.members[name] = (number, shown(name, day=day, title=title))

    def publish(self) -> None:
        found = cut_history(ALL, last=self.last, size=self.size, archived=self.archived)
        for archive in found.archives:
            inside = [e for n, e in self.members.values() if archive.first <= n <= archive.last]
            self.published[archive.path] = archive_document(FEED, archive, inside)
        entries = [e for _, e in self.members.values()]
        loose = [e for n, e in self.members.values() if n > found.after]
        newest = newest_first(entries)[: self.window]
        self.published["all"] = subscription_document(FEED, found, [*newest, *loose])
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
def test_a_client_rebuilds_everything_and_archives_never_change(
    steps: list[list[tuple[str, int, str]]], size: int, window: int
) -> None:
    shelf = Shelf(size=size, window=window)
    for step in steps:
        before = dict(shelf.published)

        for name, day, title in step:
            shelf.put(name, day=day, title=title)
        shelf.publish()

        current = {name: one.entry.title for name, (_, one) in shelf.members.items()}
        assert shelf.rebuilt() == current
        assert len(shelf.published["all"].entries) < window + size
        assert all(shelf.published[p] is old for p, old in before.items() if p != "all")
