"""What the addresses of links say: an item, or a category, an author, a page of results."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

HUB = re.compile(
    r"/(?:tags?|categor(?:y|ies|ia|ie)|topics|authors?|autor|users?|members?|profiles?|page|label"
    r"|keywords?|archives?)(?:/[^/?#]*)?/?(?:[?#]|$)|/(?:search|login|sharer?|intent|submit)(?:[/?.]|$)"
    r"|[?&](?:page|p|paged|tag|cat|author|user|uid|username|sort|order|filter\w*|set_filter)="
    r"|/(?:profile|member|user|suche|search)[\w.-]*\.(?:php|jsp|html?|aspx?)|/member\d|^javascript:",
    re.IGNORECASE,
)
TELLING = re.compile(
    r"\d{3,}|[a-z\u0400-\u04ff%][\w%]*(?:[-_][\w%]+){2,}|\.(?:pdf|docx?|html?|shtml|aspx?)(?:$|\?)"
    r"|/(?:19|20)\d\d/",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+")
_LOOKED_AT = 500  # characters of an address: some hold a whole document


@lru_cache(maxsize=8192)
def is_hub(href: str) -> bool:
    """Tell whether an address leads to a list of other things, or does something."""
    return HUB.search(href[:_LOOKED_AT]) is not None


@lru_cache(maxsize=8192)
def is_telling(href: str) -> bool:
    """Tell whether an address is like those of items: a number, a slug, a file."""
    return TELLING.search(path_of(href[:_LOOKED_AT])) is not None


def leads_up(link: str, page: str) -> bool:
    """Tell whether a link leads to a folder that the page lies in: "Parent Directory".

    >>> leads_up("https://example.org/docs/", "https://example.org/docs/2019/")
    True
    """
    return link.endswith("/") and link != page and page.startswith(link)


def path_of(href: str) -> str:
    """Return path and query of an address."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@lru_cache(maxsize=8192)
def shape_of(href: str, *, strict: bool) -> tuple[str, ...]:
    """Return the form of an address: its host, and its path with numbers and slugs masked.

    Where titles and dates tell items already, the names of folders may differ.

    >>> shape_of("https://example.org/mining/2026/03/las-bambas-talks", strict=True)
    ('example.org', 'mining', '0', '0', 'a-')
    """
    try:
        parts = urlsplit(href[:_LOOKED_AT])
    except ValueError:
        return ()
    steps = [_masked(step) for step in parts.path.split("/") if step]
    if not strict:
        steps = [step if step in {"0", "a-"} else "a" for step in steps]
    return (parts.netloc.removeprefix("www."), *steps, *(["?"] if parts.query else []))


def _masked(step: str) -> str:
    if _NUMBER.fullmatch(step):
        return "0"
    if step.count("-") + step.count("_") > 1:
        return "a-"
    return _NUMBER.sub("0", step)
