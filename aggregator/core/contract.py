"""Hold a source against its own past: publish what is as usual, hold what is not.

Three things may be wrong with a page that was read, each answered by the least that helps:

    single items are none of this list's (a menu, advertisements)  ─▶ they are left out
    a part is missing (all dates, half of the items)               ─▶ it is noted
    the page is not this list any more                             ─▶ held: nothing is published

What an item of the list is like, and how sure that is, tells `core.oddness`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

import xxhash

from aggregator.core import notes
from aggregator.core.expectation import (
    Expectation,
    Held,
    Note,
    Repair,
    Traits,
    learned,
    mean_words,
    newest_of,
    traits_of,
)
from aggregator.core.identity import Recognition
from aggregator.core.oddness import SHORT_TITLE, USUAL, Habits, Odd, in_words, oddities
from aggregator.core.shape import shape_of
from aggregator.model import (
    Basis,
    Diagnosis,
    Draft,
    Entry,
    EntryId,
    Kind,
    Reading,
    Selectors,
    Trouble,
)

TOO_ODD = 5.0  # nats; one item in 150
ALL_NEW_WEIGHT = 4.0  # nothing on the page is known, and something always was
OTHER_KIND_WEIGHT = 3.0  # a feed became a web page, or the reverse
GONE = 0.35  # of the usual share: a part that fewer items have is gone
ALIKE = 0.5  # titles or links that differ, of all: fewer are not the items' own
SEVERAL = notes.SEVERAL
SLACK = timedelta(days=2)  # a date may be so much older than the newest one and still go on
MAX_FACES = 200
WAIT_FOR_DATES = 2  # visits; a template that lost them is often mended as soon as that

_UNTOLD = Diagnosis(
    trouble=Trouble.NOT_A_LIST, detail="no list is on the page", next_step=notes.CHECK
)
_FEEDS = frozenset({Kind.RSS, Kind.ATOM, Kind.JSON_FEED, Kind.SITEMAP, Kind.JSON})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The page is what its past leads us to expect, but for what is left out."""

    expectation: Expectation
    refused: frozenset[EntryId] = frozenset()  # new entries that are none, or must wait
    untouched: frozenset[EntryId] = frozenset()  # known entries that stay as they are
    is_final: bool = True  # the same page would come to the same
    may_mend: bool = False  # a better rule might bring back what is missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The page is not; `{source}` in the next step stands for the source's name."""

    expectation: Expectation  # with what is needed to release it one day
    code: str
    sentence: str
    next_step: str


