"""Which text of an item is its title: decided for all items of a list at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from aggregator.core.extract.auto.dated import is_date
from aggregator.core.extract.auto.features import WIDE, mean, width
from aggregator.core.extract.auto.hints import Hint
from aggregator.core.extract.auto.record import Record, Unit

SHORT = 4
_DISTINCT = 0.8  # of the titles differ, as a rule
LONG = 250  # width; a longer text is a paragraph
LOOKED_AT = 16  # items whose texts are weighed
_NOT_A_TITLE = {Hint.DATE, Hint.UPDATED, Hint.AUTHOR, Hint.CATEGORY, Hint.NOISE}
_LABEL = re.compile(r"[:：]$")
_SENTENCE = re.compile(r"(?:[\w)][.;…]|[。！；])$")
_LABELLED = re.compile(r"[^:：]{2,30}[:：]\s")
_CODE = re.compile(r"[^\W\d_]{3,}")
Slot = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """The texts that stand in one place of all items."""

    slot: Slot
    units: Mapping[int, Unit]  # by record; the first of each


def columns_of(records: Sequence[Record]) -> list[Column]:
    """Return the texts of a list by their place in the items."""
    found: dict[Slot, dict[int, Unit]] = {}
    for at, record in enumerate(records):
        for unit in record.units:
            if unit.text or unit.machine:
                found.setdefault((unit.kind, unit.slot), {}).setdefault(at, unit)
    return [Column(slot, units) for slot, units in found.items()]


def rank_titles(
    columns: Sequence[Column],
    count: int,
    *,
    item_links: Mapping[int, str],
    records: Sequence[Record],
) -> list[Column]:
    """Return the places where titles may stand, best first.

    Args:
        columns: Of the list.
        count: How many items it has.
        item_links: The address of each item, where one is known.
        records: The items.
    """
    scored = []
    for order, column in enumerate(columns):
        if column.slot[0] != "box":
            score = title_score(column, count, item_links=item_links, records=records)
            scored.append((-score, order, column))
    ranked = [column for _, _, column in sorted(scored, key=lambda one: one[:2])]
    return ranked[:1] + [column for column in ranked[1:] if _could_stand_in(column)]


def _could_stand_in(column: Column) -> bool:
    """Tell whether an item that lacks the usual title may take it from here.

    A paragraph is none: an item without a title is one without a title.
    """
    one = next(iter(column.units.values()))
    if one.hint in _NOT_A_TITLE or not one.text:
        return False
    return one.is_heading or one.is_bold or one.hint is Hint.TITLE or column.slot[0] == "link"


def title_score(
    column: Column, count: int, *, item_links: Mapping[int, str], records: Sequence[Record]
) -> float:
    """Return how much the texts of one place are like titles."""
    units = dict(list(column.units.items())[:LOOKED_AT])
    texts = [unit.text for unit in units.values()]
    covered = len(column.units) / count
    distinct = len(set(texts)) / len(texts)
    one = next(iter(units.values()))
    kind = column.slot[0]
    score = 3.0 * covered + min(mean(width(text) for text in texts), WIDE) / WIDE
    score += 3.5 * mean(float(unit.is_heading) for unit in units.values())
    score += 0.8 * one.is_bold
    hints = Counter(unit.hint for unit in units.values())
    hint = hints.most_common(1)[0][0]
    score += {Hint.TITLE: 2.5, Hint.SUMMARY: -0.5}.get(hint, -3.0 if hint in _NOT_A_TITLE else 0.0)
    if kind == "link":
        score += 0.6
        score += 1.0 * mean(
            float(at in item_links and records[at].links[unit.link].href == item_links[at])
            for at, unit in units.items()
        )
    elif one.link >= 0 and records[next(iter(units))].links[one.link].is_block:
        score += 0.5
    if len(texts) > 1 and distinct < _DISTINCT:
        score -= 4.0 * (1 - distinct) if hint is not Hint.TITLE and not one.is_heading else 0.5
    score -= mean(_unlike_a_title(text) for text in texts) + 2.5 * _labelled(texts)
    score -= 3.0 * mean(float(is_date(text)) for text in texts[:6])
    return score - 0.05 * min(one.start, 10)


@lru_cache(maxsize=8192)
def _unlike_a_title(text: str) -> float:
    """Return how much speaks against one text: a paragraph, a label, a code, a sentence."""
    wide = width(text)
    penalty = 2.0 * (wide > LONG) + 1.5 * (wide < SHORT)
    if _LABEL.search(text):
        penalty += 2.5
    if not _CODE.search(text):
        penalty += 1.2
    if _SENTENCE.search(text):
        penalty += 1.0
    return penalty


def _labelled(texts: Sequence[str]) -> float:
    """Return how many texts begin with the same label: "Decree: affirmed"."""
    labels = Counter(found[0] for text in texts if (found := _LABELLED.match(text)))
    _, most = max(labels.items(), key=lambda one: one[1], default=("", 0))
    return most / len(texts) if most > 1 else 0.0
