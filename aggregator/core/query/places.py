"""Where in a field a query stands: for NEAR, for phrases with slips, for explanations."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import TypeAlias

from rapidfuzz.distance import OSA

from aggregator.core.query.document import BARRIER, Folded
from aggregator.core.query.tree import Form, Near, Or, Phrase, Query, Word
from aggregator.core.query.words import forms, is_slip, is_unspaced, needle, pieces, slips

Span: TypeAlias = tuple[int, int]  # words from, to (not included)
Places: TypeAlias = Callable[[Folded], list[Span]]


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

    def is_meant(run: Sequence[str]) -> bool:
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
            if is_meant(field.words[at : at + size])
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
