"""What the names of elements inside an item say about what they hold."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache


class Hint(StrEnum):
    """What an element is named after."""

    NONE = ""
    TITLE = "title"
    DATE = "date"
    UPDATED = "updated"  # the last answer, the last change: not when it came out
    SUMMARY = "summary"
    AUTHOR = "author"
    CATEGORY = "category"
    NOISE = "noise"  # counts, buttons, share links


_END = r"(?=$|[\s_-]|\d)"
_WORDS = (
    (
        Hint.NOISE,
        r"comments?|respond|replies|share\w*|sharing|social\w*|read-?more|more-?link|more|btn\w*"
        r"|button\w*|views?(?!-)|view-?counts?|counts?|likes?|votes?|rating\w*|hits|icons?|arrow|pager|pagination"
        r"|mini-?pager|pages|popup\w*|dropdown|menu|tooltip|avatar\w*|photo-?wrap\w*|sr-only"
        r"|visually-?hidden|screen-reader\w*|price|edit\w*|download\w*|attachments?",
    ),
    (
        Hint.UPDATED,
        r"last-?(?:post|reply|comment|activity|update|mod)\w*|updated|modified|freshness",
    ),
    (
        Hint.DATE,
        r"date\w*|times?|timestamp|datetime|datum|fecha|data|published|posted(?:-?on)?|post-?date"
        r"|pub-?date|day|month|year|when|age|calendar|cal|dt(?:start|published)|zeit|jour|rq",
    ),
    (
        Hint.AUTHOR,
        r"authors?|byline|by|username|user-?\w*|vcard|creator|poster|autor\w*|auteur|writer|source"
        r"|firma|company|contributor\w*",
    ),
    (
        Hint.CATEGORY,
        r"categor\w*|cats?|tags?|tag-?\w+|sections?-?(?:name|label)|topics?|kicker|labels?|badges?"
        r"|rubri\w*|keywords?|eyebrow|genre|channel|type",
    ),
    (
        Hint.SUMMARY,
        r"summary|summ|excerpt\w*|desc\w*|teaser\w*|intro\w*|lead|lede|snippet\w*|abstract|preview"
        r"|dek|standfirst|deck|sub-?title|sub-?head\w*|bod(?:y|ies)|text|content|entry|blurb"
        r"|synopsis|extract",
    ),
    (
        Hint.TITLE,
        r"titles?|headlines?|heading|head|subject|titulos?|t[ií]tulo|titre|titel|titolo|names?|hed"
        r"|topic-?title|thread-?title|caption|zagolovok|bt|tit",
    ),
)
_PATTERNS = [
    (hint, re.compile(rf"(?:^|[\s_-])(?:[a-z]+[_-])*?(?:{words}){_END}")) for hint, words in _WORDS
]
_ONE_WORD = [
    (
        Hint.TITLE,
        re.compile(r"(?:entry|post|item|news|article|card|event|thread|topic|story)[_-]?titles?\b"),
    ),
]
_PROPERTIES = {
    "headline": Hint.TITLE,
    "name": Hint.TITLE,
    "datepublished": Hint.DATE,
    "datecreated": Hint.DATE,
    "startdate": Hint.DATE,
    "datemodified": Hint.UPDATED,
    "description": Hint.SUMMARY,
    "articlebody": Hint.SUMMARY,
    "abstract": Hint.SUMMARY,
    "author": Hint.AUTHOR,
    "creator": Hint.AUTHOR,
    "articlesection": Hint.CATEGORY,
    "keywords": Hint.CATEGORY,
}


@lru_cache(maxsize=20_000)
def hint_of(name: str) -> Hint:
    """Return what an element of these classes (and id) is named after.

    >>> hint_of("post-meta__date")
    <Hint.DATE: 'date'>
    """
    name = name[:200].lower()
    for hint, pattern in _ONE_WORD:
        if pattern.search(name):
            return hint
    for hint, pattern in _PATTERNS:
        if pattern.search(name):
            return hint
    return Hint.NONE


def hint_of_property(name: str) -> Hint:
    """Return what a microdata property holds."""
    return _PROPERTIES.get(name.strip().lower(), Hint.NONE)
