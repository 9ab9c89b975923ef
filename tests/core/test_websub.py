"""A hub promises little, and keeps it whatever strangers send."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.addresses import parse_allowed
from aggregator.core.websub import (
    LEASE,
    LEASES,
    RETRIES,
    Again,
    Delivered,
    Ended,
    Ping,
    Refused,
    Wanted,
    concluded,
    is_confirmed,
    read_request,
    verification,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = {
    "hub.mode": "subscribe",
    "hub.topic": "http://feeds.example/feeds/all.atom",
    "hub.callback": "https://reader.example/push?id=7",
}


def read(**changes: str | None) -> Wanted | Ping | Refused:
    fields = GOOD | {f"hub.{name}": value for name, value in changes.items()}
    form = urlencode({name: value for name, value in fields.items() if value is not None})
    return read_request(form.encode(), allowed=[parse_allowed("127.0.0.1:8907")])


def test_a_subscription_is_read_with_the_lease_it_gets() -> None:
    wanted = read(lease_seconds="86400", secret="s3cret", foo="bar")

    assert wanted == Wanted(
        mode="subscribe",
        topic="http://feeds.example/feeds/all.atom",
        callback="https://reader.example/push?id=7",
        lease=timedelta(days=1),
        secret="s3cret",
    )
    assert "s3cret" not in repr(wanted)


@pytest.mark.parametrize(
    "changes",
    [
        {"mode": None},
        {"mode": "dance"},
        {"topic": None},
        {"callback": None},
        {"callback": "file:///etc/passwd"},
        {"callback": "not an address"},
        {"callback": "http://10.0.0.1/x"},
        {"callback": "http://0.0.0.0:8907/x"},
        {"callback": "http://[::1]/x"},
        {"callback": "http://169.254.169.254/latest/"},
        {"callback": "http://127.0.0.1:8908/x"},
        {"callback": "http://reader.example/#part"},
        {"callback": "http://reader.example:port/"},
        {"callback": f"http://reader.example/{'a' * 3000}"},
        {"secret": "s" * 200},
    ],
)
def test_what_makes_no_sense_or_leads_inside_is_refused(changes: dict[str, str | None]) -> None:
    assert isinstance(read(**changes), Refused)


def test_private_callbacks_that_are_allowed_are_taken() -> None:
    assert isinstance(read(callback="http://127.0.0.1:8907/x"), Wanted)


@given(st.text() | st.integers().map(str))
def test_every_lease_is_within_bounds(asked: str) -> None:
    wanted = read(lease_seconds=asked)

    assert isinstance(wanted, Wanted)
    assert LEASES[0] <= wanted.lease <= LEASES[1]
    assert wanted.lease == LEASE or asked.isdigit()


@given(st.binary(max_size=300))
def test_no_form_breaks_the_hub(form: bytes) -> None:
    assert isinstance(read_request(form, allowed=()), Refused | Ping | Wanted)


def test_a_form_with_too_many_fields_is_refused() -> None:
    form = "&".join(f"a{number}=1" for number in range(1000))

    assert isinstance(read_request(form.encode(), allowed=()), Refused)


@pytest.mark.parametrize("field", ["url", "topic"])
def test_a_ping_names_its_feed_in_either_way(field: str) -> None:
    form = urlencode({"hub.mode": "publish", f"hub.{field}": "http://feeds.example/x"})

    assert read_request(form.encode(), allowed=()) == Ping(topic="http://feeds.example/x")


def test_a_verification_keeps_what_the_callback_says() -> None:
    wanted = read(lease_seconds="600")
    assert isinstance(wanted, Wanted)

    parts = urlsplit(verification(wanted, challenge="c/1"))

    assert parts.path == "/push"
    assert parse_qs(parts.query) == {
        "id": ["7"],
        "hub.mode": ["subscribe"],
        "hub.topic": ["http://feeds.example/feeds/all.atom"],
        "hub.challenge": ["c/1"],
        "hub.lease_seconds": ["600"],
    }


def test_only_the_challenge_itself_confirms() -> None:
    assert is_confirmed(200, b"abc\n", challenge="abc")
    assert not is_confirmed(200, b"abd", challenge="abc")
    assert not is_confirmed(404, b"abc", challenge="abc")


def test_a_delivery_arrives_ends_or_is_tried_again_ever_later() -> None:
    assert concluded(202, attempts=3, now=NOON) == Delivered()
    assert concluded(410, attempts=0, now=NOON) == Ended()
    waits = [concluded(None, attempts=n, now=NOON) for n in range(len(RETRIES) + 1)]
    assert waits == [*(Again(at=NOON + wait) for wait in RETRIES), Again(at=None)]
    assert sorted(RETRIES) == list(RETRIES)
