"""Walk back over the older pages of a list: when to go on, and what is only seen again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum

from aggregator.core.links import is_home
from aggregator.model import Draft, Reading, Request, RequestOptions, Source


class WalkEnd(StrEnum):
    """Why a walk went no further; after `LIMIT` and `FAILED` there may be a gap."""

    MET = "met"  # something known: the list joins up with what is stored
    LAST = "last"  # there is no older page, or it shows nothing new
    LIMIT = "limit"  # as many pages as one refresh may read
    FAILED = "failed"  # an older page did not come, or could not be read


def request_beside(source: Source, url: str) -> Request:
    """Return how to ask for another page that belongs to *source*.

    What identifies us (credentials, cookies, headers) stays at the source's own host, and a
    form that was posted is not posted again.
    """
    options = replace(source.request, method="GET", body=None)
    if not is_home(url, home=source.url):
        options = RequestOptions(proxy=options.proxy, http2=options.http2)
    return Request(url=url, options=options)


def unseen(drafts: Iterable[Draft], seen: Sequence[Reading]) -> tuple[Draft, ...]:
    """Return those of *drafts* that stand in none of the readings *seen*, each once.

    Lists shift while they are read: what ended one page begins the next.
    """
    known = {_face(draft) for reading in seen for draft in reading.drafts}
    fresh: dict[tuple[str | None, ...], Draft] = {}
    for draft in drafts:
        if _face(draft) not in known:
            fresh.setdefault(_face(draft), draft)
    return tuple(fresh.values())


def joined(readings: Sequence[Reading]) -> tuple[Draft, ...]:
    """Return the drafts of all pages in order, those of the first one all of them."""
    first, *older = readings
    drafts = list(first.drafts)
    for at, reading in enumerate(older, start=1):
        drafts += unseen(reading.drafts, readings[:at])
    return tuple(drafts)


def _face(draft: Draft) -> tuple[str | None, ...]:
    return (draft.guid, draft.link, draft.title, draft.summary)
