"""What is measured of a list, to tell the items of a page from its menus and boxes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log

from aggregator.core.dates.shape import may_hold_date
from aggregator.core.extract.auto.addresses import HUB, TELLING, path_of
from aggregator.core.extract.auto.lists import FEW, Listed, Mark
from aggregator.core.extract.auto.outline import Outline
from aggregator.core.extract.auto.places import Place
from aggregator.core.extract.auto.record import Record
from aggregator.core.extract.auto.runs import Nodes

SAMPLE = 6  # items of a list that are looked at
WIDE = 60  # characters; a title of that length is as good as any
_MANY = 30
_CJK = "\u2e80"


@dataclass(slots=True)
class Measured:
    """A list with what was measured; texts are those of the first items."""

    listed: Listed
    lead: dict[int, int]  # root -> the seed whose text is most like a title
    links: dict[int, int]  # root -> the seed whose address is most like an item's
    titles: list[str]
    texts: list[str]
    page_length: int  # characters
    nodes: list[Nodes] = field(default_factory=list)  # of each item, once they were looked into
    records: dict[int, Record] = field(default_factory=dict)  # those read so far, by their node
    values: dict[str, float] = field(default_factory=dict)
    score: float = 0.0


def width(text: str) -> float:
    """Return how much a text says: its length, a Chinese character counting for three."""
    if not text or max(text) < _CJK:
        return len(text)
    return len(text) + 2 * sum(sign >= _CJK for sign in text)


def line(text: str) -> str:
    """Return *text* with its blanks folded."""
    return " ".join(text.split())


def measure(
    outline: Outline, listed: Listed, places: Sequence[Place], *, page_length: int
) -> Measured:
    """Return what can be told of a list without reading its items one by one."""
    mark, quality = _lead(outline, listed)
    lead = mark.firsts
    links = _links(outline, listed, lead)
    sample = spread(listed.roots, SAMPLE)
    titles = [line(outline.nodes[lead[root]].text(deep=True)) for root in sample if root in lead]
    texts = [line(outline.nodes[root].text(deep=True, separator=" ")[:3000]) for root in sample]
    hrefs = [outline.hrefs[links[root]] for root in sample if root in links]
    found = Measured(
        listed=listed, lead=lead, links=links, titles=titles, texts=texts, page_length=page_length
    )
    headed = spread(list(lead), SAMPLE)
    around = [places[max(0, outline.parents[root])] for root in sample]
    count = len(lead)
    length = sum(map(len, texts)) * len(listed.roots) / max(1, len(texts))
    found.values = {
        "count": min(log(count) / log(_MANY), 1.3),
        "crowded": min(mark.crowd - 1, 3.0),
        "few": float(count < FEW),
        "quality": quality,
        "title width": mean(min(width(title), WIDE) / WIDE for title in titles),
        "title words": mean(min(len(title.split()) / 5, 1.0) for title in titles),
        "distinct": len(set(titles)) / max(1, len(titles)),
        "headings": mean(float(has_heading(outline, root, lead[root])) for root in headed),
        "dates": mean(float(bool(text) and may_hold_date(text[:400])) for text in texts),
        "more text": mean(
            min(max(0.0, width(text) - width(title)) / 150, 1.0)
            for text, title in zip(texts, titles, strict=False)
        ),
        "only link": mean(
            float(len(text) <= len(title) + 3) for text, title in zip(texts, titles, strict=False)
        ),
        "covered": count / len(listed.roots),
        "linked": len(links) / len(listed.roots),
        "distinct links": len(set(hrefs)) / max(1, len(hrefs)),
        "hub links": mean(float(bool(HUB.search(href))) for href in hrefs),
        "telling links": mean(float(bool(TELLING.search(path_of(href)))) for href in hrefs),
        "outside links": mean(
            float(href.startswith(("http://", "https://", "//"))) for href in hrefs
        ),
        "share of page": min(length / max(1, page_length), 1.0),
        "side": mean(float(place is Place.SIDE) for place in around),
        "chrome": mean(float(place is Place.CHROME) for place in around),
        "menu": mean(float(place is Place.MENU) for place in around),
        "parents": 1 / len({outline.parents[root] for root in listed.roots}),
        "start": listed.roots[0] / max(1, len(outline.nodes)),
    }
    return found


def mean(values: Iterable[float]) -> float:
    """Return the mean of some numbers; 0 when there are none."""
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def spread(found: Sequence[int], most: int) -> Sequence[int]:
    """Return at most so many, taken evenly from all."""
    if len(found) <= most:
        return found
    return [found[at * len(found) // most] for at in range(most)]


def has_heading(outline: Outline, root: int, seed: int) -> bool:
    """Tell whether a seed is a heading or stands in one, inside its item."""
    while seed >= root:
        if outline.is_heading(seed):
            return True
        seed = outline.parents[seed]
    return False


def _lead(outline: Outline, listed: Listed) -> tuple[Mark, float]:
    """Return the kind of seed that is most like a title, and how much so."""
    best = (-1.0, listed.marks[0])
    for mark in listed.marks:
        quality = _title_quality(outline, mark.firsts) * len(mark.firsts) / len(listed.roots)
        if quality > best[0]:
            best = (quality, mark)
    return best[1], best[0]


def _title_quality(outline: Outline, mark: dict[int, int]) -> float:
    sample = spread(list(mark), SAMPLE)
    texts = [line(outline.nodes[mark[root]].text(deep=True)[:500]) for root in sample]
    said = [text for text in texts if text]
    if not said:
        return 0.0
    distinct = len(set(said)) / len(texts)
    wide = mean(min(width(text), WIDE) / WIDE for text in said)
    is_date = outline.tags[mark[sample[0]]] == "time"
    heading = has_heading(outline, sample[0], mark[sample[0]])
    return (0.2 + wide) * distinct * (1.5 if heading else 1.0) * (0.3 if is_date else 1.0)


def _links(outline: Outline, listed: Listed, lead: dict[int, int]) -> dict[int, int]:
    """Return the kind of link that is most like the way to an item."""
    best: tuple[float, dict[int, int]] = (0.0, {})
    for mark in (one.firsts for one in listed.marks):
        sample = spread(list(mark), SAMPLE)
        hrefs = [outline.hrefs[mark[root]] for root in sample]
        if not hrefs[0]:
            continue
        distinct = len(set(hrefs)) / len(hrefs)
        hub = mean(float(bool(HUB.search(href))) for href in hrefs)
        quality = distinct * (1 - 0.8 * hub) * len(mark) / len(listed.roots)
        if quality + 0.3 * (mark is lead) > best[0]:
            best = (quality + 0.3 * (mark is lead), mark)
    return best[1]
