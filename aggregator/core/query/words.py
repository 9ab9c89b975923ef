"""When a word of a text is the word of a query: plurals, slips, scripts without blanks."""

from __future__ import annotations

import re
from functools import lru_cache

PLURAL_LEAST = 4  # letters of a plural
FUZZY_LEAST, FUZZY_TWICE = 5, 12  # letters for one and for two slips

_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_NO_PLURAL = ("ss", "us", "is")


@lru_cache(maxsize=65_536)
def forms(word: str) -> frozenset[str]:
    """Return *word* with its light plurals and singulars (English and Spanish).

    >>> sorted(forms("community"))
    ['communities', 'community', 'communityes', 'communitys']
    """
    if any(sign.isdigit() for sign in word) or is_unspaced(word):
        return frozenset({word})
    return frozenset({word, *_plurals(word), *_singulars(word)})


def _plurals(word: str) -> list[str]:
    made = [f"{word}s", f"{word}es"]
    if word.endswith("y"):
        made.append(f"{word[:-1]}ies")
    if word.endswith("z"):
        made.append(f"{word[:-1]}ces")
    return [plural for plural in made if _is_plural(plural)]


def _singulars(word: str) -> list[str]:
    if not _is_plural(word):
        return []
    made = [word[:-1]]
    if word.endswith("es"):
        made.append(word[:-2])
    if word.endswith("ies"):
        made.append(f"{word[:-3]}y")
    if word.endswith("ces"):
        made.append(f"{word[:-3]}z")
    return made


def _is_plural(word: str) -> bool:
    return len(word) >= PLURAL_LEAST and word.endswith("s") and not word.endswith(_NO_PLURAL)


def is_unspaced(word: str) -> bool:
    """Tell whether *word* is of a script that puts no blanks between words."""
    return _UNSPACED.search(word) is not None


def slips(letters: int) -> int:
    """Return how many slips a fuzzy word or phrase of so many letters may have."""
    if letters < FUZZY_LEAST:
        return 0
    return 1 if letters < FUZZY_TWICE else 2


def pieces(text: str, allowed: int) -> frozenset[str]:
    """Return parts of *text* of which one survives any *allowed* slips, for an index.

    A swap of neighbors can hit two parts at once, so there is one part more for each.
    """
    count = 2 * allowed + 1
    size = -(-len(text) // count)
    return frozenset(text[at : at + size] for at in range(0, len(text), size))
