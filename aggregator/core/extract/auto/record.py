"""One item taken apart: its texts, links and images, each with its place in the item."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from selectolax.lexbor import LexborNode

from aggregator.core.extract.auto.dated import date_in
from aggregator.core.extract.auto.hints import Hint, hint_of, hint_of_property
from aggregator.core.extract.nodes import BLOCKS, UNSEEN

MAX_LEAVES = 400  # texts of one item; what comes later is left out
MAX_TEXT = 10_000  # characters of one text
MAX_DEPTH = 60
BOX = 60  # characters of all texts in a small box: "22" "Jan" "2018"
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CELLS = frozenset({"td", "th"})
_BOLD = frozenset({"b", "strong"})
_SKIPPED = UNSEEN | {"button", "select", "option", "textarea", "iframe", "rp", "rt"}
_NOWHERE = re.compile(r"#|javascript:|mailto:|tel:|data:|about:", re.IGNORECASE)
_DATE_ATTRIBUTES = ("data-date", "data-datetime", "data-time", "data-timestamp")


@dataclass(slots=True)
class Link:
    """A link inside an item."""

    href: str
    slot: str
    hint: Hint
    is_block: bool = False  # it holds blocks: the whole card is the link
    rel: str = ""
    title: str = ""


@dataclass(slots=True)
class Unit:
    """A stretch of text that could be a title, a date, a summary.

    ``slot`` says where in the item: the same in all items of a list.
    """

    kind: str  # "line", "link", "text", "mark", "heading", "box"
    slot: str
    text: str
    start: int  # leaves
    end: int
    link: int = -1
    hint: Hint = Hint.NONE
    is_heading: bool = False
    is_bold: bool = False
    machine: str = ""  # the date for machines beside it


@dataclass(slots=True)
class Leaf:
    """One text node."""

    text: str
    line: tuple[int, int]  # which block it stands in, and which of its lines
    block: str  # slot of the block
    link: int  # -1: none
    hint: Hint
    heading: str  # slot of the heading around it
    is_bold: bool
    mark: str  # slot of the inline element around it


@dataclass(slots=True)
class Record:
    """All that one item says."""

    leaves: list[Leaf] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    images: list[Mapping[str, str | None]] = field(default_factory=list)


def join(leaves: Sequence[Leaf], *, apart: bool = False) -> str:
    """Return leaves as one line of text; a blank between lines, or between all of them."""
    parts: list[str] = []
    line = leaves[0].line if leaves else (0, 0)
    for leaf in leaves:
        if apart or leaf.line != line:
            parts.append(" ")
            line = leaf.line
        parts.append(leaf.text)
    return " ".join("".join(parts).split())


class _Around(NamedTuple):
    """What holds for all that stands inside an element."""

    slot: str = ""
    block: str = ""
    link: int = -1
    hint: Hint = Hint.NONE
    heading: str = ""
    bold: bool = False
    mark: str = ""


def read_record(nodes: Sequence[LexborNode], *, heads: Sequence[Hint] = ()) -> Record:
    """Take one item apart.

    Args:
        heads: What the columns hold, when items are rows of a table.
        nodes: Of the item, in page order. The name of a lone one says nothing about its
            parts, so it is left out, unless it is a link around everything.
    """
    reader = _Reader(heads)
    if len(nodes) == 1 and nodes[0].tag != "a":
        reader.read_children(nodes[0], _Around(), 0)
    else:
        for node in nodes:
            reader.read(node, _Around(), 0)
    reader.find_units()
    return reader.record


class _Reader:
    """Walks over the nodes of one item."""

    def __init__(self, heads: Sequence[Hint]) -> None:
        self.record = Record()
        self._heads = heads
        self._blocks = 0
        self._lines = 0
        self._seen: dict[str, int] = {}

    def read_children(self, node: LexborNode, around: _Around, depth: int) -> None:
        child = node.first_child
        while child is not None and len(self.record.leaves) < MAX_LEAVES:
            self.read(child, around, depth + 1)
            child = child.next

    def read(self, node: LexborNode, around: _Around, depth: int) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self._say(node.text_content or "", around)
        elif tag == "br":
            self._lines += 1
        elif tag == "img":
            self.record.images.append(node.attributes)
        elif depth > MAX_DEPTH:
            self._say(node.text(deep=True), around)
        elif tag not in _SKIPPED:
            self._enter(node, tag, around, depth)

    def _say(self, text: str, around: _Around) -> None:
        leaves = self.record.leaves
        if not text or text.isspace():
            if leaves and text:
                leaves[-1].text += " "
            return
        leaves.append(
            Leaf(
                text[:MAX_TEXT],
                (self._blocks, self._lines),
                around.block,
                around.link,
                around.hint,
                around.heading,
                around.bold,
                around.mark,
            )
        )

    def _enter(self, node: LexborNode, tag: str, around: _Around, depth: int) -> None:
        attributes = node.attributes
        step, hint = _named(tag, attributes.get("class") or "")
        slot = self._slot(around.slot + step)
        machine = ""
        if len(attributes) > 1 or tag == "time":
            if "itemprop" in attributes:
                hint = hint_of_property(attributes["itemprop"] or "") or hint
            machine = _machine(tag, attributes, hint)
        if tag in _CELLS and self._heads and not hint and slot.count("/") == 1:
            hint = self._head(slot)
        is_block = tag in BLOCKS
        link = self._link(attributes, slot, hint) if tag == "a" else around.link
        if is_block:
            self._blocks += 1
            self._lines = 0
            if link >= 0:
                self.record.links[link].is_block = True
        start = len(self.record.leaves)
        inside = _Around(
            slot,
            slot if is_block else around.block,
            link,
            hint or around.hint,
            slot if tag in _HEADINGS else around.heading,
            around.bold or tag in _BOLD,
            "" if is_block else around.mark if tag == "a" else slot,
        )
        self.read_children(node, inside, depth)
        if is_block:
            self._blocks += 1
            self._lines = 0
        if machine or len(self.record.leaves) > start + 1:
            self._box(start, inside, machine)

    def _head(self, slot: str) -> Hint:
        at = int(slot.rpartition("~")[2]) - 1 if "~" in slot else 0
        return self._heads[at] if at < len(self._heads) else Hint.NONE

    def _slot(self, step: str) -> str:
        nth = self._seen[step] = self._seen.get(step, 0) + 1
        return f"{step}~{nth}" if nth > 1 else step

    def _link(self, attributes: Mapping[str, str | None], slot: str, hint: Hint) -> int:
        href = (attributes.get("href") or "").strip()
        if not href or _NOWHERE.match(href):
            return -1
        rel = attributes.get("rel") or ""
        title = attributes.get("title") or ""
        self.record.links.append(Link(href=href, slot=slot, hint=hint, rel=rel, title=title))
        return len(self.record.links) - 1

    def _box(self, start: int, inside: _Around, machine: str) -> None:
        """Note an element whose few texts may mean something together, or whose attribute does."""
        leaves = self.record.leaves[start:]
        if not machine and sum(len(leaf.text) for leaf in leaves) > BOX:
            return
        self.record.units.append(
            Unit(
                kind="box",
                slot=inside.slot,
                text=join(leaves, apart=True),
                start=start,
                end=start + len(leaves),
                hint=inside.hint,
                machine=machine,
            )
        )

    def find_units(self) -> None:
        """Group the texts: by line, by link, by inline element, by heading, beside links."""
        runs = _Runs(self.record)
        for at, leaf in enumerate(self.record.leaves):
            runs.take(at, leaf)
        runs.end(len(self.record.leaves))
        self.record.units.extend(runs.units.values())


_TELLING = {"link": 4, "heading": 3, "mark": 2, "line": 1, "text": 0}  # of the same texts


class _Runs:
    """Cuts the texts of an item into runs of one kind each, in one pass."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._line: tuple[int, int] = (-1, -1)
        self._starts = dict.fromkeys(("line", "link", "mark", "heading", "text"), 0)
        self._values: dict[str, Any] = dict.fromkeys(self._starts)
        self._nth = 0
        self.units: dict[tuple[int, int], Unit] = {}  # by their texts; the most telling kind

    def take(self, at: int, leaf: Leaf) -> None:
        """Add one text; runs that end before it become units."""
        values = self._values
        link = leaf.link if leaf.link >= 0 and not self._record.links[leaf.link].is_block else None
        if leaf.line != values["line"]:
            self._turn("text", at, None)
            self._turn("line", at, leaf.line)
            self._nth = 0
        if link != values["link"]:
            self._turn("link", at, link)
        mark = leaf.mark or None
        if mark != values["mark"]:
            self._turn("mark", at, mark)
        heading = leaf.heading or None
        if heading != values["heading"]:
            self._turn("heading", at, heading)
        bare = True if link is None and mark is None else None
        if bare != values["text"]:
            self._turn("text", at, bare)

    def end(self, at: int) -> None:
        """Finish all runs."""
        self._turn("text", at, None)
        for kind in ("line", "link", "mark", "heading"):
            self._turn(kind, at, None)

    def _turn(self, kind: str, at: int, value: Any) -> None:
        before, start = self._values[kind], self._starts[kind]
        self._values[kind], self._starts[kind] = value, at
        if before is None or start >= at:
            return
        leaves = self._record.leaves
        first = leaves[start]
        slot = str(before)
        if kind == "line":
            slot = f"{first.block}#{first.line[1]}" if first.line[1] else first.block
        elif kind == "link":
            slot = self._record.links[before].slot
        elif kind == "text":
            self._nth += 1
            is_whole = start == self._starts["line"] and (
                at == len(leaves) or leaves[at].line != first.line
            )
            if is_whole:
                return
            slot = f"{first.block}#{first.line[1]}^{self._nth}"
        other = self.units.get((start, at))
        if other is None or _TELLING[kind] > _TELLING[other.kind]:
            self.units[start, at] = _unit(kind, slot, leaves, start, at)


