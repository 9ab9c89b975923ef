"""Valid documents and what may become of them on their way: cut, doubled, nested, swapped, recoded.

What comes from outside is nearly right far more often than it is noise, and what is nearly right
gets further into a parser. So every test here begins with a document that is right.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence

from hypothesis import settings
from hypothesis import strategies as st

LONGEST = 60_000  # bytes of what comes out; what is larger is bounded by other means
MOST_CHANGES = 6
IN_CI = 100  # examples a test


def examples(share: float) -> settings:
    """Return settings for so many times as many examples as other tests have.

    They are the same in every run, so that no landing finds what it did not change; the
    profile ``many`` looks further each time.
    """
    usual = settings().max_examples
    return settings(max_examples=max(10, int(share * usual)), derandomize=usual <= IN_CI)


THOROUGH = examples(3)

CHARSETS = (
    "utf-16",
    "utf-16-be",
    "utf-32",
    "utf-8-sig",
    "latin-1",
    "cp1251",
    "shift_jis",
    "gb18030",
)
TOKENS = (
    *(b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc3", "\u202e\u2028".encode()),
    *(
        b"&#0;",
        b"&#xD800;",
        b"&#x110000;",
        b"&a;",
        b"&",
        b"&amp;lt;",
        b"]]>",
        b"<![CDATA[",
        b"<!--",
    ),
    *(
        b"<!DOCTYPE a [<!ENTITY a 'b'>]>",
        b"<?xml version='1.0' encoding='utf-7'?>",
        b"<",
        b">",
        b"/>",
    ),
    *(
        b"<template>",
        b"<svg>",
        b"<script>",
        b"<plaintext>",
        b"</ul>",
        b"</li>",
        b"<table><a>",
        b"<p ",
    ),
    *(
        b'"',
        b"'",
        b"\\",
        b"\\ud800",
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b"- ",
        b"\n",
        b"\r",
        b"\t",
        b"# ",
    ),
    *(b"${HOME}", b"${", b"&x", b"*x", b"<<", b"!!python/object:os.system", b"%", b"%00", b"%ff"),
    *(b"javascript:alert(1)", b"http://[", b"http://[::1]:99999/", b"//", b"..", b"\xe2\x80\xae"),
    *(b"0", b"-1", b"9" * 40, b"1e999", b"NaN", b"null", b"true", b"\xd9\xa1\xd9\xa2", b"A" * 5000),
)

# Where and how much, as shares of what is there; which token, or how often.
Numbers = tuple[float, float, int]
Change = Callable[[bytes, Numbers], bytes]


def _slice(body: bytes, numbers: Numbers) -> tuple[int, int]:
    at = int(numbers[0] * len(body))
    return at, at + 1 + int(numbers[1] ** 3 * (len(body) - at))


def _cut(body: bytes, numbers: Numbers) -> bytes:
    return body[: _slice(body, numbers)[0]]


def _drop(body: bytes, numbers: Numbers) -> bytes:
    start, end = _slice(body, numbers)
    return body[:start] + body[end:]


def _double(body: bytes, numbers: Numbers) -> bytes:
    start, end = _slice(body, numbers)
    return body[:end] + body[start:end] * (1 + numbers[2] % 4) + body[end:]


def _repeat(body: bytes, numbers: Numbers) -> bytes:
    """Say something short very often: depth, when it opens what nothing closes."""
    start, end = _slice(body, numbers)
    some = body[start : min(end, start + 40)]
    return body[:start] + some * (numbers[2] % 300) + body[start:]


def _swap(body: bytes, numbers: Numbers) -> bytes:
    start, end = _slice(body, numbers)
    return body[:start] + body[start:end][::-1] + body[end:]


def _insert(body: bytes, numbers: Numbers) -> bytes:
    start, _ = _slice(body, numbers)
    return body[:start] + TOKENS[numbers[2] % len(TOKENS)] + body[start:]


def _replace(body: bytes, numbers: Numbers) -> bytes:
    start, end = _slice(body, numbers)
    return body[:start] + TOKENS[numbers[2] % len(TOKENS)] + body[end:]


def _change_byte(body: bytes, numbers: Numbers) -> bytes:
    start, _ = _slice(body, numbers)
    return body[:start] + bytes([numbers[2] % 256]) + body[start + 1 :]


def _escape(body: bytes, numbers: Numbers) -> bytes:
    start, end = _slice(body, numbers)
    escaped = body[start:end].replace(b"&", b"&amp;").replace(b"<", b"&lt;")
    return body[:start] + escaped + body[end:]


def _recode(body: bytes, numbers: Numbers) -> bytes:
    charset = CHARSETS[numbers[2] % len(CHARSETS)]
    return body.decode("utf-8", "replace").encode(charset, "replace")


def _compress(body: bytes, _: Numbers) -> bytes:
    return gzip.compress(body, 1, mtime=0)


SMALL: tuple[Change, ...] = (
    *(_cut, _drop, _double, _repeat, _swap, _insert, _replace, _change_byte, _escape),
)
WHOLE: tuple[Change, ...] = (_recode, _compress)

_SHARES = st.floats(0, 1, exclude_max=True)
_NUMBERS = st.tuples(_SHARES, _SHARES, st.integers(0, 2**16))


@st.composite
def mutated(draw: st.DrawFn, seeds: Sequence[bytes]) -> bytes:
    """Draw one of *seeds* with a few changes to it; sometimes bytes of no sense at all."""
    body = draw(st.sampled_from(list(seeds)))
    changes = draw(st.lists(st.tuples(st.sampled_from(SMALL), _NUMBERS), max_size=MOST_CHANGES))
    for change, numbers in changes:
        body = change(body, numbers)[:LONGEST]
    if draw(st.integers(0, 9)) == 0:
        body = draw(st.sampled_from(WHOLE))(body, draw(_NUMBERS))
    return body


def mutated_text(*seeds: str) -> st.SearchStrategy[str]:
    """Draw one of *seeds* with a few changes to it, as text."""
    return mutated([seed.encode() for seed in seeds]).map(
        lambda body: body.decode("utf-8", "replace")
    )
