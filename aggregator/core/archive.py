"""Cut a feed's history into documents, of which the full ones never change (RFC 5005 section 4).

Every entry of a feed has a number: 1, 2, 3 … in the order in which entries joined it, the
older of two that join together first. Numbers 1 to `size` are archive 1, the next `size`
are archive 2. The newest archive fills up; once full it is never written again. So an entry
that is found late, however old its date, moves no other entry.

The subscription document shows the newest `window` entries by date. Whatever else there is
lies in the archives, so a client that follows ``prev-archive`` and keeps the first version
it meets of each id rebuilds everything.

An edit of an entry in a full archive gives it a new number: that archive keeps the old
wording, a newer one has the new wording.

What a store has to provide, see docs/decisions/archives.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from aggregator.model import Feed, FeedEntry, FeedId


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """An archive document that is to be written."""

    number: int  # from 1, the oldest
    path: str  # below feeds/, no suffix
    previous: str | None  # path of the next older one
    first: int  # the numbers of its entries, both included; some may have moved on
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """How a feed's history lies at one moment."""

    archives: tuple[Archive, ...]  # to be written, oldest first, before the subscription document
    archived: int  # how many full ones there are afterwards; to be stored
    newest: str | None  # path of the newest archive


def archive_size(window: int) -> int:
    """Return how many entries an archive of a new feed holds, for the feed's whole life.

    Within bounds, so that documents become neither thousands nor huge.
    """
    return min(max(window, 20), 100)


def cut_history(feed_id: FeedId, *, last: int, size: int, archived: int, window: int) -> Cut:
    """Say which archives must be written and which one the subscription document links to.

    *last* is the highest number given in this feed (0: none), *size* the entries an archive
    holds, the same for the whole life of a feed, *archived* how many full ones are written
    already (0: write all anew). There are none while the *window* holds everything.

    >>> cut = cut_history(FeedId("all"), last=120, size=50, archived=1, window=50)
    >>> [archive.path for archive in cut.archives]
    ['all/archive/2', 'all/archive/3']
    """
    if last <= window:
        return Cut(archives=(), archived=0, newest=None)
    count = -(-last // size)  # the last one may not be full yet
    numbers = range(archived + 1, count + 1)
    return Cut(
        archives=tuple(_archive(feed_id, number, size=size) for number in numbers),
        archived=last // size,
        newest=_path(feed_id, count),
    )


def is_archived(number: int, *, last: int, size: int) -> bool:
    """Tell whether an archive holds the entry, so that an edit must give it a new number."""
    return number <= last // size * size


def subscription_document(feed: Feed, cut: Cut, entries: tuple[FeedEntry, ...]) -> Feed:
    """Return *feed* as its subscription document; *entries* are its newest, newest first."""
    return replace(feed, path=feed.id, entries=entries, current=None, prev_archive=cut.newest)


def archive_document(feed: Feed, archive: Archive, entries: tuple[FeedEntry, ...]) -> Feed:
    """Return *feed* as one of its archive documents.

    It links to the older one only: a link to the next would have to be added later. Nor
    does it name the hub, for nothing will ever be pushed about it. *entries* are those with
    numbers from ``archive.first`` to ``archive.last``, newest first.
    """
    return replace(
        feed,
        path=archive.path,
        entries=entries,
        current=feed.id,
        prev_archive=archive.previous,
        hub=None,
    )


def _archive(feed_id: FeedId, number: int, *, size: int) -> Archive:
    return Archive(
        number=number,
        path=_path(feed_id, number),
        previous=_path(feed_id, number - 1) if number > 1 else None,
        first=(number - 1) * size + 1,
        last=number * size,
    )


def _path(feed_id: FeedId, number: int) -> str:
    return f"{feed_id}/archive/{number}"
