"""Items without an element of their own: runs of siblings, cut where the next one begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

from aggregator.core.extract.auto.outline import Outline
from aggregator.core.extract.auto.spans import Span, Spans, span_of

_MAX_CELLS = 50
_ROWS = 2  # between the roots, at least, for rows that come in step
_SPEAKS = 5  # texts of a node in which a letter is looked for
_MUTE = frozenset({"br", "hr", "wbr"})
_ENDS = frozenset({"h1", "h2"})  # an item of lesser headings does not reach over these
_WHOLE = frozenset({"tr", "li", "article", "section", "div"})
_INLINE = frozenset({"a", "b", "strong", "font", "span", "em", "i", "u", "time"})
_NOT_BEFORE = frozenset({"h2", "h3", "h4", "h5", "h6", "dt"})


@dataclass(frozen=True, slots=True)
class _Run:
    """The children of one parent: what stands before the first root and after each."""

    head: list[Span]
    after: list[tuple[Span, list[Span]]]


def siblings(outline: Outline, parent: int) -> Iterator[Span]:
    """Yield the elements and texts right below an element, each as a span."""
    firsts, lasts, ends = outline.firsts, outline.lasts, outline.ends
    text = firsts[parent]
    for child in outline.children(parent):
        for at in range(text, firsts[child]):
            yield Span(child, child, at, at + 1)
        end = ends[child]
        text = lasts[child]
        yield Span(child, end, firsts[child], text)
    end = ends[parent]
    for at in range(text, lasts[parent]):
        yield Span(end, end, at, at + 1)


def records_of(outline: Outline, roots: Sequence[int], *, is_paired: bool = False) -> list[Spans]:
    """Return the spans of each item, in page order.

    An item is its root alone when hardly anything stands between the roots. Else it reaches
    to the next root; or it begins after the last one, when the list begins with what belongs
    to its first item; or lines decide, where roots and text are only parted by them.

    Args:
        outline: The page.
        roots: The elements that mark the items, in page order.
        is_paired: The next row belongs to an item even when it looks like the first.
    """
    alone: list[Spans] = [(span_of(outline, root),) for root in roots]
    parents = list(dict.fromkeys(outline.parents[root] for root in roots))
    if len(parents) * 2 > len(roots) or _stand_close(outline, roots):
        return alone
    marks = set(roots)
    whole = [root for root in roots if outline.tag(root) in _WHOLE]
    kin = set() if is_paired else {_shape(outline, root) for root in whole}
    if len(parents) == 1 and (cut := _in_step(outline, _run(outline, parents[0], marks, set()))):
        return [_joined(record) for record in cut]
    runs = [_run(outline, parent, marks, kin) for parent in parents]
    between = [_said(outline, spans) for run in runs for _, spans in run.after[:-1]]
    usual = median_low(between) if between else 0
    if usual == 0:
        return alone
    most = max(between)
    if outline.tag(roots[0]) in _INLINE and any(_has_line(outline, run) for run in runs):
        cut = [record for run in runs for record in _by_lines(outline, run)]
    elif _begins_early(outline, runs, usual):
        cut = [record for run in runs for record in _backward(outline, run, most)]
    else:
        cut = [record for run in runs for record in _forward(outline, run, most)]
    return [_joined(record) for record in cut]


def _in_step(outline: Outline, run: _Run) -> list[list[Span]]:
    """Cut rows of a table that come in threes or more: date, title, summary.

    The rows after the last root tell how many belong to each, and so how many stand before.
    """
    rows = [len(spans) for _, spans in run.after]
    step, behind = rows[0], rows[-1]
    if step < _ROWS or not 0 < behind <= step or set(rows[:-1]) != {step}:
        return []
    lead = step - behind
    spans = [*run.head, *(span for root, after in run.after for span in (root, *after))]
    if (
        len(rows) < _ROWS + 1
        or len(run.head) < lead
        or not all(_tag(outline, span) == "tr" for span in spans[len(run.head) - lead :])
    ):
        return []
    first = len(run.head) - lead
    return [spans[at : at + step + 1] for at in range(first, len(spans), step + 1)]


def _stand_close(outline: Outline, roots: Sequence[int]) -> bool:
    """Tell whether nothing at all stands between most roots of one parent."""
    parents, ends = outline.parents, outline.ends
    firsts, lasts = outline.firsts, outline.lasts
    pairs = [(a, b) for a, b in pairwise(roots) if parents[a] == parents[b]]
    close = sum(ends[a] == b and lasts[a] == firsts[b] for a, b in pairs)
    return 2 * close > len(pairs)


def _joined(spans: Sequence[Span]) -> Spans:
    """Return spans with those that follow each other made one."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].end == span.start and joined[-1].last == span.first:
            joined[-1] = Span(joined[-1].start, span.end, joined[-1].first, span.last)
        else:
            joined.append(span)
    return tuple(joined)


