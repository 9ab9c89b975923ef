"""Write and read subscription lists: OPML 2.0."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from io import BytesIO
from itertools import groupby
from xml.parsers import expat

from aggregator.core.text import clean
from aggregator.errors import OpmlError

MAX_BYTES = 10_000_000  # a list of 30,000 feeds; nobody reads more
MAX_DEPTH = 100  # folders in folders


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlOutline:
    """A feed in a subscription list. ``""``: the list does not say."""

    title: str
    feed_url: str  # as the list has it, maybe relative or no address at all
    html_url: str = ""
    description: str = ""
    language: str = ""
    folder: tuple[str, ...] = ()  # the titles of the folders it lies in, outermost first


def render_opml(title: str, outlines: Iterable[OpmlOutline]) -> bytes:
    """Return an OPML 2.0 document; feeds of one folder that follow each other share it.

    See:
        http://opml.org/spec2.opml
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0"><head><title>{escape(clean(title))}</title></head><body>',
    ]
    for folder, inside in groupby(outlines, key=lambda outline: outline.folder):
        lines += [f"<outline{_attributes(text=name)}>" for name in folder]
        lines += [f"<outline{_attributes(**_feed(outline))}/>" for outline in inside]
        lines += ["</outline>" for _ in folder]
    return ("\n".join([*lines, "</body></opml>"]) + "\n").encode()


def parse_opml(document: bytes) -> tuple[OpmlOutline, ...]:
    """Read every feed of a subscription list, whatever its OPML version, in its order.

    Entities are never expanded and nothing is fetched.

    Raises:
        OpmlError: It is no XML, no OPML, too large, or declares entities.
    """
    if len(document) > MAX_BYTES:
        raise OpmlError(f"{len(document)} bytes are more than {MAX_BYTES}")
    reader = _Reader()
    try:
        reader.parser.ParseFile(BytesIO(document))
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise OpmlError(f"line {error.lineno}, column {error.offset + 1}: {reason}") from error
    except (LookupError, ValueError) as error:  # an encoding nobody knows
        raise OpmlError(f"line 1: {error}") from error
    return tuple(reader.outlines)


class _Reader:
    """Collects feeds while expat reads, in memory that grows with the list alone."""

    def __init__(self) -> None:
        self.outlines: list[OpmlOutline] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.EntityDeclHandler = self._entity
        self._open: list[str] = []  # for each open element its folder title, or ""

    def _start(self, tag: str, found: dict[str, str]) -> None:
        if not self._open and tag.lower() != "opml":
            raise OpmlError(f"line {self.parser.CurrentLineNumber}: <{tag}> is no OPML")
        if len(self._open) >= MAX_DEPTH:
            raise OpmlError(f"line {self.parser.CurrentLineNumber}: folders nest too deep")
        said = {name.lower(): clean(value) for name, value in found.items()}
        title = said.get("title") or said.get("text") or ""
        feed_url = said.get("xmlurl", "")
        if feed_url:
            self.outlines.append(self._outline(said, title=title or feed_url, feed_url=feed_url))
        self._open.append("" if feed_url or tag != "outline" else title)

    def _outline(self, said: dict[str, str], *, title: str, feed_url: str) -> OpmlOutline:
        return OpmlOutline(
            title=title,
            feed_url=feed_url,
            html_url=said.get("htmlurl", ""),
            description=said.get("description", ""),
            language=said.get("language", ""),
            folder=tuple(name for name in self._open if name),
        )

    def _end(self, _tag: str) -> None:
        self._open.pop()

    def _entity(self, name: str, *_: object) -> None:
        line = self.parser.CurrentLineNumber
        raise OpmlError(f"line {line}: the entity {name!r} is declared, which no list needs")


def _feed(outline: OpmlOutline) -> dict[str, str]:
    return {
        "type": "rss",  # what OPML calls every feed, Atom too
        "text": outline.title,
        "title": outline.title,
        "xmlUrl": outline.feed_url,
        "htmlUrl": outline.html_url,
        "description": outline.description,
        "language": outline.language,
    }


def _attributes(**values: str) -> str:
    cleaned = {name: clean(value) for name, value in values.items()}
    return "".join(f' {name}="{escape(value)}"' for name, value in cleaned.items() if value)
