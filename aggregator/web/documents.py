"""The published files as they are served: read when they change, compressed when asked for."""

from __future__ import annotations

import gzip
import os
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import lru_cache
from pathlib import Path

import brotli
import xxhash
import zstandard

_CACHE_BYTES = 64_000_000
_LEAST_COMPRESSED_BYTES = 500  # below, compressing makes it longer

# What a document may be coded in, best first. Levels: a feed of 50 entries (60 kB) takes
# 3 ms or less in each, once a change.
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "zstd": lambda body: zstandard.compress(body, level=9),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document as it is served."""

    body: bytes = field(repr=False)
    tag: str  # names these bytes
    modified: float | None = None  # seconds since 1970; None: nobody knows
    _coded: dict[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def last_modified(self) -> str | None:
        """Return the time of the last change as HTTP writes it."""
        return None if self.modified is None else _http_date(int(self.modified))

    def coded(self, coding: str) -> bytes:
        """Return the body in *coding*, one of `CODINGS`; compressed once."""
        if coding not in self._coded:
            self._coded[coding] = CODINGS[coding](self.body)
        return self._coded[coding]

    @property
    def is_worth_coding(self) -> bool:
        """Tell whether compressing makes it shorter."""
        return len(self.body) >= _LEAST_COMPRESSED_BYTES


@lru_cache(maxsize=1024)
def _http_date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)


def document_of(body: bytes, *, modified: float | None = None) -> Document:
    """Return *body* as a document."""
    return Document(body=body, tag=xxhash.xxh3_64_hexdigest(body), modified=modified)


class Documents:
    """The files of a folder, kept in memory until they change."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._kept_bytes = 0

    def find(self, path: str) -> Document | None:
        """Return the document at *path* below the folder; ``None``: there is none."""
        if not is_plain(path):
            return None
        target = f"{self._folder}/{path}"
        try:
            stat = os.stat(target)  # noqa: PTH116 -- asked at every request; a Path costs as much again
            kept = self._kept.get(path)
            if kept and (kept.modified, len(kept.body)) == (stat.st_mtime, stat.st_size):
                self._kept.move_to_end(path)
                return kept
            body = Path(target).read_bytes()
        except OSError:
            return None
        return self._keep(path, document_of(body, modified=stat.st_mtime))

    def _keep(self, path: str, document: Document) -> Document:
        old = self._kept.pop(path, None)
        self._kept_bytes += len(document.body) - (len(old.body) if old else 0)
        self._kept[path] = document
        while self._kept_bytes > _CACHE_BYTES and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._kept_bytes -= len(dropped.body)
        return document


def is_plain(path: str) -> bool:
    """Tell whether *path* names a file below a folder and nothing else."""
    parts = path.split("/")
    return all(part and not part.startswith(".") and "\0" not in part for part in parts) and (
        "\\" not in path and len(path) < 1000  # noqa: PLR2004 -- no feed has a longer name
    )
