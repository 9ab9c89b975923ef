"""Let be what changes by itself: whole pages, and items that are never at rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aggregator.core.identity.changes import Change
from aggregator.core.identity.learned import Learned
from aggregator.core.identity.recall import primary
from aggregator.core.identity.sight import Sighting

NEARLY_ALL = 0.8  # of the known items changed: it is the page that changed, not the news
FEW = 4  # known items, fewer than which say nothing about a page
STREAK = 2  # changes in a row, after which the text of an item is taken to change by itself


def damped(changes: Mapping[str, Change], learned: Learned, *, known: int) -> dict[str, Change]:
    """Drop changes that are the page's, not the news'.

    When nearly every known item says something else, the page changed: its text is taken over
    without a word the first time, and let be when that goes on. An item that changes at every
    fetch is let be as well, but for its title.

    Args:
        changes: By the key of their item on the page.
        learned: Before this page.
        known: How many items of the page are known.
    """
    is_restless = _are_nearly_all([one for one in changes.values() if one.is_update], known)
    titles = [one for one in changes.values() if one.title_changed]
    titles_count = not (learned.restless and _are_nearly_all(titles, known))
    kept: dict[str, Change] = {}
    for key, one in changes.items():
        if not one.is_update or (one.title_changed and titles_count):
            kept[key] = one
        elif is_restless:
            if not learned.restless:
                kept[key] = _quiet(one)
        elif learned.streaks.get(key, 0) < STREAK:
            kept[key] = one
    return kept


def page_kept(sighting: Sighting, changes: Mapping[str, Change], *, known: int) -> Learned:
    """Return what was learned, with this page as the last one."""
    learned = sighting.learned
    if not sighting.drafts:
        return learned
    marks = zip(sighting.keys, sighting.prints, strict=True)
    page = {primary(keys): mark for keys, mark in marks}
    streaks = {
        key: learned.streaks.get(key, 0) + 1
        for key, mark in page.items()
        if learned.page.get(key, mark) != mark
    }
    is_restless = _are_nearly_all([one for one in changes.values() if one.is_update], known)
    restless = learned.restless + 1 if is_restless else 0
    return replace(learned, page=page, streaks=streaks, restless=restless)


def _are_nearly_all(changes: list[Change], known: int) -> bool:
    return known >= FEW and len(changes) >= NEARLY_ALL * known


def _quiet(one: Change) -> Change:
    """Store what changed without a word to the readers."""
    entry = replace(one.entry, updated=one.before)
    return replace(one, entry=entry, revisions=(), is_update=False, is_silent=True)
