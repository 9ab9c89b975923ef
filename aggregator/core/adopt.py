"""Turn the subscription list of another reader into sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aggregator.core.links import web_link
from aggregator.core.new_source import key_for, section_of, spelling
from aggregator.core.opml import OpmlOutline
from aggregator.model import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A feed of the list that becomes no source."""

    title: str
    url: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """What becomes of a list."""

    sections: dict[str, dict[str, Any]]  # new sources by key, as they stand in the file
    left_out: tuple[LeftOut, ...]


def adopt(outlines: Iterable[OpmlOutline], known: Sequence[Source]) -> Adopted:
    """Make a source of each feed that is none yet, in the order of the list."""
    taken = {str(source.id) for source in known}
    spellings = {spelling(source.url): str(source.id) for source in known}
    sections: dict[str, dict[str, Any]] = {}
    left_out = []
    for outline in outlines:
        url = web_link(outline.feed_url, base_url=outline.feed_url)
        if url is None:
            reason = "not an http or https address"
        elif same := spellings.get(spelling(url)):
            reason = f"the source {same!r} reads it already"
        else:
            key = key_for(url, taken=taken)
            sections[key] = section_of(url=url, title=outline.title, selectors=None)
            taken.add(key)
            spellings[spelling(url)] = key
            continue
        left_out.append(LeftOut(title=outline.title, url=outline.feed_url, reason=reason))
    return Adopted(sections=sections, left_out=tuple(left_out))


def outlines_of_sources(sources: Iterable[Source]) -> tuple[OpmlOutline, ...]:
    """Return *sources* by their own addresses: what `adopt` makes of them is the same again."""
    return tuple(
        OpmlOutline(title=source.title, feed_url=source.url, language=source.language or "")
        for source in sources
    )
