"""Find items that moved: known ones under a link never seen before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from aggregator.core.identity.recall import NEAR
from aggregator.core.similarity import (
    LIKELY_TITLE,
    SAME_TEXT,
    SAME_TITLE,
    SAME_TITLE_WORDS,
    containment,
    numbers,
    specials,
    text_for_comparing,
    text_similarity,
    title_similarity,
)
from aggregator.core.text import words
from aggregator.model import Basis, Draft, Entry, EntryId

EQUAL_TEXT = 0.9
OTHER_TEXT = 0.3  # beside another date: the next of a series, though its site moved
WHOLE_SITE = 0.6  # share of the unknown items whose very titles are known: the site moved
WHOLE_SITE_ITEMS = 3
_DAY = timedelta(days=1)
_ARTICLE_NUMBER = re.compile(r"\d{3,}")


def find_moved(
    unknown: Mapping[int, Draft], candidates: Sequence[Entry], others: Iterable[str]
) -> dict[int, EntryId]:
    """Return which unknown drafts are which of the candidates.

    Args:
        unknown: Drafts no key leads from, by their place on the page.
        candidates: Entries of the source whose keys are not on the page.
        others: Titles of everything else on the page.
    """
    if not candidates:
        return {}
    series = _series([*(draft.title or "" for draft in unknown.values()), *others], candidates)
    site_moved = _site_moved(unknown, candidates)
    free = {entry.id: entry for entry in candidates}
    found: dict[int, EntryId] = {}
    for index, draft in unknown.items():
        title = words(draft.title or "")
        best = max(
            (
                (_likeness(draft, entry, site_moved=site_moved), entry.id)
                for entry in free.values()
                if not (title in series and _differ_in_date(draft, entry))
            ),
            default=(0.0, None),
        )
        if best[0] > 0 and best[1] is not None:
            found[index] = best[1]
            del free[best[1]]
    return found


def _likeness(draft: Draft, entry: Entry, *, site_moved: bool) -> float:
    """Return how sure it is that *draft* is *entry* under another link; 0: it is not."""
    if not _are_near(draft, entry):
        return 0.0
    title, old_title = draft.title or "", entry.title or ""
    same = words(title) == words(old_title)
    if not same and specials(title) != specials(old_title):
        return 0.0
    titles = 1.0 if same else title_similarity(title, old_title)
    if titles < LIKELY_TITLE:
        return 0.0
    text, old_text = text_for_comparing(draft), text_for_comparing(entry)
    if same and title and (site_moved or _same_number(draft, entry)):
        is_other = text and old_text and containment(text, old_text) < OTHER_TEXT
        if not (is_other and _differ_in_date(draft, entry)):
            return 2.0
    if _differ_in_date(draft, entry) and numbers(text) != numbers(old_text):
        return 0.0
    long_enough = len(words(title)) >= SAME_TITLE_WORDS
    if same and long_enough and not (text and old_text):
        return 0.0 if _differ_in_date(draft, entry) else titles
    texts = containment(text, old_text) if same else text_similarity(text, old_text)
    if texts >= EQUAL_TEXT or (titles >= SAME_TITLE and long_enough and texts >= SAME_TEXT):
        return titles + texts
    return 0.0


def _are_near(draft: Draft, entry: Entry) -> bool:
    """Tell whether the dates allow it; one that was never written allows everything."""
    new, old = draft.published, entry.published
    if new is None or old.basis is Basis.FIRST_SEEN:
        return True
    return abs(new.at - old.at) <= NEAR


def _differ_in_date(draft: Draft, entry: Entry) -> bool:
    new, old = draft.published, entry.published
    if new is None or old.basis in {Basis.FIRST_SEEN, Basis.RELATIVE}:
        return False
    return new.basis is not Basis.RELATIVE and new.at.date() != old.at.date()


def _same_number(draft: Draft, entry: Entry) -> bool:
    """Tell whether the last number of both links, an article's own, is one: /article-1073.html."""
    new = _ARTICLE_NUMBER.findall(draft.link or "")
    old = _ARTICLE_NUMBER.findall(entry.link or "")
    return bool(new and old) and new[-1] == old[-1] and not _differ_in_date(draft, entry)


def _series(titles: Iterable[str], candidates: Sequence[Entry]) -> set[tuple[str, ...]]:
    """Return titles that come again and again: another of them is another item."""
    old = Counter(words(entry.title or "") for entry in candidates)
    new = Counter(words(title) for title in titles)
    return {title for title in old | new if old[title] > 1 or new[title] > 1}


def _site_moved(unknown: Mapping[int, Draft], candidates: Sequence[Entry]) -> bool:
    """Tell whether the site moved as a whole: most of what is unknown is known by its title."""
    titles = {words(entry.title) for entry in candidates if entry.title}
    familiar = {words(draft.title) for draft in unknown.values() if draft.title} & titles
    return len(familiar) >= max(WHOLE_SITE_ITEMS, WHOLE_SITE * len(unknown))
