"""Every command that a document shows is there, with the options it shows."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer

from aggregator.cli import app

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted([ROOT / "README.md", ROOT / "SECURITY.md", *(ROOT / "docs").rglob("*.md")])
SHOWN = re.compile(r"(?:^(?:\$ )?|`|\bExecStart=\S*/)aggregator +([a-z][^`#\n]*)", re.MULTILINE)


def shown() -> list[tuple[str, str]]:
    """Return every command line shown in a document, and where."""
    return [
        (path.name, " ".join(line.split()))
        for path in DOCS
        for line in SHOWN.findall(path.read_text("utf-8"))
    ]


def resolve(line: str) -> tuple[Any, list[str]]:
    """Return the command a line calls (typer has its own click) and the options it gives."""
    command: Any = typer.main.get_command(app)
    words = line.split()
    while hasattr(command, "commands") and words:
        command = command.commands.get(words.pop(0).split("|")[0])
    return command, re.findall(r"(?<![\w-])--?[a-z][\w-]*", " ".join(words))


@pytest.mark.parametrize("case", shown(), ids=lambda case: f"{case[0]}: {case[1][:40]}")
def test_every_command_shown_is_there(case: tuple[str, str]) -> None:
    command, options = resolve(case[1])

    assert command is not None, f"there is no `aggregator {case[1]}`"
    known = {name for parameter in command.params for name in parameter.opts} | {"--help"}
    assert set(options) <= known


def test_commands_are_shown() -> None:
    assert {"run", "refresh", "status"} <= {line.split()[0] for _, line in shown()}


def test_every_make_target_shown_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))

    told = {
        target
        for path in DOCS
        for target in re.findall(
            r"(?:`|^    )make (?:PYTHON=\S+ )?([a-z]+)", path.read_text("utf-8"), re.MULTILINE
        )
    }

    assert {"run", "test", "demo"} <= told <= targets


def test_every_command_has_a_sentence_of_help() -> None:
    def helps(command: Any, name: str) -> list[tuple[str, str]]:
        inner = getattr(command, "commands", {}).items()
        return [(name, command.help or ""), *(one for n, c in inner for one in helps(c, n))]

    for name, text in helps(typer.main.get_command(app), "aggregator"):
        assert text.strip(), name


def test_every_optional_part_is_named_in_the_readme() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    section = (ROOT / "README.md").read_text("utf-8").split("## Optional parts")[1]

    told = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)

    assert set(told) == set(project["optional-dependencies"])
