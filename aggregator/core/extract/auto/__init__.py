"""Find the items of a page without being told where they are."""

from __future__ import annotations

from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser

from aggregator.core.extract.auto.choose import look_into, weigh
from aggregator.core.extract.auto.derive import derive
from aggregator.core.extract.auto.features import Measured
from aggregator.core.extract.auto.fields import Plan
from aggregator.core.extract.auto.outline import Outline
from aggregator.core.extract.auto.record import read_record
from aggregator.core.extract.auto.unite import partners
from aggregator.core.extract.selectors import MAX_ITEMS
from aggregator.model import Candidate, Dropped, Extraction, Hints, Item, Kind

_SHOWN = 12  # candidates


def find_items(
    tree: LexborHTMLParser,
    *,
    base_url: str,
    hints: Hints,  # noqa: ARG001
    explain: bool = False,
) -> Extraction:
    """Return the items of the page."""
    outline, found = weigh(tree, base_url=base_url)
    if not found:
        return Extraction(kind=Kind.AUTOMATIC)
    chosen: list[tuple[Measured, Plan]] = []
    read: list[tuple[int, Item]] = []
    for measured in partners(outline, found):
        look_into(outline, measured, base_url=base_url)
        records = [read_record(nodes) for nodes in measured.nodes[:MAX_ITEMS]]
        plan = Plan.of(records)
        chosen.append((measured, plan))
        items = (plan.read(one, at, base_url=base_url) for at, one in enumerate(records))
        read += zip(measured.listed.roots, items, strict=False)
    kept, dropped = _kept([item for _, item in sorted(read, key=lambda one: one[0])])
    return Extraction(
        kind=Kind.AUTOMATIC,
        items=tuple(kept),
        dropped=tuple(dropped),
        selectors=derive(tree, outline, chosen, kept, base_url=base_url) if explain else None,
        candidates=tuple(_candidate(outline, one) for one in found[:_SHOWN]) if explain else (),
    )


def _kept(items: Sequence[Item]) -> tuple[list[Item], list[Dropped]]:
    kept: list[Item] = []
    dropped: list[Dropped] = []
    seen: dict[tuple[str, str], Item] = {}
    for item in items:
        if not item.title and not item.link:
            dropped.append(Dropped(text=item.summary[:80], reason="it has neither title nor link"))
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
        reasons=tuple(f"{name} {value:.2f}" for name, value in measured.values.items() if value),
        sample=tuple(measured.titles[:3]),
    )
