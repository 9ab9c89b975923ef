"""Tell whether two texts tell one story, and find those that may among many.

No single score is precise enough: "Comunicado (I)" and "(II)", two months of one statistic
and two days of weather share nearly every word. So numbers, months, weekdays and Roman
numerals of the titles must be equal before words count.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise

import xxhash
from rapidfuzz.fuzz import token_sort_ratio

from aggregator.core.sanitize import text_of
from aggregator.core.text import words
from aggregator.model import Draft, Entry

SAME_TITLE = 0.9  # of `title_similarity`
SAME_TITLE_WORDS = 4  # shorter titles are alike by chance
SAME_TITLE_TEXT = 8  # words each text must have beside an equal title
SAME_TEXT = 0.6  # of `text_similarity`
LIKELY_TITLE = 0.4  # at least, beside an equal text


def _words_in(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOOKED_AT = 2_000  # characters of a text; listings show less, articles say it at once
_LONG = 8  # letters; no Roman numeral in a title has as many
_ROMAN = re.compile(r"(?=[ivxlc])c{0,3}(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})")
_MONTHS_AND_DAYS = _words_in(
    """
    january february march april june july august september october november december jan feb
    mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday
    sunday enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre
    noviembre diciembre ene abr ago dic lunes martes miercoles jueves viernes sabado domingo
    janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre lundi
    mardi mercredi jeudi vendredi samedi dimanche januar februar marz mai juni juli oktober
    dezember montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag janeiro
    fevereiro marco maio junho julho setembro outubro novembro dezembro gennaio febbraio aprile
    maggio giugno luglio settembre ottobre dicembre
    """
)


def text_for_comparing(draft: Draft) -> str:
    """Return what a draft says below its title."""
    return draft.summary or (text_of(draft.content) if draft.content else "")


def specials(title: str) -> tuple[str, ...]:
    """Return what may not differ in two titles of one story, sorted.

    >>> specials("Comunicado 25 de noviembre (II)")
    ('25', 'ii', 'noviembre')
    """
    return tuple(sorted(word for word in words(title) if _is_special(word)))


def numbers(text: str) -> tuple[str, ...]:
    """Return the numbers in *text*, sorted."""
    return tuple(sorted(word for word in words(text) if any(map(str.isdigit, word))))


def _is_special(word: str) -> bool:
    return (
        any(map(str.isdigit, word))
        or word in _MONTHS_AND_DAYS
        or (len(word) < _LONG and _ROMAN.fullmatch(word) is not None)
    )


def title_similarity(one: str, other: str) -> float:
    """Return how alike two titles are, in whatever order their words stand; from 0 to 1."""
    return token_sort_ratio(" ".join(words(one)), " ".join(words(other))) / 100


def word_pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring words in *text*; a single word stands for itself."""
    found = words(text[:_LOOKED_AT])
    if len(found) == 1:
        return frozenset(found)
    return frozenset(map(" ".join, pairwise(found)))


def text_similarity(one: str, other: str) -> float:
    """Return which share of the word pairs of both texts is in both; from 0 to 1."""
    return jaccard(word_pairs(one), word_pairs(other))


def jaccard(one: Collection[str], other: Collection[str]) -> float:
    """Return the share of the elements of both that is in both; nothing has nothing in common."""
    first, second = set(one), set(other)
    union = len(first | second)
    return len(first & second) / union if union else 0.0


def containment(one: str, other: str) -> float:
    """Return how much of the shorter text stands in the longer one; from 0 to 1."""
    first, second = word_pairs(one), word_pairs(other)
    shorter = min(len(first), len(second))
    return len(first & second) / shorter if shorter else 0.0


