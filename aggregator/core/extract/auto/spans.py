"""Stretches of a page: an item is one element, or some siblings that follow each other."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from aggregator.core.extract.auto.outline import Outline


class Span(NamedTuple):
    """Some siblings that follow each other: elements and texts, the ends not included."""

    start: int
    end: int
    first: int
    last: int


Spans: TypeAlias = tuple[Span, ...]  # of one item, in page order


def span_of(outline: Outline, at: int) -> Span:
    """Return one element as a span."""
    return Span(at, outline.ends[at], outline.firsts[at], outline.lasts[at])


def is_element(outline: Outline, spans: Spans) -> bool:
    """Tell whether spans are those of one element."""
    return len(spans) == 1 and spans[0] == span_of(outline, spans[0].start)
