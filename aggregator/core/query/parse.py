"""Read the query language; what makes no sense is refused with its column.

query   = all { ("OR" | "|") all }
all     = one { ["AND"] one }
one     = ("NOT" | "-") one | near
near    = part { "NEAR/"n part }
part    = "(" query ")" | field ":" part | phrase | regex | word
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import re2
from rapidfuzz import process

from aggregator.core.query.tokens import Token, tokenize
from aggregator.core.query.tree import (
    DATE_FIELDS,
    FIELDS,
    TOPIC_FIELD,
    And,
    Field,
    Form,
    Near,
    Not,
    Or,
    Phrase,
    Published,
    Query,
    Regex,
    TopicRef,
    Word,
    depth,
    told,
)
from aggregator.core.text import words
from aggregator.errors import QueryError

MAX_LENGTH = 20_000  # characters of a query, also with each NEAR between groups written out
MAX_DEPTH = 100  # of what stands in something else; Python itself ends at some 150
MAX_DISTANCE = 1_000
PREFIX_LEAST = 3  # letters before a star

_PAIR = 25  # characters: brackets, NEAR/1000 and AND around two words
_NEAR = re.compile(r"NEAR(?:/(.*))?$")
_NOT_A_MINUS = "!–—−"  # what is typed for a minus and is none
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")
_KNOWN = (*FIELDS, *DATE_FIELDS, TOPIC_FIELD)


def parse(text: str) -> Query:
    """Return the query that *text* says.

    Raises:
        QueryError: It makes no sense; the message says what to write instead.

    >>> parse('"oil spill"~ OR /mina/')
    Or(queries=(Phrase(words=('oil', 'spill'), fuzzy=True), Regex(pattern='mina')))
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(f"a query has at most {MAX_LENGTH} characters", column=MAX_LENGTH)
    tokens = tokenize(text)
    if not tokens:
        raise QueryError("the query is empty; write at least one word", column=1)
    parser = _Parser(tokens, end=len(text) + 1)
    query = parser.any_of()
    left = parser.peek()
    if left is not None:
        raise QueryError("this bracket closes nothing; is one missing before?", column=left.column)
    return query


