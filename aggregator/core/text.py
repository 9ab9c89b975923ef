"""What text is to us: clean, cut, folded, taken apart into words."""

from __future__ import annotations

import re
import unicodedata

# XML 1.0 section 2.2 allows no other characters, however they are escaped; one of them
# in one title would cost the whole feed. It allows C1 controls, but advises against them:
# they are windows-1252 read as Latin-1, and no reader shows them. What turns the direction
# of text round goes too: unbalanced, it mirrors whatever a reader shows beside it.
_FORBIDDEN = re.compile(
    "[^\t\n\r -~\u0085\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]"
)
_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"(?<=\w)['’ʼ＇`]s(?!\w)", re.IGNORECASE)
_ELISION = re.compile(r"(?<!\w)[dl]['’ʼ＇`](?=\w)", re.IGNORECASE)


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


def fold(text: str) -> str:
    """Return *text* as it is compared: NFKC, case folded, marks stripped.

    A possessive 's and an elided article (d', l') fall away, whichever apostrophe is
    used. Idempotent.

    >>> fold("L’Apurímac’s Straße")
    'apurimac strasse'
    """
    if text.isascii():
        folded = text.casefold()
    else:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        folded = _MARKS.sub("", unicodedata.normalize("NFD", folded))
        folded = unicodedata.normalize("NFC", folded)
    return _ELISION.sub("", _POSSESSIVE.sub("", folded))


def words(text: str) -> tuple[str, ...]:
    """Return the words of *text*, folded; a word is a run of letters and digits.

    >>> words("Las Bambas: S/. 15-million")
    ('las', 'bambas', 's', '15', 'million')
    """
    return tuple(_WORD.findall(fold(text)))
