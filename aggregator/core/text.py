"""What text is to us: clean, cut, folded, taken apart into words."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

# XML 1.0 section 2.2 allows no other characters, however they are escaped; one of them
# in one title would cost the whole feed. It allows C1 controls, but advises against them:
# they are windows-1252 read as Latin-1, and no reader shows them. What turns the direction
# of text round goes too: unbalanced, it mirrors whatever a reader shows beside it.
_FORBIDDEN = re.compile(
    "[^\t\n\r -~\u0085\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]"
)
_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")
# Scripts without blanks between words: Thai, Lao, Burmese, Khmer, Chinese, Japanese; and
# Korean, whose particles are written onto the word.
UNSPACED = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u312f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
# Vowel signs of Indic scripts are marks, and yet part of the word.
_INDIC = "\u0900-\u0963\u0966-\u0df3"
# Accents; the optional points of Hebrew and Arabic; and what only joins or breaks lines,
# such as the soft hyphen.
_MARKS = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u00ad\u200c-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_APOSTROPHES = dict.fromkeys(map(ord, "`´‘’‛ʹʻʼˈ′‵ꞌ＇"), "'")
_POSSESSIVE = re.compile(r"'(?<=\w')s(?!\w)")  # begins with what is rare: ten times quicker
_ELISION = re.compile(r"\b[dl]'(?=\w)")
_WORD = re.compile(rf"[{UNSPACED}]+|(?:(?![{UNSPACED}])(?:[^\W_]|[{_INDIC}]))+")
_SHORT_RUN = 8  # characters


def legal(text: str) -> str:
    r"""Return *text* without what XML forbids or turns text round; nothing else changes.

    >>> legal("a\x00\ud800\x92 \n b")
    'a \n b'
    """
    return _FORBIDDEN.sub("", text)


def clean(text: str) -> str:
    r"""Return *text* without what XML forbids, on one line, blanks folded.

    >>> clean("  a\x00b \n c ")
    'ab c'
    """
    return " ".join(legal(text).split())


def clean_paragraphs(text: str) -> str:
    r"""Return *text* cleaned, a blank line between its paragraphs.

    >>> clean_paragraphs("one\ntwo \n\n\n three")
    'one two\n\nthree'
    """
    paragraphs = (clean(part) for part in _PARAGRAPHS.split(text))
    return "\n\n".join(part for part in paragraphs if part)


def cut(text: str, limit: int) -> str:
    """Return *text*, at most *limit* characters of it, cut at a word and marked with "…".

    >>> cut("one two three", 9)
    'one two…'
    """
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    space = head.rfind(" ")
    return (head[:space] if space > limit // 2 else head).rstrip() + "…"


def counted(count: int, one: str, many: str = "") -> str:
    """Return how many there are, in words.

    >>> counted(1, "source"), counted(2, "source"), counted(2, "entry", "entries")
    ('1 source', '2 sources', '2 entries')
    """
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def fold(text: str) -> str:
    """Return *text* as it is compared: NFKC, case folded, marks stripped.

    Every apostrophe is ``'``; a possessive 's and an elided article (d', l') fall away.
    Idempotent.

    >>> fold("L’Apurímac’s Straße")
    'apurimac strasse'
    """
    folded = text.casefold()
    if not folded.isascii():
        folded = _FOREIGN.sub(_plain, folded)
    return _without_articles(folded.replace("`", "'"))


def _without_articles(folded: str) -> str:
    """Drop the possessive 's and the elided d' and l'; looks before it runs an expression."""
    if "'s" in folded:
        folded = _POSSESSIVE.sub("", folded)
    if "d'" in folded or "l'" in folded:
        folded = _ELISION.sub("", folded)
    return folded


def _plain(match: re.Match[str]) -> str:
    """Fold a run of characters beyond ASCII; the short ones come again and again."""
    run = match[0]
    return _plain_run(run) if len(run) > _SHORT_RUN else _plain_short(run)


def _plain_run(run: str) -> str:
    plain = normalize("NFKC", run.translate(_APOSTROPHES)).casefold()
    plain = _MARKS.sub("", normalize("NFD", normalize("NFKC", plain)))
    return normalize("NFC", plain).translate(_APOSTROPHES)


_plain_short = lru_cache(maxsize=4096)(_plain_run)


def words(text: str) -> tuple[str, ...]:
    """Return the words of *text*, folded; a word is a run of letters and digits.

    Where a script without blanks meets another one, a word ends too.

    >>> words("Las Bambas: S/. 15-million")
    ('las', 'bambas', 's', '15', 'million')
    """
    plain = _western(text)
    if plain is None:
        return tuple(_WORD.findall(fold(text)))
    if "'" in plain:
        plain = _without_articles(plain).replace("'", " ")
    return tuple(plain.replace("_", " ").split())


def _western(text: str) -> str | None:
    """Return the letters, digits and apostrophes of a text of western Europe, folded.

    Half of what matching costs would be `fold`; this is ten times quicker. ``None``: the text
    holds something else.
    """
    if not text.isascii():
        for sign, plain in _SIGNS:
            text = text.replace(sign, plain)
    try:
        folded = text.encode("latin-1").translate(_PLAIN_LETTERS, delete=_SOFT_HYPHEN)
    except UnicodeEncodeError:
        return None
    return None if _NOT_PLAIN in folded else folded.decode("ascii")


_SIGNS = (*((sign, "'") for sign in "’‘"), *((sign, " ") for sign in "“”–—…•€"), ("ß", "ss"))
_SOFT_HYPHEN = b"\xad"
_NOT_PLAIN = b"\x7f"  # what becomes more than one letter, as ½ does


def _plain_letter(byte: int) -> bytes:
    plain = fold(chr(byte))
    if len(plain) == 1 and (plain.isalnum() or plain in "_'"):
        return plain.encode() if plain.isascii() else _NOT_PLAIN
    return _NOT_PLAIN if _WORD.search(plain) else b" "


_PLAIN_LETTERS = b"".join(map(_plain_letter, range(256)))


def word_places(text: str) -> tuple[tuple[int, int], ...]:
    """Return where in *text* each of its `words` stands: characters from, to (not included).

    >>> [text[start:end] for text in ["Peru’s «Corte»"] for start, end in word_places(text)]
    ['Peru', 'Corte']
    """
    return tuple(place for chunk in _CHUNK.finditer(text) for place in _places_in(chunk))


_CHUNK = re.compile(r"\S+")  # nothing that folding does reaches over a blank
_RAW_WORD = re.compile(
    rf"(?:[{UNSPACED}]|{_MARKS.pattern})+|(?:(?![{UNSPACED}])(?:[^\W_]|[{_INDIC}]|{_MARKS.pattern}))+"
)


def _places_in(chunk: re.Match[str]) -> list[tuple[int, int]]:
    """Place the words of a chunk, one after the other; an elided article is nobody's place."""
    wanted, places = words(chunk[0]), list[tuple[int, int]]()
    for raw in _RAW_WORD.finditer(chunk[0]):
        here = words(raw[0])
        if here and wanted[len(places) : len(places) + len(here)] == here:
            start, end = chunk.start() + raw.start(), chunk.start() + raw.end()
            places += [(start, end)] * len(here)
    # A sign that folds to a word (℠) has none of its own in the text: then all of it is theirs.
    return places if len(places) == len(wanted) else [chunk.span()] * len(wanted)
