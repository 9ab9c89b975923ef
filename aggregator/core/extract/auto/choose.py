"""Weigh the lists of a page and choose its items."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.core.extract.auto.addresses import shape_of
from aggregator.core.extract.auto.around import dates_above, heads_of, is_head
from aggregator.core.extract.auto.dated import date_in, is_date
from aggregator.core.extract.auto.features import (
    Measured,
    add_dates,
    measure,
    share_of_page,
)
from aggregator.core.extract.auto.fields import Plan
from aggregator.core.extract.auto.lists import FEW, lists_of
from aggregator.core.extract.auto.outline import Outline, width
from aggregator.core.extract.auto.places import Place
from aggregator.core.extract.auto.record import Record, read_record
from aggregator.core.extract.auto.runs import records_of
from aggregator.core.extract.auto.spans import Spans, is_element
from aggregator.core.extract.auto.titles import WIDE, mean, spread
from aggregator.core.extract.auto.unite import is_uniform
from aggregator.core.extract.auto.weights import WEIGHTS

LIKELY = 4  # families of lists whose items are looked into
LOOKED_INTO = 6  # items of each
MOST_TEXTS = 40  # of each of them
# The labelled pages' lists reach 7.2 and more, menus and link boxes 4.8 at most.
LEAST = 4.9  # worth of a list
LEAST_DATED = 3.0
LEAST_BESIDE = 6.5  # of one that stands where menus and boxes do
_BEFORE = 20  # width of the words before a link in running text
_BEHIND = 3.0  # worth by which a list may lag before it is looked into
_WORTH_A_WORD = 0.25
_MANY_INSIDE = 1.5  # inner items an item holds, to be a list itself
_PARTS = 4  # of an item, at most, that look like items themselves
_SHARE = 0.3  # of the page, by what the outer list holds of it
_HALF = 0.5
_SOME = 0.3
_MOST = 0.9
_DATED = 0.3  # of the items have dates of their own: others stand above
_LITTLE = 3  # width beside the title, of an item that is nothing but its link
_TITLE = 0.3  # of a full title's width


@dataclass(frozen=True, slots=True)
class Taken:
    """A list whose items were read."""

    measured: Measured
    plan: Plan
    records: Sequence[Record]
    spans: Sequence[Spans]  # of the records, with those that stand beside the list's own


def weigh(outline: Outline, places: Sequence[Place], seeds: Sequence[int]) -> list[Measured]:
    """Return the lists that some seeds make, the one first that is most likely the items."""
    found = [measure(outline, listed, places) for listed in lists_of(outline, seeds)]
    for measured in found:
        add_dates(outline, measured)
        measured.score = score_of(measured)
    found.sort(key=_order)
    likely = _likely(found)
    for measured in likely:
        look_into(outline, measured)
    for measured in likely:
        is_parts = any(are_parts(outline, other, measured) for other in likely)
        measured.values["parts of items"] = float(is_parts)
    for measured in likely:
        inner = any(
            not other.values["parts of items"] and holds(outline, measured, other)
            for other in likely
        )
        measured.values["holds a list"] = float(inner)
        measured.score = score_of(measured)
    looked = {id(measured) for measured in likely}
    rest = [measured for measured in found if id(measured) not in looked]
    return [*sorted(likely, key=_order), *rest]


def is_a_list(measured: Measured) -> bool:
    """Tell whether a list that was looked into is one of items at all, and no menu or box."""
    values = measured.values
    if not measured.records:
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


def are_parts(outline: Outline, outer: Measured, inner: Measured) -> bool:
    """Tell whether the nodes of one list are the parts of another's items: title and author.

    Every item holds as many of them, each with a link of its own kind, or some without a word.
    """
    roots = outer.listed.roots
    held: dict[int, list[int]] = {}
    for at in inner.listed.roots:
        place = bisect_right(roots, at) - 1
        if place < 0 or not roots[place] < at < outline.ends[roots[place]]:
            return False
        held.setdefault(place, []).append(at)
    size, count = Counter(map(len, held.values())).most_common(1)[0]
    if not 1 < size <= _PARTS or count < _MOST * len(roots) or len(roots) < FEW:
        return False
    kinds = set()
    for parts in zip(*(some for some in held.values() if len(some) == size), strict=True):
        if not any(outline.length(at) for at in parts):
            return True
        hrefs = [outline.hrefs.get(inner.links.get(at, -1), "") for at in parts]
        shapes = Counter(shape_of(href, strict=True)[:2] for href in hrefs)
        shape, most = shapes.most_common(1)[0]
        kinds.add(shape if most >= _MOST * len(hrefs) else None)
    return len(kinds) > 1


def holds(outline: Outline, outer: Measured, inner: Measured) -> bool:
    """Tell whether the items of one list are lists themselves: months of meetings."""
    roots = outer.listed.roots
    ends = [outline.ends[root] for root in roots]
    if is_flow(outline, outer):
        ends = [*roots[1:], outline.ends[outline.parents[roots[-1]]]]
    inside = [
        place
        for at in inner.listed.roots
        if (place := bisect_right(roots, at) - 1) >= 0 and roots[place] < at < ends[place]
    ]
    if len(inside) < _MANY_INSIDE * len(roots) or 2 * len(inside) < len(inner.listed.roots):
        return False
    if 2 * len(set(inside)) < len(roots):
        return False  # all in one item: a box that stands behind the last one
    if outline.sorts[inner.listed.roots[0]].is_cell and not is_uniform(outline, inner):
        return False  # the cells of a row, each with a link of its own kind
    values = inner.values
    if values["running text"] > _SOME or _is_complete(outer, inner):
        return False
    share = values["share of page" if values["headings"] > _MOST else "own share"]
    tells = values["telling links"] > _MOST and outer.values["telling links"] < _HALF
    least = _SHARE if tells else _HALF  # channels and what is in them
    if share < least * outer.values["share of page"] or values["hub links"] > _HALF:
        return False
    if values["title width"] < _HALF * outer.values["title width"]:
        return False  # authors, dates: less than what the outer items are called
    says = values["dates"] > _HALF or values["title width"] > _TITLE or tells
    return says and values["distinct"] > _HALF


def _is_complete(outer: Measured, inner: Measured) -> bool:
    """Tell whether items have title and date of their own, and what they hold has neither."""
    mine, its = outer.values, inner.values
    if min(mine["headings"], mine["dates"]) < _MOST or mine["date titles"] > 0:
        return False
    return its["headings"] == 0 and its["own dates"] < _SOME


def reasons_of(measured: Measured) -> tuple[str, ...]:
    """Return what counts most for and against a list: "+1.5 dates", "-5.0 menu"."""
    shares = [(weight * measured.values.get(name, 0.0), name) for name, weight in WEIGHTS.items()]
    shares = [share for share in shares if abs(share[0]) >= _WORTH_A_WORD]
    return tuple(
        f"{share:+.1f} {name}" for share, name in sorted(shares, key=lambda one: -abs(one[0]))
    )


def is_flow(outline: Outline, measured: Measured) -> bool:
    """Tell whether items have no element of their own."""
    return not all(is_element(outline, spans) for spans in measured.records)


def look_into(outline: Outline, measured: Measured) -> None:
    """Measure a list again by reading some of its items."""
    listed = measured.listed
    listed.roots = _without_heads(outline, listed.roots)
    measured.records = records_of(outline, listed.roots, is_paired=listed.is_paired)
    chosen = spread(range(len(measured.records)), LOOKED_INTO)
    heads = heads_of(outline, measured.records[0][0].start)
    spans = [measured.records[at] for at in chosen]
    records = [read_record(outline, one, heads=heads, most=MOST_TEXTS) for one in spans]
    plan = measured.plan = Plan(records)
    marks = [plan.parts_of(record.template).title for record in records]
    measured.titles = [
        record.text(mark) if mark else "" for record, mark in zip(records, marks, strict=True)
    ]
    values = measured.values
    values |= _values(measured.titles, plan, records)
    values["own dates"] = values["dates"]
    if values["dates"] < _DATED:
        above = dates_above(outline, measured.records)
        values["dates"] = max(values["dates"], len(above) / len(measured.records))
    values["own share"] = values["share of page"]
    values["share of page"] = share_of_page(
        outline, [_length(outline, one) for one in spans], len(measured.records)
    )
    marked = [one is not None and (one.is_heading or one.link >= 0) for one in marks]
    values["crowded"] *= mean(marked)  # other links beside a title that is none crowd nothing


def _without_heads(outline: Outline, roots: list[int]) -> list[int]:
    """Return the nodes of items without the rows above them that name the columns."""
    firsts = {outline.parents[root]: root for root in reversed(roots)}.values()
    heads = {root for root in firsts if is_head(outline, root)} if len(roots) > 1 else set()
    return [root for root in roots if root not in heads] or roots


def _values(titles: Sequence[str], plan: Plan, records: Sequence[Record]) -> dict[str, float]:
    hrefs = [href for record in records if (href := plan.link(record))]
    marks = [plan.parts_of(record.template).title for record in records]
    more = [_width(record) - width(title) for record, title in zip(records, titles, strict=True)]
    return {
        "title width": mean([min(width(title), WIDE) / WIDE for title in titles]),
        "title words": mean([min(len(title.split()) / 5, 1.0) for title in titles]),
        "distinct": len(set(titles)) / max(1, len(titles)),
        "date titles": mean([is_date(title) for title in titles]),
        "headings": mean([one is not None and one.is_heading for one in marks]),
        "dates": mean([plan.is_dated(record) for record in records]),
        "more text": mean([min(one, 150) / 150 for one in more]),
        "running text": mean([_runs_on(record) for record in records]),
        "only link": mean([one <= _LITTLE for one in more]),
        "linked": len(hrefs) / len(records),
        "distinct links": len(set(hrefs)) / max(1, len(hrefs)),
    }


def _length(outline: Outline, spans: Spans) -> int:
    return sum([outline.reach[span.last] - outline.reach[span.first] for span in spans])


def _width(record: Record) -> int:
    return sum([width(text.strip()) for text in record.texts])


def _runs_on(record: Record) -> bool:
    """Tell whether the first link of an item stands in the middle of a sentence."""
    leaves = record.template.leaves
    at = next((at for at, leaf in enumerate(leaves) if leaf.link >= 0), None)
    if at is None or record.template.links[leaves[at].link].is_block:
        return False
    first = leaves[at]
    line = record.template.line_of(at)
    before = record.join([other for other in line if other < at])
    after = record.join([one for one in line if one > at and leaves[one].link != first.link])
    return width(before) > _BEFORE and not date_in(before) and after[:1].islower()
