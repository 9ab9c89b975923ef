"""The kinds of page that are hard to read, in several languages and surroundings."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from aggregator.core.extract.page import extract
from aggregator.core.read import read
from aggregator.model import Fetched, Hints, Rule
from tests.core.extract.hard_shapes import HARD, LANGUAGES, items_in
from tests.core.extract.shapes import AROUND, SHAPES, page_around

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


MOST_READ = "".join(
    f"<div class='mr'><h4><a href='/old/{at}-story-of-old'>What many have read of old {at}</a></h4>"
    f"<span>{at + 1} May 2016</span></div>"
    for at in range(10)
)
EVENTS = "".join(
    f"<li><a href='/events/{at}'>Open evening {at}</a> <time>{at + 2} February 2018</time></li>"
    for at in range(5)
)
NOISE = {
    "a box of what is read most": f"<div class='col-right'><h3>Most read</h3>{MOST_READ}</div>",
    "events": f"<div class='events'><h2>Upcoming</h2><ul>{EVENTS}</ul></div>",
    "a banner": "<div class='ad-slot'><a href='https://ads.example/x'><img src='/ad.gif'></a></div>",
}


@pytest.mark.parametrize("noise", NOISE)
@pytest.mark.parametrize(
    "shape", [*HARD, *sorted(SHAPES.keys() - {"bare list"})]
)  # nothing tells those
def test_what_stands_beside_the_items_is_not_taken_for_them(shape: str, noise: str) -> None:
    said = items_in("en", 9, seed=3)
    main = (HARD | SHAPES)[shape](said) + NOISE[noise]

    got = extract(fetched(page_around(main, "blog", said)), Rule(), Hints(now=NOW)).items

    assert [one.title for one in got] == [one.title for one in said]
