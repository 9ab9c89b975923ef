"""Change the selectors of a source in the text of a configuration, and not another byte of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from aggregator.core.config.edit import LOADER, data_of
from aggregator.errors import ConfigError

Selectors = Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class _Edit:
    """Put *text* in place of what stands from *start* to *end*, both (line, column)."""

    start: tuple[int, int]
    end: tuple[int, int]
    text: str


def with_selectors(text: str, *, source: str, selectors: Selectors) -> str:
    r"""Return *text* with these selectors of a source changed or added.

    Args:
        text: A configuration.
        source: The source's key.
        selectors: What is changed; ``None``: the part is to be found by itself.

    Raises:
        ConfigError: *text* holds no such source, or is written so that it cannot be changed.

    >>> changed = with_selectors(
    ...     "sources:\n  psg:  # mine\n    url: http://x.org/\n",
    ...     source="psg",
    ...     selectors={"items": "li.news", "title": "h3"},
    ... )
    >>> print(changed, end="")
    sources:
      psg:  # mine
        url: http://x.org/
        selectors:
          items: "li.news"
          title: "h3"
    """
    before = data_of(text)
    section = _value(_value(yaml.compose(text, Loader=LOADER), "sources"), source)
    if not isinstance(section, yaml.MappingNode) or not section.value:
        raise ConfigError(f"there is no source {source!r} to change")
    if source not in before["sources"]:  # YAML reads 2018 as a number, and no as false
        raise ConfigError(f"put quotes around {source!r} in `sources:`, then it can be changed")
    changed = _applied(text, _edits(section, selectors))
    if data_of(changed) != _with(before, source, selectors):
        raise ConfigError(f"sources.{source} is written so that its selectors cannot be changed")
    return changed


def _with(data: Mapping[str, Any], source: str, selectors: Selectors) -> dict[str, Any]:
    """Return the data of a configuration as they are to be: nothing else is any different."""
    sources = data["sources"]
    section = sources[source]
    new = {name: css and css.replace("$", "$$") for name, css in selectors.items()}
    changed = {**section, "selectors": {**(section.get("selectors") or {}), **new}}
    return {**data, "sources": {**sources, source: changed}}


def _edits(section: yaml.MappingNode, selectors: Selectors) -> Iterable[_Edit]:
    at = _value(section, "selectors")
    if not isinstance(at, yaml.MappingNode) or not at.value:
        pairs = [f"{name}: {_scalar(css)}" for name, css in selectors.items()]
        flow = ", ".join(pairs)
        if at is not None:  # `selectors:` with nothing, or {}, behind it
            blank = " " if _start(at) == _end(at) else ""
            yield _Edit(start=_start(at), end=_end(at), text=f"{blank}{{{flow}}}")
        elif section.flow_style:
            yield _added(section, f"selectors: {{{flow}}}")
        else:
            yield _added(section, "selectors:", *(f"  {pair}" for pair in pairs))
        return
    new = []
    for name, css in selectors.items():
        value = _value(at, name)
        if value is None:
            new.append(f"{name}: {_scalar(css)}")
        else:
            yield _Edit(start=_start(value), end=_end(value), text=_scalar(css))
    if new:
        yield _added(at, *new)


def _added(mapping: yaml.MappingNode, *pairs: str) -> _Edit:
    """Return the edit that puts more into *mapping*: behind its `url:`, or its first pair."""
    place = _end(_value(mapping, "url") or mapping.value[0][1])
    if mapping.flow_style:
        return _Edit(start=place, end=place, text="".join(f", {pair}" for pair in pairs))
    line = place[0] + (place[1] > 0)  # a block ends at the start of the line after it
    column = mapping.start_mark.column
    text = "".join(f"{' ' * column}{pair}\n" for pair in pairs)
    return _Edit(start=(line, 0), end=(line, 0), text=text)


def _applied(text: str, edits: Iterable[_Edit]) -> str:
    lines = text.split("\n")
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line) + 1)
    newline = "\r\n" if "\r\n" in text else "\n"
    for edit in sorted(edits, reverse=True):
        start, end = (offsets[line] + column for line, column in (edit.start, edit.end))
        text += newline if start > len(text) else ""
        text = text[:start] + edit.text.replace("\n", newline) + text[end:]
    return text


def _scalar(css: str | None) -> str:
    # A JSON string is a YAML string; a `$` that names no variable is doubled.
    return "null" if css is None else json.dumps(css, ensure_ascii=False).replace("$", "$$")


def _start(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line, node.start_mark.column


def _end(node: yaml.Node) -> tuple[int, int]:
    return node.end_mark.line, node.end_mark.column


def _value(mapping: yaml.Node | None, name: str) -> yaml.Node | None:
    for key, value in mapping.value if isinstance(mapping, yaml.MappingNode) else ():
        if key.value == name and isinstance(value, yaml.Node):
            return value
    return None