class _Parser:
    """Recursive descent over tokens."""

    def __init__(self, tokens: list[Token], *, end: int) -> None:
        self._tokens = tokens
        self._at = 0
        self._end = end
        self._depth = 0

    def peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def any_of(self) -> Query:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QueryError(
                f"brackets are nested more than {MAX_DEPTH} deep", column=self._column()
            )
        parts = [self._all_of()]
        while self._is("or") or self._is_word("OR"):
            self._at += 1
            parts.append(self._all_of())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else self._bounded(Or(queries=tuple(parts)))

    def _all_of(self) -> Query:
        parts = [self._one()]
        while (token := self.peek()) is not None:
            if self._is_word("AND"):
                self._at += 1
            elif token.text == ")" or self._is("or") or self._is_word("OR"):
                break
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else self._bounded(And(queries=tuple(parts)))

    def _one(self) -> Query:
        negations = 0
        while self._is("minus") or self._is_word("NOT"):
            self._at += 1
            negations += 1
        query = self._near()
        for _ in range(negations):
            query = self._bounded(Not(query=query))
        return query

    def _near(self) -> Query:
        query = self._part()
        while (token := self.peek()) and token.kind == "word" and _NEAR.match(token.text):
            self._at += 1
            distance = _distance(token)
            right = self._part()
            query = self._bounded(_near(query, right, distance=distance, column=token.column))
        return query

    def _part(self) -> Query:
        token = self.peek()
        if token is None:
            before = self._tokens[-1].text
            raise QueryError(f"something must follow {before!r}", column=self._end)
        self._at += 1
        match token.kind:
            case "bracket" if token.text == "(":
                return self._group(token)
            case "phrase":
                return _phrase(token)
            case "regex":
                return _regex(token)
            case "field":
                return self._field(token)
            case "word" if token.text not in {"AND", "OR", "NOT"} and not _NEAR.match(token.text):
                return _word(token)
            case _:
                raise QueryError(_no_operand(token), column=token.column)

    def _group(self, opening: Token) -> Query:
        if (token := self.peek()) and token.text == ")":
            raise QueryError("these brackets are empty; write a word inside", column=opening.column)
        query = self.any_of()
        closing = self.peek()
        if closing is None or closing.text != ")":
            raise QueryError("this bracket is not closed; add )", column=opening.column)
        self._at += 1
        return query

    def _field(self, token: Token) -> Query:
        name = token.text.lower()
        if name in DATE_FIELDS:
            return self._published(token, name)
        if name == TOPIC_FIELD:
            topic = self._value(token)
            return TopicRef(name=topic.text, column=topic.column)
        if name not in FIELDS:
            meant = process.extractOne(name, _KNOWN, score_cutoff=75)
            hint = f"did you mean {meant[0]}:?" if meant else f"fields are {', '.join(_KNOWN)}"
            raise QueryError(
                f'there is no field {token.text}: ; {hint} (a text goes in quotes: "…")',
                column=token.column,
            )
        self._adjacent(token)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QueryError("too many fields in fields", column=token.column)
        query = self._part()
        self._depth -= 1
        return self._bounded(Field(name=name, query=query))

    def _published(self, token: Token, name: str) -> Query:
        value = self._value(token)
        day = _day(value.text)
        if day is None:
            raise QueryError(f"{name}: needs a day such as {name}:2018-01-22", column=value.column)
        return Published(before=name == "before", day=day)

    def _value(self, field: Token) -> Token:
        token = self._adjacent(field)
        if token.kind not in {"word", "phrase"} or not token.text.strip():
            raise QueryError(f"{field.text}: needs a value", column=field.column)
        self._at += 1
        return token

    def _adjacent(self, field: Token) -> Token:
        """Return what follows *field* with no blank between."""
        token = self.peek()
        end = field.column + len(field.text) + 1
        if token is None or token.column != end or token.text in {")", "|"}:
            raise QueryError(
                f"{field.text}: needs a value right after the colon; "
                f'to look for the word itself, write "{field.text}"',
                column=field.column,
            )
        return token

    def _is(self, kind: str) -> bool:
        token = self.peek()
        return token is not None and token.kind == kind

    def _is_word(self, text: str) -> bool:
        token = self.peek()
        return token is not None and token.kind == "word" and token.text == text

    def _bounded(self, query: Query) -> Query:
        """Return *query* unless it is nested too deep: all that looks into it calls itself."""
        if depth(query) > MAX_DEPTH:
            raise QueryError(
                f"the query is nested more than {MAX_DEPTH} deep", column=self._column()
            )
        return query

    def _column(self) -> int:
        token = self.peek()
        return token.column if token else self._end


def _day(text: str) -> date | None:
    """Return a day; of a month or a year its first."""
    match = _DAY.match(text)
    try:
        return date(*map(int, match.groups(default="1"))) if match else None
    except ValueError:
        return None


def _no_operand(token: Token) -> str:
    if token.text.startswith("NEAR"):
        return "NEAR needs a word to its left and to its right"
    if token.text == ")":
        return "this bracket closes nothing, or something is missing before it"
    return f"{token.text} needs a word on both sides; in small letters it is a word itself"


def _distance(token: Token) -> int:
    match = _NEAR.match(token.text)
    number = match[1] if match else None
    if not number or not number.isdecimal() or not 0 < int(number[:9]) <= MAX_DISTANCE:
        raise QueryError(f"write NEAR/5: a distance from 1 to {MAX_DISTANCE}", column=token.column)
    return int(number)


def _near(left: Query, right: Query, *, distance: int, column: int) -> Query:
    """Return NEAR; an AND on one side means that each of its parts is near.

    Raises:
        QueryError: A side is no word, phrase or group of them, or there are too many pairs.
    """
    for side in (left, right):
        if not _is_near_able(side):
            raise QueryError(
                "NEAR stands between words, phrases and groups of them;"
                " a field goes around it: title:(a NEAR/3 b)",
                column=column,
            )
    lefts, rights = list(_near_parts(left)), list(_near_parts(right))
    pairs = len(lefts) * len(rights)
    sizes = [sum(len(told(part)) for part in parts) for parts in (lefts, rights)]
    written_out = sizes[0] * len(rights) + sizes[1] * len(lefts) + _PAIR * pairs
    if pairs > 1 and written_out > MAX_LENGTH:
        raise QueryError(
            f"an AND beside NEAR means each of its parts: {pairs:,} pairs, which are more than"
            f" {MAX_LENGTH:,} characters",
            column=column,
        )
    return _spread(left, right, distance=distance)