def _tag(outline: Outline, span: Span) -> str:
    return outline.tag(span.start) if span.start < span.end else ""


def _shape(outline: Outline, at: int) -> tuple[str, int]:
    """Return what rows of one kind share: rows that lack only the link are no part of others."""
    count = 0
    for _ in outline.children(at):
        count += 1
        if count == _MAX_CELLS:
            break
    return outline.tag(at), count


def _run(outline: Outline, parent: int, marks: set[int], kin: set[tuple[str, int]]) -> _Run:
    head: list[Span] = []
    after: list[tuple[Span, list[Span]]] = []
    for span in siblings(outline, parent):
        is_element = span.start < span.end
        if is_element and span.start in marks:
            after.append((span, []))
        elif not is_element or not _is_apart(outline, span.start, kin):
            (after[-1][1] if after else head).append(span)
    return _Run(head, after)


def _is_apart(outline: Outline, at: int, kin: set[tuple[str, int]]) -> bool:
    return outline.tag(at) in _WHOLE and _shape(outline, at) in kin


def _said(outline: Outline, spans: Sequence[Span]) -> int:
    """Return how many nodes say something: not line breaks, commas and bullets."""
    return sum(_speaks(outline, span) for span in spans)


def _speaks(outline: Outline, span: Span) -> bool:
    texts = outline.texts[span.first : min(span.last, span.first + _SPEAKS)]
    return any(any(sign.isalnum() for sign in text[:200]) for text in texts)


def _has_line(outline: Outline, run: _Run) -> bool:
    return any(_tag(outline, span) == "br" for _, spans in run.after for span in spans)


def _begins_early(outline: Outline, runs: list[_Run], usual: int) -> bool:
    """Tell whether what stands before a root belongs to it: a heading, then the link."""
    first, last = runs[0], runs[-1]
    if _tag(outline, first.after[0][0]) in _NOT_BEFORE:
        return False
    return _said(outline, first.head) >= usual > _said(outline, last.after[-1][1])


def _forward(outline: Outline, run: _Run, most: int) -> list[list[Span]]:
    records = []
    for at, (root, spans) in enumerate(run.after):
        taken = _until_end(outline, root, spans)
        if at == len(run.after) - 1:
            taken = taken[: most + sum(_tag(outline, span) in _MUTE for span in taken)]
        records.append([root, *taken])
    return records


def _backward(outline: Outline, run: _Run, most: int) -> list[list[Span]]:
    before = run.head[-most:]
    records = []
    for root, spans in run.after:
        if _tag(outline, root) not in _ENDS:
            before = _after(before, [_tag(outline, span) in _ENDS for span in before])
        records.append([*before, root])
        before = spans
    return records


def _by_lines(outline: Outline, run: _Run) -> list[list[Span]]:
    """Cut at the last line break before each root; the first line follows the last block."""
    tags = [_tag(outline, span) for span in run.head]
    before = _after(run.head, [tag not in _INLINE and tag != "" for tag in tags])
    records = []
    for at, (root, spans) in enumerate(run.after):
        is_break = [_tag(outline, span) == "br" for span in spans]
        if at == len(run.after) - 1:
            spans, rest = _until_block(outline, spans), []  # noqa: PLW2901
        else:
            rest = _after(spans, is_break) if any(is_break) else []
        records.append([*before, root, *spans[: len(spans) - len(rest)]])
        before = rest
    return records


def _until_block(outline: Outline, spans: list[Span]) -> list[Span]:
    """Return what stands on lines: a block behind the last one is none of its lines."""
    for at, span in enumerate(spans):
        if _tag(outline, span) not in _INLINE | _MUTE | {"", "img"}:
            return spans[:at]
    return spans


def _after(spans: list[Span], marked: list[bool]) -> list[Span]:
    """Return what follows the last marked one; all, if none is."""
    for at in range(len(spans) - 1, -1, -1):
        if marked[at]:
            return spans[at + 1 :]
    return spans


def _until_end(outline: Outline, root: Span, spans: list[Span]) -> list[Span]:
    if _tag(outline, root) in _ENDS:
        return spans
    for at, span in enumerate(spans):
        if _tag(outline, span) in _ENDS:
            return spans[:at]
    return spans
