"""Read an RSS, RDF, Atom or JSON Feed; a broken one gives what it has."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from aggregator.core.charset import decode
from aggregator.core.extract.feed_elements import Element, Fields, first_text, line_in
from aggregator.core.extract.feed_items import (
    Channel,
    channel_of,
    item_elements,
    language_in,
    next_in,
    read_item,
)
from aggregator.core.extract.feed_lenient import read_lenient
from aggregator.core.extract.feed_xml import Parsed, items_in, parse_xml
from aggregator.core.extract.json_feed import read_json_feed
from aggregator.core.extract.kinds import kind_of, unpacked
from aggregator.core.extract.selectors import MAX_ITEMS
from aggregator.model import Diagnosis, Dropped, Extraction, Item, Kind, Trouble

_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_DIGITS = re.compile(r"[0-9]{1,7}")
_XML_KINDS = frozenset({Kind.RSS, Kind.ATOM})
_LONGEST_WAIT = timedelta(days=365)


def read_feed(body: bytes, *, content_type: str, base_url: str) -> Extraction:
    """Return the items of a feed, in its order.

    A feed that is no well-formed XML is repaired where that is safe, then read as far as it
    goes; when nothing comes of it, feedparser has a try. Dates stay as they are written.

    Args:
        body: As it came; gzip is undone.
        content_type: The header's value, or ``""``.
        base_url: Where the feed was found; what its relative links are relative to.

    Returns:
        At most `MAX_ITEMS` items. Damage is told in the warnings; a feed without items has
        a diagnosis.
    """
    body = unpacked(body)
    kind = kind_of(body, content_type)
    text = decode(body, content_type)
    if kind is Kind.JSON_FEED:
        return _whole(read_json_feed(text, base_url=base_url))
    parsed = parse_xml(text)
    if parsed.root is None:
        return _broken(kind or Kind.UNKNOWN, parsed.flaw)
    if kind not in _XML_KINDS:
        return _broken(Kind.UNKNOWN, "line 1: this is no feed")
    found = _read_tree(parsed.root, parsed, base_url)
    if parsed.flaw:
        found = _repaired(found, parsed, base_url)
    return _whole(found) if found.items else _empty(found, parsed)


def _repaired(found: Extraction, parsed: Parsed, base_url: str) -> Extraction:
    """Return what can be had of a damaged feed, by the reader that gets more out of it."""
    wanted = 2 * min(items_in(parsed.text), MAX_ITEMS)
    if _worth(found) < wanted or not wanted:
        lenient = read_lenient(parsed.text, base_url=base_url)
        if _worth(lenient) > _worth(found):
            found = replace(found, items=lenient.items, title=found.title or lenient.title)
    warning = f"the feed is broken ({parsed.flaw}); {len(found.items)} items could be read"
    return replace(found, warnings=(warning, *found.warnings))


def _worth(found: Extraction) -> int:
    return sum(bool(item.title) + bool(item.link) for item in found.items)


def _read_tree(root: Element, parsed: Parsed, base_url: str) -> Extraction:
    channel = channel_of(root, base_url=base_url, text=parsed.text)
    elements = list(item_elements(root))
    return Extraction(
        kind=Kind.ATOM if channel.is_atom else Kind.RSS,
        items=tuple(read_item(element, channel) for element in elements[:MAX_ITEMS]),
        dropped=_dropped(parsed, total=len(elements)),
        title=_title(channel),
        language=language_in(root, channel),
        next_url=next_in(channel),
        refresh_after=_wait(channel.fields),
    )


def _dropped(parsed: Parsed, *, total: int) -> tuple[Dropped, ...]:
    dropped = []
    if total > MAX_ITEMS:
        reason = f"a feed is read up to {MAX_ITEMS} items"
        dropped.append(Dropped(text=f"{total - MAX_ITEMS} more", reason=reason))
    if parsed.cut:
        dropped.append(Dropped(text=parsed.cut[:80], reason="the feed ends inside this item"))
    return tuple(dropped)


def _title(channel: Channel) -> str:
    titles = channel.fields.get("title", ())
    return line_in(titles[0], is_atom=channel.is_atom) if titles else ""


def _wait(fields: Fields) -> timedelta | None:
    """Return how long a feed asks to be left alone: ``ttl`` in minutes, or ``sy:update*``."""
    minutes = _number(first_text(fields, "ttl"))
    if minutes:
        return min(timedelta(minutes=minutes), _LONGEST_WAIT)
    period = _PERIODS.get(first_text(fields, "sy:updatePeriod").lower())
    if period is None:
        return None
    return period / max(1, _number(first_text(fields, "sy:updateFrequency")))


def _number(text: str) -> int:
    return int(text) if _DIGITS.fullmatch(text) else 0


def _whole(found: Extraction) -> Extraction:
    """Clear guids that do not tell items apart."""
    guids = Counter(item.guid for item in found.items if item.guid)
    shared = {guid for guid, times in guids.items() if times > 1}
    links = {(item.guid, item.link) for item in found.items if item.guid in shared}
    shared = {guid for guid, times in Counter(guid for guid, _ in links).items() if times > 1}
    if not shared:
        return found
    items = tuple(_without_guid(item) if item.guid in shared else item for item in found.items)
    warning = f"{len(shared)} ids stand for several links each; they are left out"
    return replace(found, items=items, warnings=(*found.warnings, warning))


def _without_guid(item: Item) -> Item:
    return replace(item, guid="")


def _empty(found: Extraction, parsed: Parsed) -> Extraction:
    if parsed.flaw:
        return replace(_broken(found.kind, parsed.flaw), title=found.title)
    diagnosis = Diagnosis(
        trouble=Trouble.EMPTY_LIST,
        detail="the feed is whole and holds no items",
        next_step="Nothing to do if the site has no news; else look at the feed in a browser.",
    )
    return replace(found, diagnosis=diagnosis)


def _broken(kind: Kind, flaw: str) -> Extraction:
    diagnosis = Diagnosis(
        trouble=Trouble.BROKEN_FEED,
        detail=f"the feed cannot be read: {flaw}",
        next_step="Tell the site's owner, or read its page instead of its feed.",
    )
    return Extraction(kind=kind, diagnosis=diagnosis)
