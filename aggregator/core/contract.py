"""Hold a source against its own past."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from aggregator.core.identity import Recognition
from aggregator.model import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a source's history leads us to expect."""

    def to_json(self) -> str:
        """Return it as `expectation_of` reads it."""
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The page is what its past leads us to expect."""

    expectation: Expectation


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The page is not."""

    code: str
    sentence: str
    next_step: str


Verdict: TypeAlias = Kept | Broken


def expectation_of(text: str) -> Expectation:  # noqa: ARG001
    """Read what `Expectation.to_json` wrote."""
    return Expectation()


def judge(
    expectation: Expectation,
    reading: Reading,  # noqa: ARG001
    recognition: Recognition,  # noqa: ARG001
    *,
    accept: bool,  # noqa: ARG001
) -> Verdict:
    """Tell whether a reading is what its source's past leads us to expect."""
    return Kept(expectation=expectation)
