"""What holds for every query and every text."""

import contextlib
from random import Random

import re2
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.core.query import Percolator, parse
from aggregator.core.query.document import Document
from aggregator.core.query.evaluate import compile_query
from aggregator.core.query.tree import And, Not, Or, Query, told
from aggregator.errors import QueryError
from aggregator.model import Entry
from tests.core.query.entries import entry, topic
from tests.core.query.queries import entries, nears, queries, terms


def holds(query: Query, one: Entry) -> bool:
    return compile_query(query)(Document(one))


@given(queries, queries, entries)
def test_another_branch_of_or_never_loses_a_match(first: Query, other: Query, one: Entry) -> None:
    if holds(first, one):
        assert holds(Or(queries=(first, other)), one)
        assert holds(Or(queries=(other, first)), one)


@given(queries, entries)
def test_not_twice_changes_nothing(query: Query, one: Entry) -> None:
    assert holds(Not(query=Not(query=query)), one) is holds(query, one)


@given(st.lists(queries, min_size=2, max_size=4), st.randoms(use_true_random=False), entries)
def test_the_order_of_and_does_not_matter(parts: list[Query], rng: Random, one: Entry) -> None:
    shuffled = rng.sample(parts, len(parts))

    assert holds(And(queries=tuple(parts)), one) is holds(And(queries=tuple(shuffled)), one)


@given(queries)
def test_a_query_that_is_told_is_read_as_the_same(query: Query) -> None:
    assert told(parse(told(query))) == told(query)


_GROUPS = st.builds(
    lambda word, count, operator: "(" + operator.join([word] * count) + ")",
    st.text("abcß", min_size=1, max_size=50),
    st.integers(1, 200),
    st.sampled_from([" ", " OR ", " (a OR b c) "]),
)


@given(st.lists(_GROUPS, min_size=2, max_size=4), st.integers(1, 9))
def test_near_between_groups_of_any_size_is_told_as_it_is_read_or_refused(
    groups: list[str], distance: int
) -> None:
    try:
        query = parse(f" NEAR/{distance} ".join(groups))
    except QueryError as error:
        assert "pairs" in error.detail or "at most" in error.detail
        return

    assert told(parse(told(query))) == told(query)


@given(queries, entries)
def test_and_means_the_same(query: Query, one: Entry) -> None:
    assert holds(parse(told(query)), one) is holds(query, one)


@given(st.lists(queries, max_size=6), st.lists(entries, max_size=4))
def test_all_topics_at_once_match_what_each_matches_alone(
    some: list[Query], texts: list[Entry]
) -> None:
    percolator = Percolator([topic(told(q), name=f"t{at}") for at, q in enumerate(some)])

    for one in texts:
        alone = tuple(f"t{at}" for at, query in enumerate(some) if holds(query, one))
        assert percolator.match(one) == alone


@given(st.lists(queries, min_size=1, max_size=4), st.lists(entries, max_size=4))
def test_what_title_and_summary_rule_out_does_not_match(
    some: list[Query], texts: list[Entry]
) -> None:
    percolator = Percolator([topic(told(q), name=f"t{at}") for at, q in enumerate(some)])

    for one in texts:
        if percolator.match(one):
            assert percolator.may_match(one.title or "", one.summary)


@given(terms | nears, entries)
def test_title_and_summary_are_enough_for_what_looks_at_nothing_else(
    query: Query, one: Entry
) -> None:
    percolator = Percolator([topic(told(query))])

    assert percolator.may_match(one.title or "", one.summary) is bool(percolator.match(one))


@given(st.lists(queries, min_size=3, max_size=4), entries)
def test_some_topics_match_alone_what_they_match_among_all(some: list[Query], one: Entry) -> None:
    topics = [topic(told(q), name=f"t{at}") for at, q in enumerate(some)]
    percolator, asked = Percolator(topics), frozenset(one.id for one in topics[1:3])

    found = percolator.only(asked).match(one)

    assert found == tuple(name for name in percolator.match(one) if name in asked)


@given(st.text(alphabet="glacier mno", min_size=1, max_size=16), st.randoms(use_true_random=False))
def test_the_index_misses_no_slip(word: str, rng: Random) -> None:
    signs = list("".join(word.split()) or "x")
    query = f"{''.join(signs)}~"
    for _ in range(0 if len(signs) < 5 else 1 if len(signs) < 12 else 2):
        _slip(signs, rng)
    one = entry(f"x {''.join(signs)} y")

    assert bool(Percolator([topic(query)]).match(one)) is holds(parse(query), one)


_ANY = st.text(max_size=30) | st.text("kKſsSßẞİiıIñÑΣσς東京ａＡ'’ -\u0301", max_size=12)


@given(_ANY, _ANY, st.integers(0, 20), st.integers(1, 8), st.sampled_from("=*~ "))
@example("Kelvin K", "kelvin k", 0, 8, " ")
@example("ſtraſſe", "STRASSE", 0, 7, " ")
def test_the_index_misses_nothing_in_any_script(
    text: str, other: str, start: int, length: int, mark: str
) -> None:
    part = text[start : start + length]
    regex = re2.escape(part.swapcase()).replace("/", "\\/")
    for query in (f"{part}{mark}".strip(), f'"{part}"{mark}'.strip(), f"/{regex}/"):
        with contextlib.suppress(QueryError):
            asked = parse(query)
            percolator = Percolator([topic(query)])
            for one in (entry(text), entry("x", other)):
                assert bool(percolator.match(one)) is holds(asked, one)


def _slip(signs: list[str], rng: Random) -> None:
    at = rng.randrange(len(signs) - 1)
    match rng.randrange(4):
        case 0:
            signs[at], signs[at + 1] = signs[at + 1], signs[at]
        case 1:
            signs.insert(at, "q")
        case 2:
            del signs[at]
        case _:
            signs[at] = "q"


_SIGNS = (
    """( ) " “ - ! | OR AND NOT NEAR/3 / title: url: before: topic: ~ = * dam x 女 's 2018 \\"""
)
_PIECES = st.sampled_from([*_SIGNS.split(), " ", "\ud800"])


@given(st.text() | st.lists(_PIECES).map("".join))
@example("/\ud800/")
@example("url:")
def test_no_text_crashes_the_parser(text: str) -> None:
    with contextlib.suppress(QueryError):
        assert told(parse(text))


@given(st.lists(_PIECES).map("".join), st.text())
def test_no_text_crashes_a_query(text: str, title: str) -> None:
    with contextlib.suppress(QueryError):
        Percolator([topic(text)]).match(entry(title, f"{text} {title}"))
