"""All topics against one entry: an index finds the few that may match, then they are tried.

Each query has pieces of text of which at least one stands in whatever it matches. All pieces
of all topics are one Aho-Corasick automaton, so the cost of an entry grows with what it
matches, not with the number of topics. See docs/decisions/query-language.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ahocorasick_rs import AhoCorasick

from aggregator.core.query.document import BARRIER, Document
from aggregator.core.query.evaluate import Test, _needle, compile_query
from aggregator.core.query.parse import parse
from aggregator.core.query.tree import (
    TEXT_FIELDS,
    And,
    Field,
    Form,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    TopicRef,
    Word,
    told,
)
from aggregator.core.query.words import forms, is_unspaced, pieces, slips
from aggregator.errors import QueryError
from aggregator.model import Draft, Topic, TopicId


class Percolator:
    """Matches entries against topics."""

    def __init__(self, topics: Sequence[Topic], *, known: Sequence[Topic] = ()) -> None:
        """Index *topics*.

        Args:
            topics: What to match.
            known: Topics that ``topic:name`` may name; *topics* are always known.

        Raises:
            QueryError: A query makes no sense, or names itself or an unknown topic.
        """
        by_name = {str(topic.id): topic for topic in (*known, *topics)}
        self._ids: list[TopicId] = []
        self._tests: list[Test] = []
        self._always: list[int] = []  # topics that no piece of text can announce
        self._fields: set[str] = set(TEXT_FIELDS)
        owners: dict[str, list[int]] = defaultdict(list)
        for number, topic in enumerate(topics):
            query = resolve(topic, by_name)
            self._ids.append(topic.id)
            self._tests.append(compile_query(query))
            self._fields |= _fields(query)
            needed = required(query)
            if needed is None:
                self._always.append(number)
            for piece in needed or ():
                owners[piece].append(number)
        self._owners = list(owners.values())
        self._index = AhoCorasick(list(owners)) if owners else None
        self._order = sorted(self._fields)

    def match(self, entry: Draft, *, source: str = "") -> tuple[TopicId, ...]:
        """Return the topics *entry* belongs to, in the order they were given.

        Args:
            entry: What to match.
            source: The id and title of its source, for ``source:``.
        """
        document = Document(entry, source=source)
        return tuple(
            self._ids[number]
            for number in self._candidates(document)
            if self._tests[number](document)
        )

    def _candidates(self, document: Document) -> Iterable[int]:
        if self._index is None:
            return self._always
        text = BARRIER.join(document.field(name).padded for name in self._order)
        hits = self._index.find_matches_as_indexes(text, overlapping=True)
        if not hits:
            return self._always
        found = set(self._always)
        for hit in hits:
            found.update(self._owners[hit[0]])
        return sorted(found)


def resolve(topic: Topic, known: Mapping[str, Topic]) -> Query:
    """Return the query of *topic* with every ``topic:name`` replaced by that topic's query.

    Raises:
        QueryError: It makes no sense, names an unknown topic, or leads back to itself.
    """
    return _resolved(_query(topic), known, (str(topic.id),))


def fingerprint(topic: Topic, topics: Sequence[Topic]) -> str:
    """Return a name for what *topic* matches; it changes when that may change."""
    known = {str(one.id): one for one in topics}
    return f"{told(resolve(topic, known))}|{topic.merge}"


def _query(topic: Topic) -> Query:
    query = parse(topic.query)
    return _exactly(query) if topic.exact else query


def _exactly(query: Query) -> Query:
    """Return *query* without plurals and slips."""
    match query:
        case Word(form=Form.LIGHT | Form.FUZZY):
            return Word(word=query.word, form=Form.EXACT)
        case Phrase():
            return Phrase(words=query.words)
        case Near():
            return Near(
                left=_exactly(query.left), right=_exactly(query.right), distance=query.distance
            )
        case Field():
            return Field(name=query.name, query=_exactly(query.query))
        case Not():
            return Not(query=_exactly(query.query))
        case And():
            return And(queries=tuple(_exactly(part) for part in query.queries))
        case Or():
            return Or(queries=tuple(_exactly(part) for part in query.queries))
        case _:
            return query


def _resolved(query: Query, known: Mapping[str, Topic], path: tuple[str, ...]) -> Query:
    match query:
        case TopicRef():
            if query.name in path:
                circle = " → ".join((*path, query.name))
                raise QueryError(
                    f"topics name each other in a circle: {circle}", column=query.column
                )
            if query.name not in known:
                raise QueryError(f"there is no topic {query.name!r}", column=query.column)
            return _resolved(_query(known[query.name]), known, (*path, query.name))
        case Field():
            return Field(name=query.name, query=_resolved(query.query, known, path))
        case Not():
            return Not(query=_resolved(query.query, known, path))
        case And():
            return And(queries=tuple(_resolved(part, known, path) for part in query.queries))
        case Or():
            return Or(queries=tuple(_resolved(part, known, path) for part in query.queries))
        case _:
            return query


def _fields(query: Query) -> set[str]:
    """Return the fields that *query* names."""
    match query:
        case Field():
            return {query.name} | _fields(query.query)
        case Not():
            return _fields(query.query)
        case And() | Or():
            return {name for part in query.queries for name in _fields(part)}
        case _:
            return set()


def required(query: Query) -> frozenset[str] | None:
    """Return pieces of padded text of which at least one stands in whatever *query* matches.

    ``None``: there are none, so it has to be tried on every entry.
    """
    match query:
        case Word():
            return _required_word(query)
        case Phrase():
            text = " ".join(query.words)
            allowed = slips(sum(map(len, query.words))) if query.fuzzy else 0
            return pieces(text, allowed) if allowed else frozenset({_needle(query.words)})
        case Field():
            return required(query.query)
        case Near():
            return _rarest([required(query.left), required(query.right)])
        case And():
            return _rarest([required(part) for part in query.queries])
        case Or():
            parts = [required(part) for part in query.queries]
            some = [part for part in parts if part is not None]
            return frozenset().union(*some) if len(some) == len(parts) else None
        case _:
            return None


def _required_word(query: Word) -> frozenset[str]:
    word = query.word
    if is_unspaced(word) and len(word) > 1:
        return frozenset({word})
    match query.form:
        case Form.PREFIX:
            return frozenset({f" {word}"})
        case Form.FUZZY if slips(len(word)):
            return pieces(word, slips(len(word)))
        case Form.LIGHT:
            return frozenset(f" {form} " for form in forms(word))
        case _:
            return frozenset({f" {word} "})


def _rarest(parts: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    """Return the pieces least likely to stand in a text: the longest, by their shortest."""
    some = [part for part in parts if part]
    return max(some, key=lambda part: (min(map(len, part)), -len(part)), default=None)
