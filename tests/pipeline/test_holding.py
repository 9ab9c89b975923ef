"""A site that changes: what is held, repaired, noted and released, over the real store."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.core.expectation import expectation_of
from aggregator.model import Outcome, OutcomeKind, SourceId
from aggregator.testing import Workbench
from tests.pipeline.test_refresh import URL, state_of, titles, work

CONFIG = """
publish: {formats: [json], window: 1000}
sources:
  news:
    url: http://example.org/news
    selectors: {items: li.item, title: h3, link: "a::attr(href)", date: .d, summary: p}
"""
MENU = "".join(
    f"<li class='{{0}}'><h3><a href='/nav/{n}'>Menu {n}</a></h3></li>" for n in range(12)
)
OLD = "<li class='item'><h3><a href='/a/{n}'>{title}</a></h3><i class=d>{day} March 2018</i><p>Of {n}.</p></li>"
NEW = "<div class='card'><h2><a href='/a/{n}'>{title}</a></h2><time>{day} March 2018</time><p>Of {n}.</p></div>"


def title(number: int) -> str:
    return f"The people of valley {number} meet the mine"


def listing(numbers: range, *, item: str = OLD, menu_class: str = "menu", older: str = "") -> str:
    items = "".join(item.format(n=n, title=title(n), day=n % 28 + 1) for n in reversed(numbers))
    more = f"<a rel=next href='{older}'>older</a>" if older else ""
    return f"<body><ul>{MENU.format(menu_class)}</ul><main>{items}</main>{more}</body>"


async def seen(bench: Workbench, *pages: str) -> Outcome:
    """Refresh over one page after the other, an hour apart; return the last outcome."""
    for page in pages:
        bench.transport.serve(URL, page)
        outcome = await bench.refresh("news")
        bench.clock.advance(timedelta(hours=1))
    return outcome


def all_titles(*numbers: range) -> set[str]:
    return {title(n) for some in numbers for n in some}


def test_a_menu_in_place_of_the_list_publishes_nothing_and_the_list_releases_it() -> None:
    async def story(bench: Workbench) -> None:
        await seen(bench, listing(range(10)))

        held = await seen(bench, *[f"<ul>{MENU.format('item')}</ul><!--{n}-->" for n in range(3)])
        assert held.kind is OutcomeKind.HELD
        assert held.detail.startswith("all 12 items are new: they point to /nav/")
        assert "aggregator accept news" in held.next_step
        assert titles(bench) == all_titles(range(10))

        back = await seen(bench, listing(range(11)))
        assert back.is_fine
        assert titles(bench) == all_titles(range(11))

    work(story, config=CONFIG)


def test_a_held_page_is_asked_for_in_the_usual_rhythm() -> None:
    async def story(bench: Workbench) -> None:
        await seen(bench, listing(range(10)))

        for number in range(8):
            held = await seen(bench, f"<ul>{MENU.format('item')}</ul><!--{number}-->")

        assert held.next_due is not None
        assert held.next_due - bench.clock.now() < timedelta(hours=2)

    work(story, config=CONFIG)


def test_menu_entries_beside_the_list_are_left_out_and_nobody_has_to_look() -> None:
    async def story(bench: Workbench) -> None:
        await seen(bench, listing(range(10)))

        outcome = await seen(bench, listing(range(12), menu_class="item"))

        assert outcome.is_fine
        assert (outcome.code, outcome.new) == ("left-out", 2)
        assert titles(bench) == all_titles(range(12))

    work(story, config=CONFIG)


def test_what_was_left_out_is_published_when_the_user_says_so() -> None:
    async def story(bench: Workbench) -> None:
        await seen(bench, listing(range(10)), listing(range(10), menu_class="item"))
        accept(bench)

        outcome = await seen(bench, listing(range(10), menu_class="item"))

        assert outcome.new == 12
        assert not state_of(bench).accept_next

    work(story, config=CONFIG)


def test_a_list_that_is_empty_from_the_first_day_is_well_once_the_user_says_so() -> None:
    async def story(bench: Workbench) -> None:
        none = "<h1>Notices</h1><p>There are no notices at this time.</p><p>Come back later.</p>"
        first = await seen(bench, none)
        accept(bench)

        accepted = await seen(bench, none, none + "<p>!</p>")
        filled = await seen(bench, listing(range(2)))

        assert (first.kind, first.code) == (OutcomeKind.EMPTY, "nothing-matches")
        assert accepted.is_fine
        assert (filled.new, filled.detail) == (2, "")

    work(story, config=CONFIG)


def test_what_was_said_once_is_not_said_for_the_next_change() -> None:
    async def story(bench: Workbench) -> None:
        await seen(bench, listing(range(10)), f"<ul>{MENU.format('item')}</ul>")
        accept(bench)

        recovered = await seen(bench, listing(range(10)))
        held = await seen(bench, f"<ul>{MENU.format('item')}</ul>")

        assert recovered.is_fine
        assert held.kind is OutcomeKind.HELD

    work(story, config=CONFIG)


def accept(bench: Workbench) -> None:
    with bench.shop.store.writing() as session:
        (state,) = session.source_states([SourceId("news")])
        session.save_state(replace(state, accept_next=True))


def test_a_redesign_is_repaired_at_once_and_told_until_the_rule_is_changed() -> None:
    async def story(bench: Workbench) -> None:
        await seen(bench, listing(range(10)))

        repaired = await seen(bench, listing(range(1, 12), item=NEW))

        assert repaired.kind is OutcomeKind.REPAIRED
        assert (repaired.new, repaired.updated, repaired.items) == (2, 0, 11)
        assert "'li.item' fits no more; 'div.card' finds 11, 9 of them known" in repaired.detail
        assert '\nselectors:\n  items: "div.card"\n' in repaired.next_step
        assert "aggregator accept news --write" in repaired.next_step
        assert titles(bench) == all_titles(range(12))

        same = await bench.refresh("news")
        assert (same.kind, same.detail) == (OutcomeKind.REPAIRED, repaired.detail)

        back = await seen(bench, listing(range(2, 13)))
        assert (back.kind, back.detail) == (OutcomeKind.CHANGED, "")

    work(story, config=CONFIG)


def test_a_page_whose_items_lead_nowhere_any_more_is_not_repaired() -> None:
    bare = "<div class='card'><h2>{title}</h2><p>Of {n}.</p></div>"

    async def story(bench: Workbench) -> None:
        await seen(bench, listing(range(10)))

        outcome = await seen(bench, listing(range(12), item=bare))

        assert outcome.kind is OutcomeKind.EMPTY
        assert outcome.detail.startswith("0 of the usual 10 items match")
        assert titles(bench) == all_titles(range(10))

    work(story, config=CONFIG)


def test_a_rule_that_still_finds_some_of_the_list_is_widened_without_an_alarm() -> None:
    async def story(bench: Workbench) -> None:
        await seen(bench, listing(range(10)))
        page = listing(range(12)).replace("class='item'", "class='small'")

        outcome = await seen(bench, page.replace("class='small'", "class='item'", 1))

        assert outcome.is_fine
        assert (outcome.code, outcome.new, outcome.items) == ("repaired", 2, 12)

    work(story, config=CONFIG)


def test_layouts_that_take_turns_lose_nothing() -> None:
    async def story(bench: Workbench) -> None:
        for step in range(8):
            item = NEW if step % 2 else OLD
            await seen(bench, listing(range(step, 10 + step), item=item))

        assert titles(bench) == all_titles(range(17))

    work(story, config=CONFIG)


def test_a_page_without_items_is_told_against_what_there_used_to_be() -> None:
    async def story(bench: Workbench) -> None:
        await seen(bench, listing(range(10)))

        outcome = await seen(bench, "<h1>We are moving house</h1>")

        assert outcome.kind is OutcomeKind.EMPTY
        assert outcome.detail.startswith("0 of the usual 10 items match")
        assert titles(bench) == all_titles(range(10))

    work(story, config=CONFIG)


def test_lost_dates_are_found_again_where_they_are() -> None:
    async def story(bench: Workbench) -> None:
        await seen(bench, listing(range(10)))

        outcome = await seen(
            bench, listing(range(11), item=OLD.replace("i class=d", "i class=when"))
        )

        assert outcome.is_fine
        assert (outcome.code, outcome.new) == ("repaired", 1)
        assert "the selectors of date fit no more" in outcome.detail

    work(story, config=CONFIG)


def test_dates_that_come_back_are_those_of_the_news_that_waited() -> None:
    async def story(bench: Workbench) -> None:
        undated = OLD.replace("{day} March 2018", "")
        await seen(bench, listing(range(10)))

        waits = await seen(bench, listing(range(12), item=undated))
        again = await seen(bench, listing(range(12), item=undated))
        dated = await seen(bench, listing(range(12)))

        assert [one.new for one in (waits, again, dated)] == [0, 0, 2]
        assert waits.kind is OutcomeKind.HELD
        assert dated.is_fine
        assert "2 new items wait a little for theirs" in waits.detail
        dates = [
            item["date_published"][:7] for item in json.loads(bench.published("all.json"))["items"]
        ]
        assert set(dates) == {"2018-03"}

    work(story, config=CONFIG)


def test_a_gap_is_walked_back_over_and_told_when_it_stays() -> None:
    async def story(bench: Workbench) -> None:
        await seen(bench, listing(range(10)))

        bench.transport.serve(f"{URL}?page=2", listing(range(8, 18)))
        closed = await seen(bench, listing(range(18, 28), older="/news?page=2"))
        assert closed.new == 18
        assert not closed.code

        bench.transport.serve(f"{URL}?page=2", listing(range(68, 78)))
        open_ = await seen(bench, listing(range(78, 88), older="/news?page=2"))
        assert open_.new == 20
        assert "nothing on 2 pages is known" in open_.detail

    work(story, config=CONFIG.replace("/news\n", "/news\n    pages: 2\n"))


def test_the_page_that_was_held_is_looked_at_again_though_it_has_not_changed() -> None:
    async def story(bench: Workbench) -> None:
        await seen(bench, listing(range(10)))
        bench.transport.serve(URL, f"<ul>{MENU.format('item')}</ul>", etag='"m"')

        kinds = [(await bench.refresh("news")).kind for _ in range(3)]

        assert kinds == [OutcomeKind.HELD] * 3
        assert bench.transport.requests[-1].etag is None

    work(story, config=CONFIG)


def test_what_is_learned_is_small() -> None:
    async def story(bench: Workbench) -> None:
        await seen(bench, *[listing(range(n, n + 50)) for n in range(0, 400, 20)])

        state = state_of(bench)

        assert len(state.expectation) < 1000
        assert expectation_of(state.expectation).visits == 20

    work(story, config=CONFIG)


@pytest.mark.parametrize("page", ["<ul></ul>", "<h1>Log in</h1><form><input type=password></form>"])
def test_a_new_source_without_items_says_why_and_expects_nothing(page: str) -> None:
    async def story(bench: Workbench) -> None:
        outcome = await seen(bench, page)

        assert outcome.kind is OutcomeKind.EMPTY
        assert state_of(bench).expectation == ""

    work(story, config=CONFIG)
