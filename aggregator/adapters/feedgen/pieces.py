"""Entries as they were written last, to stand in other documents without being written again.

The same entry stands in the feed of its source, in that of all and in those of its topics, and
in each of them again whenever one beside it changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from aggregator.model import EntryId, Feed, FeedEntry, Link

KEPT_BYTES = 8_000_000  # of each format, and once more of what was used before

# What may be different about one entry in two feeds; everything else is compared.
_Place: TypeAlias = tuple[EntryId, tuple[Link, ...], bool, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An entry as a part of a document."""

    xml: bytes
    updated: datetime  # as the document says


@dataclass(frozen=True, slots=True)
class _Kept:
    of: FeedEntry
    base_url: str
    offset: timedelta | None  # times that are equal may be written in two ways
    piece: Piece


@dataclass(slots=True)
class Pieces:
    """Remembers pieces; of those that were not used for long, none."""

    _new: dict[_Place, _Kept] = field(default_factory=dict)
    _old: dict[_Place, _Kept] = field(default_factory=dict)
    _bytes: int = 0  # of the new ones

    def find(self, feed: Feed, of: FeedEntry) -> Piece | None:
        """Return how *of* stands in *feed*, if it was written so before."""
        place = _place(feed, of)
        kept = self._new.get(place)
        if kept is None:
            kept = self._old.pop(place, None)
            if kept is not None:
                self._keep(place, kept)
        if kept is None or kept.of != of:
            return None
        is_same = kept.offset == of.entry.published.at.utcoffset()
        return kept.piece if is_same and kept.base_url == feed.base_url else None

    def add(self, feed: Feed, of: FeedEntry, piece: Piece) -> None:
        """Remember how *of* stands in *feed*."""
        offset = of.entry.published.at.utcoffset()
        self._keep(_place(feed, of), _Kept(of, feed.base_url, offset, piece))

    def _keep(self, place: _Place, kept: _Kept) -> None:
        if self._bytes > KEPT_BYTES:
            self._new, self._old, self._bytes = {}, self._new, 0
        self._new[place] = kept
        self._bytes += len(kept.piece.xml)


def _place(feed: Feed, of: FeedEntry) -> _Place:
    is_foreign = of.entry.language != feed.language
    return of.entry.id, of.also_at, is_foreign, feed.id if feed.per_feed_ids else ""
