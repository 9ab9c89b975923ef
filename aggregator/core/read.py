"""Read one page from its bytes to drafts: what a parser child does."""

from __future__ import annotations

from dataclasses import replace

from aggregator.core.beside import links_beside
from aggregator.core.dates import learn_day_first
from aggregator.core.extract.article import read_article
from aggregator.core.extract.page import extract
from aggregator.core.links import web_link
from aggregator.core.normalize import normalize
from aggregator.core.repair import mend
from aggregator.model import Draft, Dropped, Fetched, Hints, Item, Kind, Reading, Rule

DATES_THAT_TEACH = 3
END_LENGTH = 4_096  # bytes in which the end of a page stands; comments may follow it
_HTML = frozenset({Kind.SELECTORS, Kind.AUTOMATIC, Kind.EMBEDDED})
PAGE_TEXT_LIMIT = 20_000_000  # characters of all drafts of a page together


def read(page: Fetched, rule: Rule, hints: Hints, *, explain: bool = False) -> Reading:
    """Extract the items of *page* and normalize them.

    How the page orders day and month ("05/06/2018") is learned from all its dates before
    any of them is read. Where the hints name known items, a rule that finds them is looked for
    and used instead of *rule*.

    Raises:
        SelectorError: The rule holds an invalid selector.
        MissingExtraError: An article is to be read without the extra for it.
    """
    if rule.article:
        return read_article(page)
    mended = mend(page, rule.selectors, hints) if hints.known and not rule.json else None
    if mended:
        rule = Rule(selectors=mended)
    found = extract(page, rule, hints, explain=explain)
    dates = [item.date_text or item.published for item in found.items]
    # Of one or two dates alone it is not certain that none lies in the future.
    learned = learn_day_first(dates, now=hints.now if len(dates) >= DATES_THAT_TEACH else None)
    day_first = learned if learned is not None else hints.day_first
    known = replace(hints, day_first=day_first, language=found.language or hints.language)
    drafts: list[Draft] = []
    dropped = list(found.dropped)
    room = PAGE_TEXT_LIMIT
    for item in found.items:
        room -= _length(item)
        if room < 0:
            dropped.append(Dropped(text=item.title[:80], reason="the page holds too much text"))
            continue
        draft = normalize(item, base_url=page.url, hints=known, language=found.language)
        if _says_something(draft):
            drafts.append(draft)
        else:
            reason = "nothing is left of it once cleaned"
            dropped.append(Dropped(text=item.title[:80], reason=reason))
    return Reading(
        drafts=tuple(drafts),
        extraction=replace(
            found,
            items=(),
            dropped=tuple(dropped),
            next_url=web_link(found.next_url or "", base_url=page.url),
            feeds=tuple(url for url in found.feeds if web_link(url, base_url=page.url)),
        ),
        day_first=day_first,
        is_whole=found.kind not in _HTML or (not found.is_cut and _has_end(page)),
        mended=mended,
        beside=links_beside(page, drafts) if found.kind in _HTML else (),
    )


def _has_end(page: Fetched) -> bool:
    return b"</html" in page.body[-END_LENGTH:].lower()


def _length(item: Item) -> int:
    return len(item.title) + len(item.summary) + len(item.content)


def _says_something(draft: Draft) -> bool:
    return bool(draft.title or draft.link or draft.summary or draft.content)
