"""The parts of items: decided for a list as a whole, so that all its items are read alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aggregator.core.dates.machine import is_for_machines
from aggregator.core.extract.auto.addresses import HUB
from aggregator.core.extract.auto.dated import date_in, is_date
from aggregator.core.extract.auto.features import mean, width
from aggregator.core.extract.auto.hints import Hint
from aggregator.core.extract.auto.record import Leaf, Record, Unit, join
from aggregator.core.extract.auto.titles import Column, columns_of, rank_titles
from aggregator.core.extract.markup import absolute
from aggregator.model import Item

_LINE = 100  # characters; a date line that is longer is cut to the date
_SAMPLE = 5  # items whose texts are searched for dates
_CALLED = 15  # width of a text that is a summary because it is called so
_NAME = 80  # characters of an author
_LABEL = 40  # characters of a category
_HALF = 0.5
_PROSE = 40  # width of a text that is a summary without being called so
_MORE = re.compile(
    r"^(?:by|von|par|por|di|door|av|af|autor|author|posted by|written by)\b[:\s]*", re.IGNORECASE
)
_SMALL = 40  # pixels
_NO_PICTURE = re.compile(
    r"(?:^|[/_.-])(?:spacer|pixel|blank|icon|icons|logo|avatar|gravatar|smil\w*|emoji|loading|arrow\w*"
    r"|placeholder|transparent|clear)(?:[/_.-]|\d|$)|\.svg$|1x1",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the parts of the items of a list stand."""

    titles: Sequence[Column]  # best first; an item takes the first that it has
    dates: Sequence[Column]
    updates: Sequence[Column]  # of the last answer or change
    links: Mapping[int, int]  # record -> its link
    link_slot: str  # where most of them stand
    summary_slots: Sequence[str]  # where prose stands, the most usual place first

    @classmethod
    def of(cls, records: Sequence[Record]) -> Plan:
        """Decide for all items of a list at once."""
        columns = columns_of(records)
        links = choose_links(records)
        hrefs = {at: records[at].links[link].href for at, link in links.items()}
        return cls(
            titles=rank_titles(columns, len(records), item_links=hrefs, records=records),
            dates=rank_dates(columns, len(records), updated=False),
            updates=rank_dates(columns, len(records), updated=True),
            links=links,
            link_slot=_most([records[at].links[link].slot for at, link in links.items()]),
            summary_slots=_prose_slots(records),
        )

    def read(self, record: Record, at: int, *, base_url: str) -> Item:
        """Return one item; *at* is its place among the records."""
        title = _first(self.titles, at)
        date = _dated(self.dates, at)
        updated = _dated(self.updates, at)
        return Item(
            title=title.text if title else "",
            link=absolute(self._link(record, at, title), base_url=base_url),
            date_text=_date_text(date) if date else "",
            published=date.machine if date else "",
            updated=(updated.machine or _date_text(updated)) if updated else "",
            summary=_summary(record, title, date),
            authors=_authors(record),
            categories=_categories(record),
            image=_image(record, base_url),
        )

    def is_heading(self, at: int) -> bool:
        """Tell whether the title of an item is a heading."""
        title = _first(self.titles, at)
        return title is not None and title.is_heading

    def is_marked(self, at: int) -> bool:
        """Tell whether the title of an item is a link or a heading."""
        title = _first(self.titles, at)
        return title is not None and (title.is_heading or title.link >= 0)

    def _link(self, record: Record, at: int, title: Unit | None) -> str:
        links = record.links
        if title is not None and title.link >= 0 and not HUB.search(links[title.link].href):
            return links[title.link].href
        return links[self.links[at]].href if at in self.links else ""


def _all(columns: Sequence[Column], at: int) -> Iterator[Unit]:
    return (column.units[at] for column in columns if at in column.units)


def _dated(columns: Sequence[Column], at: int) -> Unit | None:
    return next((unit for unit in _all(columns, at) if _date_in(unit)), None)


def _first(columns: Sequence[Column], at: int) -> Unit | None:
    return next(_all(columns, at), None)


# ---- links ---------------------------------------------------------------------------


def choose_links(records: Sequence[Record]) -> dict[int, int]:
    """Return for each record which of its links leads to the item."""
    slots: dict[str, dict[int, int]] = {}
    for at, record in enumerate(records):
        for number, link in enumerate(record.links):
            slots.setdefault(link.slot, {}).setdefault(at, number)
    scored = (
        sorted(
            (-_link_score(records, found), order, found)
            for order, found in enumerate(slots.values())
        )
        if slots
        else []
    )
    chosen: dict[int, int] = {}
    for _, _, found in scored:
        for at, number in found.items():
            chosen.setdefault(at, number)
    return chosen


def _link_score(records: Sequence[Record], found: Mapping[int, int]) -> float:
    links = [records[at].links[number] for at, number in list(found.items())[:60]]
    hrefs = [link.href for link in links]
    again = mean(
        float(sum(other.href == records[at].links[number].href for other in records[at].links) > 1)
        for at, number in list(found.items())[:60]
    )
    hint = links[0].hint
    score = 3.0 * len(found) / len(records)
    score += 2.0 * len(set(hrefs)) / len(hrefs)
    score -= 3.0 * mean(float(bool(HUB.search(href))) for href in hrefs)
    score -= 2.0 * (hint in {Hint.AUTHOR, Hint.CATEGORY, Hint.UPDATED})
    score += 1.5 * (hint is Hint.TITLE) + 1.5 * ("/h" in links[0].slot)
    score += 1.0 * links[0].is_block + 0.5 * again
    score += 0.5 * mean(min(width(text), 60) / 60 for text in _texts(records, found))
    return score


