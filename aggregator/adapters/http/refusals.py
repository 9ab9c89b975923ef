"""Reasons for which a fetch gives no page, on their way to becoming a `Failed`."""

from __future__ import annotations

from datetime import datetime

from aggregator.model import FailureKind


class Refusal(Exception):  # noqa: N818 -- it never leaves this package
    """There will be no page."""

    def __init__(self, kind: FailureKind, detail: str, *, retry_at: datetime | None = None) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.retry_at = retry_at


class DeadConnection(Refusal):
    """A kept connection was closed by the server before it answered: worth one more try."""
