"""Tell whether a query matches a document: compiled once, then quick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import re2
from rapidfuzz.distance import OSA

from aggregator.core.query.document import Document, Folded
from aggregator.core.query.tree import (
    TEXT_FIELDS,
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
from aggregator.core.query.words import forms, is_unspaced, slips

Test: TypeAlias = Callable[[Document], bool]
Span: TypeAlias = tuple[int, int]  # words from, to (not included)


def compile_query(query: Query, *, fields: Sequence[str] = TEXT_FIELDS) -> Test:
    """Return a function that tells whether *query* matches a document.

    Args:
        query: Without references to topics; see `resolve`.
        fields: Where it looks when it does not say.
    """
    match query:
        case And():
            every = [compile_query(part, fields=fields) for part in query.queries]
            return lambda document: all(test(document) for test in every)
        case Or():
            some = [compile_query(part, fields=fields) for part in query.queries]
            return lambda document: any(test(document) for test in some)
        case Not():
            test = compile_query(query.query, fields=fields)
            return lambda document: not test(document)
        case Field():
            return compile_query(query.query, fields=(query.name,))
        case Published():
            return _published(query)
        case Regex():
            return _regex(query, fields)
        case Word() | Phrase() | Near():
            leaf = compile_leaf(query)
            return lambda document: any(leaf(document.field(name)) for name in fields)
        case TopicRef():
            raise ValueError(f"topic:{query.name} was not resolved")


def compile_leaf(query: Word | Phrase | Near) -> Callable[[Folded], bool]:
    """Return a function that tells whether *query* matches one field."""
    if isinstance(query, Word):
        return _word(query)
    if isinstance(query, Phrase) and not query.fuzzy:
        needle = _needle(query.words)
        return lambda field: needle in field.padded
    return lambda field: bool(spans(query, field))


def _word(query: Word) -> Callable[[Folded], bool]:
    word = query.word
    if is_unspaced(word) and len(word) > 1:
        return lambda field: word in field.padded
    match query.form:
        case Form.LIGHT:
            wanted = forms(word)
            return lambda field: not wanted.isdisjoint(field.known)
        case Form.PREFIX:
            start = f" {word}"
            return lambda field: start in field.padded
        case Form.FUZZY if slips(len(word)):
            return lambda field: any(_is_slip(word, other) for other in field.known)
        case _:
            return lambda field: word in field.known


def _needle(words: Sequence[str]) -> str:
    """Return how a phrase stands in a padded text; unspaced scripts need no blanks around."""
    first, last = words[0], words[-1]
    before = "" if is_unspaced(first) and len(first) > 1 else " "
    after = "" if is_unspaced(last) and len(last) > 1 else " "
    return f"{before}{' '.join(words)}{after}"


def _is_slip(word: str, other: str) -> bool:
    allowed = slips(len(word))
    return (
        abs(len(word) - len(other)) <= allowed
        and OSA.distance(word, other, score_cutoff=allowed) <= allowed
    )


def _published(query: Published) -> Test:
    def test(document: Document) -> bool:
        published = document.entry.published
        return published is not None and (published.at < query.at) == query.before

    return test


def _regex(query: Regex, fields: Sequence[str]) -> Test:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    pattern = re2.compile(query.pattern, options)

    def test(document: Document) -> bool:
        return any(
            pattern.search(value) for name in fields for value in document.raw(name) if value
        )

    return test


# ---- places: for NEAR, fuzzy phrases and explanations ----------------------------------


def spans(query: Query, field: Folded) -> list[Span]:
    """Return where in a field *query* matches: words from, to (not included)."""
    match query:
        case Word():
            matches = _word(query)
            return [(at, at + 1) for at, word in enumerate(field.words) if matches(_single(word))]
        case Phrase():
            return _fuzzy_spans(query, field) if query.fuzzy else _phrase_spans(query, field)
        case Near():
            return _near_spans(query, field)
        case And() | Or():
            return [span for part in query.queries for span in spans(part, field)]
        case _:
            return []


def _single(word: str) -> Folded:
    field = Folded(())
    field.words = [word]
    return field


def _phrase_spans(query: Phrase, field: Folded) -> list[Span]:
    size = len(query.words)
    needle = _needle(query.words)
    return [
        (at, at + size)
        for at in range(len(field.words) - size + 1)
        if needle in f" {' '.join(field.words[at : at + size])} "
    ]


def _fuzzy_spans(query: Phrase, field: Folded) -> list[Span]:
    """Compare the phrase with every run of as many words, one fewer and one more."""
    text = " ".join(query.words)
    allowed = slips(sum(map(len, query.words)))
    count = len(query.words)
    sizes = {count, max(1, count - 1), count + 1} if allowed else {count}
    found = []
    for size in sorted(sizes):
        for at in range(len(field.words) - size + 1):
            run = " ".join(field.words[at : at + size])
            if (
                abs(len(run) - len(text)) <= allowed
                and OSA.distance(text, run, score_cutoff=allowed) <= allowed
            ):
                found.append((at, at + size))
    return found


def _near_spans(query: Near, field: Folded) -> list[Span]:
    lefts, rights = spans(query.left, field), spans(query.right, field)
    return [
        (min(left[0], right[0]), max(left[1], right[1]))
        for left in lefts
        for right in rights
        if 0 <= _gap(left, right) < query.distance
    ]


def _gap(left: Span, right: Span) -> int:
    """Return the number of words between two places; negative when they overlap."""
    return max(left[0], right[0]) - min(left[1], right[1])
