"""Which addresses are of the public Internet."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.addresses import may_connect, parse_allowed


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.31.255.255", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.1.1", False),
        ("0.0.0.0", False),
        ("198.18.0.1", False),
        ("168.63.129.16", False),
        ("224.0.0.251", False),
        ("::1", False),
        ("::", False),
        ("::ffff:93.184.216.34", True),
        ("::ffff:10.0.0.1", False),
        ("::10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b:1::1", False),
        ("2002:a00:1::", False),
        ("2001:0:a00:1::", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("fd12::1", False),
        ("ff02::1", False),
        ("2001:db8::1", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_only_the_public_internet_may_be_connected_to(address: str, *, may: bool) -> None:
    assert may_connect("example.org", 80, address, allowed=()) is may


@pytest.mark.parametrize(
    ("rule", "host", "port", "address", "may"),
    [
        ("127.7.0.0/16:80", "x", 80, "127.7.9.9", True),
        ("127.7.0.0/16:80", "x", 81, "127.7.9.9", False),
        ("127.7.0.0/16:*", "x", 81, "127.7.9.9", True),
        ("10.0.0.1:80", "x", 80, "::ffff:10.0.0.1", True),
        ("[fd00::/8]:80", "x", 80, "fd12::1", True),
        ("intranet:80", "Intranet.", 80, "10.0.0.1", True),
        ("intranet:80", "other", 80, "10.0.0.1", False),
    ],
)
def test_what_the_configuration_names_may_be_connected_to(
    rule: str, host: str, port: int, address: str, *, may: bool
) -> None:
    assert may_connect(host, port, address, allowed=(parse_allowed(rule),)) is may


@pytest.mark.parametrize("text", ["", "10.0.0.1", "host", "10.0.0.0/33:80", "[host]:80", "a:b:c"])
def test_a_rule_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        parse_allowed(text)


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_in_disguise_is_judged_as_what_it_is(number: int) -> None:
    plain, mapped = IPv4Address(number), IPv6Address((0xFFFF << 32) + number)

    same = {may_connect("x", 80, str(each), allowed=()) for each in (plain, mapped)}

    assert len(same) == 1


@given(st.text(max_size=60))
def test_no_text_crashes_it(text: str) -> None:
    may_connect(text, 80, text, allowed=())
