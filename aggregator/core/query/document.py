"""An entry as queries see it: folded once, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from aggregator.core.sanitize import text_of
from aggregator.core.text import words
from aggregator.model import Draft, Entry, Source

BARRIER = "\x1f"  # between the values of a field: a phrase never runs from one to the next
TEXT = "text"  # title and summary together: where a query without a field looks


class Folded:
    """The words of one field."""

    def __init__(self, values: Iterable[str]) -> None:
        """Fold *values*; a phrase matches inside one of them."""
        self.values = tuple(filter(None, values))
        self.words: list[str] = []  # in order, a barrier between values
        for at, value in enumerate(self.values):
            if at:
                self.words.append(BARRIER)
            self.words += words(value)
        self.known = frozenset(self.words)

    @cached_property
    def padded(self) -> str:
        """The words with one blank around each: a phrase is found as a piece of it."""
        return f" {' '.join(self.words)} "


class Document:
    """One entry, folded lazily."""

    def __init__(self, entry: Draft, *, source: Source | None = None) -> None:
        """Take the fields of *entry*; *source* is where it comes from, if that is known."""
        self.entry = entry
        self._source = source
        self.text = Folded((entry.title or "", entry.summary))
        self._folded = {TEXT: self.text}

    def field(self, name: str) -> Folded:
        """Return the folded field *name*."""
        folded = self._folded.get(name)
        if folded is None:
            folded = self._folded[name] = Folded(self._raw(name))
        return folded

    def _raw(self, name: str) -> tuple[str, ...]:
        entry = self.entry
        match name:
            case "title":
                return (entry.title or "",)
            case "summary":
                return (entry.summary,)
            case "content":
                return (text_of(entry.content) if entry.content else "",)
            case "source":
                return self._source_names()
            case "author":
                return entry.authors
            case "url":
                return (entry.link or "",)
            case "tag":
                return entry.categories
            case _:
                return (entry.language or (self._source.language if self._source else "") or "",)

    def _source_names(self) -> tuple[str, ...]:
        names = (self.entry.source,) if isinstance(self.entry, Entry) else ()
        return (*names, self._source.title) if self._source else names
