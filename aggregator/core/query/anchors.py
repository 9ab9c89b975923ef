"""What stands in whatever a query matches, and what must hold beside: how an index finds it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from aggregator.core.query.document import TEXT
from aggregator.core.query.evaluate import (
    Test,
    cheap_first,
    compile_query,
    every,
    plain_forms,
)
from aggregator.core.query.tree import And, Field, Form, Near, Not, Or, Phrase, Query, Regex, Word
from aggregator.core.query.words import forms, is_unspaced, needle, pieces, slips

_BROAD = {"source", "lang"}  # fields that say the same of many entries


class Kind(StrEnum):
    """How an anchor is looked for."""

    WORD = "word"  # a word of the field
    PREFIX = "prefix"  # the beginning of a word
    SLIP = "slip"  # a word that may be misspelt
    PIECE = "piece"  # anywhere in the padded text
    REGEX = "regex"  # on the raw text


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What may stand in a field, and what else must hold for the query to match when it does."""

    field: str
    kind: Kind
    text: str
    absent: frozenset[str] = frozenset()  # words that must not be in title and summary
    rest: Test | None = None  # None: nothing else must hold


Anchors: TypeAlias = Sequence[Anchor] | None


def anchors_of(query: Query, *, field: str = TEXT) -> Anchors:
    """Return anchors of which at least one stands in whatever *query* matches.

    ``None``: there are none, so it has to be tried on every entry.
    """
    match query:
        case Word():
            return _of_word(query, field)
        case Phrase():
            return _of_phrase(query, field)
        case Regex():
            test = compile_query(query, field=field)
            return [Anchor(field=field, kind=Kind.REGEX, text=query.pattern, rest=test)]
        case Field():
            return anchors_of(query.query, field=query.name)
        case Near():
            sides = [anchors_of(side, field=field) for side in (query.left, query.right)]
            test = compile_query(query, field=field)  # asks for all that a side asks for
            return [replace(anchor, rest=test) for anchor in max(sides, key=_rarity) or ()]
        case And():
            return _of_all(query, field)
        case Or():
            return _of_any(query, field)
        case _:
            return None


def _of_all(query: And, field: str) -> Anchors:
    """Return the anchors of the part that is rarest, each with all other parts beside it."""
    parts = cheap_first(query)
    options = [anchors_of(part, field=field) for part in parts]
    rarest = max(range(len(parts)), key=lambda at: _rarity(options[at]))
    absent: frozenset[str] = frozenset()
    tests = []
    for part in (*parts[:rarest], *parts[rarest + 1 :]):
        if words := _excluded(part, field):
            absent |= words
        else:
            tests.append(compile_query(part, field=field))
    return [_beside(anchor, absent, tests) for anchor in options[rarest] or ()] or None


def _excluded(query: Query, field: str) -> frozenset[str]:
    """Return the words of which *query* says no more than that they must not be there."""
    match query:
        case Not(query=Word() as word) if field == TEXT:
            return plain_forms(word)
        case _:
            return frozenset()


def _beside(anchor: Anchor, absent: frozenset[str], tests: Sequence[Test]) -> Anchor:
    """Return *anchor* with more that must hold, too."""
    rest = every([*tests, *filter(None, [anchor.rest])])
    return replace(anchor, absent=anchor.absent | absent, rest=rest)


def _of_any(query: Or, field: str) -> Anchors:
    found: list[Anchor] = []
    for part in query.queries:
        anchors = anchors_of(part, field=field)
        if anchors is None:
            return None
        found += anchors
    return found


def _of_word(query: Word, field: str) -> Anchors:
    word = query.word
    if is_unspaced(word) and len(word) > 1:
        return [Anchor(field=field, kind=Kind.PIECE, text=word)]
    match query.form:
        case Form.PREFIX:
            return [Anchor(field=field, kind=Kind.PREFIX, text=word)]
        case Form.FUZZY if slips(len(word)):
            return [Anchor(field=field, kind=Kind.SLIP, text=word)]
        case Form.LIGHT:
            some: Iterable[str] = forms(word, query.endings)
        case _:
            some = [word]
    return [Anchor(field=field, kind=Kind.WORD, text=one) for one in some]


def _of_phrase(query: Phrase, field: str) -> Anchors:
    test = compile_query(query, field=field)
    allowed = slips(sum(map(len, query.words))) if query.fuzzy else 0
    spaced = [word for word in query.words if not is_unspaced(word)]
    if spaced and not allowed:
        longest = max(spaced, key=len)
        return [Anchor(field=field, kind=Kind.WORD, text=longest, rest=test)]
    text = f" {' '.join(query.words)} "
    some = pieces(text, allowed) if allowed else [needle(query.words)]
    return [Anchor(field=field, kind=Kind.PIECE, text=one, rest=test) for one in some]


def _rarity(anchors: Anchors) -> tuple[bool, bool, int, int]:
    """Return how unlikely it is that one of *anchors* is there: long ones are, and few."""
    if not anchors:
        return False, False, 0, 0
    shortest = min(0 if one.kind is Kind.REGEX else len(one.text) for one in anchors)
    return True, all(one.field not in _BROAD for one in anchors), shortest, -len(anchors)
