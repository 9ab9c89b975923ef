"""The shape of a link: what is alike in the addresses of one source's items."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

NO_LINK = "-"  # the shape of an item without a link

_DIGITS = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W\d_]+(?:'\w+)?")
_SUFFIX = re.compile(r"\.([A-Za-z]{2,5})$")
_SLUG_WORDS = 3  # so many words or more are a title, fewer a name: /about-us


@lru_cache(maxsize=8192)
def shape_of(link: str | None) -> str:
    """Return *link* with everything taken out that differs between items of one list.

    Digits become ``N``; the last part of the path becomes ``*`` when it is made of words as
    a title is, and ``w`` when it is a name of one or two words; parameters keep their names.
    The scheme and ``www.`` do not matter.

    >>> shape_of("http://example.org/2016/03/las-bambas-dialogue-forum/")
    'example.org/N/N/*'
    >>> shape_of("https://www.example.org/news-article-1073.html")
    'example.org/news-article-N.html'
    >>> shape_of("http://example.org/about-us")
    'example.org/w'
    """
    if not link:
        return NO_LINK
    parts = urlsplit(link)
    host = (parts.hostname or "").removeprefix("www.")
    path = [part for part in parts.path.split("/") if part]
    folders = [_folder(part) for part in path[:-1]]
    last = [_last(path[-1])] if path else []
    if not parts.query:
        return "/".join([host, *folders, *last])
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return "/".join([host, *folders, *last]) + (f"?{'&'.join(names)}" if names else "")


def folder_of(link: str | None) -> str:
    """Return where *link* points to, in words for a person: its folder, or another host's.

    >>> folder_of("http://example.org/menu/12")
    '/menu/'
    """
    if not link:
        return "nowhere"
    path = urlsplit(link).path
    return path[: path.rfind("/") + 1] or "/"


def _folder(part: str) -> str:
    return "*" if len(_WORDS.findall(part)) >= _SLUG_WORDS else _DIGITS.sub("N", part)


def _last(part: str) -> str:
    suffix = _SUFFIX.search(part)
    stem = part[: suffix.start()] if suffix else part
    if len(_WORDS.findall(stem)) >= _SLUG_WORDS:
        shape = "*"
    elif _DIGITS.search(stem):
        shape = _DIGITS.sub("N", stem)
    else:
        shape = "w"
    return shape + (suffix[0].lower() if suffix else "")
