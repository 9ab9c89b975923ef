"""Read YAML into plain data and remember on which line each value stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from aggregator.core.config.problems import Path, Problem, dotted, shown

Value: TypeAlias = "str | int | float | bool | dict[str, Value] | list[Value] | None"

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_VALUES = 2_000_000  # ten thousand sources have some 100,000; aliases can make billions
_INTEGER = re.compile(r"^[-+]?[0-9]{1,18}$")
_FLOAT = re.compile(r"^[-+]?[0-9]{1,18}\.[0-9]{1,18}$")
_VARIABLE = re.compile(r"\$(\$|\{([^}]*)\})")
_YAML = "YAML (blanks for indentation, no tabs; quote texts that hold ': ' or ' #')"
_QUOTED = """other quotes around the whole, such as '"las bambas"~', or a comma"""
_IN_OTHER_WORDS = {  # of libyaml, where its own say little
    "mapping values are not allowed in this context": "': ' in a text without quotes",
    "did not find expected key": "a line that fits none above it, or no ',' or ':' before this",
    "found unexpected end of stream": "the end of the file in a text whose quotes are not closed",
    "did not find expected node content": "no value where one belongs",
    "did not find expected ',' or '}'": "no ',' or '}' before this",
    "did not find expected ',' or ']'": "no ',' or ']' before this",
}
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(slots=True)
class Tree:
    """A configuration file: its data, its problems, and where everything stands."""

    data: Value = None
    problems: list[Problem] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)  # values that came from the environment
    root: yaml.Node | None = None
    lines: list[str] = field(default_factory=list)  # of the file

    def place(self, path: Path, *, column: int) -> tuple[int, int]:
        """Return the line and column (from 1) of a place in the text at *path*.

        Column 0: the text is an alias, or not there.
        """
        node: yaml.Node | None = self.root
        for step in path:
            found = _child(node, step)
            node = found[1] if found else None
        if not isinstance(node, yaml.ScalarNode):
            return self.line(path), 0
        start, end = node.start_mark, node.end_mark
        if start.line == end.line:
            raw = self.lines[start.line][start.column : end.column]
            return start.line + 1, start.column + _raw_column(raw, column)
        return self._place_in_lines(node, column)

    def _place_in_lines(self, node: yaml.ScalarNode, column: int) -> tuple[int, int]:
        """Return where a column of a text stands that is written over several lines.

        Folding changes only the blanks between, so it is as many other signs from the start.
        """
        start, end = node.start_mark, node.end_mark
        signs = sum(not sign.isspace() for sign in node.value[: column - 1])
        first = start.line + (node.style in {"|", ">"})  # a block begins after its header
        line, at = first + 1, 0
        for number in range(first, min(end.line + 1, len(self.lines))):
            head = start.column + (node.style in {"'", '"'}) if number == start.line else 0
            tail = end.column if number == end.line else None
            for place, sign in enumerate(self.lines[number][head:tail], start=head + 1):
                if not sign.isspace():
                    line, at = number + 1, place
                    if not signs:
                        return line, at
                    signs -= 1
        return line, at + 1

    def line(self, path: Path) -> int:
        """Return the line (from 1) of the value at *path*, or of its nearest parent's."""
        node, line = self.root, 1
        for step in path:
            child = _child(node, step)
            if child is None:
                break
            line, node = child
        return line


def read_tree(text: str, *, environment: Mapping[str, str]) -> Tree:
    """Read *text*; ``${NAME}`` in it is replaced from *environment*, ``$$`` is a dollar.

    Only ``true`` and ``false`` are truth values and only digits are numbers: the language
    code ``no``, the time ``12:30`` and the day ``2018-01-22`` stay words.
    """
    tree = Tree(lines=text.splitlines())
    try:
        tree.root = yaml.compose(text, Loader=_LOADER)
    except UnicodeEncodeError as error:
        tree.problems.append(_unreadable(text, error.start))
        return tree
    except yaml.YAMLError as error:
        tree.problems.append(_syntax(error, text))
        return tree
    if tree.root is not None:
        tree.data = _Builder(tree, environment).value(tree.root, ())
    return tree


def without(data: dict[str, Value], paths: Iterable[Path]) -> dict[str, Value]:
    """Return *data* without what stands at *paths*; a list that holds one is left out whole.

    >>> without({"a": {"b": 1, "c": 2}, "d": [3]}, [("a", "b"), ("d", 0)])
    {'a': {'c': 2}}
    """
    steps: dict[str, list[Path]] = {}
    for path in paths:
        steps.setdefault(str(path[0]), []).append(path[1:])
    kept = {key: value for key, value in data.items() if key not in steps}
    for key, rest in steps.items():
        inner = data.get(key)
        if isinstance(inner, dict) and all(rest):
            kept[key] = without(inner, rest)
    return kept


