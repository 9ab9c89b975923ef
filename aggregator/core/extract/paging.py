"""Find the next page of a list: the one with the older items."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag

from selectolax.lexbor import LexborHTMLParser, LexborNode

from aggregator.core.extract.markup import absolute
from aggregator.core.extract.next_words import ARROWS, NEXT, OLDER, plain_label
from aggregator.core.extract.page_numbers import BARE, Address, address_of, is_same_site

_LABEL_LIMIT = 80  # characters; a longer text is a headline that begins with "Next"
_LINKS_LIMIT = 5_000
_DIGITS = 5  # of a page's number
_SECOND = "2"  # the label of the page after the first
_WORDS = OLDER | NEXT
_LEVELS = 4  # how far above a link its pager may begin
_PAGER_LINKS = 40  # more links than this, and it is a menu

_PAGER = re.compile(
    r"pag(?:e[rs]?\b|ing|ina|inat|enav)|nav-(?:links|previous|next)|\bnext|older|wp-pagenavi",
    re.IGNORECASE,
)
_BACK = re.compile(r"\b(?:prev|previous|newer)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Here:
    """The page we are on."""

    url: str
    base_url: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    """A link that goes on to another page of the same site."""

    url: str
    address: Address
    text: str


def next_page(tree: LexborHTMLParser, *, base_url: str, current_url: str) -> str | None:
    """Return the address of the page with the next older items, or ``None``.

    In this order: ``rel=next``; a link that says "older" or "next page"; one that says
    "next", in a pager; the next number of a pager; a lone arrow in a pager; this address with
    ``page=2`` or ``/page/2``. Never this page again, an earlier one, another site, or a script.

    Args:
        tree: The page.
        base_url: What its links are relative to.
        current_url: Where it was found.
    """
    address = address_of(current_url)
    if address is None:
        return None
    here = _Here(url=current_url, base_url=base_url, address=address)
    labelled = list(_labelled(tree))
    found = (
        _first(_declared(tree), here)
        or _first([node for node, text in labelled if plain_label(text) in OLDER], here)
        or _first(_in_pagers(labelled, NEXT), here)
        or _by_number(labelled, here)
        or _by_arrow(labelled, here)
        or _by_address(tree, here)
    )
    return found.url if found else None


def _declared(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    """Return what has rel=next: in the head, then in the page."""
    for node in tree.css("[rel~=next]"):
        if node.tag in {"link", "a"}:
            yield node


def _labelled(tree: LexborHTMLParser) -> Iterator[tuple[LexborNode, str]]:
    """Return the links whose words could mean the next page; most links of a page do not."""
    for node in tree.css("a[href]")[:_LINKS_LIMIT]:
        text = node.text(deep=True)
        if len(text) <= _LABEL_LIMIT:
            label = plain_label(text) or plain_label(text := _name_of_picture(node) or text)
            if label in _WORDS or (label.isdecimal() and len(label) <= _DIGITS) or not label:
                yield node, text.strip()


def _name_of_picture(node: LexborNode) -> str:
    """Return what a link without words is called."""
    attributes = node.attributes
    name = attributes.get("aria-label") or attributes.get("title")
    image = None if name else node.child
    if image is not None and image.tag == "img":
        name = image.attributes.get("alt")
    return (name or "")[:_LABEL_LIMIT]


def _first(nodes: Iterable[LexborNode], here: _Here) -> _Link | None:
    return next((link for node in nodes if (link := _link(node, "", here))), None)


def _link(node: LexborNode, text: str, here: _Here) -> _Link | None:
    """Return the link when it goes on to another page of the same site."""
    href = (node.attributes.get("href") or "").strip()
    if not href or href.startswith("#"):
        return None
    url = absolute(href, base_url=here.base_url)
    address = address_of(url)
    if address is None or not is_same_site(url, here.url):
        return None
    if address.is_same_page(here.address) or address.is_before(here.address):
        return None
    return _Link(url=urldefrag(url).url, address=address, text=text)


def _in_pagers(
    labelled: list[tuple[LexborNode, str]], words: Collection[str]
) -> Iterator[LexborNode]:
    for node, text in labelled:
        if (plain_label(text) in words or text in words) and _is_in_pager(node):
            yield node


def _by_arrow(labelled: list[tuple[LexborNode, str]], here: _Here) -> _Link | None:
    arrows = [(node, text) for node, text in labelled if text in ARROWS]
    arrows.sort(key=lambda arrow: ARROWS.index(arrow[1]))
    return _first(_in_pagers(arrows, ARROWS), here)


def _by_number(labelled: list[tuple[LexborNode, str]], here: _Here) -> _Link | None:
    """Return the link to the next number of this list's pager.

    A page without a number in its address is the first, so "2" is next. Else it is the
    lowest number above this page's: labels count pages, addresses pages or items.
    """
    numbered = [(node, plain_label(text)) for node, text in labelled]
    if here.address.number is None:
        numbered = [(node, text) for node, text in numbered if text == _SECOND]
    links = [
        link for node, text in numbered if text.isdecimal() and (link := _link(node, text, here))
    ]
    pages = [link for link in links if link.address.is_page_of(here.address)]
    best = min(pages, key=_number, default=None)
    if best is None or best.address.number is None:
        return None
    if best.address.name == BARE and not _has_beginning(numbered):
        return None  # years, terms of a court
    counts_pages = int(best.text) - best.address.number in {0, 1}
    skipped = best.address.number - (here.address.number or 0)
    return None if here.address.number is not None and counts_pages and skipped > 1 else best


def _has_beginning(numbered: list[tuple[LexborNode, str]]) -> bool:
    return any(text in {"1", _SECOND} for _, text in numbered)


def _by_address(tree: LexborHTMLParser, here: _Here) -> _Link | None:
    """Return a link, whatever it says, to this address with the next page's number."""
    for node in tree.css('a[href*="page" i]')[:_LINKS_LIMIT]:
        link = _link(node, "", here)
        if link and link.address.is_page_of(here.address) and link.address.name != BARE:
            is_next = link.address.number == (here.address.number or 1) + 1
            if is_next and "page" in f"{link.address.name}{link.url}".lower():
                return link
    return None


def _number(link: _Link) -> int:
    return link.address.number or 0


def _is_in_pager(node: LexborNode) -> bool:
    """Tell whether a link stands in a pager: something around it is called so, or has numbers."""
    if _BACK.search(_names(node)):
        return False
    at: LexborNode | None = node
    for _ in range(_LEVELS):
        if at is None or at.tag in {"body", "html", "main"}:
            return False
        if _PAGER.search(_names(at)) or _has_numbers(at):
            return True
        at = at.parent
    return False


def _names(node: LexborNode) -> str:
    attributes = node.attributes
    return " ".join((attributes.get(name) or "")[:200] for name in ("class", "id", "aria-label"))


def _has_numbers(node: LexborNode) -> bool:
    links = node.css("a[href]")
    if not 1 < len(links) <= _PAGER_LINKS:
        return False
    return any(link.text(deep=True).strip().isdecimal() for link in links)
