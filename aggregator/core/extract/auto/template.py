"""What items of one form have in common: where their texts, links, dates and images stand.

A form is taken apart once, however many items have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from aggregator.core.extract.auto.hints import Hint, hint_of, hint_of_property
from aggregator.core.extract.auto.outline import Outline, Sort, most
from aggregator.core.extract.auto.spans import Span, Spans

MACHINE_DATES = ("datetime", "title", "data-date", "data-datetime", "data-time", "data-timestamp")
_DATING = frozenset(MACHINE_DATES)

Slot: TypeAlias = tuple[str, str]  # kind and place, the same in all items of a list


@dataclass(slots=True)
class Link:
    """A link inside an item."""

    element: int  # of the item
    slot: str
    hint: Hint
    is_block: bool = False  # it holds blocks: the whole card is the link
    leaves: list[int] = field(default_factory=list)


class Unit(NamedTuple):
    """A stretch of texts that could be a title, a date, a summary.

    ``slot`` says where in the item: the same in all items of a list.
    """

    kind: str  # "line", "link", "text", "mark", "heading", "box"
    slot: str
    start: int  # leaves
    end: int
    link: int = -1
    hint: Hint = Hint.NONE
    is_heading: bool = False
    is_bold: bool = False
    machine: int = -1  # the element of the item that may hold the date for machines


class Leaf(NamedTuple):
    """The place of one text."""

    line: tuple[int, int]  # which block it stands in, and which of its lines
    block: str  # slot of the block
    link: int  # -1: none
    hint: Hint
    heading: str  # slot of the heading around it
    is_bold: bool
    mark: str  # slot of the inline element around it


class Block(NamedTuple):
    """Texts between two blocks, headings left out."""

    leaves: tuple[int, ...]
    hint: Hint  # of most of them
    linked: tuple[int, ...]  # those inside links that are not around blocks


@dataclass(slots=True, eq=False)
class Template:
    """What items of one form have in common."""

    leaves: list[Leaf] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    link_slots: dict[str, int] = field(default_factory=dict)  # the first link of each
    units: dict[Slot, list[Unit]] = field(default_factory=dict)
    images: list[int] = field(default_factory=list)  # elements
    blocks: list[Block] = field(default_factory=list)

    def named(self, hint: Hint) -> list[Unit]:
        """Return the units that are named after something."""
        return [one for units in self.units.values() for one in units if one.hint is hint]

    def line_of(self, at: int) -> list[int]:
        """Return the texts that stand in one line with a text, it among them."""
        line = self.leaves[at].line
        return [other for other, leaf in enumerate(self.leaves) if leaf.line == line]

    def block(self, leaves: Sequence[int]) -> Block:
        """Return some texts as a block."""
        of, links = self.leaves, self.links
        linked = [at for at in leaves if of[at].link >= 0 and not links[of[at].link].is_block]
        hints = [of[at].hint for at in leaves]
        hint = most(hints)
        return Block(tuple(leaves), hint, tuple(linked))


def template_of(outline: Outline, spans: Spans, *, heads: Sequence[Hint] = ()) -> Template:
    """Take the form of an item apart.

    Args:
        outline: The page.
        spans: Of an item that has the form.
        heads: What the columns hold, when items are rows of a table.
    """
    return _Reader(outline, heads).template_of(spans)


class _Open(NamedTuple):
    """An element that is being read, and what holds for all that stands in it."""

    depth: int = -1
    slot: str = ""
    is_block: bool = False
    machine: int = -1  # this element, if it may hold a date for machines
    first: int = 0  # leaf
    block: str = ""
    link: int = -1
    hint: Hint = Hint.NONE
    heading: str = ""
    is_bold: bool = False
    mark: str = ""


class _Reader:
    """Walks over the elements and texts of one item."""

    def __init__(self, outline: Outline, heads: Sequence[Hint]) -> None:
        self._outline = outline
        self._template = Template()
        self._heads = heads
        self._open = [_Open()]
        self._blocks = 0
        self._lines = 0
        self._seen: dict[str, int] = {}
        self._units: list[Unit] = []
        self._texts = (0, 0)  # where those of the item begin and end

    def template_of(self, spans: Spans) -> Template:
        self._texts = (spans[0].first, spans[-1].last)
        element = 0
        for span in spans:
            self._read(span, element)
            element += span.end - span.start
        template = self._template
        for unit in (*self._units, *_units(template)):
            template.units.setdefault((unit.kind, unit.slot), []).append(unit)
        blocks: dict[int, list[int]] = {}
        for at, leaf in enumerate(template.leaves):
            if not leaf.heading:
                blocks.setdefault(leaf.line[0], []).append(at)
        template.blocks = [template.block(leaves) for leaves in blocks.values()]
        return template

    def _read(self, span: Span, element: int) -> None:
        depths, firsts = self._outline.depths, self._outline.firsts
        text = span.first
        for at in range(span.start, span.end):
            if text < firsts[at]:
                self._say(text, firsts[at])
                text = firsts[at]
            if self._open[-1].depth >= depths[at]:
                self._close(depths[at])
            self._enter(at, element + at - span.start)
        self._say(text, span.last)
        self._close(0)

    def _say(self, text: int, last: int) -> None:
        leaves, links = self._template.leaves, self._template.links
        for depth in self._outline.text_depths[text:last]:
            if self._open[-1].depth > depth:
                self._close(depth + 1)
            inside = self._open[-1]
            if inside.link >= 0:
                links[inside.link].leaves.append(len(leaves))
            leaves.append(Leaf((self._blocks, self._lines), *inside[5:]))

    def _enter(self, at: int, element: int) -> None:
        sort = self._outline.sorts[at]
        tag, around = sort.tag, self._open[-1]
        if tag == "br":
            self._lines += 1
        elif tag == "img":
            self._template.images.append(element)
        else:
            step, hint = self._named(sort, at)
            step = around.slot + step
            nth = self._seen[step] = self._seen.get(step, 0) + 1
            slot = f"{step}~{nth}" if nth > 1 else step
            is_dated = tag == "time"
            own = self._outline.attributes[at]
            if len(own) > 1 or "class" not in own:
                if "itemprop" in own:
                    hint = hint_of_property(own["itemprop"] or "") or hint
                if tag == "a":
                    hint = Hint.CATEGORY if "tag" in (own.get("rel") or "").split() else hint
                else:
                    is_dated = is_dated or not _DATING.isdisjoint(own)
            if tag == "button" and not around.heading:
                hint = Hint.NOISE  # in a heading it is what opens the item
            if sort.is_cell and self._heads and not hint and slot.count("/") == 1:
                hint = self._heads[nth - 1] if nth <= len(self._heads) else Hint.NONE
            link = self._link(sort, around, slot, hint, element)
            if sort.is_block:
                self._blocks += 1
                self._lines = 0
                if link >= 0:
                    self._template.links[link].is_block = True
            is_dated = is_dated or (tag == "meta" and hint is Hint.DATE)
            self._open.append(
                _Open(
                    self._outline.depths[at],
                    slot,
                    sort.is_block,
                    element if is_dated else -1,
                    len(self._template.leaves),
                    slot if sort.is_block else around.block,
                    link,
                    hint or around.hint,
                    slot if sort.is_heading else around.heading,
                    around.is_bold or sort.is_bold,
                    "" if sort.is_block else around.mark if tag == "a" else slot,
                )
            )

    def _named(self, sort: Sort, at: int) -> tuple[str, Hint]:
        """Return the step of an element; the name of a wrapper says nothing of what is in it."""
        step, hint = _named(sort.tag, sort.name)
        texts = self._outline.firsts[at], self._outline.lasts[at]
        return step, Hint.NONE if texts == self._texts else hint

    def _link(self, sort: Sort, around: _Open, slot: str, hint: Hint, element: int) -> int:
        """Return which link stands around all that is in an element."""
        if sort.tag != "a":
            return around.link
        if not sort.is_link:
            return -1
        self._template.link_slots.setdefault(slot, len(self._template.links))
        self._template.links.append(Link(element, slot, hint))
        return len(self._template.links) - 1

    def _close(self, depth: int) -> None:
        """Leave the elements that are as deep as *depth* or deeper.

        An element is noted whose few texts may mean something together, or whose attribute does.
        """
        while self._open[-1].depth >= depth:
            one = self._open.pop()
            if one.is_block:
                self._blocks += 1
                self._lines = 0
            end = len(self._template.leaves)
            if one.machine >= 0 or end > one.first + 1:
                self._units.append(
                    Unit("box", one.slot, one.first, end, hint=one.hint, machine=one.machine)
                )


def _units(template: Template) -> Iterable[Unit]:
    """Return runs of texts: of one link, heading, inline element or line, or beside links.

    Of runs of the same texts only the most telling kind is a unit.
    """
    leaves, links = template.leaves, template.links
    found: dict[tuple[int, int], Unit] = {}
    lines = _cut([leaf.line for leaf in leaves])
    within = [
        leaf.link if leaf.link >= 0 and not links[leaf.link].is_block else None for leaf in leaves
    ]
    stretches = (
        ("link", [None if link is None else links[link].slot for link in within]),
        ("heading", [leaf.heading or None for leaf in leaves]),
        ("mark", [leaf.mark or None for leaf in leaves]),
        ("mark", [_outmost(leaf) for leaf in leaves]),
    )
    for kind, slots in stretches:
        for start, end in _cut(within if kind == "link" else slots):
            if (start, end) not in found:
                found[start, end] = _unit(kind, slots[start] or "", leaves, start, end)
    for start, end in lines:
        block, (_, line) = leaves[start].block, leaves[start].line
        slot = f"{block}#{line}" if line else block
        if (start, end) not in found:
            found[start, end] = _unit("line", slot, leaves, start, end)
        bare = [
            True if within[at] is None and not leaves[at].mark else None for at in range(start, end)
        ]
        for nth, (first, last) in enumerate(_cut(bare), start=1):
            key = start + first, start + last
            if key not in found:
                found[key] = _unit("text", f"{block}#{line}^{nth}", leaves, *key)
    return [found[key] for key in sorted(found)]


def _outmost(leaf: Leaf) -> str | None:
    """Return the slot of the inline element around all others, in which a text stands."""
    if not leaf.mark:
        return None
    within = leaf.mark[len(leaf.block) + 1 :]
    return f"{leaf.block}/{within.partition('/')[0]}"


def _cut(values: Sequence[object]) -> list[tuple[int, int]]:
    """Return where stretches of one value begin and end; None is no value."""
    found = []
    start, before = 0, None
    for at, value in enumerate(values):
        if value != before:
            if before is not None:
                found.append((start, at))
            start, before = at, value
    if before is not None:
        found.append((start, len(values)))
    return found


def _unit(kind: str, slot: str, leaves: Sequence[Leaf], start: int, end: int) -> Unit:
    """Return some texts as one unit."""
    first = leaves[start]
    link, hint, is_heading, is_bold = first.link, first.hint, bool(first.heading), first.is_bold
    for leaf in leaves[start + 1 : end]:
        link = link if leaf.link == link else -1
        hint = hint if leaf.hint is hint else Hint.NONE
        is_heading = is_heading and bool(leaf.heading)
        is_bold = is_bold and leaf.is_bold
    return Unit(kind, slot, start, end, link, hint, is_heading, is_bold)


@lru_cache(maxsize=20_000)
def _named(tag: str, name: str) -> tuple[str, Hint]:
    """Return the step of an element in a slot, and what it is named after."""
    hint = hint_of(name) if name else Hint.NONE
    if tag == "time" and hint is not Hint.UPDATED:
        hint = Hint.DATE
    if tag in {"td", "th"}:
        return "/td", hint
    first = _first(name) if name else ""
    return (f"/{tag}.{first}" if name else f"/{tag}"), hint


def _first(name: str) -> str:
    """Return the first class that is the same in all items."""
    for word in name.split()[:12]:
        if not any(sign.isdigit() for sign in word):
            return word
    return ""
