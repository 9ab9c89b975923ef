"""Tell whether a query matches a document: compiled once, then quick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, assert_never

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from aggregator.core.query.document import TEXT, Document, Folded
from aggregator.core.query.parse import compile_regex
from aggregator.core.query.places import compile_places
from aggregator.core.query.tree import (
    And,
    Field,
    Form,
    Near,
    Not,
    Or,
    Phrase,
    Published,
    Query,
    Regex,
    TopicRef,
    Word,
)
from aggregator.core.query.words import forms, is_unspaced, needle, slips

Test: TypeAlias = Callable[[Document], bool]


def compile_query(query: Query, *, field: str = TEXT) -> Test:
    """Return a function that tells whether *query* matches a document.

    Args:
        query: Without references to topics; see `resolve`.
        field: Where it looks when it does not say.
    """
    match query:
        case And():
            return _every([compile_query(part, field=field) for part in cheap_first(query)])
        case Or():
            return _some(_alternatives(query, field))
        case Not():
            test = compile_query(query.query, field=field)
            return lambda document: not test(document)
        case Field():
            return compile_query(query.query, field=query.name)
        case Published():
            return _published(query)
        case Regex():
            return _regex(query, field)
        case Word() | Phrase() | Near():
            return _in_field(compile_leaf(query), field)
        case TopicRef():
            raise ValueError(f"topic:{query.name} was not resolved")
        case _:
            assert_never(query)


def cheap_first(query: And | Or) -> list[Query]:
    """Return the parts of *query*, what is quickly tested first."""
    return sorted(query.queries, key=_cost)


def _cost(query: Query) -> int:
    """Return how dear *query* is to test, in look-ups of a word: the cheap is asked first."""
    match query:
        case Word(form=Form.FUZZY) | Phrase(fuzzy=True) | Regex():
            return 20
        case Near():
            return 10
        case Not() | Field():
            return _cost(query.query)
        case And() | Or():
            return 1 + sum(map(_cost, query.queries))
        case _:
            return 1


# Loops where any() and all() would read better: half the time of a match was their generators.


def every(tests: Sequence[Test]) -> Test | None:
    """Return a function that tells whether all of *tests* hold; ``None``: there are none."""
    return _every(tests) if len(tests) > 1 else tests[0] if tests else None


def _every(tests: Sequence[Test]) -> Test:
    def all_hold(document: Document) -> bool:
        for test in tests:  # noqa: SIM110
            if not test(document):
                return False
        return True

    return all_hold


def _some(tests: Sequence[Test]) -> Test:
    def some(document: Document) -> bool:
        for test in tests:  # noqa: SIM110
            if test(document):
                return True
        return False

    return some


def _in_field(leaf: Callable[[Folded], bool], name: str) -> Test:
    if name == TEXT:
        return lambda document: leaf(document.text)
    return lambda document: leaf(document.field(name))


def _alternatives(query: Or, field: str) -> list[Test]:
    """Compile the branches of OR; all plain words are one look-up, and come first."""
    wanted: set[str] = set()
    others = []
    for part in cheap_first(query):
        if isinstance(part, Word) and (plain := plain_forms(part)):
            wanted |= plain
        else:
            others.append(compile_query(part, field=field))
    return [_in_field(_one_of(frozenset(wanted)), field), *others] if wanted else others


def plain_forms(query: Word) -> frozenset[str]:
    """Return the words that are *query*, if it is one of a few; none otherwise."""
    if is_unspaced(query.word) and len(query.word) > 1:
        return frozenset()
    match query.form:
        case Form.LIGHT:
            return forms(query.word, query.endings)
        case Form.EXACT:
            return frozenset({query.word})
        case _:
            return frozenset()


def compile_leaf(query: Word | Phrase | Near) -> Callable[[Folded], bool]:
    """Return a function that tells whether *query* matches one field."""
    if isinstance(query, Word):
        return _word(query)
    if isinstance(query, Phrase) and not query.fuzzy:
        text = needle(query.words)
        spaced = frozenset(word for word in query.words if not is_unspaced(word))
        return lambda field: spaced <= field.known and text in field.padded
    places = compile_places(query)
    if isinstance(
        query, Near
    ):  # what is there at all is asked first: it is a hundred times quicker
        left, right = _anywhere(query.left), _anywhere(query.right)
        return lambda field: left(field) and right(field) and bool(places(field))
    return lambda field: bool(places(field))


def _anywhere(query: Query) -> Callable[[Folded], bool]:
    """Return a function that tells whether a side of NEAR stands anywhere in a field."""
    match query:
        case Word() | Phrase() | Near():
            return compile_leaf(query)
        case Or():
            parts = [_anywhere(part) for part in query.queries]
            return lambda field: any(part(field) for part in parts)
        case _:
            return lambda _field: False


def _word(query: Word) -> Callable[[Folded], bool]:
    word = query.word
    if is_unspaced(word) and len(word) > 1:
        return lambda field: word in field.padded
    match query.form:
        case Form.LIGHT:
            return _one_of(forms(word, query.endings))
        case Form.PREFIX:
            start = f" {word}"
            return lambda field: start in field.padded
        case Form.FUZZY if allowed := slips(len(word)):
            return lambda field: (
                extractOne(word, field.known, scorer=OSA.distance, score_cutoff=allowed) is not None
            )
        case _:
            return lambda field: word in field.known


def _one_of(wanted: frozenset[str]) -> Callable[[Folded], bool]:
    return lambda field: not wanted.isdisjoint(field.known)


def _published(query: Published) -> Test:
    def test(document: Document) -> bool:
        published = document.entry.published
        return published is not None and (published.at.date() < query.day) == query.before

    return test


def _regex(query: Regex, field: str) -> Test:
    pattern = compile_regex(query.pattern)
    return lambda document: any(map(pattern.search, document.field(field).values))