Verdict: TypeAlias = Kept | Broken


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What there is to judge."""

    past: Expectation
    reading: Reading
    recognition: Recognition
    traits: Traits
    known: tuple[Draft, ...]  # drafts of the first page that are stored
    new: tuple[Entry, ...]  # entries of the first page that are not
    now: datetime


def judge(
    expectation: Expectation,
    reading: Reading,
    recognition: Recognition,
    *,
    accept: bool,
    now: datetime,
) -> Verdict:
    """Tell whether a reading is what its source's past leads us to expect.

    Args:
        expectation: From the source's past.
        reading: Of the source's first page; it holds drafts.
        recognition: Of these drafts, and of those of older pages.
        accept: The user said that this is right, whatever it is.
        now: When the page came back.
    """
    case = _case(expectation, reading, recognition, now)
    if accept or expectation.visits == 0:
        first = replace(_learned_anew(case), note=None if accept else notes.first_look(case.traits))
        return Kept(expectation=first)
    broken = _parts_broken(case)
    if broken is None and not case.known:
        broken = _all_new_broken(case)
    if broken is None:
        return _kept(case)
    if _lives(case):
        return Kept(expectation=_learned_anew(case))
    return broken


def judge_empty(past: Expectation, diagnosis: Diagnosis, *, accept: bool) -> Verdict:
    """Judge a page without items; only the user can say that it may have none."""
    if accept or (past.visits and not past.items):
        return Kept(expectation=replace(past, items=0.0, held=None, note=None))
    return Broken(
        expectation=replace(past, held=None),
        code=diagnosis.trouble.value,
        sentence=f"0 of the usual {past.items:.0f} items match: {diagnosis.detail}",
        next_step=diagnosis.next_step,
    )


def diagnosis_of(reading: Reading) -> Diagnosis:
    """Return why a reading holds no items."""
    return reading.extraction.diagnosis or _UNTOLD


def permitted(recognition: Recognition, verdict: Kept) -> Recognition:
    """Return what of *recognition* may be stored: nothing of what was left out."""
    refused = verdict.refused | verdict.untouched
    if not refused:
        return recognition
    return replace(
        recognition,
        new=tuple(entry for entry in recognition.new if entry.id not in refused),
        updated=tuple(entry for entry in recognition.updated if entry.id not in refused),
        adjusted=tuple(entry for entry in recognition.adjusted if entry.id not in refused),
        revisions=tuple(one for one in recognition.revisions if one.entry not in refused),
        keys=tuple((key, entry) for key, entry in recognition.keys if entry not in refused),
    )


def is_gap(past: Expectation, recognition: Recognition) -> bool:
    """Tell whether nothing is known of a source that usually shows something known."""
    expects = past.visits > 0 and past.overlap >= USUAL
    return expects and len(recognition.new) == len(set(recognition.places))


def noted(verdict: Kept, note: Note) -> Kept:
    """Return *verdict* with one more note, the first of all."""
    before = verdict.expectation.note
    both = notes.joined([note, before] if before else [note])
    return replace(verdict, expectation=replace(verdict.expectation, note=both))


def repaired(
    verdict: Kept,
    mended: Selectors,
    recognition: Recognition,
    *,
    items: int,
    configured: Selectors | None,
    rule_hash: str,
) -> Kept:
    """Note that a page was read by a rule found by itself, and remember the rule.

    Args:
        verdict: On the page.
        mended: The rule.
        recognition: What the page's items turned out to be.
        items: How many there are.
        configured: The rule that fits no more; ``None``: to find the items by themselves.
        rule_hash: Of the configured one.
    """
    before = verdict.expectation.repair
    blessed = before is not None and before.blessed and before.selectors == mended
    repair = Repair(rule_hash=rule_hash, selectors=mended, blessed=blessed)
    verdict = replace(verdict, expectation=replace(verdict.expectation, repair=repair))
    known = items - len(recognition.new)
    note = notes.mended(mended, configured, items=items, known=known)
    return verdict if blessed else noted(verdict, note)


def calls_for_repair(verdict: Verdict, reading: Reading) -> bool:
    """Tell whether another rule might find what this reading of a page lacks."""
    unlike = isinstance(verdict, Broken) or verdict.may_mend
    return unlike and reading.extraction.kind not in _FEEDS


def is_better(mended: Reading, plain: Reading) -> bool:
    """Tell whether a mended rule brought back items, dates or summaries."""
    return _richness(mended) > _richness(plain)


def _richness(reading: Reading) -> int:
    return sum(
        1 + (draft.published is not None) + bool(draft.summary or draft.content)
        for draft in reading.drafts
    )


def _case(past: Expectation, reading: Reading, recognition: Recognition, now: datetime) -> _Case:
    fresh = {entry.id for entry in recognition.new}
    first = recognition.places[: len(reading.drafts)]
    known = reading.drafts
    if fresh:
        pairs = zip(reading.drafts, first, strict=True)
        known = tuple(draft for draft, entry in pairs if entry not in fresh)
    return _Case(
        past=past,
        reading=reading,
        recognition=recognition,
        traits=traits_of(reading, now=now),
        known=known,
        new=tuple(entry for entry in recognition.new if entry.id in set(first)),
        now=now,
    )


# ---- the page is another one ---------------------------------------------------------


def _parts_broken(case: _Case) -> Broken | None:
    """Hold a page whose titles or links are gone, or no longer its items' own ("Read more")."""
    past, traits, count = case.past, case.traits, case.traits.items
    if _is_gone(past.titled, traits.titled):
        has = round(traits.titled * count)
        return _broken(case, "titles-gone", f"{has} of {count} items have a title, usually all")
    if _is_gone(past.linked, traits.linked):
        has = round(traits.linked * count)
        return _broken(case, "links-gone", f"{has} of {count} items have a link, usually all")
    judged = case.known or case.reading.drafts
    if len(judged) >= SEVERAL and past.titles >= USUAL and _differing(judged) < ALIKE:
        return _broken(case, "titles-alike", f"most of {len(judged)} items have the same title")
    if count >= SEVERAL and past.links >= USUAL and traits.links < ALIKE:
        return _broken(case, "links-alike", f"most of {count} items have the same link")
    return _titles_other(case)


