"""Find a new rule when the old one stopped working but known items are visibly on the page.

    known links and titles ─▶ their elements ─▶ what holds one of them each: the items
                                            ─▶ what in an item says its title, link, date, summary

A rule is worth something only if it finds the known items again and what else it finds looks
like them. What it finds is judged afterwards as any other reading (`core.contract`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from aggregator.core.charset import decode
from aggregator.core.dates import read_date
from aggregator.core.extract.kinds import kind_of
from aggregator.core.extract.nodes import text_of_node
from aggregator.core.extract.selectors import base_of, select_items
from aggregator.core.places import (
    Hit,
    Memory,
    ancestors,
    find_hits,
    items_inside,
    link_key,
    paths_inside,
    remember,
    selectors_of_items,
    title_key,
)
from aggregator.core.shape import shape_of
from aggregator.model import Fetched, Hints, Item, KnownItem, Selectors

ENOUGH = 3  # known items that must be on the page, where so many are known; never one alone
MOST = 0.7  # of the known items on the page, a rule must find
STRANGE = 0.3  # of what a rule finds may look like none of the known
TRIED = 80  # selectors for the items
PARTS_TRIED = 8  # selectors for a part
MAX_ITEMS = 1000
DATE_LENGTH = 60  # characters of an element that says a date and nothing else

Score = Callable[[Item, KnownItem], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """A page and what is known of it."""

    tree: LexborHTMLParser
    base_url: str
    hints: Hints
    memory: Memory
    hits: tuple[Hit, ...]

    @property
    def on_page(self) -> set[int]:
        """Return which known items are on the page."""
        return {hit.item for hit in self.hits}

    def known(self, item: Item) -> KnownItem | None:
        """Return the known item that *item* is."""
        at = self.memory.by_link(item.link, self.base_url)
        at = self.memory.by_title(item.title) if at is None else at
        return None if at is None else self.hints.known[at]

    def items(self, rule: Selectors) -> tuple[Item, ...]:
        return select_items(self.tree, rule, base_url=self.base_url).items


def mend(page: Fetched, selectors: Selectors | None, hints: Hints) -> Selectors | None:
    """Return selectors that find the known items on *page*, and what is like them.

    Args:
        page: HTML; anything else is not mended.
        selectors: The configured ones; what still works of them is kept.
        hints: With the known items, and the rule that was found last time.

    Returns:
        ``None``: too few known items are there, or no rule finds them.
    """
    if kind_of(page.body, page.content_type) is not None:
        return None
    desk = _open(page, hints)
    if len(desk.on_page) < max(2, min(ENOUGH, len(hints.known))):
        return None
    if hints.stand_in and _fits(hints.stand_in, desk):
        return hints.stand_in
    items = _best_items(selectors, desk)
    if items is None:
        return None
    base = replace(selectors, items=items) if selectors else Selectors(items=items)
    rule = _with_parts(base, desk)
    return rule if _fits(rule, desk) else None


def _open(page: Fetched, hints: Hints) -> _Desk:
    tree = LexborHTMLParser(decode(page.body, page.content_type))
    base_url = base_of(tree, url=page.url)
    memory = remember(hints.known)
    hits = tuple(find_hits(tree, memory, base_url=base_url))
    return _Desk(tree=tree, base_url=base_url, hints=hints, memory=memory, hits=hits)


def _fits(rule: Selectors, desk: _Desk) -> bool:
    """Tell whether *rule* finds the known items, and little that is not like them."""
    found = desk.items(rule)
    known = {id(one) for item in found if (one := desk.known(item)) is not None}
    if len(known) < max(2, MOST * len(desk.on_page)):
        return False
    shapes = {shape_of(item.link) for item in found if desk.known(item) is not None}
    strange = sum(shape_of(item.link) not in shapes for item in found)
    return strange <= max(1, STRANGE * len(found))


# ---- the items -----------------------------------------------------------------------


def _best_items(selectors: Selectors | None, desk: _Desk) -> str | None:
    """Return the selector whose elements hold one known item each, and most of them."""
    inside = items_inside(desk.hits)
    shapes = {shape_of(_href(hit.node, desk)) for hit in desk.hits if hit.node.tag == "a"}
    tried = selectors_of_items(desk.hits, inside)[:TRIED]
    configured = [selectors.items] if selectors else []
    best, best_worth = None, (0.0, 0)
    for selector in [*configured, *tried]:
        worth = _worth(desk.tree.css(selector)[:MAX_ITEMS], inside, shapes, desk)
        if worth > best_worth:
            best, best_worth = selector, worth
    return best if best_worth[0] >= MOST * len(desk.on_page) else None


def _worth(
    nodes: Sequence[LexborNode], inside: dict[int, set[int]], shapes: set[str], desk: _Desk
) -> tuple[float, int]:
    """Return what a selector is worth that finds *nodes*, and how much they say."""
    alone: set[int] = set()
    alike: set[str] = set()
    against, text = 0.0, 0
    for node in nodes:
        held = inside.get(node.mem_id, set())
        if len(held) > 1:
            against += 2
        elif held:
            against += 0.3 if held <= alone else 0  # an item is one element
            alone |= held
            text += len(text_of_node(node)) if len(alone) <= ENOUGH else 0
        else:
            link = node.css_first("a[href]")
            href = _href(link, desk) if link is not None else ""
            is_alike = shape_of(href) in shapes and href not in alike
            alike.add(href)
            against += -0.01 if is_alike else 0.5
    return len(alone) - against, text


def _href(node: LexborNode, desk: _Desk) -> str:
    return "http://" + link_key(node.attributes.get("href") or "", desk.base_url).rstrip("?")


# ---- the parts -----------------------------------------------------------------------


def _with_parts(rule: Selectors, desk: _Desk) -> Selectors:
    """Find again what in an item says its title, its link, its date and its summary."""
    nodes = {node.mem_id for node in desk.tree.css(rule.items)[:MAX_ITEMS]}
    hits = [hit for hit in desk.hits if any(a.mem_id in nodes for a in ancestors(hit.node))]
    links = [hit.node for hit in hits if hit.node.tag == "a"]
    titles = paths_inside([hit.node for hit in hits if hit.by_title], nodes)
    rule = _choose(rule, "title", titles, _has_title, desk) or rule
    hrefs = [f"{path}::attr(href)" for path in paths_inside(links, nodes)]
    with_links = _choose(rule, "link", hrefs, _has_link, desk)
    rule = with_links or _choose(rule, "link", hrefs, _has_some_link, desk) or rule
    if any(known.day for known in desk.hints.known):
        dated = lambda item, known: _has_day(item, known, desk.hints)  # noqa: E731
        rule = _choose(rule, "date", _date_paths(rule, nodes, desk), dated, desk) or rule
    if any(known.summary for known in desk.hints.known):
        texts = _text_paths(rule, nodes, desk)
        rule = _choose(rule, "summary", texts, _has_summary, desk) or rule
    return rule


def _choose(
    rule: Selectors, part: str, tried: Iterable[str], is_right: Score, desk: _Desk
) -> Selectors | None:
    """Return *rule* with the selector of *part* that is right most often; the old one first.

    ``None``: none is ever right.
    """
    configured = getattr(rule, part)
    candidates = dict.fromkeys([configured, None, *list(tried)[:PARTS_TRIED]])
    best, best_count = None, 0
    for selector in candidates:
        changed = replace(rule, **{part: selector})
        pairs = ((item, desk.known(item)) for item in desk.items(changed))
        count = sum(known is not None and is_right(item, known) for item, known in pairs)
        if count > best_count:
            best, best_count = changed, count
    return best


def _has_title(item: Item, known: KnownItem) -> bool:
    return title_key(item.title) == title_key(known.title or "")


def _has_link(item: Item, known: KnownItem) -> bool:
    return link_key(item.link, "") == link_key(known.link or "", "")


def _has_some_link(item: Item, known: KnownItem) -> bool:
    return bool(item.link) and _has_title(item, known)


def _has_day(item: Item, known: KnownItem, hints: Hints) -> bool:
    when = read_date(item.date_text, hints, machine=item.published)
    return when is not None and when.at.date().isoformat() == known.day


def _has_summary(item: Item, known: KnownItem) -> bool:
    return bool(known.summary) and title_key(item.summary).startswith(title_key(known.summary))


def _date_paths(rule: Selectors, nodes: set[int], desk: _Desk) -> list[str]:
    """Return selectors of short elements with a digit in them, and of machine-readable dates."""
    dated = [
        node
        for node in _inner_nodes(rule, desk)
        if len(text := text_of_node(node)) <= DATE_LENGTH and any(map(str.isdigit, text))
    ]
    marked = [node for node in _inner_nodes(rule, desk) if node.attributes.get("datetime")]
    machine = [f"{path}::attr(datetime)" for path in paths_inside(marked, nodes)[:2]]
    return machine + paths_inside(dated, nodes)


def _text_paths(rule: Selectors, nodes: set[int], desk: _Desk) -> list[str]:
    """Return selectors of elements that begin as a known summary does, and the item's own text."""
    openings = tuple({title_key(one.summary) for one in desk.hints.known if one.summary})
    opening = [
        node
        for node in _inner_nodes(rule, desk)
        if title_key(text_of_node(node)[:1000]).startswith(openings)
    ]
    return [*paths_inside(opening, nodes), "::text"]


def _inner_nodes(rule: Selectors, desk: _Desk) -> list[LexborNode]:
    """Return the elements inside the first few items that hold something known."""
    inside = items_inside(desk.hits)
    known = [node for node in desk.tree.css(rule.items) if node.mem_id in inside]
    return [node for item in known[: 2 * ENOUGH] for node in item.css("*")[1:MAX_ITEMS]]
