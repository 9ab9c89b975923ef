"""When a word of a text is the word of a query: plurals, slips, scripts without blanks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, pairwise

from rapidfuzz.distance import OSA

from aggregator.core.text import UNSPACED

SINGULAR_LEAST, PLURAL_LEAST = 3, 4  # letters: US is not the singular of uses
FUZZY_LEAST, FUZZY_TWICE = 5, 12  # letters for one and for two slips

ENDINGS = ("s", "es", "ies", "ces")  # of plurals, English and Spanish
_ENDINGS_OF = {
    "ca": ("s", "es"),
    "en": ("s", "es", "ies"),
    "es": ("s", "es", "ces"),
    "fr": ("s",),
    "gl": ("s", "es"),
    "pt": ("s", "es"),
}
_SINGULAR_ENDS = {"s": "", "es": "", "ies": "y", "ces": "z"}
_NO_PLURAL = ("ss", "us", "is")
_UNSPACED = re.compile(f"[{UNSPACED}]")


def endings_of(language: str | None) -> tuple[str, ...]:
    """Return the plural endings of a language; other languages than those above have none.

    >>> endings_of("es-PE")
    ('s', 'es', 'ces')
    """
    if language is None:
        return ENDINGS
    return _ENDINGS_OF.get(language.partition("-")[0].lower(), ())


@lru_cache(maxsize=65_536)
def forms(word: str, endings: tuple[str, ...] = ENDINGS) -> frozenset[str]:
    """Return *word* with its light plurals and singulars.

    >>> sorted(forms("community"))
    ['communities', 'community', 'communityes', 'communitys']
    """
    if any(sign.isdigit() for sign in word) or is_unspaced(word):
        return frozenset({word})
    found = {word}
    for ending in endings:
        end = _SINGULAR_ENDS[ending]
        plural, singular = word.removesuffix(end) + ending, word.removesuffix(ending) + end
        if word.endswith(end) and _are_numbers(word, plural):
            found.add(plural)
        if word.endswith(ending) and _are_numbers(singular, word):
            found.add(singular)
    return frozenset(found)


def _are_numbers(singular: str, plural: str) -> bool:
    """Tell whether the two are long enough, and the plural has no ending that is none."""
    return (
        len(singular) >= SINGULAR_LEAST
        and len(plural) >= PLURAL_LEAST
        and not plural.endswith(_NO_PLURAL)
    )


def is_unspaced(word: str) -> bool:
    """Tell whether *word* is of a script that puts no blanks between words."""
    return _UNSPACED.search(word) is not None


def slips(letters: int) -> int:
    """Return how many slips a fuzzy word or phrase of so many letters may have."""
    if letters < FUZZY_LEAST:
        return 0
    return 1 if letters < FUZZY_TWICE else 2


def needle(words: Sequence[str]) -> str:
    """Return how a phrase stands in a padded text.

    Scripts without blanks need none around, if there are two signs or more.
    """
    inside = len(words) > 1 or len(words[0]) > 1
    before = "" if inside and is_unspaced(words[0]) else " "
    after = "" if inside and is_unspaced(words[-1]) else " "
    return f"{before}{' '.join(words)}{after}"


def is_slip(word: str, other: str) -> bool:
    """Tell whether *other* is *word* with no more slips than its length allows."""
    allowed = slips(len(word))
    return (
        abs(len(word) - len(other)) <= allowed
        and OSA.distance(word, other, score_cutoff=allowed) <= allowed
    )


def variants(word: str, allowed: int = 1) -> set[str]:
    """Return *word* and what is left of it when up to *allowed* signs are missing.

    Two words that are so many slips apart, swaps of neighbors included, have one in common.
    """
    found = {word}
    for missing in range(1, allowed + 1):
        for kept in combinations(word, max(len(word) - missing, 0)):
            found.add("".join(kept))
    return found


def pieces(text: str, allowed: int) -> frozenset[str]:
    """Return parts of *text* of which one survives any *allowed* slips, for an index.

    With one part more than slips, a slip inside a part leaves another one whole. A swap of
    neighbors on the border of two parts hurts both, but leaves the first with the second's
    first sign.

    >>> sorted(pieces(" limas ", 1))
    [' li', ' lm', 'mas ']
    """
    count = allowed + 1
    borders = [len(text) * part // count for part in range(count + 1)]
    parts = [text[start:end] for start, end in pairwise(borders)]
    swapped = [left[:-1] + right[0] for left, right in pairwise(parts)]
    return frozenset((*parts, *swapped))
