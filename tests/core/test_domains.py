"""Which hosts belong together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.domains import registered_domain


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("news.example.co.uk", "example.co.uk"),
        ("Example.ORG.", "example.org"),
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
        ("a.github.io", "a.github.io"),
    ],
)
def test_hosts_of_one_registered_domain_are_asked_as_one(host: str, key: str) -> None:
    assert registered_domain(host) == key


@given(st.text(max_size=60))
def test_no_text_crashes_it_and_again_changes_nothing(host: str) -> None:
    domain = registered_domain(host)

    assert registered_domain(domain) == domain
