"""A page without items is named for what it is, with the next step."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.core.extract.page import extract
from aggregator.model import (
    Diagnosis,
    Extraction,
    Fetched,
    Hints,
    Kind,
    Rule,
    Selectors,
    Trouble,
)
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
    "a wall that asks to press a button": (
        Trouble.BLOCKED,
        "<title>Example</title><body><h1>One moment</h1><p>Press &amp; Hold to confirm you are a human"
        " (and not a bot).</p></body>",
    ),
    "a wall of script alone": (
        Trouble.BLOCKED,
        "<body><script>window.gokuProps = {key: 1};</script><script src='/x/challenge.js'></script></body>",
    ),
    "a wall that speaks to those without scripts": (
        Trouble.BLOCKED,
        "<body><script src='/c.js'></script><noscript>We need to verify that you're not a robot."
        " This requires JavaScript.</noscript></body>",
    ),
    "a wall with headings": (
        Trouble.BLOCKED,
        "<title>Attention Required!</title><body><h1>Sorry, you have been blocked</h1><h2>Why have I been"
        " blocked?</h2><p>This website uses a security service.</p><h2>What can I do to resolve this?</h2>"
        "<p>You can mail the owner of the site and say what you did.</p></body>",
    ),
    "a wall against a country": (
        Trouble.BLOCKED,
        "<title>451</title><body><h1>451: Unavailable due to legal reasons</h1></body>",
    ),
    "a word to members": (
        Trouble.LOGIN,
        "<title>Members</title><body><p>You must be logged in to view this page.</p></body>",
    ),
    "a shell that shows a spinner": (
        Trouble.NEEDS_BROWSER,
        "<title>News</title><body><div class='spin'>Loading…</div><script src='/b.js'></script>"
        "<noscript><iframe src='https://www.googletagmanager.com/ns.html'></iframe></noscript></body>",
    ),
    "a server in trouble": (
        Trouble.UNAVAILABLE,
        "<title>502 Bad Gateway</title><body><center><h1>502 Bad Gateway</h1></center></body>",
    ),
    "a program in trouble": (
        Trouble.UNAVAILABLE,
        "<body><b>Fatal error</b>: Uncaught Error: Call to undefined function x() in /var/www/n.php</body>",
    ),
    "a site that is being mended": (
        Trouble.UNAVAILABLE,
        "<title>Example</title><body><h1>Wartungsarbeiten</h1><p>Wir sind bald wieder da.</p></body>",
    ),
    "a parked domain": (
        Trouble.NO_SITE,
        "<title>example.org</title><body><p>This domain is for sale!</p><ul><li><a href='/1'>Cars</a></li>"
        "<li><a href='/2'>Loans</a></li></ul></body>",
    ),
    "a server that was just set up": (
        Trouble.NO_SITE,
        "<title>Welcome to nginx!</title><body><h1>Welcome to nginx!</h1><p>It works.</p></body>",
    ),
    "a question about cookies": (
        Trouble.CONSENT,
        "<title>Before you continue</title><body><h1>Before you continue to Example</h1><form>"
        "<button>Reject all</button><button>Accept all</button></form></body>",
    ),
    "an error page in Korean": (
        Trouble.SOFT_404,
        "<title>오류</title><body><h1>페이지를 찾을 수 없습니다</h1></body>",
    ),
    "an empty list in Arabic": (
        Trouble.EMPTY_LIST,
        "<title>أخبار</title><body><h1>الأخبار</h1><p>لا توجد نتائج</p></body>",
    ),
    "nothing": (Trouble.NOT_A_LIST, "<html></html>"),
}


def read_page(body: str, rule: Rule | None = None) -> Extraction:
    page = Fetched(url="https://example.org/news", body=body.encode(), at=NOW)
    return extract(page, rule or Rule(), Hints(now=NOW))


def diagnosis(body: str, rule: Rule | None = None) -> Diagnosis | None:
    found = read_page(body, rule)
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

    is_this_page = trouble in {Trouble.EMPTY_LIST, Trouble.NOT_A_LIST}
    assert found is not None
    assert found.trouble is (Trouble.NOTHING_MATCHES if is_this_page else trouble)


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


@pytest.mark.parametrize(
    ("body", "address"),
    [
        ("<meta http-equiv='Refresh' content=\"0; URL='/en/news/'\">", "/en/news/"),
        ("<script>window.location.href = '/home.aspx';</script>", "/home.aspx"),
        (
            "<frameset><frame src='top.htm' name='top'><frame src='list.htm' name='main'></frameset>",
            "/list.htm",
        ),
        ("<h1>Agendas</h1><iframe src='/viewer?id=2'></iframe>", "/viewer?id=2"),
    ],
)
def test_a_page_that_only_leads_elsewhere_says_where(body: str, address: str) -> None:
    found = read_page(f"<html>{body}</html>").diagnosis

    assert found is not None
    assert found.trouble is Trouble.ELSEWHERE
    assert found.next_step.endswith(f"https://example.org{address}")


@pytest.mark.parametrize(
    "body",
    [
        "<iframe src='https://www.youtube.com/embed/1'></iframe>",
        "<iframe src='mailto:a@example.org'></iframe>",
        "<meta http-equiv='refresh' content='300'>",
        f"<p>{'Many words. ' * 60}</p><iframe src='/map'></iframe>",
    ],
)
def test_a_frame_or_refresh_beside_a_page_leads_nowhere(body: str) -> None:
    found = read_page(f"<html><body>{body}</body></html>").diagnosis

    assert found is not None
    assert found.trouble is Trouble.NOT_A_LIST


def test_the_headings_of_a_wall_are_dropped_with_a_word() -> None:
    found = read_page(PAGES["a wall with headings"][1])

    assert found.items == ()
    assert {one.reason for one in found.dropped} == {"it stands on a wall"}


def test_a_list_about_walls_is_a_list() -> None:
    items = "".join(
        f"<article><h2><a href='/a/{n}'>Access denied to the harbor {n}</a></h2></article>"
        for n in range(3)
    )
    notices = "".join(
        f"<div><h2>Notice {n}</h2><p>{'Words and words. ' * 9}</p></div>" for n in range(3)
    )

    assert len(read_page(f"<title>Captcha news</title>{items}").items) == 3
    assert len(read_page(f"<title>Notices</title>{notices}").items) == 3
