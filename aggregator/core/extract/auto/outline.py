"""The page as arrays that run side by side, filled in one walk over its tree.

Everything after it works on numbers and texts: a node of the tree is touched once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from operator import sub
from typing import Any, TypeVar

from selectolax.lexbor import LexborHTMLParser, LexborNode

from aggregator.core.extract.nodes import BLOCKS, UNSEEN

MAX_NODES = 80_000  # of a page that are looked at; the fullest page seen has 21,000
MAX_SEEDS = 10_000
MAX_DEPTH = 200  # a page that nests deeper is an attack; its deeper parts are not read
_CJK = "\u2e80"
_T = TypeVar("_T", bound=Hashable)

CELLS = frozenset({"td", "th"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SEEDS = HEADINGS | {"dt", "time"}
_SKIPPED = UNSEEN | {
    "-document",
    "!doctype",
    "select",
    "option",
    "textarea",
    "iframe",
    "rp",
    "rt",
}
_BOLD = frozenset({"b", "strong"})
_NOWHERE = re.compile(r"\s*(?:$|#|javascript:|mailto:|tel:|data:|about:)", re.IGNORECASE)
_PLAIN = frozenset("/h.?")  # how addresses begin that lead somewhere
_REGION = re.compile(
    r"content|main|nav|menu|header|footer|bottom|side|left|right|cent(?:er|re)", re.IGNORECASE
)
# Says where in a list an item stands, or how it fares; never what it is.
_STATE = re.compile(
    r"^(?:odd|even|first|last|alt\d?|active|current|selected|hot|new|old|un?read|sticky|pinned"
    r"|clearfix|clear|cf|row-\w+|views-row-.*|is-.*|has-.*|js-.*|no-\w+|col-.*|item-\d.*"
    r"|.*(?:odd|even|first|last))$"
)


@dataclass(frozen=True, slots=True, eq=False)
class Sort:
    """What elements of one name and classes have in common; each sort exists once."""

    tag: str
    name: str  # its classes
    is_link: bool = False  # it leads somewhere
    is_seed: bool = False  # it could begin an item
    is_block: bool = False
    is_heading: bool = False
    is_bold: bool = False
    is_cell: bool = False
    is_unseen: bool = False


@lru_cache(maxsize=50_000)
def _sort(tag: str, name: str, leads: bool | None) -> Sort:  # noqa: FBT001
    """Return the sort of an element; *leads*: somewhere, nowhere, or (None) it is no link."""
    return Sort(
        tag=tag,
        name=name,
        is_link=bool(leads),
        is_seed=tag in _SEEDS or leads is not None,
        is_block=tag in BLOCKS,
        is_heading=tag in HEADINGS,
        is_bold=tag in _BOLD,
        is_cell=tag in CELLS,
        is_unseen=tag in _SKIPPED,
    )


def _tag_id(tag: str) -> int:
    """Return the number that the parser gives to a tag."""
    node = LexborHTMLParser(f"<{tag}>x").css_first(tag)
    return node.tag_id if node is not None else -1


def _text_id() -> int:
    node = LexborHTMLParser("<p>x").css_first("p")
    return node.first_child.tag_id if node is not None and node.first_child is not None else -1


_LINK, _TEXT = _tag_id("a"), _text_id()


def most(values: Iterable[_T]) -> _T:
    """Return the value that comes most often, the first of several."""
    return Counter(values).most_common(1)[0][0]


def width(text: str) -> int:
    """Return how much a text says: its length, a Chinese character counting for three."""
    if text.isascii() or max(text) < _CJK:
        return len(text)
    return len(text) + 2 * sum(sign >= _CJK for sign in text)


class Outline:
    """Elements and texts in document order.

    ``parents[i]`` is the index of the element's parent (-1: the root), ``ends[i]`` the index
    after all below it, ``firsts[i]`` and ``lasts[i]`` where the texts in it begin and end, and
    ``seeds`` are the elements that could begin an item; when there are too many of anything,
    the rest is cut. A blank between elements is kept at the end of the text before it.
    """

    __slots__ = (
        "attributes",
        "depths",
        "ends",
        "firsts",
        "gaps",
        "hrefs",
        "ids",
        "is_cut",
        "lasts",
        "parents",
        "reach",
        "seeds",
        "sorts",
        "steps",
        "templates",
        "text_depths",
        "texts",
    )

    def __init__(self, tree: LexborHTMLParser, *, with_ids: bool = False) -> None:
        self.ids: list[int] = []  # of the tree's nodes, when they were asked for
        self.sorts: list[Sort] = []
        self.parents: list[int] = []
        self.depths: list[int] = []
        self.ends: list[int] = []
        self.attributes: list[Mapping[str, str | None]] = []
        self.hrefs: dict[int, str] = {}
        self.firsts: list[int] = []
        self.lasts: list[int] = []
        self.texts: list[str] = []
        self.text_depths: list[int] = []  # of the element that each text stands in
        self.is_cut = False
        if tree.body is not None:
            self._walk(tree.body, with_ids=with_ids)
        self.firsts.append(len(self.texts))
        self.gaps = [0, *map(sub, self.firsts[1:], self.firsts)]  # texts since the element before
        self.reach = [
            0,
            *accumulate(
                [
                    len(text.strip()) if text.isascii() else width(text.strip())
                    for text in self.texts
                ]
            ),
        ]
        seeds = [at for at, sort in enumerate(self.sorts) if sort.is_seed]
        self.is_cut = self.is_cut or len(seeds) > MAX_SEEDS
        self.seeds = seeds[:MAX_SEEDS]
        self.steps = _Steps(self)
        self.templates: dict[object, object] = {}

    def _walk(self, body: LexborNode, *, with_ids: bool) -> None:  # noqa: C901, PLR0912, PLR0915 -- the hot loop
        sorts, parents, depths, ends = self.sorts, self.parents, self.depths, self.ends
        attributes, hrefs = self.attributes, self.hrefs
        firsts, lasts = self.firsts, self.lasts
        texts, text_depths = self.texts, self.text_depths
        key: object
        known: dict[object, Sort] = {}
        above: list[LexborNode] = []
        node: Any = body
        at, depth, count = -1, -1, 0
        for _ in range(MAX_NODES):
            tag = node.tag_id
            if tag == _TEXT:
                text = node.text_content
                if not text.isspace():
                    texts.append(text)
                    text_depths.append(depth)
                elif texts:
                    texts[-1] += " "
            else:
                own = node.attributes
                if tag == _LINK and "href" in own:
                    href = hrefs[count] = own["href"] or ""
                    leads = href[:1] in _PLAIN or _NOWHERE.match(href) is None
                    key = (own.get("class"), leads)
                else:
                    leads = None
                    key = (tag, own.get("class")) if own else tag
                sort = known.get(key)
                if sort is None:
                    sort = known[key] = _sort(node.tag or "", own.get("class") or "", leads)
                if not sort.is_unseen:
                    if with_ids:
                        self.ids.append(node.mem_id)
                    sorts.append(sort)
                    parents.append(at)
                    depths.append(depth + 1)
                    attributes.append(own)
                    firsts.append(len(texts))
                    child = node.first_child
                    if child is not None and depth < MAX_DEPTH:
                        ends.append(0)
                        lasts.append(0)
                        above.append(node)
                        at = count
                        depth += 1
                        count += 1
                        node = child
                        continue
                    count += 1
                    ends.append(count)
                    lasts.append(len(texts))
            node = node.next
            while node is None and above:
                ends[at] = count
                lasts[at] = len(texts)
                at = parents[at]
                depth -= 1
                node = above.pop().next
            if node is None or at < 0:
                return
        self.is_cut = True
        while at >= 0:
            ends[at] = count
            lasts[at] = len(texts)
            at = parents[at]

    def tag(self, at: int) -> str:
        """Return the name of an element."""
        return self.sorts[at].tag

    def text(self, at: int, *, most: int, apart: str = "") -> str:
        """Return the text of an element on one line; of at most so many texts in it."""
        start = self.firsts[at]
        end = min(self.lasts[at], start + most)
        return " ".join(apart.join(self.texts[start:end]).split())

    def said(self, at: int) -> str:
        """Return the texts of an element as they are, to tell elements apart."""
        return "".join(self.texts[self.firsts[at] : self.lasts[at]]).strip()

    def length(self, at: int) -> int:
        """Return the width of the texts of an element, blanks around them left out."""
        return self.reach[self.lasts[at]] - self.reach[self.firsts[at]]

    def children(self, at: int) -> Iterator[int]:
        """Yield the elements right below one."""
        child, end = at + 1, self.ends[at]
        while child < end:
            yield child
            child = self.ends[child]

    def is_heading(self, at: int) -> bool:
        """Tell whether an element is one of h1 to h6."""
        return self.sorts[at].is_heading

    def above(self, at: int, level: int) -> int:
        """Return the ancestor of an element that has the depth *level*."""
        depths, parents = self.depths, self.parents
        while depths[at] > level:
            at = parents[at]
        return at

    def meeting(self, one: int, other: int) -> int:
        """Return the lowest element around two, the later of which is *other*."""
        while other > one:  # an element comes before all below it
            other = self.parents[other]
        return other

    def table(self, at: int) -> int:
        """Return the table around an element, or the element itself; -1: none."""
        while at >= 0 and self.tag(at) != "table":
            at = self.parents[at]
        return at

    def path_of(self, at: int, top: int = -1) -> list[int]:
        """Return the elements from below *top* down to an element."""
        found = []
        while at not in {top, -1}:
            found.append(at)
            at = self.parents[at]
        return found[::-1]


class _Steps:
    """Names of elements, and numbers of paths: the same for elements in like places."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._names = _names(outline.sorts)
        self._columns = _columns(outline)
        self.has_cells = bool(self._columns)

    def __getitem__(self, at: int) -> str:
        """Return the name of an element: "li.item", "td:2"."""
        if at in self._columns:
            return f"td:{self._columns[at]}"
        step = self._names[self._outline.sorts[at]]
        name = self._outline.attributes[at].get("id")
        region = _REGION.search(name) if name else None
        return f"{step}#{region[0]}" if region else step

    def paths(
        self, seeds: Sequence[int], *, is_loose: bool = False, is_bare: bool = False
    ) -> dict[int, int]:
        """Return the number of the path of each seed and of all above it.

        Elements share it when their names and those of all above them are the same. A loose
        path leaves out the places of cells: for items side by side in rows. A bare one is made
        of tags alone.
        """
        parents, sorts, attributes = (
            self._outline.parents,
            self._outline.sorts,
            self._outline.attributes,
        )
        names, columns = self._names, {} if is_loose else self._columns
        numbers: dict[tuple[int, str], int] = {}
        paths: dict[int, int] = {-1: -1}
        for seed in seeds:
            chain = []
            at = seed
            while at not in paths:
                chain.append(at)
                at = parents[at]
            number = paths[at]
            for at in reversed(chain):
                sort = sorts[at]
                if is_bare:
                    step = sort.tag
                elif sort.is_cell:
                    step = f"td:{columns[at]}" if columns else "td"
                elif "id" in attributes[at]:
                    step = self[at]
                else:
                    step = names[sort]
                key = (number, step)
                number = paths[at] = numbers.setdefault(key, len(numbers))
        return paths


def _names(sorts: Sequence[Sort]) -> dict[Sort, str]:
    """Name each sort by its tag and the class it shares with most other elements."""
    found = Counter(sorts)
    counts: Counter[str] = Counter()
    words = {sort: _telling(sort.name) for sort in found}
    for sort, count in found.items():
        for word in words[sort]:
            counts[word] += count
    names = {}
    for sort, listed in words.items():
        name = listed[0] if listed else ""
        if len(listed) > 1:
            name = max(listed, key=lambda word: (counts[word], -len(word)))
        names[sort] = f"{sort.tag}.{name}" if name else sort.tag
    return names


@lru_cache(maxsize=20_000)
def _telling(name: str) -> tuple[str, ...]:
    """Return those classes that say what an element is."""
    return tuple(
        word
        for word in name.split()[:30]
        if not any(sign.isdigit() for sign in word) and not _STATE.match(word)
    )


def _columns(outline: Outline) -> dict[int, int]:
    """Return the place of each cell in its row."""
    columns: dict[int, int] = {}
    counts: dict[int, int] = {}
    for at, sort in enumerate(outline.sorts):
        if sort.is_cell:
            row = outline.parents[at]
            columns[at] = counts[row] = counts.get(row, -1) + 1
    return columns
