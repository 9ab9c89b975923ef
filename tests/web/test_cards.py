"""The words an entry is there for are marked, and nothing else about it changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.feeds import show
from aggregator.core.query import parse
from aggregator.model import Entry, Feed, FeedEntry, FeedId
from aggregator.web import Site
from aggregator.web.cards import Card, Marked, card
from tests.acceptance.sample_feed import PLAIN, SUBSCRIPTION
from tests.web.site_at import site_at

WORDS = st.lists(
    st.sampled_from(["mine", "Mine", "las", "bambas", "río", "紛争鉱物", ",", "\n\n"])
).map(" ".join)
QUERY = parse('mine OR "las bambas" OR río')


def shown_as(entry: Entry, site: Site) -> Card:
    of = FeedEntry(entry=entry, source_title="S", source_url="http://example.org/")
    feed: Feed = replace(SUBSCRIPTION, entries=(of,))
    return card(site, show(feed)[0], feed=FeedId("mines"), query=QUERY)


def text(marked: Marked) -> str:
    return "".join(piece.text for piece in marked)


def marked(pieces: Marked) -> list[str]:
    return [piece.text for piece in pieces if piece.is_marked]


def test_matching_words_are_marked_and_named_once(tmp_path: Path) -> None:
    entry = replace(
        PLAIN,
        title="The mine of Las Bambas",
        summary="A Mine, again.\n\nNothing here.\n\nThe río rises.",
    )

    shown = shown_as(entry, site_at(tmp_path))

    assert marked(shown.title) == ["mine", "Las Bambas"]
    assert [marked(paragraph) for paragraph in shown.paragraphs] == [["Mine"], [], ["río"]]
    assert shown.why == "mine, Las Bambas, río"


def test_what_stands_for_a_summary_in_feeds_is_not_said_again_below_its_date(
    tmp_path: Path,
) -> None:
    shown = shown_as(replace(PLAIN, summary="", content=None), site_at(tmp_path))

    assert shown.paragraphs == ()


def test_what_stands_for_a_title_is_not_marked(tmp_path: Path) -> None:
    entry = replace(PLAIN, title=None, summary="A mine opens.")

    shown = shown_as(entry, site_at(tmp_path))

    assert text(shown.title) == "A mine opens."
    assert marked(shown.title) == []


@given(WORDS, WORDS)
def test_marking_changes_no_letter(title: str, summary: str) -> None:
    entry = replace(PLAIN, title=title or None, summary=summary)

    shown = shown_as(entry, site_at(Path("/nowhere")))

    if title:
        assert text(shown.title) == title
    paragraphs = [part for part in summary.split("\n\n") if part]
    assert not paragraphs or list(map(text, shown.paragraphs)) == paragraphs
