"""Whole articles in place of what a list tells of them: which to fetch, what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aggregator.core.contract import diagnosis_of
from aggregator.core.expectation import Note
from aggregator.core.sanitize import text_of
from aggregator.core.text import counted
from aggregator.model import Draft, Entry, EntryId, Failed, Lacking, Reading

TEXTS_LIMIT = 30  # articles fetched in one refresh
TRIES = 6  # of one article; with the waits between them they take a day and a half
FIRST_WAIT = timedelta(hours=1)  # doubled after each try
CODE = "full-text"
NO_READER = Note(
    code=CODE,
    sentence="`full_text: true` needs the extra 'fulltext', which is not installed",
    next_step="Install it with: .venv/bin/pip install -e '.[fulltext]'",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """Why an article did not come, or had no text."""

    reason: str
    retry_at: datetime | None = None  # the server named a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Articles:
    """What came of the articles that one refresh asked for, by link."""

    texts: Mapping[str, str] = field(default_factory=dict)  # HTML
    misses: Mapping[str, Miss] = field(default_factory=dict)
    lacking: tuple[Lacking, ...] = ()  # stored entries some of them belong to


def worth_fetching(
    drafts: Sequence[Draft], known: Sequence[bool], lacking: Sequence[Lacking]
) -> tuple[str, ...]:
    """Return the links of articles, as many as one refresh may fetch: new ones come first."""
    new = (draft.link for draft, is_known in zip(drafts, known, strict=True) if not is_known)
    links = (*new, *(one.link for one in lacking))
    return tuple(dict.fromkeys(link for link in links if link))[:TEXTS_LIMIT]


def due_by_now(lacking: Sequence[Lacking], *, now: datetime) -> tuple[Lacking, ...]:
    """Return the entries whose articles are to be asked for again."""
    return tuple(one for one in lacking if one.due_at is not None and one.due_at <= now)


def articles_of(came: Mapping[str, Reading | Failed], lacking: Sequence[Lacking] = ()) -> Articles:
    """Return the texts of articles by link, and for each without one the reason."""
    texts: dict[str, str] = {}
    misses: dict[str, Miss] = {}
    for link, article in came.items():
        if isinstance(article, Failed):
            misses[link] = Miss(reason=article.detail, retry_at=article.retry_at)
        elif article.drafts:
            texts[link] = article.drafts[0].content or ""
        else:
            misses[link] = Miss(reason=diagnosis_of(article).detail)
    tried = tuple(one for one in lacking if one.link in came)
    return Articles(texts=texts, misses=misses, lacking=tried)


def with_texts(
    drafts: Sequence[Draft], known: Sequence[bool], texts: Mapping[str, str]
) -> tuple[Draft, ...]:
    """Return *drafts* with the text of each article that was fetched as its content.

    What is *known* says nothing of its content: it was fetched when it was new, and what the
    list shows of it is no edit of that.
    """
    return tuple(
        replace(draft, content=None if is_known else _longer(draft, texts))
        for draft, is_known in zip(drafts, known, strict=True)
    )


def completed(entries: Mapping[EntryId, Entry], articles: Articles) -> tuple[Entry, ...]:
    """Return the stored entries whose texts came at last, with them."""
    found = ((entry, _longer(entry, articles.texts)) for entry in entries.values())
    return tuple(replace(entry, content=text) for entry, text in found if text != entry.content)


def _longer(draft: Draft, texts: Mapping[str, str]) -> str | None:
    """Return the content of a draft, or the text of its article where that says more."""
    text = texts.get(draft.link or "", "")
    return text if len(text_of(text)) > len(text_of(draft.content or "")) else draft.content


def lacking_of(new: Sequence[Entry], articles: Articles, *, now: datetime) -> tuple[Lacking, ...]:
    """Return the new entries that lack their texts: not asked for yet, or not come."""
    return tuple(
        _after(Lacking(entry=entry.id, source=entry.source, link=entry.link, due_at=now), articles)
        for entry in new
        if entry.link and entry.link not in articles.texts
    )


def still_lacking(articles: Articles, *, now: datetime) -> tuple[Lacking, ...]:
    """Return the stored entries whose texts did not come this time either."""
    left = (one for one in articles.lacking if one.link not in articles.texts)
    return tuple(_after(replace(one, due_at=now), articles) for one in left)


def _after(lacking: Lacking, articles: Articles) -> Lacking:
    """Count a try that failed, and tell when the next one is due: never, after the last."""
    miss = articles.misses.get(lacking.link)
    if miss is None or lacking.due_at is None:
        return lacking
    due = lacking.due_at + FIRST_WAIT * (1 << lacking.tries)
    due = max(due, miss.retry_at) if miss.retry_at else due
    tries = lacking.tries + 1
    is_last = tries >= TRIES
    return replace(lacking, tries=tries, reason=miss.reason, due_at=None if is_last else due)


def texts_missing(waiting: Sequence[Lacking], articles: Articles) -> Note | None:
    """Say that some entries lack their texts, and why one of them does.

    Args:
        waiting: Those that are tried again.
        articles: What this refresh asked for; of those given up with it is told once.
    """
    given_up = sum(
        one.tries + 1 >= TRIES for one in articles.lacking if one.link in articles.misses
    )
    reasons = [f"{link}: {miss.reason}" for link, miss in articles.misses.items()]
    reasons += [f"{one.link}: {one.reason}" for one in waiting if one.reason]
    parts = []
    if waiting:
        parts.append(f"{_entries(len(waiting))} without the whole text, to be tried again")
    if given_up:
        parts.append(f"{_entries(given_up)} given up after {TRIES} tries")
    if not parts:
        return None
    sentence = "; ".join(parts)
    return Note(
        code=CODE,
        sentence=f"{sentence} ({reasons[0]})" if reasons else sentence,
        next_step="Open one of them in a browser; or take out `full_text:`." if reasons else "",
    )


def _entries(count: int) -> str:
    return counted(count, "entry", "entries")


def in_words(lacking: Lacking) -> str:
    """Tell of an entry why it lacks its text, and whether it will be tried again."""
    tried = f"after {lacking.tries} tries" if lacking.tries > 1 else "after one try"
    because = f" ({lacking.reason})" if lacking.reason else ""
    if lacking.due_at is None:
        return f"Its whole text did not come{because}; given up {tried}."
    if not lacking.tries:
        return "Its whole text was not fetched yet; a later refresh will."
    return (
        f"Its whole text did not come{because}, {tried}; "
        f"tried again at the first refresh after {lacking.due_at:%Y-%m-%d %H:%M} UTC."
    )
