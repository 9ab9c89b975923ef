"""Name a source that somebody found, and say how it would stand in config.yaml."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

from aggregator.core.extract.discovery import prefer_feed
from aggregator.core.text import cut
from aggregator.model import Draft, Render, Selectors, Source

TITLE_LIMIT = 100  # characters
_KEY_LIMIT = 60
_NO_KEY = re.compile(r"[^a-z0-9]+")
_TELLS_NOTHING = frozenset(
    {"index", "default", "home", "www", "feed", "feeds", "rss", "atom", "rdf", "xml", "json"}
    | {"html", "htm", "php", "aspx", "asp", "jsp", "sitemap", "en"}
)
_HALF = 0.5  # of the newest items of the page
_NEARLY_ALL = 0.8


def key_for(url: str, *, taken: Collection[str]) -> str:
    """Return a key for a source at *url*: its site's name, then what tells it apart.

    >>> key_for("https://news.example.co.uk/mining/index.php", taken={"example"})
    'example-mining'
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    site = _plain(_site(host)) or "source"
    steps = [_plain(step) for step in parts.path.split("/")]
    telling = [step for step in steps if step and not _TELLS_NOTHING.issuperset(step.split("-"))]
    names = [site, *("-".join((site, *telling[-count:])) for count in range(1, len(telling) + 1))]
    for name in names:
        if name[:_KEY_LIMIT] not in taken:
            return name[:_KEY_LIMIT]
    number = 2
    while f"{site}-{number}" in taken:
        number += 1
    return f"{site}-{number}"


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=True)


def _site(host: str) -> str:
    """Return the label that names a site: "example" of news.example.co.uk."""
    if host.replace(".", "").isdigit() or ":" in host:
        return host
    domain: str | None = _suffixes().privatesuffix(host)
    return (domain or host).partition(".")[0]


def _plain(text: str) -> str:
    stem = re.sub(r"\.[a-z]{2,5}$", "", text.lower())
    return _NO_KEY.sub("-", stem or text.lower()).strip("-")


def known_as(urls: Iterable[str], sources: Sequence[Source]) -> Source | None:
    """Return the source that has one of *urls* already, in whatever spelling."""
    wanted = {spelling(url) for url in urls}
    return next((source for source in sources if spelling(source.url) in wanted), None)


def spelling(url: str) -> str:
    """Return the form of an address that two spellings of one source share."""
    parts = urlsplit(url)
    host = parts.netloc.lower().removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}"


def is_feed_of(feed: Sequence[Draft], page: Sequence[Draft]) -> bool:
    """Tell whether a feed is of this page: it carries its items, at least the newest of them.

    A feed mostly holds ten or twenty items where the page shows more.
    """
    if not page or not feed:
        return bool(feed)
    newest = page[: len(feed)]
    undated = [Draft(title=draft.title, link=draft.link) for draft in newest]
    shared = [draft for draft in undated if prefer_feed([draft], feed)]
    return len(shared) >= _HALF * len(newest)


def finds_the_same(found: Sequence[Draft], again: Sequence[Draft]) -> bool:
    """Tell whether derived selectors find what was found without them.

    All titles, links and dates, that is, and nearly all summaries: topics look into them.
    """
    summaries = sum(bool(draft.summary) for draft in found)
    kept = sum(bool(draft.summary) for draft in again)
    return kept >= _NEARLY_ALL * summaries and list(map(_gist, found)) == list(map(_gist, again))


def _gist(draft: Draft) -> tuple[object, ...]:
    return (draft.title, draft.link, draft.published)


def section_of(
    *, url: str, title: str, selectors: Selectors | None, render: Render = Render.NEVER
) -> dict[str, Any]:
    """Return the source as it would stand in the file."""
    section: dict[str, Any] = {}
    if title.strip():
        section["title"] = cut(" ".join(title.split()), TITLE_LIMIT)
    section["url"] = url
    if render is not Render.NEVER:
        section["render"] = render.value
    if selectors:
        section["selectors"] = {key: one for key, one in asdict(selectors).items() if one}
    return section
