"""The rules of a WebSub hub: what may be asked for, how it is verified, signed and tried again.

See:
    https://www.w3.org/TR/websub/
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import TypeAlias
from urllib.parse import parse_qs, urlencode, urlsplit

from aggregator.core.addresses import Allowed, may_connect
from aggregator.core.links import web_link

LEASE = timedelta(days=10)  # when a subscriber does not say
LEASES = timedelta(minutes=1), timedelta(days=30)  # the shortest and the longest
SECRET_BYTES = 200  # the standard: less than; section 5.1
CALLBACK_LENGTH = 2000  # characters
FIELDS = 50  # of a form; the standard has six
RETRIES = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
)  # after the last, the next change is waited for


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A subscription that was asked for, and not yet confirmed by its subscriber."""

    mode: str  # "subscribe" or "unsubscribe"
    topic: str  # the address of a feed
    callback: str
    lease: timedelta = LEASE
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """Somebody says that a feed changed."""

    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What is wrong with a request, for whoever sent it."""

    reason: str


def read_request(form: bytes, *, allowed: Sequence[Allowed]) -> Wanted | Ping | Refused:
    """Read what was sent to the hub.

    Args:
        form: The body, ``application/x-www-form-urlencoded``. Unknown fields are ignored.
        allowed: Private addresses callbacks may be at.
    """
    try:
        fields = parse_qs(form.decode("ascii"), max_num_fields=FIELDS)
    except ValueError:
        return Refused(reason="this is no form")
    said = {name: values[0] for name, values in fields.items()}
    mode = said.get("hub.mode", "")
    if mode == "publish":
        return Ping(topic=said.get("hub.url") or said.get("hub.topic", ""))
    if mode not in {"subscribe", "unsubscribe"}:
        return Refused(reason="hub.mode must be subscribe, unsubscribe or publish")
    if not said.get("hub.topic"):
        return Refused(reason="hub.topic is missing")
    callback, secret = said.get("hub.callback", ""), said.get("hub.secret", "")
    if not is_callback(callback, allowed=allowed):
        return Refused(reason="hub.callback must be an http or https address on the Internet")
    if len(secret.encode()) >= SECRET_BYTES:
        return Refused(reason=f"hub.secret must have less than {SECRET_BYTES} bytes")
    return Wanted(
        mode=mode,
        topic=said["hub.topic"],
        callback=callback,
        lease=_lease(said.get("hub.lease_seconds", "")),
        secret=secret,
    )


def is_callback(url: str, *, allowed: Sequence[Allowed]) -> bool:
    """Tell whether *url* may be a callback, as far as its letters say.

    A name can still lead to a private address; whoever connects has to look again.

    >>> is_callback("http://10.0.0.1/x", allowed=())
    False
    """
    if len(url) > CALLBACK_LENGTH or web_link(url, base_url=url) is None or "#" in url:
        return False
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return True
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return may_connect(host, port, host, allowed=allowed)


def _lease(seconds: str) -> timedelta:
    """Return the lease that is given for what was asked for: within bounds."""
    shortest, longest = LEASES
    if not (seconds.isascii() and seconds.isdigit()):
        return LEASE
    return min(max(timedelta(seconds=min(int(seconds[:12]), 10**9)), shortest), longest)


def verification(wanted: Wanted, *, challenge: str) -> str:
    """Return the address that asks a subscriber whether it meant it (section 5.3)."""
    fields = {
        "hub.mode": wanted.mode,
        "hub.topic": wanted.topic,
        "hub.challenge": challenge,
    }
    if wanted.mode == "subscribe":
        fields["hub.lease_seconds"] = str(int(wanted.lease.total_seconds()))
    joint = "&" if urlsplit(wanted.callback).query else "?"
    return f"{wanted.callback.rstrip('?&')}{joint}{urlencode(fields)}"


def is_confirmed(status: int, body: bytes, *, challenge: str) -> bool:
    """Tell whether the subscriber's answer to a verification says yes."""
    return status // 100 == 2 and hmac.compare_digest(body.strip(), challenge.encode())  # noqa: PLR2004


def signature(secret: str, body: bytes) -> str:
    """Return X-Hub-Signature (section 7.1).

    >>> signature("s", b"x")[:14]
    'sha256=b2c5e8e'
    """
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """It arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The subscriber wants no more (410)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """It did not arrive: try at *at*; ``None``: when the feed changes next."""

    at: datetime | None


Delivery: TypeAlias = Delivered | Ended | Again


def concluded(status: int | None, *, attempts: int, now: datetime) -> Delivery:
    """Say what a delivery came to.

    Args:
        status: Of the answer; ``None``: there was none.
        attempts: How often it was tried before.
        now: The time.
    """
    if status is not None and status // 100 == 2:  # noqa: PLR2004
        return Delivered()
    if status == 410:  # noqa: PLR2004
        return Ended()
    return Again(at=now + RETRIES[attempts] if attempts < len(RETRIES) else None)
