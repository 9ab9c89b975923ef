"""Many queries against one document: an index finds the few that may match, then they are tried.

Each query has pieces of text of which at least one stands in whatever it matches. All pieces
of all queries are one Aho-Corasick automaton, so the cost of a document grows with what it
matches, not with the number of queries. See docs/decisions/query-language.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from ahocorasick_rs import AhoCorasick

from aggregator.core.query.document import BARRIER, Document
from aggregator.core.query.evaluate import Test, compile_query, is_slip, needle
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
    Word,
)
from aggregator.core.query.words import (
    FUZZY_TWICE,
    forms,
    is_unspaced,
    pieces,
    slips,
    variants,
)

SLIP = "\x1e"  # before a word that may be misspelt
MOST_SLIPS = 2  # of any word
LONG = FUZZY_TWICE - MOST_SLIPS  # letters; a shorter word is no slip of one that may have two
MOST_WORDS = 50_000  # remembered; some 10 MB


class QueryIndex:
    """Finds which of its queries match a document."""

    def __init__(self, queries: Sequence[Query]) -> None:
        """Index *queries*, which hold no references to topics."""
        self._tests: list[Test] = []
        self._always: list[int] = []  # queries that no piece of text can announce
        fields = set(TEXT_FIELDS)
        owners: dict[str, list[int]] = defaultdict(list)
        self._slips = SlipsOf()
        self._slip_owners: dict[str, list[int]] = defaultdict(list)  # by the word asked for
        for number, query in enumerate(queries):
            self._tests.append(compile_query(query))
            fields |= fields_of(query)
            needed = required(query)
            if needed is None:
                self._always.append(number)
            for word in slip_words(query):
                self._slips.ask_for(word)
            for piece in needed or ():
                if piece.startswith(SLIP):
                    self._slip_owners[piece.removeprefix(SLIP)].append(number)
                else:
                    owners[piece].append(number)
        self._owners = list(owners.values())
        self._index = AhoCorasick(list(owners)) if owners else None
        self._fields = sorted(fields)

    def match(self, document: Document, *, among: Collection[int] | None = None) -> list[int]:
        """Return the numbers of the queries that match, in order; ``None``: among all."""
        tests, candidates = self._tests, self._candidates(document)
        wanted = candidates if among is None else candidates.intersection(among)
        return [number for number in sorted(wanted) if tests[number](document)]

    def _candidates(self, document: Document) -> set[int]:
        found = set(self._always)
        fields = [document.field(name) for name in self._fields]
        if self._index is not None:
            text = BARRIER.join([field.padded for field in fields])
            hits = self._index.find_matches_as_indexes(text, overlapping=True)
            for piece in {hit[0] for hit in hits}:
                found.update(self._owners[piece])
        if not self._slips.is_idle:
            for field in fields:
                field.slips = frozenset().union(*map(self._slips.__getitem__, field.known))
                for word in field.slips:
                    found.update(self._slip_owners.get(word, ()))
        return found


class SlipsOf(dict[str, frozenset[str]]):
    """For each word of a text, the words asked for that it is a slip of.

    Worked out once, for news repeat their words; a look-up then costs no call.
    """

    def __init__(self) -> None:
        super().__init__()
        self._wanted: dict[str, set[str]] = defaultdict(set)  # by what is left of a word

    def ask_for(self, word: str) -> None:
        """Take *word* among those asked for."""
        for left in variants(word, slips(len(word))):
            self._wanted[left].add(word)

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing is asked for."""
        return not self._wanted

    def __missing__(self, word: str) -> frozenset[str]:
        if len(self) > MOST_WORDS:
            self.clear()
        found = self[word] = frozenset(
            wanted
            for left in variants(word, MOST_SLIPS if len(word) >= LONG else 1)
            for wanted in self._wanted.get(left, ())
            if is_slip(wanted, word)
        )
        return found


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


def slip_words(query: Query) -> set[str]:
    """Return the words in *query* that may be misspelt."""
    match query:
        case Word(form=Form.FUZZY) if slips(len(query.word)):
            return set() if is_unspaced(query.word) else {query.word}
        case Field() | Not():
            return slip_words(query.query)
        case Near():
            return slip_words(query.left) | slip_words(query.right)
        case And() | Or():
            return set().union(*map(slip_words, query.queries))
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
            return frozenset({f"{SLIP}{word}"})
        case Form.LIGHT:
            return frozenset(f" {form} " for form in forms(word, query.endings))
        case _:
            return frozenset({f" {word} "})


def _rarest(parts: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    """Return the pieces least likely to stand in a text: the longest, by their shortest."""
    some = [part for part in parts if part]
    return max(some, key=lambda part: (min(map(len, part)), -len(part)), default=None)
