"""Cut a feed's history into documents that never change (RFC 5005 section 4).

Every entry of a feed has a number: 1, 2, 3 … in the order in which entries joined it, the
older of two that join together first. Numbers 1 to `size` are archive 1, the next `size`
are archive 2. An archive is published when its last number is given, and never again. So
an entry that is found late, however old its date, moves no other entry.

The subscription document shows the newest entries by date **and** every entry no archive
holds yet. That is the same set while news arrive in order; late finds and edits come on
top, fewer than `size` of them, and so reach readers that know nothing of archives.

An edit of an archived entry gives it a new number: the archive keeps the old wording, the
subscription document (later a new archive) has the new one. A client that follows
``prev-archive`` and keeps the first version it meets of each id rebuilds everything.

What a store has to provide, see docs/decisions/archives.md.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    archived: int  # how many there are afterwards; to be stored
    after: int  # entries with higher numbers are in no archive
    newest: str | None  # path of the newest archive


def cut_history(feed_id: FeedId, *, last: int, size: int, archived: int) -> Cut:
    """Say which archives have become full and what the subscription document must hold.

    *last* is the highest number given in this feed (0: none), *size* the entries an archive
    holds, the same for the whole life of a feed, *archived* how many archives are written
    already (0: write all anew).

    >>> cut_history(FeedId("all"), last=120, size=50, archived=1).after
    100
    """
    full = last // size
    return Cut(
        archives=tuple(_archive(feed_id, n, size=size) for n in range(archived + 1, full + 1)),
        archived=full,
        after=full * size,
        newest=_path(feed_id, full) if full else None,
    )


def is_archived(number: int, *, last: int, size: int) -> bool:
    """Tell whether an archive holds the entry, so that an edit must give it a new number."""
    return number <= last // size * size


def newest_first(entries: Iterable[FeedEntry]) -> tuple[FeedEntry, ...]:
    """Sort entries as documents show them: by date, then as they stood on the page."""
    by_place = sorted(entries, key=lambda shown: (shown.entry.position, shown.entry.id))
    return tuple(sorted(by_place, key=lambda shown: shown.entry.published.at, reverse=True))


def subscription_document(feed: Feed, found: Cut, entries: Iterable[FeedEntry]) -> Feed:
    """Return *feed* as its subscription document.

    *entries* are the newest `window` by date and all with numbers above ``found.after``, in
    any order; an entry may be in both.
    """
    unique = {shown.entry.id: shown for shown in entries}
    return replace(
        feed,
        path=feed.id,
        entries=newest_first(unique.values()),
        current=None,
        prev_archive=found.newest,
    )


def archive_document(feed: Feed, archive: Archive, entries: Iterable[FeedEntry]) -> Feed:
    """Return *feed* as one of its archive documents.

    It links to the older one only: a link to the next would have to be added later. Nor
    does it name the hub, for nothing will ever be pushed about it. *entries* are those with
    numbers from ``archive.first`` to ``archive.last``, in any order.
    """
    return replace(
        feed,
        path=archive.path,
        entries=newest_first(entries),
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
