"""Judge a source by what its refreshes came to: what is remembered, what to do about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from random import Random

from aggregator.core import notes
from aggregator.core.expectation import Expectation, Note, expectation_of
from aggregator.core.identity import Recognition
from aggregator.core.schedule import next_due
from aggregator.core.verdicts import Broken
from aggregator.model import (
    Diagnosis,
    Failed,
    FailureKind,
    Outcome,
    OutcomeKind,
    Reading,
    Source,
    SourceId,
    SourceState,
)

_CAME = frozenset({OutcomeKind.HELD, OutcomeKind.REPAIRED, OutcomeKind.EMPTY})

NEXT_STEPS: dict[FailureKind, str] = {
    FailureKind.URL: "Correct the address under `url:`.",
    FailureKind.DNS: "Check the host name; if it is right, the site or your network is down.",
    FailureKind.CONNECT: "Nothing, if the site is down for a while; if it opens in a browser, "
    "a firewall stops us.",
    FailureKind.TLS: "Check the site's certificate in a browser; `insecure: true` skips the check.",
    FailureKind.TIMEOUT: "The site is slow; raise `fetch.timeout` if this goes on.",
    FailureKind.PROTOCOL: "The server does not speak HTTP; check the address and port.",
    FailureKind.REDIRECT: "Open the page in a browser and set `url:` to where it ends.",
    FailureKind.STATUS: "Open the page in a browser; most such errors pass.",
    FailureKind.UNAUTHORIZED: "The site refuses us: set `auth:`, `cookies:` or ask its owner.",
    FailureKind.NOT_FOUND: "The page has moved: find its new address and set `url:`.",
    FailureKind.RATE_LIMITED: "The site asks us to come less often; raise `every:`.",
    FailureKind.TOO_LARGE: "Raise `fetch.max_bytes`, or look for a smaller page of the site.",
    FailureKind.TRUNCATED: "The page broke off on its way; this passes unless the site is faulty.",
    FailureKind.ENCODING: "The site's compression is broken; tell its owner.",
    FailureKind.BLOCKED_ADDRESS: "If this private address is meant, name it in `fetch.allow`.",
    FailureKind.ROBOTS: "robots.txt asks programs to stay away; ask the owner for permission.",
    FailureKind.BROWSER: "Install Chromium and `.venv/bin/pip install -e '.[browser]'`, "
    "or set `render: never`.",
    FailureKind.UNREADABLE: "See what is on the page: aggregator extract URL --explain",
}


def failed(source: Source, failure: Failed) -> Outcome:
    """Return the outcome of a refresh that got no page."""
    return Outcome(
        source=source.id,
        kind=OutcomeKind.FAILED,
        code=failure.kind.value,
        detail=failure.detail,
        next_step=NEXT_STEPS[failure.kind],
        at=failure.at,
    )


def gone(source: Source, *, at: datetime) -> Outcome:
    """Return the outcome of a refresh of a page that is away for good."""
    return Outcome(
        source=source.id,
        kind=OutcomeKind.GONE,
        code="gone",
        detail="the site says the page is gone for good (410); it is not asked again",
        next_step="Take the source out of config.yaml, or give it a new `url:`.",
        at=at,
    )


def empty(source: Source, diagnosis: Diagnosis, *, at: datetime) -> Outcome:
    """Return the outcome of a refresh that found no items on the page."""
    return Outcome(
        source=source.id,
        kind=OutcomeKind.EMPTY,
        code=diagnosis.trouble.value,
        detail=diagnosis.detail,
        next_step=_for(source.id, notes.step_of_empty(diagnosis)),
        at=at,
    )


def unchanged(source: Source, state: SourceState, *, at: datetime) -> Outcome:
    """Return the outcome of a refresh of a page that is the one read last."""
    items = state.outcome.items if state.outcome else 0
    outcome = Outcome(source=source.id, kind=OutcomeKind.UNCHANGED, items=items, at=at)
    expectation = expectation_of(state.expectation)
    return _noted(outcome, _with_quiet(expectation.note, expectation, at=at))


def absorbed(
    source: Source,
    recognition: Recognition,
    reading: Reading,
    expectation: Expectation,
    *,
    at: datetime,
) -> Outcome:
    """Return the outcome of a refresh whose page was read and stored.

    Args:
        source: The source.
        recognition: What was stored.
        reading: Of its page.
        expectation: As it is now, with a note of what is odd about the page.
        at: When.
    """
    new, updated = len(recognition.new), len(recognition.updated)
    outcome = Outcome(
        source=source.id,
        kind=OutcomeKind.CHANGED if new or updated else OutcomeKind.UNCHANGED,
        new=new,
        updated=updated,
        items=len(reading.drafts),
        at=at,
    )
    noted = _noted(outcome, _with_quiet(expectation.note, expectation, at=at))
    told = [words for words in recognition.told if words not in noted.detail]
    return replace(noted, detail="; ".join(filter(None, (noted.detail, *told))))


def _with_quiet(note: Note | None, expectation: Expectation, *, at: datetime) -> Note | None:
    """Add that the source is quiet, where it is; that comes first, unless somebody must look."""
    rhythm = expectation.rhythm
    if rhythm is None or not rhythm.is_quiet(now=at) or (note is not None and note.becomes):
        return note
    told = notes.quiet(rhythm, now=at)
    return notes.joined([told, note] if note else [told])


def held(source: Source, verdict: Broken, reading: Reading, *, at: datetime) -> Outcome:
    """Return the outcome of a refresh whose page breaks what its own past leads us to expect."""
    return Outcome(
        source=source.id,
        kind=OutcomeKind.HELD if reading.drafts else OutcomeKind.EMPTY,
        items=len(reading.drafts),
        code=verdict.code,
        detail=verdict.sentence,
        next_step=_for(source.id, verdict.next_step),
        at=at,
    )


def told(outcome: Outcome, note: Note | None) -> Outcome:
    """Return *outcome* with *note* beside what it tells itself."""
    if note is not None and outcome.code:
        return replace(outcome, detail=f"{outcome.detail}; {note.sentence}")
    return _noted(outcome, note)


def _noted(outcome: Outcome, note: Note | None) -> Outcome:
    """Add what is worth knowing about the page, and whether somebody should look."""
    if note is None:
        return outcome
    return replace(
        outcome,
        kind=note.becomes or outcome.kind,
        code=note.code,
        detail=note.sentence,
        next_step=_for(outcome.source, note.next_step),
    )


def _for(source: SourceId, next_step: str) -> str:
    return next_step.replace("{source}", source)


def broken(source: Source, error: Exception, *, at: datetime) -> Outcome:
    """Return the outcome of a refresh that met a mistake of ours."""
    return Outcome(
        source=source.id,
        kind=OutcomeKind.FAILED,
        code="internal",
        detail=f"{type(error).__name__}: {error}"[:500],
        next_step="This is our mistake; please report it with the traceback in the log.",
        at=at,
    )


def concluded(
    source: Source,
    state: SourceState,
    outcome: Outcome,
    *,
    not_before: datetime | None,
    now: datetime,
    rng: Random,
) -> SourceState:
    """Return *state* after a refresh that came to *outcome*: its health and when it is due.

    A page that came but is not what it was keeps the source's rhythm: the site may be itself
    again at any time. Only where no page comes, or none ever held items, the waits grow.
    """
    is_failure = not outcome.is_fine
    failures = state.failures + 1 if is_failure else 0
    came = outcome.kind in _CAME and (state.expectation or outcome.kind is not OutcomeKind.EMPTY)
    due = next_due(
        source,
        outcome,
        failures=0 if came else failures,
        not_before=not_before,
        now=now,
        rng=rng,
    )
    outcome = replace(outcome, next_due=due)
    return replace(
        state,
        failures=failures,
        next_due=due,
        visited_at=now,
        succeeded_at=state.succeeded_at if is_failure else now,
        changed_at=now if outcome.new or outcome.updated else state.changed_at,
        accept_next=state.accept_next and is_failure,
        outcome=outcome,
    )
