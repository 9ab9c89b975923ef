"""Tell what really changed in an entry: not its spelling, its counters or its "2 hours ago"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from aggregator.core.sanitize import text_of
from aggregator.core.text import cut, fold, words
from aggregator.core.urls import canonical
from aggregator.model import Basis, Draft, Entry, Precision, Revision, When

KEPT = 5_000  # characters of an old and a new text that a revision keeps
SAME_MINUTE = timedelta(minutes=1)
ADOPTED = timedelta(days=2)  # a guessed date this near to the written one was right

_FIRM = frozenset({Basis.MACHINE, Basis.WRITTEN, Basis.INFERRED})
_UNITS = (
    r"(?:sec|min|h(?:ou)?r|day|week|month|year|segundo|minuto|hora|dia|semana|mes|ano|seconde|heure"
    r"|jour|semaine|mois|sekunde|stunde|tag|woche|monat|jahr|giorn|or[ae])\w*"
)
_COUNTED = (
    r"(?:comment|repl(?:y|ies)|view|read|like|share|vote|reaction|download|clap|comentario|visita"
    r"|vista|lectura|respuesta|compartid|kommentar|aufruf|vue|partage|lettur|visualizz)\w*"
)
_VOLATILE = re.compile(
    rf"""
    \b(?:hace|vor|il\ y\ a|ha|fa)\ (?:\d+|un[ao]?|une|einem|einer)\ {_UNITS}
    | \b(?:\d+|an?|one)\ {_UNITS}\ (?:ago|atras|fa)\b
    | \b\d[\d.,]*\ ?[km]?\ (?:{_COUNTED}|min(?:ute)?s?\ (?:read|de\ lectura|de\ lecture|lesezeit))
    | \b{_COUNTED}\ ?[:(]\ ?\d[\d.,]*
    | \bjust\ now\b
    """,
    re.VERBOSE,
)
_SHORT_LINE = 3  # words; a number and a word or two on a line of their own are a counter


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a draft says otherwise than its entry."""

    entry: Entry  # as it is now
    before: datetime  # when it was last updated
    revisions: tuple[Revision, ...]
    title_changed: bool
    is_update: bool  # readers should hear of it: `updated` moves
    is_silent: bool  # something is to be stored that no reader need hear of


def change(entry: Entry, draft: Draft, *, now: datetime) -> Change:
    """Compare a draft with its entry; what the page no longer says is kept."""
    fields: dict[str, Any] = {}
    told: list[tuple[str, str, str]] = []
    if (
        draft.title
        and entry.title != draft.title
        and stable(draft.title) != stable(entry.title or "")
    ):
        fields["title"] = draft.title
        told.append(("title", entry.title or "", draft.title))
    told += _text_changes(entry, draft, fields)
    told += _date_change(entry.published, draft.published, fields)
    heard = bool(told)
    told += _follow_quietly(entry, draft, fields)
    if heard:
        fields["updated"] = max(now, entry.updated)
        fields |= _beside(draft)
    return Change(
        entry=replace(entry, **fields) if fields else entry,
        before=entry.updated,
        revisions=tuple(
            Revision(entry=entry.id, at=now, field=name, old=cut(old, KEPT), new=cut(new, KEPT))
            for name, old, new in told
        ),
        title_changed=any(name == "title" for name, _, _ in told),
        is_update=heard,
        is_silent=bool(fields) and not heard,
    )


def stable(text: str) -> tuple[str, ...]:
    """Return the words of *text* that do not change by themselves.

    >>> stable("Las Bambas – 12 comments") == stable("Las  Bambas")
    True
    >>> stable("“12” dead") == stable("15 dead")
    False
    """
    paragraphs = text.split("\n\n")
    if len(paragraphs) > 1:
        paragraphs = [one for one in paragraphs if not _is_counter(one)]
    return words(_VOLATILE.sub(" ", fold(" ".join(" ".join(paragraphs).split()))))


def _is_counter(paragraph: str) -> bool:
    found = words(paragraph)
    return len(found) <= _SHORT_LINE and any(word.isdigit() for word in found)


def _text_changes(entry: Entry, draft: Draft, fields: dict[str, Any]) -> list[tuple[str, str, str]]:
    told = []
    if draft.summary and draft.summary != entry.summary:
        if not entry.summary and entry.content:
            fields["summary"] = draft.summary
        elif stable(draft.summary) != stable(entry.summary):
            fields["summary"] = draft.summary
            told.append(("summary", entry.summary, draft.summary))
    if draft.content and draft.content != entry.content:
        if entry.content is None:
            fields["content"] = draft.content
        else:
            old, new = text_of(entry.content), text_of(draft.content)
            if stable(old) != stable(new):
                fields["content"] = draft.content
                told.append(("content", old, new))
    return told


def _date_change(
    old: When, new: When | None, fields: dict[str, Any]
) -> Sequence[tuple[str, str, str]]:
    if new is None or new.basis not in _FIRM:
        return ()
    if old.basis not in _FIRM:
        if abs(old.at - new.at) > ADOPTED:
            fields["published"] = new
        return ()
    if Precision.DAY in {old.precision, new.precision}:
        is_same = old.at.date() == new.at.date()
    else:
        is_same = abs(old.at - new.at) < SAME_MINUTE
    if is_same:
        return ()
    fields["published"] = new
    return (("published", old.isoformat(), new.isoformat()),)


def _follow_quietly(
    entry: Entry, draft: Draft, fields: dict[str, Any]
) -> Sequence[tuple[str, str, str]]:
    """Take over a link that leads elsewhere now, or to https; readers need not hear of it."""
    old = entry.link or ""
    if not draft.link or draft.link == old:
        return ()
    if not old or canonical(old) != canonical(draft.link):
        fields["link"] = draft.link
        return (("link", old, draft.link),)
    if old.startswith("http:") and draft.link.startswith("https:"):
        fields["link"] = draft.link
    return ()


def _beside(draft: Draft) -> dict[str, Any]:
    """Return what is taken over along with an update, as far as the page says it."""
    names = ("revised", "authors", "categories", "image", "enclosures", "date_text", "language")
    return {name: value for name in names if (value := getattr(draft, name))}
