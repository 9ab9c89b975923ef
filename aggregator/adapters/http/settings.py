"""How pages are fetched: the ``fetch:`` section of config.yaml, and what stands for itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

MAX_REDIRECTS = 10
MAX_HEAD_BYTES = 128 * 1024  # status line and all headers
MAX_HEADERS = 5000  # some servers set a thousand cookies
MAX_URL_LENGTH = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """What holds for every fetch."""

    user_agent: str
    concurrency: int = 64
    timeout: timedelta = timedelta(seconds=30)
    max_bytes: int = 10_000_000
    per_host_concurrency: int = 2
    per_host_delay: timedelta = timedelta(seconds=1)
    robots: bool = True
    heeds_hosts: bool = True  # a host that asks one of its readers to wait is left alone by all
    allow: tuple[str, ...] = ()
