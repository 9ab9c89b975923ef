"""Read the page number out of an address, and tell which pages belong to one list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl, urlsplit

from publicsuffixlist import PublicSuffixList

_QUERY_LIMIT = 50  # parameters
_NAMES = re.compile(
    r"(?:\w{1,40}[._-]?)?(?:page|paged|pageno|pagenum|page_?number|page_?index)"
    r"|p|pg|pn|pagina|seite|strana|sida|side|currentpage|curpage|start|position|pos|offset"
    r"|from|skip|first|begin|limitstart|startindex|s",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[0-9]{1,6}")
PATH = "/"  # the number stands in the path, and is called a page or ends a file name
BARE = "/#"  # it stands alone in the path: it may be a year as well

# /page/2/, /seite-2; /news/index_2.html, /list-2.html; /news/2/
_PATHS = (
    re.compile(
        r"/(?:page|seite|pagina|strana|sida|side|p)[/_-]?([0-9]{1,6})(?=/|\.|$)", re.IGNORECASE
    ),
    re.compile(r"[_-]?([0-9]{1,4})(?=\.[a-z]{2,5}$)", re.IGNORECASE),
    re.compile(r"/([0-9]{1,4})/?$"),
)
_INDEX = re.compile(r"/(?:index|default)(?:\.[a-z]{2,5})?$", re.IGNORECASE)

Query = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address taken apart into its list and its place in that list."""

    host: str
    path: str  # without the page number
    query: Query  # sorted, without the page number
    name: str = ""  # what holds the number: a parameter, PATH or BARE; "" for none
    number: int | None = None

    def is_page_of(self, other: Address) -> bool:
        """Tell whether both are pages of one list."""
        same_list = (self.host, self.path, self.query) == (other.host, other.path, other.query)
        return same_list and (not self.name or not other.name or self.name == other.name)

    def is_same_page(self, other: Address) -> bool:
        """Tell whether both are one page."""
        return self.is_page_of(other) and self.number == other.number

    def is_before(self, other: Address) -> bool:
        """Tell whether this is an earlier page of the other's list; the first has no number."""
        if not self.is_page_of(other) or other.number is None:
            return False
        return self.number is None or self.number < other.number


def address_of(url: str) -> Address | None:
    """Return an http address taken apart; ``None``: it is none.

    >>> address_of("http://www.example.org/news.php?position=20").number
    20
    """
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=_QUERY_LIMIT)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    host = parts.netloc.lower().removeprefix("www.")
    for place, (name, value) in enumerate(pairs):
        if _NAMES.fullmatch(name[:80]) and _NUMBER.fullmatch(value):
            rest = tuple(sorted(pairs[:place] + pairs[place + 1 :]))
            return Address(
                host=host, path=_plain(parts.path), query=rest, name=name, number=int(value)
            )
    query = tuple(sorted(pairs))
    for pattern in _PATHS:
        found = pattern.search(parts.path)
        if found:
            path = _plain(parts.path[: found.start()] + parts.path[found.end() :])
            name = BARE if pattern is _PATHS[-1] else PATH
            return Address(host=host, path=path, query=query, name=name, number=int(found[1]))
    return Address(host=host, path=_plain(parts.path), query=query)


def _plain(path: str) -> str:
    return _INDEX.sub("", path).rstrip("/")


def is_same_site(url: str, other: str) -> bool:
    """Tell whether two addresses belong to one registered domain, or are one host."""
    one, two = _host(url), _host(other)
    if not one or not two:
        return False
    return one == two or (_domain(one) or one) == (_domain(two) or two)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=True)


def _domain(host: str) -> str | None:
    if ":" in host or host.replace(".", "").isdigit():
        return None  # a bare address has no domain
    domain: str | None = _suffixes().privatesuffix(host)
    return domain
