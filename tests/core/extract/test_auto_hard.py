"""The kinds of page that are hard to read, in several languages and surroundings."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from aggregator.core.extract.page import extract
from aggregator.core.read import read
from aggregator.model import Fetched, Hints, Rule
from tests.core.extract.hard_shapes import HARD, LANGUAGES, items_in
from tests.core.extract.shapes import AROUND, page_around

NOW = datetime(2018, 2, 1, 12, 0, tzinfo=UTC)
SITE = "https://example.org"


def fetched(body: str) -> Fetched:
    return Fetched(url=f"{SITE}/news", body=body.encode(), at=NOW)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shape", HARD)
def test_titles_and_links_are_found_in_every_language(shape: str, language: str) -> None:
    for around in AROUND:
        count = Random(f"{shape}{language}{around}").choice((4, 7, 12, 25, 40))
        said = items_in(language, count, seed=count)
        body = page_around(HARD[shape](said), around, said)

        got = extract(fetched(body), Rule(), Hints(now=NOW)).items

        wanted = [(one.title, SITE + one.link) for one in said]
        assert [(one.title, one.link) for one in got] == wanted, (around, count)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shape", HARD)
def test_every_item_has_its_own_date(shape: str, language: str) -> None:
    said = items_in(language, 9, seed=9)

    got = read(fetched(page_around(HARD[shape](said), "alone", said)), Rule(), Hints(now=NOW))

    assert all(draft.published is not None for draft in got.drafts)
    assert len({draft.published and draft.published.isoformat() for draft in got.drafts}) == 9
