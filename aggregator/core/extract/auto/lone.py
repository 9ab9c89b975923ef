"""The item that stands alone above its list: the newest one, shown large."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import takewhile

from aggregator.core.extract.auto.addresses import shape_of
from aggregator.core.extract.auto.features import Measured
from aggregator.core.extract.auto.outline import Outline
from aggregator.core.extract.auto.places import Place

_NEAR = 4  # levels from the items up to what holds both
_HEADED = 0.9  # of the items have headings as titles


def featured(
    outline: Outline, places: Sequence[Place], chosen: Sequence[Measured], *, hrefs: Collection[str]
) -> list[int]:
    """Return the nodes of lone items that stand above a list of items with headings.

    Args:
        outline: The page.
        places: Of its nodes.
        chosen: The lists, the best one first.
        hrefs: Where their items lead; a lone item leads elsewhere, by an address of their form.
    """
    best = chosen[0]
    if best.values["headings"] < _HEADED or not best.links:
        return []
    first = min(measured.listed.roots[0] for measured in chosen)
    shapes = {shape_of(outline.hrefs.get(seed, ""), strict=False) for seed in best.links.values()}
    found: list[int] = []
    for seed in takewhile(first.__gt__, outline.seeds):
        if not outline.is_heading(seed) or places[seed] is not Place.CONTENT:
            continue
        href = _href(outline, seed)
        if not href or href in hrefs or shape_of(href, strict=False) not in shapes:
            continue
        root = _root(outline, seed, first)
        if root is not None and _headings(outline, root) == 1:
            found.append(root)
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


def _root(outline: Outline, seed: int, first: int) -> int | None:
    """Return the highest node around a seed that does not reach the list."""
    root = seed
    parent = outline.parents[root]
    while parent >= 0 and outline.ends[parent] <= first:
        root, parent = parent, outline.parents[parent]
    if parent < 0 or outline.depths[first] - outline.depths[parent] > _NEAR:
        return None
    return root


def _headings(outline: Outline, root: int) -> int:
    return sum(outline.is_heading(at) for at in range(root, outline.ends[root]))