def _texts(records: Sequence[Record], found: Mapping[int, int]) -> list[str]:
    return [
        join([leaf for leaf in records[at].leaves if leaf.link == number])
        for at, number in list(found.items())[:12]
    ]


# ---- dates ---------------------------------------------------------------------------


def rank_dates(columns: Sequence[Column], count: int, *, updated: bool) -> list[Column]:
    """Return the places where the date of an item stands, best first.

    Args:
        columns: Of the list.
        count: How many items it has.
        updated: Look for the date of the last answer or change instead.
    """
    scored = []
    for order, column in enumerate(columns):
        score = _date_score(column, count, updated=updated)
        if score > 0:
            scored.append((-score, order, column))
    return [column for _, _, column in sorted(scored, key=lambda one: one[:2])]


def _date_score(column: Column, count: int, *, updated: bool) -> float:
    units = list(column.units.values())
    sample = (
        [units[at * len(units) // _SAMPLE] for at in range(_SAMPLE)]
        if len(units) > _SAMPLE
        else units
    )
    found = [_date_in(unit) for unit in sample]
    hits = mean(float(bool(date)) for date in found)
    if hits < _HALF:
        return 0.0
    hint = Counter(unit.hint for unit in sample).most_common(1)[0][0]
    if (hint is Hint.UPDATED) is not updated:
        return 0.0
    part = mean(
        len(date) / max(1, len(unit.text)) for date, unit in zip(found, sample, strict=True) if date
    )
    score = 3.0 * hits * len(units) / count
    score += 2.0 * (hint is Hint.DATE) + 1.0 * bool(sample[0].machine)
    score += 1.5 * min(part, 1.0) - 1.0 * (len(sample[0].text) > _LINE)
    score -= 1.0 * (hint in {Hint.TITLE, Hint.SUMMARY}) + 0.5 * sample[0].is_heading
    return score - 0.02 * sample[0].start


def _date_in(unit: Unit) -> str:
    if unit.machine and (is_for_machines(unit.machine) or date_in(unit.machine)):
        return unit.text or unit.machine
    return date_in(unit.text)


# ---- the rest ------------------------------------------------------------------------


def _most(slots: Sequence[str]) -> str:
    return Counter(slots).most_common(1)[0][0] if slots else ""


def _prose_slots(records: Sequence[Record]) -> list[str]:
    found = Counter(
        leaf.block for record in records for leaf in record.leaves if width(leaf.text) >= _PROSE
    )
    return [slot for slot, _ in found.most_common(3)]


def _date_text(unit: Unit) -> str:
    if len(unit.text) <= _LINE:
        return unit.text
    return date_in(unit.text)


def _summary(record: Record, title: Unit | None, date: Unit | None) -> str:
    """Return the prose of an item: paragraphs, or what is called a summary."""
    taken: set[int] = set()
    if title:
        taken.update(range(title.start, title.end))
    if date and len(date.text) <= _LINE:
        taken.update(range(date.start, date.end))
    parts: list[str] = []
    blocks: dict[int, list[Leaf]] = {}
    for at, leaf in enumerate(record.leaves):
        if at not in taken and not leaf.heading:
            blocks.setdefault(leaf.line[0], []).append(leaf)
    for leaves in blocks.values():
        text = join(leaves)
        if _is_prose(text, leaves, record):
            parts.append(text)
    return "\n\n".join(dict.fromkeys(parts))


def _is_prose(text: str, leaves: Sequence[Leaf], record: Record) -> bool:
    linked = sum(
        len(leaf.text) for leaf in leaves if leaf.link >= 0 and not record.links[leaf.link].is_block
    )
    if linked > _HALF * len(text):
        return False
    hint = Counter(leaf.hint for leaf in leaves).most_common(1)[0][0]
    if hint in {Hint.DATE, Hint.UPDATED, Hint.AUTHOR, Hint.CATEGORY, Hint.NOISE}:
        return False
    if is_date(text):
        return False
    return width(text) >= (_CALLED if hint is Hint.SUMMARY else _PROSE)


def _authors(record: Record) -> tuple[str, ...]:
    for unit in record.units:
        if (
            unit.hint is Hint.AUTHOR
            and unit.kind in {"link", "mark", "line"}
            and len(unit.text) <= _NAME
        ):
            name = _MORE.sub("", unit.text).strip(" ,|-–")
            if name and not date_in(name):
                return (name,)
    return ()


def _categories(record: Record) -> tuple[str, ...]:
    names = []
    for unit in record.units:
        if unit.kind == "link" and len(unit.text) <= _LABEL and unit.text:
            link = record.links[unit.link] if unit.link >= 0 else None
            if unit.hint is Hint.CATEGORY or (link and "tag" in link.rel.split()):
                names.append(unit.text.strip("[]()# "))
    return tuple(dict.fromkeys(name for name in names if name))


def _image(record: Record, base_url: str) -> str:
    for attributes in record.images:
        src = attributes.get("src") or ""
        if not src or src.startswith("data:"):
            src = attributes.get("data-src") or attributes.get("data-original") or ""
        if src and not _NO_PICTURE.search(src.partition("?")[0]) and not _is_small(attributes):
            return absolute(src, base_url=base_url)
    return ""


def _is_small(attributes: Mapping[str, str | None]) -> bool:
    sizes = [attributes.get("width") or "", attributes.get("height") or ""]
    return any(size.isdecimal() and int(size) < _SMALL for size in sizes)
