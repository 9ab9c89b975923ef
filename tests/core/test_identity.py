"""What was seen before: a source shows listings over time, and each item is told apart."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.identity import (
    Known,
    Learned,
    Recognition,
    keys_of,
    recall,
    recognize,
    sight,
)
from aggregator.core.identity.changes import stable
from aggregator.model import Basis, Draft, Entry, EntryId, Precision, SourceId, When

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SITE = "http://example.org"
STRIKE = (
    "Workers at the Las Rocas mine began a strike on Monday over wages and safety, their union "
    "said, stopping all work at the pit for the second time this year."
)
RAIN = "Heavy rain in the valley has closed the road to the coast, and no lorry passes for a week."


def when(day: str, basis: Basis = Basis.WRITTEN) -> When:
    at = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return When(at=at, precision=Precision.DAY, basis=basis)


def item(
    title: str | None = "Strike at Las Rocas mine",
    path: str | None = "/1",
    *,
    day: str | None = "2026-02-20",
    text: str = STRIKE,
    **others: Any,
) -> Draft:
    link = None if path is None else path if ":" in path or path == "#" else SITE + path
    return Draft(
        title=title, link=link, published=when(day) if day else None, summary=text, **others
    )


def numbered(*numbers: int, path: str = "/{}", **others: Any) -> list[Draft]:
    return [
        item(f"Story of the day, part {n}", path.format(n), text=f"{STRIKE} Part {n}.", **others)
        for n in numbers
    ]


@dataclass
class Memory:
    """What the store would remember of some sources."""

    learned: dict[str, str] = field(default_factory=dict)
    ids: dict[tuple[str, str], EntryId] = field(default_factory=dict)
    entries: dict[EntryId, Entry] = field(default_factory=dict)
    now: datetime = NOW

    def see(self, *drafts: Draft, source: str = "psg") -> Recognition:
        self.now += timedelta(hours=1)
        sighting = sight(drafts, SourceId(source), Learned.from_json(self.learned.get(source, "")))
        ids = {key: self.ids[source, key] for key in sighting.lookups if (source, key) in self.ids}
        wanted = recall(sighting, ids)
        entries = {one: self.entries[one] for one in wanted.entries if one in self.entries}
        recent = [
            entry
            for entry in self.entries.values()
            if wanted.since and wanted.until and wanted.since <= entry.published.at <= wanted.until
        ]
        found = recognize(sighting, Known(ids=ids, entries=entries, recent=recent), now=self.now)
        self.entries |= {e.id: e for e in (*found.new, *found.updated, *found.adjusted)}
        self.ids |= {(source, key): entry for key, entry in found.keys}
        self.learned[source] = found.learned.to_json()
        return found

    def events(self, *drafts: Draft, source: str = "psg") -> list[str]:
        found = self.see(*drafts, source=source)
        new, updated = ({entry.id for entry in some} for some in (found.new, found.updated))
        return ["new" if p in new else "update" if p in updated else "same" for p in found.places]


# ---- by guid -------------------------------------------------------------------------


def test_a_guid_holds_when_link_and_title_change() -> None:
    memory = Memory()
    first = memory.see(item(guid="g1"))

    again = memory.see(item("Rain closes the road", "/2", text=RAIN, guid="g1"))

    assert again.places == first.places
    assert again.updated[0].link == SITE + "/2"


def test_a_guid_that_all_items_have_says_nothing() -> None:
    memory = Memory()

    found = memory.see(item(guid="0"), item("Rain", "/2", text=RAIN, guid="0"))

    assert len(found.new) == 2
    assert memory.events(item("A third one", "/3", text="Short.", guid="0")) == ["new"]


def test_a_new_guid_under_a_known_link_is_the_same_item_unless_it_tells_something_else() -> None:
    memory = Memory()
    first = memory.see(item(guid="g1"))

    assert memory.see(item(guid="g2")).places == first.places
    assert memory.events(item("Rain closes the road", text=RAIN, guid="g3")) == ["new"]


# ---- by link -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/1", "https://www.example.org/1/", "/1#comments", "/1?utm_source=x"]
)
def test_a_link_spelled_otherwise_leads_to_the_same_item(path: str) -> None:
    memory = Memory()
    memory.see(item())

    assert memory.events(item(path=path)) == ["same"]


def test_ids_of_articles_in_a_query_tell_them_apart() -> None:
    memory = Memory()

    assert memory.events(*numbered(1, 2, 3, path="/news.php?id={}")) == ["new"] * 3


def test_a_link_that_several_titles_share_is_no_key_ever_again() -> None:
    memory = Memory()
    page = [item(path="/issue.pdf"), item("Rain", "/issue.pdf", text=RAIN)]
    first = memory.see(*page)

    assert memory.see(*reversed(page)).places == tuple(reversed(first.places))
    assert memory.events(item("A third story", "/issue.pdf", text="Short.")) == ["new"]


def test_a_link_that_turns_out_to_be_shared_keeps_its_first_item() -> None:
    memory = Memory()
    first = memory.see(item(path="/issue.pdf"))

    found = memory.see(item("Rain", "/issue.pdf", text=RAIN), item(path="/issue.pdf"))

    assert found.places[1] == first.places[0]
    assert len(found.new) == 1


def test_the_same_item_twice_on_a_page_is_one_entry() -> None:
    memory = Memory()

    found = memory.see(item(), item("Strike at Las Rocas…", "/1?ref=rss"))

    assert len(found.new) == 1
    assert found.places[0] == found.places[1]


def test_a_link_used_again_years_later_is_a_new_item() -> None:
    memory = Memory()
    memory.see(item("Annual conference 2018", "/conf", day="2018-10-13", text="At UCL in London."))

    later = item("Annual conference 2019", "/conf", day="2019-10-13", text="In Lima, Peru.")

    assert memory.events(later) == ["new"]
    assert memory.events(later) == ["same"]


def test_a_link_used_a_third_time_is_a_third_item() -> None:
    memory, ids = Memory(), []
    for year, text in ((2022, STRIKE), (2023, RAIN), (2024, STRIKE[::-1])):
        found = memory.see(item(f"Meeting of {year}", "/meeting", day=f"{year}-05-01", text=text))
        ids += [entry.id for entry in found.new]

    assert len(set(ids)) == 3


def test_an_old_item_that_was_forgotten_by_age_is_no_news() -> None:
    memory = Memory()
    memory.see(item())
    memory.entries.clear()
    memory.learned.clear()

    assert memory.events(item()) == ["same"]


# ---- by title and date ---------------------------------------------------------------


@pytest.mark.parametrize("path", [None, "#", "javascript:void(0)", "mailto:ana@example.org"])
def test_without_a_link_title_and_date_tell_items_apart(path: str | None) -> None:
    memory = Memory()
    one, other = (item("Face to face", path, day=d, text=".") for d in ("2026-02-20", "2026-02-21"))
    memory.see(one)

    assert memory.events(one) == ["same"]
    assert memory.events(other) == ["new"]


def test_without_a_title_the_first_words_tell_items_apart() -> None:
    memory = Memory()
    memory.see(item(None, None))

    assert memory.events(item(None, None), item(None, None, text=RAIN)) == ["same", "new"]


# ---- moved ---------------------------------------------------------------------------


def test_a_site_that_moves_as_a_whole_keeps_its_ids() -> None:
    memory = Memory()
    first = memory.see(*numbered(1073, 1072, 1071, path="/news-article-{}.html"))

    moved = memory.see(*numbered(1073, 1072, 1071, path="https://other.example/2026/03/part-{}/"))

    assert moved.places == first.places
    assert not moved.updated
    assert [entry.link for entry in moved.adjusted] == [
        f"https://other.example/2026/03/part-{n}/" for n in (1073, 1072, 1071)
    ]
    assert memory.events(*numbered(1072, path="/news-article-{}.html")) == ["same"]


@pytest.mark.parametrize("text", ["", STRIKE])
def test_a_site_without_texts_or_dates_may_move_as_well(text: str) -> None:
    memory = Memory()
    titles = ["Strike ends", "Rain comes", "Road opens", "Mine closes"]
    first = memory.see(*(item(t, f"/{n}", day=None, text=text) for n, t in enumerate(titles)))

    page = [item(t, f"/n/{n}", day=None, text=text) for n, t in enumerate(titles)]

    assert memory.see(*page).places == first.places


def test_a_link_that_follows_its_title_is_no_news() -> None:
    memory = Memory()
    first = memory.see(item("Strike at Las Rocas mine goes on", "/strike-goes-on"))

    found = memory.see(item("Strike at Las Rocas mine goes on still", "/strike-goes-on-still"))

    assert found.places == first.places
    assert found.updated[0].title == "Strike at Las Rocas mine goes on still"


@pytest.mark.parametrize(
    "other",
    [
        item("Strike at Las Rocas mine (II)", "/2"),
        item("Strike at Las Rocas mine in March", "/2"),
        item("Strike at Las Rocas mine", "/2", day="2026-02-27"),
        item("Strike at Las Rocas mine", "/2", text=RAIN),
    ],
)
def test_what_is_like_an_old_item_and_is_not_is_new(other: Draft) -> None:
    memory = Memory()
    memory.see(item())

    assert memory.events(other) == ["new"]


def test_an_item_is_not_taken_for_another_that_is_still_on_the_page() -> None:
    memory = Memory()
    memory.see(item())

    assert memory.events(item(path="/2"), item()) == ["new", "same"]


def test_a_series_is_many_items() -> None:
    memory = Memory()
    days = [item("Weather for the whole of Lima", f"/w/{d}", day=f"2026-02-{d}") for d in (20, 21)]
    memory.see(*days)

    assert (
        memory.events(item("Weather for the whole of Lima", "/w/22", day="2026-02-22"))[0] == "new"
    )


def test_of_a_site_that_moves_another_letter_under_the_usual_headline_is_new() -> None:
    memory = Memory()
    letter = item("Weekly letter to all members", "/w1")
    memory.see(letter, *numbered(1, 2, 3, 4))

    again = memory.events(
        item("Weekly letter to all members", "/new/w", day="2026-02-22", text=RAIN),
        *numbered(1, 2, 3, 4, path="/new/{}"),
    )

    assert again == ["new", *["same"] * 4]


def test_an_item_that_lost_its_link_is_the_same_item() -> None:
    memory = Memory()
    memory.see(item(), *numbered(1, 2, 3))

    assert memory.events(item(path=None), *numbered(1, 2, 3)) == ["same"] * 4


def test_another_headline_without_a_day_is_an_update_under_its_link() -> None:
    memory = Memory()
    memory.see(item())

    assert memory.events(item("Talks end the strike", day=None)) == ["update"]


def test_an_item_that_moved_is_found_though_another_one_went() -> None:
    memory = Memory()
    stay = numbered(1, 2, 3)
    memory.see(item("Rain closes the road", "/r1", text=RAIN), item(path="/gone"), *stay)

    again = memory.events(item("Rain closes the road", "/r2", text=RAIN), *stay)

    assert again == ["same"] * 4


@pytest.mark.parametrize(
    ("day", "events"), [("2026-02-20", ["same", "same"]), ("2026-02-21", ["new", "same"])]
)
def test_without_a_text_a_long_title_moves_with_its_day_only(day: str, events: list[str]) -> None:
    memory = Memory()
    memory.see(item("Rain closes the road", "/r1", text=""), item("Strike goes on", "/s"))

    again = memory.events(
        item("Rain closes the road", "/r2", text="", day=day), item("Strike goes on", "/s")
    )

    assert again == events


def test_the_same_headline_a_day_later_with_other_figures_is_another_item() -> None:
    memory = Memory()
    memory.see(
        item("Rain in the valley today", "/r1", text="Some 12 millimetres of rain fell by noon."),
        item("Strike goes on", "/s"),
    )

    again = memory.events(
        item(
            "Rain in the valley today",
            "/r2",
            day="2026-02-21",
            text="Some 15 millimetres of rain fell by noon.",
        ),
        item("Strike goes on", "/s"),
    )

    assert again == ["new", "same"]


def test_daily_figures_are_many_items() -> None:
    memory = Memory()
    text = "The price of copper closed at {} dollars a tonne in London, the ministry said today."
    memory.see(item("Price of copper in London", "/p/1", text=text.format(9100)))

    found = memory.events(
        item("Price of copper in London", "/p/2", day="2026-02-21", text=text.format(9200))
    )

    assert found == ["new"]


# ---- what a site teaches -------------------------------------------------------------


def test_a_parameter_that_changes_while_the_item_stays_is_noise() -> None:
    memory = Memory()
    first = memory.see(item(path="/story?zz=a1x"))

    memory.see(item(path="/story?zz=b2y"))
    again = memory.see(item(path="/story?zz=c3w"), item("Rain", "/rain?zz=c3w", text=RAIN))

    assert again.places[0] == first.places[0]
    assert again.learned.noise == {"zz"}
    assert memory.events(item("Rain", "/rain?zz=d4v", text=RAIN)) == ["same"]


@pytest.mark.parametrize(
    ("title", "day", "noise"),
    [
        ("Strike at Las Rocas mine", "2026-02-20", {"zz"}),
        ("Strike at Las Rocas mine", None, set()),
        ("Weather", "2026-02-20", set()),
    ],
    ids=["a long title and a day", "no day", "a short title"],
)
def test_without_a_text_only_a_long_title_and_a_day_teach(
    title: str, day: str | None, noise: set[str]
) -> None:
    memory = Memory()
    both = (item(title, f"/story?zz={value}", day=day, text="") for value in ("a1x", "b2y"))

    assert memory.see(*both).learned.noise == noise


def test_one_title_on_two_days_teaches_nothing() -> None:
    memory = Memory()
    both = (
        item(path=f"/story?zz={value}", day=day)
        for value, day in (("a1x", "2026-02-20"), ("b2y", "2026-02-21"))
    )

    assert not memory.see(*both).learned.noise


def test_a_parameter_that_tells_two_items_apart_is_identity_whatever_it_is_called() -> None:
    memory = Memory()
    page = [item(path="/n?utm_id=1"), item("Rain", "/n?utm_id=2", text=RAIN)]

    found = memory.see(*page)

    assert len(found.new) == 2
    assert found.learned.identity == {"utm_id"}
    assert memory.events(*page) == ["same", "same"]


def test_a_series_teaches_nothing_about_its_numbers() -> None:
    memory = Memory()

    found = memory.see(*(item("Weather for Lima today", f"/w?n={n}") for n in (1, 2)))

    assert len(found.new) == 2
    assert not found.learned.noise


# ---- changes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "again",
    [
        item("Strike at  Las Rocas mine"),
        item("“Strike at Las Rocas mine”"),
        item(text=STRIKE.replace(" ", "  ").replace("'", "’")),
        item(text=STRIKE + " 12 comments"),
        item(text=f"{STRIKE} Hace 3 horas"),
        item(text=f"{STRIKE} 2 hours ago"),
        item(text=f"{STRIKE}\n\nShared 120"),
        item(text=""),
        item(day=None),
        item(title=None),
        replace(item(), published=when("2026-02-21", Basis.RELATIVE)),
    ],
)
def test_what_changes_by_itself_is_no_update(again: Draft) -> None:
    memory = Memory()
    memory.see(item())
    before = dict(memory.entries)

    assert memory.events(again) == ["same"]
    assert memory.entries == before


@pytest.mark.parametrize(
    ("again", "name"),
    [
        (item("Strike at Las Rocas mine ends"), "title"),
        (item(text=STRIKE + " It ended on Friday."), "summary"),
        (item(text=STRIKE.replace("second", "third")), "summary"),
        (item(day="2026-02-21"), "published"),
    ],
)
def test_a_real_change_moves_updated_and_is_remembered(again: Draft, name: str) -> None:
    memory = Memory()
    (old,) = memory.see(item()).new

    found = memory.see(again)

    (new,) = found.updated
    assert (new.id, new.first_seen, new.updated) == (old.id, old.first_seen, memory.now)
    (revision,) = found.revisions
    assert (revision.field, revision.entry, revision.at) == (name, old.id, memory.now)
    assert revision.old != revision.new


WHOLE = f"<p>{STRIKE}</p><p>Talks go on.</p>"


def at(time: str, basis: Basis = Basis.MACHINE) -> When:
    moment = datetime.fromisoformat(time).replace(tzinfo=UTC)
    return When(at=moment, precision=Precision.TIME, basis=basis)


@pytest.mark.parametrize(
    ("before", "again", "name"),
    [
        (item(), item(content=WHOLE), "content"),
        (item(text="", content=WHOLE), item(content=WHOLE), "summary"),
        (
            replace(item(), published=when("2026-02-10", Basis.RELATIVE)),
            item(day="2026-02-20"),
            "published",
        ),
    ],
    ids=["content", "summary", "date"],
)
def test_what_a_page_says_for_the_first_time_is_taken_over_quietly(
    before: Draft, again: Draft, name: str
) -> None:
    memory = Memory()
    (old,) = memory.see(before).new

    found = memory.see(again)

    (adjusted,) = found.adjusted
    assert getattr(adjusted, name) == getattr(again, name)
    assert adjusted.updated == old.updated
    assert (found.updated, found.revisions) == ((), ())


@pytest.mark.parametrize(
    ("before", "again"),
    [
        (item(content=WHOLE), item(content=WHOLE.replace("<p>", "<p class='x'>"))),
        (
            replace(item(), published=when("2026-02-19", Basis.RELATIVE)),
            item(day="2026-02-20"),
        ),
        (
            replace(item(), published=at("2026-02-20T10:00:00")),
            replace(item(), published=at("2026-02-20T10:00:40")),
        ),
        (item(), replace(item(), published=at("2026-02-20T10:00:00"))),
    ],
    ids=["markup", "a guessed date that was right", "seconds", "a time beside the day"],
)
def test_another_way_to_say_the_same_is_no_change(before: Draft, again: Draft) -> None:
    memory = Memory()
    memory.see(before)
    entries = dict(memory.entries)

    assert memory.events(again) == ["same"]
    assert memory.entries == entries


@pytest.mark.parametrize(
    ("before", "again", "name"),
    [
        (item(content=WHOLE), item(content=WHOLE.replace("go on", "have failed")), "content"),
        (
            replace(item(), published=at("2026-02-20T10:00:00")),
            replace(item(), published=at("2026-02-20T11:00:00")),
            "published",
        ),
    ],
    ids=["content", "time"],
)
def test_a_change_of_content_or_time_is_told(before: Draft, again: Draft, name: str) -> None:
    memory = Memory()
    memory.see(before)

    found = memory.see(again)

    assert [revision.field for revision in found.revisions] == [name]
    assert getattr(found.updated[0], name) == getattr(again, name)


def test_numbers_in_a_text_are_news_and_counters_are_not() -> None:
    assert stable("12 dead") != stable("15 dead")
    assert stable("Rain. 12 views") == stable("Rain. 15 views")


def test_https_is_taken_over_quietly_and_never_given_up() -> None:
    memory = Memory()
    memory.see(item())

    (adjusted,) = memory.see(item(path="https://example.org/1")).adjusted

    assert adjusted.link == "https://example.org/1"
    assert adjusted.updated == memory.entries[adjusted.id].updated == item().published.at  # type: ignore[union-attr]
    assert memory.see(item()).adjusted == ()


def test_a_page_whose_every_item_changes_is_let_be() -> None:
    memory = Memory()
    page = numbered(1, 2, 3, 4, 5)
    memory.see(*page)

    def rotated(word: str) -> list[Draft]:
        return [replace(one, summary=f"{one.summary} Buy {word} now") for one in page]

    assert memory.events(*rotated("shoes")) == ["same"] * 5
    assert memory.events(*rotated("hats")) == ["same"] * 5
    quiet = memory.see(*rotated("cars"))
    assert (quiet.adjusted, quiet.learned.restless) == ((), 3)


def test_on_a_restless_page_a_new_title_is_still_heard_of() -> None:
    memory = Memory()
    page = numbered(1, 2, 3, 4, 5)
    memory.see(*page)
    memory.see(*(replace(one, summary=one.summary + " Buy shoes") for one in page))

    page = [replace(one, summary=one.summary + " Buy hats") for one in page]
    page[2] = replace(page[2], title="Something else happened")

    assert memory.events(*page) == ["same", "same", "update", "same", "same"]


def test_an_item_whose_text_is_never_at_rest_is_let_be_until_it_is() -> None:
    memory = Memory()
    texts = [f"{STRIKE} Buy {word} now." for word in ("shoes", "hats", "cars", "books", "ships")]
    memory.see(item(text=texts[0]))

    events = [memory.events(item(text=text))[0] for text in texts[1:]]
    memory.see(item(text=texts[-1]))

    assert events == ["update", "update", "same", "same"]
    assert memory.events(item(text=STRIKE + " It ended.")) == ["update"]


# ---- dates and ids -------------------------------------------------------------------


def test_undated_items_keep_the_order_of_their_page_and_the_time_they_were_first_seen() -> None:
    memory = Memory()

    found = memory.see(*(item(f"Story {n}", f"/{n}", day=None) for n in range(3)))
    memory.see(*(item(f"Story {n}", f"/{n}", day=None) for n in (2, 0, 1)))

    dates = [memory.entries[place].published.at for place in found.places]
    assert dates == sorted(dates, reverse=True)
    assert len(set(dates)) == 3
    assert dates[0] == NOW + timedelta(hours=1)


def test_a_new_entry_is_never_updated_in_the_future() -> None:
    memory = Memory()
    revised = when("2030-01-01", Basis.MACHINE)

    found = memory.see(item(day="2027-01-01"), item("Rain", "/2", revised=revised))

    assert all(entry.updated <= memory.now for entry in found.new)


def test_a_lost_state_mints_the_same_ids() -> None:
    page = [*numbered(1, 2, path="/news.php?id={}"), item("No link", None), item(guid="g9")]

    first, second = Memory().see(*page), Memory(now=NOW + timedelta(days=900)).see(*page)

    assert first.places == second.places
    assert all(place.startswith("urn:uuid:") for place in first.places)


def test_ids_are_name_based_uuids() -> None:
    first = Memory().see(item()).places[0]

    assert UUID(first).version == 5
    assert UUID(first).variant == RFC_4122


def test_an_item_of_another_list_has_the_id_it_has_there() -> None:
    memory = Memory()
    first = memory.see(item(), source="home")

    found = memory.see(item(path="https://example.org/1/"), source="news")

    assert found.elsewhere == first.places
    assert not found.new
    assert memory.events(item("Strike at Las Rocas mine ends"), source="news") == ["same"]
    assert memory.entries[first.places[0]].title == "Strike at Las Rocas mine"


def test_another_item_under_the_link_of_another_list_is_another_entry() -> None:
    memory = Memory()
    memory.see(item(path="/issue.pdf"), source="home")

    found = memory.see(item("Rain closes the road", "/issue.pdf", text=RAIN), source="news")

    assert len(found.new) == 1
    assert not found.elsewhere


# ---- always --------------------------------------------------------------------------


DRAFTS = st.builds(
    item,
    st.sampled_from(["Strike at Las Rocas mine", "Rain", "Rain (II)", "", None]),
    st.sampled_from(["/1", "/2", "/n?id=1", "/n?id=2", "/1?utm_source=x", "#", None]),
    day=st.sampled_from(["2026-02-20", "2026-02-21", "2020-01-01", None]),
    text=st.sampled_from([STRIKE, RAIN, ""]),
    guid=st.sampled_from([None, "g1", "g2"]),
)
LISTINGS = st.lists(DRAFTS, max_size=6)


@given(LISTINGS, LISTINGS)
def test_seeing_the_same_listing_again_changes_nothing(
    before: list[Draft], listing: list[Draft]
) -> None:
    memory = Memory()
    memory.see(*before)
    memory.see(*listing)
    memory.see(*listing)
    entries, ids = dict(memory.entries), dict(memory.ids)

    found = memory.see(*listing)

    assert (found.new, found.updated, found.revisions, found.keys) == ((), (), (), ())
    assert (memory.entries, memory.ids) == (entries, ids)


@given(LISTINGS)
def test_every_item_has_its_place(listing: list[Draft]) -> None:
    memory = Memory()

    found = memory.see(*listing)

    assert len(found.places) == len(listing)
    assert {entry.id for entry in found.new} == set(found.places)
    assert len({entry.id for entry in found.new}) == len(found.new)


@given(LISTINGS)
def test_keys_are_those_that_are_looked_up(listing: list[Draft]) -> None:
    keys = keys_of(listing, SourceId("psg"), Learned())

    assert [bool(some) for some in keys] == [True] * len(listing)


@given(
    st.builds(
        Learned,
        shared=st.lists(st.text()).map(tuple),
        noise=st.frozensets(st.text()),
        identity=st.frozensets(st.text()),
        has_guids=st.booleans(),
        page=st.dictionaries(st.text(), st.text()),
        streaks=st.dictionaries(st.text(), st.integers()),
        restless=st.integers(0, 9),
    )
)
def test_what_was_learned_is_read_as_it_was_written(learned: Learned) -> None:
    assert Learned.from_json(learned.to_json()) == learned
