"""How odd a new item is among those that its source had before.

Oddness is counted in nats: minus the logarithm of how often an item of this source is like
that. What is unusual adds up, what speaks for the item is taken off. Numbers that are no
frequency were chosen over bench/contract.py; see docs/decisions/source-contract.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import log
from urllib.parse import urlsplit

from aggregator.core.expectation import SOON, Expectation
from aggregator.core.shape import folder_of, shape_of
from aggregator.model import Basis, Entry

USUAL = 0.8  # a share of this or more is usual
SHAPE_LIMIT = 4.6  # what a link shape never seen before can weigh: one item in a hundred
PART_LIMIT = 2.3  # the same for a missing date and a missing summary: one in ten
SHORT_TITLE = 0.4  # of the usual words a title
SHORT_WEIGHT = 2.0
NAMED_WEIGHT = 3.0  # the link says itself that it is a menu or an advertisement
CROWD = 3  # so many odd items of one shape at once are no coincidence
CROWD_WEIGHT = 2.0
IS_ODD = 2.0  # enough to belong to such a crowd
GOES_ON_WEIGHT = -4.0  # the item's date goes on where those of the past ended
GOING_ON = timedelta(days=2)  # so much older than the newest known date still goes on

_NOT_NEWS = frozenset(
    [
        "nav",
        "navigation",
        "menu",
        "ad",
        "ads",
        "adv",
        "advert",
        "advertisement",
        "adclick",
        "banner",
        "sponsor",
        "sponsored",
        "sponsors",
        "promo",
        "promoted",
        "promotion",
        "login",
        "signin",
        "signup",
        "register",
        "subscribe",
        "cookies",
        "privacy",
        "terms",
        "imprint",
        "impressum",
        "about",
        "contact",
        "cart",
        "shop",
        "tag",
        "tags",
        "category",
        "categories",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What items of a source are like, as far as that is known before this page is judged."""

    past: Expectation
    shapes: Collection[str]  # of links: in the past, and of known items on this page
    expects_date: bool  # and the page has not lost them all
    expects_summary: bool
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """A new item and how odd it is."""

    entry: Entry
    weight: float  # nats; 0 or less: nothing is odd
    is_foreign: bool  # its link has a shape no item had before
    is_undated: bool  # though it should have a date
    is_bare: bool  # though it should have a summary
    is_short: bool  # its title is much shorter than usual


def oddities(entries: Sequence[Entry], habits: Habits) -> tuple[Odd, ...]:
    """Return how odd each of the new *entries* is."""
    alone = [_oddness(entry, habits) for entry in entries]
    crowds: dict[str, list[Odd]] = {}
    for odd in alone:
        if odd.weight >= IS_ODD:
            crowds.setdefault(shape_of(odd.entry.link), []).append(odd)
    crowded = {shape: odds for shape, odds in crowds.items() if len(odds) >= CROWD}
    return tuple(_final(odd, habits, crowded.get(shape_of(odd.entry.link), ())) for odd in alone)


def in_words(odds: Sequence[Odd]) -> str:
    """Say what most of *odds* have in common: "point to /menu/, have no date"."""
    most = len(odds) / 2
    folders = Counter(folder_of(odd.entry.link) for odd in odds)
    folder, times = folders.most_common(1)[0]
    said = [f"point to {folder}" if times > most else "point here and there"]
    if folder == "nowhere":
        said = ["have no link"]
    traits = (("have no date", "is_undated"), ("have no summary", "is_bare"))
    said += [words for words, name in traits if sum(getattr(odd, name) for odd in odds) > most]
    if sum(odd.is_short for odd in odds) > most:
        said.append("have short titles")
    return ", ".join(said)


def _oddness(entry: Entry, habits: Habits) -> Odd:
    past = habits.past
    is_foreign = shape_of(entry.link) not in habits.shapes
    is_undated = habits.expects_date and entry.published.basis is Basis.FIRST_SEEN
    is_bare = habits.expects_summary and not (entry.summary or entry.content)
    words = entry.title.count(" ") + 1 if entry.title else 0
    is_short = words < past.words * SHORT_TITLE
    weight = SHORT_WEIGHT if is_short else 0.0
    if is_foreign:
        weight += min(SHAPE_LIMIT, -log(_unseen(past)))
        weight += NAMED_WEIGHT if _names_itself(entry.link) else 0.0
    if is_undated:
        weight += _missing(past.dated, past)
    if is_bare:
        weight += _missing(past.summed, past)
    return Odd(
        entry=entry,
        weight=weight,
        is_foreign=is_foreign,
        is_undated=is_undated,
        is_bare=is_bare,
        is_short=is_short,
    )


def _final(odd: Odd, habits: Habits, crowd: Sequence[Odd]) -> Odd:
    """Return *odd* with what its crowd says against it, and its date for it."""
    weight = odd.weight
    if odd in crowd:
        weight += CROWD_WEIGHT
    is_told = odd.is_foreign and _names_itself(odd.entry.link)
    if _goes_on(odd.entry, habits) and not is_told and not _are_of_one_moment(crowd):
        weight += GOES_ON_WEIGHT
    return replace(odd, weight=weight)


def _are_of_one_moment(crowd: Sequence[Odd]) -> bool:
    """Tell whether all of a crowd have one date, as what stands beside a list may have."""
    return bool(crowd) and len({odd.entry.published.at for odd in crowd}) == 1


def _unseen(past: Expectation) -> float:
    """Return how likely it is that an item's link has a shape no item had before.

    Good and Turing: as likely as that an item seen so far was the only one of its shape.
    """
    single = sum(count == 1 for _, count in past.shapes)
    return (single + 1) / (past.seen + 2)


def _missing(share: float, past: Expectation) -> float:
    """Return what it weighs to lack what *share* of the items have."""
    return min(PART_LIMIT, -log(max(1 - share, 1 / (past.seen + 2))))


def _names_itself(link: str | None) -> bool:
    if not link:
        return False
    parts = urlsplit(link)
    host = (parts.hostname or "").split(".")
    folders = parts.path.lower().split("/")
    return host[0] in _NOT_NEWS or not _NOT_NEWS.isdisjoint(folders)


def _goes_on(entry: Entry, habits: Habits) -> bool:
    newest = habits.past.newest
    if newest is None or entry.published.basis is Basis.FIRST_SEEN:
        return False
    return newest - GOING_ON <= entry.published.at <= habits.now + SOON