def same_story(one: Draft, other: Draft) -> float:
    """Return how sure it is that both tell one story, from 0 to 1; from 0.5 on they do."""
    title, other_title = one.title or "", other.title or ""
    if specials(title) != specials(other_title):
        return 0.0
    titles = title_similarity(title, other_title)
    text, other_text = text_for_comparing(one), text_for_comparing(other)
    texts = text_similarity(text, other_text)
    by_title = (
        titles >= SAME_TITLE
        and min(len(words(title)), len(words(other_title))) >= SAME_TITLE_WORDS
        and min(len(words(text)), len(words(other_text))) >= SAME_TITLE_TEXT
    )
    if by_title or (texts >= SAME_TEXT and titles >= LIKELY_TITLE):
        return 0.5 + (titles + texts) / 4
    return min(0.49, (titles + texts) / 4)


# ---- finding what may be alike -------------------------------------------------------------

STORY_DAYS = 4  # between two entries that tell one story
_BUCKET_DAYS = 2 * STORY_DAYS  # so that such entries lie in one bucket or in neighbours
ROWS = 2  # bins in one band: two texts that share 0.6 of their pairs meet in 99 of 100
BINS = 12 * ROWS
_GOLDEN, _MIX, _64_BITS = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, (1 << 64) - 1  # splitmix64
FEWEST_PAIRS = 4  # less text than this is alike by chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """Where an entry lies among those it may tell one story with. Signed 64 bit numbers."""

    own: tuple[int, ...]  # to be stored
    near: tuple[int, ...]  # to be asked for: of its own days and of those around them


def bands(entry: Entry) -> Bands:
    """Return the MinHash bands of an entry: two that share one may tell one story.

    One permutation with densified bins (Shrivastava 2017) instead of many permutations: a
    third of the cost at the same recall, see docs/decisions/same-story.md. The days and what
    titles may not differ in are part of each band, so that few others share it. Empty when
    there is too little text to be alike.
    """
    signature = _signature(entry)
    bucket, day = divmod((entry.published.at.astimezone(UTC) - _EPOCH).days, _BUCKET_DAYS)
    beside = bucket - 1 if day < STORY_DAYS else bucket + 1
    own = tuple(_band(bucket, part) for part in signature)
    return Bands(own=own, near=(*own, *(_band(beside, part) for part in signature)))


def _signature(draft: Draft) -> list[int]:
    title = sorted(map(_hash, word_pairs(draft.title or "")))
    pairs = word_pairs(text_for_comparing(draft))
    if len(pairs) < FEWEST_PAIRS:
        return []
    fixed = " ".join(specials(draft.title or ""))
    bins = _filled(_bins(pairs))
    found = [_hash(f"{fixed} {at} {bins[at : at + ROWS]}") for at in range(0, BINS, ROWS)]
    if len(title) >= SAME_TITLE_WORDS - 1 and len(pairs) >= SAME_TITLE_TEXT - 1:
        found += [_hash(f"{fixed} {title[:3]}"), _hash(f"{fixed} {title[-3:]}")]
    return found


def _bins(pairs: Iterable[str]) -> list[int | None]:
    """Throw every pair into its bin and keep the least of each."""
    bins: list[int | None] = [None] * BINS
    for pair in pairs:
        value, at = divmod(xxhash.xxh3_64_intdigest(pair.encode("utf-8", "surrogatepass")), BINS)
        least = bins[at]
        if least is None or value < least:
            bins[at] = value
    return bins


def _filled(bins: Sequence[int | None]) -> list[int]:
    """Fill each empty bin from another one, always in the same order of trying."""
    filled = []
    for at, value in enumerate(bins):
        tried = 0
        while value is None:
            tried += 1
            value = bins[_probe(at, tried)]  # noqa: PLW2901 -- until one is full
        filled.append(value if not tried else value ^ tried)
    return filled


@cache
def _probe(at: int, tried: int) -> int:
    return _hash(f"{at} {tried}") % BINS


def _band(bucket: int, part: int) -> int:
    number = ((part ^ (bucket * _GOLDEN)) * _MIX) & _64_BITS
    return number - (1 << 64) if number >> 63 else number


def _hash(text: str) -> int:
    return int(xxhash.xxh3_64_intdigest(text.encode("utf-8", "surrogatepass")))