def _syntax(error: yaml.YAMLError, text: str) -> Problem:
    if isinstance(error, yaml.reader.ReaderError):
        return _unreadable(text, text.find(chr(error.character)))
    mark = getattr(error, "problem_mark", None)
    row, column = (mark.line, mark.column) if mark else (-1, -1)
    lines = text.splitlines()  # as YAML has it: a carriage return ends one, too
    line = lines[row] if 0 <= row < len(lines) else ""
    before, after = line[:column].rstrip(), line[column:].strip()
    found = str(getattr(error, "problem", None) or error).removeprefix("but ")
    plain = found.removeprefix("found ").replace("did not find expected", "no")
    found, expected = _IN_OTHER_WORDS.get(found, plain), _YAML
    if line[column:].startswith("\t"):
        found = "a tab"
    elif before.endswith(("'", '"')) and after:
        found, expected = f"{shown(after)} after a text in quotes", _QUOTED
    return Problem(line=row + 1, column=column + 1, key="", found=found, expected=expected)


def _unreadable(text: str, at: int) -> Problem:
    """Tell of a character no YAML may hold; most come from a file that is no UTF-8."""
    before = text[: max(at, 0)]
    return Problem(
        line=before.count("\n") + 1,
        column=len(before) - before.rfind("\n"),
        key="",
        found=f"the character U+{ord(text[len(before)]):04X}",
        expected="characters that can be seen (is the file saved as UTF-8?)",
    )


def _child(node: yaml.Node | None, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line + 1, node.value[step]
    return None


def _raw_column(raw: str, column: int) -> int:
    """Return the column, in a text as it is quoted, of a column of what it says."""
    signs = {"'": r"''|.", '"': r"\\(?:x..|u.{4}|U.{8}|.)|."}.get(raw[:1])
    if signs is None:
        return column
    lengths = [len(sign) for sign in re.findall(signs, raw[1:])]
    return 2 + sum(lengths[: column - 1])


class _Builder:
    """Turns nodes into data; a method a kind of node."""

    def __init__(self, tree: Tree, environment: Mapping[str, str]) -> None:
        self._tree = tree
        self._environment = environment
        self._values = 0
        self._open: set[int] = set()  # nodes we are in: an alias to one of them is a circle

    def value(self, node: yaml.Node, path: Path) -> Value:
        self._values += 1
        if self._values > _MAX_VALUES or id(node) in self._open:
            if self._values <= _MAX_VALUES + 1:
                self._problem(node, path, "aliases that repeat without end", "a file of data")
                self._values = _MAX_VALUES + 2
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        self._open.add(id(node))
        try:
            if isinstance(node, yaml.MappingNode):
                return self._mapping(node, path)
            return [self.value(each, (*path, at)) for at, each in enumerate(node.value)]
        finally:
            self._open.discard(id(node))

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Value]:
        data: dict[str, Value] = {}
        merged: dict[str, Value] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._problem(key, path, "a list or mapping as a key", "a word")
            elif key.tag == "tag:yaml.org,2002:merge":
                for part in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                    built = self.value(part, path)
                    merged.update(built if isinstance(built, dict) else {})
            elif key.value in data:
                self._problem(key, (*path, key.value), "the same key twice", "each key once")
            else:
                data[key.value] = self.value(value, (*path, key.value))
        return merged | data

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> Value:
        text = str(node.value)
        if node.style in {"'", '"', "|", ">"}:
            return self._filled(node, text, path)
        if text.lower() in _WORDS:
            return _WORDS[text.lower()]
        if _INTEGER.match(text):
            return int(text)
        if _FLOAT.match(text):
            return float(text)
        return self._filled(node, text, path)

    def _filled(self, node: yaml.Node, text: str, path: Path) -> str:
        def fill(match: re.Match[str]) -> str:
            if match[1] == "$":
                return "$"
            value = self._environment.get(match[2])
            if value is None:
                self._problem(
                    node,
                    path,
                    f"${{{shown(match[2])[1:-1]}}}, which is not set",
                    "a variable of the environment",
                )
                return ""
            self._tree.secrets.add(value)
            return value

        return _VARIABLE.sub(fill, text) if "$" in text else text

    def _problem(self, node: yaml.Node, path: Path, found: str, expected: str) -> None:
        line = node.start_mark.line + 1
        self._tree.problems.append(
            Problem(line=line, key=dotted(path), found=found, expected=expected)
        )
