"""How well items are found in the labelled listing pages, and what it costs.

    python -m bench.listings [--shared DIR] [--per-page] [--show PAGE] [--cross-validate]

Each page is read by the program as ``aggregator extract FILE --base-url URL`` reads it, in this
process, and scored by the scorer beside the pages. Costs are processor time, as ratios to
selectolax's bare parse of the same page in the same run. ``--cross-validate`` prints the
figures once more with each page read by weights that were trained without the pages of its
site (``bench.weights``). The same by the command line, as the pages' README says::

    python predict.py --cmd 'aggregator extract {file} --base-url {base_url} --json' --out DIR
    python score.py --pred DIR
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from aggregator.core.charset import decode
from aggregator.core.extract.auto import find_items
from aggregator.core.extract.auto.weights import WEIGHTS
from aggregator.core.extract.page import extract
from aggregator.core.extract.selectors import base_of
from aggregator.core.read import read
from aggregator.model import Fetched, Hints, Rule
from bench.shared import scorer, shared_folder
from bench.weights import examples, site_of, train

NOW = datetime(2026, 8, 1, tzinfo=UTC)
COLUMNS = (
    "precision",
    "recall",
    "f1",
    "title_exact",
    "date_acc",
    "date_spurious",
    "summary_overlap",
)


def predict(page: Fetched) -> list[dict[str, Any]]:
    """Return what the program finds, as score.py wants it."""
    reading = read(page, Rule(), Hints(now=page.at))
    return [
        {
            "title": draft.title,
            "url": draft.link,
            "date": draft.published.isoformat() if draft.published else None,
            "summary": draft.summary,
        }
        for draft in reading.drafts
    ]


def best_of(action: Callable[[], object], times: int = 5) -> float:
    """Return the quickest of some runs, in seconds."""
    return min(timed(action) for _ in range(times))


def timed(action: Callable[[], object]) -> float:
    started = time.process_time()
    action()
    return time.process_time() - started


def costs(page: Fetched) -> dict[str, float]:
    """Return seconds for a bare parse, for finding items, for extract and for the whole read."""
    hints = Hints(now=page.at)

    def items() -> object:
        tree = LexborHTMLParser(decode(page.body, page.content_type))
        return find_items(tree, base_url=base_of(tree, url=page.url))

    return {
        "parse": best_of(lambda: LexborHTMLParser(page.body)),
        "items": best_of(items),
        "extract": best_of(lambda: extract(page, Rule(), hints)),
        "read": best_of(lambda: read(page, Rule(), hints)),
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, help="the folder with listings/")
    parser.add_argument("--per-page", action="store_true")
    parser.add_argument("--no-costs", action="store_true")
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--show", help="print what is wrong with this page, item by item")
    options = parser.parse_args()
    shared = shared_folder(options.shared)
    if shared is None:
        return 0
    folder = shared / "listings"
    score = scorer(folder)
    rows, spent = [], []
    for entry in json.loads((folder / "manifest.json").read_text(encoding="utf-8")):
        if options.show and entry["id"] != options.show:
            continue
        page = Fetched(url=entry["base_url"], body=(folder / entry["file"]).read_bytes(), at=NOW)
        label = json.loads((folder / "labels" / f"{entry['id']}.json").read_text(encoding="utf-8"))
        predictions = predict(page)
        rows.append(score.score_page(label, predictions))
        if options.show:
            show(label, predictions, score)
        elif not options.no_costs:
            spent.append(costs(page))
    report(rows, score, per_page=options.per_page)
    if options.cross_validate:
        print("\ncross-validated: the weights never saw a page of the site")
        report(cross_validated(folder, score), score, per_page=options.per_page)
    if spent:
        report_costs(spent)
    return 0


def cross_validated(folder: Path, score: ModuleType) -> list[dict[str, Any]]:
    """Return the scores of pages read by weights that were trained on the other sites."""
    known = examples(folder)
    shipped = dict(WEIGHTS)
    fitted = {
        site: train([one for one in known if one.site != site])
        for site in {one.site for one in known}
    }
    rows = []
    try:
        for entry in json.loads((folder / "manifest.json").read_text(encoding="utf-8")):
            WEIGHTS.update(fitted[site_of(entry["base_url"])])
            label = folder / "labels" / f"{entry['id']}.json"
            body = (folder / entry["file"]).read_bytes()
            predictions = predict(Fetched(url=entry["base_url"], body=body, at=NOW))
            rows.append(
                score.score_page(json.loads(label.read_text(encoding="utf-8")), predictions)
            )
    finally:
        WEIGHTS.update(shipped)
    return rows


def report(rows: list[dict[str, Any]], score: ModuleType, *, per_page: bool) -> None:
    if per_page:
        for row in sorted(rows, key=lambda row: row["f1"]):
            cells = " ".join(f"{name} {cell(row[name])}" for name in COLUMNS)
            print(f"{row['id']:22} n {row['n']:3} pred {row['pred']:3}  {cells}")
    total = score.aggregate(rows)
    for name in COLUMNS:
        print(f"{name:16} {cell(total[name])}")
    print(f"usable pages     {total['usable']} of {total['pages']}, perfect {total['perfect']}")


def cell(value: float | None) -> str:
    return "    -" if value is None else f"{value:5.3f}"


def report_costs(spent: list[dict[str, float]]) -> None:
    parse = sum(one["parse"] for one in spent)
    print(f"\nmean cost a page: bare parse {parse / len(spent) * 1000:.2f} ms")
    for name in ("items", "extract", "read"):
        total = sum(one[name] for one in spent)
        mean = sum(one[name] / one["parse"] for one in spent) / len(spent)
        print(
            f"  {name:8} {total / len(spent) * 1000:6.2f} ms, {total / parse:5.2f} times the parse "
            f"(mean of ratios {mean:.2f}), slowest {max(one[name] for one in spent) * 1000:.1f} ms"
        )


def show(label: dict[str, Any], predictions: list[dict[str, Any]], score: ModuleType) -> None:
    """Print each item that was missed, made up, or read wrongly."""
    found, *_ = score.match(label["items"], label.get("optional", []), predictions)
    for at, item in enumerate(label["items"]):
        got = found.get(at)
        if got is None:
            print("MISSED", item["title"], item["url"])
            continue
        if not score.title_hits(item, got)[0]:
            print("TITLE ", repr(item["title"]), "got", repr(got["title"]))
        if item.get("date") and score.day(got["date"]) != item["date"]:
            print(
                "DATE  ",
                item["title"][:40],
                item["date"],
                repr(item.get("date_text")),
                "got",
                got["date"],
            )
        if not item.get("date") and not item.get("date_text") and got["date"]:
            print("INVENT", item["title"][:40], got["date"])
        if item.get("has_summary"):
            wanted = score.trigrams(item["summary80"])
            overlap = len(wanted & score.trigrams(got["summary"] or "")) / max(1, len(wanted))
            if overlap < 0.9:
                print(
                    "SUMM  ",
                    round(overlap, 2),
                    repr(item["summary80"]),
                    "got",
                    repr((got["summary"] or "")[:160]),
                )
    wanted_urls = {
        score.canonical(item["url"]) for item in [*label["items"], *label.get("optional", [])]
    }
    for got in predictions:
        if score.canonical(got["url"]) not in wanted_urls:
            print("FALSE ", repr(got["title"])[:80], got["url"], got["date"])


if __name__ == "__main__":
    sys.exit(main())
