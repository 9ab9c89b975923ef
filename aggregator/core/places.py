"""Where on a page things that are known already stand, and which selectors find such places."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from aggregator.core.extract.nodes import text_of_node
from aggregator.core.text import words
from aggregator.model import Basis, Entry, KnownItem

MAX_NODES = 5_000  # that are looked at for known titles and links
MAX_DEPTH = 30
LEVELS = 8  # above a known title or link where its item may begin
OPENING = 40  # characters of a summary by which it is recognised
TITLE_WORDS = 3  # shorter titles stand in menus too; for them the link must fit

_NAME = re.compile(r"^-?[A-Za-z_][\w-]*$", re.ASCII)
_PASSING = re.compile(  # what differs between items or visits
    r"\d|^(?:first|last|odd|even|active|current|new|hidden|show|visible|open|selected)$"
)
_TOLD_BY_PLACE = frozenset({"td", "p", "div", "span", "dd"})  # where there are no classes
_HEADINGS = "h1, h2, h3, h4, h5, h6, dt, strong, b, [class*=title], [class*=head]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An element that says what a known item says."""

    node: LexborNode
    item: int  # which of the known ones
    by_title: bool  # or by its link


@dataclass(frozen=True, slots=True)
class Memory:
    """The known items, to be recognised by what a page says."""

    links: dict[str, int] = field(default_factory=dict)
    titles: dict[str, int] = field(default_factory=dict)

    def by_link(self, href: str, base_url: str) -> int | None:
        """Return the known item that *href* leads to."""
        key = link_key(href, base_url)
        return self.links.get(key) if key else None

    def by_title(self, text: str) -> int | None:
        """Return the known item that is called so."""
        return self.titles.get(title_key(text))


def known_item(entry: Entry) -> KnownItem:
    """Return what may be seen of *entry* on a page."""
    is_dated = entry.published.basis is not Basis.FIRST_SEEN
    return KnownItem(
        title=entry.title,
        link=entry.link,
        day=entry.published.at.date().isoformat() if is_dated else None,
        summary=entry.summary[:OPENING],
    )


def remember(known: Sequence[KnownItem]) -> Memory:
    """Return *known* by link and title; what several of them share tells none of them."""
    memory = Memory()
    _index(memory.links, ((link_key(item.link or "", ""), at) for at, item in enumerate(known)))
    titled = ((title_key(item.title or ""), at) for at, item in enumerate(known))
    _index(memory.titles, ((key, at) for key, at in titled if key.count(" ") + 1 >= TITLE_WORDS))
    return memory


def _index(index: dict[str, int], pairs: Iterable[tuple[str, int]]) -> None:
    shared = set()
    for key, at in pairs:
        if key and index.setdefault(key, at) != at:
            shared.add(key)
    for key in shared:
        del index[key]


def link_key(href: str, base_url: str) -> str:
    """Return what two spellings of one address share here: host, path and query."""
    try:
        parts = urlsplit(urljoin(base_url, href.strip()))
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    if not host or not (path or parts.query):
        return ""
    return f"{host}{path}?{parts.query}"


def title_key(text: str) -> str:
    """Return the words of a title."""
    return " ".join(words(text[:1000]))


def find_hits(tree: LexborHTMLParser, memory: Memory, *, base_url: str) -> list[Hit]:
    """Return the elements of a page that are links to, or titles of, known items."""
    hits = []
    for node in tree.css("a[href]")[:MAX_NODES]:
        by_link = memory.by_link(node.attributes.get("href") or "", base_url)
        by_title = memory.by_title(text_of_node(node))
        item = by_title if by_title is not None else by_link
        if item is not None:
            hits.append(Hit(node=node, item=item, by_title=by_title is not None))
    for node in tree.css(_HEADINGS)[:MAX_NODES]:
        named = memory.by_title(text_of_node(node))
        if named is not None:
            hits.append(Hit(node=node, item=named, by_title=True))
    return hits


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """Yield *node* and what is around it, up to the body."""
    at: LexborNode | None = node
    for _ in range(MAX_DEPTH):
        if at is None or at.tag in {"body", "html", "-document"}:
            return
        yield at
        at = at.parent


def items_inside(hits: Sequence[Hit]) -> dict[int, set[int]]:
    """Return which known items stand in each element, by the element's `mem_id`."""
    inside: dict[int, set[int]] = {}
    for hit in hits:
        for node in ancestors(hit.node):
            inside.setdefault(node.mem_id, set()).add(hit.item)
    return inside


def selectors_of_items(hits: Sequence[Hit], inside: dict[int, set[int]]) -> list[str]:
    """Return selectors of elements that hold one known item each, as wide as that goes."""
    found: dict[str, None] = {}
    for hit in hits:
        around = [node for node in ancestors(hit.node) if len(inside[node.mem_id]) == 1]
        for node in around[-1 : -1 - LEVELS : -1]:
            found.update(dict.fromkeys(spellings(node)))
    return list(found)


def spellings(node: LexborNode) -> Iterator[str]:
    """Yield selectors that find *node* and its like, the plainest first."""
    own = name_of(node)
    parent = node.parent
    if "." in own:
        yield own
    if parent is None or parent.tag in {"body", "html"}:
        if "." not in own:
            yield f"body > {own}"
        return
    above = name_of(parent)
    if "." not in own:
        above = _with_id(parent) or above
        if above != _tag_of(parent):
            yield f"{above} > {own}"
        elif own in {"article", "li", "tr", "dt"}:
            yield own
    grand = parent.parent
    if grand is not None and grand.tag not in {"body", "html"}:
        around = f"{_with_id(grand) or name_of(grand)} > {name_of(parent)}"
        yield f"{around} > {own}"
        yield f"{around} > {_tag_of(node)}"
    else:
        yield f"{above} > {own}"
        yield f"{above} > {_tag_of(node)}"


def name_of(node: LexborNode) -> str:
    """Return the tag of *node* with those of its classes that its like will have too."""
    classes = (node.attributes.get("class") or "").split()
    stable = [one for one in classes if _NAME.match(one) and not _PASSING.search(one)]
    return ".".join([_tag_of(node), *stable[:3]])


def _tag_of(node: LexborNode) -> str:
    """Return what a selector calls the tag of *node*; broken markup has tags like `p<time`."""
    tag = node.tag or ""
    return tag if _NAME.match(tag) else "*"


def _with_id(node: LexborNode) -> str | None:
    name = node.attributes.get("id") or ""
    return f"#{name}" if _NAME.match(name) and not _PASSING.search(name) else None


def paths_inside(nodes: Iterable[LexborNode], within: Collection[int]) -> list[str]:
    """Return short selectors of *nodes*, to be used inside the items *within* (`mem_id`)."""
    found: dict[str, int] = {}
    for node in nodes:
        names = [name_of(node)]
        if node.parent is not None and node.parent.mem_id not in within:
            names.append(f"{name_of(node.parent)} {names[0]}")
        if "." in names[0]:
            names.append(_tag_of(node))
        elif node.tag in _TOLD_BY_PLACE:
            names.append(f"{node.tag}:nth-child({_place(node)})")
        for name in names:
            found[name] = found.get(name, 0) + 1
    return sorted(found, key=lambda name: (-found[name], "." not in name, len(name)))


def _place(node: LexborNode) -> int:
    """Return which child of its parent *node* is, counted from 1."""
    place, before = 1, node.prev
    while before is not None and place < MAX_DEPTH:
        place += not (before.tag or "").startswith("-")
        before = before.prev
    return place
