"""Items that are called otherwise than their siblings, and are items all the same.

One of a list may be called important, or each be named after what it is about; the link of one
may be marked as new. What they share with the others is where they stand.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from aggregator.core.extract.auto.addresses import shape_of
from aggregator.core.extract.auto.outline import Outline, most
from aggregator.core.extract.auto.places import Place, called

_FEW = 3  # siblings, to be compared
_HELD = 2.5  # seeds of one kind that an item holds at most; what holds more is a list
_HELD_AT_ALL = 8  # of all kinds
_MOST = 2 / 3  # of the siblings have a seed in one place: it is no other kind of row that lacks it
# Says that an element is another thing than its siblings.
_APART = re.compile(
    r"head|foot|legend|total|pag|nav|menu|more|\bads?\b|advert|banner|sponsor|promo|related|social"
    r"|share|separat|divid|spacer",
    re.IGNORECASE,
)
_Way: TypeAlias = tuple[str, ...]  # names of elements, from below an item down to a seed


@lru_cache(maxsize=20_000)
def is_apart(tag: str, name: str) -> bool:
    """Tell whether an element of these classes is another thing than its siblings."""
    return _APART.search(name) is not None or called(tag, name) is not Place.CONTENT


def united(outline: Outline, seeds: Sequence[int], paths: Mapping[int, int]) -> dict[int, int]:
    """Return the path of each seed; seeds have one that stand in like places of siblings.

    Args:
        outline: The page.
        seeds: What may begin an item, in page order.
        paths: Of the seeds, by all names of the elements above them.
    """
    found = {seed: paths[seed] for seed in seeds}
    bare = outline.steps.paths(seeds, is_bare=True)
    alike: dict[int, list[int]] = defaultdict(list)
    for seed in seeds:
        alike[bare[seed]].append(seed)
    for group in alike.values():
        if len(group) >= _FEW and len({paths[seed] for seed in group}) > 1:
            sizes = Counter(paths[seed] for seed in group)
            for siblings in _siblings(outline, group, seeds):
                found |= _renamed(outline, group, siblings, paths, sizes)
    return found


def _siblings(outline: Outline, group: Sequence[int], seeds: Sequence[int]) -> Iterable[list[int]]:
    """Yield the elements below one, each with seeds of a group, where they may be items.

    What holds many is a section of the page: its news, its reports.
    """
    below: dict[int, set[int]] = defaultdict(set)
    for one, other in pairwise(group):
        above = outline.meeting(one, other)
        level = outline.depths[above] + 1
        below[above] |= {outline.above(one, level), outline.above(other, level)}
    for children in below.values():
        some = sorted(child for child in children if _may_be_item(outline, child))
        if len(some) < _FEW or _held(outline, group, some) > _HELD * len(some):
            continue
        if _held(outline, seeds, some) <= _HELD_AT_ALL * len(some):
            yield some


def _may_be_item(outline: Outline, at: int) -> bool:
    sort = outline.sorts[at]
    return not sort.is_cell and not is_apart(sort.tag, sort.name)


def _held(outline: Outline, seeds: Sequence[int], some: Sequence[int]) -> int:
    """Return how many of some seeds stand in some elements."""
    return sum(bisect_left(seeds, outline.ends[at]) - bisect_left(seeds, at) for at in some)


def _renamed(
    outline: Outline,
    group: Sequence[int],
    siblings: Sequence[int],
    paths: Mapping[int, int],
    sizes: Mapping[int, int],
) -> dict[int, int]:
    """Return the paths of the seeds of siblings, made one where most stand in like places.

    A sibling is either called otherwise itself, or its seed is, not both.
    """
    names = [outline.steps[at] for at in siblings]
    name = most(names)
    ways = [_ways(outline, group, at) for at in siblings]
    counts = Counter(way for found in ways for way in found)
    usual = [way for way, count in counts.items() if count >= _MOST * len(siblings)]
    renamed: dict[int, int] = {}
    for way in usual:
        target = max((paths[found[way]] for found in ways if way in found), key=sizes.__getitem__)
        for own, found in zip(names, ways, strict=True):
            odd = [seed for other, seed in found.items() if other not in usual and own == name]
            seed = found.get(way, odd[0] if odd else None)
            if seed is not None:
                renamed[seed] = target
    return renamed


def _ways(outline: Outline, group: Sequence[int], at: int) -> dict[_Way, int]:
    """Return the first seed of a group at each place in an element.

    A link that is itself the sibling is known by its address, too: the author, the category
    and the title of one item may stand side by side.
    """
    found: dict[_Way, int] = {}
    for seed in group[bisect_left(group, at) : bisect_left(group, outline.ends[at])]:
        names = tuple([outline.steps[one] for one in outline.path_of(seed, at)])
        href = outline.hrefs[seed] if outline.sorts[seed].is_link else ""
        shape = ("leads",) if names and href else shape_of(href, strict=True)
        found.setdefault((*names, *shape), seed)
    return found
