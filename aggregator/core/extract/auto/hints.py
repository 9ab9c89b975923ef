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
        r"|button\w*|views(?!-)|view-?counts?|counts?|likes?|votes?|rating\w*|hits|material-(?:icons?|symbols)|pager|pagination"
        r"|mini-?pager|pages|popup\w*|dropdown|menu|tooltip|avatar\w*|photo-?wrap\w*|sr-only"
        r"|visually-?hidden|screen-reader\w*|price|edit\w*|download\w*|attachments?",
    ),
    (
        Hint.UPDATED,
        r"\w*last-?(?:post|reply|comment|activity|update|mod)\w*|updated|modified|freshness",
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
        r"|dek|standfirst|deck|sub-?title|sub-?head\w*|blurb|synopsis|extract"
        r"|(?:bod(?:y|ies)|text|content|entry)(?!-)",
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
_ELEMENT = re.compile(r"__([a-z].*)")  # what the class of a block's part says of the part
_ONE_WORD = [
    (
        Hint.TITLE,
        re.compile(r"(?:entry|post|item|news|article|card|event|thread|topic|story)[_-]?titles?\b"),
    ),
]
_HEADERS = [
    (hint, re.compile(words))
    for hint, words in (
        (Hint.DATE, r"last[ -]?modified"),  # of a file: it has no other date
        (
            Hint.UPDATED,
            r"\blast\b|latest|activity|updated|modified|letzte|derni|[uú]ltim[oa]|posled|posl\."
            r"|последн|обновл|最后|最後|最新|freshness|kesegaran|terakhir|senast|siste|laatste|ostatni",
        ),
        (
            Hint.DATE,
            r"\bdate\b|\bdated\b|filed|issued|published|posted|\bwhen\b|datum|\bdato\b|fecha|\bdata\b"
            r"|дата|日期|时间|時間|日付|日時|날짜|작성일|등록일|게시일|tanggal|päivä|ημερομηνία"
            r"|تاريخ|تاریخ|תאריך|วันที่|\bngày\b|\btarih",
        ),
        (
            Hint.NOISE,
            r"replies|views|posts?\b|votes|\bhits\b|\bsize\b|downloads?|antworten|réponses|respuestas"
            r"|ответ|просмотр|回复|查看|回覆|人气|点击|大小|comments|suara|tulisan",
        ),
        (
            Hint.AUTHOR,
            r"author|started by|\bby\b|poster|\buser|autor|auteur|автор|作者|judge|source|来源",
        ),
        (
            Hint.TITLE,
            r"title|subject|topic|thread|discussion|headline|\bname\b|\bcase\b(?! ?(?:no|num|id|#))"
            r"|caption|document|titel"
            r"|τίτλος|θέμα|عنوان|موضوع|כותרת|נושא|เรื่อง|หัวข้อ|tiêu đề|başlık|\bkonu\b|名称"
            r"|thema|betreff|titre|sujet|objet|t[ií]tulo|asunto|tema|titolo|oggetto|назван|тема|заголов"
            r"|标题|標題|主题|主題|件名|タイトル|제목|topik|judul|nazwa|tytuł|název|ämne|emne|onderwerp",
        ),
    )
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
    >>> hint_of("calendar-list__event-description")
    <Hint.SUMMARY: 'summary'>
    """
    name = name[:200].lower()
    part = " ".join(found[1] for word in name.split() if (found := _ELEMENT.search(word)))
    if part and (hint := _hint_in(part)):
        return hint
    return _hint_in(name)


def _hint_in(name: str) -> Hint:
    for hint, pattern in _ONE_WORD:
        if pattern.search(name):
            return hint
    found = [hint for hint, pattern in _PATTERNS if pattern.search(name)]
    if found[:1] == [Hint.NOISE] and Hint.TITLE in found and " " in name.strip():
        return hint_of(" ".join(word for word in name.split() if hint_of(word) is not Hint.NOISE))
    return found[0] if found else Hint.NONE


@lru_cache(maxsize=2_000)
def hint_of_header(text: str) -> Hint:
    """Return what the head of a table's column says about it, in any of some languages.

    >>> hint_of_header("Letzter Beitrag")
    <Hint.UPDATED: 'updated'>
    """
    text = text[:60].lower()
    for hint, pattern in _HEADERS:
        if pattern.search(text):
            return hint
    return Hint.NONE


def hint_of_property(name: str) -> Hint:
    """Return what a microdata property holds."""
    return _PROPERTIES.get(name.strip().lower(), Hint.NONE)
