"""Parse the XML of a feed, damaged or hostile as it may be, into a tree that does no harm.

Nothing outside the root element reaches the parser, so there is no DOCTYPE: no entity
is declared, none expands, nothing is loaded. The parser refuses more than 256 levels.
"""

from __future__ import annotations

import html
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from lxml import etree

from aggregator.core.extract.prolog import Root, feed_behind_junk, root_of

Element: TypeAlias = Any  # of lxml, which has no types

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CDATA = "<![CDATA["
# A CDATA section is left as it is, a comment left out; elsewhere, what looks like a
# reference is looked at.
_REFERENCES = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<(?=[\s\d=<&])|&([A-Za-z0-9#]{1,32};)?",
    re.DOTALL,
)
_ITEM = re.compile(r"<((?:[a-z]{1,20}:)?(?:item|entry|url|sitemap))[\s>]", re.IGNORECASE)
_TEXT_TAG = re.compile(
    r"<(/?)((?:[a-z]{1,20}:)?(?:item|entry|title|description|summary|content|encoded))"
    r"(?:\s[^<>]{0,500})?(?<!/)>",
    re.IGNORECASE,
)
_HIDDEN = {"amp": "\ue0a1", "lt": "\ue0a2", "gt": "\ue0a3", "quot": "\ue0a4", "apos": "\ue0a5"}
_HIDDEN_REFERENCE = re.compile("&(amp|lt|gt|quot|apos);")
_SHOWN = str.maketrans(dict(zip(_HIDDEN.values(), "&<>\"'", strict=True)))
_PREDEFINED = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_NUMBER = re.compile(r"#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));")

# What a parser complains of without losing anything.
_HARMLESS = frozenset({"NS_ERR_UNDEFINED_NAMESPACE", "ERR_ATTRIBUTE_REDEFINED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A feed's tree, and what was wrong with its text."""

    root: Element | None  # None: nothing could be made of it
    text: str  # what was parsed: the root element, cleaned
    flaw: str = ""  # the first, with its line; "" when the XML is well-formed
    cut: str = ""  # the start of an item in which the text ends


def parse_xml(text: str) -> Parsed:
    """Return the tree of the feed or sitemap in *text*; never raises, expands or loads."""
    start = root_of(text)
    found = start if start and not _is_prose(start) else feed_behind_junk(text) or start
    if found is None:
        return Parsed(root=None, text="", flaw="line 1: there is no XML element")
    lines = "\n" * text.count("\n", 0, found.start)  # so that errors name the right line
    inner = lines + _FORBIDDEN.sub("", _from_root(text, found))
    try:
        return Parsed(root=_parse(inner, is_lenient=False)[0], text=inner)
    except etree.XMLSyntaxError:
        inner, cut = _without_cut_item(_REFERENCES.sub(_repaired, inner), found)
    root, flaw = _parse(inner, is_lenient=True)
    if flaw:
        root = _parse_damaged(inner)
    return Parsed(root=root, text=inner, flaw=flaw, cut=cut)


def _parse_damaged(text: str) -> Element | None:
    """Return what can be had of XML that no small repair made whole.

    Most of it is HTML that nobody escaped: as text it harms nothing. Of what is still broken
    the parser drops every reference after the first error, so they are hidden from it.
    """
    text = _with_texts_closed(text)
    root, flaw = _parse(text, is_lenient=True)
    if not flaw:
        return root
    root, _ = _parse(_HIDDEN_REFERENCE.sub(lambda found: _HIDDEN[found[1]], text), is_lenient=True)
    for node in root.iter("*") if root is not None else ():
        node.text = _shown(node.text)
        node.tail = _shown(node.tail)
        for name, value in node.attrib.items():
            with suppress(ValueError):  # broken names, which lxml reads and cannot write
                node.set(name, _shown(value) or "")
    return root


def _shown(text: str | None) -> str | None:
    return text.translate(_SHOWN) if text and not text.isascii() else text


def _with_texts_closed(text: str) -> str:
    """Make the HTML inside texts plain text, so that its open tags close nothing else."""
    parts: list[str] = []
    at, begun = 0, None
    for tag in _TEXT_TAG.finditer(text):
        is_end, name = bool(tag[1]), tag[2].lower()
        if name.rpartition(":")[2] in {"item", "entry"} or not is_end:
            begun = None if is_end or name.rpartition(":")[2] in {"item", "entry"} else begun or tag
        elif begun is not None and begun[2].lower() == name:
            inner = text[begun.end() : tag.start()]
            if "<" in inner and "<![CDATA[" not in inner and "]]>" not in inner:
                parts += [text[at : begun.end()], f"<![CDATA[{inner}]]>"]
                at = tag.start()
            begun = None
    return "".join([*parts, text[at:]])


def items_in(text: str) -> int:
    """Count the items that begin in *text*."""
    return sum(1 for _ in _ITEM.finditer(text))


def _without_cut_item(text: str, root: Root) -> tuple[str, str]:
    """Take away a last item that does not end; return the rest, and how that item begins."""
    if text.endswith(">") and text.rstrip().endswith(f"</{root.name}>"):
        return text, ""
    last = max(_ITEM.finditer(text), key=re.Match.start, default=None)
    if last is None or text.find(f"</{last[1]}", last.start()) >= 0:
        return text, ""
    return text[: last.start()], text[last.start() :][:200]


def _is_prose(root: Root) -> bool:
    return root.local_name not in {"rss", "rdf", "feed", "urlset", "sitemapindex", "channel"}


def _from_root(text: str, root: Root) -> str:
    """Cut away what stands before the root element and after its end."""
    end_tag = f"</{root.name}"
    end = text.rfind(end_tag)
    closing = text.find(">", end) if end > root.start else -1
    return text[root.start : closing + 1] if closing > 0 else text[root.start :]


def _parse(text: str, *, is_lenient: bool) -> tuple[Element | None, str]:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=is_lenient,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    except etree.XMLSyntaxError as error:
        if error.lineno:
            raise
        raise MemoryError from error  # libxml2 says so with "unknown error" at no line
    flaws = (entry for entry in parser.error_log if entry.type_name not in _HARMLESS)
    return root, next((f"line {flaw.line}: {flaw.message}" for flaw in flaws), "")


def _repaired(found: re.Match[str]) -> str:
    """Make a reference that XML does not know into the character, or into plain text."""
    name = found[1]
    if found[0].startswith(_CDATA) and not found[0].endswith("]]>"):  # nothing ends it
        return _REFERENCES.sub(_repaired, found[0].replace(_CDATA, ""))
    if found[0].startswith("<!--"):
        return "\n" * found[0].count("\n")  # so that errors name the right line
    if found[0].startswith("<"):
        return found[0] if len(found[0]) > 1 else "&lt;"
    if name is None:
        return "&amp;"
    if name in _PREDEFINED:
        return found[0]
    number = _NUMBER.match(name)
    if number:
        code = int(number[1], 16) if number[1] else int(number[2])
        return found[0] if code <= sys.maxunicode and not _FORBIDDEN.match(chr(code)) else ""
    text = html.unescape(found[0])
    return f"&amp;{name}" if text == found[0] else html.escape(text)