def _spread(left: Query, right: Query, *, distance: int) -> Query:
    """Put NEAR between all that is to be near."""
    if isinstance(left, And | Or) and _has_and(left):
        made = (_spread(one, right, distance=distance) for one in left.queries)
        return replace(left, queries=tuple(made))
    if isinstance(right, And | Or) and _has_and(right):
        made = (_spread(left, one, distance=distance) for one in right.queries)
        return replace(right, queries=tuple(made))
    return Near(left=left, right=right, distance=distance)


def _near_parts(query: Query) -> Iterator[Query]:
    """Yield what of *query* NEAR is put between."""
    if isinstance(query, And | Or) and _has_and(query):
        for part in query.queries:
            yield from _near_parts(part)
    else:
        yield query


def _has_and(query: Query) -> bool:
    match query:
        case And():
            return True
        case Or():
            return any(map(_has_and, query.queries))
        case _:
            return False


def _is_near_able(query: Query) -> bool:
    match query:
        case Word() | Phrase():
            return True
        case And() | Or():
            return all(_is_near_able(part) for part in query.queries)
        case Near():
            return True
        case _:
            return False


def _phrase(token: Token) -> Query:
    found = words(token.text)
    if not found:
        raise QueryError("these quotes hold no word", column=token.column)
    if len(found) == 1 and token.mark == "~":
        return Word(word=found[0], form=Form.FUZZY)
    return Phrase(words=found, fuzzy=token.mark == "~")


def _regex(token: Token) -> Query:
    pattern = token.text.replace("\\/", "/")
    try:
        compile_regex(pattern)
    except (re2.error, UnicodeEncodeError) as error:
        reason = error.args[0]
        detail = reason.decode(errors="replace") if isinstance(reason, bytes) else str(error)
        raise QueryError(
            f"not a regular expression (RE2): {detail}", column=token.column
        ) from error
    return Regex(pattern=pattern)


def compile_regex(pattern: str) -> Any:
    """Return *pattern* compiled: any case, linear time, bounded memory.

    Raises:
        re2.error: It is no regular expression of RE2, or too large.
    """
    return re2.compile(pattern, regex_options())


def regex_options() -> Any:
    """Return how RE2 is to take every pattern."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 1 << 20
    return options


def _word(token: Token) -> Query:
    text = token.text
    mark = text[-1] if text[-1] in "=*~" else ""
    body = text[:-1] if mark else text
    _refuse_signs(body, mark, token.column)
    found = words(body)
    if not found:
        raise QueryError(f"{text!r} holds no letter or digit to look for", column=token.column)
    if mark == "*" and len(found) > 1:
        raise QueryError("a star follows one plain word", column=token.column)
    if mark == "*" and len(found[0]) < PREFIX_LEAST:
        raise QueryError("at least three letters before a star", column=token.column)
    if len(found) > 1:
        return Phrase(words=found, fuzzy=mark == "~")
    forms = {"=": Form.EXACT, "*": Form.PREFIX, "~": Form.FUZZY}
    return Word(word=found[0], form=forms.get(mark, Form.LIGHT))


def _refuse_signs(body: str, mark: str, column: int) -> None:
    """Refuse what other query languages write and this one would take for something else."""
    if body[:1] in _NOT_A_MINUS and body:
        raise QueryError(f"{body[0]!r} means nothing here; write NOT or -", column=column)
    star, slip = body.find("*"), body.find("~")
    if star >= 0 or (mark == "*" and not body):
        raise QueryError(
            "a star stands at the end of a word, after three letters or more",
            column=column + max(star, 0),
        )
    if slip >= 0:
        raise QueryError("~ is the last sign of a word, with nothing after", column=column + slip)
    if mark and body.endswith("="):
        raise QueryError("one sign after a word is enough", column=column + len(body))
