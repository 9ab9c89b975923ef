"""Fit the weights by which the items of a page are chosen among its lists, and compare.

    python -m bench.weights [--shared DIR]

Every list of a labelled page that could be its items is read, and is worth the F1 it would
reach. The weights are fitted so that the best list of a page comes first (logistic loss over
pairs of lists, gradient descent), held near the weights set by hand: 43 pages are few, and a
fit that may move freely does worse on sites it has not seen (docs/decisions/automatic-items.md).
``bench.listings --cross-validate`` tells how well that does on pages it was not fitted to.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from types import ModuleType
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from aggregator.core.charset import decode
from aggregator.core.extract.auto.choose import holds, look_into, score_of
from aggregator.core.extract.auto.features import Measured, add_dates, measure
from aggregator.core.extract.auto.lists import lists_of
from aggregator.core.extract.auto.outline import Outline
from aggregator.core.extract.auto.places import Place, places_of
from aggregator.core.extract.auto.record import read_record
from aggregator.core.extract.auto.weights import WEIGHTS
from bench.shared import scorer, shared_folder

BY_HAND = dict(WEIGHTS)  # where the fit begins, and what holds it
LISTS = 12  # of a page that are compared
STEPS = 300
RATE = 0.5
HOLD = 0.2  # how strongly the weights are held near those set by hand
HOLD_FROM_NOTHING = 0.05
EQUAL = 0.02  # two lists that differ by less in F1 are equally good

Values = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The lists of one page: what is measured of each, and the F1 that it would reach."""

    site: str
    lists: Sequence[tuple[Values, float]]


def examples(folder: Path) -> list[Example]:
    """Return one example a labelled page."""
    score = scorer(folder)
    found = []
    for entry in json.loads((folder / "manifest.json").read_text(encoding="utf-8")):
        label = json.loads((folder / "labels" / f"{entry['id']}.json").read_text(encoding="utf-8"))
        body = (folder / entry["file"]).read_bytes()
        lists = _lists(body, entry["base_url"], label, score)
        found.append(Example(site=site_of(entry["base_url"]), lists=lists))
    return found


def site_of(url: str) -> str:
    """Return what the pages of one publisher share: the last two names of the host."""
    return ".".join(url.split("/")[2].split(":", maxsplit=1)[0].split(".")[-2:])


def _lists(
    body: bytes, url: str, label: Mapping[str, object], score: ModuleType
) -> list[tuple[Values, float]]:
    tree = LexborHTMLParser(decode(body))
    outline = Outline(tree)
    places = places_of(outline)
    seeds = [seed for seed in outline.seeds if places[seed] is not Place.MENU]
    found = [measure(outline, listed, places) for listed in lists_of(outline, seeds)]
    for measured in found:
        add_dates(outline, measured)
    found.sort(key=lambda one: -score_of(one))
    found = found[:LISTS]
    for measured in found:
        look_into(outline, measured)
    for measured in found:
        inner = any(holds(outline, measured, other) for other in found)
        measured.values["holds a list"] = float(inner)
    return [(one.values, _worth(outline, one, url, label, score)) for one in found]


def _worth(
    outline: Outline, measured: Measured, url: str, label: Mapping[str, object], score: ModuleType
) -> float:
    """Return the F1 of the items of one list."""
    predictions = []
    for spans in measured.records:
        record = read_record(outline, spans)
        if measured.plan is not None:
            title = measured.plan.parts_of(record.template).title
            href = measured.plan.link(record)
            text = record.text(title) if title else ""
            address = urljoin(url, href) if href else ""
            predictions.append({"title": text, "url": address, "date": None, "summary": ""})
    return float(score.score_page(label, predictions)["f1"])


def train(
    found: Sequence[Example], *, start: Mapping[str, float] = BY_HAND, hold: float = HOLD
) -> dict[str, float]:
    """Return the weights that put the best lists of these pages first, held near the start."""
    pairs = [pair for example in found for pair in _pairs(example)]
    fitted = dict(start)
    for _ in range(STEPS):
        slope = {name: hold * (fitted[name] - start[name]) for name in fitted}
        for difference, worth in pairs:
            margin = sum(fitted[name] * value for name, value in difference.items())
            push = worth / (1 + exp(min(margin, 50.0))) / len(found)
            for name, value in difference.items():
                slope[name] -= push * value
        for name, change in slope.items():
            fitted[name] -= RATE * change
    return fitted


def _pairs(example: Example) -> list[tuple[dict[str, float], float]]:
    """Return by what the best list of a page differs from each that is worse, and how much so."""
    best, worth = max(example.lists, key=lambda one: one[1], default=({}, 0.0))
    pairs = []
    for values, other in example.lists:
        if worth - other > EQUAL:
            difference = {
                name: best.get(name, 0.0) - values.get(name, 0.0)
                for name in BY_HAND
                if best.get(name, 0.0) != values.get(name, 0.0)
            }
            pairs.append((difference, worth - other))
    return pairs


def unseen(found: Sequence[Example]) -> float:
    """Return what weights reach that no hand had a part in, on sites they were not fitted to."""
    worth = 0.0
    for site in {one.site for one in found}:
        seen = [one for one in found if one.site != site]
        left = [one for one in found if one.site == site]
        fitted = train(seen, start=dict.fromkeys(BY_HAND, 0.0), hold=HOLD_FROM_NOTHING)
        worth += first_choices(left, fitted) * len(left)
    return worth / len(found)


def first_choices(found: Sequence[Example], by: Mapping[str, float]) -> float:
    """Return the mean F1 of the lists that come first."""
    worth = 0.0
    for example in found:
        scored = [
            (sum(by[name] * values.get(name, 0.0) for name in by), -at, of)
            for at, (values, of) in enumerate(example.lists)
        ]
        worth += max(scored)[2] if scored else 0.0
    return worth / len(found)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, help="the folder with listings/")
    options = parser.parse_args()
    shared = shared_folder(options.shared)
    if shared is None:
        return 0
    found = examples(shared / "listings")
    fitted = train(found)
    print(
        f"{len(found)} pages, {sum(len(one.lists) for one in found)} lists; F1 of the first list:"
    )
    best = sum(max(worth for _, worth in one.lists) for one in found) / len(found)
    print(f"  the best there is {best:.3f}")
    print(
        f"  by hand {first_choices(found, BY_HAND):.3f}, fitted {first_choices(found, fitted):.3f}"
    )
    print(f"  fitted from nothing, without the site that is read {unseen(found):.3f}")
    for name, value in fitted.items():
        print(f"{name:16} {BY_HAND[name]:6.2f} {value:6.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
