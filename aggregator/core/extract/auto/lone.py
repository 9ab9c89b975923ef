"""Items that stand alone: the newest one, large above the list; the first of each block."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence

from aggregator.core.extract.auto.addresses import shape_of
from aggregator.core.extract.auto.features import Measured
from aggregator.core.extract.auto.outline import Outline
from aggregator.core.extract.auto.places import Place

_NEAR = 4  # levels from the items up to what holds both
_TELLING = frozenset({"0", "a-"})  # numbers and slugs in the form of an address
_HEADED = 0.9  # of the items have headings as titles


def featured(
    outline: Outline, places: Sequence[Place], chosen: Sequence[Measured], *, hrefs: Collection[str]
) -> list[int]:
    """Return the nodes of lone items that stand above or among lists of items with headings.

    Args:
        outline: The page.
        places: Of its nodes.
        chosen: The lists, the best one first.
        hrefs: Where their items lead; a lone item leads elsewhere, by an address of their form.
    """
    best = chosen[0]
    if best.values["headings"] < _HEADED or not best.links:
        return []
    roots = sorted(root for measured in chosen for root in measured.listed.roots)
    shapes = {shape_of(outline.hrefs.get(seed, ""), strict=False) for seed in best.links.values()}
    headings = [at for at, sort in enumerate(outline.sorts) if sort.is_heading]
    leads = {at: _href(outline, at) for at in headings[: bisect_left(headings, roots[-1])]}
    alike = {at for at, href in leads.items() if href and shape_of(href, strict=False) in shapes}
    found: list[int] = []
    for seed in sorted(alike):
        if leads[seed] in hrefs or places[seed] is not Place.CONTENT:
            continue
        if seed < roots[0]:
            block = _block_above(outline, seed, roots[0])
            some = headings[
                bisect_left(headings, block) : bisect_left(headings, outline.ends[block])
            ]
            is_lone = block >= 0 and alike.issuperset(some)
        else:
            telling = _TELLING.intersection(shape_of(leads[seed], strict=False))
            is_lone = bool(telling) and not _is_inside(outline, seed, roots)
        if is_lone:
            found.append(_around(outline, seed, roots, headings))
    return found


def _href(outline: Outline, heading: int) -> str:
    """Return the address of the link in a heading, or around it."""
    for at in range(heading + 1, outline.ends[heading]):
        if outline.hrefs.get(at):
            return outline.hrefs[at]
    at = heading
    while at >= 0:
        if outline.hrefs.get(at):
            return outline.hrefs[at]
        at = outline.parents[at]
    return ""


def _block_above(outline: Outline, seed: int, first: int) -> int:
    """Return the highest node around a heading that does not reach the list; -1: it is far."""
    block, parent = seed, outline.parents[seed]
    while parent >= 0 and outline.ends[parent] <= first:
        block, parent = parent, outline.parents[parent]
    if parent < 0 or outline.depths[first] - outline.depths[parent] > _NEAR:
        return -1
    return block


def _is_inside(outline: Outline, seed: int, roots: Sequence[int]) -> bool:
    place = bisect_left(roots, seed)
    return place > 0 and outline.ends[roots[place - 1]] > seed


def _around(outline: Outline, seed: int, roots: Sequence[int], headings: Sequence[int]) -> int:
    """Return the highest node around a heading that holds no other one and none of the items."""
    root, parent = seed, outline.parents[seed]
    while (
        parent >= 0
        and _count(outline, parent, headings) == 1
        and not _count(outline, parent, roots)
    ):
        root, parent = parent, outline.parents[parent]
    return root


def _count(outline: Outline, at: int, nodes: Sequence[int]) -> int:
    return bisect_left(nodes, outline.ends[at]) - bisect_left(nodes, at)
