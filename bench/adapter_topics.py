"""Topics and single queries against items, in the formats of the cases' scorer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from aggregator.core.query import Percolator
from aggregator.errors import QueryError
from aggregator.model import Draft, Topic, TopicId


def topics(lines: Iterable[str]) -> Iterator[str]:
    """Answer one document of topics and items with the topics of each item."""
    question = json.loads("".join(lines))
    percolator = Percolator(
        [
            Topic(id=TopicId(name), title=name, query=query)
            for name, query in question["topics"].items()
        ]
    )
    yield json.dumps({item["id"]: percolator.match(_draft(item)) for item in question["items"]})


def match(lines: Iterable[str]) -> Iterator[str]:
    """Answer each case with true, false or error."""
    for line in lines:
        case = json.loads(line)
        try:
            topic = Topic(id=TopicId("case"), title="case", query=case["query"])
            yield json.dumps(bool(Percolator([topic]).match(_draft(case))))
        except QueryError:
            yield "error"


def _draft(item: dict[str, str | None]) -> Draft:
    return Draft(title=item["title"], link=None, summary=item.get("summary") or "")