def _unit(kind: str, slot: str, leaves: Sequence[Leaf], start: int, end: int) -> Unit:
    """Return some texts as one unit."""
    first = leaves[start]
    if end - start == 1:
        return Unit(
            kind=kind,
            slot=slot,
            text=" ".join(first.text.split()),
            start=start,
            end=end,
            link=first.link,
            hint=first.hint,
            is_heading=bool(first.heading),
            is_bold=first.is_bold,
        )
    run = leaves[start:end]
    return Unit(
        kind=kind,
        slot=slot,
        text=join(run),
        start=start,
        end=end,
        link=first.link if all(leaf.link == first.link for leaf in run) else -1,
        hint=first.hint if all(leaf.hint is first.hint for leaf in run) else Hint.NONE,
        is_heading=all(leaf.heading for leaf in run),
        is_bold=all(leaf.is_bold for leaf in run),
    )


@lru_cache(maxsize=20_000)
def _named(tag: str, name: str) -> tuple[str, Hint]:
    """Return the step of an element in a slot, and what it is named after."""
    hint = hint_of(name) if name else Hint.NONE
    if tag == "time" and hint is not Hint.UPDATED:
        hint = Hint.DATE
    if tag in _CELLS:
        return "/td", hint
    first = _first(name) if name else ""
    return (f"/{tag}.{first}" if name else f"/{tag}"), hint


def _machine(tag: str, attributes: Mapping[str, str | None], hint: Hint) -> str:
    """Return a date that an attribute may hold; one that names a zone before a bare count."""
    if attributes.get("datetime"):
        return attributes["datetime"] or ""
    title = "" if tag == "a" else attributes.get("title") or ""
    if title and date_in(title):
        return title
    for key in _DATE_ATTRIBUTES:
        if attributes.get(key):
            return attributes[key] or ""
    if tag == "meta" and hint is Hint.DATE:
        return attributes.get("content") or ""
    return ""


def _first(name: str) -> str:
    """Return the first class that is the same in all items."""
    for word in name.split()[:12]:
        if not any(sign.isdigit() for sign in word):
            return word
    return ""
