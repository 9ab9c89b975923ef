"""A page without items is named for what it is, with the next step."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.core.extract.page import extract
from aggregator.model import Diagnosis, Fetched, Hints, Kind, Rule, Selectors, Trouble
from tests.core.extract.shapes import AROUND, english, page_around

NOW = datetime(2018, 2, 1, 12, 0, tzinfo=UTC)

PAGES = {
    "a wall": (
        Trouble.BLOCKED,
        "<title>Just a moment...</title><body><h1>www.example.org</h1><p>Verifying you are human.</p>"
        "<script src='/cdn-cgi/challenge-platform/x.js'></script></body>",
    ),
    "a captcha": (
        Trouble.BLOCKED,
        "<title>Example</title><body><form><div class='g-recaptcha'></div><button>Go on</button></form></body>",
    ),
    "a Chinese wall": (
        Trouble.BLOCKED,
        "<title>安全验证</title><body><p>请完成安全验证</p></body>",
    ),
    "a log-in": (
        Trouble.LOGIN,
        "<title>Anmelden</title><body><form><input name=u><input type=password name=p></form></body>",
    ),
    "a shell": (
        Trouble.NEEDS_BROWSER,
        "<title>News</title><body><div id='root'></div><script src='/main.js'></script></body>",
    ),
    "a shell that says so": (
        Trouble.NEEDS_BROWSER,
        "<title>News</title><body><noscript>You need to enable JavaScript to run this app.</noscript>"
        "<div class='x'></div><script>go()</script></body>",
    ),
    "an error page": (
        Trouble.SOFT_404,
        "<title>Page not found - Example</title><body><h1>Oops</h1><p>Try the search.</p></body>",
    ),
    "an error page in Spanish": (
        Trouble.SOFT_404,
        "<title>Ejemplo</title><body><h1>Página no encontrada</h1></body>",
    ),
    "an empty list": (
        Trouble.EMPTY_LIST,
        "<title>News</title><body><h1>News</h1><p>There are no news items yet.</p></body>",
    ),
    "an empty list in Chinese": (
        Trouble.EMPTY_LIST,
        "<title>新闻</title><body><p>暂无数据</p></body>",
    ),
    "an empty list without a word": (
        Trouble.EMPTY_LIST,
        "<title>News</title><body><h1>News</h1><ul class='news'></ul></body>",
    ),
    "an article": (
        Trouble.NOT_A_LIST,
        "<title>A story</title><body><h1>A story</h1><p>It happened in May, and it went on.</p></body>",
    ),
    "an article beside a form to log in": (
        Trouble.NOT_A_LIST,
        "<title>A story</title><body><form><input type=password name=p></form><h1>A story</h1><p>"
        + "It happened in May, and it went on. " * 60
        + "</p></body>",
    ),
    "a few words and a script that is no shell": (
        Trouble.NOT_A_LIST,
        "<title>A story</title><body><p>It happened in May.</p><script>count()</script></body>",
    ),
    "nothing": (Trouble.NOT_A_LIST, "<html></html>"),
}


def diagnosis(body: str, rule: Rule | None = None) -> Diagnosis | None:
    page = Fetched(url="https://example.org/news", body=body.encode(), at=NOW)
    found = extract(page, rule or Rule(), Hints(now=NOW))
    assert found.items == ()
    return found.diagnosis


@pytest.mark.parametrize("name", PAGES)
def test_a_page_without_items_is_named(name: str) -> None:
    trouble, body = PAGES[name]

    found = diagnosis(body)

    assert found is not None
    assert found.trouble is trouble
    assert found.detail
    assert found.next_step


@pytest.mark.parametrize("name", PAGES)
def test_selectors_are_to_blame_only_where_the_page_is_no_other(name: str) -> None:
    trouble, body = PAGES[name]

    found = diagnosis(body, Rule(selectors=Selectors(items="li.story")))

    walls = {Trouble.BLOCKED, Trouble.LOGIN, Trouble.NEEDS_BROWSER, Trouble.SOFT_404}
    assert found is not None
    assert found.trouble is (trouble if trouble in walls else Trouble.NOTHING_MATCHES)


@pytest.mark.parametrize("around", AROUND)
def test_menus_and_boxes_around_an_empty_list_are_no_items(around: str) -> None:
    body = page_around("<p>No results found.</p>", around, english(5, seed=5))

    found = diagnosis(body)

    assert found is not None
    assert found.trouble is Trouble.EMPTY_LIST


def test_what_an_empty_list_says_is_quoted_in_whole_words() -> None:
    found = diagnosis("<body><h1>Court notices</h1><p>There are no notices at this time.</p>Legal")

    assert found is not None
    assert found.detail == "the page says 'There are no notices at this time.'"


@pytest.mark.parametrize("around", AROUND)
def test_the_links_in_an_article_are_no_items(around: str) -> None:
    sentence = "People met in the square and talked until late, <a href='/n/{}'>as was told</a> before, about it."
    text = "".join(f"<p>{sentence.format(at)}</p>" for at in range(8))

    found = diagnosis(page_around(f"<article>{text}</article>", around, english(5, seed=5)))

    assert found is not None
    assert found.trouble is Trouble.NOT_A_LIST


@pytest.mark.parametrize(
    "body",
    [b"%PDF-1.4 %\xe2\xe3", b"\x89PNG\r\n\x1a\n", b"<?xml version='1.0'?><stock><shoe/></stock>"],
)
def test_what_is_neither_a_page_nor_a_feed_is_named_too(body: bytes) -> None:
    page = Fetched(url="https://example.org/news", body=body, at=NOW)

    found = extract(page, Rule(), Hints(now=NOW))

    assert found.kind is Kind.UNKNOWN
    assert found.diagnosis is not None
    assert found.diagnosis.trouble is Trouble.UNKNOWN_FORMAT
