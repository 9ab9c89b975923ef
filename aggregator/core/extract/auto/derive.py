"""Selectors that find again what was found: for config.yaml, and for people to change."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from aggregator.core.extract.auto.choose import Taken, is_flow
from aggregator.core.extract.auto.fields import prose_slots
from aggregator.core.extract.auto.outline import Outline
from aggregator.core.extract.selectors import select_items
from aggregator.model import Item, Selectors

_TRIED = 60  # items on which the selectors of parts are tried
_ENOUGH = 0.9  # of the items must say the same by a selector of a part
_BELOW_HEADS = (":nth-child(n+2)", ":nth-child(n+3)")  # rows below one or two of headings
_IDENTIFIER = re.compile(r"-?[A-Za-z_][\w-]*")
_NAME = re.compile(r"[A-Za-z][A-Za-z_-]*")  # an id with a number is that of one day's page
_CELL = re.compile(r"td:(\d+)")
_NTH = re.compile(r"~(\d+)$")


def derive(
    tree: LexborHTMLParser,
    outline: Outline,
    chosen: Sequence[Taken],
    items: Sequence[Item],
    *,
    lone: Sequence[int],
    base_url: str,
) -> Selectors | None:
    """Return selectors that give the same titles and links, or ``None``.

    Args:
        tree: The page.
        outline: Of the page.
        chosen: The lists that the items were read from.
        items: That were found.
        lone: The nodes of those that stand alone, in no list.
        base_url: What links are relative to.
    """
    lists = [taken.measured for taken in chosen]
    if any(is_flow(outline, measured) for measured in lists):
        return None  # items without an element of their own
    roots = [[spans[0].start for spans in taken.spans] for taken in chosen]
    parts = [
        _items_selector(tree, outline, some, lead=next(iter(measured.lead.values())))
        for some, measured in zip(roots, lists, strict=True)
    ]
    if lone:
        parts += _lone_selectors(tree, outline, lone)
    if not all(parts):
        return None
    found = Selectors(items=", ".join(part for part in parts if part))
    first = chosen[0]

    def same(rule: Selectors, said: Callable[[Item], object]) -> bool:
        again = select_items(tree, rule, base_url=base_url).items
        if len(again) < len(items):
            return False
        by_link = Counter((item.link, said(item)) for item in again)
        agreed = sum(bool(by_link[item.link, said(item)]) for item in items[:_TRIED])
        return agreed >= _ENOUGH * len(items[:_TRIED])

    titled = _with_title(found, first, same)
    if titled is None or not _finds(select_items(tree, titled, base_url=base_url).items, items):
        return None
    return _with_rest(titled, first, items, same)


def _finds(again: Sequence[Item], items: Sequence[Item]) -> bool:
    said = Counter((item.title, item.link) for item in again)
    return len(again) == len(items) and said == Counter((item.title, item.link) for item in items)


def _with_title(
    found: Selectors, taken: Taken, same: Callable[[Selectors, Callable[[Item], object]], bool]
) -> Selectors | None:
    """Add what is needed for the right titles and links: nothing, if the usual is right."""
    links = [None, *(f"{css}::attr(href)" for css in _suffixes(_link_slot(taken)))]
    titles = [None, *(css for column in taken.plan.titles[:3] for css in _suffixes(column.slot[1]))]
    for title in titles:
        for link in links:
            rule = replace(found, title=title, link=link)
            if same(rule, lambda item: item.title):
                return rule
    return None


def _with_rest(
    found: Selectors,
    taken: Taken,
    items: Sequence[Item],
    same: Callable[[Selectors, Callable[[Item], object]], bool],
) -> Selectors:
    """Add selectors of date and summary where some say the same."""
    if any(item.date_text or item.published for item in items):
        for css in (css for column in taken.plan.dates[:3] for css in _suffixes(column.slot[1])):
            rule = replace(found, date=css)
            if same(rule, lambda item: item.date_text):
                found = rule
                break
    if any(item.summary for item in items):
        for css in ("p", *(css for slot in prose_slots(taken.records) for css in _suffixes(slot))):
            rule = replace(found, summary=css)
            if same(rule, lambda item: item.summary):
                return rule
    return found


def _link_slot(taken: Taken) -> str:
    """Return where most links of items stand."""
    return taken.plan.links[0] if taken.plan.links else ""


def _lone_selectors(
    tree: LexborHTMLParser, outline: Outline, lone: Sequence[int]
) -> list[str | None]:
    """Return what leads to items that stand alone: one path to all of them, or one to each."""
    leads = [
        next(at for at in range(root, outline.ends[root]) if outline.is_heading(at))
        for root in lone
    ]
    of_all = _items_selector(tree, outline, lone, lead=leads[0])
    if of_all:
        return [of_all]
    return [
        _items_selector(tree, outline, [root], lead=lead)
        for root, lead in zip(lone, leads, strict=True)
    ]


def _items_selector(
    tree: LexborHTMLParser, outline: Outline, roots: Sequence[int], *, lead: int
) -> str | None:
    """Return the shortest path that leads to some nodes and to nothing else.

    Args:
        tree: The page.
        outline: Of the page.
        roots: The nodes.
        lead: What is the title, or holds it, in one of them.
    """
    wanted = {outline.ids[root] for root in roots}
    path = outline.path_of(roots[0])
    called = [_step(outline.steps[at]) for at in path]
    bare = [*called[:-1], _css(outline.tag(roots[0]))]  # where they are not all called the same
    top = roots[max(0, bisect_right(roots, lead) - 1)]
    inside = " > ".join(_step(outline.steps[at]) for at in outline.path_of(lead, top=top))
    has_lead = (f":has({step})" for step in (_css(outline.tag(lead)), _step(outline.steps[lead])))
    endings = ("", *has_lead, *_BELOW_HEADS, f":has(> {inside})")
    for steps, tried in ((called, endings), (bare, ("", *_BELOW_HEADS))):
        for ending in tried:
            for css in (*_paths(steps), *_paths_from_ids(outline, path, steps)):
                if _ids(tree.css(css + ending)) == wanted:
                    return css + ending
    return None


def _paths(steps: Sequence[str]) -> Iterator[str]:
    for length in range(1, len(steps) + 1):
        yield " > ".join(steps[-length:])


def _paths_from_ids(outline: Outline, path: Sequence[int], steps: Sequence[str]) -> Iterator[str]:
    """Yield paths that begin at an element with a name of its own, the nearest first."""
    for place in range(len(path) - 2, -1, -1):
        name = outline.attributes[path[place]].get("id") or ""
        if _NAME.fullmatch(name):
            yield " > ".join((f"#{name}", *steps[place + 1 :]))


def _ids(nodes: Sequence[LexborNode]) -> set[int]:
    return {node.mem_id for node in nodes}


def _step(step: str) -> str:
    """Return a step of the outline as CSS."""
    cell = _CELL.fullmatch(step)
    return f"td:nth-child({int(cell[1]) + 1})" if cell else _css(step)


def _css(step: str) -> str:
    """Return a tag and its class as CSS; any tag for one that no selector can say: ``o:p``."""
    tag, _, name = step.partition(".")
    if not _IDENTIFIER.fullmatch(tag.partition("#")[0]):
        tag = "*"
    return f"{tag}.{name}" if _IDENTIFIER.fullmatch(name) else tag


def _suffixes(slot: str) -> Iterator[str]:
    """Yield the ends of a path inside an item as CSS, the shortest first."""
    if not slot or "#" in slot:
        return
    steps = [_inner_step(step) for step in slot.strip("/").split("/")]
    for length in range(1, len(steps) + 1):
        yield " > ".join(steps[-length:])


def _inner_step(step: str) -> str:
    nth = _NTH.search(step)
    css = _css(step[: nth.start()] if nth else step)
    return f"{css}:nth-of-type({nth[1]})" if nth and "." not in step else css
