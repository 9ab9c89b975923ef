"""Turns a text into tokens and its shape: one letter a token, which patterns can search.

"Posted on 22 January 2018" has the shape "P l d M y". A pattern for dates is then a short
regular expression over shapes, the same for all languages, and cannot run away.

The letters::

    d 0-99   t three digits   y a year   c eight digits   n any other number
    M month   m month or weekday   g month or "ago"   W weekday   Z weekday or zone   z zone
    f filler  k m, d or s  r range word  a "at"  h "o'clock"  p am, pm  l label
    P published  U updated  V "No."  A ago  u unit of time  q one  R today, …  J just now
    Y 年  N 月  D 日  H 時  I 分  S 秒  E era  T tháng   X other CJK  x other word
    ' ' blanks   ~ long dash   | bullet   $ currency, %   ? other sign   the rest: itself
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from aggregator.core.dates import names, words

_SIGNS = {
    "–—―～〜−": "~",
    "‐‑‒﹣": "-",
    "’‘ʼ′`´׳": "'",
    "、،": ",",
    "。": ".",
    "·•・‧∙●▪»«›‹¦": "|",
    "「『【〔〈《［｛": "(",
    "」』】〕〉》］｝": ")",
    "€£¥₽": "$",
}
_DIGITS = (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10)  # Arabic to full-width
_PLAIN = {ord(sign): plain for signs, plain in _SIGNS.items() for sign in signs}
_PLAIN |= {zero + i: str(i) for zero in _DIGITS for i in range(10)}
_PLAIN |= {0xFF01 + i: chr(0x21 + i) for i in range(0x5E) if 0xFF01 + i not in _PLAIN}
_PLAIN |= {0x130: "i"}  # "İ": str.lower makes two characters of it
_UNMARKED = str.maketrans("ıłđøðþ", "ildodt")

# Marks of direction and joiners, which say nothing about a date.
_INVISIBLE = dict.fromkeys((0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF))

LONGEST_ABBREVIATION = 3  # "st" is rather "1st" than a Czech Wednesday
_CJK = "\u2e80-\u9fff\uac00-\ud7a3"
_LETTERS = (
    "a-z\xb5\xc0-\xd6\xd8-\xf6\xf8-\u02af\u0300-\u037d\u037f-\u058f\u0591-\u05bd\u05bf-\u05f2"
    "\u0610-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u0963\u0970-\u0e3e"
    "\u0e40-\u0e4e\u0e5a-\u1fff"
)
_YEAR = re.compile("19..|20..|21..|25..|24[5-9].|26[0-3].")  # 2443 and on: Buddhist
TWO_DIGITS = 100
_NUMERALS = "〇零○一二三四五六七八九十廿卅元"


class Line(NamedTuple):
    """A text taken apart; `tokens[i]` has the class `shape[i]`."""

    text: str  # as written, composed; the tokens joined have the same length
    tokens: list[str]
    shape: str

    def written(self, start: int, end: int) -> str:
        """Return the text of tokens *start* to *end*, as written."""
        before = sum(map(len, self.tokens[:start]))
        return self.text[before : before + sum(map(len, self.tokens[start:end]))]


def composed(text: str, limit: int) -> str:
    """Return the first *limit* characters of *text*, marks joined to their letters."""
    text = text[:limit]
    return text if text.isascii() else unicodedata.normalize("NFC", text.translate(_INVISIBLE))


def take_apart(text: str) -> Line:
    """Return composed *text* as tokens and classes; the caller bounds its length."""
    plain = (text if text.isascii() else text.translate(_PLAIN)).lower()
    tokens = (_ASCII_TOKEN if plain.isascii() else _TOKEN).findall(plain)
    known = _CLASS.get
    return Line(text, tokens, "".join([known(token) or _classify(token) for token in tokens]))


def number(token: str) -> int:
    """Return the value of a number token, in digits or Chinese numerals."""
    if token.isascii():
        return int(token)
    if "十" in token or len(token) == 1:
        tens, ten, ones = token.rpartition("十")
        return (_digit(tens) if tens else 1) * 10 * bool(ten) + (_digit(ones) if ones else 0)
    return int("".join(str(_digit(sign)) for sign in token))


def _digit(sign: str) -> int:
    if sign == "元":
        return 1
    return max("〇一二三四五六七八九".find(sign[-1]), 0)


def unmarked(word: str) -> str:
    """Return *word* without marks, as people type it on the wrong keyboard."""
    parts = unicodedata.normalize("NFD", word)
    bare = "".join(part for part in parts if not "\u0300" <= part <= "\u036f")
    return unicodedata.normalize("NFC", bare).translate(_UNMARKED)


def _spellings(data: str) -> set[str]:
    listed = [word.replace("_", " ").translate(_PLAIN) for word in data.split()]
    return {*listed, *(other for word in listed for other in _also_written(word))}


def _also_written(word: str) -> tuple[str, str]:
    """Return *word* without marks, and as it is when written in capitals and made small again.

    "ΜΑΪ́" has a mark of its own: no sign is the capital of "ΐ".
    """
    return unmarked(word), unicodedata.normalize("NFC", word.upper()).lower()


def _by_value(table: dict[str, str]) -> dict[str, dict[str, int]]:
    """Return spelling -> language -> 1-based position; listed spellings come first."""
    exact: dict[str, dict[str, int]] = {}
    derived: dict[str, dict[str, int]] = {}
    for language, groups in table.items():
        for value, group in enumerate(groups.split("|"), 1):
            for listed in group.split():
                word = listed.replace("_", " ").translate(_PLAIN)
                exact.setdefault(word, {}).setdefault(language, value)
                for other in _also_written(word):
                    derived.setdefault(other, {}).setdefault(language, value)
    return derived | exact


MONTH_OF = _by_value(names.MONTHS)
WEEKDAY_OF = _by_value(names.WEEKDAYS)
UNITS = {word: unit for unit, data in words.UNITS.items() for word in _spellings(data)}
DAY_WORDS = {word: days for days, data in words.DAY_WORDS.items() for word in _spellings(data)}
ONES = frozenset(_spellings(words.ONE))
PM = frozenset(_spellings(words.PM))


def _classes() -> dict[str, str]:
    table: dict[str, str] = {}
    listed = (
        ("f", words.FILLERS),
        ("l", words.LABELS),
        ("u", " ".join(words.UNITS.values())),
        ("q", words.ONE),
        ("r", words.AND),
        ("a", words.AT),
        ("h", words.HOURS),
        ("z", " ".join(words.ZONES)),
        ("A", words.AGO),
        ("p", words.AM + " " + words.PM),
        ("P", words.PUBLISHED),
        ("U", words.UPDATED),
        ("V", words.NUMBERED),
        ("J", words.JUST_NOW),
        ("R", " ".join(words.DAY_WORDS.values())),
    )
    for letter, data in listed:
        table |= dict.fromkeys(_spellings(data), letter)
    for word in WEEKDAY_OF:
        if len(word) > LONGEST_ABBREVIATION or table.get(word) not in {"f", "r", "R"}:
            table[word] = "Z" if word in words.ZONES else "W"
    for word in MONTH_OF:
        both = {"W": "m", "A": "g"}
        table[word] = both.get(table.get(word, ""), "M")
    table |= dict.fromkeys("mdswy", "k") | {
        "a": "q",
        "an": "q",
        "h": "h",
        "t": "l",
        "z": "z",
        "y": "r",
    }
    table |= (
        dict.fromkeys("年년", "Y") | dict.fromkeys("月월", "N") | dict.fromkeys("日号號일", "D")
    )
    table |= (
        dict.fromkeys("時时시点點", "H") | dict.fromkeys("分분", "I") | dict.fromkeys("秒초", "S")
    )
    table |= dict.fromkeys(words.ERAS, "E") | {"tháng": "T", "thang": "T", "thg": "T"}
    table |= {str(i): "d" for i in range(100)} | {f"0{i}": "d" for i in range(10)}
    table |= {sign: sign for sign in ".,/-:'()|~+;"} | dict.fromkeys("$%=", "$")
    return table | {
        " ": " ",
        "\n": " ",
        "º": "f",
        "ª": "f",
        "°": "f",
        "@": "a",
        "[": "(",
        "]": ")",
        "#": "V",
    }


_CLASS = _classes()


def _token_pattern(phrases: list[str], letters: str, other: str) -> re.Pattern[str]:
    """Return the pattern of one token; names of several words come before words."""
    closed = f"{_any_of(phrases)}(?![{letters}])"
    return re.compile(rf"[0-9]+|{closed}|{other}[{letters}]+|\s+|.", re.DOTALL)


def _any_of(phrases: list[str]) -> str:
    """Return an alternation that tries the longest phrase first, one branch a letter."""
    branches: dict[str, list[str]] = {}
    for phrase in phrases:
        branches.setdefault(phrase[:1], []).append(phrase[1:])
    tails = [
        re.escape(first) + (_any_of(rest) if any(rest) else "")
        for first, rest in branches.items()
        if first
    ]
    grouped = tails[0] if len(tails) == 1 else f"(?:{'|'.join(tails)})"
    return f"(?:{grouped})?" if "" in branches else grouped


def _token_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of one token in ASCII text and in any text."""
    phrases = [name for name in _CLASS if not _PLAIN_TOKEN.fullmatch(name)]
    spaced = [phrase for phrase in phrases if phrase[0] < _FIRST_UNSPACED]
    unspaced = [phrase for phrase in phrases if phrase[0] >= _FIRST_UNSPACED]
    ascii_only = _token_pattern([phrase for phrase in spaced if phrase.isascii()], "a-z", "")
    starts = {phrase[0] for phrase in unspaced if phrase > "\u2e80"} | set(_NUMERALS)
    other = (
        f"(?=[{_FIRST_UNSPACED}-\uffff])(?:[{_NUMERALS}]{{1,5}}(?=[年月日])|{_any_of(unspaced)}"
        f"|(?:(?![{''.join(sorted(starts))}])[{_CJK}])+)|"
    )
    return ascii_only, _token_pattern(spaced, _LETTERS, other)


