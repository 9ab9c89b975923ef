"""One fetch on its way through redirects: where it is, and what it carries there."""

from __future__ import annotations

import base64
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

import httpx

from aggregator.adapters.http.refusals import Refusal
from aggregator.adapters.http.settings import MAX_REDIRECTS, MAX_URL_LENGTH
from aggregator.core.links import is_home, web_link
from aggregator.model import FailureKind, Request

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_SEE_OTHER = 303
_GET_AFTER_POST = frozenset({301, 302})
_MAX_COOKIES = 50
_MAX_COOKIE = 4096  # characters, as browsers have it

Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Trip:
    """Where a fetch is, and what it has seen."""

    request: Request
    url: str
    method: str
    body: bytes | None
    is_permanent: bool = True  # every redirect so far was
    hops: int = 0
    cookies: dict[tuple[str, str], str] = field(default_factory=dict)  # (host, name): value
    seen: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def of(cls, request: Request, url: str) -> Trip:
        """Return a trip that begins at *url*."""
        return cls(request, url, request.options.method, request.options.body)

    @property
    def host(self) -> str:
        """Return the host it is at."""
        return _host_of(self.url)

    @property
    def is_home(self) -> bool:
        """Tell whether this is where credentials belong: the host asked for, no less safe."""
        return self.url == self.request.url or is_home(self.url, home=self.request.url)

    def follow(self, status: int, headers: httpx.Headers) -> None:
        """Turn to where a redirect leads.

        Raises:
            Refusal: It leads nowhere, in a circle, or there were too many.
        """
        self.hops += 1
        if self.hops > MAX_REDIRECTS:
            raise Refusal(FailureKind.REDIRECT, f"more than {MAX_REDIRECTS} redirects")
        self.seen.add((self.url, self.cookie_header()))
        self._remember_cookies(headers)
        self.url = location(headers["location"], self.url)
        self.is_permanent = self.is_permanent and status in _PERMANENT
        if status == _SEE_OTHER or (status in _GET_AFTER_POST and self.method == "POST"):
            self.method, self.body = "GET", None
        if (self.url, self.cookie_header()) in self.seen:
            raise Refusal(FailureKind.REDIRECT, "the redirects run in a circle")

    def headers(self) -> Headers:
        """Return what belongs to the request alone; credentials only where they belong."""
        request, pairs = self.request, []
        if self.is_home:
            if request.etag:
                pairs.append(("If-None-Match", request.etag))
            if request.last_modified:
                pairs.append(("If-Modified-Since", request.last_modified))
            pairs += self._credentials()
        if cookies := self.cookie_header():
            pairs.append(("Cookie", cookies))
        return [(name.encode("ascii"), _value(value)) for name, value in pairs]

    def cookie_header(self) -> str:
        """Return the cookies that belong to this host; ``""``: none."""
        host = self.host
        pairs = dict(self.request.options.cookies) if self.is_home else {}
        pairs |= {name: value for (owner, name), value in self.cookies.items() if owner == host}
        return "; ".join(f"{name}={value}" for name, value in pairs.items())

    def _credentials(self) -> list[tuple[str, str]]:
        options = self.request.options
        pairs = list(options.headers)
        if options.basic:
            token = base64.b64encode(":".join(options.basic).encode()).decode("ascii")
            pairs.append(("Authorization", f"Basic {token}"))
        elif options.bearer:
            pairs.append(("Authorization", f"Bearer {options.bearer}"))
        return pairs

    def _remember_cookies(self, headers: httpx.Headers) -> None:
        """Keep cookies for the rest of the trip: some sites redirect until they see theirs."""
        host = self.host
        for text in headers.get_list("set-cookie")[:_MAX_COOKIES]:
            name, equals, value = text.partition(";")[0].strip().partition("=")
            is_fine = equals and name and len(text) < _MAX_COOKIE and text.isprintable()
            if is_fine and len(self.cookies) < _MAX_COOKIES:
                self.cookies[host, name] = value


@lru_cache(maxsize=1024)  # a fetch asks five times
def _host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


def checked(url: str) -> str:
    """Return *url* as it is asked for.

    Raises:
        Refusal: It is no address of a page.
    """
    if len(url) > MAX_URL_LENGTH:
        raise Refusal(FailureKind.URL, f"the address has more than {MAX_URL_LENGTH} characters")
    found = web_link(url, base_url=url)
    if found is None:
        raise Refusal(FailureKind.URL, "not an http or https address")
    return found.partition("#")[0]


def location(value: str, url: str) -> str:
    """Return where a Location header *value* at *url* leads.

    Raises:
        Refusal: Nowhere.
    """
    with suppress(UnicodeError):
        # Headers are latin-1 to httpx, but servers write UTF-8 into them.
        value = value.encode("latin-1").decode("utf-8")
    try:
        found = web_link(urljoin(url, value.strip()), base_url=url)
    except ValueError:
        found = None
    if found is None:
        raise Refusal(FailureKind.REDIRECT, "a redirect to something that is no http address")
    return found.partition("#")[0]


def _value(text: str) -> bytes:
    """Return the value of a header as bytes; a line end in it would begin another request."""
    if any(sign in text for sign in "\r\n\0"):
        raise Refusal(FailureKind.URL, "a header of this source holds a line break")
    return text.strip().encode("utf-8")
