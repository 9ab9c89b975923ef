"""Tell whether a query matches a document: compiled once, then quick."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import TypeAlias, assert_never

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from aggregator.core.query.document import BARRIER, TEXT, Document, Folded
from aggregator.core.query.parse import compile_regex
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
from aggregator.core.query.words import forms, is_unspaced, pieces, slips

Test: TypeAlias = Callable[[Document], bool]
Span: TypeAlias = tuple[int, int]  # words from, to (not included)
Places: TypeAlias = Callable[[Folded], list[Span]]


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


def needle(words: Sequence[str]) -> str:
    """Return how a phrase stands in a padded text.

    Scripts without blanks need none around, if there are two signs or more.
    """
    inside = len(words) > 1 or len(words[0]) > 1
    before = "" if inside and is_unspaced(words[0]) else " "
    after = "" if inside and is_unspaced(words[-1]) else " "
    return f"{before}{' '.join(words)}{after}"


def is_slip(word: str, other: str) -> bool:
    """Tell whether *other* is *word* with no more slips than its length allows."""
    allowed = slips(len(word))
    return (
        abs(len(word) - len(other)) <= allowed
        and OSA.distance(word, other, score_cutoff=allowed) <= allowed
    )


def _published(query: Published) -> Test:
    def test(document: Document) -> bool:
        published = document.entry.published
        return published is not None and (published.at.date() < query.day) == query.before

    return test


def _regex(query: Regex, field: str) -> Test:
    pattern = compile_regex(query.pattern)
    return lambda document: any(map(pattern.search, document.field(field).values))


# ---- places: for NEAR, fuzzy phrases and explanations ----------------------------------


def compile_places(query: Query) -> Places:
    """Return a function that tells where in a field *query* matches, in order.

    Only words, phrases and what is made of them have places.
    """
    match query:
        case Word():
            is_it = _one_word(query)
            return lambda field: [
                (at, at + 1) for at, word in enumerate(field.words) if is_it(word)
            ]
        case Phrase():
            return _fuzzy_places(query) if query.fuzzy else _phrase_places(query)
        case Near():
            return _near_places(query)
        case Or():
            parts = [compile_places(part) for part in query.queries]
            return lambda field: sorted({span for places in parts for span in places(field)})
        case _:
            return lambda _field: []


def _one_word(query: Word) -> Callable[[str], bool]:
    wanted = query.word
    if is_unspaced(wanted) and len(wanted) > 1:
        return lambda word: wanted in word
    match query.form:
        case Form.LIGHT:
            return forms(wanted, query.endings).__contains__
        case Form.PREFIX:
            return lambda word: word.startswith(wanted)
        case Form.FUZZY if slips(len(wanted)):
            return lambda word: is_slip(wanted, word)
        case _:
            return lambda word: word == wanted


def _phrase_places(query: Phrase) -> Places:
    size, text = len(query.words), needle(query.words)

    def places(field: Folded) -> list[Span]:
        if text not in field.padded:
            return []
        return [
            (at, at + size)
            for at in range(len(field.words) - size + 1)
            if text in f" {' '.join(field.words[at : at + size])} "
        ]

    return places


def _fuzzy_places(query: Phrase) -> Places:
    """Compare the phrase with every run of as many words, one fewer and one more."""
    text = " ".join(query.words)
    allowed = slips(sum(map(len, query.words)))
    count = len(query.words)
    sizes = sorted({count, max(1, count - 1), count + 1}) if allowed else [count]

    def is_slip(run: Sequence[str]) -> bool:
        return BARRIER not in run and (
            OSA.distance(text, " ".join(run), score_cutoff=allowed) <= allowed
        )

    parts = pieces(f" {text} ", allowed) if allowed else {f" {text} "}

    def places(field: Folded) -> list[Span]:
        if not any(part in field.padded for part in parts):
            return []
        return sorted(
            (at, at + size)
            for size in sizes
            for at in range(len(field.words) - size + 1)
            if is_slip(field.words[at : at + size])
        )

    return places


def _near_places(query: Near) -> Places:
    left_places, right_places = compile_places(query.left), compile_places(query.right)

    def places(field: Folded) -> list[Span]:
        lefts = left_places(field)
        rights = right_places(field) if lefts else []
        return sorted(
            {
                (min(left[0], right[0]), max(left[1], right[1]))
                for left in lefts
                for right in _around(left, rights, query.distance)
                if 0 <= _gap(left, right) < query.distance and _is_in_one(field, left, right)
            }
        )

    return places


def _around(place: Span, others: list[Span], distance: int) -> list[Span]:
    """Return those of *others*, in order, that may be near; a long text may hold thousands."""
    longest = max((end - start for start, end in others), default=0)
    first = bisect_left(others, (place[0] - distance - longest, 0))
    return others[first : bisect_left(others, (place[1] + distance, 0))]


def _gap(left: Span, right: Span) -> int:
    """Return the number of words between two places; negative when they overlap."""
    return max(left[0], right[0]) - min(left[1], right[1])


def _is_in_one(field: Folded, left: Span, right: Span) -> bool:
    """Tell whether both places are in one value of the field."""
    return (
        len(field.values) == 1
        or BARRIER not in field.words[left[0] : right[1]] + (field.words[right[0] : left[1]])
    )
