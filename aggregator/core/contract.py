"""Hold a source against its own past: publish what is as usual, hold what is not.

Three things may be wrong with a page that was read, each answered by the least that helps:

    single items are none of this list's (a menu, advertisements)  ─▶ they are left out
    a part is missing (all dates, half of the items)               ─▶ it is noted; new items
                                                                      wait a little for it
    the page is not this list any more                             ─▶ held: nothing is published

What an item of the list is like, and how sure that is, tells `core.oddness`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from aggregator.core import notes
from aggregator.core.beside import marks_of_text, marks_to_text, still_beside
from aggregator.core.breaches import (
    SEVERAL,
    TOO_ODD,
    Case,
    all_new_broken,
    broken,
    case_of,
    habits_of,
    is_gone,
    lives,
    parts_broken,
)
from aggregator.core.expectation import Expectation, Note, learned
from aggregator.core.identity import Recognition
from aggregator.core.left_out import left_out
from aggregator.core.oddness import USUAL, Odd, in_words, oddities
from aggregator.core.rhythm import first_rhythm, with_news
from aggregator.core.shape import shape_of
from aggregator.core.verdicts import Broken, Kept, Verdict
from aggregator.model import Basis, Diagnosis, Entry, EntryId, Reading, Trouble

WAIT_FOR_PARTS = 2  # visits; a template that lost them is often mended as soon as that

_UNTOLD = Diagnosis(
    trouble=Trouble.NOT_A_LIST, detail="no list is on the page", next_step=notes.CHECK
)


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
    case = case_of(expectation, reading, recognition, now)
    if accept or expectation.visits == 0:
        first = replace(_learned_anew(case), note=None if accept else notes.first_look(case.traits))
        return Kept(expectation=first)
    breach = parts_broken(case)
    if breach is None and not case.known:
        breach = all_new_broken(case)
    if breach is None:
        return _kept(case)
    return Kept(expectation=_learned_anew(case)) if lives(case) else breach


def judge_empty(past: Expectation, diagnosis: Diagnosis, *, accept: bool) -> Verdict:
    """Judge a page without items; only the user can say that it may have none.

    And only in the way it had none then: a list said to be empty that says so no more may hold
    one item, which nothing repeats.
    """
    trouble = diagnosis.trouble.value
    said_before = past.visits and not past.items and not past.empty  # by an earlier version
    if accept or said_before or past.empty == trouble:
        return Kept(expectation=replace(past, items=0.0, held=None, note=None, empty=trouble))
    usual = f"0 of the usual {past.items:.0f} items match"
    return Broken(
        expectation=replace(past, held=None),
        code=trouble,
        sentence=f"{'not empty as it was' if past.empty else usual}: {diagnosis.detail}",
        next_step=notes.NOT_EMPTY if past.empty else notes.step_of_empty(diagnosis),
    )


def diagnosis_of(reading: Reading) -> Diagnosis:
    """Return why a reading holds no items."""
    found, dropped = reading.extraction.diagnosis, reading.extraction.dropped
    if found is None and dropped:
        detail = f"there are items, and none can be used: {dropped[-1].reason}"
        return replace(_UNTOLD, detail=detail)
    return found or _UNTOLD


def is_gap(past: Expectation, recognition: Recognition) -> bool:
    """Tell whether nothing is known of a source that usually shows something known."""
    expects = past.visits > 0 and past.items > 0 and past.overlap >= USUAL
    return expects and len(recognition.new) == len(set(recognition.places))


# ---- the page is the list ------------------------------------------------------------


def _kept(case: Case) -> Kept | Broken:
    """Leave out what is none of the list's, note what is missing, and learn the rest."""
    odds = [odd for odd in _odd_entries(case) if odd.weight >= TOO_ODD]
    crowd = len(odds) * 2 > case.traits.items
    if crowd and len(case.known) < notes.FEW * case.past.items:
        sentence = (
            f"{len(case.known)} of the usual {case.past.items:.0f} items are there,"
            f" and {len(odds)} others {in_words(odds)}"
        )
        return broken(case, "mostly-foreign", sentence)
    moved, gone = _moved_shapes(case), _gone_parts(case)
    waiting, torn = _waiting(case, gone), _torn(case)
    reasons = {
        **dict.fromkeys(torn, "the page breaks off in it"),
        **dict.fromkeys(waiting, "it waits for its date or its summary to come back"),
        **{odd.entry.id: f"unlike the list: its like {in_words([odd])}" for odd in odds},
    }
    refused = frozenset(reasons)
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
    still = all(one.id in refused for one in case.recognition.new)
    told = [*_notes(case, odds, gone, len(moved)), *notes.waiting(len(waiting), is_all=still)]
    return Kept(
        expectation=replace(
            _with_manners(expectation, case, reasons),
            note=notes.joined(told),
            poorer=case.past.poorer + 1 if gone else 0,
        ),
        refused=refused,
        untouched=torn,
        is_final=not (waiting or torn),
        may_mend=few or bool(gone),
    )


