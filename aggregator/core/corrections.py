"""The feed of corrections: what sites changed in what they had said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from aggregator.core.feeds import derived_id
from aggregator.core.text import cut
from aggregator.model import Basis, Entry, EntryId, Precision, Revision, When

SHOWN = ("title", "summary", "content", "published")  # fields whose changes are worth telling
TEXT_SHOWN = 1_000  # characters of an old and a new text
_NAMES = {"title": "Title", "summary": "Text", "content": "Text", "published": "Date"}


def correction(entry: Entry, revisions: Sequence[Revision]) -> Entry:
    """Return the entry that tells of one change: the old struck out, the new beside it.

    Args:
        entry: As it is now.
        revisions: What changed in it at one time, in the fields of `SHOWN`; not empty.
    """
    at = revisions[0].at
    title = entry.title or cut(entry.summary, 100) or entry.link or ""
    return replace(
        entry,
        id=EntryId(derived_id(entry.id, f"corrected={at:%Y%m%dT%H%M%S.%fZ}")),
        title=f"Corrected: {title}",
        published=When(at=at, precision=Precision.TIME, basis=Basis.FIRST_SEEN),
        updated=at,
        revised=None,
        summary="",
        content="".join(map(_told, revisions)),
        image=None,
        enclosures=(),
    )


def is_shown(revision: Revision) -> bool:
    """Tell whether a change is worth telling: a link that moved is not."""
    return revision.field in SHOWN


def _told(revision: Revision) -> str:
    old, new = (escape(cut(text, TEXT_SHOWN)) for text in (revision.old, revision.new))
    name = _NAMES[revision.field]
    return f"<p>{name}: <del>{old}</del> <ins>{new}</ins></p>"
