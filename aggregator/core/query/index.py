"""Many queries against one document: what stands in it announces the few that may match.

Each query has anchors: words or pieces of text of which at least one stands in whatever it
matches. With an anchor goes what else must hold when it is there, mostly nothing or a NOT. So
the cost of a document grows with what it matches, not with the number of queries. See
docs/decisions/matching-many-topics.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import re2
from ahocorasick_rs import AhoCorasick

from aggregator.core.query.anchors import Anchor, Kind, anchors_of
from aggregator.core.query.document import TEXT, Document, Folded
from aggregator.core.query.evaluate import Test, compile_query
from aggregator.core.query.parse import regex_options
from aggregator.core.query.tree import Query, looks_elsewhere
from aggregator.core.query.words import FUZZY_TWICE, is_slip, slips, variants
from aggregator.model import Draft

# A query, and what must hold for it to match: words that must not be there, and the rest. Data
# where a function would do: of ten thousand topics each function is a miss of the CPU's cache.
Announced: TypeAlias = tuple[int, frozenset[str], Test | None]

MOST_SLIPS = 2  # of any word
LONG = FUZZY_TWICE - MOST_SLIPS  # letters; a shorter word is no slip of one that may have two
HEAD = 7  # letters of a word that slips are looked up by; two words that differ little do so there
MOST_WORDS = 50_000  # remembered; some 10 MB


class QueryIndex:
    """Finds which of its queries match a document."""

    def __init__(self, queries: Sequence[Query]) -> None:
        """Index *queries*, which hold no references to topics."""
        self._always: list[tuple[int, Test]] = []  # what nothing can announce
        self._elsewhere: set[int] = set()  # what looks at more than title and summary
        by_field: dict[str, list[tuple[Anchor, int]]] = defaultdict(list)
        for number, query in enumerate(queries):
            if looks_elsewhere(query):
                self._elsewhere.add(number)
            anchors = anchors_of(query)
            if anchors is None:
                self._always.append((number, compile_query(query)))
            for anchor in anchors or ():
                by_field[anchor.field].append((anchor, number))
        self._fields = [(name, _FieldIndex(anchors)) for name, anchors in by_field.items()]

    def match(self, document: Document) -> list[int]:
        """Return the numbers of the queries that match, in order."""
        found = {number for number, test in self._always if test(document)}
        known = document.text.known
        for name, index in self._fields:
            for announced in index.announced(document.field(name)):
                for number, absent, rest in announced:
                    if number not in found and absent.isdisjoint(known):  # noqa: SIM102
                        if rest is None or rest(document):
                            found.add(number)
        return sorted(found)

    @property
    def unannounced(self) -> set[int]:
        """The queries that nothing in a text announces, so that each is tried on every document."""
        nothing = Folded((" ",))
        return {number for number, _ in self._always}.union(
            number
            for _, index in self._fields
            for announced in index.announced(nothing)
            for number, *_ in announced
        )

    def may_match(self, title: str, summary: str) -> bool:
        """Tell whether a document may match of which no more is known than title and summary."""
        if self._always or any(name != TEXT for name, _ in self._fields):
            return True
        text = Folded((title, summary))
        found = [one for _, index in self._fields for some in index.announced(text) for one in some]
        document = Document(Draft(title=title, link=None, summary=summary)) if found else None
        return document is not None and any(
            absent.isdisjoint(text.known)
            and (rest is None or number in self._elsewhere or rest(document))
            for number, absent, rest in found
        )


class _FieldIndex:
    """Tells what a field announces."""

    def __init__(self, anchors: Sequence[tuple[Anchor, int]]) -> None:
        by_kind: dict[Kind, dict[str, list[Announced]]] = {kind: defaultdict(list) for kind in Kind}
        for anchor, number in anchors:
            by_kind[anchor.kind][anchor.text].append((number, anchor.absent, anchor.rest))
        self._of_word = _Words(by_kind[Kind.WORD], by_kind[Kind.PREFIX], by_kind[Kind.SLIP])
        self._pieces = _Pieces(by_kind[Kind.PIECE]) if by_kind[Kind.PIECE] else None
        self._regexes = _Regexes(by_kind[Kind.REGEX]) if by_kind[Kind.REGEX] else None

    def announced(self, field: Folded) -> list[Sequence[Announced]]:
        """Return what each word and piece of *field* announces."""
        found = list(filter(None, map(self._of_word.__getitem__, field.known)))
        if self._pieces:
            found += self._pieces.of(field.padded)
        if self._regexes:
            for value in field.values:
                found += self._regexes.of(value)
        return found


class _Words(dict[str, Sequence[Announced]]):
    """For each word of a text what it announces: by itself, as a beginning, as a slip.

    Worked out once, for news repeat their words; a look-up then costs no call.
    """

    def __init__(
        self,
        words: dict[str, list[Announced]],
        prefixes: dict[str, list[Announced]],
        misspelt: dict[str, list[Announced]],
    ) -> None:
        super().__init__()
        self._words, self._prefixes, self._misspelt = words, prefixes, misspelt
        self._sizes = sorted({len(prefix) for prefix in prefixes})
        self._meant: dict[str, list[str]] = defaultdict(list)  # by what is left of a word
        for word in misspelt:
            for left in variants(word[:HEAD], slips(len(word))):
                self._meant[left].append(word)

    def __missing__(self, word: str) -> Sequence[Announced]:
        if len(self) >= MOST_WORDS:
            self.clear()
        announced = list(self._words.get(word, ()))
        for size in self._sizes:
            if size <= len(word):
                announced += self._prefixes.get(word[:size], ())
        if self._meant:
            for wanted in self._meant_by(word):
                announced += self._misspelt[wanted]
        found = self[word] = tuple(announced)
        return found

    def _meant_by(self, word: str) -> set[str]:
        allowed = MOST_SLIPS if len(word) >= LONG else 1
        heads = variants(word[:HEAD], allowed)
        meant = {some for left in heads & self._meant.keys() for some in self._meant[left]}
        return {wanted for wanted in meant if is_slip(wanted, word)}


class _Pieces:
    """What pieces of text announce that need not begin or end where a word does."""

    def __init__(self, pieces: dict[str, list[Announced]]) -> None:
        self._announced = list(pieces.values())
        self._automaton = AhoCorasick(list(pieces))

    def of(self, text: str) -> Iterator[Sequence[Announced]]:
        hits = self._automaton.find_matches_as_indexes(text, overlapping=True)
        return map(self._announced.__getitem__, {hit[0] for hit in hits})


class _Regexes:
    """What a text announces that holds all that a regular expression cannot do without."""

    def __init__(self, patterns: dict[str, list[Announced]]) -> None:
        self._announced = list(patterns.values())
        self._filter: Any = re2.Filter()
        for pattern in patterns:
            self._filter.Add(pattern, regex_options())
        self._filter.Compile()

    def of(self, text: str) -> Iterator[Sequence[Announced]]:
        return map(self._announced.__getitem__, self._filter.Match(text, potential=True) or ())
