"""Tell a page that is another one: its parts are gone, or all of it is new and unlike the past."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import log

import xxhash

from aggregator.core import notes
from aggregator.core.beside import mark_of, marks_of_text
from aggregator.core.expectation import (
    Expectation,
    Held,
    Traits,
    mean_words,
    newest_of,
    traits_of,
)
from aggregator.core.identity import Recognition
from aggregator.core.left_out import left_out
from aggregator.core.oddness import SHORT_TITLE, USUAL, Habits, in_words, oddities
from aggregator.core.shape import shape_of
from aggregator.core.verdicts import DATA, Broken
from aggregator.model import Draft, Entry, Reading

TOO_ODD = 5.0  # nats; one item in 150
ALL_NEW_WEIGHT = 4.0  # nothing on the page is known, and something always was
ALL_FOREIGN_WEIGHT = 1.0  # and no link has a shape that one had before
SURPRISE_WEIGHT = 0.6  # for each e-fold by which more is new than ever was at once
SURPRISE_LIMIT = 0.9  # a burst of news of an undated list is not held for that alone
BESIDE_WEIGHT = 5.0  # all of it stood beside the list on every visit
BESIDE_FOR = timedelta(days=7)  # less than that may be news that waits for its place
GROWN = 3  # visits at which a held list without dates must grow on top; a menu does not
OTHER_KIND_WEIGHT = 3.0  # a feed became a web page, or the reverse
GONE = 0.35  # of the usual share: a part that fewer items have is gone
ALIKE = 0.5  # titles or links that differ, of all: fewer are not the items' own
SEVERAL = notes.SEVERAL
SLACK = timedelta(days=2)  # a date may be so much older than the newest one and still go on
MAX_FACES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What there is to judge."""

    past: Expectation
    reading: Reading
    recognition: Recognition
    traits: Traits
    known: tuple[Draft, ...]  # drafts of the first page that are stored
    new: tuple[Entry, ...]  # entries of the first page that are not
    now: datetime


def case_of(past: Expectation, reading: Reading, recognition: Recognition, now: datetime) -> Case:
    """Put together what there is to judge."""
    fresh = {entry.id for entry in recognition.new}
    first = recognition.places[: len(reading.drafts)]
    here, known = set(first), reading.drafts
    if fresh:
        pairs = zip(reading.drafts, first, strict=True)
        known = tuple(draft for draft, entry in pairs if entry not in fresh)
    return Case(
        past=past,
        reading=reading,
        recognition=recognition,
        traits=traits_of(reading, now=now),
        known=known,
        new=tuple(entry for entry in recognition.new if entry.id in here),
        now=now,
    )


def parts_broken(case: Case) -> Broken | None:
    """Hold a page whose titles or links are gone, or no longer its items' own ("Read more")."""
    past, traits, count = case.past, case.traits, case.traits.items
    if is_gone(past.titled, traits.titled):
        has = round(traits.titled * count)
        return broken(case, "titles-gone", f"{has} of {count} items have a title, usually all")
    if is_gone(past.linked, traits.linked):
        has = round(traits.linked * count)
        return broken(case, "links-gone", f"{has} of {count} items have a link, usually all")
    judged = case.known or case.reading.drafts
    if len(judged) >= SEVERAL and past.titles >= USUAL and _differing(judged) < ALIKE:
        return broken(case, "titles-alike", f"most of {len(judged)} items have the same title")
    if count >= SEVERAL and past.links >= USUAL and traits.links < ALIKE:
        return broken(case, "links-alike", f"most of {count} items have the same link")
    return _titles_other(case)


def is_gone(past: float, present: float) -> bool:
    """Tell whether a part that most items had is missing from most."""
    return past >= USUAL and present < past * GONE


def _differing(drafts: Sequence[Draft]) -> float:
    titles = [draft.title for draft in drafts if draft.title]
    return len(set(titles)) / len(titles) if titles else 1.0


def _titles_other(case: Case) -> Broken | None:
    """Hold a page most of whose known items have become a word or two ("News", a date)."""
    updated, usual = case.recognition.updated, case.past.words
    if len(updated) < SEVERAL or len(updated) * 2 <= len(case.known):
        return None
    words = mean_words([entry.title for entry in updated if entry.title])
    if words >= usual * SHORT_TITLE:
        return None
    sentence = f"{len(updated)} known items have titles of {words:.0f} words, usually {usual:.0f}"
    return broken(case, "titles-other", sentence)


