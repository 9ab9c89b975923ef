"""What is read as a date, what is not, and how each is known."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.core.dates import find_date_text, read_date
from aggregator.model import Hints

NOW = datetime(2018, 2, 1, 12, 0, tzinfo=UTC)
TABLE = Path(__file__).with_name("dates.tsv")


def rows() -> list[tuple[str, str, str, str]]:
    """Return language, text, expectation and note of each line of the table."""
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            language, text, expected, note = (*line.split("\t"), "")[:4]
            found.append((language, text.replace("\\n", "\n"), expected, note))
    return found


@pytest.mark.parametrize(("language", "text", "expected", "note"), rows())
def test_a_date_means_what_the_table_says(
    language: str, text: str, expected: str, note: str
) -> None:
    hints = Hints(now=NOW, language=None if language == "-" else language)

    when = read_date(text, hints)

    assert (when.isoformat() if when else "none") == expected.partition(" ")[0].replace(
        "unread", "none"
    ), note


@pytest.mark.parametrize(("language", "text", "expected", "note"), rows())
def test_what_is_found_in_a_line_reads_as_the_line_does(
    language: str, text: str, expected: str, note: str
) -> None:
    hints = Hints(now=NOW, language=None if language == "-" else language)

    found = find_date_text(text)

    assert read_date(found or "", hints) == read_date(text, hints), note
