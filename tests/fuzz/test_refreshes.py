"""Whatever a source sends, a refresh has an outcome and what is published is whole."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from xml.parsers import expat

from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Outcome
from aggregator.testing import Workbench
from tests.fuzz import documents
from tests.fuzz.mutations import examples, mutated

CONFIG = f"""
publish: {{formats: [atom, rss, json]}}
sources: {{news: {{url: '{documents.URL}'}}}}
topics: {{mines: {{any: [mine, water]}}}}
"""
BODIES = st.one_of(mutated(documents.PAGES), mutated(documents.FEEDS))
TYPES = st.sampled_from(documents.CONTENT_TYPES)


async def visits(bench: Workbench, sent: Sequence[tuple[bytes, str]]) -> list[Outcome]:
    outcomes = []
    for body, content_type in sent:
        bench.transport.serve(documents.URL, body, content_type=content_type)
        outcomes.append(await bench.refresh("news"))
        bench.clock.advance(timedelta(hours=1))
    return outcomes


def check_document(path: str, document: bytes) -> None:
    """Check that any reader can read it, and that no entry stands in it twice."""
    if path.endswith(".json"):
        ids = [item["id"] for item in json.loads(document)["items"]]
        assert len(ids) == len(set(ids))
    elif path.endswith((".atom", ".rss", ".opml")):
        expat.ParserCreate().Parse(document, True)  # noqa: FBT003 -- positional in C


@examples(0.5)
@given(st.lists(st.tuples(BODIES, TYPES), min_size=1, max_size=4))
def test_any_visits_have_outcomes_and_leave_feeds_that_are_whole(
    sent: Sequence[tuple[bytes, str]],
) -> None:
    async def main() -> None:
        async with Workbench(CONFIG) as bench:
            outcomes = await visits(bench, sent)
            for path, (document, _) in bench.publisher.documents.items():
                check_document(path, document)

        assert all(outcome.is_fine or (outcome.code and outcome.detail) for outcome in outcomes)
        assert all(outcome.code != "internal" for outcome in outcomes)
        assert all("Error" not in outcome.detail for outcome in outcomes), outcomes

    asyncio.run(main())
