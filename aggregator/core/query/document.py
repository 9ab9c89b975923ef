"""An entry as queries see it: folded once, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from aggregator.core.sanitize import text_of
from aggregator.core.text import words
from aggregator.model import Draft, Entry, Source

BARRIER = "\x1f"  # between the values of a field: a phrase never runs from one to the next


class Folded:
    """The words of one field."""

    def __init__(self, values: Iterable[str]) -> None:
        """Fold *values*; a phrase matches inside one of them."""
        self.values = tuple(values)
        # Words asked for that a word here is a slip of; `None` where no index has looked.
        self.slips: frozenset[str] | None = None

    @cached_property
    def words(self) -> list[str]:
        """The words in order, a barrier between values."""
        found = list(words(self.values[0])) if self.values else []
        for value in self.values[1:]:
            found.append(BARRIER)
            found.extend(words(value))
        return found

    @cached_property
    def padded(self) -> str:
        """The words with one blank around each: a phrase is found as a piece of it."""
        return f" {' '.join(self.words)} "

    @cached_property
    def known(self) -> frozenset[str]:
        """The words as a set."""
        return frozenset(self.words)


class Document:
    """One entry, folded lazily."""

    def __init__(self, entry: Draft, *, source: Source | None = None) -> None:
        """Take the fields of *entry*; *source* is where it comes from, if that is known."""
        self.entry = entry
        self._source = source
        self._folded: dict[str, Folded] = {}

    def field(self, name: str) -> Folded:
        """Return the folded field *name*."""
        folded = self._folded.get(name)
        if folded is None:
            folded = self._folded[name] = Folded(value for value in self.raw(name) if value)
        return folded

    def raw(self, name: str) -> tuple[str, ...]:
        """Return the values of field *name* as they are."""
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