def _is_gone(past: float, present: float) -> bool:
    return past >= USUAL and present < past * GONE


def _differing(drafts: Sequence[Draft]) -> float:
    titles = [draft.title for draft in drafts if draft.title]
    return len(set(titles)) / len(titles) if titles else 1.0


def _titles_other(case: _Case) -> Broken | None:
    """Hold a page most of whose known items have become a word or two ("News", a date)."""
    updated, usual = case.recognition.updated, case.past.words
    if len(updated) < SEVERAL or len(updated) * 2 <= len(case.known):
        return None
    words = mean_words([entry.title for entry in updated if entry.title])
    if words >= usual * SHORT_TITLE:
        return None
    sentence = f"{len(updated)} known items have titles of {words:.0f} words, usually {usual:.0f}"
    return _broken(case, "titles-other", sentence)


def _all_new_broken(case: _Case) -> Broken | None:
    """Judge a page of which nothing is known: much was published, or it is another page."""
    past, count = case.past, case.traits.items
    if not case.new:
        return None
    if _goes_back(case):
        sentence = f"all {count} items are new, and older than what is known"
        return _broken(case, "dates-go-back", sentence)
    odds = oddities(case.new, _habits(case))
    weight = ALL_NEW_WEIGHT * past.overlap + sum(odd.weight for odd in odds) / len(odds)
    if (past.kind in _FEEDS) != (case.reading.extraction.kind in _FEEDS):
        weight += OTHER_KIND_WEIGHT
    if weight < TOO_ODD:
        return None
    said = f"all {count} items are new" if count > 1 else "the only item is new"
    return _broken(case, "all-new", f"{said}: they {in_words(odds)}")


def _goes_back(case: _Case) -> bool:
    """Tell whether all items are older than the list's end: its order has changed."""
    newest, now_newest = case.past.newest, case.traits.newest
    if newest is None or now_newest is None or case.traits.dated < USUAL:
        return False
    return now_newest < newest - SLACK


def _broken(case: _Case, code: str, sentence: str) -> Broken:
    held = Held(
        code=code,
        faces=tuple(_faces(case.reading.drafts)),
        newest=newest_of(case.reading.drafts, now=case.now),
    )
    return Broken(
        expectation=replace(case.past, held=held),
        code=code,
        sentence=sentence,
        next_step=notes.LOOK,
    )


def _lives(case: _Case) -> bool:
    """Tell whether a page that was held has proved itself: its own dates go on.

    A menu stands still. A list that was moved or written anew gets items later than all that
    it showed when it was held.
    """
    held = case.past.held
    if held is None or held.newest is None or case.traits.dated < USUAL:
        return False
    before = set(held.faces)
    faces = list(_faces(case.reading.drafts))
    fresh = [
        draft for draft, face in zip(case.reading.drafts, faces, strict=False) if face not in before
    ]
    stayed = len(before.intersection(faces))
    newest = newest_of(fresh, now=case.now)
    return bool(stayed and newest and newest >= held.newest and len(fresh) < len(faces))


def _faces(drafts: Sequence[Draft]) -> Iterable[int]:
    for draft in drafts[:MAX_FACES]:
        yield xxhash.xxh32_intdigest(f"{draft.link}\n{draft.title}".encode())


