"""Whole articles in place of what a list tells of them: which to fetch, what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from aggregator.core.contract import diagnosis_of
from aggregator.core.expectation import Note
from aggregator.core.sanitize import text_of
from aggregator.model import Draft, Failed, Reading

TEXTS_LIMIT = 30  # articles fetched in one refresh
NO_READER = Note(
    code="full-text",
    sentence="`full_text: true` needs the extra 'fulltext', which is not installed",
    next_step="Install it with: .venv/bin/pip install -e '.[fulltext]'",
)


def worth_fetching(drafts: Sequence[Draft], known: Sequence[bool]) -> tuple[str, ...]:
    """Return the links of new articles, in page order, as many as one refresh may fetch."""
    links = (draft.link for draft, is_known in zip(drafts, known, strict=True) if not is_known)
    return tuple(dict.fromkeys(link for link in links if link))[:TEXTS_LIMIT]


def texts_of(articles: Mapping[str, Reading | Failed]) -> tuple[dict[str, str], list[str]]:
    """Return the texts by link, and for each article without one the reason."""
    texts: dict[str, str] = {}
    missing: list[str] = []
    for link, article in articles.items():
        if isinstance(article, Failed):
            missing.append(f"{link}: {article.detail}")
        elif article.drafts:
            texts[link] = article.drafts[0].content or ""
        else:
            missing.append(f"{link}: {diagnosis_of(article).detail}")
    return texts, missing


def with_texts(reading: Reading, texts: Mapping[str, str], *, known: frozenset[Draft]) -> Reading:
    """Return *reading* with the text of each article that was fetched as its content.

    What is *known* says nothing of its content: it was fetched when it was new, and what the
    list shows of it is no edit of that.
    """

    def told(draft: Draft) -> Draft:
        if draft in known:
            return replace(draft, content=None)
        text = texts.get(draft.link or "", "")
        is_longer = len(text_of(text)) > len(text_of(draft.content or ""))
        return replace(draft, content=text) if is_longer else draft

    return replace(reading, drafts=tuple(map(told, reading.drafts)))


def texts_missing(wanted: int, missing: Sequence[str]) -> Note | None:
    """Say that some articles stay without their text, and why the first of them does."""
    if not missing:
        return None
    return Note(
        code="full-text",
        sentence=f"{len(missing)} of {wanted} articles could not be read whole: {missing[0]}",
        next_step="Open one of them in a browser; or take out `full_text:`.",
    )
