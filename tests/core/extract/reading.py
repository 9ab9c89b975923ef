"""Read made-up pages as the program does, and name what was found in them."""

from __future__ import annotations

from datetime import UTC, datetime

from aggregator.core.read import read
from aggregator.model import Draft, Fetched, Hints, Reading, Rule

NOW = datetime(2018, 2, 1, 12, 0, tzinfo=UTC)
PAGE = "https://example.org/docs/2018/"


def read_page(body: str, *, url: str = PAGE) -> Reading:
    page = Fetched(url=url, body=f"<body>{body}</body>".encode(), at=NOW)
    return read(page, Rule(), Hints(now=NOW))


def drafts_of(body: str) -> tuple[Draft, ...]:
    return read_page(body).drafts


def titles(drafts: tuple[Draft, ...]) -> list[str | None]:
    return [draft.title for draft in drafts]
