"""One line an event on standard error; for a person, or as JSON for a program."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

FOR_PEOPLE, FOR_PROGRAMS = "%Y-%m-%d %H:%M:%SZ", "%Y-%m-%dT%H:%M:%SZ"

Event = MutableMapping[str, Any]


def set_up_logs(*, as_json: bool, quiet: bool = False, secrets: frozenset[str]) -> None:
    """Send every event to standard error, without what came from the environment."""
    redactor = _Redactor(secrets)
    final: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), pad_event_to=12, sort_keys=False
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt=FOR_PROGRAMS if as_json else FOR_PEOPLE, utc=True),
            structlog.processors.format_exc_info,
            redactor,
            final,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.WARNING if quiet else logging.INFO
        ),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # a bar may stand in for it
        cache_logger_on_first_use=False,
    )


class _Redactor:
    """Takes secrets out of every text field."""

    def __init__(self, secrets: frozenset[str]) -> None:
        # A secret of a letter or two would blacken everything and protect nothing.
        self._secrets = sorted((s for s in secrets if len(s) > 3), key=len, reverse=True)  # noqa: PLR2004

    def __call__(self, _logger: object, _method: str, event: Event) -> Event:
        if self._secrets:
            for key, value in event.items():
                if isinstance(value, str):
                    event[key] = self._clean(value)
        return event

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text
