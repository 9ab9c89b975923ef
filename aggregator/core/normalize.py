"""Turn what a page said into a draft: clean, bounded, safe to store and to render."""

from __future__ import annotations

from collections.abc import Iterable

from aggregator.core.dates import read_date
from aggregator.core.links import web_link
from aggregator.core.sanitize import sanitize
from aggregator.core.text import clean, clean_paragraphs, cut
from aggregator.model import Draft, Enclosure, Hints, Item

TITLE_LIMIT = 1_000  # characters, as all limits here
SUMMARY_LIMIT = 20_000
CONTENT_LIMIT = 200_000
NAME_LIMIT = 200
GUID_LIMIT = 2_000
NAMES_LIMIT = 30  # authors, categories or enclosures of one item


def normalize(item: Item, *, base_url: str, hints: Hints, language: str | None) -> Draft:
    """Return the draft of one item.

    Args:
        item: What the page said.
        base_url: What links inside its HTML are relative to.
        hints: How to read its dates.
        language: Of the page, as it says; becomes the draft's.
    """
    title = cut(clean(item.title), TITLE_LIMIT)
    content = sanitize(item.content[:CONTENT_LIMIT], base_url=base_url) if item.content else ""
    date_text = cut(clean(item.date_text or item.published), NAME_LIMIT)
    return Draft(
        title=title or None,
        link=web_link(item.link, base_url=base_url) if item.link else None,
        guid=clean(item.guid)[:GUID_LIMIT] or None,
        date_text=date_text or None,
        published=read_date(item.date_text, hints, machine=item.published),
        revised=read_date("", hints, machine=item.updated) if item.updated else None,
        summary=cut(clean_paragraphs(item.summary[: 2 * SUMMARY_LIMIT]), SUMMARY_LIMIT),
        content=content or None,
        authors=_names(item.authors),
        categories=_names(item.categories),
        image=web_link(item.image, base_url=base_url) if item.image else None,
        enclosures=tuple(_enclosures(item.enclosures, base_url)),
        language=language,
    )


def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    cleaned = (cut(clean(name), NAME_LIMIT) for name in names[:NAMES_LIMIT])
    return tuple(dict.fromkeys(name for name in cleaned if name))


def _enclosures(enclosures: tuple[Enclosure, ...], base_url: str) -> Iterable[Enclosure]:
    for one in enclosures[:NAMES_LIMIT]:
        url = web_link(one.url, base_url=base_url)
        if url:
            media_type = clean(one.type)[:NAME_LIMIT]
            yield Enclosure(url=url, type=media_type, length_bytes=one.length_bytes)
