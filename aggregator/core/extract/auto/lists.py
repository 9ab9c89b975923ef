"""The lists a page could mean: nodes that repeat, each with a link or heading of its own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from aggregator.core.extract.auto.addresses import shape_of
from aggregator.core.extract.auto.kin import united
from aggregator.core.extract.auto.outline import Outline

MAX_LEVELS = 4  # heights at which one kind of link is tried as the mark of an item
FEW = 3  # as many make a list
MAX_PARTS = 12  # of a list, the largest
MAX_PAIRED = 20  # rows or links that are looked at
_HALF = 0.5
_OFTEN = 0.25  # as often as the usual depth
_MOST_AWAY = 0.6  # of the links of one kind, so that "Top" is none of them
_PAIRED = 0.8  # of the second rows have links of one kind, which no first row has


@dataclass(frozen=True, slots=True)
class Mark:
    """One kind of seed that the items of a list hold."""

    firsts: dict[int, int]  # root -> its first such seed
    total: int  # seeds of this kind, those with the same address as the one before left out

    @property
    def crowd(self) -> float:
        """Return how many such seeds an item holds; a list of lists holds many."""
        return self.total / len(self.firsts)

    def within(self, roots: set[int]) -> Mark:
        """Return the part of the mark that stands in some of the items."""
        firsts = {root: seed for root, seed in self.firsts.items() if root in roots}
        return Mark(firsts, round(self.crowd * len(firsts)))


@dataclass(slots=True)
class Listed:
    """A list that could be the items."""

    roots: list[int]  # the node of each item, in page order
    marks: list[Mark]
    is_paired: bool = False  # every other row is the rest of the item before
    family: int = 0  # a list and its parts are of one

    def halves(self, outline: Outline) -> list[Listed]:
        """Return the first rows of a list whose rows come in pairs: a title, then its author."""
        if outline.tag(self.roots[0]) != "tr" or len(self.roots) < 2 * FEW:
            return []
        if not (self._marks_alternate() or self._addresses_alternate(outline)):
            return []
        first = self._under(self.roots[0::2])
        first.is_paired = True
        first.family = -1 - self.family
        return [first]

    def _marks_alternate(self) -> bool:
        """Tell whether one kind of seed stands in the first rows, another in the second."""
        halves = set(self.roots[0::2]), set(self.roots[1::2])
        found = [
            [
                len(mark.firsts.keys() & half) >= _PAIRED * max(len(half), len(mark.firsts))
                for mark in self.marks
            ]
            for half in halves
        ]
        return all(map(any, found))

    def _addresses_alternate(self, outline: Outline) -> bool:
        """Tell whether the links of second rows are of one kind, which no first row has."""
        mark = max(self.marks, key=lambda one: len(one.firsts))
        if len(mark.firsts) < len(self.roots):
            return False
        seeds = list(mark.firsts.values())[:MAX_PAIRED]
        kinds = [shape_of(outline.hrefs.get(seed, ""), strict=True)[:2] for seed in seeds]
        usual, count = Counter(kinds[1::2]).most_common(1)[0]
        return count >= _PAIRED * len(kinds[1::2]) and usual not in kinds[0::2]

    def parts(self, outline: Outline) -> list[Listed]:
        """Return the list under each parent of its own, where there are several."""
        by_parent: dict[int, list[int]] = defaultdict(list)
        for root in self.roots:
            by_parent[outline.parents[root]].append(root)
        if len(by_parent) == 1:
            return []
        parts = [roots for roots in by_parent.values() if len(roots) >= FEW]
        return [self._under(roots) for roots in sorted(parts, key=len)[-MAX_PARTS:]]

    def _under(self, roots: list[int]) -> Listed:
        wanted = set(roots)
        marks = [mark.within(wanted) for mark in self.marks]
        return Listed(
            roots=roots, marks=[mark for mark in marks if mark.firsts], family=self.family
        )


def lists_of(outline: Outline, seeds: Sequence[int]) -> list[Listed]:
    """Return every list of at least two items; lists of the same items are one.

    Args:
        outline: The page.
        seeds: What may begin an item, in page order.
    """
    paths = outline.steps.paths(seeds)
    whole = _found(outline, _kinds(seeds, united(outline, seeds, paths)), paths)
    if outline.steps.has_cells:
        side_by_side = _beyond_headed_tables(outline, seeds)
        loose = outline.steps.paths(side_by_side, is_loose=True)
        groups = [
            one
            for one in _kinds(side_by_side, loose)
            if len({paths[at] for at in one}) > 1 and _lead_alike(outline, one)
        ]
        whole += _found(outline, groups, loose)
    lists = [
        Listed(
            roots=sorted(set().union(*(mark.firsts for mark in marks))), marks=marks, family=number
        )
        for number, marks in enumerate(whole)
    ]
    return [
        one for listed in lists for one in (listed, *listed.parts(outline), *listed.halves(outline))
    ]


def _beyond_headed_tables(outline: Outline, seeds: Sequence[int]) -> list[int]:
    """Return the seeds that stand in no table with column heads: there, items are rows."""
    heads = Counter(
        outline.parents[at] for at, sort in enumerate(outline.sorts) if sort.tag == "th"
    )
    headed = {outline.table(row) for row, count in heads.items() if count > 1} - {-1}
    return [seed for seed in seeds if outline.table(seed) not in headed] if headed else [*seeds]


def _lead_alike(outline: Outline, seeds: Sequence[int]) -> bool:
    """Tell whether most seeds lead to one kind of address, or are no links at all."""
    kinds = Counter(
        shape_of(outline.hrefs.get(seed, ""), strict=True)[:2] for seed in seeds[:MAX_PAIRED]
    )
    return max(kinds.values()) >= _HALF * kinds.total()


def _kinds(seeds: Sequence[int], paths: Mapping[int, int]) -> list[list[int]]:
    """Return the seeds by their path, those without a second left out."""
    kinds: dict[int, list[int]] = defaultdict(list)
    for seed in seeds:
        kinds[paths[seed]].append(seed)
    return [group for group in kinds.values() if len(group) > 1]


def _found(
    outline: Outline, groups: Sequence[Sequence[int]], paths: Mapping[int, int]
) -> list[list[Mark]]:
    """Return the marks of each list, whose items they stand in."""
    found: dict[int, list[Mark]] = defaultdict(list)
    for group in groups:
        seeds = _once(outline, _leading_away(outline, group))
        for level in _levels(outline, seeds):
            firsts: dict[int, int] = {}
            for seed in seeds:
                firsts.setdefault(outline.above(seed, level), seed)
            found[paths[next(iter(firsts))]].append(Mark(firsts, len(seeds)))
    return list(found.values())


def _leading_away(outline: Outline, group: Sequence[int]) -> Sequence[int]:
    """Return the seeds without those that lead to a place on the page, where most lead away."""
    away = [seed for seed in group if not outline.hrefs.get(seed, "").startswith("#")]
    return away if len(away) > _MOST_AWAY * len(group) else group


def _once(outline: Outline, group: Sequence[int]) -> list[int]:
    """Return the seeds without those that lead where the one before leads: picture and title."""
    once: list[int] = []
    before = ""
    for seed in group:
        href = outline.hrefs[seed] if outline.sorts[seed].is_link else ""
        if once and href and href == before:
            if not outline.length(once[-1]):
                once[-1] = seed
        else:
            once.append(seed)
        before = href
    return once


def _levels(outline: Outline, group: Sequence[int]) -> list[int]:
    """Return the depths at which the nodes above a kind of seed tell its members apart.

    One item with a second link makes no two items of it; one with a second heading does: two
    posts of one day.
    """
    counts = Counter(
        outline.depths[outline.meeting(one, other)] + 1 for one, other in pairwise(group)
    )
    usual = max(counts, key=counts.__getitem__, default=0)
    headed = outline.is_heading(group[0]) or outline.is_heading(max(0, outline.parents[group[0]]))
    levels = (
        level
        for level in counts
        if headed or level <= usual or counts[level] >= _OFTEN * counts[usual]
    )
    return sorted(levels, key=lambda level: -counts[level])[:MAX_LEVELS]
