"""All topics against one entry: an index finds the few that may match, then they are tried.

Each query has pieces of text of which at least one stands in whatever it matches. All pieces
of all topics are one Aho-Corasick automaton, so the cost of an entry grows with what it
matches, not with the number of topics. See docs/decisions/query-language.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from ahocorasick_rs import AhoCorasick
from rapidfuzz import process
from xxhash import xxh3_128_hexdigest

from aggregator.core.query.document import BARRIER, Document
from aggregator.core.query.evaluate import Test, compile_query, needle
from aggregator.core.query.explain import Explanation, explain, marks
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
    rewrite,
)
from aggregator.core.query.words import (
    ENDINGS,
    endings_of,
    forms,
    is_unspaced,
    pieces,
    slips,
)
from aggregator.errors import QueryError
from aggregator.model import Draft, Entry, Source, Topic, TopicId

MATCHING = 1  # raise it when the same query matches other entries than before


class Percolator:
    """Matches entries against topics."""

    def __init__(
        self,
        topics: Sequence[Topic],
        *,
        known: Sequence[Topic] = (),
        sources: Sequence[Source] = (),
    ) -> None:
        """Index *topics*.

        Args:
            topics: What to match.
            known: Topics that ``topic:name`` may name; *topics* are always known.
            sources: Where entries come from, for ``source:`` and ``lang:``.

        Raises:
            QueryError: A query makes no sense, or names itself or an unknown topic.
        """
        by_name = {str(topic.id): topic for topic in (*known, *topics)}
        self._sources = {source.id: source for source in sources}
        self._ids: list[TopicId] = []
        self._queries: dict[TopicId, Query] = {}
        self._tests: list[Test] = []
        self._always: list[int] = []  # topics that no piece of text can announce
        fields = set(TEXT_FIELDS)
        owners: dict[str, list[int]] = defaultdict(list)
        for number, topic in enumerate(topics):
            query = resolve(topic, by_name)
            self._ids.append(topic.id)
            self._queries[topic.id] = query
            self._tests.append(compile_query(query))
            fields |= _fields(query)
            needed = required(query)
            if needed is None:
                self._always.append(number)
            for piece in needed or ():
                owners[piece].append(number)
        self._owners = list(owners.values())
        self._index = AhoCorasick(list(owners)) if owners else None
        self._fields = sorted(fields)

    def match(
        self, entry: Draft, *, among: Collection[TopicId] | None = None
    ) -> tuple[TopicId, ...]:
        """Return the topics *entry* belongs to, in the order they were given.

        Args:
            entry: What to match.
            among: Only these topics are tried; ``None``: all.
        """
        document = self.document(entry)
        return tuple(
            self._ids[number]
            for number in self._candidates(document)
            if (among is None or self._ids[number] in among) and self._tests[number](document)
        )

    def query(self, topic: TopicId) -> Query:
        """Return what *topic* looks for, with the topics it names put in their place."""
        return self._queries[topic]

    def explain(self, topic: TopicId, entry: Draft) -> Explanation:
        """Tell why *entry* belongs to *topic*, or does not."""
        return explain(self.query(topic), self.document(entry))

    def marks(self, topic: TopicId, entry: Draft) -> dict[str, tuple[tuple[int, int], ...]]:
        """Return what a page may mark in the title and summary of *entry*; see `marks`."""
        return marks(self.query(topic), self.document(entry))

    def document(self, entry: Draft) -> Document:
        """Return *entry* as queries see it."""
        source = self._sources.get(entry.source) if isinstance(entry, Entry) else None
        return Document(entry, source=source)

    def _candidates(self, document: Document) -> Iterable[int]:
        if self._index is None:
            return self._always
        text = BARRIER.join([document.field(name).padded for name in self._fields])
        hits = self._index.find_matches_as_indexes(text, overlapping=True)
        if not hits:
            return self._always
        found = set(self._always)
        for piece in {hit[0] for hit in hits}:
            found.update(self._owners[piece])
        return sorted(found)


def resolve(topic: Topic, known: Mapping[str, Topic]) -> Query:
    """Return the query of *topic* with every ``topic:name`` replaced by that topic's query.

    Raises:
        QueryError: It makes no sense, names an unknown topic, or leads back to itself.
    """
    return _resolved(_query(topic), known, (str(topic.id),))


def fingerprint(topic: Topic, topics: Sequence[Topic], *, sources: Sequence[Source] = ()) -> str:
    """Return a name for what *topic* matches; it changes when that may change."""
    query = resolve(topic, {str(one.id): one for one in topics})
    named = [(s.id, s.title, s.language) for s in sources] if _fields(query) & _OF_SOURCE else []
    return xxh3_128_hexdigest(repr((MATCHING, query, topic.merge, named)).encode())


_OF_SOURCE = {"source", "lang"}


def _query(topic: Topic) -> Query:
    query = parse(topic.query)
    if topic.exact:
        return rewrite(query, _exactly)
    endings = endings_of(topic.language)
    return query if endings == ENDINGS else rewrite(query, partial(_with_endings, endings))


def _exactly(query: Query) -> Query:
    """Return a word or phrase without plurals and slips."""
    match query:
        case Word(form=Form.LIGHT | Form.FUZZY):
            return Word(word=query.word, form=Form.EXACT)
        case Phrase():
            return Phrase(words=query.words)
        case _:
            return query


def _with_endings(endings: tuple[str, ...], query: Query) -> Query:
    return replace(query, endings=endings) if isinstance(query, Word) else query


def _resolved(query: Query, known: Mapping[str, Topic], path: tuple[str, ...]) -> Query:
    def follow(part: Query) -> Query:
        if not isinstance(part, TopicRef):
            return part
        if part.name in path:
            circle = " → ".join((*path, part.name))
            raise QueryError(f"topics name each other in a circle: {circle}", column=part.column)
        if part.name not in known:
            meant = process.extractOne(part.name, list(known), score_cutoff=75)
            hint = f"; did you mean {meant[0]!r}?" if meant else ""
            raise QueryError(f"there is no topic {part.name!r}{hint}", column=part.column)
        return _resolved(_query(known[part.name]), known, (*path, part.name))

    return rewrite(query, follow)


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
            allowed = slips(sum(map(len, query.words))) if query.fuzzy else 0
            if allowed:
                return pieces(f" {' '.join(query.words)} ", allowed)
            return frozenset({needle(query.words)})
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
            return pieces(f" {word} ", slips(len(word)))
        case Form.LIGHT:
            return frozenset(f" {form} " for form in forms(word, query.endings))
        case _:
            return frozenset({f" {word} "})


def _rarest(parts: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    """Return the pieces least likely to stand in a text: the longest, by their shortest."""
    some = [part for part in parts if part]
    return max(some, key=lambda part: (min(map(len, part)), -len(part)), default=None)
