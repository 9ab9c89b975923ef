"""Answer the questions of the topic and identity cases, read from standard input.

python -m bench.adapter topics|match|urls|dupes|scenarios
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module

KINDS = {
    "topics": "bench.adapter_topics",
    "match": "bench.adapter_topics",
    "urls": "bench.adapter_identity",
    "dupes": "bench.adapter_identity",
    "scenarios": "bench.adapter_identity",
}


def main() -> int:
    if len(sys.argv) != 2 or sys.argv[1] not in KINDS:
        print(__doc__, file=sys.stderr)
        return 2
    kind = sys.argv[1]
    answer: Callable[[Iterable[str]], Iterator[str]]
    answer = getattr(import_module(KINDS[kind]), kind)
    for line in answer(sys.stdin):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
