"""Tell by their addresses that two links lead to one article.

The result is a key, never shown or fetched: feeds keep the site's own link. A false merge
loses news and a miss shows it twice, so every rule here is one that no two articles of a
site can differ by. What a site adds of its own is learned from it (`core.identity`).
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Set as AbstractSet
from functools import lru_cache
from urllib.parse import quote, unquote, unquote_to_bytes, urlsplit

from aggregator.core.url_parameters import is_marker

_NONE: frozenset[str] = frozenset()

_PLAIN = re.compile(
    r"https?://(?:www\.)?(?!www\.|m\.|amp\.|mobile\.|touch\.|wap\.|xn--)"
    r"([a-z0-9-]+(?:\.(?!m\.|amp\.|mobile\.|touch\.|wap\.)[a-z0-9-]+)+"
    r"(?::(?!(?:80|443)(?:/|$))(?:[1-5]\d{4}|[1-9]\d{0,3}))?)((?:/[\w~-][\w.~-]*)*)/?",
    re.ASCII,
)
_SPECIAL = re.compile(  # what a plain path may hold and means something
    r"/(?:amp|[civ]|print|mobile|index\.\w+|default\.\w+)(?:/|$)|\.amp\b", re.IGNORECASE
)
_LEFT_OVER = re.compile(r"&(?:amp;|#0*38;)+", re.IGNORECASE)
_BLANKS = re.compile(r"[\t\r\n]+")
_PATH_SESSION = re.compile(r";[a-z]*sess[a-z]*=[^/;]*", re.IGNORECASE)
_COOKIELESS = re.compile(r"\((?:[A-Z]\([^()/]+\))+\)")  # ASP.NET: /(S(lit3py55…))/
_INDEX = re.compile(r"(?:index|default)\.(?:html?|php\d?|aspx?|jsp|cfm|shtml)", re.IGNORECASE)
_AMP_SUFFIX = re.compile(r"(?<=[^.])\.amp(?=\.html?$|$)", re.IGNORECASE)
_ARCHIVED = re.compile(
    r"^/(?:[a-z]+/)?\d[\d.*-]{3,20}(?:[a-z]{2}_)?/(https?:/{1,2}[^/].*)$", re.IGNORECASE
)
_VIEWER = re.compile(r"^/(?:amp|[civ])/(?:s/)?([\w-]+(?:\.[\w-]+)+/.*)$", re.IGNORECASE | re.ASCII)
_MAY_WRAP = re.compile(r"https://[^/]*/(?:(?:amp|[civ])/|.*http)", re.IGNORECASE)
_REDIRECT = re.compile(
    r"(?:^|/)(?:url|l|redir|redirect|away|out|goto|leave|exit|external|link|linkfilter|click)(?:\.\w{2,4})?$",
    re.IGNORECASE,
)
_SITE = 2  # labels in the shortest name of a site
_TWIN_HOSTS = frozenset({"amp", "m", "mobile", "touch", "wap"})
_REGISTRIES = frozenset({"ac", "co", "com", "edu", "go", "gob", "gov", "net", "or", "org"})
_REDIRECT_HOSTS = frozenset({"away", "click", "l", "lm", "out", "redirect"})
_TWIN_SEGMENTS = frozenset({"amp", "print", "mobile"})
_NAMES_ONE = re.compile(r"\d|-[^-/]+-")  # a number, or a slug of three words


def canonical(
    url: str, *, noise: AbstractSet[str] = _NONE, identity: AbstractSet[str] = _NONE
) -> str:
    """Return the form of *url* that all addresses of one article share.

    Scheme, ``www.``, default ports, spelling of the host, percent signs for plain
    characters, order of parameters, ``index.html``, a last slash and fragments that are no
    routes do not count; nor do campaign markers, sessions, print, mobile and AMP twins.
    Redirects and archives that carry the address they lead to give that one.

    Args:
        url: Absolute http or https address; anything else comes back stripped.
        noise: Names of parameters that do not count on this site, as learned.
        identity: Names that do, whatever they are called.

    Returns:
        An address for which ``canonical(canonical(u)) == canonical(u)``.

    See:
        RFC 3986 section 6.2; docs/decisions/canonical-urls.md

    >>> canonical("HTTP://www.Example.org:80/n/1/?utm_source=x#top")
    'https://example.org/n/1'
    """
    if noise or identity:
        return _of_site(url, noise, identity)
    return _anywhere(url)


@lru_cache(maxsize=4096)
def _anywhere(url: str) -> str:
    """Return the form of *url* on a site that taught nothing; a refresh asks thrice."""
    return _plain(url) or _of_site(url, _NONE, _NONE)


def _of_site(url: str, noise: AbstractSet[str], identity: AbstractSet[str]) -> str:
    url = _LEFT_OVER.sub("&", _BLANKS.sub("", url.strip(" \t\r\n<>")))
    while True:  # what is unwrapped is a part of what was around it, so this ends
        while inner := _unwrapped(url):
            url = inner
        key = _folded(url, noise, identity)
        if not (_MAY_WRAP.match(key) and _unwrapped(key)):
            return key
        url = key  # a wrapper only now: an empty segment or a session stood in it


def _folded(url: str, noise: AbstractSet[str], identity: AbstractSet[str]) -> str:
    """Return *url* in the one spelling that its variants share."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        return url
    host = canonical_host(parts.hostname)
    if port not in {None, 80, 443}:
        host = f"{host}:{port}"
    path = _canonical_path(parts.path)
    query = _canonical_query(parts.query, path, noise, identity)
    route = parts.fragment if parts.fragment[:1] in {"!", "/"} else ""
    return f"https://{host}{path}{'?' if query else ''}{query}{'#' if route else ''}{route}"