# ---- the page is the list ------------------------------------------------------------


def _kept(case: _Case) -> Kept | Broken:
    """Leave out what is none of the list's, note what is missing, and learn the rest."""
    odds = [odd for odd in _odd_entries(case) if odd.weight >= TOO_ODD]
    crowd = len(odds) * 2 > case.traits.items
    if crowd and len(case.known) < notes.FEW * case.past.items:
        sentence = (
            f"{len(case.known)} of the usual {case.past.items:.0f} items are there,"
            f" and {len(odds)} others {in_words(odds)}"
        )
        return _broken(case, "mostly-foreign", sentence)
    moved, gone = _moved_shapes(case), _gone_parts(case)
    waiting, torn = _waiting(case, gone), _torn(case)
    refused = frozenset(odd.entry.id for odd in odds) | waiting | torn
    shapes = [shape_of(one.link) for one in case.recognition.new if one.id not in refused]
    few = notes.are_few(case.past, case.traits)
    expectation = learned(
        case.past,
        case.traits,
        kind=case.reading.extraction.kind,
        shapes=[*shapes, *moved],
        met_known=bool(case.known),
        odd=frozenset(gone) | ({"items"} if few else set()),
    )
    note = notes.joined([*_notes(case, odds, gone, len(moved)), *notes.waiting(len(waiting))])
    undated = case.past.undated + 1 if "dated" in gone else 0
    return Kept(
        expectation=replace(expectation, note=note, undated=undated),
        refused=refused,
        untouched=torn,
        is_final=not (waiting or torn),
        may_mend=few or bool(gone),
    )


def _torn(case: _Case) -> frozenset[EntryId]:
    """Return the last entry of a page that breaks off: half a title, or half a link."""
    if case.reading.is_whole or case.past.whole < USUAL:
        return frozenset()
    return frozenset(case.recognition.places[len(case.reading.drafts) - 1 :][:1])


def _waiting(case: _Case, gone: Sequence[str]) -> frozenset[EntryId]:
    """Return new entries that wait a little for the dates that a page has lost to come back.

    Otherwise they would be published with the time they were seen, and dated anew later.
    """
    if "dated" not in gone or case.past.undated >= WAIT_FOR_DATES:
        return frozenset()
    new = case.recognition.new
    return frozenset(one.id for one in new if one.published.basis is Basis.FIRST_SEEN)


def _odd_entries(case: _Case) -> tuple[Odd, ...]:
    new = case.recognition.new
    return oddities(new, _habits(case)) if new else ()


def _habits(case: _Case) -> Habits:
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


def _gone_parts(case: _Case) -> list[str]:
    names = ("dated", "summed")
    return [
        name for name in names if _is_gone(getattr(case.past, name), getattr(case.traits, name))
    ]


def _learned_anew(case: _Case) -> Expectation:
    """Return what the page alone leads to expect: it is the first, or the past is over."""
    return learned(
        Expectation(repair=case.past.repair),
        case.traits,
        kind=case.reading.extraction.kind,
        shapes=[shape_of(draft.link) for draft in case.reading.drafts],
        met_known=True,
    )


def _moved_shapes(case: _Case) -> list[str]:
    """Return the link shapes of known items where some have moved; they are the list's own too."""
    if not case.recognition.moved:
        return []
    past = {shape for shape, _ in case.past.shapes}
    shapes = [shape_of(draft.link) for draft in case.known]
    return [shape for shape in shapes if shape not in past]


def _notes(case: _Case, odds: Sequence[Odd], gone: Sequence[str], moved: int) -> Iterable[Note]:
    yield from notes.left_out(odds)
    yield from notes.missing_parts(case.traits, gone)
    yield from notes.fewer(case.past, case.traits)
    yield from notes.turned(case.past, case.traits)
    if _torn(case):
        yield notes.broken_off()
    if moved >= SEVERAL and moved * 2 > len(case.known):
        yield notes.moved(moved, case.known[0].link)
