"""Serve the published files: conditional requests, codings, nothing but what lies there.

A plain ASGI application, because polling readers ask nothing else all day long.

See:
    RFC 9110 sections 8.8 (validators), 12.5.3 (Accept-Encoding), 13 (conditional requests)
"""

from __future__ import annotations

import gzip
import re
from collections import OrderedDict
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path

import xxhash

MEDIA_TYPES = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
    "opml": "text/x-opml; charset=utf-8",
}
_CACHE_BYTES = 64_000_000
_LEAST_COMPRESSED = 500  # bytes; below, gzip makes it longer
_QUALITY = re.compile(r"^\s*([\w*\-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?$")

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Document:
    """One file as it is served."""

    modified: float
    size: int
    body: bytes
    packed: bytes | None  # gzip
    tag: str  # strong ETag of the plain body, without quotes
    last_modified: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers and body of an answer."""

    status: int
    headers: Headers
    body: bytes


class Documents:
    """The files of a folder, read when they change."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._kept_bytes = 0

    def find(self, path: str) -> Document | None:
        """Return the document at *path* below the folder; ``None``: there is none."""
        if not is_plain(path) or path.rpartition(".")[2] not in MEDIA_TYPES:
            return None
        target = self._folder / path
        try:
            stat = target.stat()
            kept = self._kept.get(path)
            if kept and (kept.modified, kept.size) == (stat.st_mtime, stat.st_size):
                self._kept.move_to_end(path)
                return kept
            body = target.read_bytes()
        except OSError:
            return None
        return self._keep(path, _document(body, modified=stat.st_mtime))

    def _keep(self, path: str, document: Document) -> Document:
        old = self._kept.pop(path, None)
        self._kept_bytes += document.size - (old.size if old else 0)
        self._kept[path] = document
        while self._kept_bytes > _CACHE_BYTES and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._kept_bytes -= dropped.size
        return document


def is_plain(path: str) -> bool:
    """Tell whether *path* names a file below a folder and nothing else."""
    parts = path.split("/")
    return all(part and not part.startswith(".") and "\0" not in part for part in parts) and (
        "\\" not in path and len(path) < 1000  # noqa: PLR2004 -- no feed has a longer name
    )


def _document(body: bytes, *, modified: float) -> Document:
    packed = gzip.compress(body, 6, mtime=0) if len(body) >= _LEAST_COMPRESSED else None
    return Document(
        modified=modified,
        size=len(body),
        body=body,
        packed=packed if packed and len(packed) < len(body) else None,
        tag=xxhash.xxh3_64_hexdigest(body),
        last_modified=formatdate(int(modified), usegmt=True),
    )


def reply(
    document: Document, request: dict[bytes, bytes], *, suffix: str, max_age: int, links: str = ""
) -> Reply:
    """Return the answer to a GET; for a HEAD the caller leaves the body out.

    Args:
        document: What is asked for.
        request: Its headers, names in lower case, the last of each.
        suffix: "atom", …
        max_age: Seconds a reader need not ask again.
        links: The value of the Link header.
    """
    packs = document.packed is not None and accepts_gzip(request.get(b"accept-encoding", b""))
    # Each coding has bytes of its own, so it has a strong tag of its own.
    tag = f'"{document.tag}-gz"' if packs else f'"{document.tag}"'
    headers: Headers = [
        (b"etag", tag.encode()),
        (b"last-modified", document.last_modified.encode()),
        (b"cache-control", f"public, max-age={max_age}".encode()),
        (b"vary", b"Accept-Encoding"),
        (b"access-control-allow-origin", b"*"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"default-src 'none'; sandbox"),
    ]
    if links:
        headers.append((b"link", links.encode("latin-1", "ignore")))
    if is_unmodified(document, request, tag=tag):
        return Reply(304, headers, b"")
    body = document.packed if packs and document.packed is not None else document.body
    headers.append((b"content-type", MEDIA_TYPES[suffix].encode()))
    headers.append((b"content-length", str(len(body)).encode()))
    if packs:
        headers.append((b"content-encoding", b"gzip"))
    return Reply(200, headers, body)


def is_unmodified(document: Document, request: dict[bytes, bytes], *, tag: str) -> bool:
    """Tell whether whoever asks holds this document already."""
    match = request.get(b"if-none-match")
    if match is not None:  # it wins, whatever If-Modified-Since says: RFC 9110 section 13.2.2
        known = {one.strip().removeprefix("W/") for one in match.decode("latin-1").split(",")}
        return "*" in known or tag in known
    since = request.get(b"if-modified-since")
    if since is None:
        return False
    try:
        return int(document.modified) <= parsedate_to_datetime(since.decode("latin-1")).timestamp()
    except (ValueError, TypeError, OverflowError):
        return False


def accepts_gzip(header: bytes) -> bool:
    """Tell whether Accept-Encoding takes gzip: named with a quality above 0, or covered by *."""
    qualities = {}
    for part in header.decode("latin-1").lower().split(","):
        match = _QUALITY.match(part)
        if match:
            qualities[match[1]] = float(match[2] or 1)
    return qualities.get("gzip", qualities.get("x-gzip", qualities.get("*", 0.0))) > 0
