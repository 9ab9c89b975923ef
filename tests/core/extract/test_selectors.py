import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from aggregator.core.extract.selectors import (
    MAX_ITEMS,
    Selector,
    base_of,
    check_selectors,
    parse_selector,
    select_items,
)
from aggregator.errors import SelectorError
from aggregator.model import Extraction, Item, Selectors, Trouble

BASE = "http://example.org/news.php"
RULE = Selectors(
    items="ul.news > li", title="h3", link="h3 a::attr(href)", date=".date", summary="p"
)


def extract(html: str, rule: Selectors = RULE) -> Extraction:
    tree = LexborHTMLParser(html)
    return select_items(tree, rule, base_url=base_of(tree, url=BASE))


def only(html: str, rule: Selectors = RULE) -> Item:
    (item,) = extract(html, rule).items
    return item


def test_an_item_is_taken_word_for_word() -> None:
    html = """<ul class=news><li><h3><a href="/n/1">Well <b>dug</b> at last</a></h3>
    <div class=date>Bulletin 4. 31 March 2007</div><p>First.</p><p>Second<br>line.</p></li></ul>"""

    item = only(html)

    assert item.title == "Well dug at last"
    assert item.link == "http://example.org/n/1"
    assert item.date_text == "Bulletin 4. 31 March 2007"
    assert item.summary == "First.\n\nSecond line."


def test_side_boxes_outside_the_list_are_not_items() -> None:
    html = "<ul class=news><li><h3>News</h3></li></ul><ul><li><h3>Our aims</h3></li></ul>"

    assert [item.title for item in extract(html).items] == ["News"]


def test_an_item_without_a_link_or_a_title_is_kept() -> None:
    html = "<ul class=news><li><div class=date>16 October 2014</div><p>11am, in the hall.</p></li></ul>"

    item = only(html)

    assert (item.title, item.link) == ("", "")
    assert item.summary == "11am, in the hall."


@pytest.mark.parametrize("link", ["<a>T</a>", "<a href>T</a>", "<a href='http://[x/'>T</a>", "T"])
def test_a_link_without_an_address_leads_nowhere(link: str) -> None:
    assert only(f"<ul class=news><li><h3>{link}</h3></li></ul>").link == ""


def test_relative_links_follow_the_base_of_the_page() -> None:
    html = "<base href='/deep/'><ul class=news><li><h3><a href='x'>T</a></h3></li></ul>"

    assert only(html).link == "http://example.org/deep/x"


def test_a_base_that_is_no_address_is_ignored() -> None:
    assert base_of(LexborHTMLParser("<base href='http://[x/'>"), url=BASE) == BASE


@pytest.mark.parametrize(
    "html",
    [
        "<ul class=news><li><a href='/n'><h3>Title</h3></a></li></ul>",
        "<ul class=news><li><h3>Title</h3><a href='/n'>more</a></li></ul>",
        "<a href='/n'><ul class=news><li><h3>Title</h3></li></ul></a>",
    ],
)
def test_the_link_is_found_in_or_around_the_item(html: str) -> None:
    assert only(html, Selectors(items="ul.news > li")).link == "http://example.org/n"


def test_what_a_rule_leaves_out_is_found() -> None:
    html = "<article><a href='/n'>Title</a><time datetime='2018-01-22'>yesterday</time></article>"

    item = only(html, Selectors(items="article"))

    assert (item.title, item.link) == ("Title", "http://example.org/n")
    assert (item.date_text, item.published) == ("yesterday", "2018-01-22")


def test_attributes_can_be_asked_for() -> None:
    html = """<article data-t="Title"><img src=/i.png><time datetime="2018-01-22T10:00Z">then</time>
    <i>Ana</i><i>Eva</i><b>water</b><div class=c><p>Long <em>text</em></p></div></article>"""
    rule = Selectors(
        items="article",
        title="::attr(data-t)",
        date="time::attr(datetime)",
        author="i",
        image="img",
        categories="b::text",
        content=".c",
        summary="p::attr(title)",
    )

    item = only(html, rule)

    assert item.title == "Title"
    assert (item.published, item.date_text) == ("2018-01-22T10:00Z", "then")
    assert item.authors == ("Ana", "Eva")
    assert item.categories == ("water",)
    assert item.image == "http://example.org/i.png"
    assert item.content == "<p>Long <em>text</em></p>"
    assert item.summary == ""


def test_a_summary_of_all_paragraphs_does_not_say_title_and_date_again() -> None:
    html = "<article><p class=t>Title</p><p class=d>1 May 2019</p><p>Text</p></article>"
    rule = Selectors(items="article", title=".t", date=".d", summary="p")

    assert only(html, rule).summary == "Text"


def test_the_next_page_is_where_the_rule_says() -> None:
    html = "<article>A</article><a class=older href='?position=10'>Older</a>"

    assert (
        extract(html, Selectors(items="article", next="a.older")).next_url
        == "http://example.org/news.php?position=10"
    )
    assert extract(html, Selectors(items="article", next="a.newer")).next_url is None


def test_a_rule_that_matches_nothing_says_so() -> None:
    found = extract("<p>redesigned</p>")

    assert found.items == ()
    assert found.diagnosis is not None
    assert found.diagnosis.trouble is Trouble.NOTHING_MATCHES
    assert "ul.news > li" in found.diagnosis.detail


def test_empty_elements_are_dropped_with_a_reason() -> None:
    found = extract("<ul class=news><li></li><li><h3>Title</h3></li></ul>")

    assert len(found.items) == 1
    assert [dropped.reason for dropped in found.dropped] == ["the item has no title, link or text"]
    assert extract("<ul class=news><li></li></ul>").diagnosis is not None


def test_a_page_holds_at_most_a_thousand_items() -> None:
    found = extract("<ul class=news>" + "<li><h3>T</h3></li>" * (MAX_ITEMS + 5) + "</ul>")

    assert len(found.items) == MAX_ITEMS
    assert found.dropped[0].text == "5 more"


def test_a_link_that_cannot_be_joined_is_no_link() -> None:
    assert only("<ul class=news><li><h3><a href='http://[x'>T</a></h3></li></ul>").link == ""


def test_a_link_selector_that_finds_nothing_gives_no_link() -> None:
    assert only("<ul class=news><li><h3>T</h3><a href=/x>y</a></li></ul>").link == ""


def test_selectors_are_taken_apart() -> None:
    assert parse_selector("h3 a::attr( href )") == Selector(css="h3 a", attribute="href")
    assert parse_selector("h3::text") == Selector(css="h3")


def test_every_wrong_selector_is_told() -> None:
    wrong = check_selectors(Selectors(items="li[", title="h3", link="a:::x"))

    assert [field for field, _ in wrong] == ["items", "link"]
    with pytest.raises(SelectorError, match="not a CSS selector"):
        parse_selector("")


@given(st.text(max_size=200))
def test_no_page_crashes_it(html: str) -> None:
    assert extract(html, Selectors(items="*")) is not None


def test_a_summary_of_text_alone_is_what_stands_beside_all_elements() -> None:
    html = "<p class=n><b>3 May 2018</b> <a href=/1>The title</a><br>Loose <i>or</i> words.</p>"
    rule = Selectors(items=".n", title="a", date="b", summary="::text")

    assert only(html, rule).summary == "Loose words."