_FIRST_UNSPACED = "\u0e00"  # Thai and what comes after it: no blanks between words
_PLAIN_TOKEN = re.compile(f"[{_LETTERS}]+|[0-9]+|[\x00-\x7f]")
_ASCII_TOKEN, _TOKEN = _token_patterns()


def _named(letters: str) -> list[str]:
    return sorted(name for name, letter in _CLASS.items() if letter in letters)


def _word_of_a_date() -> re.Pattern[str]:
    """Return a pattern for what every text with a date but without a digit holds."""
    spaced = [name for name in _named("RJAg") if name < _FIRST_UNSPACED]
    unspaced = [name for name in _named("RJ") if name >= _FIRST_UNSPACED]
    starts = "".join(sorted({name[0] for name in spaced}))
    return re.compile(
        f"(?<![{_LETTERS}])(?=[{starts}]){_any_of(spaced)}(?![{_LETTERS}])|{_any_of(unspaced)}"
        f"|[{_NUMERALS}](?=[年月日])"
    )


_WORDLESS_DATE = re.compile(
    rf"\d\s?[./-]\s?\d|\d\s\d|\d{{8}}|\d\s?[{_FIRST_UNSPACED}-\uffff]|[{_FIRST_UNSPACED}-\uffff]\s?\d"
)
_WORD = re.compile(f"[{_LETTERS}]+")
_DATE_WORDS = frozenset(
    max(parts, key=len) for name in _named("MmgARJT") if (parts := _WORD.findall(name))
)
_WORD_OF_A_DATE = _word_of_a_date()
_DIGIT = re.compile(r"\d")
LONGEST_WORDS = 40  # a longer text without a digit is a sentence


def may_hold_date(text: str) -> bool:
    """Tell, fast, whether it is worth while to take *text* apart.

    A date has numbers side by side, or a number and one of the words that dates have, or
    it is short and has no number: "yesterday", "an hour ago".
    """
    if not _DIGIT.search(text):
        return len(text) <= LONGEST_WORDS and bool(_WORD_OF_A_DATE.search(text.lower()))
    if _WORDLESS_DATE.search(text):
        return True
    return not _DATE_WORDS.isdisjoint(_WORD.findall(text.replace("İ", "i").lower()))


def _classify(token: str) -> str:
    """Return the class of a token no table knows."""
    first = token[0]
    if "a" <= first < "\u2e80" and first.isalpha():
        return "x"
    if "0" <= first <= "9":
        return "y" if _YEAR.fullmatch(token) else {3: "t", 8: "c"}.get(len(token), "n")
    if first in _NUMERALS and number(token):
        return _classify(str(number(token)).zfill(3)) if number(token) >= TWO_DIGITS else "d"
    if first.isspace():
        return " "
    return "X" if first >= "\u2e80" else "?"
