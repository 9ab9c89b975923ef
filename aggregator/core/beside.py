"""The links that stand on a page beside its list: its menu, its footer, its boxes.

A list that consists of what stood beside it on every visit is not the list any more. Links
are kept as sixteen bits each: one of a thousand others looks like one of them by chance.
"""

from __future__ import annotations

import re
from array import array
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable
from itertools import islice
from urllib.parse import urljoin
from zlib import crc32

from aggregator.model import Draft, Fetched

LOOKED_AT = 500  # links of a page
KEPT = 120
FEWEST = 5  # that are still where they were; with fewer it begins anew

_HREF = re.compile(rb"""<a\s[^>]{0,500}?\bhref\s*=\s*["']?([^"'\s>#]+)""", re.IGNORECASE)
_HOST = re.compile(r"^(?:https?:)?//[^/?]*", re.IGNORECASE)


def links_beside(page: Fetched, drafts: Iterable[Draft]) -> tuple[int, ...]:
    """Return the marks of the links on *page* that none of its items has."""
    found = (match[1].decode("latin-1") for match in _HREF.finditer(page.body))
    marks = {mark_of(_absolute(href, page.url)): None for href in islice(found, LOOKED_AT)}
    for draft in drafts:
        marks.pop(mark_of(draft.link or ""), None)
    return tuple(islice(marks, KEPT))


def mark_of(link: str) -> int:
    """Return sixteen bits for *link*, whatever its scheme and host."""
    path = _HOST.sub("", link.partition("#")[0]).rstrip("/")
    return crc32(path.encode("utf-8", "surrogatepass")) & 0xFFFF


def marks_to_text(marks: Collection[int]) -> str:
    """Return *marks* as `marks_of_text` reads them."""
    return b64encode(array("H", marks).tobytes()).decode()


def marks_of_text(text: str) -> frozenset[int]:
    """Read what `marks_to_text` wrote."""
    return frozenset(array("H", b64decode(text)))


def still_beside(before: Collection[int], now: Iterable[int]) -> tuple[int, ...]:
    """Return which links stand beside the list as ever; all that stand there, if hardly any do."""
    present = tuple(now)
    stayed = tuple(mark for mark in present if mark in before)
    return stayed if len(stayed) >= FEWEST else present


def _absolute(href: str, url: str) -> str:
    if href.startswith("/") or _HOST.match(href):
        return href
    try:
        return urljoin(url, href)
    except ValueError:
        return href
