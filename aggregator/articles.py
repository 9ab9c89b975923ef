"""Fetch the whole articles of a source: of its new entries, and of those that still lack them.

    read_articles: links of new drafts, then of entries that lack their texts ─▶ fetch ─▶ texts
    settle_texts:  in the transaction of the refresh: texts into entries, the rest tried later

What the list shows is stored whether or not its articles come; see core/full_text.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from aggregator.core.expectation import Note, expectation_of
from aggregator.core.full_text import (
    NO_READER,
    Articles,
    articles_of,
    completed,
    due_by_now,
    still_lacking,
    texts_missing,
    worth_fetching,
)
from aggregator.look import Eyes, Found, Knows, Page, get
from aggregator.model import Entry, Lacking, OutcomeKind, Rule, Source, SourceState
from aggregator.ports import Session


async def read_articles(
    source: Source,
    state: SourceState,
    found: Found,
    *,
    eyes: Eyes,
    knows: Knows,
    lacking: Sequence[Lacking],
) -> Articles:
    """Fetch the articles that one refresh may ask for, each as politely as any other page.

    None is asked for where the list itself did not come. New items of a page that is held
    will probably not be stored: their articles wait until they are.

    Args:
        source: The source.
        state: Before the refresh.
        found: What came back for it.
        eyes: What to look with.
        knows: Tells what is stored already.
        lacking: Its entries without their texts.
    """
    has_come = isinstance(found, Page) or found.kind is OutcomeKind.UNCHANGED
    if not (source.full_text and eyes.reads_articles and has_come):
        return Articles()
    is_held = expectation_of(state.expectation).held is not None and not state.accept_next
    drafts = found.drafts if isinstance(found, Page) and not is_held else ()
    due = due_by_now(lacking, now=eyes.clock.now())
    links = worth_fetching(drafts, knows(drafts) if drafts else (), due)
    rule = Rule(article=True)
    came = await asyncio.gather(
        *(get(link, source, day_first=None, eyes=eyes, rule=rule) for link in links)
    )
    return articles_of(dict(zip(links, came, strict=True)), due)


def settle_texts(session: Session, articles: Articles, *, now: datetime) -> tuple[Entry, ...]:
    """Write what came for entries that lacked their texts; return those that have them now."""
    came = [one.entry for one in articles.lacking if one.link in articles.texts]
    whole = completed(session.entries(came), articles) if came else ()
    session.change_entries(whole)
    session.forget_lacking(came)
    session.save_lacking(still_lacking(articles, now=now))
    return whole


def note_of_texts(
    session: Session, source: Source, articles: Articles, *, eyes: Eyes
) -> Note | None:
    """Tell which entries of a source lack their texts after a refresh."""
    if not eyes.reads_articles:
        return NO_READER
    return texts_missing(session.lacking_texts(source.id), articles)
