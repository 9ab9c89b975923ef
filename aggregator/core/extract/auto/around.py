"""What stands around the items and belongs to them: column heads, dates above, lost items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from selectolax.lexbor import LexborNode

from aggregator.core.extract.auto.dated import date_in, is_date
from aggregator.core.extract.auto.features import line, width
from aggregator.core.extract.auto.hints import Hint, hint_of_header
from aggregator.core.extract.auto.runs import Nodes

_LEVELS = 3  # above an item, at which a date may stand for several
_BEFORE = 6  # siblings before a list that are looked at
_SIBLINGS = 20_000
_SHORT = 80  # characters of a line that is a date
_LONG = 400
_PROSE = 40  # width; so much must be said by an item that has neither title nor link
_WHOLE = frozenset({"li", "article", "div", "section", "tr", "dd"})
_CELLS = frozenset({"td", "th"})


def heads_of(root: LexborNode) -> tuple[Hint, ...]:
    """Return what the columns of a row's table hold, by the table's head."""
    if root.tag != "tr":
        return ()
    table = root.parent
    while table is not None and table.tag != "table":
        table = table.parent
    head = table.css_first("th") if table is not None else None
    row = head.parent if head is not None else None
    if row is None or row.mem_id == root.mem_id:
        return ()
    hints = []
    cell = row.first_child
    while cell is not None:
        if cell.tag in _CELLS:
            hints.append(hint_of_header(line(cell.text(deep=True)[:_SHORT])))
        cell = cell.next
    return tuple(hints)


def dates_above(records: Sequence[Nodes]) -> dict[int, str]:
    """Return the date lines that stand above several items each, by record.

    Nothing when there is only one such line: it would be the day the page was made.
    """
    roots = {node.mem_id for record in records for node in record}
    known: dict[int, str] = {}
    found: dict[int, str] = {}
    for at, record in enumerate(records):
        date = _above(record[0], roots, known, _LEVELS)
        if date:
            found[at] = date
    return found if len(set(found.values())) > 1 else {}


def _above(node: LexborNode, roots: set[int], known: dict[int, str], levels: int) -> str:
    """Return the nearest date line before a node, among its siblings or those above."""
    passed = []
    before = node.prev
    date = ""
    for _ in range(_SIBLINGS):
        if before is None:
            break
        if before.mem_id in known:
            date = known[before.mem_id]
            break
        passed.append(before.mem_id)
        if before.mem_id not in roots and not before.is_empty_text_node:
            date = _date_line(before)
            if date:
                break
        before = before.prev
    parent = node.parent
    if not date and levels and parent is not None and parent.tag != "body":
        date = known.get(parent.mem_id, "") or _above(parent, roots, known, levels - 1)
    known.update(dict.fromkeys(passed, date))
    return date


def _date_line(node: LexborNode) -> str:
    if node.tag in {"script", "style", "-comment"}:
        return ""
    text = node.text(deep=True)
    if len(text) > _LONG:
        return ""
    text = line(text)
    return text if len(text) <= _SHORT and is_date(text) else ""


def with_strays(records: Sequence[Nodes]) -> list[Nodes]:
    """Return the items with those that have neither title nor link, but date and prose.

    They are elements of the same name beside the others. A row of a table that lacks only
    the link is none: what it names is not there yet.
    """
    first = records[0][0]
    if first.tag not in _WHOLE or any(len(record) > 1 for record in records):
        return list(records)
    known: Mapping[int, Nodes] = {record[0].mem_id: record for record in records}
    name = _name(first)
    found: list[Nodes] = []
    for parent in {record[0].parent.mem_id: record[0].parent for record in records}.values():  # type: ignore[union-attr]
        child = parent.first_child if parent is not None else None
        for _ in range(_SIBLINGS):
            if child is None:
                break
            if child.mem_id in known:
                found.append(known[child.mem_id])
            elif child.tag == first.tag and _name(child) == name and _is_item(child):
                found.append((child,))
            child = child.next
    return found


def _name(node: LexborNode) -> str:
    return (node.attributes.get("class") or "").partition(" ")[0]


def _is_item(node: LexborNode) -> bool:
    text = line(node.text(deep=True, separator=" ")[:_LONG])
    if width(text) < _PROSE or not date_in(text):
        return False
    parts = (line(part) for part in node.text(deep=True, separator="\n").split("\n"))
    return any(width(part) >= _PROSE for part in parts)
