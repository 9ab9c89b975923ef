from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.links import MAX_URL_LENGTH, is_home, joined, web_link

BASE = "http://example.org/news/list.php?page=2"


@pytest.mark.parametrize(
    ("href", "link"),
    [
        ("article-7.html", "http://example.org/news/article-7.html"),
        ("/a b", "http://example.org/a%20b"),
        ("//cdn.example.org/x", "http://cdn.example.org/x"),
        ("?page=3", "http://example.org/news/list.php?page=3"),
        ("HTTPS://Example.ORG:8443/X", "https://example.org:8443/X"),
        ("/a\n/b\t", "http://example.org/a/b"),
        ("/100%", "http://example.org/100%25"),
        ("/%C3%A1#Ü", "http://example.org/%C3%A1#%C3%9C"),
        ("http://münchen.example/ü", "http://xn--mnchen-3ya.example/%C3%BC"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
        ("http://example.org/n;", "http://example.org/n;"),
    ],
)
def test_an_href_becomes_a_valid_absolute_address(href: str, link: str) -> None:
    assert web_link(href, base_url=BASE) == link


@pytest.mark.parametrize(
    "href",
    [
        "",
        "   ",
        "#top",
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@example.org",
        "ftp://example.org/",
        "http://",
        "http://host:99999/",
        "http://[broken/",
        "http://[::1::2]/",
        "http://[v1.fe]/",
        "http://[fe80::1%25eth0]/",
        "http://a b/",
        "http://" + "ü" * 300 + "/",
        "/" + "x" * MAX_URL_LENGTH,
    ],
)
def test_what_is_no_address_of_a_page_is_no_link(href: str) -> None:
    assert web_link(href, base_url=BASE) is None


def test_userinfo_is_never_published() -> None:
    assert web_link("http://me:secret@example.org/x", base_url=BASE) == "http://example.org/x"


@given(st.text(max_size=80))
def test_a_link_is_a_web_address_and_making_it_again_changes_nothing(href: str) -> None:
    link = web_link(href, base_url=BASE)

    if link is not None:
        assert urlsplit(link).scheme in {"http", "https"}
        assert link.isascii()
        assert web_link(link, base_url=BASE) == link


PARTS = st.one_of(
    st.sampled_from(["http:", "https:", "//", "/", "example.org", ":80", ":18080", ":0080"]),
    st.sampled_from(["a", "B-7", "%41", "%zz", "x=1", "é", "[::1]", *"?#.;@&~+!"]),
)
ADDRESSES = st.lists(PARTS, max_size=9).map("".join)


@given(href=ADDRESSES)
def test_a_plain_address_is_left_as_the_careful_way_leaves_it(href: str) -> None:
    found = web_link(href, base_url=BASE)

    careful = web_link(f" {href}", base_url=BASE)  # a blank in front is never plain
    assert found == careful


@given(href=ADDRESSES, base=st.sampled_from([BASE, "https://u:p@h:8/", "http:", "file:///a/", ""]))
def test_joining_a_plain_address_gives_what_urljoin_gives(href: str, base: str) -> None:
    def attempt(join: Callable[[str, str], str]) -> str | None:
        try:
            return join(base, href)
        except ValueError:
            return None

    assert attempt(joined) == attempt(urljoin)


@pytest.mark.parametrize(
    ("url", "home", "is_at_home"),
    [
        ("http://example.org/other", "http://example.org/news", True),
        ("https://example.org/", "http://example.org:8080/", True),
        ("http://example.org/", "https://example.org/", False),
        ("http://example.org:8080/", "http://example.org/", False),
        ("http://other.example/", "http://example.org/", False),
        ("http://xn--mnchen-3ya.example/", "http://münchen.example/", True),
        ("http://example.org:99999/", "http://example.org/", False),
        ("http://[x/", "http://example.org/", False),
    ],
)
def test_credentials_stay_at_their_host_and_never_travel_less_safely(
    url: str,
    home: str,
    is_at_home: bool,  # noqa: FBT001
) -> None:
    assert is_home(url, home=home) is is_at_home


def test_an_address_that_only_encoding_makes_too_long_is_none() -> None:
    assert web_link("ñ" * (MAX_URL_LENGTH // 4), base_url="http://example.org/") is None


@pytest.mark.parametrize(
    ("href", "link"),
    [
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("http://[:]/", None),
        ("http://[1.2.3.4]/", None),
    ],
)
def test_a_host_in_brackets_is_an_address_of_ipv6(href: str, link: str | None) -> None:
    assert web_link(href, base_url="http://example.org/") == link
