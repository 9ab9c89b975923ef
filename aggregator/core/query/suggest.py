"""Words and names that come with what a topic matches, and would add entries to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import log

from aggregator.core.query.document import BARRIER, Document
from aggregator.core.query.evaluate import compile_query
from aggregator.core.query.tree import TEXT_FIELDS, Query
from aggregator.core.text import word_places
from aggregator.model import Entry

LONGEST = 3  # words of a suggestion
LEAST_TOGETHER = 2  # matching entries that must hold it: once is chance
LEAST_SHARE = 0.1  # of the entries that hold it, those that match already; bench.topics
MOST_COMMON = 0.1  # of all entries: words like "the" and "said" neither begin nor end a phrase
LEAST_LIKELIHOOD = 10.83  # of G², chance in one of a thousand words
SHORTEST = 3  # letters of a suggested word
MOST_CANDIDATES = 20_000  # counted in the second pass; bounds the memory

_STOP = re.compile(r"[.,;:!?)(]\s")  # a phrase does not run over the end of a clause


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A word, name or phrase for a topic's ``any``."""

    text: str  # as it is mostly written
    together: int  # entries that match already and hold it
    adds: int  # entries that do not match yet and hold it
    likelihood: float  # G²: how far from chance it is that they come together
    is_name: bool  # mostly written with a capital


def suggest(
    entries: Callable[[], Iterable[Entry]],
    query: Query,
    *,
    document: Callable[[Entry], Document],
    limit: int = 20,
) -> tuple[Suggestion, ...]:
    """Suggest what to look for beside *query*, the likeliest first.

    Args:
        entries: Gives all entries; called twice.
        query: What the topic looks for now, without references to topics.
        document: Makes an entry one that queries see.
        limit: Suggestions at most.
    """
    test = compile_query(query)
    matching, everywhere, total = Counter[str](), Counter[str](), [0, 0]
    written: dict[str, Counter[str]] = {}
    for entry in entries():
        seen = document(entry)
        everywhere.update(seen.field("title").known | seen.field("summary").known)
        matches = test(seen)
        total[matches] += 1
        if matches:
            matching.update(set(terms(seen)))
            _note_writing(seen, written)
    common = {word for word, n in everywhere.items() if n > MOST_COMMON * sum(total)}
    often = {
        term: n
        for term, n in matching.most_common(MOST_CANDIDATES)
        if n >= LEAST_TOGETHER and _is_phrase(term, common, written.get(term))
    }
    others = Counter[str]()
    for entry in entries():
        seen = document(entry)
        here = often.keys() & set(terms(seen))
        if here and not test(seen):
            others.update(here)
    scored = [
        (likelihood(n, others[term], total[1], total[0]), term, n)
        for term, n in often.items()
        if others[term] and n / (n + others[term]) >= LEAST_SHARE
    ]
    best = sorted((one for one in scored if one[0] >= LEAST_LIKELIHOOD), reverse=True)
    return tuple(
        _suggestion(term, n, others[term], score, written.get(term, Counter()))
        for score, term, n in _distinct(best, others, limit)
    )


def terms(document: Document) -> Iterator[str]:
    """Yield the runs of up to three words in title and summary that may name something."""
    for name in TEXT_FIELDS:
        known = document.field(name).words
        for size in range(1, LONGEST + 1):
            for at in range(len(known) - size + 1):
                run = known[at : at + size]
                if BARRIER not in run and _may_name(run[0]) and _may_name(run[-1]):
                    yield " ".join(run)


def _is_phrase(term: str, common: set[str], written: Counter[str] | None) -> bool:
    """Tell whether *term* begins and ends with a word that says something, and is no break."""
    words = term.split()
    if words[1:] and not common.isdisjoint((words[0], words[-1])):
        return False
    return written is None or not _STOP.search(written.most_common(1)[0][0])


def _may_name(word: str) -> bool:
    return len(word) >= SHORTEST and not word.isdigit()


def likelihood(together: int, apart: int, matching: int, others: int) -> float:
    """Return the log-likelihood ratio G² of a term; 0 when it is rarer than by chance.

    Args:
        together: Matching entries that hold the term.
        apart: Other entries that hold it.
        matching: All matching entries.
        others: All other entries.

    See:
        Dunning, Accurate Methods for the Statistics of Surprise and Coincidence (1993)
    """
    share = (together + apart) / (matching + others)
    expected = (matching * share, others * share)
    if together <= expected[0]:
        return 0.0
    found = ((together, expected[0]), (apart, expected[1]))
    missed = (
        (matching - together, matching - expected[0]),
        (others - apart, others - expected[1]),
    )
    return 2 * sum(seen * log(seen / wanted) for seen, wanted in (*found, *missed) if seen)


def _distinct(
    best: list[tuple[float, str, int]], others: Counter[str], limit: int
) -> list[tuple[float, str, int]]:
    """Leave out what only repeats a longer or likelier one that adds the same entries."""
    kept: list[tuple[float, str, int]] = []
    for one in best:
        _, term, n = one
        same = [
            at
            for at, (_, other, m) in enumerate(kept)
            if (n, others[term]) == (m, others[other]) and (term in other or other in term)
        ]
        if not same:
            kept.append(one)
        elif len(term) > len(kept[same[0]][1]):
            kept[same[0]] = one
    return kept[:limit]


def _note_writing(document: Document, written: dict[str, Counter[str]]) -> None:
    """Remember how the words of a matching entry are written."""
    for name in TEXT_FIELDS:
        field = document.field(name)
        if len(field.values) != 1:
            continue
        text, places = field.values[0], word_places(field.values[0])
        for size in range(1, LONGEST + 1):
            for at in range(len(places) - size + 1):
                term = " ".join(field.words[at : at + size])
                raw = text[places[at][0] : places[at + size - 1][1]]
                if len(raw) < 2 * len(term) + LONGEST:
                    written.setdefault(term, Counter())[raw] += 1


def _suggestion(
    term: str, together: int, adds: int, score: float, written: Counter[str]
) -> Suggestion:
    text = written.most_common(1)[0][0] if written else term
    return Suggestion(
        text=" ".join(text.split()),
        together=together,
        adds=adds,
        likelihood=score,
        is_name=text[:1].isupper(),
    )
