"""Weigh the lists of a page and choose its items."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from aggregator.core.extract.auto.around import dates_above, heads_of
from aggregator.core.extract.auto.dated import date_in, is_date
from aggregator.core.extract.auto.features import WIDE, Measured, line, mean, measure, spread, width
from aggregator.core.extract.auto.fields import Plan
from aggregator.core.extract.auto.lists import lists_of
from aggregator.core.extract.auto.outline import Outline
from aggregator.core.extract.auto.places import Place, places_of
from aggregator.core.extract.auto.record import Record, join, read_record
from aggregator.core.extract.auto.runs import records_of
from aggregator.core.extract.auto.unite import is_uniform
from aggregator.core.extract.auto.weights import WEIGHTS
from aggregator.model import Item

LIKELY = 4  # families of lists whose items are looked into
LOOKED_INTO = 5  # items of each
# The labelled pages' lists reach 7.2 and more, menus and link boxes 4.8 at most.
LEAST = 4.9  # worth of a list
LEAST_DATED = 3.0
LEAST_BESIDE = 6.5  # of one that stands where menus and boxes do
_BEFORE = 20  # width of the words before a link in running text
_BEHIND = 4.0  # worth by which a list may lag before it is looked into
_WORTH_A_WORD = 0.25
_MANY_INSIDE = 1.5  # inner items an item holds, to be a list itself
_HALF = 0.5
_MOST = 0.9
_DATED = 0.3  # of the items have dates of their own: others stand above
_CELLS = frozenset({"td", "th"})
_TITLE = 0.3  # of a full title's width


@dataclass(frozen=True, slots=True)
class Weighed:
    """A page and its lists, the most likely one first."""

    outline: Outline
    places: Sequence[Place]
    lists: Sequence[Measured]


def weigh(tree: LexborHTMLParser, *, base_url: str) -> Weighed:
    """Return the lists of a page with how likely they are its items."""
    outline = Outline(tree)
    places = places_of(outline)
    body = tree.body
    length = len(line(body.text(deep=True))) if body is not None else 0
    found = [measure(outline, listed, places, page_length=length) for listed in lists_of(outline)]
    for measured in found:
        measured.score = score_of(measured)
    found.sort(key=_order)
    likely = _likely(found)
    for measured in likely:
        look_into(outline, measured, base_url=base_url)
    for measured in likely:
        inner = any(holds(outline, measured, other) for other in likely)
        measured.values["holds a list"] = float(inner)
        measured.score = score_of(measured)
    looked = {id(measured) for measured in likely}
    rest = [measured for measured in found if id(measured) not in looked]
    return Weighed(outline, places, [*sorted(likely, key=_order), *rest])


def is_a_list(measured: Measured) -> bool:
    """Tell whether a list that was looked into is one of items at all, and no menu or box."""
    values = measured.values
    if not measured.nodes:
        return False
    beside = max(values["side"], values["chrome"], values["menu"]) > _HALF
    if values["dates"] > _HALF:
        return measured.score >= (LEAST if beside else LEAST_DATED)
    return measured.score >= (LEAST_BESIDE if beside else LEAST)


def _order(measured: Measured) -> tuple[float, int]:
    return -measured.score, measured.listed.roots[0]


def _likely(found: Sequence[Measured]) -> list[Measured]:
    """Return the best lists, of each family the whole and its best part."""
    families: dict[int, list[Measured]] = {}
    for measured in found:
        family = families.setdefault(measured.listed.family, [])
        if not family or len(family[0].listed.roots) < len(measured.listed.roots):
            family.insert(0, measured)
    best = sorted(families.values(), key=lambda family: min(map(_order, family)))
    first = best[0][0] if best else None
    return [
        measured
        for family in best[:LIKELY]
        for measured in family[:2]
        if first is not None and _may_win(max(family, key=lambda one: one.score), first)
    ]


def _may_win(measured: Measured, first: Measured) -> bool:
    """Tell whether a list lags so little, or says so much, that a closer look may favor it."""
    if measured.score >= first.score - _BEHIND:
        return True
    return measured.values["share of page"] >= _HALF * first.values["share of page"]


def score_of(measured: Measured) -> float:
    """Return how likely a list is the items of the page."""
    return sum(weight * measured.values.get(name, 0.0) for name, weight in WEIGHTS.items())


def holds(outline: Outline, outer: Measured, inner: Measured) -> bool:
    """Tell whether the items of one list are lists themselves: months of meetings."""
    roots = outer.listed.roots
    ends = [outline.ends[root] for root in roots]
    if any(len(nodes) > 1 for nodes in outer.nodes):
        ends = [*roots[1:], outline.ends[outline.parents[roots[-1]]]]
    inside = [
        at
        for at in inner.listed.roots
        if (place := bisect_right(roots, at) - 1) >= 0 and roots[place] < at < ends[place]
    ]
    if len(inside) < _MANY_INSIDE * len(roots) or 2 * len(inside) < len(inner.listed.roots):
        return False
    if outline.tags[inner.listed.roots[0]] in _CELLS and not is_uniform(outline, inner):
        return False  # the cells of a row, each with a link of its own kind
    values = inner.values
    share = values["share of page" if values["headings"] > _MOST else "own share"]
    if values["hub links"] > _HALF:
        return False
    speaks = share >= _HALF * outer.values["share of page"]
    return (
        speaks
        and values["distinct"] > _HALF
        and (values["dates"] > _HALF or values["title width"] > _TITLE)
    )


def reasons_of(measured: Measured) -> tuple[str, ...]:
    """Return what counts most for and against a list: "+1.5 dates", "-5.0 menu"."""
    shares = [(weight * measured.values.get(name, 0.0), name) for name, weight in WEIGHTS.items()]
    shares = [share for share in shares if abs(share[0]) >= _WORTH_A_WORD]
    return tuple(
        f"{share:+.1f} {name}" for share, name in sorted(shares, key=lambda one: -abs(one[0]))
    )


def look_into(outline: Outline, measured: Measured, *, base_url: str) -> None:
    """Measure a list again by reading some of its items."""
    roots = measured.listed.roots
    parents = list(dict.fromkeys(outline.parents[root] for root in roots))
    measured.nodes = records_of(
        [outline.nodes[at] for at in parents],
        [outline.nodes[at] for at in roots],
        is_paired=measured.listed.is_paired,
    )
    chosen = spread(range(len(measured.nodes)), LOOKED_INTO)
    heads = heads_of(measured.nodes[0][0])
    records = [read_record(measured.nodes[at], heads=heads) for at in chosen]
    measured.records = {
        measured.nodes[at][0].mem_id: record for at, record in zip(chosen, records, strict=True)
    }
    plan = Plan.of(records)
    items = [plan.read(record, at, base_url=base_url) for at, record in enumerate(records)]
    measured.titles = [item.title for item in items]
    measured.values |= _values(items, plan, records)
    length = sum(len(leaf.text) for record in records for leaf in record.leaves)
    length = length * len(measured.nodes) // max(1, len(records))
    if measured.values["dates"] < _DATED:
        above = dates_above(measured.nodes)
        measured.values["dates"] = max(measured.values["dates"], len(above) / len(measured.nodes))
    measured.values["own share"] = measured.values["share of page"]
    measured.values["share of page"] = min(length / max(1, measured.page_length), 1.0)
    marked = mean(float(plan.is_marked(at)) for at in range(len(records)))
    measured.values["crowded"] *= marked  # other links beside a title that is none crowd nothing


def _values(items: Sequence[Item], plan: Plan, records: Sequence[Record]) -> dict[str, float]:
    titles = [item.title for item in items]
    hrefs = [item.link for item in items if item.link]
    return {
        "title width": mean(min(width(title), WIDE) / WIDE for title in titles),
        "title words": mean(min(len(title.split()) / 5, 1.0) for title in titles),
        "distinct": len(set(titles)) / max(1, len(titles)),
        "date titles": mean(float(is_date(title)) for title in titles),
        "headings": mean(float(plan.is_heading(at)) for at in range(len(items))),
        "dates": mean(
            float(bool(item.date_text or item.published or item.updated)) for item in items
        ),
        "more text": mean(
            min(sum(width(leaf.text) for leaf in record.leaves) - width(item.title), 150) / 150
            for item, record in zip(items, records, strict=True)
        ),
        "running text": mean(float(_runs_on(record)) for record in records),
        "only link": mean(
            float(sum(len(leaf.text) for leaf in record.leaves) <= len(item.title) + 3)
            for item, record in zip(items, records, strict=True)
        ),
        "linked": len(hrefs) / len(items),
        "distinct links": len(set(hrefs)) / max(1, len(hrefs)),
    }


def _runs_on(record: Record) -> bool:
    """Tell whether the first link of an item stands in the middle of a sentence."""
    at = next((at for at, leaf in enumerate(record.leaves) if leaf.link >= 0), None)
    if at is None or record.links[record.leaves[at].link].is_block:
        return False
    first = record.leaves[at]
    beside = [leaf for leaf in record.leaves if leaf.line == first.line]
    before = join([leaf for leaf in record.leaves[:at] if leaf.line == first.line])
    after = join([leaf for leaf in beside[beside.index(first) + 1 :] if leaf.link != first.link])
    return width(before) > _BEFORE and not date_in(before) and after[:1].islower()
