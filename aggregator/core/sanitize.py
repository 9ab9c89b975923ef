"""Make HTML from outside safe to republish, and turn it into plain text."""

from __future__ import annotations

import re
from collections import Counter
from html import escape, unescape

import nh3

from aggregator.core.text import clean_paragraphs, legal

MAX_HTML = 500_000  # characters that are looked at; no article is longer
MAX_CONTENT = 50_000  # characters that are kept: 50 entries stay below the 5 MB readers take


def _names(text: str) -> set[str]:
    return set(text.split())


_TAGS = _names(
    "a abbr article aside b bdi bdo blockquote br caption cite code col colgroup dd del "
    "details dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark "
    "ol p pre q rp rt ruby s samp section small span strong sub summary sup table tbody td "
    "tfoot th thead time tr u ul var wbr"
)
_ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "col": {"span"},
    "colgroup": {"span"},
    "img": {"alt", "height", "src", "title", "width"},
    "ol": {"reversed", "start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
_DROPPED_WHOLE = _names(
    "audio button canvas datalist embed head iframe math noembed noframes noscript object "
    "optgroup option script select style svg template textarea title video"
)
_SCHEMES = {"http", "https", "mailto"}

# What becomes of a tag in plain text; a tag that is not here ends a paragraph.
_BREAKS = {"br": "\n", "td": " ", "th": " "}
_BLOCKS = nh3.Cleaner(
    tags=_names(
        "address article aside blockquote br caption center dd details div dl dt fieldset "
        "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre "
        "section summary table td th tr ul"
    ),
    clean_content_tags=_DROPPED_WHOLE,
    attributes={},
    link_rel=None,
)
_BARE_TAG = re.compile(r"</?([a-z0-9]+)>")
_ANY_TAG = re.compile(r"<[^<>]*>")
_TAG_NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_IMAGE = re.compile(r"<img\b[^<>]*>")
_IMAGE_LINK = re.compile(r' src="https?:')
_PIXEL = re.compile(r' (?:width|height)="[01]"')  # not to be seen, but to see who reads
_SOMETHING = re.compile(r"<img |(?:^|>)\s*[^\s<]")

# An HTML parser walks all open elements for many a tag: 30,000 nested <div> take 2 s,
# 100,000 take 28 s (nh3 0.3.8). So the walks are counted before; honest pages stay
# below 50,000 steps.
_MAX_STEPS = 250_000
_FEW_TAGS = 500  # cannot come near that
_NEVER_OPEN = _names("br col dd dt hr img input li link meta option p td th tr wbr")


def sanitize(html: str, *, base_url: str) -> str:
    """Return *html* safe to show in any reader, with absolute links.

    What remains is text, headings, lists, tables, links and images. Scripts, styles,
    forms, frames, players, event handlers and tracking pixels are gone; links are http,
    https or mailto, images http or https. Every element is closed.

    Args:
        html: A fragment, as it came.
        base_url: What relative links are relative to; absolute.

    Returns:
        At most about `MAX_CONTENT` characters, ``""`` when there is nothing to see.

    >>> sanitize('<p onclick="x()">See <a href="/a">this</a>', base_url="http://example.org/n")
    '<p>See <a href="http://example.org/a" rel="noopener noreferrer">this</a></p>'
    """
    html = _head(legal(html), MAX_HTML)
    if not _is_cheap(html):
        html = _paragraphs(_without_tags(html))
    cleaner = _cleaner(base_url)
    safe = cleaner.clean(html)
    if len(safe) > MAX_CONTENT:
        safe = cleaner.clean(_head(safe, MAX_CONTENT) + "…")
    safe = legal(_IMAGE.sub(_image, safe)).strip()
    return safe if _SOMETHING.search(safe) else ""


def text_of(html: str) -> str:
    r"""Return the text of *html*, a blank line between its paragraphs.

    Scripts and the like are left out. Text without any tag keeps its own blank lines.

    >>> text_of("<h2>One</h2>two<br>three &amp; four<p>five")
    'One\n\ntwo three & four\n\nfive'
    """
    html = _head(legal(html), MAX_HTML)
    if "<" not in html:
        return clean_paragraphs(unescape(html))
    if not _is_cheap(html):
        return clean_paragraphs(unescape(_without_tags(html)))
    blocks = _BLOCKS.clean(" ".join(html.split()))
    return clean_paragraphs(unescape(_BARE_TAG.sub(_break, blocks)))


def _cleaner(base_url: str) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags=_DROPPED_WHOLE,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        url_relative=("rewrite_with_base", base_url),
    )


def _head(html: str, limit: int) -> str:
    """Return the first *limit* characters, without a tag or reference cut in two."""
    if len(html) <= limit:
        return html
    head = html[:limit]
    for opening, closing in (("<", ">"), ("&", ";")):
        start = head.rfind(opening)
        if start > head.rfind(closing):
            head = head[:start]
    return head


def _is_cheap(html: str) -> bool:
    """Tell whether a parser will read *html* in time that grows with its length."""
    if html.count("<") < _FEW_TAGS:
        return True
    open_tags: Counter[str] = Counter()
    depth = steps = 0
    for match in _TAG_NAME.finditer(html):
        name = match[2].lower()
        steps += depth
        if name in _NEVER_OPEN:
            continue
        if not match[1]:
            open_tags[name] += 1
            depth += 1
        elif open_tags[name]:
            open_tags[name] -= 1
            depth -= 1
    return steps <= _MAX_STEPS


def _without_tags(html: str) -> str:
    return _ANY_TAG.sub("\n\n", html)


def _paragraphs(text: str) -> str:
    paragraphs = clean_paragraphs(unescape(text)).split("\n\n")
    return "".join(f"<p>{escape(part, quote=False)}</p>" for part in paragraphs)


def _image(match: re.Match[str]) -> str:
    image = match[0]
    return image if _IMAGE_LINK.search(image) and not _PIXEL.search(image) else ""


def _break(match: re.Match[str]) -> str:
    return _BREAKS.get(match[1], "\n\n")
