"""A source is followed where one page is not the whole list, and never for ever."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from aggregator.arrive import arrive
from aggregator.core.walk import WalkEnd
from aggregator.look import Page, body_hash, look, rule_hash
from aggregator.model import (
    Failed,
    FailureKind,
    Fetched,
    Gone,
    Moved,
    NotModified,
    Outcome,
    OutcomeKind,
    Render,
    RequestOptions,
    Rule,
    Selectors,
    Source,
    SourceState,
)
from tests.pipeline.pages import NOW, SHELL, SITE, Scripts, Web, eyes, knowing, listing, rss, source

SELECTORS = Selectors(items="article", title="h2", link="a", summary="p")
BY_RULE = Rule(selectors=SELECTORS)


def found(
    web: Web,
    of: Source,
    *known: str,
    state: SourceState | None = None,
    step: timedelta = timedelta(0),
    browser: Scripts | None = None,
) -> Page | Outcome:
    """Look at a source once."""
    state = state or SourceState(source=of.id)

    async def once() -> Page | Outcome:
        seeing = eyes(web, step=step, browser=browser)
        arrival = await arrive(of, state, transport=seeing.transport)
        return await look(of, arrival.state, arrival.result, eyes=seeing, knows=knowing(*known))

    return asyncio.run(once())


def page(result: Page | Outcome) -> Page:
    assert isinstance(result, Page), result
    return result


def titles(result: Page | Outcome) -> list[int]:
    """Return the numbers of the stories found."""
    return [int((draft.title or "").rpartition(" ")[2]) for draft in page(result).drafts]


# ---- pages


THREE = {
    "/news": listing(9, 8, 7, next_page="?position=3"),
    "/news?position=3": listing(6, 5, 4, next_page="?position=6"),
    "/news?position=6": listing(3, 2, 1),
}


def test_a_first_look_goes_back_as_many_pages_as_it_may() -> None:
    web = Web(THREE)

    result = found(web, source(rule=BY_RULE, pages=2))

    assert titles(result) == [9, 8, 7, 6, 5, 4]
    assert page(result).end is WalkEnd.LIMIT
    assert web.paths == ["/news", "/news?position=3"]


def test_a_walk_ends_with_the_list() -> None:
    result = found(Web(THREE), source(rule=BY_RULE, pages=10))

    assert titles(result) == [9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert page(result).end is WalkEnd.LAST


def test_the_first_page_is_enough_when_something_on_it_is_known() -> None:
    web = Web(THREE)

    result = found(web, source(rule=BY_RULE, pages=10), "/a/7")

    assert titles(result) == [9, 8, 7]
    assert page(result).end is WalkEnd.MET
    assert web.paths == ["/news"]


def test_a_walk_ends_where_it_meets_what_is_known() -> None:
    web = Web(THREE)

    result = found(web, source(rule=BY_RULE, pages=10), "/a/4")

    assert titles(result) == [9, 8, 7, 6, 5, 4]
    assert page(result).end is WalkEnd.MET
    assert len(web.asked) == 2


def test_a_list_that_shifts_while_it_is_read_gives_each_item_once() -> None:
    web = Web({"/news": listing(9, 8, next_page="/2"), "/2": listing(8, 7)})

    assert titles(found(web, source(rule=BY_RULE, pages=3))) == [9, 8, 7]


@pytest.mark.parametrize("leads_to", ["/news", "/2", "/endless"])
def test_a_list_that_runs_in_a_circle_is_read_once(leads_to: str) -> None:
    same = listing(8, 7, next_page="/news?page=9")
    web = Web(
        {
            "/news": listing(9, next_page="/2"),
            "/2": listing(8, 7, next_page=leads_to),
            "/endless": same,
            "/news?page=9": same,
        }
    )

    result = found(web, source(rule=BY_RULE, pages=1000))

    assert titles(result) == [9, 8, 7]
    assert page(result).end is WalkEnd.LAST
    assert len(web.asked) <= 4


def test_a_page_that_does_not_come_costs_only_what_lies_behind_it() -> None:
    web = Web({"/news": listing(9, next_page="/2")})

    result = found(web, source(rule=BY_RULE, pages=5))

    assert titles(result) == [9]
    assert page(result).end is WalkEnd.FAILED


def test_an_older_page_that_lives_elsewhere_now_is_read_there() -> None:
    older = Fetched(url=f"{SITE}/archive", body=listing(1).encode(), at=NOW)
    web = Web({"/news": listing(2, next_page="/2"), "/2": Moved(url=older.url, then=older)})

    assert titles(found(web, source(rule=BY_RULE, pages=2))) == [2, 1]


@pytest.mark.parametrize("address", ["http://example.org:99999/2", "http://example.org:x/2"])
def test_an_address_nobody_can_ask_costs_only_what_lies_behind_it(address: str) -> None:
    result = found(Web({"/news": listing(2, next_page=address)}), source(rule=BY_RULE, pages=2))

    assert titles(result) == [2]


def test_a_page_that_kills_its_parser_ends_the_walk() -> None:
    web = Web({"/news": listing(9, next_page="/2"), "/2": b"KILL"})

    assert page(found(web, source(rule=BY_RULE, pages=5))).end is WalkEnd.FAILED


def test_a_walk_takes_only_so_long() -> None:
    result = found(Web(THREE), source(rule=BY_RULE, pages=10), step=timedelta(minutes=3))

    assert titles(result) == [9, 8, 7, 6, 5, 4]
    assert page(result).end is WalkEnd.LIMIT


def test_what_identifies_us_stays_at_the_sources_own_host() -> None:
    secret = RequestOptions(bearer="s3cret", cookies=(("sid", "1"),), method="POST", body=b"q")
    there = listing(8, next_page="http://other.example.org/3")
    web = Web({"/news": listing(9, next_page="/2"), "/2": there})

    found(web, source(rule=BY_RULE, pages=3, request=secret))

    own, other = web.asked[1:]
    assert (own.options.bearer, own.options.method, own.options.body) == ("s3cret", "GET", None)
    assert other.options == RequestOptions()


# ---- feeds and indexes


ADVERTISES = '<link rel="alternate" type="application/rss+xml" href="/feed">'


def test_a_feed_with_all_the_page_shows_stands_in_for_it() -> None:
    web = Web({"/news": listing(9, 8, head=ADVERTISES), "/feed": rss(9, 8, 7)})

    result = page(found(web, source(rule=BY_RULE, discover=True)))

    assert titles(result) == [9, 8, 7]
    assert all(draft.published for draft in result.drafts)
    assert not result.is_alone


@pytest.mark.parametrize("feed", [rss(9), "<rss>broken", b"KILL", None])
def test_a_feed_with_less_leaves_the_page(feed: str | bytes | None) -> None:
    web = Web({"/news": listing(9, 8, head=ADVERTISES), **({"/feed": feed} if feed else {})})

    assert titles(found(web, source(rule=BY_RULE, discover=True))) == [9, 8]


def test_feeds_are_left_alone_unless_asked_for() -> None:
    web = Web({"/news": listing(9, head=ADVERTISES), "/feed": rss(9, 8)})

    assert titles(found(web, source(rule=BY_RULE))) == [9]
    assert web.paths == ["/news"]


def test_a_page_without_items_may_still_advertise_a_feed() -> None:
    web = Web({"/news": f"<html><head>{ADVERTISES}</head><p>Soon.</p></html>", "/feed": rss(1)})

    assert titles(found(web, source(rule=BY_RULE, discover=True))) == [1]


def sitemap(*numbers: int) -> str:
    urls = "".join(f"<url><loc>{SITE}/story-number-{n}-of-many/{n}</loc></url>" for n in numbers)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def index(*paths: str) -> str:
    maps = "".join(f"<sitemap><loc>{SITE}{path}</loc></sitemap>" for path in paths)
    return (
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'
    )


def links(result: Page | Outcome) -> list[str]:
    return [(draft.link or "").rpartition("/")[2] for draft in page(result).drafts]


def test_an_index_of_sitemaps_is_followed() -> None:
    web = Web(
        {
            "/news": index("/old.xml", "/inner.xml"),
            "/old.xml": sitemap(2, 1),
            "/inner.xml": index("/new.xml", "/gone.xml"),
            "/new.xml": sitemap(4, 3),
        }
    )

    result = page(found(web, source()))

    assert links(result) == ["4", "3", "2", "1"]
    assert not result.is_alone


def test_a_sitemap_that_does_not_come_costs_only_itself() -> None:
    web = Web({"/news": index("/gone.xml", "/new.xml"), "/new.xml": sitemap(2, 1)})

    assert links(found(web, source())) == ["2", "1"]


def test_an_index_that_names_itself_is_no_trap() -> None:
    web = Web({"/news": index(*(f"/i{n}.xml" for n in range(9)))})
    web.pages = {**web.pages, **{f"/i{n}.xml": index("/news") for n in range(9)}}

    result = page(found(web, source()))

    assert result.drafts == ()
    assert result.reading.extraction.diagnosis is not None
    assert len(web.asked) < 40


def test_a_page_without_items_is_a_page_and_has_no_older_ones() -> None:
    web = Web({"/news": '<p>nothing</p><a rel="next" href="/news?page=2">older</a>'})

    result = page(found(web, source(rule=BY_RULE, pages=3)))

    assert result.drafts == ()
    assert web.paths == ["/news"]


# ---- a browser


def test_a_browser_runs_the_scripts_of_a_source_that_asks_for_it() -> None:
    browser, web = Scripts(listing(2, 1)), Web({"/news": SHELL})

    result = page(found(web, source(rule=BY_RULE, render=Render.BROWSER), browser=browser))

    assert titles(result) == [2, 1]
    assert not result.is_alone  # the shell stays the same while its content changes
    assert web.paths == ["/news"]


def test_a_browser_is_not_started_for_a_page_that_is_whole() -> None:
    browser = Scripts(listing(9))

    result = page(
        found(Web({"/news": listing(1)}), source(render=Render.AUTO, rule=BY_RULE), browser=browser)
    )

    assert titles(result) == [1]
    assert result.is_alone
    assert browser.pages == []


def test_a_browser_is_started_for_an_application_shell() -> None:
    browser = Scripts(listing(3, 2, 1))

    result = found(Web({"/news": SHELL}), source(rule=BY_RULE, render=Render.AUTO), browser=browser)

    assert titles(result) == [3, 2, 1]


def test_older_pages_are_rendered_as_well() -> None:
    browser = Scripts(listing(2, 1, next_page="/2"))
    web = Web({"/news": SHELL, "/2": SHELL})

    found(web, source(rule=BY_RULE, render=Render.BROWSER, pages=2), browser=browser)

    assert browser.pages == [f"{SITE}/news", f"{SITE}/2"]


@pytest.mark.parametrize("browser", [None, Scripts()])
def test_without_a_browser_the_source_says_so(browser: Scripts | None) -> None:
    web = Web({"/news": SHELL})

    result = found(web, source(rule=BY_RULE, render=Render.BROWSER), browser=browser)

    assert isinstance(result, Outcome)
    assert (result.kind, result.code) == (OutcomeKind.FAILED, "browser")
    assert "'.[browser]'" in result.next_step


def test_a_rendered_page_that_kills_its_parser_is_a_failure_with_a_name() -> None:
    browser, web = Scripts("KILL"), Web({"/news": SHELL})

    result = found(web, source(rule=BY_RULE, render=Render.BROWSER), browser=browser)

    assert isinstance(result, Outcome)
    assert (result.kind, result.code) == (OutcomeKind.FAILED, "unreadable")


# ---- what is no page


def test_the_same_bytes_are_not_read_twice_by_the_same_rule() -> None:
    of, web = source(rule=BY_RULE), Web({"/news": listing(1)})
    first = page(found(web, of))
    state = SourceState(
        source=of.id, etag='"1"', body_hash=body_hash(first.fetched), rule_hash=rule_hash(of)
    )
    again = found(web, of, state=state)

    assert isinstance(again, Outcome)
    assert again.kind is OutcomeKind.UNCHANGED
    assert web.asked[-1].etag == '"1"'


def test_another_rule_reads_the_same_page_again() -> None:
    of, web = source(rule=BY_RULE), Web({"/news": listing(1)})

    found(web, of, state=SourceState(source=of.id, etag='"1"', rule_hash="another"))

    assert web.asked[-1].etag is None


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (NotModified(at=NOW), OutcomeKind.UNCHANGED),
        (Gone(at=NOW), OutcomeKind.GONE),
        (Failed(kind=FailureKind.TIMEOUT, detail="slow", at=NOW), OutcomeKind.FAILED),
        (Moved(url=f"{SITE}/there", then=Gone(at=NOW)), OutcomeKind.GONE),
        (Fetched(url=SITE, body=b"KILL", at=NOW), OutcomeKind.FAILED),
    ],
)
def test_what_is_no_page_of_items_is_an_outcome(
    answer: Fetched | NotModified | Gone | Failed | Moved, kind: OutcomeKind
) -> None:
    result = found(Web({"/news": answer}), source(rule=BY_RULE))

    assert isinstance(result, Outcome)
    assert result.kind is kind
