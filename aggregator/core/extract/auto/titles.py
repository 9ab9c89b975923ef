"""Which text of an item is its title: decided for all items of a list at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from aggregator.core.extract.auto.dated import is_date, is_only_dates
from aggregator.core.extract.auto.hints import Hint, hint_of_header
from aggregator.core.extract.auto.outline import most, width
from aggregator.core.extract.auto.record import Record
from aggregator.core.extract.auto.template import Slot, Template, Unit

_T = TypeVar("_T")

SHORT = 4
_LABELS = 3  # items whose labels are looked at
_PARTS = 2
_NO_DIGITS = str.maketrans("", "", "0123456789")
_DISTINCT = 0.8  # of the titles differ, as a rule
LONG = 250  # width; a longer text is a paragraph
_NOT_A_TITLE = {Hint.DATE, Hint.UPDATED, Hint.AUTHOR, Hint.CATEGORY, Hint.NOISE}
_LABEL = re.compile(r"[:：]$")
_SENTENCE = re.compile(r"(?:[\w)][.;…]|[。！；])$")
_LABELLED = re.compile(r"[^:：]{2,30}[:：]\s")
# A word: "LEY 30230" holds one, the docket number "XIIP-445" none; CJK is written without blanks.
_A_WORD = re.compile(r"(?<![\w-])[^\W\d_]{3,}(?![\w-]*\d)|[\u3040-\u9fff\uac00-\ud7af]{2,}")
_ONLY_DATES = 7.0  # is taken off the score of a place that says nothing but when
_DATE = 3.0  # of one that says hardly anything else
WIDE = 60  # width; a title of that is as good as any


@dataclass(frozen=True, slots=True)
class Column:
    """The texts that stand in one place of some items of a list."""

    slot: Slot
    covered: float  # of the items have it
    hint: Hint  # by the names around it, or by the label before it
    sample: Sequence[tuple[Record, Unit]]


def columns_of(records: Sequence[Record]) -> list[Column]:
    """Return the texts of items by their place in them."""
    found: dict[Slot, list[tuple[Record, Unit]]] = {}
    for record in records:
        for slot, units in record.template.units.items():
            if record.has(units[0]):
                found.setdefault(slot, []).append((record, units[0]))
    return [
        Column(
            slot, len(one) / len(records), most([unit.hint for _, unit in one]) or _label(one), one
        )
        for slot, one in found.items()
    ]


def _label(sample: Sequence[tuple[Record, Unit]]) -> Hint:
    """Return what texts are by the label that stands before them: "Filed: 3 May 2019"."""
    hints = {_labelled_as(record, unit) for record, unit in spread(sample, _LABELS)}
    return hints.pop() if len(hints) == 1 else Hint.NONE


def _labelled_as(record: Record, unit: Unit) -> Hint:
    leaves = record.template.leaves
    if not 0 < unit.start < unit.end:  # without text: an element with a date for machines
        return Hint.NONE
    if leaves[unit.start - 1].line[0] != leaves[unit.start].line[0]:
        return Hint.NONE
    before = record.texts[unit.start - 1].strip()
    return hint_of_header(before[:-1]) if _LABEL.search(before) else Hint.NONE


def spread(found: Sequence[_T], most: int) -> Sequence[_T]:
    """Return at most so many, taken evenly from all."""
    if len(found) <= most:
        return found
    return [found[at * len(found) // most] for at in range(most)]


def mean(values: Sequence[float]) -> float:
    """Return the mean of some numbers; 0 when there are none."""
    return sum(values) / len(values) if values else 0.0


def rank_titles(columns: Sequence[Column], links: Mapping[Template, int]) -> list[Column]:
    """Return the places where titles may stand, best first.

    Args:
        columns: Of the list.
        links: Which link leads to the item, by its form.
    """
    bounds = [
        (-_at_most(column), order, column)
        for order, column in enumerate(columns)
        if column.slot[0] != "box"
    ]
    scored: list[tuple[float, int, Column]] = []
    for bound, order, column in sorted(bounds):
        best = min(scored, default=None)
        if best and best[0] <= bound and (best[2].covered == 1.0 or not _could_stand_in(column)):
            continue  # it cannot be the best, nor stand in for it
        scored.append((bound - _by_texts(column, links), order, column))
    ranked = [column for _, _, column in sorted(scored)]
    return ranked[:1] + [column for column in ranked[1:] if _could_stand_in(column)]


def _could_stand_in(column: Column) -> bool:
    """Tell whether an item that lacks the usual title may take it from here.

    A paragraph is none: an item without a title is one without a title.
    """
    one = column.sample[0][1]
    if column.hint in _NOT_A_TITLE:
        return False
    return one.is_heading or one.is_bold or column.hint is Hint.TITLE or column.slot[0] == "link"


def _at_most(column: Column) -> float:
    """Return how much a place is like one of titles, whatever its texts say."""
    units = [unit for _, unit in column.sample]
    record, one = column.sample[0]
    hint = column.hint
    score = 3.0 * column.covered + 3.5 * mean([unit.is_heading for unit in units])
    score += 0.8 * one.is_bold + 1.0
    score += {Hint.TITLE: 2.5, Hint.SUMMARY: -0.5}.get(hint, -3.0 if hint in _NOT_A_TITLE else 0.0)
    if column.slot[0] == "link":
        score += 1.6
    elif one.link >= 0 and record.template.links[one.link].is_block:
        score += 0.5
    return score - 0.05 * min(one.start, 10)


def _by_texts(column: Column, links: Mapping[Template, int]) -> float:
    """Return how much the texts of a place speak against its being one of titles: 0 or less."""
    texts = [record.text(unit) for record, unit in column.sample]
    score = min(mean([width(text) for text in texts]), WIDE) / WIDE - 1.0
    if column.slot[0] == "link":
        leads = [
            (chosen := links[record.template]) >= 0
            and record.href(chosen) == record.href(unit.link)
            for record, unit in column.sample
        ]
        score += mean(leads) - 1.0
    score -= _sameness(texts, column.sample[0][1])
    score -= mean([_unlike_a_title(text) for text in texts]) + 2.5 * _labelled(texts)
    score -= 0.8 * mean([_begins_with_date(record, unit) for record, unit in column.sample])
    dated = [
        _dated(text, record, unit)
        for text, (record, unit) in zip(texts, column.sample, strict=True)
    ]
    return score - mean(dated)


def _sameness(texts: Sequence[str], one: Unit) -> float:
    """Return how much speaks against texts that are alike: "Minutes", "View (12 KB)"."""
    if len(texts) == 1:
        return 0.0
    distinct = len(set(texts)) / len(texts)
    if one.hint is Hint.TITLE or one.is_heading:
        return 0.5 * (distinct < _DISTINCT)
    if distinct < _DISTINCT:
        return 4.0 * (1 - distinct) + 1.5 * (len(set(texts)) == 1)
    return 1.0 * (len({text.translate(_NO_DIGITS) for text in texts}) == 1)


def _begins_with_date(record: Record, unit: Unit) -> bool:
    """Tell whether a text begins or ends with a date that is marked off from the rest of it."""
    if unit.end - unit.start < _PARTS:
        return False
    marks = [leaf.mark for leaf in record.template.leaves[unit.start : unit.end]]
    texts = record.texts[unit.start : unit.end]
    return (marks[0] != marks[1] and is_date(texts[0].strip())) or (
        marks[-1] != marks[-2] and is_date(texts[-1].strip())
    )


def _dated(text: str, record: Record, unit: Unit) -> float:
    """Return how much it speaks against a text that it is a date, or stands in a line of dates."""
    line = record.template.line_of(unit.start)
    if is_only_dates(text if unit.end - unit.start >= len(line) else record.join(line)):
        return _ONLY_DATES
    return _DATE if is_date(text) else 0.0


@lru_cache(maxsize=8192)
def _unlike_a_title(text: str) -> float:
    """Return how much speaks against one text: a paragraph, a label, a code, a sentence."""
    wide = width(text)
    penalty = 2.0 * (wide > LONG) + 1.5 * (wide < SHORT)
    if _LABEL.search(text):
        penalty += 2.5
    if not _A_WORD.search(text[:LONG]):
        penalty += 1.2
    if _SENTENCE.search(text):
        penalty += 1.0
    return penalty


def _labelled(texts: Sequence[str]) -> float:
    """Return how many texts begin with the same label: "Decree: affirmed"."""
    labels = Counter(found[0] for text in texts if (found := _LABELLED.match(text)))
    _, most = max(labels.items(), key=lambda one: one[1], default=("", 0))
    return most / len(texts) if most > 1 else 0.0
