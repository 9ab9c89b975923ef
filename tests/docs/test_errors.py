"""docs/errors.md and docs/operations.md know every code the program can show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aggregator import errors
from aggregator.core.health import NEXT_STEPS
from aggregator.errors import AggregatorError
from aggregator.model import FailureKind, OutcomeKind, Trouble

ROOT = Path(__file__).resolve().parents[2]
ERRORS = (ROOT / "docs/errors.md").read_text("utf-8")
OPERATIONS = (ROOT / "docs/operations.md").read_text("utf-8")
CLASSES = [
    one
    for one in vars(errors).values()
    if isinstance(one, type) and issubclass(one, AggregatorError)
]
SECTIONS = dict(re.findall(r"^## ([\w.-]+)\n(.+?)(?=\n## |\Z)", ERRORS, re.MULTILINE | re.DOTALL))


def test_every_error_is_documented_and_no_other() -> None:
    assert set(SECTIONS) == {one.code for one in CLASSES}


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.code)
def test_every_error_says_what_to_do(error: type[AggregatorError]) -> None:
    assert error.hint.endswith((".", "check", "status", "NAME", "--explain", "'"))
    assert error.__name__ in (errors.__doc__ or "")
    assert len(SECTIONS[error.code]) > 40


def test_every_code_is_its_own() -> None:
    assert len({one.code for one in CLASSES}) == len(CLASSES)


@pytest.mark.parametrize("value", [*OutcomeKind, *FailureKind, *Trouble], ids=str)
def test_every_outcome_is_explained(value: str) -> None:
    assert f"| `{value}` |" in OPERATIONS


def test_every_failure_has_a_next_step() -> None:
    assert set(NEXT_STEPS) == set(FailureKind)
