"""A folder of feeds explains itself."""

from __future__ import annotations

import html5lib
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.site import ListedFeed, render_index

FEEDS = (
    ListedFeed(title="All", path="all"),
    ListedFeed(title="Las <Bambas>", path="las-bambas", description="A & b", group="Topics"),
    ListedFeed(title="PSG", path="sources/psg", group="Sources"),
)


def hrefs(page: bytes, tag: str) -> list[str]:
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page.decode())
    return [element.get("href") for element in document.iter(tag)]


def test_every_feed_is_found_by_readers_and_by_people() -> None:
    page = render_index("Peru & co", FEEDS, suffixes=("json", "atom"))

    feeds = [
        "all.atom",
        "all.json",
        "las-bambas.atom",
        "las-bambas.json",
        "sources/psg.atom",
        "sources/psg.json",
    ]
    assert hrefs(page, "link") == feeds
    assert hrefs(page, "a") == [*feeds, "feeds.opml"]


def test_groups_have_a_name_and_text_is_escaped() -> None:
    page = render_index("Peru & co", FEEDS, suffixes=("atom",), language="es").decode()

    assert '<html lang="es">' in page
    assert "<h1>Peru &amp; co</h1>\n<ul>\n<li>All <a" in page
    assert "<h2>Topics</h2>" in page
    assert "<li>Las &lt;Bambas&gt; <a" in page
    assert "<small>A &amp; b</small>" in page


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1
)


@given(TEXT, TEXT, TEXT)
def test_no_title_breaks_the_page(title: str, path: str, description: str) -> None:
    feed = ListedFeed(title=title, path=path, description=description, group=title)

    page = render_index(title, [feed], suffixes=("atom",))

    assert len(hrefs(page, "a")) == 2
