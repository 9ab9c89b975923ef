"""Read a calendar (iCalendar, RFC 5545): town councils and courts publish their sittings so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from aggregator.core.charset import decode
from aggregator.core.extract.kinds import unpacked
from aggregator.core.extract.markup import absolute, has_tags, line_of
from aggregator.core.extract.selectors import MAX_ITEMS
from aggregator.model import Diagnosis, Dropped, Extraction, Item, Kind, Trouble

_FOLD = re.compile(r"\r?\n[ \t]")  # a long line goes on in the next one (section 3.1)
_LINE_END = re.compile(r"[\r\n]+")
_PARAMETER = re.compile(r';([A-Za-z0-9-]{1,60})=(?:"([^"]*)"|([^;:"]*))')
_NAME = re.compile(r"[A-Za-z0-9-]{1,60}")
_ESCAPED = re.compile(r"\\([\\;,Nn])")
_COMMA = re.compile(r"(?<!\\),")
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?", re.ASCII)
_TEXT_LIMIT = 100_000  # characters of one value; what is longer is no text to read
_CATEGORIES_LIMIT = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class _Property:
    """One line of a calendar: ``DTSTART;TZID=America/Lima:20261203T190000``."""

    name: str
    value: str
    zone: str  # its TZID


@dataclass(slots=True, kw_only=True)
class _Component:
    """What stands between BEGIN and END."""

    name: str
    properties: dict[str, list[_Property]] = field(default_factory=dict)

    def first(self, name: str) -> _Property | None:
        return next(iter(self.properties.get(name, ())), None)

    def text(self, name: str) -> str:
        found = self.first(name)
        return _unescaped(found.value) if found else ""


def read_calendar(body: bytes, *, content_type: str, base_url: str) -> Extraction:
    """Return the events of a calendar, the latest first.

    The date of an item is when the event begins, as on a page that lists events: a day for one
    that lasts all day. An event that repeats is one item, at its first time; one of its times
    that was changed is an item of its own.

    Args:
        body: As it came; gzip is undone.
        content_type: The header's value, or ``""``.
        base_url: Where the calendar was found; what its relative links are relative to.
    """
    title, zone, events, cut = "", "", [], ""
    for component, is_whole in _components(decode(unpacked(body), content_type)):
        if component.name == "VCALENDAR":
            title, zone = component.text("X-WR-CALNAME"), component.text("X-WR-TIMEZONE")
        elif component.name == "VEVENT" and is_whole:
            events.append(component)
        elif component.name == "VEVENT":
            cut = component.text("SUMMARY") or "an event"
    items = [_item(event, zone=zone, base_url=base_url) for event in events]
    items.sort(key=lambda item: item.published, reverse=True)
    dropped = []
    if len(items) > MAX_ITEMS:
        reason = f"a calendar is read up to {MAX_ITEMS} events, the latest"
        dropped.append(Dropped(text=f"{len(items) - MAX_ITEMS} more", reason=reason))
    if cut:
        dropped.append(Dropped(text=cut[:80], reason="the calendar ends inside this event"))
    return Extraction(
        kind=Kind.CALENDAR,
        items=tuple(items[:MAX_ITEMS]),
        dropped=tuple(dropped),
        diagnosis=None if items else _EMPTY,
        title=line_of(title),
    )


_EMPTY = Diagnosis(
    trouble=Trouble.EMPTY_LIST,
    detail="the calendar holds no events",
    next_step="Nothing to do if no event is planned; else look at the calendar in a browser.",
)


def _item(event: _Component, *, zone: str, base_url: str) -> Item:
    described = event.text("DESCRIPTION").strip()
    is_html = has_tags(described)
    lines = [] if is_html else described.split("\n")  # of an agenda: each is a paragraph
    told = [
        "Cancelled." if event.text("STATUS").upper() == "CANCELLED" else "",
        event.text("LOCATION").strip(),
        *(line.strip() for line in lines),
    ]
    guid = [event.text("UID"), event.text("RECURRENCE-ID")]  # one time of an event that repeats
    link = event.text("URL").strip()
    return Item(
        title=line_of(event.text("SUMMARY")),
        link=absolute(link, base_url=base_url) if link else "",
        guid="/".join(filter(None, guid)),
        published=_moment(event.first("DTSTART"), zone),
        updated=_moment(event.first("LAST-MODIFIED"), zone),
        summary="\n\n".join(filter(None, told)),
        content=described if is_html else "",
        categories=tuple(_categories(event))[:_CATEGORIES_LIMIT],
    )


def _categories(event: _Component) -> Iterator[str]:
    for found in event.properties.get("CATEGORIES", ()):
        for word in _COMMA.split(found.value):
            if name := _unescaped(word).strip():
                yield name


# ---- dates ---------------------------------------------------------------------------


def _moment(found: _Property | None, home: str) -> str:
    """Return a date or a time in ISO 8601; a time whose zone is not known has no offset."""
    match = _MOMENT.fullmatch(found.value.strip()) if found else None
    if found is None or match is None:
        return ""
    year, month, day, hour, minute, second, utc = match.groups()
    if hour is None:
        return f"{year}-{month}-{day}"
    told = f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}"
    if utc:
        return f"{told}Z"
    zone = _zone(found.zone or home)
    try:
        return datetime.fromisoformat(told).replace(tzinfo=zone).isoformat()
    except (ValueError, OverflowError):  # no such day or hour
        return ""


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo | None:
    """Return the zone a TZID names; before an IANA name may stand who defined it."""
    parts = name.strip("/ ").split("/")
    for start in range(max(0, len(parts) - 3), len(parts)):
        try:
            return ZoneInfo("/".join(parts[start:]))
        except (OSError, ValueError, KeyError):  # no such zone, a folder of zones, no name at all
            continue
    return None


# ---- lines ---------------------------------------------------------------------------


def _components(text: str) -> Iterator[tuple[_Component, bool]]:
    """Yield each component where it ends, and whether it does; what is open at the end, last."""
    open_ones: list[_Component] = []
    for line in _LINE_END.split(_FOLD.sub("", text.removeprefix("\ufeff"))):
        found = _property(line)
        if found is None:
            continue
        if found.name == "BEGIN":
            open_ones.append(_Component(name=found.value.strip().upper()))
        elif found.name == "END":
            if open_ones:
                yield open_ones.pop(), True
        elif open_ones:
            open_ones[-1].properties.setdefault(found.name, []).append(found)
    while open_ones:
        yield open_ones.pop(), False


def _property(line: str) -> _Property | None:
    name = _NAME.match(line)
    if name is None:
        return None
    at, zone = name.end(), ""
    while parameter := _PARAMETER.match(line, at):
        at = parameter.end()
        if parameter[1].upper() == "TZID":
            zone = parameter[2] or parameter[3] or ""
    if line[at : at + 1] != ":":
        return None
    return _Property(name=name[0].upper(), value=line[at + 1 :][:_TEXT_LIMIT], zone=zone)


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "Nn" else found[1], value)
