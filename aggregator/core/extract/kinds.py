"""Recognize what came back for a source, from the response alone."""

from __future__ import annotations

import codecs
import re
import zlib

from aggregator.core.extract.prolog import Root, feed_behind_junk, root_of
from aggregator.model import Kind

UNPACKED_LIMIT = 50_000_000  # bytes; sitemaps.org allows as much for one sitemap
_SNIFFED_BYTES = 1_000_000
_TAIL_BYTES = 2_000
_GZIP = b"\x1f\x8b"

_ROOTS = {
    "rss": Kind.RSS,
    "rdf": Kind.RSS,
    "feed": Kind.ATOM,
    "urlset": Kind.SITEMAP,
    "sitemapindex": Kind.SITEMAP,
}
_MEDIA_TYPES = {
    "application/rss+xml": Kind.RSS,
    "application/rdf+xml": Kind.RSS,
    "application/atom+xml": Kind.ATOM,
    "application/feed+json": Kind.JSON_FEED,
    "application/json": Kind.JSON,
}
_BINARY = re.compile(
    rb"%PDF-|\x89PNG|GIF8|\xff\xd8\xff|PK\x03\x04|\x00\x00\x01\x00|ID3|OggS|\x7fELF"
)
_WIDE = re.compile(rb"\xff\xfe|\xfe\xff|<\x00|\x00<|\{\x00|\x00\{|\[\x00|\x00\[")
_JSON = re.compile(r"[\s\ufeff]{0,1000}(?:\{\s{0,1000}[\"}]|\[\s{0,1000}[\[{\"\]\d])")
_CALENDAR = re.compile(r"[\s\ufeff]{0,1000}BEGIN:VCALENDAR\s", re.IGNORECASE)
_JSON_FEED = re.compile(r'"version"\s{0,100}:\s{0,100}"https?:\\?/\\?/(?:www\.)?jsonfeed\.org')


def kind_of(body: bytes, content_type: str = "") -> Kind | None:
    """Tell what kind of source a response is; the bytes count for more than the header.

    Args:
        body: As it came; a gzip file (``sitemap.xml.gz``) is looked into.
        content_type: The header's value, or ``""``.

    Returns:
        ``None`` for HTML (XHTML included) and for text that is nothing else; ``UNKNOWN``
        for an image, a PDF, or XML that is neither a feed nor a sitemap.

    >>> kind_of(b'<rss version="2.0"><channel/></rss>', "text/html")
    <Kind.RSS: 'rss'>
    """
    body = unpacked(body, limit=_SNIFFED_BYTES)
    if _BINARY.match(body):
        return Kind.UNKNOWN
    text = _sniffable(body)
    if _JSON.match(text):
        return _kind_of_json(body, text, content_type)
    if _CALENDAR.match(text):
        return Kind.CALENDAR
    root = root_of(text)
    if root and root.local_name in _ROOTS:
        return _ROOTS[root.local_name]
    buried = feed_behind_junk(text)
    if buried and buried.local_name in _ROOTS and _is_meant(buried, text, body, content_type):
        return _ROOTS[buried.local_name]
    return _kind_of_other(root, text, content_type)


def unpacked(body: bytes, *, limit: int = UNPACKED_LIMIT) -> bytes:
    """Return *body* with gzip undone, at most *limit* bytes of it, or as it is.

    A gzip file that is cut off gives what it has.
    """
    if not body.startswith(_GZIP):
        return body
    inflater = zlib.decompressobj(31)
    try:
        return inflater.decompress(body, limit)
    except zlib.error:
        return body


def _sniffable(body: bytes) -> str:
    """Return text in which markup can be recognized; letters beyond ASCII are of no matter."""
    head = body[:_SNIFFED_BYTES]
    if _WIDE.match(head):
        return (
            head.replace(b"\x00", b"")
            .removeprefix(b"\xff\xfe")
            .removeprefix(b"\xfe\xff")
            .decode("latin-1")
        )
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _kind_of_json(body: bytes, text: str, content_type: str) -> Kind:
    if _media_type(content_type) == "application/feed+json":
        return Kind.JSON_FEED
    tail = body[_SNIFFED_BYTES:][-_TAIL_BYTES:].decode("latin-1")  # the order of keys is free
    is_feed = text.lstrip().startswith("{") and (_JSON_FEED.search(text) or _JSON_FEED.search(tail))
    return Kind.JSON_FEED if is_feed else Kind.JSON


def _is_meant(root: Root, text: str, body: bytes, content_type: str) -> bool:
    """Tell a feed behind a warning from a text that quotes one: it ends as a feed ends."""
    if _is_xml(content_type):
        return True
    tail = body[-_TAIL_BYTES:].replace(b"\x00", b"").decode("latin-1").rstrip()
    return tail.endswith(f"</{root.name}>") and "<pre" not in text[: root.start].lower()


def _kind_of_other(root: Root | None, text: str, content_type: str) -> Kind | None:
    declared = _MEDIA_TYPES.get(_media_type(content_type))
    if root is None:
        return declared
    if root.local_name == "html" or not _is_xml_document(text, content_type):
        return None
    return declared or Kind.UNKNOWN


def _is_xml_document(text: str, content_type: str) -> bool:
    return text.lstrip("\ufeff \t\r\n").startswith("<?xml") or _is_xml(content_type)


def _is_xml(content_type: str) -> bool:
    media_type = _media_type(content_type)
    return media_type in {"text/xml", "application/xml"} or (
        media_type.endswith("+xml") and media_type != "application/xhtml+xml"
    )


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()