def _torn(case: Case) -> frozenset[EntryId]:
    """Return the last entry of a page that breaks off: half a title, or half a link."""
    if case.reading.is_whole or case.past.whole < USUAL:
        return frozenset()
    return frozenset(case.recognition.places[len(case.reading.drafts) - 1 :][:1])


def _waiting(case: Case, gone: Sequence[str]) -> frozenset[EntryId]:
    """Return new entries that wait a little for the parts that a page has lost to come back.

    Otherwise they would be published with the time they were seen or without their summaries,
    and be written anew later.
    """
    if not gone or case.past.poorer >= WAIT_FOR_PARTS:
        return frozenset()
    lacks = {"dated": _is_undated, "summed": _is_bare}
    new = case.recognition.new
    return frozenset(one.id for one in new if any(lacks[name](one) for name in gone))


def _is_undated(entry: Entry) -> bool:
    return entry.published.basis is Basis.FIRST_SEEN


def _is_bare(entry: Entry) -> bool:
    return not (entry.summary or entry.content)


def _odd_entries(case: Case) -> tuple[Odd, ...]:
    new = case.recognition.new
    return oddities(new, habits_of(case)) if new else ()


def _gone_parts(case: Case) -> list[str]:
    names = ("dated", "summed")
    return [name for name in names if is_gone(getattr(case.past, name), getattr(case.traits, name))]


def _learned_anew(case: Case) -> Expectation:
    """Return what the page alone leads to expect: it is the first, or the past is over."""
    expectation = learned(
        Expectation(repair=case.past.repair),
        case.traits,
        kind=case.reading.extraction.kind,
        shapes=[shape_of(draft.link) for draft in case.reading.drafts],
        met_known=True,
    )
    return _with_manners(expectation, case, {})


def _with_manners(
    expectation: Expectation, case: Case, reasons: Mapping[EntryId, str]
) -> Expectation:
    """Learn when there is news, and what stands beside the list, from a page that was kept.

    Args:
        expectation: Without these.
        case: The page.
        reasons: Why what is left out of it is.
    """
    new = sum(one.id not in reasons for one in case.recognition.new) if expectation.rhythm else 0
    dates = [draft.published.at for draft in case.reading.drafts if draft.published]
    rhythm = expectation.rhythm or first_rhythm(dates, now=case.now)
    before = marks_of_text(expectation.beside)
    beside = still_beside(before, case.reading.beside)
    is_same = expectation.beside_since is not None and before.issuperset(beside)
    return replace(
        expectation,
        rhythm=with_news(rhythm, new, now=case.now),
        beside=marks_to_text(beside),
        beside_since=expectation.beside_since if is_same else case.now,
        left_out=left_out(case.recognition, reasons, case.reading.extraction.dropped),
    )


def _moved_shapes(case: Case) -> list[str]:
    """Return the link shapes of known items where some have moved; they are the list's own too."""
    if not case.recognition.moved:
        return []
    past = {shape for shape, _ in case.past.shapes}
    shapes = [shape_of(draft.link) for draft in case.known]
    return [shape for shape in shapes if shape not in past]


def _notes(case: Case, odds: Sequence[Odd], gone: Sequence[str], moved: int) -> Iterable[Note]:
    yield from notes.left_out(odds)
    yield from notes.missing_parts(case.traits, gone)
    yield from notes.fewer(case.past, case.traits)
    yield from notes.turned(case.past, case.traits)
    if _torn(case):
        yield notes.broken_off()
    if moved >= SEVERAL and moved * 2 > len(case.known):
        yield notes.moved(moved, case.known[0].link)
