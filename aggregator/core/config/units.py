"""Durations and sizes as people write them: ``30s 5m 1h 1d``, ``10MB``."""

from __future__ import annotations

import re
from datetime import timedelta

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_557_600}
_BYTES = {"B": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20}
_DURATION = re.compile(r"^(?:[0-9]{1,6}(?:\.[0-9]{1,3})?[smhdwy]){1,6}$")
_PART = re.compile(r"([0-9.]+)([smhdwy])")
_SIZE = re.compile(r"^([0-9]{1,9}(?:\.[0-9]{1,3})?)\s?([kKMG]?i?B)$")
_LONGEST = timedelta(days=36_525)


def duration(text: str) -> timedelta:
    """Return the time that *text* names.

    Raises:
        ValueError: It is not a duration.

    >>> duration("1h30m")
    datetime.timedelta(seconds=5400)
    """
    if not _DURATION.match(text):
        raise ValueError(text)
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text))
    return min(timedelta(seconds=seconds), _LONGEST)


def size(text: str) -> int:
    """Return the number of bytes that *text* names.

    Raises:
        ValueError: It is not a size.

    >>> size("10MB")
    10000000
    """
    match = _SIZE.match(text)
    if not match or match[2] not in _BYTES:
        raise ValueError(text)
    return int(float(match[1]) * _BYTES[match[2]])
