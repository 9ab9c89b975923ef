from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.query import parse
from aggregator.core.query.document import Document
from aggregator.core.query.evaluate import compile_query
from aggregator.core.query.suggest import likelihood, suggest, terms
from aggregator.core.query.tree import Query
from aggregator.core.query.trial import Newest, Trial, relaxations, try_query
from aggregator.model import Basis, Entry, Precision, When
from tests.core.query.entries import entry
from tests.core.query.queries import entries, queries

DAY = datetime(2018, 1, 1, tzinfo=UTC)


def on_days(*titles: str) -> list[Entry]:
    return [
        entry(
            title,
            published=When(
                at=DAY + timedelta(days=at), precision=Precision.DAY, basis=Basis.WRITTEN
            ),
        )
        for at, title in enumerate(titles)
    ]


def trial(some: list[Entry], query: str, current: str = "nothing") -> Trial:
    return try_query(some, parse(query), current=parse(current), document=Document)


def titles(found: Newest) -> list[str | None]:
    return [one.title for one in found.entries()]


def near(some: list[Entry], query: str) -> dict[str, list[str | None]]:
    return {miss.change: titles(miss.found) for miss in trial(some, query).near_misses}


def test_all_are_counted_and_the_newest_are_shown_newest_first() -> None:
    tried = trial(on_days(*(f"dam {number}" for number in range(9)), "rain"), "dam")

    assert (tried.searched, tried.found.count) == (10, 9)
    assert titles(tried.found) == ["dam 8", "dam 7", "dam 6", "dam 5", "dam 4"]


def test_where_none_is_to_be_shown_all_are_counted_nevertheless() -> None:
    some = on_days("dam", "dam 2", "rain")

    tried = try_query(some, parse("dam"), current=parse("rain"), document=Document, shown=0)

    assert (tried.found.count, tried.gained.count, tried.lost.count) == (2, 2, 1)
    assert tried.found.entries() == ()


def test_a_change_gains_and_loses() -> None:
    tried = trial(on_days("dam", "dam and lake", "lake"), "lake", current="dam")

    assert titles(tried.gained) == ["lake"]
    assert titles(tried.lost) == ["dam"]


def test_near_misses_are_told_with_what_is_missing() -> None:
    some = on_days("gold mine and football", "gold mine", "mine", "glod mine")

    assert near(some, "gold mine -football") == {
        "but for NOT football": ["gold mine and football"],
        "but for gold": ["glod mine", "mine"],
    }
    assert near(on_days("glaciar", "glacier"), "glacier") == {"with slips": ["glaciar"]}
    assert near(on_days("oil in the spill"), '"oil spill"') == {
        "with the words of phrases apart": ["oil in the spill"]
    }
    assert near([entry("x", content="<p>a dam</p>")], "dam") == {"in the content": ["x"]}
    assert near(on_days("oil", "gas", "gas coal"), "dam OR (gas -coal)") == {
        "but for NOT coal": ["gas coal"]
    }


@given(queries, entries)
def test_dropping_a_part_of_and_loses_nothing(query: Query, one: Entry) -> None:
    document = Document(one)
    if compile_query(query)(document):
        for change, looser in relaxations(query):
            if change.startswith("but for"):
                assert compile_query(looser)(document)


@given(st.lists(entries, max_size=6), queries, queries)
def test_gains_and_losses_are_the_difference(
    some: list[Entry], query: Query, current: Query
) -> None:
    tried = try_query(some, query, current=current, document=Document)
    now = sum(compile_query(current)(Document(one)) for one in some)

    assert now + tried.gained.count - tried.lost.count == tried.found.count


# ---- suggestions ---------------------------------------------------------------------


def suggested(some: list[Entry], query: str) -> dict[str, tuple[int, int, bool]]:
    found = suggest(lambda: iter(some), parse(query), document=Document)
    return {one.text: (one.together, one.adds, one.is_name) for one in found}


def corpus() -> Iterator[Entry]:
    for number in range(8):
        yield entry("The Llojeta slide", f"Mud came down at Bajo Norte, engineer {number} says")
    for number in range(4):
        yield entry("Bajo Norte waits", f"No help came on day {number}")
    for number in range(150):
        yield entry("Other news", f"The council said on day {number} that it came")


def test_words_that_come_with_a_topic_are_suggested_with_what_they_add() -> None:
    found = suggested(list(corpus()), "Llojeta")

    assert found["Bajo Norte"] == (8, 4, True)


def test_what_adds_nothing_or_comes_with_everything_is_not_suggested() -> None:
    found = suggested(list(corpus()), "Llojeta")

    assert "slide" not in found
    assert "came" not in found
    assert "the" not in {text.lower() for text in found}


def test_words_that_stand_far_apart_are_suggested_as_they_are_read() -> None:
    apart = [
        entry("Llojeta slide", f"In Bajo {'. ' * 20} Norte the night of {number}")
        for number in range(8)
    ]

    found = suggested([*apart, *corpus()], "Llojeta")

    assert all(len(text) < 20 for text in found)


def test_words_of_entries_without_a_title_are_suggested_too() -> None:
    untitled = [entry("", f"Llojeta and Bajo Norte on day {number}") for number in range(3)]

    assert "Bajo Norte" in suggested([*untitled, *corpus()], "Llojeta")


def test_nothing_is_suggested_for_a_topic_that_matches_nothing() -> None:
    assert suggested(list(corpus()), "volcano") == {}
    assert suggested([], "volcano") == {}


def test_terms_begin_and_end_with_words_that_may_name_something() -> None:
    found = set(terms(Document(entry("15 of las Bambas", "x"))))

    assert found == {"las", "las bambas", "bambas"}


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 50), st.integers(1, 50))
def test_likelihood_grows_from_nothing(together: int, apart: int, more: int, others: int) -> None:
    assert likelihood(together, apart, together + more, apart + others) >= 0
