"""Put sources into the text of a configuration without touching another byte of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from aggregator.errors import ConfigError

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KEY = "sources"
_STEP = "  "


def with_sources(text: str, sections: Mapping[str, Mapping[str, Any]]) -> str:
    r"""Return *text* with more sources at the end of its ``sources:``.

    Everything else stays as it is, byte for byte: comments, order, quotes, blank lines.

    Args:
        text: A configuration; ``""`` begins a new one.
        sections: The new sources by key, each as it would stand in the file.

    Raises:
        ConfigError: *text* is no YAML, or is written so that nothing can be put in.

    >>> print(with_sources("sources:  # mine\n", {"psg": {"url": "http://x.org/"}}), end="")
    sources:  # mine
      psg:
        url: http://x.org/
    """
    before = data_of(text)
    known = before.get(_KEY) or {}
    if not isinstance(known, dict):
        raise ConfigError("`sources:` is no mapping (key: value)")
    sections = {key: _literal(section) for key, section in sections.items()}
    changed = _inserted(text, sections)
    expected = before | {_KEY: known | sections}
    if data_of(changed) != expected:
        raise ConfigError("`sources:` is written in a way that nothing can be put into")
    return changed


def source_block(sections: Mapping[str, Mapping[str, Any]]) -> str:
    """Return sources as they would stand below ``sources:``."""
    return _indented(_dumped({key: _literal(each) for key, each in sections.items()}), len(_STEP))


def _literal(value: Any) -> Any:
    """Return *value* so that no ``$`` in it names a variable of the environment."""
    if isinstance(value, Mapping):
        return {key: _literal(each) for key, each in value.items()}
    return value.replace("$", "$$") if isinstance(value, str) else value


def data_of(text: str) -> dict[str, Any]:
    """Return what a configuration holds.

    Raises:
        ConfigError: It is no YAML, or no mapping.
    """
    try:
        data = yaml.load(text, Loader=LOADER)  # noqa: S506 -- the safe loader, in C
    except yaml.YAMLError as error:
        raise ConfigError(f"the configuration is no YAML: {error}") from error
    if data is not None and not isinstance(data, dict):
        raise ConfigError("the configuration is no mapping (key: value)")
    return data or {}


def _dumped(data: Mapping[str, Any]) -> str:
    dumped: str = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1_000_000)
    return dumped


def _indented(block: str, columns: int) -> str:
    return "".join(
        " " * columns + line if line.strip() else line for line in block.splitlines(keepends=True)
    )


def _inserted(text: str, sections: Mapping[str, Mapping[str, Any]]) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += newline
    key, node = _sources(text)
    if key is None or node is None:
        gap = [newline] if lines else []
        block, at = f"{_KEY}:\n{_indented(_dumped(sections), len(_STEP))}", len(lines)
        return _with_lines(lines, at, [*gap, block.replace("\n", newline)])
    if isinstance(node, yaml.MappingNode) and node.value and node.flow_style:
        return _in_flow(lines, node, sections)
    if isinstance(node, yaml.MappingNode) and node.value:
        column, at = node.start_mark.column, _end_of_block(lines, node)
        gap = [newline] if _are_spaced(lines, node) else []
        block = _indented(_dumped(sections), column)
        return _with_lines(lines, at, [*gap, block.replace("\n", newline)])
    at = key.start_mark.line
    lines[at] = _without(lines[at], node, at)
    return _with_lines(
        lines, at + 1, [_indented(_dumped(sections), len(_STEP)).replace("\n", newline)]
    )


def _with_lines(lines: list[str], at: int, more: list[str]) -> str:
    return "".join([*lines[:at], *more, *lines[at:]])


def _sources(text: str) -> tuple[yaml.Node | None, yaml.Node | None]:
    root = yaml.compose(text, Loader=LOADER)
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value == _KEY:
            return key, value
    return None, None


def _end_of_block(lines: list[str], node: yaml.MappingNode) -> int:
    """Return the line after the last source; comments as far in as it belong to it."""
    at = min(node.end_mark.line + (node.end_mark.column > 0), len(lines))
    while at > node.start_mark.line + 1:
        line = lines[at - 1]
        bare = line.lstrip()
        if bare and not (bare.startswith("#") and len(line) - len(bare) < node.start_mark.column):
            break
        at -= 1
    return at


def _are_spaced(lines: list[str], node: yaml.MappingNode) -> bool:
    """Tell whether sources stand apart from one another by blank lines."""
    starts = [key.start_mark.line for key, _ in node.value[1:]]
    return any(not lines[start - 1].strip() for start in starts)


def _in_flow(
    lines: list[str], node: yaml.MappingNode, sections: Mapping[str, Mapping[str, Any]]
) -> str:
    """Put sources before the last brace of ``{…}``."""
    flow = yaml.safe_dump(
        sections, allow_unicode=True, sort_keys=False, width=1_000_000, default_flow_style=True
    )
    line, column = node.end_mark.line, node.end_mark.column - 1
    head, tail = lines[line][:column], lines[line][column:]
    joint = "" if head.rstrip().endswith((",", "{")) else ", "
    lines[line] = head.rstrip(" ") + joint + flow.strip()[1:-1] + tail
    return "".join(lines)


def _without(line: str, node: yaml.Node, at: int) -> str:
    """Take ``{}``, ``null`` or ``~`` off the line of the key."""
    if node.start_mark.line != at or node.end_mark.line != at:
        return line
    return line[: node.start_mark.column].rstrip() + line[node.end_mark.column :]
