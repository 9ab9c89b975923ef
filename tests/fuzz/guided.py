"""Let coverage lead a property of `test_parsers`: ``python -m tests.fuzz.guided any_feed 300``.

Needs atheris, which stands in no lock file (docs/decisions/fuzzing.md). What fails is kept by
Hypothesis, so that the next run of the tests tells it in small.
"""

from __future__ import annotations

import importlib
import sys


def main(name: str = "", seconds: str = "300") -> None:
    """Feed the one property whose name holds *name* for so long, or until it fails."""
    try:
        atheris = importlib.import_module("atheris")
    except ModuleNotFoundError:
        sys.exit("skipped: atheris is not installed (pip install atheris)")
    with atheris.instrument_imports(include=["aggregator"]):
        properties = vars(importlib.import_module("tests.fuzz.test_parsers"))
    found = [each for each in properties if each.startswith("test_") and name in each]
    if len(found) != 1:
        sys.exit("\n".join(["name one of:", *found]))
    limits = [
        f"-max_total_time={seconds}",
        "-max_len=8192",
        "-len_control=0",
        "-timeout=30",
        "-rss_limit_mb=2500",
    ]
    atheris.Setup([sys.argv[0], *limits], properties[found[0]].hypothesis.fuzz_one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
