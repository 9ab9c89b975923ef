"""What servers say about asking again is a lower bound, and never absurd."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.caching import LONGEST, fresh_for, retry_at, validator

NOW = datetime(2018, 6, 5, 12, tzinfo=UTC)
HEADERS = st.dictionaries(
    st.sampled_from(["cache-control", "expires", "age", "date"]), st.text(max_size=60)
)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "public, max-age=600"}, 600),
        ({"cache-control": "MAX-AGE=600, s-maxage=9"}, 600),
        ({"cache-control": 'max-age="600"'}, 600),
        ({"cache-control": "max-age=600", "age": "60"}, 540),
        ({"cache-control": "max-age=600", "age": "-5"}, 600),
        ({"cache-control": "max-age=600", "expires": "Tue, 05 Jun 2018 13:00:00 GMT"}, 600),
        ({"expires": "Tue, 05 Jun 2018 13:00:00 GMT"}, 3600),
        (
            {
                "expires": "Tue, 05 Jun 2018 13:00:00 GMT",
                "date": "Tue, 05 Jun 2018 12:30:00 GMT",
            },
            1800,
        ),
        ({"expires": "Tue, 05 Jun 2018 11:00:00 GMT"}, None),
        ({"expires": "0"}, None),
        ({"expires": "-1"}, None),
        ({"cache-control": "no-cache, max-age=600"}, None),
        ({"cache-control": "no-store, max-age=600"}, None),
        ({"cache-control": "max-age=0"}, None),
        ({"cache-control": "x-max-age=600"}, None),
        ({"cache-control": "max-age=99999999999"}, None),
        ({}, None),
    ],
)
def test_a_page_says_how_long_it_stays_as_it_is(
    headers: dict[str, str], seconds: int | None
) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)

    assert fresh_for(headers, now=NOW) == expected


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("120", NOW + timedelta(seconds=120)),
        (" 0 ", NOW),
        ("Tue, 05 Jun 2018 13:00:00 GMT", NOW + timedelta(hours=1)),
        ("Tue, 05 Jun 2018 11:00:00 GMT", NOW),
        ("Tuesday, 05-Jun-18 13:00:00 GMT", NOW + timedelta(hours=1)),
        ("999999999999", NOW + LONGEST),
        ("Fri, 31 Dec 9999 23:59:59 GMT", NOW + LONGEST),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str | None, at: datetime | None) -> None:
    assert retry_at(value, now=NOW) == at


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ('W/"abc"', 'W/"abc"'),
        ('  "abc" ', '"abc"'),
        ("unquoted", "unquoted"),
        ('"a\r\nX: 1"', None),
        ('"ñ"', None),
        ("x" * 1001, None),
        ("", None),
        (None, None),
    ],
)
def test_a_validator_is_sent_back_only_when_it_can_be(value: str | None, kept: str | None) -> None:
    assert validator(value) == kept


@given(HEADERS)
def test_no_headers_crash_it_and_no_wait_is_absurd(headers: dict[str, str]) -> None:
    fresh = fresh_for(headers, now=NOW)

    assert fresh is None or timedelta(0) < fresh <= LONGEST


@given(st.text(max_size=60))
def test_no_retry_after_crashes_it_or_lies_in_the_past(value: str) -> None:
    at = retry_at(value, now=NOW)

    assert at is None or NOW <= at <= NOW + LONGEST
