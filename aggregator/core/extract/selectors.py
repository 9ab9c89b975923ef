"""Take the items out of a page by the CSS selectors of its rule."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import lru_cache
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from aggregator.core.extract.nodes import paragraphs_of, text_of_node
from aggregator.core.links import joined
from aggregator.errors import SelectorError
from aggregator.model import (
    Diagnosis,
    Dropped,
    Extraction,
    Item,
    Kind,
    Selectors,
    Trouble,
)

MAX_ITEMS = 1000  # on one page; a listing that shows more is a dump or an attack

_SUFFIX = re.compile(r"::(text|attr\(\s*([A-Za-z_][\w:.\-]*)\s*\))\s*$")
_HEADINGS = "h1, h2, h3, h4, h5, h6"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """A CSS selector and what is taken from the element it finds."""

    css: str  # "": the item itself
    attribute: str | None = None  # None: its text


@lru_cache(maxsize=4096)
def parse_selector(text: str) -> Selector:
    """Take ``css::attr(name)`` or ``css::text`` apart and check the CSS.

    Raises:
        SelectorError: It is not a selector; the message names it.

    >>> parse_selector("h3 a::attr(href)")
    Selector(css='h3 a', attribute='href')
    """
    suffix = _SUFFIX.search(text)
    css = (text[: suffix.start()] if suffix else text).strip()
    if css or not suffix:
        try:
            LexborHTMLParser("<p></p>").css(css)
        except SelectolaxError as error:
            raise SelectorError(f"{text!r} is not a CSS selector") from error
    return Selector(css=css, attribute=suffix[2] if suffix else None)


def check_selectors(selectors: Selectors) -> tuple[tuple[str, str], ...]:
    """Return (field, what is wrong) for every selector that cannot be used."""
    wrong = []
    for field in fields(selectors):
        text = getattr(selectors, field.name)
        if text is not None:
            try:
                parse_selector(text)
            except SelectorError as error:
                wrong.append((field.name, str(error)))
    return tuple(wrong)


def base_of(tree: LexborHTMLParser, *, url: str) -> str:
    """Return what the page's relative links are relative to: its ``<base href>``, or *url*."""
    base = tree.css_first("base[href]")
    href = (base.attributes.get("href") or "") if base is not None else ""
    try:
        return urljoin(url, href.strip())
    except ValueError:
        return url


def select_items(tree: LexborHTMLParser, selectors: Selectors, *, base_url: str) -> Extraction:
    """Return the items that *selectors* find, in page order.

    Args:
        tree: The page.
        selectors: A checked rule; what it leaves out is looked for in each item.
        base_url: What relative links are relative to; see `base_of`.

    Raises:
        SelectorError: A selector is not CSS.
    """
    nodes = tree.css(parse_selector(selectors.items).css)
    taken = [_item(node, selectors, base_url) for node in nodes[:MAX_ITEMS]]
    items = tuple(item for item in taken if _says_something(item))
    dropped = [
        Dropped(text=text_of_node(node)[:80], reason="the item has no title, link or text")
        for node, item in zip(nodes, taken, strict=False)
        if not _says_something(item)
    ]
    if len(nodes) > MAX_ITEMS:
        rest = len(nodes) - MAX_ITEMS
        dropped.append(
            Dropped(text=f"{rest} more", reason=f"a page holds at most {MAX_ITEMS} items")
        )
    return Extraction(
        kind=Kind.SELECTORS,
        items=items,
        dropped=tuple(dropped),
        diagnosis=None if items else _nothing(selectors, matched=len(nodes)),
        next_url=_next(tree, selectors, base_url),
        selectors=selectors,
    )


def _nothing(selectors: Selectors, *, matched: int) -> Diagnosis:
    if matched:
        detail = f"all {matched} elements that {selectors.items!r} matches are empty"
    else:
        detail = f"no element matches {selectors.items!r}"
    return Diagnosis(
        trouble=Trouble.NOTHING_MATCHES,
        detail=detail,
        next_step="Look at the page; then correct `selectors:` or leave them out.",
    )


def _says_something(item: Item) -> bool:
    return bool(item.title or item.link or item.summary or item.content)


