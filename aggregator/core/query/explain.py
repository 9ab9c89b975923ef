"""Why an entry matches a query or does not: the query again, with what became of each part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from rapidfuzz import fuzz, process

from aggregator.core.query.document import BARRIER, Document, Folded
from aggregator.core.query.evaluate import compile_query
from aggregator.core.query.parse import compile_regex
from aggregator.core.query.places import compile_places
from aggregator.core.query.tree import (
    TEXT_FIELDS,
    And,
    Field,
    Near,
    Not,
    Or,
    Phrase,
    Published,
    Query,
    Regex,
    TopicRef,
    Word,
    told,
)
from aggregator.core.query.words import is_unspaced
from aggregator.core.text import fold, word_places

ALIKE = 75.0  # of 100: "bamba" is worth a hint beside "bambas", "dam" beside "dame" is not


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in an entry something was found."""

    field: str
    text: str  # of the field, or of one of its values
    start: int  # characters of it
    end: int

    def quoted(self, around: int = 40) -> str:
        """Return the place with the words around it, marked «so»."""
        before, after = self.text[: self.start], self.text[self.end :]
        if len(before) > around:
            before = "…" + before[-around:].partition(" ")[2]
        if len(after) > around:
            after = after[:around].rpartition(" ")[0] + "…"
        return " ".join(f"{before}«{self.text[self.start : self.end]}»{after}".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What became of a query, or of a part of it, on one entry."""

    query: Query
    matches: bool
    places: tuple[Place, ...] = ()  # of a word, phrase, NEAR or regex
    parts: tuple[Explanation, ...] = ()  # of AND, OR, NOT and fields
    alike: str = ""  # a word of the entry that may have been meant, when a word is missing

    def lines(self, depth: int = 0) -> Iterator[str]:
        """Yield the explanation for a person, a line a part."""
        mark = "✓" if self.matches else "✗"
        indent = "  " * depth
        match self.query:
            case And() | Or():
                yield from self._group_lines(f"{indent}{mark} ", depth)
            case Not():
                yield f"{indent}{mark} {told(self.query)}"
                if not self.matches:
                    yield from self.parts[0].lines(depth + 1)
            case Field() if self.parts[0].parts:
                yield f"{indent}{mark} in {self.query.name}:"
                yield from self.parts[0].lines(depth + 1)
            case Field():
                yield f"{indent}{mark} {told(self.query)}{self.parts[0].findings()}"
            case _:
                yield f"{indent}{mark} {told(self.query)}{self.findings()}"

    def _group_lines(self, start: str, depth: int) -> Iterator[str]:
        shown = [part for part in self.parts if part.matches or isinstance(self.query, And)]
        if not shown:
            yield f"{start}none of: {told(self.query)}"
            hints = [f"{told(part.query)}{part.findings()}" for part in self.parts if part.alike]
            yield from ("  " * (depth + 1) + hint for hint in hints)
            return
        yield f"{start}{'all of' if isinstance(self.query, And) else 'one of'}:"
        for part in shown:
            yield from part.lines(depth + 1)

    def findings(self) -> str:
        """Return where it was found, or what may have been meant, for the end of a line."""
        if self.places:
            found = (f"{place.field}: {place.quoted()}" for place in self.places[:3])
            return "   " + "; ".join(found)
        return f"   (there is {self.alike!r})" if self.alike else ""


def explain(
    query: Query, document: Document, *, fields: Sequence[str] = TEXT_FIELDS
) -> Explanation:
    """Tell what became of *query* and each of its parts on *document*."""
    match query:
        case And():
            parts = tuple(explain(part, document, fields=fields) for part in query.queries)
            return Explanation(query=query, matches=all(p.matches for p in parts), parts=parts)
        case Or():
            parts = tuple(explain(part, document, fields=fields) for part in query.queries)
            return Explanation(query=query, matches=any(p.matches for p in parts), parts=parts)
        case Not():
            part = explain(query.query, document, fields=fields)
            return Explanation(query=query, matches=not part.matches, parts=(part,))
        case Field():
            part = explain(query.query, document, fields=(query.name,))
            return Explanation(query=query, matches=part.matches, parts=(part,))
        case Published() | TopicRef():
            return Explanation(query=query, matches=compile_query(query)(document))
        case Regex() | Word() | Phrase() | Near():
            places = tuple(place for name in fields for place in _found(query, document, name))
            alike = "" if places else _alike(query, document, fields)
            return Explanation(query=query, matches=bool(places), places=places, alike=alike)
        case _:
            assert_never(query)


def marks(query: Query, document: Document) -> dict[str, tuple[tuple[int, int], ...]]:
    """Return what a page may mark in title and summary: characters from, to (not included).

    In order, none overlapping; only what makes the entry match, so nothing when it does not.

    >>> from aggregator.core.query.parse import parse
    >>> from aggregator.model import Draft
    >>> entry = Draft(title="New mines at Las Bambas", link=None)
    >>> marks(parse('mine OR "las bambas"'), Document(entry))
    {'title': ((4, 9), (13, 23))}
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for place in reasons(explain(query, document)):
        if place.field in TEXT_FIELDS and place.start < place.end:
            found.setdefault(place.field, []).append((place.start, place.end))
    return {field: _joined(sorted(spans)) for field, spans in found.items()}


def reasons(explanation: Explanation) -> Iterator[Place]:
    """Yield every place that makes an entry match."""
    if explanation.matches and not isinstance(explanation.query, Not):
        yield from explanation.places
        for part in explanation.parts:
            yield from reasons(part)


def _joined(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _found(query: Regex | Word | Phrase | Near, document: Document, name: str) -> Iterator[Place]:
    if isinstance(query, Regex):
        pattern = compile_regex(query.pattern)
        for text in document.field(name).values:
            for match in pattern.finditer(text):
                yield Place(field=name, text=text, start=match.start(), end=match.end())
        return
    field = document.field(name)
    spans = compile_places(query)(field)
    if not spans:
        return
    where = _word_places(field)
    for first, end in spans:
        (text, start, _), (_, _, stop) = where[first], where[end - 1]
        yield _narrowed(query, Place(field=name, text=text, start=start, end=stop))


def _word_places(field: Folded) -> list[tuple[str, int, int]]:
    """Return for each word of *field* the value it stands in, and where."""
    found: list[tuple[str, int, int]] = []
    for at, text in enumerate(field.values):
        if at:
            found.append((BARRIER, 0, 0))
        found.extend((text, start, end) for start, end in word_places(text))
    return found


def _narrowed(query: Word | Phrase | Near, place: Place) -> Place:
    """Cut a run of a script without blanks down to the word that was looked for."""
    if not isinstance(query, Word) or not is_unspaced(query.word):
        return place
    raw = place.text[place.start : place.end]
    at = fold(raw).find(query.word)
    if at < 0 or len(fold(raw)) != len(raw):
        return place
    start = place.start + at
    return Place(field=place.field, text=place.text, start=start, end=start + len(query.word))


def _alike(query: Query, document: Document, fields: Sequence[str]) -> str:
    if not isinstance(query, Word | Phrase):
        return ""
    wanted = query.word if isinstance(query, Word) else " ".join(query.words)
    size = wanted.count(" ") + 1
    runs = {
        " ".join(run)
        for name in fields
        for known in [document.field(name).words]
        for run in (known[at : at + size] for at in range(len(known) - size + 1))
        if BARRIER not in run
    }
    best = process.extractOne(wanted, sorted(runs), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return best[0] if best else ""
