"""Sitemaps, news sitemaps and indexes of sitemaps."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.extract.selectors import MAX_ITEMS
from aggregator.core.extract.sitemaps import read_sitemap, title_of_address
from aggregator.model import Extraction, Item, Kind, Trouble

URL = "http://example.org/sitemap.xml"


def urlset(*pages: str) -> str:
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
        'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
        + "".join(f"<url>{page}</url>" for page in pages)
        + "</urlset>"
    )


def index(*sitemaps: str) -> str:
    inner = "".join(f"<sitemap>{sitemap}</sitemap>" for sitemap in sitemaps)
    return (
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</sitemapindex>'
    )


def read(sitemap: str | bytes) -> Extraction:
    body = sitemap if isinstance(sitemap, bytes) else sitemap.encode()
    return read_sitemap(body, base_url=URL)


def test_a_page_of_a_news_sitemap_is_read_whole() -> None:
    found = read(
        urlset(
            "<loc> http://example.org/n/17.html </loc><lastmod>2026-01-03</lastmod>"
            "<news:news><news:publication><news:name>X</news:name></news:publication>"
            "<news:publication_date>2026-01-02T10:00+01:00</news:publication_date>"
            "<news:title>Tom &amp; Jerry</news:title><news:keywords>mining, Perú,,</news:keywords>"
            "</news:news><image:image><image:loc>/i.jpg</image:loc></image:image>"
        )
    )

    assert found.kind is Kind.SITEMAP
    assert found.items == (
        Item(
            title="Tom & Jerry",
            link="http://example.org/n/17.html",
            published="2026-01-02T10:00+01:00",
            updated="2026-01-03",
            categories=("mining", "Perú"),
            image="http://example.org/i.jpg",
        ),
    )


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/2026/03/las-bambas-talks-resume.html", "Las bambas talks resume"),
        ("/news/di%C3%A1logo_nacional", "Diálogo nacional"),
        ("/news/20260301-talks-resume/", "Talks resume"),
        ("/news/talks-resume-1234567.aspx", "Talks resume"),
        ("/news/talks/1234567", "Talks"),
        ("/about/index.html", "About"),
        ("/%FF", ""),
        ("/12345", ""),
        ("", ""),
    ],
)
def test_a_title_is_made_of_the_address(path: str, title: str) -> None:
    assert title_of_address(f"http://example.org{path}") == title


def test_an_address_that_is_none_has_no_title() -> None:
    assert title_of_address("http://[bad") == ""


def test_the_pages_changed_last_come_first() -> None:
    found = read(
        urlset(
            "<loc>/a</loc><lastmod>2024-01-01</lastmod>",
            "<loc>/b</loc>",
            "<loc>/c</loc><lastmod>2026-01-01T00:00:00Z</lastmod>",
        )
    )

    assert [item.link[-1] for item in found.items] == ["c", "a", "b"]


def test_a_time_that_all_pages_share_is_no_date_of_theirs() -> None:
    same = "<loc>/{}</loc><lastmod>2026-01-01</lastmod>"
    pages = [same.format(number) for number in range(6)]
    found = read(urlset(*pages, "<loc>/own</loc><lastmod>2026-02-02</lastmod>"))

    assert [item.published for item in found.items] == ["2026-02-02"] + [""] * 6


def test_a_huge_sitemap_gives_its_newest_pages() -> None:
    pages = [f"<loc>/{n}</loc><lastmod>{1000 + n}-01-01</lastmod>" for n in range(MAX_ITEMS + 3)]
    found = read(urlset(*pages))

    assert len(found.items) == MAX_ITEMS
    assert found.items[0].link == f"http://example.org/{MAX_ITEMS + 2}"
    assert found.dropped[0].text == "3 more"


def test_an_index_leads_to_its_newest_child_news_first() -> None:
    found = read(
        index(
            "<loc>/pages-1.xml</loc><lastmod>2026-01-01</lastmod>",
            "<loc>/pages-2.xml</loc><lastmod>2026-02-01</lastmod>",
            "<loc>/news.xml</loc>",
            "<loc/>",
        )
    )

    assert found.next_url == "http://example.org/news.xml"
    assert found.feeds == tuple(
        f"http://example.org/{name}.xml" for name in ("news", "pages-2", "pages-1")
    )
    assert found.diagnosis is not None
    assert found.diagnosis.trouble is Trouble.NOT_A_LIST


def test_lists_of_categories_and_the_like_come_last() -> None:
    names = ("category-sitemap", "post_tag-sitemap", "author-sitemap2", "post-sitemap", "stages")
    found = read(index(*(f"<loc>/{name}.xml</loc>" for name in names)))

    assert [url.rpartition("/")[2] for url in found.feeds[:2]] == ["stages.xml", "post-sitemap.xml"]


def test_a_gzip_file_is_unpacked() -> None:
    assert len(read(gzip.compress(urlset("<loc>/a</loc>").encode())).items) == 1


def test_a_sitemap_that_is_cut_off_gives_its_whole_pages() -> None:
    found = read(urlset("<loc>/a</loc>", "<loc>/bbbb</loc>")[:-25])

    assert [item.link for item in found.items] == ["http://example.org/a"]
    assert len(found.warnings) == len(found.dropped) == 1


@pytest.mark.parametrize(
    ("sitemap", "trouble"),
    [
        (urlset(), Trouble.EMPTY_LIST),
        ("<urlset><x>", Trouble.BROKEN_FEED),
        ("", Trouble.BROKEN_FEED),
    ],
)
def test_a_sitemap_without_pages_says_why(sitemap: str, trouble: Trouble) -> None:
    diagnosis = read(sitemap).diagnosis

    assert diagnosis is not None
    assert diagnosis.trouble is trouble


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(body: bytes) -> None:
    found = read(b"<urlset><url><loc>" + body)

    assert found.items or found.diagnosis


@given(st.text(max_size=100))
def test_no_address_crashes_the_title(url: str) -> None:
    title_of_address(url)


def test_a_page_without_an_address_of_the_web_is_left_out_and_counted() -> None:
    found = read(
        urlset("<loc>javascript:alert(1)</loc>", "<loc>/a</loc>", "<loc>file:///etc/passwd</loc>")
    )

    assert [item.link for item in found.items] == ["http://example.org/a"]
    assert [one.text for one in found.dropped] == ["2 more"]
