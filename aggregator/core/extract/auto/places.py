"""What the names of elements say about their place in a page: content, menu, side box."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from aggregator.core.extract.auto.outline import Outline, Sort

_WRAPPER = 0.6  # of the page: what holds as much is no box, whatever it is called


class Place(IntEnum):
    """Where in a page a node stands, the worst last."""

    CONTENT = 0
    SIDE = 1  # a box beside the content, or one that points to other content
    CHROME = 2  # pagers, share links, tags, forms
    MENU = 3  # menus, headers and footers


_MENU_TAGS = frozenset({"nav", "footer", "header", "menu"})
_MENU = re.compile(
    r"(?:^|[\s_-])(?:(?:main|top|site|sub|mega|drop|side|foot|head|local|global|second\w*|primary)?"
    r"(?:nav|navi|navbar|navigation|menus?|menubar)|dropdown|footer|foot|breadcrumbs?|crumbs"
    r"|sitemap|topbar|masthead|usermenu|skip)(?=$|[\s_-]|\d)",
    re.IGNORECASE,
)
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:pagination|pagenav\w*|pager|paging|page-?numbers?|toolbar|share\w*|sharing|social\w*"
    r"|tag-?cloud|tag-?list|login|signin|cookies?|consent|gdpr|languages?|accessibility|popup\w*"
    r"|memberaction|blogroll)(?=$|[\s_-]|\d)"
    r"|(?:^|\s)(?:bottom|tabs?|tags?|categor(?:y|ies)|lang\w*|filters?|facets?|letters|alphabet"
    r"|calendar|archives?|partners|sponsors?|links)(?:-(?:list|links|nav|menu|wrap\w*))?(?=$|\s)",
    re.IGNORECASE,
)
_SIDE = re.compile(
    r"(?:^|[\s_-])(?:aside|side-?bar\w*|side-?box\w*|side|rail|widgets?|related\w*|popular\w*"
    r"|recent\w*|trending|most-?\w*|top-?(?:list|ten|\d+)|hot|rank\w*|recommend\w*|similar"
    r"|promo\w*|teaser-?box|ads?|advert\w*|sponsored|newsletter|slider|slide\w*|carousel|ticker"
    r"|comments?|right-?col\w*|col-?right)(?=$|[\s_-]|\d)",
    re.IGNORECASE,
)


# How boxes beside the items are headed.
_BESIDE = re.compile(
    r"most (?:read|popular|viewed|clicked|commented|shared|discussed|watched)|popular|trending"
    r"|top (?:\d+|ten|posts|downloads)|related|recommended|you (?:may|might) (?:also )?like"
    r"|see also|editor'?s'? picks?|don'?t miss|sponsored|advert|(?:latest|recent) comments"
    r"|blogroll|archives?$|tags$|tag cloud|categories$|(?:quick|useful) ?links|partners$"
    r"|meist ?gelesen|meistgeklickt|beliebt|empfohlen|neueste kommentare|lo más|más (?:leíd|vist)"
    r"|relacionad|recomendad|mais (?:lid|vist)|plus (?:lus|populaires|consult)|à lire aussi"
    r"|più (?:lett|vist)|meest gelezen|mest (?:lest|läst|læst)|najczęściej czytane|nejčtenější"
    r"|terpopuler|en çok okunan|популярн|самое (?:читаемое|обсуждаемое)|последние комментарии"
    r"|热门|熱門|排行|推荐|推薦|相关|相關|人気|ランキング|関連|おすすめ|많이 본|인기|الأكثر",
    re.IGNORECASE,
)
_HEADING = 60  # characters


def is_called_aside(heading: str) -> bool:
    """Tell whether a list with this heading is a box beside the items.

    >>> is_called_aside("Most read this week")
    True
    """
    return len(heading) <= _HEADING and _BESIDE.search(heading) is not None


def places_of(outline: Outline) -> list[Place]:
    """Return the place of each element: the worst that it or anything above it is called."""
    places: list[Place] = []
    by_sort: dict[Sort, Place] = {}
    wide = _WRAPPER * len(outline.sorts)
    above = zip(outline.sorts, outline.parents, outline.attributes, strict=True)
    for at, (sort, parent, attributes) in enumerate(above):
        place = places[parent] if at else Place.CONTENT
        if place < Place.MENU:
            if "id" in attributes:
                own = called(sort.tag, f"{sort.name} {attributes['id']}")
            elif sort in by_sort:
                own = by_sort[sort]
            else:
                own = by_sort[sort] = called(sort.tag, sort.name)
            # What holds most of the page is no box, whatever it is called.
            if own > place and (sort.tag in _MENU_TAGS or outline.ends[at] - at <= wide):
                place = own
        places.append(place)
    return places


@lru_cache(maxsize=20_000)
def called(tag: str, name: str) -> Place:
    """Return the place that the tag and the classes of an element speak of."""
    name = name[:300]
    if tag in {"html", "body", "a"}:
        return Place.CONTENT
    if tag in _MENU_TAGS or _MENU.search(name):
        return Place.MENU
    if tag == "dialog" or _CHROME.search(name):
        return Place.CHROME
    if tag == "aside" or _SIDE.search(name):
        return Place.SIDE
    return Place.CONTENT
