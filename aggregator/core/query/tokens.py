"""Take a query into its pieces."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aggregator.errors import QueryError

_TOKEN = re.compile(
    r"""(?P<blank>\s+)
    | (?P<bracket>[()])
    | (?P<or>\|)
    | (?:"(?P<phrase>[^"]*)" | [“”„«](?P<curly>[^"“”„«»]*)[“”»])(?P<mark>[~=]?)
    | (?P<open>["“”„«])
    | /(?P<regex>(?:[^/\\]|\\.)+)/
    | (?P<slash>/)
    | (?P<field>[^\W\d_]+):
    | (?P<minus>-)(?=[^\s)|])
    | (?P<word>[^\s()|"“”„«]+)
    """,
    re.VERBOSE,
)
_ADDRESS = re.compile(r"(?P<word>[^\s()|\"/][^\s()|\"]*)")  # after url: it may hold a colon
_ENDS_PART = re.compile(r"[\s()|]|$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A piece of a query: what it is, its text, where it starts (columns from 1)."""

    kind: str
    text: str
    column: int
    mark: str = ""


def tokenize(text: str) -> list[Token]:
    """Take *text* into pieces.

    Raises:
        QueryError: A quote is not closed.
    """
    tokens: list[Token] = []
    at = 0
    while match := _next(text, at, after=tokens[-1:]):
        kind = str(match.lastgroup)
        if kind in _UNCLOSED:
            raise QueryError(_UNCLOSED[kind], column=at + 1)
        if kind == "mark":
            value = match["phrase"] if match["phrase"] is not None else match["curly"]
            tokens.append(Token(kind="phrase", text=value, column=at + 1, mark=match["mark"]))
        elif kind != "blank":
            tokens.append(Token(kind=kind, text=match[kind], column=at + 1))
        at = match.end()
        if kind in {"mark", "regex"} and not _ENDS_PART.match(text, at):
            raise QueryError(
                "a blank is missing here; flags and numbers mean nothing", column=at + 1
            )
    return tokens


_UNCLOSED = {
    "open": 'a quote is not closed; add "',
    "slash": 'a regular expression is not closed; add /, or put the text in quotes: "…"',
}


def _next(text: str, at: int, *, after: list[Token]) -> re.Match[str] | None:
    if after and after[0].kind == "field" and after[0].text.lower() == "url":
        return _ADDRESS.match(text, at) or _TOKEN.match(text, at)
    return _TOKEN.match(text, at)
