"""People see what is new, where it came from and how the sources are, without a script."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import html5lib
import httpx

from aggregator.adapters.prometheus import Meters
from aggregator.model import FailureKind
from aggregator.testing import START, Workbench
from aggregator.web import Site, create_app, site_of
from tests.web.site_at import get, site_at

URL = "http://example.org/news"
CONFIG = """
publish: {title: Peru watch, base_url: "http://feeds.example/", window: 5}
sources:
  news:
    title: The News
    url: http://example.org/news
    selectors: {items: li, title: h3, link: "a::attr(href)", date: .d, summary: p}
topics:
  mines: {title: Mines, description: What is dug, any: [mine]}
  rain: {title: Rain & rivers, any: [rain], was: [weather]}
"""
T = TypeVar("T")
Get = Callable[[str], Awaitable[httpx.Response]]


def listing(*titles: str) -> str:
    return "".join(
        f"<li><h3><a href='/{number}'>{title}</a></h3>"
        f"<i class=d>{number % 28 + 1} March 2018</i><p>About it.\n\nAnd more.</p></li>"
        for number, title in enumerate(titles)
    )


def visiting(tmp_path: Path, story: Callable[[Workbench, Get], Awaitable[T]]) -> T:
    """Let *story* fill the store and look at the pages."""

    async def told() -> T:
        async with Workbench(CONFIG) as bench:
            site: Site = site_of(bench.shop, folder=tmp_path, meters=Meters(), ticked=lambda: None)
            transport = httpx.ASGITransport(app=create_app(site))
            async with httpx.AsyncClient(
                transport=transport, base_url="http://feeds.example"
            ) as client:
                return await story(bench, client.get)

    return asyncio.run(told())


def links(page: httpx.Response) -> list[str]:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    every = parser.parse(page.text).iter()
    return [element.get("href", "") for element in every if element.tag in {"a", "link"}]


def test_the_first_page_shows_each_topic_with_what_is_new(tmp_path: Path) -> None:
    async def story(bench: Workbench, get: Get) -> httpx.Response:
        bench.transport.serve(URL, listing("A mine opens", "A mine closes", "Rain"))
        await bench.refresh("news")
        return await get("/")

    page = visiting(tmp_path, story)

    assert page.status_code == 200
    assert page.text.index("A mine closes") < page.text.index("A mine opens")
    assert "1 Mar 2018" in page.text
    assert "Rain &amp; rivers" in page.text
    assert {"/topics/mines", "/feeds/mines.atom", "/feeds/all.rss", "/feeds.opml"} <= set(
        links(page)
    )


def test_a_reader_given_any_page_finds_its_feed_atom_first(tmp_path: Path) -> None:
    async def story(_: Workbench, get: Get) -> list[httpx.Response]:
        return [await get(path) for path in ("/", "/topics/mines", "/sources/news", "/all")]

    pages = visiting(tmp_path, story)

    first = [next(link for link in links(page) if "/feeds/" in link) for page in pages]
    assert first == [
        "/feeds/all.atom",
        "/feeds/mines.atom",
        "/feeds/sources/news.atom",
        "/feeds/all.atom",
    ]


def test_a_topic_pages_through_all_its_entries(tmp_path: Path) -> None:
    async def story(bench: Workbench, get: Get) -> list[httpx.Response]:
        bench.transport.serve(URL, listing(*(f"Mine {number:02}" for number in range(70))))
        await bench.refresh("news")
        return [await get(f"/topics/mines?page={number}") for number in (1, 2, 3, 4)]

    *some, beyond = visiting(tmp_path, story)

    assert "70 entries" in some[0].text
    assert [page.text.count("<article") for page in some] == [30, 30, 10]
    assert "/topics/mines?page=2" in links(some[0])
    assert "/topics/mines?page=2" in links(some[2])
    assert "/topics/mines?page=4" not in links(some[2])
    assert beyond.status_code == 404


def test_a_topic_that_is_still_searched_for_says_how_far_that_is(tmp_path: Path) -> None:
    async def story(bench: Workbench, get: Get) -> list[httpx.Response]:
        bench.transport.serve(URL, listing("Mine 1", "Rain 1"))
        await bench.refresh("news")
        changed = dict.fromkeys(bench.config.topics[:1], "changed")
        await bench.shop.store.transact(lambda session: session.sync_topics(changed, now=START))
        return [await get("/topics/mines"), await get("/all")]

    mines, every = visiting(tmp_path, story)

    assert "1 entry; more may come: 0% of what is stored has been searched" in mines.text
    assert "2 entries, newest first" in every.text
    assert "more may come" not in every.text


def test_entries_show_their_paragraphs_source_and_other_topics(tmp_path: Path) -> None:
    async def story(bench: Workbench, get: Get) -> httpx.Response:
        bench.transport.serve(URL, listing("Rain in the mine"))
        await bench.refresh("news")
        return await get("/topics/mines")

    page = visiting(tmp_path, story)

    assert {"http://example.org/0", "/sources/news", "/topics/rain"} <= set(links(page))
    assert '<time datetime="2018-03-01">1 Mar 2018</time>' in page.text


def test_what_a_page_says_is_shown_as_text(tmp_path: Path) -> None:
    async def story(bench: Workbench, get: Get) -> list[httpx.Response]:
        bench.transport.serve(URL, listing("mine &lt;script&gt;alert(1)&lt;/script&gt;"))
        await bench.refresh("news")
        return [await get(path) for path in ("/", "/topics/mines", "/all")]

    for page in visiting(tmp_path, story):
        assert "<script" not in page.text
        assert "&lt;script&gt;" in page.text


def test_a_source_tells_how_it_is_and_what_to_do(tmp_path: Path) -> None:
    async def story(bench: Workbench, get: Get) -> list[httpx.Response]:
        bench.transport.serve(URL, listing("A mine opens"))
        await bench.refresh("news")
        well = await get("/sources")
        bench.transport.fail(URL, FailureKind.TIMEOUT)
        await bench.refresh("news")
        await bench.refresh("news")
        return [well, await get("/sources"), await get("/sources/news")]

    well, ill, source = visiting(tmp_path, story)

    assert "1 source, well." in well.text
    assert "1 items on the page" not in well.text
    assert "1 of 1 needs a look." in ill.text
    for page in (ill, source):
        assert "No answer." in page.text
        assert "2 times in a row" in page.text
        assert "raise <code>fetch.timeout</code>" in page.text
        assert page.text.count("<rect") == 3
        assert 'aria-label="The last 3 times it was looked at: 2 failed, 1 changed."' in page.text


def test_a_host_is_spelled_as_it_is_where_a_sentence_begins_with_it(tmp_path: Path) -> None:
    async def story(bench: Workbench, get: Get) -> list[httpx.Response]:
        detail = "example.org: Name or service not known"
        bench.transport.fail(URL, FailureKind.DNS, detail=detail)
        await bench.refresh("news")
        return [await get("/sources/news")]

    (source,) = visiting(tmp_path, story)

    assert "</strong> example.org: Name or service not known." in source.text
    assert "Nothing yet" in source.text
    assert "0 entries" not in source.text


def test_pages_that_are_not_there_say_so_and_lead_on(tmp_path: Path) -> None:
    async def story(_: Workbench, get: Get) -> list[httpx.Response]:
        paths = ("/topics/nothing", "/sources/nothing", "/nothing", "/topics/", "/topics/a/b")
        return [await get(path) for path in paths]

    for page in visiting(tmp_path, story):
        assert page.status_code == 404
        assert "text/html" in page.headers["content-type"]
        assert "/" in links(page)


def test_a_topic_page_with_another_name_is_found_under_it(tmp_path: Path) -> None:
    async def story(_: Workbench, get: Get) -> httpx.Response:
        return await get("/topics/weather")

    page = visiting(tmp_path, story)

    assert page.status_code == 301
    assert page.headers["location"] == "http://feeds.example/topics/rain"


def test_pages_run_nothing_and_load_nothing_from_elsewhere(tmp_path: Path) -> None:
    async def story(_: Workbench, get: Get) -> httpx.Response:
        return await get("/")

    page = visiting(tmp_path, story)

    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'")
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "style=" not in page.text


def test_a_page_that_did_not_change_is_not_sent_again(tmp_path: Path) -> None:
    async def story(_: Workbench, get: Get) -> tuple[httpx.Response, httpx.Response]:
        return await get("/"), await get("/")

    first, second = visiting(tmp_path, story)

    assert first.headers["etag"] == second.headers["etag"]


def test_style_and_icon_are_there(tmp_path: Path) -> None:
    site = site_at(tmp_path)

    assert get(site, "/style.css").headers["content-type"] == "text/css; charset=utf-8"
    assert get(site, "/icon.svg").headers["content-type"] == "image/svg+xml; charset=utf-8"


def test_pages_of_a_state_that_cannot_be_read_say_so(tmp_path: Path) -> None:
    response = get(site_at(tmp_path), "/")

    assert response.status_code == 503
