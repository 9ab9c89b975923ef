"""HTML inside a feed or a JSON answer: read as text, or with its links made absolute."""

from __future__ import annotations

import html
import re

from selectolax.lexbor import LexborHTMLParser

from aggregator.core.extract.nodes import paragraphs_of, text_of_node
from aggregator.core.links import joined

READ_LIMIT = 100_000  # characters of HTML that are read as text; deep nesting costs squares

_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TAG = re.compile(
    r"</?(?:a|abbr|acronym|article|b|big|blockquote|br|center|cite|code|del|div|em|embed|figure"
    r"|font|h[1-6]|hr|i|iframe|img|ins|li|mark|object|ol|p|pre|q|s|script|section|small|span"
    r"|strike|strong|style|sub|sup|svg|table|td|tr|tt|u|ul|video|wbr)(?:[\s/][^<>]{0,2000})?>",
    re.IGNORECASE,
)


def has_tags(text: str) -> bool:
    """Tell whether *text* holds HTML elements; ``a < b`` and ``List<String>`` are none."""
    return "<" in text and _TAG.search(text[:READ_LIMIT]) is not None


def is_html(text: str) -> bool:
    """Tell whether *text*, of a kind nobody named, is HTML: it holds tags or references."""
    return has_tags(text) or ("&" in text and _REFERENCE.search(text) is not None)


def unescape(text: str) -> str:
    """Return *text* with character references decoded once.

    >>> unescape("R&D &amp;amp; caf&eacute;")
    'R&D &amp; café'
    """
    return _REFERENCE.sub(lambda found: html.unescape(found[0]), text)


def line_of(markup: str) -> str:
    """Return the text of some HTML on one line.

    >>> line_of("Tom &amp; <b>Jerry</b> in List<String>")
    'Tom & Jerry in List<String>'
    """
    if not has_tags(markup):
        return " ".join(unescape(markup).split())
    body = LexborHTMLParser(markup[:READ_LIMIT]).body
    return text_of_node(body) if body is not None else ""


def paragraphs(markup: str) -> str:
    """Return the text of some HTML, a blank line between its paragraphs."""
    if not has_tags(markup):
        return unescape(markup).strip()
    body = LexborHTMLParser(markup[:READ_LIMIT]).body
    return paragraphs_of(body) if body is not None else ""


def as_html(text: str) -> str:
    """Return plain *text* as HTML that shows the same."""
    return html.escape(text, quote=False).replace("\n", "<br>")


def absolute(href: str | None, *, base_url: str) -> str:
    """Return *href* as seen from *base_url*; ``""`` when that is no address."""
    href = (href or "").strip()
    if not href:
        return ""
    try:
        return joined(base_url, href)
    except ValueError:
        return ""


def rebase(markup: str, *, base_url: str) -> str:
    """Return *markup* with the addresses of its links and images made absolute."""
    tree = LexborHTMLParser(markup)
    for name in ("href", "src", "poster"):
        for node in tree.css(f"[{name}]"):
            node.attrs[name] = absolute(node.attributes.get(name), base_url=base_url)
    return (tree.body.inner_html or "") if tree.body is not None else ""
