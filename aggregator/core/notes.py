"""What is worth knowing about a page that was read, in words, with the next step.

``{source}`` in a next step stands for the source's name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import datetime

from aggregator.core.expectation import Expectation, Note, Traits
from aggregator.core.oddness import Odd, in_words
from aggregator.core.rhythm import Rhythm
from aggregator.core.shape import folder_of
from aggregator.model import Diagnosis, OutcomeKind, Selectors, Trouble

SEVERAL = 3
QUIET = "quiet"  # the code of a source that had nothing new for far longer than ever
MENU_WORDS = 2.5  # a title; what is clicked to move about has one or two
MIN_ITEMS = 6  # usual number of items below which fewer of them say nothing
ORDERED = 0.9  # of the dates not later than the one before: the newest stand first
FEWER = 0.6  # of the usual number of items: worth a word
FEW = 0.34  # the same: the rule may have stopped fitting the rest

ACCEPT = "If this is right: aggregator accept {source}"
LOOK = "Look: aggregator extract --source {source} --explain; if right: aggregator accept {source}"
NOT_EMPTY = (
    "Open the page: one item alone is found only by `selectors:`; two are again.\n"
    "If it is empty all the same: aggregator accept {source}"
)
CHECK = "Check that this is the list: aggregator extract --source {source} --explain"


def step_of_empty(diagnosis: Diagnosis) -> str:
    """Return what to do about a page without items."""
    if diagnosis.trouble is Trouble.EMPTY_LIST:
        return f"{diagnosis.next_step}\nIf it may be so for long: aggregator accept {{source}}"
    return diagnosis.next_step


def first_look(traits: Traits) -> Note | None:
    """Warn when what a new source lists looks like a menu; there is no past to hold it against."""
    if traits.dated or traits.summed or traits.words >= MENU_WORDS or traits.items < SEVERAL:
        return None
    sentence = f"{traits.items} items without dates, with titles of {traits.words:.0f} words"
    return Note(code="like-a-menu", sentence=sentence, next_step=CHECK)


def left_out(odds: Sequence[Odd]) -> Iterator[Note]:
    """Tell which new items were none of the list's."""
    if odds:
        items = "1 new item was" if len(odds) == 1 else f"{len(odds)} new items were"
        sentence = f"{items} left out: they {in_words(odds)}"
        yield Note(code="left-out", sentence=sentence, next_step=ACCEPT)


def missing_parts(traits: Traits, gone: Sequence[str]) -> Iterator[Note]:
    """Tell of parts that are *gone* from the items."""
    for name, code, part in (
        ("dated", "dates-gone", "date"),
        ("summed", "summaries-gone", "summary"),
    ):
        if name in gone:
            has = round(getattr(traits, name) * traits.items)
            sentence = f"{has} of {traits.items} items have a {part}, usually all have"
            yield Note(code=code, sentence=sentence, next_step=LOOK)


def moved_back(host: str, *, why: str) -> Note:
    """Tell that a page that had moved to *host* for good is at its own address again."""
    sentence = f"it had moved to {host} and is lost there ({why}): its own address is asked again"
    return Note(code="moved-back", sentence=sentence, next_step="")


def moved_away(host: str, *, why: str) -> Note:
    """Tell that a page is lost on *host*, where it had moved, and not at its own address either."""
    sentence = f"it had moved to {host}; at its own address: {why}"
    return Note(code="moved-away", sentence=sentence, next_step="")


def waiting(count: int, *, is_all: bool) -> Iterator[Note]:
    """Tell that *count* new items wait for their dates or summaries: all that are new, or some."""
    if count:
        items = "1 new item waits" if count == 1 else f"{count} new items wait"
        sentence = f"{items} a little for theirs"
        becomes = OutcomeKind.HELD if is_all else None
        yield Note(code="waiting", sentence=sentence, next_step=LOOK, becomes=becomes)


def fewer(past: Expectation, traits: Traits) -> Iterator[Note]:
    """Tell of a page much shorter than usual."""
    if past.items >= MIN_ITEMS and traits.items < FEWER * past.items:
        sentence = f"{traits.items} of the usual {past.items:.0f} items are there"
        next_step = LOOK if are_few(past, traits) else ""
        yield Note(code="fewer-items", sentence=sentence, next_step=next_step)


