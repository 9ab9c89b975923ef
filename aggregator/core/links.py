"""Turn what stands in an href into a link that may be published, or into none."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv6Address
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

MAX_URL_LENGTH = 8192  # characters; longer ones are no addresses but data
_SCHEMES = frozenset({"http", "https"})
_BLANKS = re.compile(r"[\t\n\r]")  # a browser drops them anywhere in an address
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"^[a-z0-9._\-]{1,253}$|^\[[0-9a-f:.]+\]$")
# Nine of ten links are written in the plain way; the slow one would leave them as they are.
_SIGNS = r"(?:[A-Za-z0-9/:@!$&'()*+,=\-._~]|%[0-9A-Fa-f]{2})"
_PLAIN = re.compile(
    r"https?://[a-z0-9._\-]{1,253}(?::(?:[1-5][0-9]{4}|[1-9][0-9]{0,3}))?"
    rf"(?:/{_SIGNS}*)?(?:\?{_SIGNS}+)?(?:#{_SIGNS}+)?"
)
_ROOTED = re.compile(r"(?:/[A-Za-z0-9_~\-][A-Za-z0-9_~.\-]*)+/?(?:\?[A-Za-z0-9_~.&=%+\-]+)?")


def web_link(href: str, *, base_url: str) -> str | None:
    """Return the absolute http(s) address that *href* means on the page at *base_url*.

    The result is a valid URI (RFC 3986): blanks and non-ASCII characters are percent-
    encoded, an international host is written in punycode, the fragment is kept.

    Returns:
        ``None`` when it is no address of a page: another scheme, a bare fragment, no
        host, or too long.

    >>> web_link(" /2016/03/diálogo ", base_url="http://example.org/news.php")
    'http://example.org/2016/03/di%C3%A1logo'
    >>> web_link("javascript:void(0)", base_url="http://example.org/")
    """
    if len(href) <= MAX_URL_LENGTH and _PLAIN.fullmatch(href):
        return href
    href = _BLANKS.sub("", href.strip())
    if not href or href.startswith("#") or len(href) > MAX_URL_LENGTH:
        return None
    try:
        own = urlsplit(href)
        is_whole = own.scheme and own.netloc  # `urljoin` may take a last semicolon off it
        parts = own if is_whole else urlsplit(urljoin(base_url, href))
        port = parts.port
    except ValueError:
        return None
    is_bracketed = parts.netloc.rpartition("@")[2].startswith("[")
    host = _ascii_host(parts.hostname or "", is_bracketed=is_bracketed)
    if parts.scheme.lower() not in _SCHEMES or not host or (own.scheme and not own.netloc):
        return None
    authority = host if port is None else f"{host}:{port}"
    found = urlunsplit(
        (
            parts.scheme.lower(),
            authority,
            _encoded(parts.path, "/:@!$&'()*+,;=-._~%"),
            _encoded(parts.query, "/?:@!$&'()*+,;=-._~%"),
            _encoded(parts.fragment, "/?:@!$&'()*+,;=-._~%"),
        )
    )
    return found if len(found) <= MAX_URL_LENGTH else None


def joined(base_url: str, href: str) -> str:
    """Return what *href* means on the page at *base_url*: `urljoin`, cheaper where it is plain.

    Raises:
        ValueError: It is no address at all.

    >>> joined("http://example.org/news/?page=2", "/n/7.html")
    'http://example.org/n/7.html'
    """
    if len(href) > MAX_URL_LENGTH:  # matching a megabyte would take a hundred of memory
        return urljoin(base_url, href)
    is_whole = href[:4] == "http" and _PLAIN.fullmatch(href) is not None
    origin = _origin(base_url) if is_whole or _ROOTED.fullmatch(href) else None
    if origin is None:
        return urljoin(base_url, href)
    return href if is_whole else f"{origin}{href}"


@lru_cache(maxsize=64)
def _origin(url: str) -> str | None:
    parts = urlsplit(url)
    is_web = parts.scheme in _SCHEMES and parts.netloc
    return f"{parts.scheme}://{parts.netloc}" if is_web else None


def is_home(url: str, *, home: str) -> bool:
    """Tell whether what belongs to *home* alone may go to *url*: the same host, no less safe.

    Nothing goes to what is no address at all.
    """
    first, now = (urlsplit(web_link(each, base_url=home) or "") for each in (home, url))
    if first.hostname != now.hostname:
        return False
    if (first.scheme, now.scheme) == ("http", "https"):
        return True
    return first.scheme == now.scheme and first.port == now.port


def _encoded(part: str, safe: str) -> str:
    return quote(_PERCENT.sub("%25", part), safe=safe, errors="replace")


def _ascii_host(host: str, *, is_bracketed: bool) -> str | None:
    if is_bracketed:  # what else RFC 3986 lets stand there, nobody can ask: [v1.future]
        try:
            IPv6Address(host)
        except ValueError:
            return None
        host = f"[{host}]"
    elif not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    return host.lower() if _HOST.match(host.lower()) else None
