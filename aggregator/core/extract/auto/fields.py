"""The parts of items: decided for a list as a whole, so that all its items are read alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from aggregator.core.dates.machine import is_for_machines
from aggregator.core.extract.auto.addresses import is_hub
from aggregator.core.extract.auto.dated import date_in, is_date
from aggregator.core.extract.auto.hints import Hint
from aggregator.core.extract.auto.outline import width
from aggregator.core.extract.auto.record import Record
from aggregator.core.extract.auto.template import Block, Template, Unit
from aggregator.core.extract.auto.titles import (
    WIDE,
    Column,
    columns_of,
    mean,
    rank_titles,
)
from aggregator.core.extract.markup import absolute
from aggregator.model import Item

_PARAGRAPH = re.compile(r"/p(?:~\d+)?$")  # one without a name of its own
_CLASS = re.compile(r"\.[^/~#^]*")
_ARROWS = " ▲△▴▼▽▾▶▷▸►◀◁◂◄»›→←❯•·"
_LINE = 100  # characters; a date line that is longer is cut to the date
_SAMPLE = 5  # items whose texts are searched for dates
_NAMES = frozenset({"link", "mark", "line"})  # units that may be an author
_NO_PROSE = {Hint.DATE, Hint.UPDATED, Hint.AUTHOR, Hint.CATEGORY, Hint.NOISE}
_CALLED = 15  # width of a text that is a summary because it is called so, or a paragraph
_NAME = 80  # characters of an author
_LABEL = 40  # characters of a category
_HALF = 0.5
_MOST = 0.8
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
class Parts:
    """Where the parts of the items of one form stand."""

    title: Unit | None
    dates: Sequence[Unit]  # best first
    updates: Sequence[Unit]  # of the last answer or change
    link: int  # -1: none
    blocks: Sequence[Block]  # without the title
    authors: Sequence[Unit]
    categories: Sequence[Unit]


class Plan:
    """Where the parts of the items of a list stand."""

    def __init__(self, records: Sequence[Record]) -> None:
        """Decide for all items of a list at once, by some of them."""
        columns = columns_of(records)
        self._usual = {column.slot for column in columns if column.covered >= _HALF}
        self.links = rank_links(records)  # slots, best first
        leading = {form: self._link_of(form) for form in {one.template for one in records}}
        self.titles = rank_titles(columns, leading)  # best first
        self.dates, self._updates = rank_dates(columns)
        self._parts: dict[Template, Parts] = {}
        self._titles_lead = self._do_titles_lead(records)

    def read(self, record: Record, *, base_url: str) -> Item:
        """Return one item."""
        parts = self.parts_of(record.template)
        title = parts.title
        date = _dated(parts.dates, record)
        updated = _dated(parts.updates, record)
        return Item(
            title=_plain(record.text(title)) if title else "",
            link=absolute(self.link(record), base_url=base_url),
            date_text=_date_text(record, date) if date else "",
            published=record.machine(date) if date else "",
            updated=(record.machine(updated) or _date_text(record, updated)) if updated else "",
            summary=_summary(record, parts.blocks, date, href=self.link(record)),
            authors=_authors(record, parts.authors) if parts.authors else (),
            categories=_categories(record, parts.categories) if parts.categories else (),
            image=_image(record, base_url) if record.template.images else "",
        )

    def is_dated(self, record: Record) -> bool:
        """Tell whether an item has a date of its own, or one of a change."""
        parts = self.parts_of(record.template)
        return bool(_dated(parts.dates, record) or _dated(parts.updates, record))

    def misses_title(self, record: Record) -> bool:
        """Tell whether an item without a title has a link or heading that could be one."""
        form = record.template
        if self.parts_of(form).title is not None:
            return False
        return bool(form.links) or any(leaf.heading for leaf in form.leaves)

    def link(self, record: Record) -> str:
        """Return where an item leads, as written; "" when nowhere."""
        parts = self.parts_of(record.template)
        if self._titles_lead and parts.title is not None and parts.title.link >= 0:
            return record.href(parts.title.link)
        return record.href(parts.link) if parts.link >= 0 else ""

    def _do_titles_lead(self, records: Sequence[Record]) -> bool:
        """Tell whether the links of titles lead to the items, and not to categories of them.

        Where few addresses are those of many items, other links are the items' own.
        """
        titled = [
            (record, record.href(title.link))
            for record in records
            if (title := self.parts_of(record.template).title) and title.link >= 0
        ]
        if mean([is_hub(href) for _, href in titled]) > _HALF:
            return False
        links = {
            record.href(at) for record, _ in titled if (at := self._link_of(record.template)) >= 0
        }
        return len({href for _, href in titled}) >= _MOST * len(links)

    def _link_of(self, form: Template) -> int:
        slots = form.link_slots
        if self.links and self.links[0] not in slots:
            like = _uncalled(self.links[0])
            for slot, link in slots.items():
                if ("link", slot) not in self._usual and _uncalled(slot) == like:
                    return link
        return next((slots[slot] for slot in self.links if slot in slots), -1)

    def _in(self, form: Template, columns: Sequence[Column]) -> list[Unit]:
        """Return the units of a form at some places, that at the best one first.

        One that is only called otherwise there counts, unless most items have both.
        """
        found = [form.units[column.slot][0] for column in columns if column.slot in form.units]
        if columns and columns[0].slot not in form.units:
            kind, place = columns[0].slot
            like = _uncalled(place)
            others = [
                (_alike(slot[1], place), units[0])
                for slot, units in form.units.items()
                if slot[0] == kind and slot not in self._usual and _uncalled(slot[1]) == like
            ]
            found[:0] = [unit for _, unit in sorted(others, key=lambda one: -one[0])[:1]]
        return found

    def _elsewise(self, form: Template) -> Unit | None:
        """Return what stands where others have their title, without the link or within more.

        Others have a link there, this one its text alone; or theirs is a line of its own, and
        here it stands in an element inside the line.
        """
        kind, place = self.titles[0].slot if self.titles else ("", "")
        around, _, step = place.rpartition("/")
        if (kind, step[:1]) == ("link", "a"):
            return next(iter(form.units.get(("line", around), ())), None)
        if kind != "line":
            return None
        inside = (
            units[0]
            for (other, _), units in form.units.items()
            if other != "box" and form.leaves[units[0].start].block == place
        )
        return max(inside, key=lambda one: one.end - one.start, default=None)

    def parts_of(self, form: Template) -> Parts:
        """Return where the parts of items of one form stand."""
        parts = self._parts.get(form)
        if parts is None:
            title = next(iter(self._in(form, self.titles)), None) or self._elsewise(form)
            parts = self._parts[form] = Parts(
                title=title,
                dates=self._in(form, self.dates),
                updates=self._in(form, self._updates),
                link=self._link_of(form),
                blocks=_without(form, title),
                authors=[one for one in form.named(Hint.AUTHOR) if one.kind in _NAMES],
                categories=[one for one in form.named(Hint.CATEGORY) if one.kind == "link"],
            )
        return parts


@lru_cache(maxsize=4096)
def _uncalled(place: str) -> str:
    """Return a place in an item without the classes of the elements: tags alone."""
    return _CLASS.sub("", place)


def _alike(place: str, other: str) -> int:
    """Return how many elements on the way to two places are called the same."""
    return sum(one == two for one, two in zip(place.split("/"), other.split("/"), strict=False))


def _plain(title: str) -> str:
    """Return a title without the arrows that unfold it or lead on: no part of what it says.

    >>> _plain("▼ Parks Board »"), _plain("Le «Port» et le «Barrage»")
    ('Parks Board', 'Le «Port» et le «Barrage»')
    """
    plain = title.strip(_ARROWS)
    if title.endswith("»") and "«" in title:
        plain = f"{plain} »" if title.endswith(" »") else f"{plain}»"
    return plain or title


def _dated(units: Sequence[Unit], record: Record) -> Unit | None:
    for unit in units:
        if record.has(unit) and _date_in(record, unit):
            return unit
    return None


def _without(form: Template, unit: Unit | None) -> list[Block]:
    """Return the blocks of a form without the texts of a unit."""
    if unit is None:
        return form.blocks
    left = []
    for block in form.blocks:
        leaves = [at for at in block.leaves if not unit.start <= at < unit.end]
        if leaves:
            left.append(block if len(leaves) == len(block.leaves) else form.block(leaves))
    return left


# ---- links ---------------------------------------------------------------------------


def rank_links(records: Sequence[Record]) -> list[str]:
    """Return the slots of links, the one first that leads to the item."""
    sample = [(record, record.hrefs()) for record in records]
    scored = []
    slots = dict.fromkeys(slot for record in records for slot in record.template.link_slots)
    for order, slot in enumerate(slots):
        among = [(one, hrefs) for one, hrefs in sample if slot in one.template.link_slots]
        score = 3.0 * len(among) / len(sample) + _link_score(among, slot)
        scored.append((-score, order, slot))
    return [slot for _, _, slot in sorted(scored)]


def _link_score(sample: Sequence[tuple[Record, Sequence[str]]], slot: str) -> float:
    numbers = [record.template.link_slots[slot] for record, _ in sample]
    own = [hrefs[number] for (_, hrefs), number in zip(sample, numbers, strict=True)]
    again = [hrefs.count(href) > 1 for (_, hrefs), href in zip(sample, own, strict=True)]
    first = sample[0][0].template.links[numbers[0]]
    score = 2.0 * len(set(own)) / len(own)
    score -= 3.0 * mean([is_hub(href) for href in own])
    score -= 2.0 * (first.hint in {Hint.AUTHOR, Hint.CATEGORY, Hint.UPDATED})
    score += 1.5 * (first.hint is Hint.TITLE) + 1.5 * ("/h" in first.slot)
    score += 1.0 * first.is_block + 0.5 * mean(again)
    said = [
        "".join([record.texts[leaf] for leaf in record.template.links[number].leaves])
        for (record, _), number in zip(sample, numbers, strict=True)
    ]
    varied = (
        len(set(said)) / len(said) if len(set(said)) > 1 else 0.0
    )  # "Minutes" everywhere says nothing, however long it is
    score -= 0.3 * (not any(said))  # an icon
    return score + 0.5 * varied * mean([min(len(text), WIDE) / WIDE for text in said])


# ---- dates ---------------------------------------------------------------------------


def rank_dates(columns: Sequence[Column]) -> tuple[list[Column], list[Column]]:
    """Return the places where the dates of items stand, best first, and those of updates."""
    dates: list[tuple[float, int, Column]] = []
    updates: list[tuple[float, int, Column]] = []
    for order, column in enumerate(columns):
        score, hint = _date_score(column)
        if score > 0:
            (updates if hint is Hint.UPDATED else dates).append((-score, order, column))
    return [one[2] for one in sorted(dates)], [one[2] for one in sorted(updates)]


def _date_score(column: Column) -> tuple[float, Hint]:
    sample = column.sample[:_SAMPLE]
    found = [_date_in(record, unit) for record, unit in sample]
    hits = sum(map(bool, found)) / len(found)
    if hits < _HALF:
        return 0.0, Hint.NONE
    record, one = sample[0]
    hint = column.hint
    lengths = [len(record.text(unit)) for record, unit in sample]
    part = mean(
        [len(date) / max(1, long) for date, long in zip(found, lengths, strict=True) if date]
    )
    score = 3.0 * hits * column.covered + 2.0 * (hint is Hint.DATE)
    score += bool(record.machine(one)) + 1.5 * min(part, 1.0) - 1.0 * (lengths[0] > _LINE)
    score -= 1.0 * (hint in {Hint.TITLE, Hint.SUMMARY}) + 0.5 * one.is_heading
    return score - 0.02 * one.start, hint


def _date_in(record: Record, unit: Unit) -> str:
    machine = record.machine(unit)
    if machine and (is_for_machines(machine) or date_in(machine)):
        return record.text(unit) or machine
    return date_in(record.text(unit))


def _date_text(record: Record, unit: Unit) -> str:
    text = record.text(unit)
    return text if len(text) <= _LINE else date_in(text)


# ---- the rest ------------------------------------------------------------------------


def prose_slots(records: Sequence[Record]) -> list[str]:
    """Return where prose stands, the most usual place first."""
    found = Counter(
        leaf.block
        for record in records
        for leaf, text in zip(record.template.leaves, record.texts, strict=True)
        if width(text.strip()) >= _PROSE
    )
    return [slot for slot, _ in found.most_common(3)]


def _summary(record: Record, blocks: Sequence[Block], date: Unit | None, *, href: str) -> str:
    """Return the prose of an item: paragraphs, or what is called a summary.

    Where all of it leads to the item, at *href*, it is prose all the same. Short paragraphs
    are, where there are no longer ones.
    """
    start, end = (date.start, date.end) if date else (0, 0)
    if end > start and len(record.text(date)) > _LINE:  # type: ignore[arg-type]
        end = start
    parts: list[str] = []
    short: list[str] = []
    for block in blocks:
        if start < end and block.leaves[0] < end and block.leaves[-1] >= start:
            left = [at for at in block.leaves if not start <= at < end]
            if not left:
                continue
            block = record.template.block(left)  # noqa: PLW2901
        if block.hint not in _NO_PROSE:
            text = record.join(block.leaves)
            if _is_prose(text, block, record, href):
                (parts if _is_long(text, block) else short).append(text)
    return "\n\n".join(dict.fromkeys(parts or short))


def _is_long(text: str, block: Block) -> bool:
    return width(text) >= (_CALLED if block.hint is Hint.SUMMARY else _PROSE)


def _is_prose(text: str, block: Block, record: Record, href: str) -> bool:
    leaves = record.template.leaves
    is_paragraph = _PARAGRAPH.search(leaves[block.leaves[0]].block) and not _MORE.match(text)
    if width(text) < _CALLED or not (is_paragraph or _is_long(text, block)):
        return False
    leads_on = {
        link: record.href(link) != href for link in {leaves[at].link for at in block.linked}
    }
    linked = sum(
        [len(record.texts[at].strip()) for at in block.linked if leads_on[leaves[at].link]]
    )
    return linked <= _HALF * len(text) and not is_date(text)


def _authors(record: Record, units: Sequence[Unit]) -> tuple[str, ...]:
    for unit in units:
        text = record.text(unit)
        name = _MORE.sub("", text).strip(" ,|-–")
        if name and len(text) <= _NAME and not date_in(name):
            return (name,)
    return ()


def _categories(record: Record, units: Sequence[Unit]) -> tuple[str, ...]:
    texts = [record.text(unit) for unit in units]
    names = [text.strip("[]()# ") for text in texts if len(text) <= _LABEL]
    return tuple(dict.fromkeys(name for name in names if name))


def _image(record: Record, base_url: str) -> str:
    for element in record.template.images:
        own = record.attributes(element)
        src = own.get("src") or ""
        if not src or src.startswith("data:"):
            src = own.get("data-src") or own.get("data-original") or ""
        if src and not _NO_PICTURE.search(src.partition("?")[0]) and not _is_small(own):
            return absolute(src, base_url=base_url)
    return ""


def _is_small(attributes: Mapping[str, str | None]) -> bool:
    sizes = [attributes.get("width") or "", attributes.get("height") or ""]
    return any(size.isdecimal() and int(size) < _SMALL for size in sizes)