def are_few(past: Expectation, traits: Traits) -> bool:
    """Tell whether so few items are there that the rule may have stopped fitting the rest."""
    return past.items >= MIN_ITEMS and traits.items < FEW * past.items


def turned(past: Expectation, traits: Traits) -> Iterator[Note]:
    """Tell that the newest items do not stand first any more."""
    if past.falling >= ORDERED and traits.falling < ORDERED / 2 and traits.items >= SEVERAL:
        yield Note(code="order", sentence="the list is in another order", next_step="")


def broken_off() -> Note:
    """Tell that the page ended before its end."""
    sentence = "the page breaks off: what it ends with is not taken"
    return Note(code="broken-off", sentence=sentence, next_step="")


def moved(count: int, link: str | None) -> Note:
    """Tell that *count* known items have new addresses, such as *link*."""
    sentence = f"{count} items have new addresses, now in {folder_of(link)}; ids stay"
    return Note(code="moved", sentence=sentence, next_step="Nothing, if a new address opens.")


def quiet(rhythm: Rhythm, *, now: datetime) -> Note:
    """Tell that a source has had nothing new for far longer than ever."""
    longest = max(round(rhythm.longest / 24), 1)
    days = "a day" if longest == 1 else f"{longest} days"
    waited = (now - rhythm.last).days
    sentence = f"nothing new for {waited} days; the longest usual pause is {days}"
    step = "Open the page; if it has news, look: aggregator extract --source {source} --explain"
    return Note(code=QUIET, sentence=sentence, next_step=step)


def gap(pages: int, *, is_end: bool) -> Note:
    """Tell that nothing known was met.

    Args:
        pages: How many were read.
        is_end: There were no more; otherwise more were not to be read.
    """
    told = f"{pages} pages" if pages > 1 else "the page"
    further = "" if is_end else ", or let it go further back (`pages:`)"
    return Note(
        code="gap",
        sentence=f"nothing on {told} is known: items that came before may be missing",
        next_step=f"Refresh more often (`every:`){further}.",
    )


def mended(
    rule: Selectors, configured: Selectors | None, *, items: int, known: int, is_replaced: bool
) -> Note:
    """Tell that *rule* was found and used where the configured one fits no more.

    Args:
        rule: The one that was found.
        configured: The one that fits no more; ``None``: the items were found by themselves.
        items: How many *rule* finds.
        known: How many of them were known before.
        is_replaced: The configured one finds nothing of the list any more.
    """
    changed = changed_parts(rule, configured)
    found = f"{rule.items!r} finds {items}, {known} of them known"
    if configured is None:
        sentence = f"the items are not found by themselves any more; {found}"
    elif "items" in changed:
        sentence = f"{configured.items!r} fits no more; {found}"
    else:
        parts = " and ".join(changed)
        sentence = f"the selectors of {parts} fit no more; others were found"
    return Note(
        code="repaired",
        sentence=sentence,
        next_step=f"Keep it: aggregator accept {{source}} --write\n{as_yaml(changed)}",
        becomes=OutcomeKind.REPAIRED if is_replaced and "items" in changed else None,
    )


def changed_parts(rule: Selectors, configured: Selectors | None) -> dict[str, str | None]:
    """Return what of *rule* differs from the configured one."""
    return {
        part.name: getattr(rule, part.name)
        for part in fields(rule)
        if getattr(rule, part.name) != (getattr(configured, part.name) if configured else None)
    }


def as_yaml(parts: dict[str, str | None]) -> str:
    """Return selectors as they would stand in config.yaml, a line each.

    >>> print(as_yaml({"items": "li", "date": None}))
    selectors:
      items: "li"
      date: null  # is found
    """
    pairs = (
        f"  {name}: {json.dumps(css, ensure_ascii=False)}" if css else f"  {name}: null  # is found"
        for name, css in parts.items()
    )
    return "\n".join(["selectors:", *pairs])


def joined(notes: Sequence[Note]) -> Note | None:
    """Return all *notes* as one, which has the code and the next step of the first."""
    if not notes:
        return None
    sentence = "; ".join(note.sentence for note in notes)
    ends = [one.becomes for one in notes if one.becomes]
    becomes = OutcomeKind.HELD if OutcomeKind.HELD in ends else next(iter(ends), None)
    return replace(notes[0], sentence=sentence, becomes=becomes)
