"""Arrive where the page of a source lives: as configured, or where it moved to for good."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias
from urllib.parse import urlsplit

from aggregator.core import notes
from aggregator.core.expectation import Note
from aggregator.core.links import is_home
from aggregator.look import rule_hash
from aggregator.model import (
    Failed,
    FailureKind,
    Fetched,
    FetchResult,
    Gone,
    Moved,
    NotModified,
    Request,
    RequestOptions,
    Source,
    SourceState,
)
from aggregator.ports import Transport

LOST = frozenset({FailureKind.NOT_FOUND, FailureKind.DNS})  # and 410: no page lives there any more

Answered: TypeAlias = Fetched | NotModified | Gone | Failed  # without how we got there


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What came back for a source, and from where."""

    state: SourceState  # with the address that is asked the next time
    result: Answered
    note: Note | None = None  # what is worth knowing about the way


async def arrive(source: Source, state: SourceState, *, transport: Transport) -> Arrival:
    """Ask for the page where it lives.

    A permanent redirect is remembered. Where it led to may be lost one day, and the page be
    back at its own address: that is asked too, then, and counts as soon as a page comes from
    it. Until then the redirect stays remembered, for it may be our own line that is down.
    """
    came, result = moved(state, await transport.fetch(ask(source, state)))
    if state.url is None or place_of(source, state) == source.url or not _is_lost(result):
        return Arrival(state=came, result=result)
    own = replace(state, url=None, etag=None, last_modified=None)
    own, other = moved(own, await transport.fetch(ask(source, own)))
    host = urlsplit(place_of(source, state)).hostname or ""
    if isinstance(other, Fetched):
        return Arrival(state=own, result=other, note=notes.moved_back(host, why=_why(result)))
    if isinstance(result, Gone) and isinstance(other, Failed):  # stopping needs both to say so
        result = Failed(kind=FailureKind.NOT_FOUND, detail=_why(result), at=result.at)
    return Arrival(state=came, result=result, note=notes.moved_away(host, why=_why(other)))


def ask(source: Source, state: SourceState) -> Request:
    """Return what to ask for.

    Another rule reads the page again, and so does a page the user accepts: no validators then.
    """
    same_rule = state.rule_hash == rule_hash(source) and not state.accept_next
    return Request(
        url=place_of(source, state),
        etag=state.etag if same_rule else None,
        last_modified=state.last_modified if same_rule else None,
        options=source.request,
    )


def place_of(source: Source, state: SourceState) -> str:
    """Return where the page of *source* lives, as far as we know.

    What identifies us stays at the source's own host: where a redirect leads away from it, the
    own address is asked each time, and the redirect followed without.
    """
    plain = RequestOptions(proxy=source.request.proxy, http2=source.request.http2)
    if state.url is None or (source.request != plain and not is_home(state.url, home=source.url)):
        return source.url
    return state.url


def moved(state: SourceState, result: FetchResult) -> tuple[SourceState, Answered]:
    """Take a permanent redirect off *result* and remember where it led."""
    if isinstance(result, Moved):
        return replace(state, url=result.url), result.then
    return state, result


def _is_lost(result: Answered) -> bool:
    return isinstance(result, Gone) or (isinstance(result, Failed) and result.kind in LOST)


def _why(result: Answered) -> str:
    if isinstance(result, Failed):
        return result.detail
    return "gone for good (410)" if isinstance(result, Gone) else "no page"