def _item(node: LexborNode, rule: Selectors, base_url: str) -> Item:
    title_node = _title_node(node, rule.title)
    date_node = _first(node, rule.date) if rule.date else node.css_first("time")
    return Item(
        title=_title(node, rule.title, title_node),
        link=_link(node, rule.link, title_node, base_url),
        date_text=text_of_node(date_node) if date_node is not None else "",
        published=_machine_date(date_node, rule.date),
        summary=_summary(node, rule.summary, skip=(title_node, date_node)),
        content=_html(node, rule.content),
        authors=_values(node, rule.author),
        categories=_values(node, rule.categories),
        image=_image(node, rule.image, base_url),
    )


def _first(node: LexborNode, selector: str) -> LexborNode | None:
    css = parse_selector(selector).css
    return node.css_first(css) if css else node


def _all(node: LexborNode, selector: str) -> list[LexborNode]:
    css = parse_selector(selector).css
    return node.css(css) if css else [node]


def _value(node: LexborNode | None, selector: str) -> str:
    if node is None:
        return ""
    attribute = parse_selector(selector).attribute
    if attribute is None:
        return text_of_node(node)
    return (node.attributes.get(attribute) or "").strip()


def _title_node(node: LexborNode, selector: str | None) -> LexborNode | None:
    if selector:
        return _first(node, selector)
    heading = node.css_first(_HEADINGS)
    return heading if heading is not None else node.css_first("a[href]")


def _title(node: LexborNode, selector: str | None, title_node: LexborNode | None) -> str:
    if selector:
        return _value(title_node, selector)
    return text_of_node(title_node if title_node is not None else node)


def _link(
    node: LexborNode, selector: str | None, title_node: LexborNode | None, base_url: str
) -> str:
    if selector:
        attribute = parse_selector(selector).attribute
        found = _first(node, selector)
        if found is None:
            return ""
        return _absolute(found.attributes.get(attribute) if attribute else _href(found), base_url)
    for place in (title_node, node):
        href = _href(place) if place is not None else None
        if href:
            return _absolute(href, base_url)
    return ""


def _href(node: LexborNode) -> str | None:
    """Return the address of *node*: its own, of a link inside it, or of one around it."""
    if node.tag == "a" and node.attributes.get("href"):
        return node.attributes["href"]
    inside = node.css_first("a[href]")
    if inside is not None:
        return inside.attributes.get("href")
    around = node.parent
    while around is not None and around.tag != "body":
        if around.tag == "a":
            return around.attributes.get("href")
        around = around.parent
    return None


def _absolute(href: str | None, base_url: str) -> str:
    if not href:
        return ""
    try:
        return joined(base_url, href.strip())
    except ValueError:
        return ""


def _machine_date(node: LexborNode | None, selector: str | None) -> str:
    if node is None:
        return ""
    attribute = parse_selector(selector).attribute if selector else None
    return (node.attributes.get(attribute or "datetime") or "").strip()


def _summary(node: LexborNode, selector: str | None, *, skip: tuple[LexborNode | None, ...]) -> str:
    if not selector:
        return ""
    if parse_selector(selector).attribute:
        return _value(_first(node, selector), selector)
    if not parse_selector(selector).css:
        return _loose_text(node)
    # Not the title or the date again, when "p" means all paragraphs of the item.
    said = {other.mem_id for other in skip if other is not None}
    found = [part for part in _all(node, selector) if part.mem_id not in said]
    return "\n\n".join(text for part in found if (text := paragraphs_of(part)))


def _loose_text(node: LexborNode) -> str:
    """Return the text that stands in *node* itself, in none of its elements."""
    texts: list[str] = []
    child = node.first_child
    while child is not None:
        texts += (child.text_content or "").split() if child.tag == "-text" else ()
        child = child.next
    return " ".join(texts)


def _html(node: LexborNode, selector: str | None) -> str:
    if not selector:
        return ""
    return "".join(found.inner_html or "" for found in _all(node, selector))


def _values(node: LexborNode, selector: str | None) -> tuple[str, ...]:
    if not selector:
        return ()
    return tuple(text for found in _all(node, selector) if (text := _value(found, selector)))


def _image(node: LexborNode, selector: str | None, base_url: str) -> str:
    found = _first(node, selector) if selector else None
    if selector is None or found is None:
        return ""
    attribute = parse_selector(selector).attribute or "src"
    return _absolute(found.attributes.get(attribute), base_url)


def _next(tree: LexborHTMLParser, rule: Selectors, base_url: str) -> str | None:
    if not rule.next:
        return None
    selector = parse_selector(rule.next)
    found = tree.css_first(selector.css)
    if found is None:
        return None
    return _absolute(found.attributes.get(selector.attribute or "href"), base_url) or None
