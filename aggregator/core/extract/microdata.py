"""The objects that a page marks up as microdata: itemscope, itemtype, itemprop."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from aggregator.core.extract.nodes import text_of_node

MAX_OBJECTS = 2_000
MAX_LEVELS = 60  # between a property and its object
_LISTED = frozenset({"itemlistelement", "blogpost", "blogposts", "haspart", "mainentity", "event"})
# Not breadcrumbs, menus, people and places: they are marked up as well.
_TYPES = re.compile(
    r"(?:Article|Posting|Event|Report|CreativeWork|Document|Thesis|Episode|Recipe|Product|Dataset"
    r"|VideoObject|Movie|Book|Course|Review)$"
)
_ADDRESSES = {"a": "href", "link": "href", "area": "href", "img": "src"}
_TEXT_LIMIT = 20_000


def objects_of(tree: LexborHTMLParser) -> list[list[dict[str, str]]]:
    """Return the objects of a page by their type, each as property and value, in page order.

    An object that is only a part of another, its author or picture, is none of its own. Of a
    property that is there twice the first counts.

    See:
        https://html.spec.whatwg.org/multipage/microdata.html#values
    """
    found: dict[str, list[dict[str, str]]] = {}
    for node in tree.css("[itemscope]")[:MAX_OBJECTS]:
        own = node.attributes
        role = (own.get("itemprop") or "").lower().split()
        kind = (own.get("itemtype") or "").strip()
        if _TYPES.search(kind) and (not role or not _LISTED.isdisjoint(role)):
            found.setdefault(kind, []).append(_properties(node))
    return list(found.values())


def _properties(node: LexborNode) -> dict[str, str]:
    said: dict[str, str] = {}
    for one in node.css("[itemprop]"):
        if _owner(one) == node.mem_id:
            for name in (one.attributes.get("itemprop") or "").split():
                said.setdefault(name, _value(one))
    return said


def _owner(node: LexborNode) -> int:
    """Return which object a property belongs to: the nearest around it."""
    at = node.parent
    for _ in range(MAX_LEVELS):
        if at is None or "itemscope" in at.attributes:
            break
        at = at.parent
    return 0 if at is None else at.mem_id


def _value(node: LexborNode) -> str:
    own = node.attributes
    if "itemscope" in own:  # an author: what it is called
        name = node.css_first("[itemprop=name]:not([itemscope])")
        return _value(name) if name is not None else ""
    value = own.get("content") or own.get("datetime")
    if not value and node.tag in _ADDRESSES:
        value = own.get(_ADDRESSES[node.tag])
    return value.strip() if value else text_of_node(node)[:_TEXT_LIMIT]
