"""Measures how dates are read: right, wrong, unread and microseconds, beside other libraries.

Run ``python -m bench.dates``. The texts are the table of tests/core/dates.tsv, read on
Thursday 2018-02-01 at noon with the language of each line as the hint. dateparser and
htmldate take part when they are installed. Only the day is compared, since not all of
them know the difference between a day and a time.
"""

from __future__ import annotations

import importlib
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from aggregator.core.dates import find_date_text, read_date
from aggregator.model import Hints

NOW = datetime(2018, 2, 1, 12, 0, tzinfo=UTC)
TABLE = Path(__file__).resolve().parents[1] / "tests" / "core" / "dates.tsv"
Reader = Callable[[str, str | None], str | None]
LINES = (
    "3 May 2019",
    "22 de enero de 2018",
    "2018年1月22日 14:30",
    "Posted by Ana on 3 May 2019 in News | 4 comments",
    "2 hours ago",
    "120 comments",
    "Read more",
    "The corridor was reopened after a night of talks",
)


def rows() -> list[tuple[str | None, str, str | None]]:
    """Return language, text and the day a person reads."""
    found: list[tuple[str | None, str, str | None]] = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            language, text, expected = line.split("\t")[:3]
            day = None if expected == "none" else expected.removeprefix("unread ")[:10]
            found.append((None if language == "-" else language, text.replace("\\n", "\n"), day))
    return found


def ours(text: str, language: str | None) -> str | None:
    when = read_date(text, Hints(now=NOW, language=language))
    return when.at.date().isoformat() if when else None


def others() -> dict[str, Reader]:
    """Return the readers that are installed."""
    readers: dict[str, Reader] = {}
    settings = {"RELATIVE_BASE": NOW.replace(tzinfo=None), "PREFER_DATES_FROM": "past"}
    for name in ("dateparser", "dateparser.search", "htmldate"):
        try:
            module = importlib.import_module(name)
        except ImportError:
            print(f"{name} is not installed: left out")
            continue

        def parse(text: str, language: str | None, module: object = module) -> str | None:
            languages = _languages(language)
            found = module.parse(text, languages=languages, settings=settings)  # type: ignore[attr-defined]
            return found.date().isoformat() if found else None

        def search(text: str, language: str | None, module: object = module) -> str | None:
            languages = _languages(language)
            found = module.search_dates(text, languages=languages, settings=settings)  # type: ignore[attr-defined]
            return found[0][1].date().isoformat() if found else None

        def html(text: str, language: str | None, module: object = module) -> str | None:
            page = f'<html lang="{language or ""}"><body><p class="date">{text}</p></body></html>'
            found: str | None = module.find_date(page, original_date=True, max_date="2031-01-01")  # type: ignore[attr-defined]
            return found

        readers[name] = {"dateparser": parse, "dateparser.search": search, "htmldate": html}[name]
    return readers


def _languages(language: str | None) -> list[str] | None:
    """Return *language* as dateparser names it."""
    if language is None:
        return None
    base = language.split("-")[0]
    return [{"no": "nb"}.get(base, base)]


def judge(name: str, reader: Reader) -> None:
    """Print how *reader* does on the whole table."""
    verdicts: Counter[str] = Counter()
    table = rows()
    started = time.perf_counter()
    for language, text, expected in table:
        try:
            got = reader(text, language)
        except Exception:  # noqa: BLE001 - a library that fails on a text has not read it
            verdicts["failed"] += 1
            got = None
        if got == expected:
            verdicts["right"] += 1
        else:
            verdicts["unread" if got is None else "wrong"] += 1
    each = (time.perf_counter() - started) / len(table) * 1e6
    counts = "  ".join(
        f"{word} {verdicts[word]:4}" for word in ("right", "wrong", "unread", "failed")
    )
    print(f"{name:20} {counts}  {each:10.1f} µs each")


def list_mistakes() -> None:
    """Print every text that `ours` reads wrong or not at all."""
    for language, text, expected in rows():
        got = ours(text, language)
        if got != expected:
            word = "unread" if got is None else f"WRONG ({got})"
            print(f"  {word}: {text!r} ({language or 'no language'}), which is {expected}")


def pace(function: Callable[[], object], times: int = 2000) -> float:
    """Return the best of three means, in microseconds."""
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        for _ in range(times):
            function()
        best = min(best, (time.perf_counter() - started) / times * 1e6)
    return best


def main() -> None:
    print(f"{len(rows())} texts in {len({row[0] for row in rows()})} languages and regions")
    judge("aggregator", ours)
    list_mistakes()
    for name, reader in others().items():
        judge(name, reader)
    print("\nread µs  find µs")
    hints = Hints(now=NOW, timezone="Europe/London")
    for text in LINES:
        read = pace(lambda text=text: read_date(text, hints))  # type: ignore[misc]
        find = pace(lambda text=text: find_date_text(text))  # type: ignore[misc]
        print(f"{read:7.1f} {find:8.1f}  {text}")


if __name__ == "__main__":
    main()
