from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.core.url_parameters import names_article
from aggregator.core.urls import canonical

SAME = [
    ("http://example.org/n/1", "https://www.example.org/n/1/"),
    ("HTTP://Example.ORG:80/n/1", "https://example.org./n/1#respond"),
    ("https://example.org//n/./x/../1", "https://example.org/n/1"),
    ("https://example.org/n/index.html", "https://example.org/n"),
    ("https://example.org/~ana/n%c3%ad", "https://example.org/%7Eana/ní"),
    ("https://example.org/caf\u00e9-1", "https://example.org/cafe\u0301-1"),
    ("https://bücher.example/1", "https://xn--bcher-kva.example/1"),
    ("https://example.org/n?b=2&a=1&", "https://example.org/n?a=1&b=2"),
    ("https://example.org/n?a=1&amp;b=2", " https://example.org/n?a=1&b=2\n"),
    ("https://example.org/s?q=two+words", "https://example.org/s?q=two%20words"),
    ("https://example.org/n?id=5&UTM_Source=x&fbclid=abc", "https://example.org/n?id=5"),
    ("https://example.org/n?id=5&xy_campaign=a&xy_name=b", "https://example.org/n?id=5"),
    ("https://example.org/n?id=5&ref=rss", "https://example.org/n?id=5"),
    ("https://example.org/n?id=5&mod=rss&wt_mc=1&s_cid=2", "https://example.org/n?id=5"),
    ("https://m.a.example/n/1", "https://touch.a.example/n/1"),
    ("https://out.example/x?to=https%3A%2F%2Fexample.org%2Fn%2F1", "<https://example.org/n/1>"),
    ("https://example.org/n?id=5&ref_src=abc", "https://example.org/n?id=5"),
    ("https://example.org/n?id=5&PHPSESSID=3f2a9", "https://example.org/n?id=5"),
    ("https://example.org/n?id=5&sid=0123456789abcdef0123", "https://example.org/n?id=5"),
    ("https://example.org/n.cfm?id=5&CFID=1&CFTOKEN=2", "https://example.org/n.cfm?id=5"),
    ("https://example.org/n.do;jsessionid=0A1B?id=5", "https://example.org/n.do?id=5"),
    ("https://example.org/(S(abc123))/n.aspx?id=5", "https://example.org/n.aspx?id=5"),
    ("https://amp.example.org/n/1", "https://m.example.org/n/1"),
    ("https://en.m.example.org/n/1", "https://en.example.org/n/1"),
    ("https://example.org/news/story-of-17/amp/", "https://example.org/news/story-of-17"),
    ("https://example.org/n/1.amp.html", "https://example.org/n/1.html"),
    ("https://example.org/n/1?outputType=amp", "https://example.org/n/1?print=1"),
    ("https://example.org/n/1?replytocom=8", "https://example.org/n/1?share=mail"),
    (
        "https://search.example/url?q=https%3A%2F%2Fexample.org%2Fn%2F1&x=2",
        "https://example.org/n/1",
    ),
    (
        "https://archive.example/web/20180101000000/http://example.org/n/1",
        "https://example.org/n/1",
    ),
    ("https://search.example/amp/s/example.org/n/1", "https://example.org/n/1"),
    ("https://archive.example/web/2018/" * 9 + "http://example.org/n/1", "https://example.org/n/1"),
    (
        "https://out.example/x?via=http&to=https%3A%2F%2Fexample.org%2Fn%2F1",
        "https://example.org/n/1",
    ),
    (
        "https://example.org/2018/01/the-mine-is-open-again?fromid=facebook",
        "https://example.org/2018/01/the-mine-is-open-again",
    ),
    (
        "https://example.org/2018/01/the-mine-is-open-again?hpt=top_mid",
        "https://example.org/2018/01/the-mine-is-open-again",
    ),
]
DIFFERENT = [
    ("https://example.org/n?id=1", "https://example.org/n?id=2"),
    ("https://example.org/n?id=1", "https://example.org/n"),
    ("https://example.org/n?ref=2018-11", "https://example.org/n?ref=2018-12"),
    ("https://example.org/n?session=4", "https://example.org/n?session=5"),
    ("https://example.org/n?medium=film", "https://example.org/n?medium=foto"),
    ("https://example.org/n?share=12", "https://example.org/n?share=13"),
    ("https://example.org/n?olympics=1", "https://example.org/n?olympics=2"),
    ("https://m.co.uk/n/1", "https://co.uk/n/1"),
    ("https://example.org/n?cid=101", "https://example.org/n?cid=102"),
    ("https://example.org/the-mine-is-open-again?page=2", "https://example.org/the-mine-is-open-again"),
    ("https://example.org/the-mine-is-open-again?lang=es", "https://example.org/the-mine-is-open-again?lang=en"),
    ("https://example.org/news_of_the_day.asp?story=peru", "https://example.org/news_of_the_day.asp?story=chile"),
    ("https://example.org/#!/news/1", "https://example.org/#!/news/2"),
    ("https://example.org/a%2Fb", "https://example.org/a/b"),
    ("https://example.org/a%3Fb", "https://example.org/a?b"),
    ("https://example.org/AbC", "https://example.org/abc"),
    ("https://example.org/n?ID=1&id=2", "https://example.org/n?ID=2&id=1"),
    ("https://example.org:8080/n", "https://example.org/n"),
    ("https://news.example.org/n", "https://blog.example.org/n"),
    ("https://m.example/n", "https://n.example/n"),
    ("https://example.org/amp", "https://example.org/"),
    ("https://example.org/guitars/amp", "https://example.org/guitars"),
    ("https://example.org/n/1.mp3", "https://example.org/n/1"),
    ("https://out.example/x?story=http-1", "https://out.example/x?story=http-2"),
    ("https://example.org/the-mine-is-open-again?crewid=alpha", "https://example.org/the-mine-is-open-again?crewid=beta"),
    ("https://archive.example/web/2018/http://example.org/n/9", "https://archive.example/web/2018/http://example.org/n/8"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_of_one_address_have_one_key(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_articles_never_have_one_key(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_what_a_site_was_seen_to_ignore_is_ignored() -> None:
    url = "https://example.org/n?id=5&box=left"

    assert canonical(url, noise={"box"}) == "https://example.org/n?id=5"


def test_what_a_site_was_seen_to_mean_counts_whatever_it_is_called() -> None:
    first, second = (f"https://example.org/n?utm_id={n}" for n in (1, 2))

    assert canonical(first) == canonical(second)
    assert canonical(first, identity={"utm_id"}) != canonical(second, identity={"utm_id"})


@pytest.mark.parametrize(
    "url", ["", "mailto:ana@example.org", "http://[::1", "http://a:99999/", "/n"]
)
def test_what_is_no_address_comes_back_as_it_is(url: str) -> None:
    assert canonical(url) == url


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/2018/01/the-mine-is-open-again", True),
        ("/2018/01/12/peru/", True),
        ("/html/2023098947_minetext.html", True),
        ("/news/latest", False),
        ("/news_of_the_day.asp", False),
    ],
)
def test_a_path_of_words_names_its_article_by_itself(path: str, names: bool) -> None:  # noqa: FBT001
    assert names_article(path) is names


PARTS = st.text(alphabet="abmp0129._-~%/;:?&=#!()+ amp utm_é&", max_size=40)
URLS = st.builds(
    "{}{}/{}".format,
    st.sampled_from(["http://", "https://", "HTTP://www.", "https://m.", "https://amp.m."]),
    st.sampled_from(
        ["example.org", "Example.org:80", "a.b.example:8080", "www.example", "m.co.uk"]
    ),
    PARTS,
)


@given(URLS)
def test_the_key_of_a_key_is_that_key(url: str) -> None:
    key = canonical(url)

    assert canonical(key) == key


WRAPPINGS = st.lists(
    st.sampled_from(["/", "?u=", "http://", "/web/2018/", "a.example.org"])
    | st.sampled_from(
        [
            "/url",
            "/ur%6C",
            "/amp",
            "/c/s",
            "/index.html",
            ".amp",
            "/a-b-c",
            "&http=",
            "%68ttp://",
            "https:/",
            "#!",
        ]
    )
    | st.sampled_from(
        ["/.", "/..", "/%2E%2E", ";jsession=1", "%3Bsess=1", "/(S(x))", "/%28S(x))", "/print"]
    ),
    max_size=12,
).map("".join)


@given(WRAPPINGS)
@example("//web/2018/http://a.example.org/n")
@example("/ur%6C?u=http://a.example.org/n")
def test_the_key_of_what_wraps_an_address_is_the_key_of_that_key(path: str) -> None:
    key = canonical(f"http://archive.example{path}")

    assert canonical(key) == key


PLAIN = st.from_regex(
    r"\Ahttps?://[a-z0-9-]{1,5}(\.[a-z0-9-]{1,5}){1,2}(:[0-9]{1,5})?(/[\w.~-]{0,8}){0,3}\Z",
).filter(str.isascii)


@given(URLS | PLAIN)
def test_a_plain_address_has_the_key_that_the_careful_way_gives(url: str) -> None:
    assert canonical(url) == canonical(url, noise={"a parameter no address here has"})


@given(st.text(max_size=60))
def test_no_text_is_too_strange(text: str) -> None:
    canonical(text)
    canonical("https://" + text)
