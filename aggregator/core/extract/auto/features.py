"""What is measured of a list, to tell the items of a page from its menus and boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log

from aggregator.core.dates.shape import may_hold_date
from aggregator.core.extract.auto.addresses import is_hub, is_telling
from aggregator.core.extract.auto.around import heading_above
from aggregator.core.extract.auto.fields import Plan
from aggregator.core.extract.auto.lists import FEW, Listed, Mark
from aggregator.core.extract.auto.outline import Outline
from aggregator.core.extract.auto.places import Place, is_called_aside
from aggregator.core.extract.auto.spans import Spans
from aggregator.core.extract.auto.titles import WIDE, mean, spread

SAMPLE = 6  # items of a list that are looked at
_MANY = 30
_TEXTS = 12  # of an item, in which a date is looked for


@dataclass(slots=True)
class Measured:
    """A list with what was measured; titles are those of the first items."""

    listed: Listed
    lead: dict[int, int]  # root -> the seed whose text is most like a title
    links: dict[int, int]  # root -> the seed whose address is most like an item's
    titles: list[str] = field(default_factory=list)
    records: list[Spans] = field(default_factory=list)  # of all items, once they were looked into
    plan: Plan | None = None
    values: dict[str, float] = field(default_factory=dict)
    score: float = 0.0


def measure(outline: Outline, listed: Listed, places: Sequence[Place]) -> Measured:
    """Return what can be told of a list without reading its items one by one."""
    mark, quality = _lead(outline, listed)
    lead = mark.firsts
    links = _links(outline, listed, lead)
    roots = spread(listed.roots, SAMPLE)
    pairs = [(root, lead[root]) for root in roots if root in lead]
    wide = [min(outline.length(seed), WIDE) / WIDE for _, seed in pairs]
    lengths = [outline.length(root) for root in roots]
    hrefs = [outline.hrefs.get(links[root], "") for root in roots if root in links]
    around = [places[max(0, outline.parents[root])] for root in roots]
    count = len(lead)
    values = {
        "count": min(log(count) / log(_MANY), 1.3),
        "crowded": min(mark.crowd - 1, 3.0),
        "few": float(count < FEW),
        "quality": quality,
        "title width": mean(wide),
        "distinct": len({outline.said(seed) for _, seed in pairs}) / max(1, len(pairs)),
        "headings": mean([has_heading(outline, root, seed) for root, seed in pairs]),
        "more text": mean(
            [
                min(max(0, outline.length(root) - outline.length(seed)) / 150, 1.0)
                for root, seed in pairs
            ]
        ),
        "only link": mean(
            [outline.length(root) <= outline.length(seed) + 3 for root, seed in pairs]
        ),
        "covered": count / len(listed.roots),
        "linked": len(links) / len(listed.roots),
        "distinct links": len(set(hrefs)) / max(1, len(hrefs)),
        "hub links": mean([is_hub(href) for href in hrefs]),
        "telling links": mean([is_telling(href) for href in hrefs]),
        "share of page": share_of_page(outline, lengths, len(listed.roots)),
        "side": mean([place is Place.SIDE for place in around]),
        "chrome": mean([place is Place.CHROME for place in around]),
        "menu": mean([place is Place.MENU for place in around]),
        "called aside": float(is_called_aside(heading_above(outline, listed.roots[0]))),
        "start": listed.roots[0] / max(1, len(outline.sorts)),
    }
    return Measured(listed=listed, lead=lead, links=links, values=values)


def share_of_page(outline: Outline, lengths: Sequence[int], count: int) -> float:
    """Return how much of a page's text so many items hold, some of which have these lengths."""
    return min(mean(lengths) * count / max(1, outline.reach[-1]), 1.0)


def add_dates(outline: Outline, measured: Measured) -> None:
    """Measure how many items may hold a date: the costly part."""
    roots = spread(measured.listed.roots, SAMPLE)
    texts = [outline.text(root, most=_TEXTS, apart=" ")[:400] for root in roots]
    measured.values["dates"] = mean([bool(text) and may_hold_date(text) for text in texts])


def has_heading(outline: Outline, root: int, seed: int) -> bool:
    """Tell whether a seed is a heading or stands in one, inside its item."""
    while seed >= root:
        if outline.is_heading(seed):
            return True
        seed = outline.parents[seed]
    return False


def _lead(outline: Outline, listed: Listed) -> tuple[Mark, float]:
    """Return the kind of seed that is most like a title, and how much so."""
    best = (-1.0, listed.marks[0])
    for mark in listed.marks:
        quality = _title_quality(outline, mark.firsts) * len(mark.firsts) / len(listed.roots)
        if quality > best[0]:
            best = (quality, mark)
    return best[1], best[0]


def _title_quality(outline: Outline, firsts: dict[int, int]) -> float:
    roots = spread(list(firsts), SAMPLE)
    seeds = [firsts[root] for root in roots]
    lengths = [length for seed in seeds if (length := outline.length(seed))]
    if not lengths:
        return 0.0
    distinct = len({outline.said(seed) for seed in seeds} - {""}) / len(seeds)
    wide = mean([min(length, WIDE) / WIDE for length in lengths])
    is_date = outline.tag(seeds[0]) == "time"
    heading = has_heading(outline, roots[0], seeds[0])
    return (0.2 + wide) * distinct * (1.5 if heading else 1.0) * (0.3 if is_date else 1.0)


def _links(outline: Outline, listed: Listed, lead: dict[int, int]) -> dict[int, int]:
    """Return the kind of link that is most like the way to an item."""
    best: tuple[float, dict[int, int]] = (0.0, {})
    for firsts in (one.firsts for one in listed.marks):
        sample = spread(list(firsts), SAMPLE)
        hrefs = [outline.hrefs.get(firsts[root], "") for root in sample]
        if not hrefs[0]:
            continue
        distinct = len(set(hrefs)) / len(hrefs)
        hub = mean([is_hub(href) for href in hrefs])
        quality = distinct * (1 - 0.8 * hub) * len(firsts) / len(listed.roots)
        quality += 0.3 * (firsts is lead)
        if quality > best[0]:
            best = (quality, firsts)
    return best[1]
