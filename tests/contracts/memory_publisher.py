"""A `Publisher` that keeps documents in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from aggregator.errors import PublishError

SECOND = timedelta(seconds=1)


class MemoryPublisher:
    """Keeps documents and when they changed in ``documents``."""

    def __init__(self) -> None:
        self.documents: dict[str, tuple[bytes, datetime]] = {}
        self._terms = ""
        self._pending: dict[str, tuple[bytes, datetime]] | None = None

    def write(self, path: str, document: bytes, *, now: datetime) -> bool:
        """Keep *document* unless it is there already."""
        _check(path)
        old = self.documents.get(path)
        if old is not None and old[0] == document:
            self._forget(path)
            return False
        at = now.replace(microsecond=0)
        new = (document, at if old is None else max(at, old[1] + SECOND))
        (self.documents if self._pending is None else self._pending)[path] = new
        return True

    def remove(self, path: str) -> None:
        """Forget the document."""
        _check(path)
        self._forget(path)
        self.documents.pop(path, None)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Keep what is written inside at its end."""
        self._pending = {}
        try:
            yield
            self.documents |= self._pending
        finally:
            self._pending = None

    def terms(self) -> str:
        """Return what was remembered."""
        return self._terms

    def keep_terms(self, terms: str) -> None:
        """Remember."""
        self._terms = terms

    def _forget(self, path: str) -> None:
        if self._pending is not None:
            self._pending.pop(path, None)


def _check(path: str) -> None:
    parts = path.split("/")
    if any(not part or part.startswith(".") or "\0" in part for part in parts):
        raise PublishError(f"{path!r} is not a path below the feeds' folder")