def _plain(url: str) -> str | None:
    """Return the key of an address that has nothing to fold; most have not."""
    match = _PLAIN.fullmatch(url)
    if not match or _SPECIAL.search(match[2]):
        return None
    return f"https://{match[1]}{match[2]}"


def fragment_of(url: str) -> str:
    """Return the fragment of *url*; ``""``: none."""
    return url.partition("#")[2]


def parameters(url: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Take *url* apart into what stands before its query, and the pairs in it."""
    base, _, query = url.partition("#")[0].partition("?")
    return base, tuple(_pairs(query))


def canonical_host(host: str) -> str:
    """Return *host* in lower case and punycode, without ``www.`` and twins for small screens."""
    host = host.lower().rstrip(".")
    if not host.isascii():
        try:
            host = unicodedata.normalize("NFC", host).encode("idna").decode("ascii")
        except UnicodeError:
            return host
    labels = host.split(".")
    while len(labels) > _SITE and (labels[0] == "www" or _is_twin(labels)):
        labels = labels[1:]
    while len(labels) > _SITE + 1 and labels[1] in _TWIN_HOSTS:  # en.m.wikipedia.org
        del labels[1]
    return ".".join(labels)


def _is_twin(labels: list[str]) -> bool:
    """Tell whether a site's name stands behind its twin's: m.example.org, but not m.co.uk."""
    return labels[0] in _TWIN_HOSTS and (len(labels) > _SITE + 1 or labels[1] not in _REGISTRIES)


def _unwrapped(url: str) -> str | None:
    """Return the address that a redirect, a viewer or an archive carries inside itself."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if archived := _ARCHIVED.match(parts.path):
        query = f"?{parts.query}" if parts.query else ""
        return re.sub(r"^(https?):/+", r"\1://", archived[1], flags=re.IGNORECASE) + query
    if viewed := _VIEWER.match(parts.path):
        return f"https://{viewed[1]}" + (f"?{parts.query}" if parts.query else "")
    is_redirect = _REDIRECT.search(parts.path.rstrip("/")) or _is_redirect_host(parts.netloc)
    if is_redirect and "http" in parts.query:
        for _, value in _pairs(parts.query):
            if re.match(r"https?://[^/]+\.[^/]", value, re.IGNORECASE):
                return value
    return None


def _is_redirect_host(host: str) -> bool:
    return host.partition(".")[0].lower() in _REDIRECT_HOSTS


def _canonical_path(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")
    for at, segment in enumerate(segments, 1):
        plain = _plainly(segment, "!$&'()*+,;=:@")
        if ";" in plain:
            plain = _PATH_SESSION.sub("", plain)
        if plain == "..":
            del kept[-1:]
        elif plain not in {"", "."} and (at == len(segments) or not _COOKIELESS.fullmatch(plain)):
            kept.append(plain)
    path = "/".join(("", *kept))
    if not _SPECIAL.search(path):
        return path
    while (fewer := _without_variant(kept)) is not kept:
        kept = fewer
    return "/".join(("", *kept))


def _without_variant(segments: list[str]) -> list[str]:
    """Take off one mark of a twin (print, AMP) or the name of an index; the same: there is none."""
    if not segments:
        return segments
    last = segments[-1]
    bare = "" if _INDEX.fullmatch(last) else _AMP_SUFFIX.sub("", last)
    if bare != last:
        return [*segments[:-1], bare] if bare else segments[:-1]
    for end, others in ((-1, segments[:-1]), (0, segments[1:])):
        if others and segments[end].lower() in _TWIN_SEGMENTS and _NAMES_ONE.search(others[-1]):
            return others
    return segments


def _canonical_query(
    query: str, path: str, noise: AbstractSet[str], identity: AbstractSet[str]
) -> str:
    if not query:
        return ""
    pairs = list(_pairs(query))
    kept = sorted(
        (name, value)
        for name, value in pairs
        if name in identity or (name not in noise and not is_marker(name, value, path, pairs))
    )
    return "&".join(f"{_query_part(name)}={_query_part(value)}" for name, value in kept)


def _pairs(query: str) -> list[tuple[str, str]]:
    pairs = []
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name or value:
            pairs.append((_decoded(name.removeprefix("amp;")), _decoded(value)))
    return pairs


def _decoded(text: str) -> str:
    return (
        unquote(text.replace("+", " "), errors="surrogateescape")
        if "%" in text or "+" in text
        else text
    )


def _query_part(text: str) -> str:
    raw = unicodedata.normalize("NFC", text).encode("utf-8", "surrogateescape")
    return quote(raw, safe="!$'()*,;:@/?~-._")


def _plainly(segment: str, safe: str) -> str:
    """Percent-encode a path segment in the one way; ``%2F`` and ``%3F`` stay what they are."""
    if segment.isascii() and "%" not in segment:
        return quote(segment, safe=safe + "~-._")
    raw = unquote_to_bytes(segment.encode("utf-8", "surrogateescape"))
    with contextlib.suppress(UnicodeDecodeError):  # another coding: its bytes are its name
        raw = unicodedata.normalize("NFC", raw.decode()).encode()
    return quote(raw, safe=safe + "~-._")
