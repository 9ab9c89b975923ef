"""Decide which addresses pages may be fetched from.

A page, a redirect or a name server could lead the fetcher to the machines beside it; only
addresses of the public Internet are connected to, unless the configuration names others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address

# What ipaddress calls global and is not the public Internet, or leads around the check.
_REFUSED = tuple(
    ip_network(text)
    for text in (
        "168.63.129.16/32",  # Azure's own services, on every machine there
        "192.88.99.0/24",  # 6to4 relays (RFC 7526)
        "64:ff9b::/96",  # NAT64: an IPv4 address in disguise (RFC 6052)
        "64:ff9b:1::/48",  # the same, local (RFC 8215)
        "2002::/16",  # 6to4
        "2001::/32",  # Teredo
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped: the system unwraps it, so do we
        "fec0::/10",  # site-local
    )
)
_RULE = re.compile(r"^(?:\[([^\]]+)\]|([^\[\]]+)):(\d{1,5}|\*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """One entry of ``fetch.allow``."""

    name: str | None  # a host name, as it stands in the URL; or
    network: str | None  # an address or CIDR
    port: int | None  # None: any


def parse_allowed(text: str) -> Allowed:
    """Read ``host:port``, ``CIDR:port`` or ``[IPv6]:port``; the port may be ``*``.

    Raises:
        ValueError: It is neither.

    >>> parse_allowed("127.7.0.0/16:18080").network
    '127.7.0.0/16'
    """
    match = _RULE.match(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not host:port or CIDR:port")
    host = (match[1] or match[2]).lower()
    port = None if match[3] == "*" else int(match[3])
    try:
        network = str(ip_network(host, strict=False))
    except ValueError:
        if match[1] or "/" in host:
            raise ValueError(f"{text!r} is not an address or a network") from None
        return Allowed(name=host.rstrip("."), network=None, port=port)
    return Allowed(name=None, network=network, port=port)


def may_connect(host: str, port: int, address: str, *, allowed: Sequence[Allowed]) -> bool:
    """Tell whether *address*, which the name *host* led to, may be connected to.

    >>> may_connect("example.org", 80, "127.0.0.1", allowed=())
    False
    """
    found = address_of(address.partition("%")[0])
    if found is None:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return is_public(found) or any(_covers(rule, host, port, found) for rule in allowed)


@lru_cache(maxsize=1024)  # a fetch asks three times
def address_of(host: str) -> Address | None:
    """Return the address that *host* is, if it is no name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Tell whether *address* is of the public Internet."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address in network for network in _REFUSED)


def _covers(rule: Allowed, host: str, port: int, address: Address) -> bool:
    if rule.port is not None and rule.port != port:
        return False
    if rule.network is None:
        return rule.name == host.lower().rstrip(".")
    return address in _network(rule.network)


@lru_cache(maxsize=256)
def _network(text: str) -> IPv4Network | IPv6Network:
    return ip_network(text)
