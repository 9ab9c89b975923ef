"""Which hosts belong together."""

from __future__ import annotations

from functools import lru_cache

from publicsuffixlist import PublicSuffixList

from aggregator.core.addresses import address_of


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=4096)
def registered_domain(host: str) -> str:
    """Return what is asked as one: the registered domain, or the address itself.

    >>> registered_domain("news.example.co.uk")
    'example.co.uk'
    """
    if address_of(host) is not None:
        return host
    return str(_suffixes().privatesuffix(host.lower().rstrip(".")) or host)