def all_new_broken(case: Case) -> Broken | None:
    """Judge a page of which nothing is known: much was published, or it is another page."""
    past, count = case.past, case.traits.items
    if _goes_back(case):
        sentence = f"all {count} items are new, and older than what is known"
        return broken(case, "dates-go-back", sentence)
    odds = oddities(case.new, habits_of(case))
    weight = ALL_NEW_WEIGHT * past.overlap + sum(odd.weight for odd in odds) / len(odds)
    weight += ALL_FOREIGN_WEIGHT * all(odd.is_foreign for odd in odds)
    weight += _surprise(case) + BESIDE_WEIGHT * _share_beside(case)
    if (past.kind in DATA) != case.reading.extraction.kind.is_data:
        weight += OTHER_KIND_WEIGHT
    if weight < TOO_ODD:
        return None
    said = f"all {count} items are new" if count > 1 else "the only item is new"
    return broken(case, "all-new", f"{said}: they {in_words(odds)}")


def _surprise(case: Case) -> float:
    """Return what it weighs that so much is new at once, by what was new at once so far."""
    rhythm = case.past.rhythm
    if rhythm is None:
        return 0.0
    times = rhythm.surprise(len(case.new), now=case.now)
    return min(SURPRISE_LIMIT, SURPRISE_WEIGHT * log(times))


def _share_beside(case: Case) -> float:
    """Return which share of the new items stood beside the list on every visit so far."""
    since = case.past.beside_since
    if since is None or case.now - since < BESIDE_FOR:
        return 0.0
    beside = marks_of_text(case.past.beside)
    return sum(mark_of(entry.link or "") in beside for entry in case.new) / len(case.new)


def _goes_back(case: Case) -> bool:
    """Tell whether all items are older than the list's end: its order has changed."""
    newest, now_newest = case.past.newest, case.traits.newest
    if newest is None or now_newest is None or case.traits.dated < USUAL:
        return False
    return now_newest < newest - SLACK


def broken(case: Case, code: str, sentence: str) -> Broken:
    """Hold the page, and keep what is needed to release it one day."""
    held = Held(
        code=code,
        faces=tuple(_faces(case.reading.drafts)),
        newest=newest_of(case.reading.drafts, now=case.now),
        grown=_grown(case),
    )
    why = dict.fromkeys((entry.id for entry in case.new), f"its page is held: {sentence}")
    dropped = case.reading.extraction.dropped
    return Broken(
        expectation=replace(
            case.past, held=held, left_out=left_out(case.recognition, why, dropped)
        ),
        code=code,
        sentence=sentence,
        next_step=notes.LOOK,
    )


def lives(case: Case) -> bool:
    """Tell whether a page that was held has proved itself: its own dates go on.

    A menu stands still. A list that was moved or written anew gets items later than all that
    it showed when it was held; one without dates gets them on top, time and again.
    """
    held = case.past.held
    if held is None:
        return False
    if held.newest is None:
        return _grown(case) >= GROWN
    if case.traits.dated < USUAL:
        return False
    before = set(held.faces)
    faces = list(_faces(case.reading.drafts))
    fresh = [
        draft for draft, face in zip(case.reading.drafts, faces, strict=False) if face not in before
    ]
    stayed = len(before.intersection(faces))
    newest = newest_of(fresh, now=case.now)
    return bool(stayed and newest and newest >= held.newest and len(fresh) < len(faces))


def _grown(case: Case) -> int:
    """Return at how many visits a held list without dates has grown on top, this one included."""
    held = case.past.held
    if held is None:
        return 0
    faces = list(_faces(case.reading.drafts))
    new = next((at for at, face in enumerate(faces) if face in held.faces), len(faces))
    rest = tuple(faces[new:])
    return held.grown + bool(new and rest and rest == held.faces[: len(rest)])


def _faces(drafts: Sequence[Draft]) -> Iterable[int]:
    for draft in drafts[:MAX_FACES]:
        yield xxhash.xxh32_intdigest(f"{draft.link}\n{draft.title}".encode())


def habits_of(case: Case) -> Habits:
    """Return what new items are held against."""
    past, known = case.past, case.known
    dated = sum(draft.published is not None for draft in known)
    summed = sum(bool(draft.summary or draft.content) for draft in known)
    return Habits(
        past=past,
        shapes={shape for shape, _ in past.shapes} | {shape_of(draft.link) for draft in known},
        expects_date=past.dated >= USUAL and dated * 2 >= len(known),
        expects_summary=past.summed >= USUAL and summed * 2 >= len(known),
        now=case.now,
    )
