"""Tell what kind of page came back, and have it read as that."""

from __future__ import annotations

from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from aggregator.core.charset import decode
from aggregator.core.extract.auto import find_items
from aggregator.core.extract.calendars import read_calendar
from aggregator.core.extract.diagnose import diagnose, wall_of
from aggregator.core.extract.discovery import advertised_feeds
from aggregator.core.extract.embedded import with_embedded
from aggregator.core.extract.feeds import read_feed
from aggregator.core.extract.json_items import read_json
from aggregator.core.extract.kinds import kind_of
from aggregator.core.extract.nodes import text_of_node
from aggregator.core.extract.paging import next_page
from aggregator.core.extract.selectors import base_of, select_items
from aggregator.core.extract.sitemaps import read_sitemap
from aggregator.model import (
    Diagnosis,
    Dropped,
    Extraction,
    Fetched,
    Hints,
    Item,
    Kind,
    Rule,
    Trouble,
)

_TITLE_LIMIT = 300  # characters
READ_LIMIT_BYTES = 2_000_000  # of HTML; a parser child has memory to find items in so much
_FEW = 5  # items without links or dates, which a wall or an error page may seem to hold
_LINKS = 5  # make a list, and no hint that scripts are needed
_OTHER_FORMAT = Diagnosis(
    trouble=Trouble.UNKNOWN_FORMAT,
    detail="a document of another kind came back: a PDF, a picture, or XML that is no feed",
    next_step="Use the page that links to it as `url`.",
)
_THIS_PAGE = frozenset({Trouble.EMPTY_LIST, Trouble.NOT_A_LIST})  # what else a page is, is another
_FEEDS = frozenset({Kind.RSS, Kind.ATOM, Kind.JSON_FEED})


def extract(
    page: Fetched,
    rule: Rule,
    hints: Hints,  # noqa: ARG001
    *,
    explain: bool = False,
) -> Extraction:
    """Return the items of *page*; what kind of page it is shows in its bytes alone.

    Args:
        page: What came back.
        rule: Where the items are; an empty rule finds them.
        hints: When and in what language and time zone the page speaks.
        explain: Also return the lists that were not chosen, with scores.

    Raises:
        SelectorError: The rule holds an invalid selector.
    """
    kind = Kind.JSON if rule.json else kind_of(page.body, page.content_type)
    if kind in _FEEDS:
        return read_feed(page.body, content_type=page.content_type, base_url=page.url)
    if kind is Kind.CALENDAR:
        return read_calendar(page.body, content_type=page.content_type, base_url=page.url)
    if kind is Kind.SITEMAP:
        return read_sitemap(page.body, base_url=page.url)
    if kind is Kind.JSON:
        return read_json(page.body, paths=rule.json, base_url=page.url)
    found = _extract_html(page, rule, explain=explain)
    if kind is Kind.UNKNOWN and not rule.selectors and not found.items:
        return replace(found, kind=kind, diagnosis=_OTHER_FORMAT)
    return found


def _extract_html(page: Fetched, rule: Rule, *, explain: bool) -> Extraction:
    body = page.body
    is_cut = not rule.selectors and len(body) > READ_LIMIT_BYTES
    if is_cut:
        body = body[: max(0, body.rfind(b"<", 0, READ_LIMIT_BYTES))]
    tree = LexborHTMLParser(decode(body, page.content_type))
    base_url = base_of(tree, url=page.url)
    if rule.selectors:
        found = select_items(tree, rule.selectors, base_url=base_url)
    else:
        found = find_items(tree, base_url=base_url, explain=explain)
        if not found.items and _unveil(tree):
            found = find_items(tree, base_url=base_url, explain=explain)
        found = with_embedded(tree, found, base_url=base_url)
        if 0 < len(found.items) <= _FEW and not any(map(_is_sure, found.items)):
            found = _unless_wall(found, wall_of(tree))
    if is_cut:
        found = _cut(found, left_bytes=len(page.body) - len(body))
    return replace(
        found,
        feeds=advertised_feeds(tree, base_url=base_url),
        next_url=found.next_url or next_page(tree, base_url=base_url, current_url=page.url),
        title=found.title or _title(tree),
        language=found.language or _language(tree),
        diagnosis=None if found.items else _diagnosed(found, tree, base_url=base_url),
    )


def _diagnosed(found: Extraction, tree: LexborHTMLParser, *, base_url: str) -> Diagnosis:
    """Say why there are no items: of another page than the list, no selector is to blame."""
    seen = diagnose(tree, base_url=base_url)
    if found.diagnosis is None or seen.trouble not in _THIS_PAGE:
        return seen
    return found.diagnosis


def _is_sure(item: Item) -> bool:
    """Tell whether no wall or error page would hold such an item."""
    return bool(item.link or item.date_text or item.published)


def _unless_wall(found: Extraction, wall: Diagnosis | None) -> Extraction:
    """Take the headings of a wall for what they are."""
    if wall is None:
        return found
    dropped = [Dropped(text=item.title[:80], reason="it stands on a wall") for item in found.items]
    return replace(found, items=(), dropped=(*found.dropped, *dropped), diagnosis=wall)


def _unveil(tree: LexborHTMLParser) -> bool:
    """Show what is there for readers without scripts; tell whether that may be a list."""
    veiled = [node for node in tree.css("noscript") if len(node.css("a[href]")) >= _LINKS]
    for node in veiled:
        node.unwrap()
    return bool(veiled)


def _cut(found: Extraction, *, left_bytes: int) -> Extraction:
    """Say that a page was read only up to a limit: what is not seen is not gone."""
    reason = f"without `selectors` only the first {READ_LIMIT_BYTES:,} bytes of a page are read"
    dropped = Dropped(text=f"the last {left_bytes:,} bytes", reason=reason)
    return replace(found, is_cut=True, dropped=(*found.dropped, dropped))


def _language(tree: LexborHTMLParser) -> str | None:
    root = tree.css_first("html[lang]")
    return (root.attributes.get("lang") or "").strip() or None if root is not None else None


def _title(tree: LexborHTMLParser) -> str:
    node = tree.css_first("head > title")
    return text_of_node(node)[:_TITLE_LIMIT] if node is not None else ""
