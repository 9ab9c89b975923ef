"""What outside HTML may and may not carry into our feeds."""

from __future__ import annotations

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.sanitize import MAX_CONTENT, sanitize, text_of

PAGE = "http://example.org/news/list.php"
REL = 'rel="noopener noreferrer"'

SAFE = [
    ("<p>plain</p>", "<p>plain</p>"),
    ("no tag & no harm", "no tag &amp; no harm"),
    ('<a href="2.html">two</a>', f'<a href="http://example.org/news/2.html" {REL}>two</a>'),
    ('<a href="mailto:a@example.org">m</a>', f'<a href="mailto:a@example.org" {REL}>m</a>'),
    (
        '<img src="/a.png" alt="a > b" onload="x()">',
        '<img src="http://example.org/a.png" alt="a &gt; b">',
    ),
    ("<p>not closed <b>at all", "<p>not closed <b>at all</b></p>"),
    ("<center>old</center>", "old"),
    ("a\x0bb\x92&#11;&#1;c\ud800", "abc"),
]
GONE = [
    "<script>alert(1)</script>",
    "<style>p{}</style>",
    "<iframe src='http://example.org/'></iframe>",
    "<img src='javascript:alert(1)'>",
    "<img src='mailto:a@example.org'>",
    "<img src='data:image/png;base64,AAAA'>",
    "<img src='http://example.org/seen?by=you' width=1 height=1>",
    "<p> \n</p>",
    "<svg><td><td></svg>",
    "",
]


@pytest.mark.parametrize(("html", "safe"), SAFE)
def test_what_is_safe_stays_and_becomes_whole(html: str, safe: str) -> None:
    assert sanitize(html, base_url=PAGE) == safe


@pytest.mark.parametrize("html", GONE)
def test_what_shows_nothing_or_harms_is_gone(html: str) -> None:
    assert sanitize(html, base_url=PAGE) == ""


@pytest.mark.parametrize(
    "html",
    [
        '<a href="javascript:alert(1)">x</a>',
        '<a href="java\nscript:alert(1)">x</a>',
        '<a href=" &#14; vbscript:x">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<a href="file:///etc/passwd">x</a>',
        '<p onmouseover="x()" style="position:fixed" class="c" id="i">x</p>',
        '<form action="/f"><input name="q">x</form>',
        '<math><mtext><table><mglyph><style><img src=x onerror="x()">x',
    ],
)
def test_only_the_words_of_a_trap_remain(html: str) -> None:
    safe = sanitize(html, base_url=PAGE)

    assert not {"href", "on", "style", "class", "id", "action"} & _attributes(safe)


def test_long_content_is_cut_and_closed() -> None:
    html = "<div><p>" + "many words " * 20_000

    safe = sanitize(html, base_url=PAGE)

    assert len(safe) <= MAX_CONTENT + 100
    assert safe.endswith("…</p></div>")


def test_a_cut_never_halves_a_tag_or_a_reference() -> None:
    tags = sanitize('<a href="/a">x</a>' * 40_000, base_url=PAGE)
    references = sanitize("&amp;" * 200_000, base_url=PAGE)

    assert tags.endswith("</a>…")
    assert references.endswith("&amp;…")


@pytest.mark.parametrize("tag", ["div", "blockquote", "b", "table", "svg", "font size=1"])
def test_a_nesting_bomb_becomes_plain_paragraphs(tag: str) -> None:
    html = f"<{tag}>" * 20_000 + "the text<p>and more"

    safe, text = sanitize(html, base_url=PAGE), text_of(html)

    assert safe == "<p>the text</p><p>and more</p>"
    assert text == "the text\n\nand more"


def test_a_long_honest_table_is_no_bomb() -> None:
    html = "<table>" + "<tr><td><a href='/a'>x</a></td></tr>" * 1_000 + "</table>"

    safe = sanitize(html, base_url=PAGE)

    assert safe.count("<a ") > 500


def test_end_tags_that_end_nothing_are_no_bomb_either() -> None:
    html = "</div>" * 1_000 + "<b>x</b>"

    assert sanitize(html, base_url=PAGE) == "<b>x</b>"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("one\n\ntwo &amp; three", "one\n\ntwo & three"),
        ("<p>one\n\nstill one</p><p>two</p>", "one still one\n\ntwo"),
        ("one<br>line<br><br>two", "one line\n\ntwo"),
        ("<b>bo</b>ld", "bold"),
        ("<tr><td>a</td><td>b</td></tr>", "ab"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<ul><li>one<li>two</ul>", "one\n\ntwo"),
        ("a<script>var x = '<p>';</script>b", "ab"),
        ("&amp;lt;b&amp;gt; 1 < 2", "&lt;b&gt; 1 < 2"),
        ("<p>&#11;&nbsp;</p>", ""),
    ],
)
def test_text_is_what_a_person_would_read(html: str, text: str) -> None:
    assert text_of(html) == text


MARKUP = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<b>",
                "</b>",
                "<div>",
                "<table>",
                "<tr>",
                "<td>",
                "<a/href=x>",
                "<svg>",
                "<style>",
                "<!--",
                "-->",
                "]]>",
                "<math>",
                "<title>",
                "<script>",
                "</script>",
                "<img/src=y>",
                "<img/onerror=z>",
                "&lt;",
                "&#0;",
                "&#",
                "<",
            ]
        ),
    ),
    max_size=30,
).map("".join)


@given(MARKUP)
def test_no_html_gets_anything_unsafe_through(html: str) -> None:
    safe = sanitize(html, base_url=PAGE)

    assert not _tags(safe) & {"script", "style", "svg", "math", "title", "iframe", "form"}
    assert _attributes(safe) <= {"href", "src", "rel"}


@given(MARKUP)
def test_the_text_of_safe_html_is_clean(html: str) -> None:
    text = text_of(sanitize(html, base_url=PAGE))

    assert text == text_of(text.replace("&", "&amp;").replace("<", "&lt;"))


@given(st.text())
def test_no_text_crashes_it(text: str) -> None:
    sanitize(text, base_url=PAGE)
    text_of(text)


def _elements(html: str) -> list[tuple[str, set[str]]]:
    fragment = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    return [(str(element.tag), set(element.attrib)) for element in fragment.iter()]


def _tags(html: str) -> set[str]:
    return {tag for tag, _ in _elements(html)}


def _attributes(html: str) -> set[str]:
    return {name for _, names in _elements(html) for name in names}
