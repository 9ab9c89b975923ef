"""The page as light arrays: what could begin an item, and all that stands above it.

Only links, headings, terms and times are looked at, with their ancestors: some five hundred
nodes of a page of three thousand. Everything else is read once the list is chosen.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

SEEDS = "a[href],h1,h2,h3,h4,h5,h6,dt,time"
MAX_SEEDS = 10_000
MAX_DEPTH = 200  # a page that nests deeper is an attack; its deeper parts are not read

_CELLS = frozenset({"td", "th"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_REGION = re.compile(
    r"content|main|nav|menu|header|footer|bottom|side|left|right|cent(?:er|re)", re.IGNORECASE
)
# Says where in a list an item stands, or how it fares; never what it is.
_STATE = re.compile(
    r"^(?:odd|even|first|last|alt\d?|active|current|selected|hot|new|old|un?read|sticky|pinned"
    r"|clearfix|clear|cf|row-\w+|views-row-.*|is-.*|has-.*|js-.*|no-\w+|col-.*|item-\d.*"
    r"|.*(?:odd|even|first|last))$"
)


class Outline:
    """Nodes in document order; the arrays run side by side.

    ``parents[i]`` is the index of the parent (-1: the root), ``steps[i]`` the node's name
    ("li.item"), ``paths[i]`` a number that nodes share whose names and ancestors' names are
    the same, ``names[i]`` its classes and id, ``ends[i]`` the index after all below it, and
    ``seeds`` are the nodes that could begin an item; when there are too many, the rest is cut.
    """

    __slots__ = (
        "classes",
        "depths",
        "ends",
        "hrefs",
        "is_cut",
        "names",
        "nodes",
        "parents",
        "paths",
        "seeds",
        "steps",
        "tags",
    )

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.nodes: list[LexborNode] = []
        self.parents: list[int] = []
        self.depths: list[int] = []
        self.tags: list[str] = []
        self.classes: list[str] = []
        self.names: list[str] = []
        self.hrefs: list[str] = []
        self.seeds: list[int] = []
        self._gather(tree)
        self.steps = self._name()
        self.paths = self._number(self.steps)
        self.ends = self._extents()

    def _gather(self, tree: LexborHTMLParser) -> None:
        known: dict[int, int] = {}
        seeds = tree.css(SEEDS)
        self.is_cut = len(seeds) > MAX_SEEDS
        for seed in seeds[:MAX_SEEDS]:
            chain: list[LexborNode] = []
            node: LexborNode | None = seed
            at = -1
            while node is not None and len(chain) <= MAX_DEPTH:
                at = known.get(node.mem_id, -1)
                if at >= 0:
                    break
                chain.append(node)
                node = node.parent
            if (self.depths[at] if at >= 0 else 0) + len(chain) > MAX_DEPTH:
                continue
            for above in reversed(chain):
                at = self._add(above, at)
                known[above.mem_id] = at
            self.seeds.append(at)

    def _add(self, node: LexborNode, parent: int) -> int:
        self.nodes.append(node)
        self.parents.append(parent)
        self.depths.append(self.depths[parent] + 1 if parent >= 0 else 0)
        self.tags.append(node.tag or "")
        attributes = node.attributes
        name = attributes.get("class") or ""
        self.classes.append(name)
        self.names.append(f"{name} {attributes['id']}" if attributes.get("id") else name)
        self.hrefs.append(attributes.get("href") or "")
        return len(self.nodes) - 1

    def _name(self) -> list[str]:
        """Name each node by its tag and the class it shares with most others."""
        found: dict[str, list[str]] = {}
        for text in set(self.classes):
            found[text] = [word for word in text.split()[:30] if _is_telling(word)]
        counts: Counter[str] = Counter()
        for text in self.classes:
            counts.update(found[text])
        best = {
            text: max(words, key=lambda word: (counts[word], -len(word)), default="")
            for text, words in found.items()
        }
        steps = []
        for at, tag in enumerate(self.tags):
            if tag in _CELLS:
                steps.append(f"td:{_column(self.nodes[at])}")
            else:
                name = best[self.classes[at]]
                region = _REGION.search(self.names[at][len(self.classes[at]) :])
                step = f"{tag}.{name}" if name else tag
                steps.append(f"{step}#{region[0]}" if region else step)
        return steps

    def _number(self, steps: list[str]) -> list[int]:
        numbers: dict[tuple[int, str], int] = {}
        paths: list[int] = []
        for parent, step in zip(self.parents, steps, strict=True):
            above = paths[parent] if parent >= 0 else -1
            paths.append(numbers.setdefault((above, step), len(numbers)))
        return paths

    def loose_paths(self) -> list[int]:
        """Return the paths without the places of cells: for items side by side in rows."""
        if not any(step.startswith("td:") for step in self.steps):
            return []
        return self._number([step.partition(":")[0] for step in self.steps])

    def _extents(self) -> list[int]:
        """Return for each node the index after the last one below it."""
        ends = list(range(1, len(self.nodes) + 1))
        for at in range(len(ends) - 1, 0, -1):
            parent = self.parents[at]
            ends[parent] = max(ends[parent], ends[at])
        return ends

    def is_heading(self, at: int) -> bool:
        """Tell whether a node is one of h1 to h6."""
        return self.tags[at] in _HEADINGS

    def above(self, at: int, level: int) -> int:
        """Return the ancestor of a node that has the depth *level*."""
        while self.depths[at] > level:
            at = self.parents[at]
        return at

    def common(self, one: int, other: int) -> int:
        """Return the lowest node above both."""
        depths, parents = self.depths, self.parents
        while depths[one] > depths[other]:
            one = parents[one]
        while depths[other] > depths[one]:
            other = parents[other]
        while one != other:
            one, other = parents[one], parents[other]
        return one

    def path_of(self, at: int, top: int = -1) -> list[int]:
        """Return the nodes from below *top* down to a node."""
        found = []
        while at not in {top, -1}:
            found.append(at)
            at = self.parents[at]
        return found[::-1]


@lru_cache(maxsize=50_000)
def _is_telling(word: str) -> bool:
    return not any(sign.isdigit() for sign in word) and not _STATE.match(word)


def _column(cell: LexborNode) -> int:
    """Return the place of a cell in its row."""
    place = 0
    before = cell.prev
    while before is not None and place < MAX_DEPTH:
        if before.tag in _CELLS:
            place += 1
        before = before.prev
    return place
