"""Let coverage lead a property of `test_parsers`: ``python -m tests.fuzz.guided feeds 300``.

Needs atheris, which stands in no lock file (docs/decisions/fuzzing.md). What fails is printed; it
belongs into the property as an example.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.fuzz import documents

Run = Callable[[bytes], object]


def targets(properties: Any) -> dict[str, tuple[Iterable[bytes | str], Run]]:
    """Return what may be fuzzed: documents that are right, and what a damaged one goes to."""

    def to(name: str, *more: object, is_text: bool = False) -> Run:
        run = getattr(properties, f"test_any_{name}").hypothesis.inner_test
        if is_text:
            return lambda data: run(data.decode("utf-8", "replace"), *more)
        return lambda data: run(data, *more)

    rule = properties.Rule()
    return {
        "pages": (documents.PAGES, to("page_is_read_or_tells_why_not", "", rule, False)),  # noqa: FBT003
        "feeds": (documents.FEEDS, to("feed_is_read_or_tells_why_not", "", rule)),
        "configuration": (
            [documents.CONFIG],
            to("configuration_is_right_or_names_file_and_line", is_text=True),
        ),
        "lists": ([documents.OPML], to("list_is_read_or_names_the_line")),
        "dates": (documents.DATES, to("text_is_a_date_or_none", "UTC", None, is_text=True)),
        "addresses": (
            documents.ADDRESSES,
            to("address_is_a_link_or_none_and_has_a_key", documents.URL, is_text=True),
        ),
        "heads": ([documents.HEAD], to("head_of_an_answer_is_read_or_refused", 302)),
        "robots": ([documents.ROBOTS], to("robots_txt_allows_or_forbids", 200)),
        "queries": (
            documents.QUERIES,
            to("query_is_understood_or_refused_at_a_column", is_text=True),
        ),
    }


def main(name: str = "", seconds: str = "300") -> None:
    """Fuzz one target for so long, or until it fails."""
    try:
        atheris = importlib.import_module("atheris")
    except ModuleNotFoundError:
        sys.exit("skipped: atheris is not installed (pip install atheris)")
    with atheris.instrument_imports(include=["aggregator"]):
        known = targets(importlib.import_module("tests.fuzz.test_parsers"))
    if name not in known:
        sys.exit(f"name one of: {', '.join(known)}")
    seeds, run = known[name]
    with TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds):
            data = seed.encode() if isinstance(seed, str) else seed
            (Path(corpus) / str(number)).write_bytes(data)
        limits = [f"-max_total_time={seconds}", "-timeout=30", "-rss_limit_mb=2500"]
        atheris.Setup([sys.argv[0], corpus, "-use_value_profile=1", *limits], run)
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
