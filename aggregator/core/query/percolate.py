"""All topics against one entry, and what the topics are: queries that may name each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from rapidfuzz import process
from xxhash import xxh3_128_hexdigest

from aggregator.core.query.document import Document
from aggregator.core.query.explain import Explanation, explain, marks
from aggregator.core.query.index import QueryIndex
from aggregator.core.query.parse import MAX_DEPTH, parse
from aggregator.core.query.tree import (
    Form,
    Phrase,
    Query,
    TopicRef,
    Word,
    depth,
    fields_of,
    rewrite,
)
from aggregator.core.query.words import ENDINGS, endings_of
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
        self._queries = {topic.id: resolve(topic, by_name) for topic in topics}
        self._ids = tuple(self._queries)
        self._index = QueryIndex(list(self._queries.values()))
        self._topics = tuple(by_name.values())
        self._part: tuple[frozenset[TopicId], Percolator] | None = None

    def only(self, topics: frozenset[TopicId]) -> Percolator:
        """Return what matches *topics* alone; it is kept until others are asked for."""
        if self._queries.keys() <= topics:
            return self
        if self._part is None or self._part[0] != topics:
            some = [topic for topic in self._topics if topic.id in topics]
            sources = list(self._sources.values())
            self._part = topics, Percolator(some, known=self._topics, sources=sources)
        return self._part[1]

    def match(self, entry: Draft) -> tuple[TopicId, ...]:
        """Return the topics *entry* belongs to, in the order they were given."""
        return tuple(self._ids[number] for number in self._index.match(self.document(entry)))

    def may_match(self, title: str, summary: str) -> bool:
        """Tell whether an entry with this title and summary may belong to a topic."""
        return self._index.may_match(title, summary)

    @property
    def unannounced(self) -> tuple[TopicId, ...]:
        """The topics that no word can announce, so that each is tried on every entry."""
        return tuple(self._ids[number] for number in sorted(self._index.unannounced))

    def query(self, topic: TopicId) -> Query:
        """Return what *topic* looks for, with the topics it names put in their place."""
        return self._queries[topic]

    def fingerprint(self, topic: Topic) -> str:
        """Return a name for what *topic* matches; it changes when that may change."""
        query = self.query(topic.id)
        sources = self._sources.values() if fields_of(query) & _OF_SOURCE else ()
        named = [(source.id, source.title, source.language) for source in sources]
        return xxh3_128_hexdigest(repr((MATCHING, query, topic.merge, named)).encode())

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


def resolve(topic: Topic, known: Mapping[str, Topic]) -> Query:
    """Return the query of *topic* with every ``topic:name`` replaced by that topic's query.

    Raises:
        QueryError: It makes no sense, names an unknown topic, or leads back to itself.
    """
    return _resolved(_query(topic), known, (str(topic.id),), room=MAX_DEPTH)


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


def _resolved(
    query: Query, known: Mapping[str, Topic], path: tuple[str, ...], *, room: int
) -> Query:
    """Return *query* with the topics it names in their place, *room* deep at most."""
    left = room - depth(query)
    if left < 0:
        detail = f"with the topics it names the query is nested more than {MAX_DEPTH} deep"
        raise QueryError(detail, column=1)

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
        try:
            return _resolved(_query(known[part.name]), known, (*path, part.name), room=left)
        except QueryError as error:
            raise QueryError(error.detail, column=part.column) from error

    return rewrite(query, follow)
