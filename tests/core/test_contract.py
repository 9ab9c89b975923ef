"""A source is held against its own past: what is published, left out, noted and held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.beside import mark_of, marks_to_text
from aggregator.core.contract import diagnosis_of, is_gap, judge, judge_empty
from aggregator.core.expectation import Expectation, Note, Repair, expectation_of
from aggregator.core.identity import Recognition
from aggregator.core.notes import gap, mended
from aggregator.core.verdicts import Broken, Kept, noted, permitted
from aggregator.model import (
    Basis,
    Diagnosis,
    Draft,
    Dropped,
    Entry,
    EntryId,
    Extraction,
    Kind,
    OutcomeKind,
    Precision,
    Reading,
    Selectors,
    SourceId,
    Trouble,
    When,
)

NOW = datetime(2018, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MENU = tuple(Draft(title=f"Menu {n}", link=f"http://example.org/nav/{n}") for n in range(12))


def on(at: datetime) -> When:
    return When(at=at, precision=Precision.DAY, basis=Basis.WRITTEN)


def news(number: int, *, dated: bool = True, summed: bool = True, at: datetime = NOW) -> Draft:
    """Return one item; the higher its number, the newer it is."""
    return Draft(
        title=f"The people of valley {number} meet the mine",
        link=f"http://example.org/news/{number}",
        published=on(at - 100 * DAY + number * DAY) if dated else None,
        summary=f"What was said in valley {number}." if summed else "",
    )


def entry_of(draft: Draft) -> Entry:
    fields = {name: getattr(draft, name) for name in Draft.__dataclass_fields__}
    seen = When(at=NOW, precision=Precision.TIME, basis=Basis.FIRST_SEEN)
    fields["published"] = draft.published or seen
    return Entry(
        **fields,
        id=EntryId(f"id:{draft.link}{draft.title}"),
        source=SourceId("psg"),
        updated=NOW,
        first_seen=NOW,
    )


def reading(drafts: Sequence[Draft], *, kind: Kind = Kind.SELECTORS) -> Reading:
    return Reading(drafts=tuple(drafts), extraction=Extraction(kind=kind))


def new(*drafts: Draft, on_page: Sequence[Draft] | None = None) -> Recognition:
    """Return what a page of *on_page* turns out to be, when *drafts* are not known."""
    entries = tuple(entry_of(draft) for draft in drafts)
    return Recognition(
        new=entries,
        keys=tuple((entry.link or "", entry.id) for entry in entries),
        places=tuple(entry_of(draft).id for draft in on_page or drafts),
    )


KNOWN = tuple(news(n) for n in range(10))


def past(drafts: Sequence[Draft] = KNOWN, *, visits: int = 3) -> Expectation:
    """Return what is expected of a source that showed *drafts* a few times."""
    first = judge(Expectation(), reading(drafts), new(*drafts), accept=False, now=NOW)
    for _ in range(visits - 1):
        first = judge(first.expectation, reading(drafts), Recognition(), accept=False, now=NOW)
    assert isinstance(first, Kept)
    return first.expectation


def verdict_on(
    drafts: Sequence[Draft],
    fresh: Sequence[Draft],
    *,
    of: Expectation | None = None,
    accept: bool = False,
    kind: Kind = Kind.SELECTORS,
) -> Kept | Broken:
    """Judge a page of *drafts*, of which *fresh* are new."""
    expected = of if of is not None else past()
    return judge(
        expected, reading(drafts, kind=kind), new(*fresh, on_page=drafts), accept=accept, now=NOW
    )


def note_of(verdict: Kept | Broken) -> Note:
    assert isinstance(verdict, Kept)
    assert verdict.expectation.note is not None
    return verdict.expectation.note


def test_what_the_list_always_showed_is_kept() -> None:
    fresh = (news(10), news(11))

    verdict = verdict_on(KNOWN[2:] + fresh, fresh)

    assert isinstance(verdict, Kept)
    assert not verdict.refused
    assert verdict.expectation.note is None


def test_a_menu_in_place_of_the_list_is_held_and_told_in_words() -> None:
    verdict = verdict_on(MENU, MENU)

    assert isinstance(verdict, Broken)
    assert verdict.code == "all-new"
    assert verdict.sentence == (
        "all 12 items are new: they point to /nav/, have no date, have no summary, have short titles"
    )
    assert "aggregator accept {source}" in verdict.next_step


def test_a_menu_that_is_held_stays_held_for_ever() -> None:
    expectation = past()

    for _ in range(50):
        verdict = verdict_on(MENU, MENU, of=expectation)
        assert isinstance(verdict, Broken)
        expectation = verdict.expectation


def test_menu_entries_beside_the_list_are_left_out_one_by_one() -> None:
    fresh = (news(10),)

    verdict = verdict_on(MENU + KNOWN + fresh, MENU + fresh)

    assert isinstance(verdict, Kept)
    stored = permitted(new(*MENU, *fresh), verdict)
    assert [entry.link for entry in stored.new] == ["http://example.org/news/10"]
    assert [key for key, _ in stored.keys] == ["http://example.org/news/10"]
    assert note_of(verdict).code == "left-out"
    assert "12 new items were left out: they point to /nav/" in note_of(verdict).sentence


def test_what_the_user_accepts_is_kept_and_becomes_usual() -> None:
    accepted = verdict_on(MENU, MENU, accept=True)

    assert isinstance(accepted, Kept)
    assert not accepted.refused
    assert isinstance(verdict_on(MENU, (), of=accepted.expectation), Kept)


def test_a_page_full_of_newer_items_of_the_same_kind_is_a_burst_of_news() -> None:
    fresh = tuple(news(n) for n in range(50, 60))

    verdict = verdict_on(fresh, fresh)

    assert isinstance(verdict, Kept)
    assert not verdict.refused


def test_a_burst_of_a_list_without_dates_and_summaries_is_kept_too() -> None:
    plain = [news(n, dated=False, summed=False) for n in range(40)]

    verdict = verdict_on(plain[30:], plain[30:], of=past(plain[:10]))

    assert isinstance(verdict, Kept)


def test_items_older_than_all_that_is_known_mean_another_order() -> None:
    fresh = tuple(news(n) for n in range(-20, -10))

    verdict = verdict_on(fresh, fresh)

    assert isinstance(verdict, Broken)
    assert verdict.code == "dates-go-back"


def test_a_list_at_new_addresses_that_shows_nothing_known_is_held_until_it_goes_on() -> None:
    shown = [
        Draft(
            title=f"The people of valley {n} meet the mine",
            link=f"http://example.org/2018/05/people-of-valley-{n}-meet",
            published=on(NOW - 10 * DAY + n * DAY),
            summary="What was said.",
        )
        for n in range(10)
    ]

    held = verdict_on(shown[:9], shown[:9])
    later = verdict_on(shown[1:], shown[1:], of=held.expectation)

    assert isinstance(held, Broken)
    assert isinstance(later, Kept)


def test_titles_that_are_all_the_same_are_held() -> None:
    more = [Draft(title="Read more", link=draft.link, summary=draft.summary) for draft in KNOWN]

    verdict = judge(past(), reading(more), Recognition(), accept=False, now=NOW)

    assert isinstance(verdict, Broken)
    assert verdict.code == "titles-alike"


def test_titles_and_links_that_are_gone_are_held() -> None:
    untitled = [Draft(title=None, link=draft.link) for draft in KNOWN]
    unlinked = [Draft(title=draft.title, link=None) for draft in KNOWN]

    for drafts, code in ((untitled, "titles-gone"), (unlinked, "links-gone")):
        verdict = judge(past(), reading(drafts), Recognition(), accept=False, now=NOW)
        assert isinstance(verdict, Broken)
        assert verdict.code == code


def test_links_that_all_lead_to_one_page_are_held() -> None:
    same = [Draft(title=draft.title, link="http://example.org/news") for draft in KNOWN]

    verdict = judge(past(), reading(same), Recognition(), accept=False, now=NOW)

    assert isinstance(verdict, Broken)
    assert verdict.code == "links-alike"


def test_known_items_that_became_a_word_are_held() -> None:
    words = [Draft(title=f"May-{n}", link=draft.link) for n, draft in enumerate(KNOWN)]
    updated = Recognition(updated=tuple(entry_of(draft) for draft in words))

    verdict = judge(past(), reading(words), updated, accept=False, now=NOW)

    assert isinstance(verdict, Broken)
    assert verdict.code == "titles-other"


def test_known_items_with_new_headlines_are_news_and_nothing_else() -> None:
    rewritten = [
        replace(one, title=f"After talks the mine leaves valley {n}") for n, one in enumerate(KNOWN)
    ]
    updated = Recognition(updated=tuple(entry_of(draft) for draft in rewritten))

    assert isinstance(judge(past(), reading(rewritten), updated, accept=False, now=NOW), Kept)


def test_a_page_of_other_things_beside_a_few_known_items_is_held() -> None:
    verdict = verdict_on(KNOWN[:2] + MENU, MENU)

    assert isinstance(verdict, Broken)
    assert verdict.code == "mostly-foreign"
    assert verdict.sentence == (
        "2 of the usual 10 items are there, and 12 others point to /nav/, have no date,"
        " have no summary, have short titles"
    )


def test_what_is_left_out_is_told_when_it_leads_nowhere() -> None:
    boxes = tuple(Draft(title=f"Box {n}", link=None) for n in range(8))

    verdict = verdict_on(KNOWN + boxes, boxes)

    assert "8 new items were left out: they have no link" in note_of(verdict).sentence


def test_a_past_learned_before_rhythms_were_still_judges() -> None:
    fresh = tuple(news(n) for n in range(50, 60))
    earlier = replace(past(), rhythm=None)

    assert isinstance(verdict_on(fresh, fresh, of=earlier), Kept)
    assert isinstance(verdict_on(MENU, MENU, of=earlier), Broken)


def test_an_automatic_source_that_is_repaired_says_which_rule_was_found() -> None:
    rule = Selectors(items="li.card", title="h3")

    note = mended(rule, None, items=12, known=10, is_replaced=True)

    assert note.becomes is OutcomeKind.REPAIRED
    assert note.sentence == (
        "the items are not found by themselves any more; 'li.card' finds 12, 10 of them known"
    )
    assert note.next_step.startswith("Keep it: aggregator accept {source} --write")


def test_news_of_a_page_that_lost_its_dates_wait_for_them_but_not_for_long() -> None:
    undated = [news(n, dated=False) for n in range(12)]
    expectation, waiting = past(), []

    for _ in range(4):
        verdict = verdict_on(undated, undated[10:], of=expectation)
        assert isinstance(verdict, Kept)
        assert verdict.may_mend
        assert note_of(verdict).code == "dates-gone"
        assert verdict.is_final == (not verdict.refused)
        waiting.append(len(verdict.refused))
        expectation = verdict.expectation

    assert waiting == [2, 2, 0, 0]


def test_news_of_a_page_that_lost_its_summaries_wait_for_them_and_the_refresh_is_held() -> None:
    bare = [news(n, summed=False) for n in range(12)]

    verdict = verdict_on(bare, bare[10:])
    partly = verdict_on([*bare[:11], news(11)], [bare[10], news(11)])

    assert isinstance(verdict, Kept)
    assert len(verdict.refused) == 2
    assert note_of(verdict).becomes is OutcomeKind.HELD
    assert note_of(verdict).sentence.endswith("2 new items wait a little for theirs")
    assert note_of(partly).becomes is None


def test_lost_dates_stay_noted_for_weeks() -> None:
    expectation = past()
    undated = [news(n, dated=False) for n in range(10)]

    for _ in range(20):
        verdict = verdict_on(undated, (), of=expectation)
        expectation = verdict.expectation

    assert note_of(verdict).code == "dates-gone"


def test_lost_summaries_and_half_a_page_are_noted() -> None:
    bare = [news(n, summed=False) for n in range(10)]

    assert note_of(verdict_on(bare, ())).code == "summaries-gone"
    assert note_of(verdict_on(KNOWN[:5], ())).code == "fewer-items"


def test_another_order_and_another_address_of_known_items_hold_nothing() -> None:
    moved = [
        Draft(title=d.title, link=f"{d.link}/x-y-z-{n}", published=d.published, summary="A b")
        for n, d in enumerate(KNOWN)
    ]

    turned = judge(past(), reading(KNOWN[::-1]), Recognition(), accept=False, now=NOW)
    elsewhere = judge(
        past(), reading(moved), Recognition(moved=(EntryId("b"),)), accept=False, now=NOW
    )

    assert isinstance(turned, Kept)
    assert turned.expectation.note is None
    assert note_of(elsewhere).code == "moved"


def test_a_feed_that_became_a_web_page_of_new_links_is_held() -> None:
    plain = [news(n, dated=False, summed=False) for n in range(30)]
    feed = judge(
        Expectation(), reading(plain[:10], kind=Kind.RSS), new(*plain[:10]), accept=False, now=NOW
    )

    verdict = verdict_on(plain[20:], plain[20:], of=feed.expectation, kind=Kind.AUTOMATIC)

    assert isinstance(verdict, Broken)


def test_pages_that_always_stood_beside_the_list_are_held_though_their_dates_go_on() -> None:
    pages = [
        Draft(
            title=f"What we do for the families of valley {n}",
            link=f"http://example.org/news/{900 + n}",
            published=on(NOW - n * DAY / 10),
            summary="All about it.",
        )
        for n in range(8)
    ]
    beside = tuple(mark_of(page.link or "") for page in pages)
    long_ago = past_beside(beside, since=NOW - 8 * DAY)
    lately = past_beside(beside, since=NOW - DAY)

    assert isinstance(verdict_on(pages, pages, of=long_ago), Broken)
    assert isinstance(verdict_on(pages, pages, of=lately), Kept)


def past_beside(marks: tuple[int, ...], *, since: datetime) -> Expectation:
    return replace(past(), beside=marks_to_text(marks), beside_since=since)


def test_a_held_list_without_dates_is_released_when_it_grows_time_and_again() -> None:
    def shown(number: int) -> list[Draft]:
        drafts = [
            Draft(title=f"N {n}", link=f"http://b.example/x/{n}") for n in range(number, number + 8)
        ]
        return drafts[::-1]

    expectation, kept = past(), []
    for number in (0, 0, 1, 1, 2, 2, 3):
        drafts = shown(number)
        verdict = verdict_on(drafts, drafts, of=expectation)
        expectation = expectation_of(verdict.expectation.to_json())
        kept.append(isinstance(verdict, Kept))

    assert kept == [False] * 6 + [True]


def test_a_held_list_that_lives_is_released() -> None:
    def moved(number: int) -> Draft:
        return Draft(
            title=f"N {number}",
            link=f"http://b.example/x/{number}",
            published=on(NOW - 30 * DAY + number * DAY),
        )

    one, two = [moved(n) for n in range(8)], [moved(n) for n in range(2, 10)]
    held = verdict_on(one, one)
    assert isinstance(held, Broken)

    bare = [replace(draft, published=None) for draft in two]

    still = verdict_on(one, one, of=held.expectation)
    undated = verdict_on(bare, bare, of=held.expectation)
    later = verdict_on(two, two, of=held.expectation)

    assert isinstance(still, Broken)
    assert isinstance(undated, Broken)
    assert isinstance(later, Kept)


def test_a_page_without_items_says_how_many_there_used_to_be() -> None:
    seen = Diagnosis(trouble=Trouble.LOGIN, detail="the page asks to log in", next_step="Log in.")

    verdict = judge_empty(past(), seen, accept=False)

    assert isinstance(verdict, Broken)
    assert verdict.sentence == "0 of the usual 10 items match: the page asks to log in"
    assert (verdict.code, verdict.next_step) == ("login", "Log in.")


def test_items_of_which_none_can_be_used_are_told_with_the_reason() -> None:
    dropped = (Dropped(text="", reason="nothing is left of it once cleaned"),)
    extraction = Extraction(kind=Kind.RSS, dropped=dropped)

    diagnosis = diagnosis_of(Reading(drafts=(), extraction=extraction))

    assert diagnosis.detail.endswith("none can be used: nothing is left of it once cleaned")


def test_a_list_the_user_accepts_as_empty_may_be_empty_and_fill_again() -> None:
    diagnosis = diagnosis_of(reading(()))

    accepted = judge_empty(past(), diagnosis, accept=True)
    again = judge_empty(accepted.expectation, diagnosis, accept=False)
    filled = verdict_on((news(11),), (news(11),), of=again.expectation)

    assert isinstance(accepted, Kept)
    assert isinstance(again, Kept)
    assert isinstance(filled, Kept)


def test_a_list_accepted_as_empty_that_says_so_no_more_is_told() -> None:
    says_so = Diagnosis(trouble=Trouble.EMPTY_LIST, detail="no notices", next_step="Nothing.")
    one_item = Diagnosis(trouble=Trouble.NOT_A_LIST, detail="nothing repeats", next_step="Look.")

    empty = judge_empty(past(), says_so, accept=False)
    accepted = judge_empty(past(), says_so, accept=True)
    still = judge_empty(accepted.expectation, says_so, accept=False)
    other = judge_empty(still.expectation, one_item, accept=False)
    again = judge_empty(other.expectation, says_so, accept=False)

    assert isinstance(empty, Broken)
    assert empty.next_step == "Nothing.\nIf it may be so for long: aggregator accept {source}"
    assert isinstance(still, Kept)
    assert isinstance(other, Broken)
    assert other.code == "not-a-list"
    assert other.next_step.endswith("If it is empty all the same: aggregator accept {source}")
    assert other.sentence == "not empty as it was: nothing repeats"
    assert isinstance(again, Kept)


def test_what_an_earlier_version_accepted_as_empty_may_be_so() -> None:
    diagnosis = diagnosis_of(reading(()))

    kept = judge_empty(replace(past(), items=0.0), diagnosis, accept=False)

    assert isinstance(kept, Kept)
    assert kept.expectation.empty == diagnosis.trouble.value


def test_a_list_that_was_empty_expects_as_many_items_as_it_then_shows() -> None:
    empty = replace(past(), items=0.0, empty="empty-list")
    two = (news(11), news(12))

    filled = verdict_on(two, two, of=empty)

    assert isinstance(filled, Kept)
    assert (filled.expectation.items, filled.expectation.empty) == (2, "")
    assert not is_gap(empty, new(*two, on_page=two))
    assert is_gap(past(), new(*two, on_page=two))


def test_a_walk_that_met_nothing_known_is_told() -> None:
    fresh = tuple(news(n) for n in range(50, 60))

    kept = verdict_on(fresh, fresh)
    assert isinstance(kept, Kept)

    verdict = noted(kept, gap(3, is_end=False))

    assert note_of(verdict).code == "gap"
    assert "nothing on 3 pages is known" in note_of(verdict).sentence


def test_a_first_page_like_a_menu_is_worth_a_word() -> None:
    assert note_of(verdict_on(MENU, MENU, of=Expectation())).code == "like-a-menu"
    assert verdict_on(KNOWN, KNOWN, of=Expectation()).expectation.note is None


def test_an_expectation_survives_being_stored() -> None:
    held = verdict_on(MENU, MENU)
    expectation = held.expectation

    for one in (
        Expectation(),
        past(),
        expectation,
        verdict_on(KNOWN[:5], ()).expectation,
        Expectation(visits=1, repair=Repair(rule_hash="a", selectors=Selectors(items="li"))),
    ):
        assert expectation_of(one.to_json()) == one
    assert expectation_of("") == Expectation()
    assert expectation_of('{"visits":2,"gone":1}') == Expectation(visits=2)


@given(
    growth=st.lists(st.integers(min_value=0, max_value=30), max_size=15),
    window=st.integers(min_value=1, max_value=25),
    dated=st.booleans(),
    summed=st.booleans(),
)
def test_normal_growth_holds_nothing(
    growth: list[int], window: int, *, dated: bool, summed: bool
) -> None:
    items = [news(n, dated=dated, summed=summed) for n in range(window)]
    expectation, stored = Expectation(), set[str | None]()

    for more in [0, *growth]:
        items += [news(len(items) + n, dated=dated, summed=summed) for n in range(more)]
        shown = items[-window:][::-1]
        fresh = [draft for draft in shown if draft.link not in stored]
        verdict = verdict_on(shown, fresh, of=expectation)
        assert isinstance(verdict, Kept)
        assert not verdict.refused
        expectation = verdict.expectation
        stored |= {draft.link for draft in shown}
