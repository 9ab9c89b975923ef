"""One line an event on standard error; for a person, or as JSON for a program."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

FOR_PEOPLE, FOR_PROGRAMS = "%Y-%m-%d %H:%M:%SZ", "%Y-%m-%dT%H:%M:%SZ"

Event = MutableMapping[str, Any]

_EVENT_WIDTH = 12
_HEAD = frozenset({"timestamp", "level", "event"})
_SPECIAL = frozenset({"exception", "exc_info", "stack", "logger", "logger_name"})
_ODD = re.compile(r"[ \t=\r\n\"']")


def set_up_logs(*, as_json: bool, quiet: bool = False, secrets: frozenset[str]) -> None:
    """Send every event to standard error, without what came from the environment."""
    redactor = _Redactor(secrets)
    final: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else careful_renderer(colors=True)
        if sys.stderr.isatty()
        else Plainly()
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


def careful_renderer(*, colors: bool) -> structlog.dev.ConsoleRenderer:
    """Return what shows a person any event."""
    return structlog.dev.ConsoleRenderer(colors=colors, pad_event_to=_EVENT_WIDTH, sort_keys=False)


class Plainly:
    """Writes an event of a few words and numbers as structlog does without colors.

    Each refresh has its line; structlog spends a twentieth of an unchanged page on it.
    """

    def __init__(self) -> None:
        self._careful = careful_renderer(colors=False)

    def __call__(self, logger: Any, method: str, event: Event) -> str:
        if not (_SPECIAL.isdisjoint(event) and event.keys() >= _HEAD):
            return self._careful(logger, method, event)
        time, level, name = (event.pop(key) for key in ("timestamp", "level", "event"))
        facts = [f"{key}={_shown(value)}" for key, value in event.items()]
        return " ".join([time, f"[{level:<9}]", f"{name:<{_EVENT_WIDTH}}", *facts]).rstrip(" ")


def _shown(value: object) -> str:
    return value if isinstance(value, str) and not _ODD.search(value) else repr(value)


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
