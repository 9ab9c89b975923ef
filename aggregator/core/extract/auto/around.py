"""What stands around the items and belongs to them: column heads, dates above, lost items."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from aggregator.core.extract.auto.addresses import is_hub, shape_of
from aggregator.core.extract.auto.dated import date_in, is_date
from aggregator.core.extract.auto.hints import Hint, hint_of_header
from aggregator.core.extract.auto.kin import is_apart
from aggregator.core.extract.auto.outline import Outline, width
from aggregator.core.extract.auto.runs import siblings
from aggregator.core.extract.auto.spans import Span, Spans, span_of

_LEVELS = 3  # above an item, at which a date may stand for several
_SHORT = 80  # characters of a line that is a date
_TEXTS = 12  # of such a line
_PROSE = 40  # width; so much must be said by an item that has neither title nor link
_WHOLE = frozenset({"li", "article", "div", "section", "dd", "dl", "tr", "p", "figure", "a"})
_BARE = frozenset({"tr", "p", "a"})  # these lack a title only because it is not there yet
_AROUND = frozenset({"div", "section", "article"})  # may be put around one item
_SAMPLE = 20  # items whose addresses are looked at
_ALIKE = 0.6  # of them have addresses of one shape
_SAID = 10  # width of the least that an item says
_COLUMNS = 2  # at least, of a table with a head
_NO_NAME = re.compile(r"\d|.{31}")  # of a column
_TELLING = {Hint.DATE, Hint.UPDATED, Hint.TITLE}


def heads_of(outline: Outline, root: int) -> tuple[Hint, ...]:
    """Return what the columns of a row's table hold, by the table's head."""
    if outline.tag(root) != "tr":
        return ()
    table = outline.table(root)
    cells = range(max(table, 0), outline.ends[table] if table >= 0 else 0)
    head = next((at for at in cells if outline.tag(at) == "th"), None)
    row = outline.parents[head] if head is not None else _first_row(outline, cells)
    if row in {root, -1} or (head is None and not is_head(outline, row)):
        return ()
    return tuple(
        hint_of_header(outline.text(at, most=_TEXTS)[:_SHORT])
        for at in outline.children(row)
        if outline.sorts[at].is_cell
    )


def _first_row(outline: Outline, cells: range) -> int:
    return next((at for at in cells if outline.tag(at) == "tr"), -1)


def is_head(outline: Outline, row: int) -> bool:
    """Tell whether a row holds the names of columns, whatever its cells are called.

    Its links, where it has some, sort the table.
    """
    if outline.tag(row) != "tr":
        return False
    cells = [at for at in outline.children(row) if outline.sorts[at].is_cell]
    names = [name for at in cells if (name := outline.text(at, most=_TEXTS))]
    if len(names) < _COLUMNS or any(_NO_NAME.search(name) for name in names):
        return False
    hints = [hint_of_header(name) for name in names]
    if 2 * sum(map(bool, hints)) < len(names) or _TELLING.isdisjoint(hints):
        return False
    hrefs = [outline.hrefs[at] for at in range(row, outline.ends[row]) if at in outline.hrefs]
    return all(href[:1] in {"", "#", "?"} or is_hub(href) for href in hrefs)


def heading_above(outline: Outline, root: int) -> str:
    """Return the heading before a list: nothing but what holds the list stands between."""
    for _ in range(_LEVELS):
        parent = outline.parents[root]
        if parent < 0:
            return ""
        before = [child for child in outline.children(parent) if child < root][-1:]
        for at in before:
            inside = range(at, min(outline.ends[at], at + _LEVELS))
            is_headed = any(outline.is_heading(one) for one in inside)
            return outline.text(at, most=_TEXTS) if is_headed else ""
        root = parent
    return ""


def dates_above(outline: Outline, records: Sequence[Spans]) -> dict[int, str]:
    """Return the date lines that stand above several items each, by record.

    Nothing when there is only one such line: it would be the day the page was made.
    """
    roots = {span.start for record in records for span in record if span.start < span.end}
    known: dict[int, list[tuple[int, str]]] = {}
    found: dict[int, str] = {}
    for at, record in enumerate(records):
        date = _above(outline, record[0], roots, known)
        if date:
            found[at] = date
    return found if len(set(found.values())) > 1 else {}


def _above(
    outline: Outline, span: Span, roots: set[int], known: dict[int, list[tuple[int, str]]]
) -> str:
    """Return the nearest date line before a span, among its siblings or those above."""
    text = span.first
    parent = outline.parents[span.start] if span.start < span.end else -1
    for _ in range(_LEVELS + 1):
        if parent < 0:
            return ""
        if parent not in known:
            known[parent] = _date_lines(outline, parent, roots)
        lines = known[parent]
        place = bisect_left(lines, (text, "")) - 1
        if place >= 0:
            return lines[place][1]
        text = outline.firsts[parent]
        parent = outline.parents[parent]
    return ""


def _date_lines(outline: Outline, parent: int, roots: set[int]) -> list[tuple[int, str]]:
    """Return the lines below an element that are a date, by their first text."""
    lines = []
    for span in siblings(outline, parent):
        is_root = span.start < span.end and span.start in roots
        if not is_root and 0 < span.last - span.first <= _TEXTS:
            text = " ".join("".join(outline.texts[span.first : span.last]).split())
            if len(text) <= _SHORT and is_date(text):
                lines.append((span.first, text))
    return lines


def with_strays(outline: Outline, records: Sequence[Spans]) -> list[Spans]:
    """Return the items with those among their siblings that only look otherwise.

    One has neither title nor link, but the name of the others, a date and prose. Another
    leads to an address like theirs, whatever it is called and holds besides. A row of a
    table that lacks only the link is none: what it names is not there yet.
    """
    tag, name = outline.tag(records[0][0].start), _name(outline, records[0][0].start)
    if tag not in _WHOLE or any(
        record != (span_of(outline, record[0].start),) for record in records
    ):
        return list(records)
    roots = {record[0].start for record in records}
    others = [
        child
        for parent in dict.fromkeys(outline.parents[root] for root in roots)
        for child in outline.children(parent)
        if outline.tag(child) in {tag, *_AROUND} and child not in roots
        if tag != "tr" or _count_heads(outline, child) <= _count_heads(outline, min(roots))
    ]
    address = _Address(outline, sorted(roots)) if others else None
    strays = [
        child
        for child in others
        if (tag not in _BARE and _name(outline, child) == name and _is_item(outline, child))
        or (address and address.is_theirs(child, is_kin=outline.tag(child) == tag))
    ]
    return [(span_of(outline, root),) for root in sorted([*roots, *strays])]


def _count_heads(outline: Outline, row: int) -> int:
    return sum(outline.tag(at) == "th" for at in outline.children(row))


class _Address:
    """What the addresses of items look like."""

    def __init__(self, outline: Outline, roots: Sequence[int]) -> None:
        self._outline = outline
        self._seen = {link for root in roots for link in self._links(root)}
        firsts = [next(self._links(root), "") for root in roots[:_SAMPLE]]
        shapes = Counter(shape_of(link, strict=True) for link in firsts if link)
        shape, count = max(shapes.items(), key=lambda one: one[1], default=((), 0))
        is_telling = len(shape) > 1 and shape[-1] != shape[0]
        self._shape = shape if is_telling and count >= _ALIKE * len(firsts) else None

    def is_theirs(self, at: int, *, is_kin: bool) -> bool:
        """Tell whether an element leads to another address like those of the items.

        One of another tag leads nowhere else: it is no list of others.
        """
        sort = self._outline.sorts[at]
        if self._shape is None or is_apart(sort.tag, sort.name):
            return False
        if self._outline.length(at) < _SAID:
            return False
        links = list(dict.fromkeys(self._links(at)))
        return (is_kin or len(links) == 1) and any(
            link not in self._seen and shape_of(link, strict=True) == self._shape
            for link in links[:1]
        )

    def _links(self, at: int) -> Iterator[str]:
        sorts, hrefs = self._outline.sorts, self._outline.hrefs
        return (hrefs[one] for one in range(at, self._outline.ends[at]) if sorts[one].is_link)


def _name(outline: Outline, at: int) -> str:
    return outline.sorts[at].name.partition(" ")[0]


def _is_item(outline: Outline, at: int) -> bool:
    if outline.length(at) < _PROSE:
        return False
    texts = outline.texts[outline.firsts[at] : outline.lasts[at]][:_TEXTS]
    lines = (line for text in texts for line in text.split("\n"))
    if not any(width(line.strip()) >= _PROSE for line in lines):
        return False
    return bool(date_in(outline.text(at, most=_TEXTS, apart=" ")))
