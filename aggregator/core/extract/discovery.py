"""Find the feeds a page advertises, and tell whether one can stand in for the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from aggregator.core.extract.markup import absolute
from aggregator.core.extract.nodes import text_of_node
from aggregator.core.text import fold
from aggregator.model import Draft

_MAX_FEEDS = 10
_RELATIONS = frozenset({"alternate", "feed", "service.feed"})
# Atom says most about its entries, JSON Feed is the easiest to get right.
_TYPES = {
    "application/atom+xml": 0,
    "application/feed+json": 1,
    "application/rss+xml": 2,
    "application/rdf+xml": 3,
    "application/json": 4,
    "text/xml": 5,
    "application/xml": 5,
}
_VAGUE = frozenset({"application/json", "text/xml", "application/xml"})
_COMMENTS = re.compile(
    r"comment|kommentar|coment[aá]rio|commentaire|comentario|commenti|reacties|replies",
    re.IGNORECASE,
)
_FEED_ADDRESS = re.compile(
    r"(?:^|[/.])(?:feeds?|rss2?|atom|rdf)(?:[/.]|$)|\.(?:rss|atom|rdf)$", re.IGNORECASE
)
_FEED_WORDS = re.compile(r"\b(?:rss|atom|feed|syndication)\b", re.IGNORECASE)
_MAYBE_FEEDS = 'a[href*="rss" i], a[href*="feed" i], a[href*="atom" i], a[href*="rdf" i]'
_ENOUGH = 0.9  # of what the page shows; a page carries a teaser or two from elsewhere


def advertised_feeds(tree: LexborHTMLParser, *, base_url: str) -> tuple[str, ...]:
    """Return the feeds of a page, absolute, best first, without those of comments.

    A feed whose path begins like the page's (a section's own feed) comes before the
    site's; then Atom, JSON Feed, RSS. Links in the page count when its head declares none.
    """
    found: dict[str, tuple[int, ...]] = {}
    for node in tree.css("link[rel][href]"):
        rank = _rank_of_link(node)
        if rank is not None:
            _add(found, node, base_url, rank)
    for node in [] if found else tree.css(_MAYBE_FEEDS):
        if _names_a_feed(node):
            _add(found, node, base_url, len(_TYPES))
    return tuple(sorted(found, key=lambda url: found[url]))[:_MAX_FEEDS]


def prefer_feed(page: Sequence[Draft], feed: Sequence[Draft]) -> bool:
    """Tell whether *feed* carries at least what *page* shows: its items, and their dates.

    Items are the same by link or by title. Without items on the page any feed is better.
    """
    if not feed or not page:
        return bool(feed)
    links = {_address(draft) for draft in feed} - {""}
    titles = {fold(draft.title or "") for draft in feed} - {""}
    shown = [draft for draft in page if draft.title or draft.link]
    shared = sum(_address(draft) in links or fold(draft.title or "") in titles for draft in shown)
    return shared >= _ENOUGH * len(shown) and _dated(feed) >= _dated(page)


def _add(found: dict[str, tuple[int, ...]], node: LexborNode, base_url: str, rank: int) -> None:
    url = absolute(node.attributes.get("href"), base_url=base_url)
    label = f"{node.attributes.get('title') or ''} {url}"
    if not url.startswith(("http://", "https://")) or _COMMENTS.search(label[:2000]):
        return
    found.setdefault(url, (-_shared_steps(url, base_url), rank, len(found)))


def _rank_of_link(node: LexborNode) -> int | None:
    relations = (node.attributes.get("rel") or "").lower().split()
    media_type = (node.attributes.get("type") or "").partition(";")[0].strip().lower()
    if not _RELATIONS.intersection(relations) or "stylesheet" in relations:
        return None
    address = (node.attributes.get("href") or "")[:2000]
    if media_type in _VAGUE and not _FEED_ADDRESS.search(address.partition("?")[0]):
        return None  # oEmbed, the WordPress API, a sitemap
    if "feed" in relations and media_type in {"", "text/html"}:
        return len(_TYPES)
    return _TYPES.get(media_type)


def _names_a_feed(node: LexborNode) -> bool:
    """Tell whether a link in the page goes to a feed: by its type, or by address and words."""
    attributes = node.attributes
    address = (attributes.get("href") or "")[:2000]
    if not _FEED_ADDRESS.search(address.partition("?")[0].rstrip("/")):
        return False
    words = f"{attributes.get('title') or ''} {attributes.get('class') or ''} "
    return bool(_FEED_WORDS.search(words + text_of_node(node)[:200]))


def _shared_steps(url: str, base_url: str) -> int:
    """Return how many steps of its path a feed shares with the page."""
    shared = 0
    for one, other in zip(_path(url).split("/")[1:], _path(base_url).split("/")[1:], strict=False):
        if not one or one != other:
            break
        shared += 1
    return shared


def _path(url: str) -> str:
    return urlsplit(url).path


def _address(draft: Draft) -> str:
    """Return what two spellings of one link share, well enough for one site."""
    parts = urlsplit(draft.link or "")
    host = parts.netloc.lower().removeprefix("www.")
    query = "" if "utm_" in parts.query else parts.query
    return f"{host}{parts.path.rstrip('/')}?{query}" if host else ""


def _dated(drafts: Sequence[Draft]) -> float:
    return sum(draft.published is not None for draft in drafts) / len(drafts)
