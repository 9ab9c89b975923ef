"""One story from several sources: who stands for whom in the feeds that merge.

The first entry to tell a story shows it; those of other sources that tell it too stand behind
it, as links. Nothing is dropped from the store, from the feeds of sources or from `all`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from aggregator.core.similarity import STORY_DAYS, bands, same_story
from aggregator.model import Entry, EntryId, FeedId
from aggregator.ports import Session

SAME_STORY = 0.5  # what core.similarity calls the same
LOOKED_AT = 20  # entries compared with one; those that share most bands come first


def split_stories(
    session: Session,
    updated: Sequence[Entry],
    before: Mapping[EntryId, Collection[FeedId]],
    *,
    merging: Collection[FeedId],
) -> dict[EntryId, Entry]:
    """Let every story that an updated entry is part of fall apart; return all that was in one.

    What an entry says now may be another story, so all of them are to be joined anew.
    """
    shown = {entry.id: entry for entry in updated if not _merged(before, entry.id, merging)}
    touched = [entry.id for entry in updated if entry.id not in shown]
    if not touched:
        return {}
    return dict(session.entries(session.disband(touched)))


def join_stories(
    session: Session,
    entries: Mapping[EntryId, Entry],
    members: Mapping[EntryId, Collection[FeedId]],
    *,
    merging: Collection[FeedId],
) -> None:
    """Let entries that tell a story which a feed shows already stand behind the first one.

    Args:
        session: The transaction.
        entries: Those that are new in a feed, or tell something else than before.
        members: The feeds that show them.
        merging: The feeds that show a story once.
    """
    feeds = {
        entry_id: some for entry_id in entries if (some := _merged(members, entry_id, merging))
    }
    found = {entry_id: bands(entries[entry_id]) for entry_id in feeds}
    near = {entry_id: some.near for entry_id, some in found.items() if some.near}
    if not near:
        return
    session.add_bands({entry_id: some.own for entry_id, some in found.items()})
    for entry_id, others in session.sharing_bands(near, limit=LOOKED_AT).items():
        _follow_first(session, entries[entry_id], others, feeds[entry_id])


def _follow_first(
    session: Session, entry: Entry, others: Sequence[Entry], feeds: Collection[FeedId]
) -> None:
    left = set(feeds)
    for other in others:
        if left and _is_same(entry, other):
            left -= session.follow(entry.id, other.id, left)


def _is_same(entry: Entry, other: Entry) -> bool:
    apart = abs(entry.published.at - other.published.at)
    return apart <= timedelta(days=STORY_DAYS) and same_story(entry, other) >= SAME_STORY


def _merged(
    members: Mapping[EntryId, Collection[FeedId]], entry_id: EntryId, merging: Collection[FeedId]
) -> set[FeedId]:
    return {feed for feed in members.get(entry_id, ()) if feed in merging}
