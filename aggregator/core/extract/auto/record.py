"""Items taken apart: what each says at the places that items of its form have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from aggregator.core.extract.auto.dated import date_in
from aggregator.core.extract.auto.hints import Hint
from aggregator.core.extract.auto.outline import Outline
from aggregator.core.extract.auto.spans import Span, Spans, is_element
from aggregator.core.extract.auto.template import MACHINE_DATES, Template, Unit, template_of

MAX_LEAVES = 400  # texts of one item; what comes later is left out
MAX_ELEMENTS = 3_000
BOX = 60  # characters of all texts in a small box: "22" "Jan" "2018"


class Record:
    """All that one item says."""

    __slots__ = ("_outline", "_spans", "_start", "template", "texts")

    def __init__(self, outline: Outline, spans: Spans, template: Template) -> None:
        self._outline = outline
        self._spans = spans
        self._start = spans[0].start
        self.template = template
        self.texts = outline.texts[spans[0].first : spans[0].last]
        for span in spans[1:]:
            self.texts += outline.texts[span.first : span.last]

    @property
    def start(self) -> int:
        """Return its first element."""
        return self._start

    def href(self, link: int) -> str:
        """Return the address of one of the links."""
        return self._outline.hrefs[self._at(self.template.links[link].element)].strip()

    def hrefs(self) -> list[str]:
        """Return the addresses of all links."""
        return [self.href(link) for link in range(len(self.template.links))]

    def attributes(self, element: int) -> Mapping[str, str | None]:
        """Return those of one of the elements."""
        return self._outline.attributes[self._at(element)]

    def _at(self, element: int) -> int:
        if len(self._spans) == 1:
            return self._start + element
        return [at for span in self._spans for at in range(span.start, span.end)][element]

    def text(self, unit: Unit) -> str:
        """Return a unit as one line of text."""
        if unit.end - unit.start == 1:
            return " ".join(self.texts[unit.start].split())
        return self.join(range(unit.start, unit.end), apart=unit.kind == "box")

    def join(self, leaves: Iterable[int], *, apart: bool = False) -> str:
        """Return leaves as one line of text; a blank between lines, or between all of them."""
        parts: list[str] = []
        line = None
        for at in leaves:
            leaf = self.template.leaves[at]
            if apart or leaf.line != line:
                parts.append(" ")
                line = leaf.line
            parts.append(self.texts[at])
        return " ".join("".join(parts).split())

    def machine(self, unit: Unit) -> str:
        """Return the date for machines beside a unit; one that names a zone before a count."""
        if unit.machine < 0:
            return ""
        own = self.attributes(unit.machine)
        if own.get("datetime"):
            return own["datetime"] or ""
        title = own.get("title") or ""
        if title and date_in(title):
            return title
        for name in MACHINE_DATES[2:]:
            if own.get(name):
                return own[name] or ""
        return (own.get("content") or "") if unit.hint is Hint.DATE else ""

    def has(self, unit: Unit) -> bool:
        """Tell whether a unit is there: a box must be small, or hold a date for machines."""
        if unit.kind != "box":
            return True
        if self.machine(unit):
            return True
        texts = self.texts[unit.start : unit.end]
        return len(texts) > 1 and sum(map(len, texts)) <= BOX


def read_record(
    outline: Outline, spans: Spans, *, heads: Sequence[Hint] = (), most: int = MAX_LEAVES
) -> Record:
    """Take one item apart.

    Args:
        outline: The page.
        heads: What the columns hold, when items are rows of a table.
        spans: Of the item. The name of a lone element says nothing about its parts, so it is
            left out, unless it is a link around everything.
        most: So many texts are read.
    """
    spans = tuple(_inside(outline, spans, most))
    form = tuple(_form(outline, span) for span in spans)
    key = (form, tuple(heads))
    template = outline.templates.get(key)
    if not isinstance(template, Template):
        template = outline.templates[key] = template_of(outline, spans, heads=heads)
    return Record(outline, spans, template)


def _inside(outline: Outline, spans: Spans, room: int) -> Iterable[Span]:
    """Yield the spans, without the lone element around everything, cut to what is read."""
    for start, end, first, last in spans:
        if is_element(outline, spans) and outline.tag(start) != "a":
            start += 1  # noqa: PLW2901
        if last - first > room or end - start > MAX_ELEMENTS:
            last = min(last, first + room)  # noqa: PLW2901
            end = min(end, start + MAX_ELEMENTS)  # noqa: PLW2901
            while end > start and outline.firsts[end - 1] > last:
                end -= 1  # noqa: PLW2901
            last = max(first, min(last, outline.firsts[end]))  # noqa: PLW2901
        room -= last - first
        yield Span(start, end, first, last)


def _form(outline: Outline, span: Span) -> tuple[object, ...]:
    """Return all that decides how an item is taken apart."""
    start, end, first, last = span
    lead = outline.firsts[start] - first if start < end else 0
    return (
        lead,
        tuple(outline.sorts[start:end]),
        tuple(outline.depths[start:end]),
        tuple(outline.gaps[start + 1 : end]),
        tuple(outline.text_depths[first:last]),
    )
