"""Join lists that are one list to a reader: the columns of a home page, cards above a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from aggregator.core.extract.auto.addresses import shape_of
from aggregator.core.extract.auto.features import Measured
from aggregator.core.extract.auto.outline import Outline
from aggregator.core.extract.auto.titles import spread

_ALIKE = 0.6  # of its worth the other list has too
_UNIFORM = 0.8
_HALF = 0.5
_MOST = 12  # lists of one page
_TRIED = 40  # lists that may belong to the best one
_SAMPLE = 20
_BESIDE = ("side", "chrome", "menu", "called aside")


def partners(outline: Outline, found: Sequence[Measured]) -> list[Measured]:
    """Return the lists that belong to the best one, it first.

    A partner is equipped like the best: titles, dates and prose of its kind, addresses of
    its shape; it stands beside it, neither in it nor around it, and in no menu.
    """
    best = found[0]
    taken = _spans(outline, best)
    strict = best.values["headings"] < _HALF and best.values["dates"] < _HALF
    shape = _shape(outline, best, strict=strict)
    seen = set(_addresses(outline, best))
    chosen = [best]
    for other in found[1:_TRIED]:
        spans = _spans(outline, other)
        if _overlap(taken, spans):
            continue
        if not (_is_alike(best, other) or _is_fuller(outline, best, other)):
            continue
        if shape is None or _shape(outline, other, strict=strict) != shape:
            continue
        addresses = set(_addresses(outline, other))
        if addresses <= seen:
            continue
        if len(chosen) == _MOST:
            break
        chosen.append(other)
        seen |= addresses
        taken += spans
    return chosen


def is_uniform(outline: Outline, measured: Measured) -> bool:
    """Tell whether the links of a list are all of one kind."""
    hrefs = [outline.hrefs.get(seed, "") for seed in spread(list(measured.links.values()), _SAMPLE)]
    shapes = Counter(shape_of(href, strict=False)[:2] for href in hrefs)
    return bool(shapes) and max(shapes.values()) >= _UNIFORM * len(hrefs)


def _is_alike(best: Measured, other: Measured) -> bool:
    mine, its = best.values, other.values
    if any(its[name] > mine[name] for name in _BESIDE) or its["crowded"] > _HALF:
        return False
    if other.score < _HALF * best.score:
        return False
    return all(
        its[name] >= _ALIKE * mine[name]
        for name in ("headings", "dates", "title width", "distinct")
    )


def _is_fuller(outline: Outline, best: Measured, other: Measured) -> bool:
    """Tell whether the other list shows the items of the best one again, and more of them."""
    mine, its = best.values, other.values
    if any(its[name] > 0 for name in _BESIDE) or its["dates"] < mine["dates"] - 1 + _ALIKE:
        return False
    again = set(_addresses(outline, best)) & set(_addresses(outline, other))
    return len(again) >= _ALIKE * len(best.links) and len(other.links) > len(best.links)


def _spans(outline: Outline, measured: Measured) -> list[tuple[int, int]]:
    return [(root, outline.ends[root]) for root in measured.listed.roots]


def _overlap(one: Iterable[tuple[int, int]], other: Iterable[tuple[int, int]]) -> bool:
    both = sorted([*one, *other])
    reach = -1
    for start, end in both:
        if start < reach:
            return True
        reach = max(reach, end)
    return False


def _addresses(outline: Outline, measured: Measured) -> list[str]:
    return [outline.hrefs.get(seed, "") for seed in measured.links.values()]


def _shape(outline: Outline, measured: Measured, *, strict: bool) -> tuple[str, ...] | None:
    """Return what most addresses of a list have in common: host, and form of the path."""
    shapes = Counter(
        shape_of(outline.hrefs.get(seed, ""), strict=strict)
        for seed in spread(list(measured.links.values()), _SAMPLE)
    )
    for shape, count in shapes.most_common(1):
        if 2 * count >= sum(shapes.values()):
            return shape
    return None
