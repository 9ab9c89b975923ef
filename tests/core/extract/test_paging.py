"""The next page of a list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from aggregator.core.extract.page_numbers import address_of, is_same_site
from aggregator.core.extract.paging import next_page

HERE = "http://example.org/news"


def following(markup: str, here: str = HERE) -> str | None:
    found = next_page(LexborHTMLParser(markup), base_url=here, current_url=here)
    return found.removeprefix("http://example.org") if found else None


def pager(*links: tuple[str, str]) -> str:
    inner = " ".join(f'<a href="{href}">{label}</a>' for href, label in links)
    return f'<div class="pagination">{inner}</div>'


@pytest.mark.parametrize(
    "markup",
    [
        '<link rel="next" href="/news?page=2">',
        '<a rel="nofollow next" href="/news?page=2">whatever</a>',
        '<a href="/news?page=2">Older posts</a>',
        '<a href="/news?page=2">« Entradas más antiguas</a>',
        '<a href="/news?page=2">Ältere Beiträge</a>',
        '<a href="/news?page=2">Page suivante »</a>',
        '<a href="/news?page=2">次のページ</a>',
        '<a href="/news?page=2">下一页</a>',
        '<a href="/news?page=2">Следующая страница</a>',
        '<a href="/news?page=2" aria-label="Next page"><i></i></a>',
        '<a href="/news?page=2"><img alt="Older" src="x"></a>',
        pager(("/news?page=2", "Next")),
        pager(("/news?page=2", "Siguiente ›")),
        pager(("/news?page=2", "»")),
        pager(("/news?page=9", "»"), ("/news?page=2", "›")),
        '<p><a href="/news?page=2">2</a> <a href="/news?page=3">3</a> <a href="/x">></a></p>',
        '<a href="/news?page=2">Even more of this</a>',
    ],
)
def test_the_next_page_is_found(markup: str) -> None:
    assert following(markup) == "/news?page=2"


@pytest.mark.parametrize(
    ("here", "hrefs", "expected"),
    [
        ("/news.php", ("?position=0", "?position=10", "?position=20"), "/news.php?position=10"),
        (
            "/news.php?position=10",
            ("?position=0", "?position=10", "?position=20"),
            "/news.php?position=20",
        ),
        ("/news.php?position=20", ("?position=0", "?position=10", "?position=20"), None),
        ("/blog/", ("/blog/", "/blog/page/2/", "/blog/page/3/"), "/blog/page/2/"),
        ("/blog/page/2/", ("/blog/", "/blog/page/2/", "/blog/page/3/"), "/blog/page/3/"),
        ("/news/", ("/news/", "/news/index_2.html", "/news/index_3.html"), "/news/index_2.html"),
        ("/news/index.html", ("/news/", "/news/index_2.html"), "/news/index_2.html"),
        ("/news/2", ("/news/1", "/news/2", "/news/3"), "/news/3"),
        ("/n?a=1&p=2&b=2", ("?b=2&a=1&p=1", "?b=2&a=1&p=2", "?b=2&a=1&p=3"), "/n?b=2&a=1&p=3"),
        ("/n?page=0", ("?page=0", "?page=1"), "/n?page=1"),
    ],
)
def test_a_numbered_pager_is_followed(
    here: str, hrefs: tuple[str, ...], expected: str | None
) -> None:
    links = "".join(f'<a href="{href}">{place + 1}</a>' for place, href in enumerate(hrefs))

    assert following(links, f"http://example.org{here}") == expected


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="/news">Older posts</a>',
        '<a href="http://www.example.org/news/">Older posts</a>',
        '<a href="#">Older posts</a>',
        '<a href="">Older posts</a>',
        '<a href="javascript:next()">Older posts</a>',
        '<a href="http://elsewhere.example/news?page=2">Older posts</a>',
        '<a href="http://[bad">Older posts</a>',
        '<a href="/story">Next: a long headline that begins with the word next and goes on</a>',
        '<a href="/story">Next</a>',
        '<nav><a href="/more">More</a> <a href="/a">A</a></nav>',
        '<div class="pagination"><a href="/news?page=1" class="prev">Previous</a></div>',
        '<a href="/2019">2019</a> <a href="/2018">2018</a>',
        '<a href="/news/2">12 comments</a> <a href="/other/2">2</a>',
        '<link rel="nextepisode" href="/news?page=2">',
        '<div rel="next">x</div>',
        "",
    ],
)
def test_what_is_no_next_page_is_left_alone(markup: str) -> None:
    assert following(markup) is None


def test_the_way_back_is_never_taken() -> None:
    here = "http://example.org/news?page=3"
    back = pager(("/news?page=2", "Older"), ("/news", "Next"), ("/news?page=2", "›"))

    assert following(back, here) is None
    assert following(back + pager(("/news?page=4", "Older")), here) == "/news?page=4"


def test_numbers_that_may_be_years_need_a_beginning() -> None:
    terms = '<a href="/term/23">23</a> <a href="/term/21">21</a>'

    assert following(terms, "http://example.org/term/22") is None


def test_a_jump_ahead_is_not_the_next_page() -> None:
    jumps = '<a href="/news?page=1">1</a> <a href="/news?page=10">10</a>'

    assert following(jumps, "http://example.org/news?page=3") is None


def test_a_menu_with_a_next_is_no_pager() -> None:
    links = "".join(f'<a href="/{n}">{n}</a>' for n in range(50))

    assert following(f'<div>{links}<a href="/x">Next</a></div>') is None


def test_a_pager_is_looked_for_only_so_far_up() -> None:
    deep = '<div class="pager">' + "<p><b><i><u><s>" + '<a href="/x">Next</a>'

    assert following(deep) is None
    assert following('<main class="pager"><a href="/x">Next</a></main>') is None


def test_a_button_back_in_a_pager_is_not_next() -> None:
    assert following('<a class="previous" href="/x">Next</a>') is None


def test_a_page_of_another_host_of_the_site_may_follow() -> None:
    link = '<a href="http://archive.example.org/2">Older posts</a>'

    assert following(link) == "http://archive.example.org/2"


def test_a_page_without_a_web_address_has_no_next() -> None:
    assert following('<a href="/news?page=2">Older</a>', "file:///tmp/x.html") is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://a.example.co.uk/", "https://www.example.co.uk/x", True),
        ("http://a.co.uk/", "http://b.co.uk/", False),
        ("http://10.0.0.1/", "http://10.0.0.2/", False),
        ("http://[::1]/", "http://[::1]:8080/", True),
        ("http://localhost/", "http://localhost:81/", True),
        ("http://[bad", "http://a/", False),
        ("", "", False),
    ],
)
def test_a_site_is_a_registered_domain(one: str, other: str, *, same: bool) -> None:
    assert is_same_site(one, other) is same


def test_what_is_no_address_is_a_page_of_no_list() -> None:
    assert address_of("http://[bad") is None
    assert address_of("http://a/?" + "b=1&" * 100) is None
    assert address_of("mailto:a@example.org") is None


@given(st.text(max_size=60))
def test_an_address_is_a_page_of_its_own_list(url: str) -> None:
    address = address_of(f"http://example.org/{url}")

    assert address is None or (address.is_same_page(address) and not address.is_before(address))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["/news?page=2", "/news?page=1", "?position=5", "http://[", "/p/3", "#"]
            ),
            st.sampled_from(["1", "2", "Next", "»", "Older", "٣", "²", "99999999", ""]),
        ),
        max_size=6,
    ),
    st.sampled_from(["/news", "/news?page=1", "/news?page=2", "/p/2", ""]),
)
def test_the_next_page_is_never_this_one(links: list[tuple[str, str]], here: str) -> None:
    url = f"http://example.org{here}"
    tree = LexborHTMLParser(pager(*links))

    found = next_page(tree, base_url=url, current_url=url)

    mine, its = address_of(url), address_of(found or "")
    assert mine is not None
    assert its is None or not its.is_same_page(mine)
