"""Find the items of a page without being told where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from aggregator.core.extract.auto.addresses import is_hub, leads_up
from aggregator.core.extract.auto.around import dates_above, heads_of, with_strays
from aggregator.core.extract.auto.choose import (
    Taken,
    is_a_list,
    look_into,
    reasons_of,
    weigh,
)
from aggregator.core.extract.auto.derive import derive
from aggregator.core.extract.auto.features import Measured
from aggregator.core.extract.auto.fields import Plan
from aggregator.core.extract.auto.lone import featured
from aggregator.core.extract.auto.outline import Outline
from aggregator.core.extract.auto.places import Place, places_of
from aggregator.core.extract.auto.record import read_record
from aggregator.core.extract.auto.spans import span_of
from aggregator.core.extract.auto.unite import partners
from aggregator.core.extract.next_words import NEXT, OLDER, plain_label
from aggregator.core.extract.selectors import MAX_ITEMS
from aggregator.model import Candidate, Dropped, Extraction, Item, Kind

_MAX_LEAVES = 20_000  # texts of all items; the fullest home page seen has 4,000
_TRIED = 5  # lists, of which the first that is one is taken
_SHOWN = 12  # candidates
_LEAD_ON = NEXT | OLDER
_DATED = 0.3  # of the items have dates of their own: others stand above


def find_items(tree: LexborHTMLParser, *, base_url: str, explain: bool = False) -> Extraction:
    """Return the items of the page."""
    outline = Outline(tree, with_ids=explain)
    places = places_of(outline)
    inside = [seed for seed in outline.seeds if places[seed] is not Place.MENU]
    found = weigh(outline, places, inside)
    start = _first(found)
    menus = weigh(outline, places, outline.seeds) if start is None or explain else []
    candidates: tuple[Candidate, ...] = ()
    if explain:
        shown = [*found, *(one for one in menus if one.values["menu"])]
        candidates = tuple(_candidate(outline, one) for one in shown[:_SHOWN])
    if start is None:
        found, start = menus, _first(menus)
    if start is None:
        return Extraction(kind=Kind.AUTOMATIC, candidates=candidates)
    chosen = partners(outline, found[start:])
    taken = _take(tree, outline, places, chosen, base_url=base_url, is_derived=explain)
    return replace(taken, candidates=candidates)


def _take(
    tree: LexborHTMLParser,
    outline: Outline,
    places: Sequence[Place],
    lists: Sequence[Measured],
    *,
    base_url: str,
    is_derived: bool,
) -> Extraction:
    """Read the items of the chosen lists and those that stand alone, in page order."""
    chosen: list[Taken] = []
    room = _MAX_LEAVES
    unread = 0
    read: list[tuple[int, Item]] = []  # by their first element
    for measured in lists:
        if not measured.records:
            look_into(outline, measured)
        if room <= 0:
            break
        taken, items = _read(outline, measured, base_url=base_url, room=room)
        room -= sum(len(record.texts) for record in taken.records)
        unread += len(measured.records) - len(items)
        chosen.append(taken)
        read += [(record.start, item) for record, item in zip(taken.records, items, strict=True)]
    lone = _featured(outline, places, [taken.measured for taken in chosen], base_url=base_url)
    read += lone
    found_items = [item for _, item in sorted(read, key=lambda one: one[0])]
    leads_on = found_items.pop() if found_items and _leads_on(found_items[-1]) else None
    kept, dropped = _kept(found_items, base_url=base_url)
    if leads_on:
        dropped.append(Dropped(text=leads_on.title[:80], reason="it leads to the next page"))
    unread += len(kept) - len(kept[:MAX_ITEMS])
    if unread > 0:
        reason = f"a page is read up to {MAX_ITEMS} items and {_MAX_LEAVES} texts"
        dropped.append(Dropped(text=f"{unread}{' or' * outline.is_cut} more", reason=reason))
    kept = kept[:MAX_ITEMS]
    selectors = None
    if is_derived:
        alone = [root for root, _ in lone]
        selectors = derive(tree, outline, chosen, kept, lone=alone, base_url=base_url)
    return Extraction(
        kind=Kind.AUTOMATIC,
        items=tuple(kept),
        dropped=tuple(dropped),
        next_url=leads_on.link if leads_on else None,
        selectors=selectors,
    )


def _first(found: Sequence[Measured]) -> int | None:
    """Return the place of the first that is a list at all."""
    return next((at for at, one in enumerate(found[:_TRIED]) if is_a_list(one)), None)


def _featured(
    outline: Outline, places: Sequence[Place], chosen: Sequence[Measured], *, base_url: str
) -> list[tuple[int, Item]]:
    """Read the items that stand alone above the lists or among them."""
    hrefs = {outline.hrefs.get(seed, "") for measured in chosen for seed in measured.links.values()}
    read = []
    for root in featured(outline, places, chosen, hrefs=hrefs):
        record = read_record(outline, (span_of(outline, root),))
        read.append((root, Plan([record]).read(record, base_url=base_url)))
    return read


def _read(
    outline: Outline, measured: Measured, *, base_url: str, room: int
) -> tuple[Taken, list[Item]]:
    """Read all items of a list, with what stands around them, as long as there is room."""
    spans = with_strays(outline, measured.records)[:MAX_ITEMS]
    heads = heads_of(outline, spans[0][0].start)
    records = []
    for one in spans:
        if room < 0:
            break
        records.append(read_record(outline, one, heads=heads))
        room -= len(records[-1].texts)
    plan = measured.plan
    if plan is None or any(map(plan.misses_title, records)):
        plan = Plan(records)  # some have a form that none of those had which were looked into
    items = [plan.read(one, base_url=base_url) for one in records]
    dated = sum(bool(item.date_text or item.published) for item in items)
    if dated <= _DATED * len(items):
        above = dates_above(outline, spans)
        items = [
            replace(item, date_text=above[at]) if at in above and not item.date_text else item
            for at, item in enumerate(items)
        ]
    return Taken(measured, plan, records, spans), items


def _leads_on(item: Item) -> bool:
    """Tell whether an item is none but the way to the next page: "More" below the last."""
    if item.date_text or item.published or item.summary or not item.link:
        return False
    return plain_label(item.title) in _LEAD_ON


def _kept(items: Sequence[Item], *, base_url: str) -> tuple[list[Item], list[Dropped]]:
    kept: list[Item] = []
    dropped: list[Dropped] = []
    seen: dict[tuple[str, str], Item] = {}
    for item in items:
        if not (item.title or item.link or item.summary):
            dropped.append(Dropped(text=item.date_text[:80], reason="it says nothing"))
        elif leads_up(item.link, base_url):
            dropped.append(Dropped(text=item.title[:80], reason="it leads up to the page's folder"))
        elif is_hub(item.link) and not any(map(str.isalpha, item.title)):
            dropped.append(Dropped(text=item.title[:80], reason="it leads to more of the list"))
        elif item.link and (item.link, item.title) in seen:
            dropped.append(Dropped(text=item.title[:80], reason="the page shows it twice"))
        else:
            seen[item.link, item.title] = item
            kept.append(item)
    return kept, dropped


def _candidate(outline: Outline, measured: Measured) -> Candidate:
    root = measured.listed.roots[0]
    return Candidate(
        selector=" > ".join(outline.steps[at] for at in outline.path_of(root)[-4:]),
        items=len(measured.listed.roots),
        score=measured.score,
        reasons=reasons_of(measured),
        sample=tuple(measured.titles[:3]),
    )
