"""What can be wrong with a configuration, as a person wants to read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

Path = tuple[str | int, ...]  # where a value stands: ("sources", "psg", "every")

_MAX_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to correct."""

    line: int  # counted from 1; 0: the file as a whole
    key: str  # "sources.psg.every"
    found: str
    expected: str
    nearest: str | None = None  # the word that was probably meant
    column: int = 0  # counted from 1; 0: the line says enough

    def told(self, file: str) -> str:
        """Return the problem on one line, the way compilers write.

        >>> Problem(line=3, key="a.b", found="1", expected="a word").told("c.yaml")
        'c.yaml:3: a.b: found 1, expected a word'
        """
        place = f"{file}:{self.line}" + (f":{self.column}" if self.column else "")
        meant = f"; did you mean {self.nearest!r}?" if self.nearest else ""
        key = f" {self.key}:" if self.key else ""
        return f"{place}:{key} found {self.found}, expected {self.expected}{meant}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the one of *known* that *word* is most likely a slip of.

    >>> nearest("evry", ["every", "title"])
    'every'
    """
    best = process.extractOne(
        word, list(known), scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=0.6
    )
    return str(best[0]) if best else None


def shown(value: object) -> str:
    """Return *value* as a message shows it: quoted, and not longer than a line."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    text = repr(value) if isinstance(value, str) else str(value).lower()
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 1] + "…"


def dotted(path: Path) -> str:
    """Return *path* as a key.

    >>> dotted(("topics", "x", "any", 0))
    'topics.x.any[0]'
    """
    parts = (f"[{part}]" if isinstance(part, int) else f".{_in_line(part)}" for part in path)
    return "".join(parts).removeprefix(".")


def _in_line(key: str) -> str:
    """Return *key* as it fits into a line: in YAML it may go over several."""
    return key if key.isprintable() else repr(key)[1:-1]
