"""A query tried over what is stored: what it finds, gains, loses, and nearly finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from heapq import heappush, heapreplace

from aggregator.core.query.document import Document
from aggregator.core.query.index import QueryIndex
from aggregator.core.query.tree import (
    And,
    Field,
    Form,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Word,
    rewrite,
    told,
)
from aggregator.model import Entry

SHOWN = 5  # entries of each kind that are named; all are counted
NEAR_MISSES = 25  # ways to relax a query that are tried
APART = 6  # NEAR/6: the words of a phrase with five words between


@dataclass(slots=True)
class Newest:
    """Counts entries and keeps the newest."""

    shown: int = SHOWN
    count: int = 0
    _heap: list[tuple[float, int, Entry]] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Count *entry*."""
        self.count += 1
        place = (entry.published.at.timestamp(), self.count, entry)
        if len(self._heap) < self.shown:
            heappush(self._heap, place)
        elif self.shown:
            heapreplace(self._heap, max(place, self._heap[0]))

    def entries(self) -> tuple[Entry, ...]:
        """Return the newest, newest first."""
        return tuple(entry for _, _, entry in sorted(self._heap, reverse=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """Entries that a query would find if it were a little different."""

    change: str  # "but for NOT football"
    found: Newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a query does over all stored entries."""

    searched: int
    found: Newest
    gained: Newest  # against the query it is compared with
    lost: Newest
    near_misses: tuple[NearMiss, ...]  # the rarest first


def try_query(
    entries: Iterable[Entry],
    query: Query,
    *,
    current: Query,
    document: Callable[[Entry], Document],
    shown: int = SHOWN,
) -> Trial:
    """Try *query* over *entries*.

    Args:
        entries: All there are; one pass is made.
        query: Without references to topics.
        current: What to compare it with.
        document: Makes an entry one that queries see; see `Percolator.document`.
        shown: How many entries of each kind to name.
    """
    relaxed = list(relaxations(query))[:NEAR_MISSES]
    index = QueryIndex([query, current, *(looser for _, looser in relaxed)])
    found, gained, lost = Newest(shown), Newest(shown), Newest(shown)
    misses = [Newest(shown) for _ in relaxed]
    searched = 0
    for entry in entries:
        searched += 1
        matches = index.match(document(entry))
        for number in matches if 0 not in matches else ():
            (lost if number == 1 else misses[number - 2]).add(entry)
        if 0 in matches:
            found.add(entry)
            if 1 not in matches:
                gained.add(entry)
    near = [
        NearMiss(change=change, found=miss)
        for (change, _), miss in zip(relaxed, misses, strict=True)
        if miss.count
    ]
    return Trial(
        searched=searched,
        found=found,
        gained=gained,
        lost=lost,
        near_misses=tuple(sorted(near, key=lambda miss: miss.found.count)),
    )


def relaxations(query: Query) -> Iterator[tuple[str, Query]]:
    """Yield looser queries and what is different in each.

    >>> from aggregator.core.query.parse import parse
    >>> [change for change, _ in relaxations(parse("copper -gas"))]
    ['but for NOT gas', 'with slips', 'in the content']
    """
    yield from _without_a_part(query)
    for change, looser in (
        ("with slips", rewrite(query, _with_slips, negated=False)),
        ("with the words of phrases apart", rewrite(query, _apart, negated=False)),
        ("in the content", Field(name="content", query=query)),
    ):
        if looser != query:
            yield change, looser


def _without_a_part(query: Query) -> Iterator[tuple[str, Query]]:
    match query:
        case Or():
            for at, part in enumerate(query.queries):
                for change, looser in _without_a_part(part):
                    others = (*query.queries[:at], *query.queries[at + 1 :])
                    yield change, Or(queries=(looser, *others))
        case And():
            positive = [part for part in query.queries if not isinstance(part, Not)]
            for at, part in enumerate(query.queries):
                rest = (*query.queries[:at], *query.queries[at + 1 :])
                if isinstance(part, Not) or len(positive) > 1:
                    yield f"but for {told(part)}", rest[0] if len(rest) == 1 else And(queries=rest)
        case _:
            return


def _with_slips(query: Query) -> Query:
    match query:
        case Word(form=Form.LIGHT | Form.EXACT):
            return replace(query, form=Form.FUZZY) if len(query.word) >= _LETTERS else query
        case Phrase(fuzzy=False):
            return replace(query, fuzzy=True)
        case _:
            return query


_LETTERS = 6  # shorter words have too many neighbors that are words themselves


def _apart(query: Query) -> Query:
    if not isinstance(query, Phrase) or query.fuzzy or not query.words[1:]:
        return query
    near: Query = Word(word=query.words[0], form=Form.EXACT)
    for word in query.words[1:]:
        near = Near(left=near, right=Word(word=word, form=Form.EXACT), distance=APART)
    return near
