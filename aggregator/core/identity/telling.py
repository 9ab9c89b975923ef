"""Name in words how a page differs from the last one: edits, order, what went and came back."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from aggregator.core.identity.learned import PAGE_KEPT
from aggregator.model import EntryId, Revision

_FIELDS = {
    "title": ("title changed", "titles changed"),
    "summary": ("text changed", "texts changed"),
    "content": ("text changed", "texts changed"),
    "published": ("date changed", "dates changed"),
    "link": ("item has a new address", "items have new addresses"),
}
_ELSEWHERE = ("item stands elsewhere in the list", "items stand elsewhere in the list")
_GONE = ("item is no longer listed", "items are no longer listed")
_BACK = ("known item is listed again", "known items are listed again")
_RESPELLED = ("link is spelled otherwise", "links are spelled otherwise")
_REWRITTEN = ("item is written otherwise, no news", "items are written otherwise, no news")


def changes_in_words(
    before: Mapping[str, str],
    after: Mapping[str, str],
    *,
    revisions: Sequence[Revision],
    heard: int,
    respelled: int,
    known: Collection[str],
    moved: int,
) -> tuple[str, ...]:
    """Return what differs between two pages of a list, beside what is new.

    Args:
        before: The last page: key to fingerprint, in page order; empty: there was none.
        after: This one.
        revisions: What readers hear of.
        heard: How many known items are stored anew.
        respelled: How many known items have the same link in another spelling.
        known: Keys of items that are not new and did not move.
        moved: How many known items have another key.
    """
    if not before:
        return ()
    return tuple(
        _parts(
            list(before)[:PAGE_KEPT],
            list(after)[:PAGE_KEPT],
            revised=Counter(
                {(one.entry, _FIELDS[one.field]): 1 for one in revisions if one.field in _FIELDS}
            ),
            rewritten=sum(after.get(key, mark) != mark for key, mark in before.items()) - heard,
            respelled=respelled,
            known=known,
            moved=moved,
        )
    )


def _parts(
    before: list[str],
    after: list[str],
    *,
    revised: Mapping[tuple[EntryId, tuple[str, str]], int],
    rewritten: int,
    respelled: int,
    known: Collection[str],
    moved: int,
) -> Iterator[str]:
    for words, count in Counter(words for _, words in revised).items():
        yield _counted(count, words)
    if respelled:
        yield _counted(respelled, _RESPELLED)
    elif rewritten > 0:
        yield _counted(rewritten, _REWRITTEN)
    place = {key: at for at, key in enumerate(before)}
    stayed = [key for key in after if key in place]
    displaced = len(stayed) - _longest_rise([place[key] for key in stayed])
    if displaced * 2 > len(stayed):
        yield "the list is in another order"
    elif displaced:
        yield _counted(displaced, _ELSEWHERE)
    gone = len(_amid(before, set(after))) - moved
    if gone > 0:
        yield _counted(gone, _GONE)
    back = sum(key in known for key in _amid(after, place))
    if back:
        yield _counted(back, _BACK)


def _amid(page: Sequence[str], other: Collection[str]) -> list[str]:
    """Return what only *page* shows, amid what both show: not at an end, where lists move on."""
    both = [at for at, key in enumerate(page) if key in other]
    return [key for key in page[min(both) : max(both)] if key not in other] if both else []


def _longest_rise(places: Sequence[int]) -> int:
    """Return how many of *places* stand in order: the length of the longest rising part."""
    ends: list[int] = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(ends)


def _counted(count: int, words: tuple[str, str]) -> str:
    return f"{count} {words[count > 1]}"
