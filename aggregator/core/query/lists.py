"""``any``, ``all`` and ``none``: lists that stand for a query."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aggregator.core.query.parse import parse
from aggregator.core.query.tokens import tokenize
from aggregator.core.query.tree import And, Not, Or, Phrase, Query, Word
from aggregator.core.text import words
from aggregator.errors import QueryError


def query_of(
    *,
    any: Sequence[str],  # noqa: A002 -- the words of config.yaml
    all: Sequence[str],  # noqa: A002
    none: Sequence[str],
    query: str,
    name: str,
) -> str:
    """Return the one query that a topic's lists and its query mean together.

    Each entry of a list may itself be a query; several plain words are a phrase. A topic that
    has nothing but its name looks for that.

    >>> query_of(any=["Las Bambas", "MMG="], all=[], none=["football"], query="", name="x")
    '("Las Bambas" OR MMG=) AND NOT football'
    """
    parts = []
    wanted = [_part(text) for text in any] + ([f"({query})"] if query.strip() else [])
    if len(wanted) > 1:
        parts.append(f"({' OR '.join(wanted)})")
    else:
        parts += wanted
    parts += [_part(text) for text in all]
    if not parts:
        parts.append(_part(" ".join(words(name)) or name))
    parts += [f"NOT {_part(text)}" for text in none]
    return " AND ".join(parts)


def _part(text: str) -> str:
    """Return a list's entry as a part of a query: a phrase, a word, or a query in brackets."""
    text = text.strip()
    if is_phrase(text):
        return f'"{text}"'
    return f"({text})" if len(text.split()) > 1 else text


def is_phrase(text: str) -> bool:
    """Tell whether a list's entry is several plain words, or one beside signs that say nothing."""
    found = words(text)
    several = bool(found) and (len(found) > 1 or len(text.split()) > 1)
    return several and not _any_operator(text)


def _any_operator(text: str) -> bool:
    """Tell whether *text* is more than plain words."""
    try:
        tokens = tokenize(text)
    except QueryError:
        return True
    return any(
        token.kind != "word"
        or token.text in {"AND", "OR", "NOT"}
        or token.text.startswith("NEAR/")
        or token.text[-1] in "=*~"
        for token in tokens
    )


_OPERATOR = re.compile(r"(?:and|or|not|near/\d+)$", re.IGNORECASE)


def warnings_of(text: str, *, name: str) -> tuple[str, ...]:
    """Return what is allowed in a query and yet probably not meant."""
    query = parse(text)
    found = [
        f"{token.text!r} in small letters is a word, not an operator"
        for token in tokenize(text)
        if token.kind == "word" and _OPERATOR.match(token.text) and not token.text.isupper()
    ]
    if _is_negative(query):
        found.append("the query only says what must not be there, so it matches nearly everything")
    if isinstance(query, Phrase | Word) and words(text) == words(name):
        found.append(
            "the query is only the topic's name, which finds a third to a half of what belongs"
            " there; see: aggregator topic suggest"
        )
    return tuple(found)


def _is_negative(query: Query) -> bool:
    match query:
        case Not():
            return True
        case And():
            return all(map(_is_negative, query.queries))
        case Or():
            return any(map(_is_negative, query.queries))
        case _:
            return False
