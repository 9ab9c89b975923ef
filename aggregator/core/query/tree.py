"""What a query is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import partial
from typing import TypeAlias, assert_never

from aggregator.core.query.words import ENDINGS

TEXT_FIELDS = ("title", "summary")  # where a query without a field looks, each by itself
FIELDS = ("title", "summary", "content", "source", "author", "url", "tag", "lang")
DATE_FIELDS = ("before", "after")
TOPIC_FIELD = "topic"


class Form(StrEnum):
    """How a word may differ from what is written."""

    LIGHT = "light"  # the word, its plural or singular
    EXACT = "exact"  # word=
    PREFIX = "prefix"  # word*
    FUZZY = "fuzzy"  # word~


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One folded word."""

    word: str
    form: Form = Form.LIGHT
    endings: tuple[str, ...] = ENDINGS  # of the plurals that count, for a light word


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Folded words in this order."""

    words: tuple[str, ...]
    fuzzy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Regex:
    """A regular expression (RE2) on the raw text of one field at a time, any case."""

    pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Fewer than *distance* words between the two, in either order."""

    left: Query
    right: Query
    distance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A query in one field only."""

    name: str
    query: Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Published before a day, or on it and after, by the calendar of the page."""

    before: bool
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRef:
    """Another topic's query."""

    name: str
    column: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """Entries without it."""

    query: Query


@dataclass(frozen=True, slots=True, kw_only=True)
class And:
    """All of these."""

    queries: tuple[Query, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Or:
    """One of these."""

    queries: tuple[Query, ...]


Query: TypeAlias = Word | Phrase | Regex | Near | Field | Published | TopicRef | Not | And | Or


def rewrite(query: Query, change: Callable[[Query], Query], *, negated: bool = True) -> Query:
    """Return *query* with *change* made to everything in it, the innermost first.

    Without *negated*, what stands behind a NOT is left as it is.
    """
    again = partial(rewrite, change=change, negated=negated)
    match query:
        case And() | Or():
            return change(replace(query, queries=tuple(map(again, query.queries))))
        case Not() if not negated:
            return query
        case Not() | Field():
            return change(replace(query, query=again(query.query)))
        case Near():
            return change(replace(query, left=again(query.left), right=again(query.right)))
        case _:
            return change(query)


def depth(query: Query) -> int:
    """Return how deep *query* is nested; a word by itself is 1 deep."""
    match query:
        case And() | Or():
            return 1 + max(map(depth, query.queries))
        case Not() | Field():
            return 1 + depth(query.query)
        case Near():
            return 1 + max(depth(query.left), depth(query.right))
        case _:
            return 1


def fields_of(query: Query) -> set[str]:
    """Return the fields that *query* names."""
    match query:
        case Field():
            return {query.name} | fields_of(query.query)
        case Not():
            return fields_of(query.query)
        case And() | Or():
            return {name for part in query.queries for name in fields_of(part)}
        case _:
            return set()


def looks_elsewhere(query: Query) -> bool:
    """Tell whether *query* looks at more of an entry than its title and summary."""
    match query:
        case Published():
            return True
        case Not():
            return looks_elsewhere(query.query)
        case And() | Or():
            return any(map(looks_elsewhere, query.queries))
        case _:
            return not fields_of(query) <= set(TEXT_FIELDS)


def told(query: Query) -> str:  # noqa: C901, PLR0911 -- one line an alternative
    """Return *query* in the query language, as an explanation names it.

    >>> told(Not(query=Phrase(words=("las", "bambas"), fuzzy=True)))
    'NOT "las bambas"~'
    """
    match query:
        case Word():
            mark = {Form.EXACT: "=", Form.PREFIX: "*", Form.FUZZY: "~"}
            return query.word + mark.get(query.form, "")
        case Phrase():
            return f'"{" ".join(query.words)}"' + ("~" if query.fuzzy else "")
        case Regex():
            return "/{}/".format(query.pattern.replace("/", "\\/"))
        case Near():
            return f"{_inner(query.left)} NEAR/{query.distance} {_inner(query.right)}"
        case Field():
            inner = query.query
            return f"{query.name}:" + (
                f"({told(inner)})" if isinstance(inner, Not | Field | Published) else _inner(inner)
            )
        case Published():
            return f"{'before' if query.before else 'after'}:{query.day.isoformat()}"
        case TopicRef():
            return f"topic:{query.name}"
        case Not():
            return f"NOT {_inner(query.query)}"
        case And():
            return " AND ".join(_inner(part) for part in query.queries)
        case Or():
            return " OR ".join(_inner(part) for part in query.queries)
        case _:
            assert_never(query)


def _inner(query: Query) -> str:
    text = told(query)
    return f"({text})" if isinstance(query, And | Or | Near) else text
