"""An item becomes a draft: clean, bounded, with links that may be published."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.normalize import NAMES_LIMIT, normalize
from aggregator.model import Draft, Enclosure, Hints, Item

HINTS = Hints(now=datetime(2026, 3, 1, 12, tzinfo=UTC))


def draft_of(item: Item) -> Draft:
    return normalize(item, base_url="http://example.org/news", hints=HINTS, language=None)


def test_files_get_whole_addresses_and_those_without_one_are_left_out() -> None:
    files = (
        Enclosure(url="/a b.mp3", type=" audio/mpeg\x00 ", length_bytes=12),
        Enclosure(url="javascript:play()"),
        Enclosure(url="http://[x/"),
    )

    assert draft_of(Item(enclosures=files)).enclosures == (
        Enclosure(url="http://example.org/a%20b.mp3", type="audio/mpeg", length_bytes=12),
    )


def test_of_names_and_files_there_are_only_so_many_and_each_name_once() -> None:
    names = ("Ana", " Ana ", "", *map(str, range(100)))
    files = tuple(Enclosure(url=f"/{n}") for n in range(100))

    draft = draft_of(Item(authors=names, categories=names, enclosures=files))

    assert draft.authors[:2] == ("Ana", "0")
    assert len(draft.authors) == len(draft.categories) == NAMES_LIMIT - 2
    assert len(draft.enclosures) == NAMES_LIMIT


def test_what_an_item_does_not_say_its_draft_does_not_say() -> None:
    assert draft_of(Item()) == Draft(title=None, link=None)


texts = st.text(max_size=80)


@given(
    st.builds(
        Item, title=texts, link=texts, guid=texts, summary=texts, authors=st.tuples(texts, texts)
    )
)
def test_what_is_clean_stays_as_it_is(item: Item) -> None:
    once = draft_of(item)

    again = draft_of(
        Item(
            title=once.title or "",
            link=once.link or "",
            guid=once.guid or "",
            summary=once.summary,
            authors=once.authors,
        )
    )

    assert again == once
