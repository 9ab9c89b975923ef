"""Items without an element of their own: runs of siblings, cut where the next one begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import TypeAlias

from selectolax.lexbor import LexborNode

Nodes: TypeAlias = tuple[LexborNode, ...]  # the nodes of one item, siblings in page order

_MAX_SIBLINGS = 50_000
_MAX_CELLS = 50
_UNSEEN = frozenset({"script", "style", "-comment", "template", "link", "noscript", "meta"})
_MUTE = frozenset({"br", "hr", "wbr"})
_ENDS = frozenset({"h1", "h2"})  # an item of lesser headings does not reach over these
_WHOLE = frozenset({"tr", "li", "article", "section", "div"})
_INLINE = frozenset({"a", "b", "strong", "font", "span", "em", "i", "u", "time"})


@dataclass(frozen=True, slots=True)
class _Runs:
    """The children of one parent: what stands before the first root and after each."""

    head: list[LexborNode]
    after: list[tuple[LexborNode, list[LexborNode]]]


def records_of(
    parents: Sequence[LexborNode], roots: Sequence[LexborNode], *, is_paired: bool = False
) -> list[Nodes]:
    """Return the nodes of each item, in page order.

    An item is its root alone when hardly anything stands between the roots. Else it reaches
    to the next root; or it begins after the last one, when the list begins with what belongs
    to its first item; or lines decide, where roots and text are only parted by them.

    Args:
        parents: Of the roots, each once, in page order.
        roots: The nodes that mark the items, in page order.
        is_paired: The next row belongs to an item even when it looks like the first.
    """
    alone: list[Nodes] = [(root,) for root in roots]
    if len(parents) * 2 > len(roots):
        return alone
    marks = {root.mem_id for root in roots}
    kin = set() if is_paired else {_shape(root) for root in roots if root.tag in _WHOLE}
    runs = [_runs(parent, marks, kin) for parent in parents]
    between = [_said(nodes) for run in runs for _, nodes in run.after[:-1]]
    usual = median_low(between) if between else 0
    if usual == 0:
        return alone
    most = max(between)
    if roots[0].tag in _INLINE and any(_has_line(run) for run in runs):
        return [record for run in runs for record in _by_lines(run)]
    if _begins_early(runs, usual):
        return [record for run in runs for record in _backward(run, most)]
    return [record for run in runs for record in _forward(run, most)]


def _shape(node: LexborNode) -> tuple[str, int]:
    """Return what rows of one kind share: rows that lack only the link are no part of others."""
    count = 0
    child = node.first_child
    while child is not None and count < _MAX_CELLS:
        count += child.is_element_node
        child = child.next
    return node.tag or "", count


def _runs(parent: LexborNode, marks: set[int], kin: set[tuple[str, int]]) -> _Runs:
    head: list[LexborNode] = []
    after: list[tuple[LexborNode, list[LexborNode]]] = []
    node = parent.first_child
    for _ in range(_MAX_SIBLINGS):
        if node is None:
            break
        if node.mem_id in marks:
            after.append((node, []))
        elif _is_apart(node, kin):
            pass
        elif not node.is_empty_text_node and node.tag not in _UNSEEN:
            (after[-1][1] if after else head).append(node)
        node = node.next
    return _Runs(head, after)


def _is_apart(node: LexborNode, kin: set[tuple[str, int]]) -> bool:
    return node.tag in _WHOLE and _shape(node) in kin


def _said(nodes: list[LexborNode]) -> int:
    """Return how many nodes say something: not line breaks, commas and bullets."""
    return sum(node.tag not in _MUTE and _speaks(node) for node in nodes)


def _speaks(node: LexborNode) -> bool:
    return any(sign.isalnum() for sign in node.text(deep=True)[:200])


def _has_line(run: _Runs) -> bool:
    return any(node.tag == "br" for _, nodes in run.after for node in nodes)


def _begins_early(runs: list[_Runs], usual: int) -> bool:
    """Tell whether what stands before a root belongs to it: a heading, then the link."""
    first, last = runs[0], runs[-1]
    if first.after[0][0].tag in {"h2", "h3", "h4", "h5", "h6", "dt"}:
        return False
    return _said(first.head) >= usual > _said(last.after[-1][1])


def _forward(run: _Runs, most: int) -> list[Nodes]:
    records = []
    for at, (root, nodes) in enumerate(run.after):
        taken = _until_end(root, nodes)
        if at == len(run.after) - 1:
            taken = taken[: most + _mute(taken)]
        records.append((root, *taken))
    return records


def _backward(run: _Runs, most: int) -> list[Nodes]:
    before = run.head[-most:]
    records = []
    for root, nodes in run.after:
        for at in range(len(before) - 1, -1, -1):
            if before[at].tag in _ENDS and root.tag not in _ENDS:
                before = before[at + 1 :]
                break
        records.append((*before, root))
        before = nodes
    return records


def _by_lines(run: _Runs) -> list[Nodes]:
    """Cut at the last line break before each root."""
    records = []
    before = _last_line(run.head)
    for at, (root, nodes) in enumerate(run.after):
        rest = _after_line(nodes) if at < len(run.after) - 1 else []
        records.append((*before, root, *nodes[: len(nodes) - len(rest)]))
        before = rest
    return records


def _last_line(nodes: list[LexborNode]) -> list[LexborNode]:
    """Return what stands on the line of the first root: what follows the last block."""
    for at in range(len(nodes) - 1, -1, -1):
        if nodes[at].tag not in _INLINE and nodes[at].tag != "-text":
            return nodes[at + 1 :]
    return nodes


def _after_line(nodes: list[LexborNode]) -> list[LexborNode]:
    for at in range(len(nodes) - 1, -1, -1):
        if nodes[at].tag == "br":
            return nodes[at + 1 :]
    return []


def _until_end(root: LexborNode, nodes: list[LexborNode]) -> list[LexborNode]:
    if root.tag in _ENDS:
        return nodes
    for at, node in enumerate(nodes):
        if node.tag in _ENDS:
            return nodes[:at]
    return nodes


def _mute(nodes: list[LexborNode]) -> int:
    return sum(node.tag in _MUTE for node in nodes)
