"""Runs commands in this process, on a configuration in a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from aggregator.cli import main


class Ended(NamedTuple):
    """What a command said and how it ended."""

    status: int
    out: str
    err: str


Run = Callable[..., Ended]


def runner(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Return a function that runs ``aggregator WORDS…`` in *folder*."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: str) -> Ended:
        monkeypatch.setattr("sys.argv", ["aggregator", *words])
        try:
            status = main()
        except SystemExit as end:
            status = int(end.code or 0)
        return Ended(status, *capsys.readouterr())

    return run
