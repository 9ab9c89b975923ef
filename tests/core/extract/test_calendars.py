"""Calendars: the sittings of councils and courts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.extract.calendars import read_calendar
from aggregator.core.extract.kinds import kind_of
from aggregator.core.extract.selectors import MAX_ITEMS
from aggregator.core.read import read as read_page
from aggregator.model import Extraction, Fetched, Hints, Item, Kind, Rule, Trouble

URL = "https://example.org/calendar/meetings.ics"
MEETING = """\
UID:17@example.org
SUMMARY:Planning committee\\, mine road
DTSTART;TZID=America/Lima:20261203T190000
DTEND;TZID=America/Lima:20261203T210000
DTSTAMP:20261101T000000Z
LAST-MODIFIED:20261110T101112Z
LOCATION:Town Hall\\, Room 2
DESCRIPTION:First the minutes.\\n\\n Then the mine roa
 d\\; and the river.
URL:/meetings/17
CATEGORIES:Planning,Mining\\, roads
CATEGORIES:Roads, ,
BEGIN:VALARM
TRIGGER:-PT15M
DESCRIPTION:A reminder
END:VALARM"""


def calendar(*events: str, head: str = "") -> str:
    inner = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{inner}END:VCALENDAR\n".replace("\n", "\r\n")


def read(text: str) -> Extraction:
    return read_calendar(text.encode(), content_type="text/calendar", base_url=URL)


def published(*lines: str, head: str = "") -> str:
    (item,) = read(calendar("\n".join(("SUMMARY:A sitting", *lines)), head=head)).items
    return item.published


def test_an_event_is_read_whole() -> None:
    found = read(calendar(MEETING, head="X-WR-CALNAME:Ashby Town Council\n"))

    assert (found.kind, found.title) == (Kind.CALENDAR, "Ashby Town Council")
    assert found.items == (
        Item(
            title="Planning committee, mine road",
            link="https://example.org/meetings/17",
            guid="17@example.org",
            published="2026-12-03T19:00:00-05:00",
            updated="2026-11-10T10:11:12Z",
            summary="Town Hall, Room 2\n\nFirst the minutes.\n\nThen the mine road; and the river.",
            categories=("Planning", "Mining, roads", "Roads"),
        ),
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("DTSTART:20261203T190000Z", "2026-12-03T19:00:00Z"),
        ("DTSTART:20261203T190000", "2026-12-03T19:00:00"),
        ("DTSTART:20261203T1900", "2026-12-03T19:00:00"),
        ("DTSTART;VALUE=DATE:20261203", "2026-12-03"),
        ("dtstart;tzid=America/Lima:20261203T190000", "2026-12-03T19:00:00-05:00"),
        ('DTSTART;X-A="b:;c";TZID="Europe/London":20260603T190000', "2026-06-03T19:00:00+01:00"),
        (
            "DTSTART;TZID=/example.org/2021/America/Lima:20261203T190000",
            "2026-12-03T19:00:00-05:00",
        ),
        ("DTSTART;TZID=Our own time:20261203T190000", "2026-12-03T19:00:00"),
        ("DTSTART;TZID=America:20261203T190000", "2026-12-03T19:00:00"),
        ("DTSTART;TZID=../../etc:20261203T190000", "2026-12-03T19:00:00"),
        ("DTSTART:20261345T190000", ""),
        ("DTSTART:soon", ""),
        ("DESCRIPTION:No date", ""),
    ],
)
def test_a_date_is_a_day_a_time_with_its_offset_or_one_without(line: str, told: str) -> None:
    assert published(line) == told


def test_a_time_without_a_zone_is_one_of_the_calendar_where_that_says_one() -> None:
    head = "X-WR-TIMEZONE:Europe/London\n"

    assert published("DTSTART:20260603T190000", head=head) == "2026-06-03T19:00:00+01:00"


def test_an_event_that_repeats_is_one_item_and_a_changed_time_of_it_another() -> None:
    weekly = "UID:7\nSUMMARY:Surgery\nDTSTART:20260601T100000Z\nRRULE:FREQ=WEEKLY"
    moved = "UID:7\nSUMMARY:Surgery\nRECURRENCE-ID:20260608T100000Z\nDTSTART:20260609T100000Z"

    found = read(calendar(weekly, moved))

    assert [item.guid for item in found.items] == ["7/20260608T100000Z", "7"]


def test_only_line_breaks_end_a_line() -> None:
    (item,) = read(calendar("SUMMARY:Open\u2028day\x0cat the mill")).items

    assert item.title == "Open day at the mill"


def test_a_cancelled_event_says_so() -> None:
    (item,) = read(calendar("SUMMARY:Open day\nSTATUS:CANCELLED\nLOCATION:The mill")).items

    assert item.summary == "Cancelled.\n\nThe mill"


def test_a_description_in_html_is_content() -> None:
    (item,) = read(
        calendar("SUMMARY:Open day\nDESCRIPTION:<p>All <b>welcome</b>\\, come</p>")
    ).items

    assert (item.summary, item.content) == ("", "<p>All <b>welcome</b>, come</p>")


def test_only_the_latest_events_of_a_long_calendar_are_read() -> None:
    days = [
        f"SUMMARY:Day {n}\nDTSTART:{2000 + n // 300}01{n % 28 + 1:02}" for n in range(MAX_ITEMS + 5)
    ]

    found = read(calendar(*days))

    assert len(found.items) == MAX_ITEMS
    assert [one.text for one in found.dropped] == ["5 more"]
    dates = [item.published for item in found.items]
    assert dates == sorted(dates, reverse=True)


def test_an_event_the_calendar_ends_inside_is_left_out_and_told() -> None:
    whole = calendar(MEETING, "UID:2\nSUMMARY:Court of ap\nEND:NOTHING")
    found = read(whole[: whole.rindex("END:NOTHING")])

    assert len(found.items) == 1
    assert [one.text for one in found.dropped] == ["Court of ap"]


def test_a_calendar_without_events_is_an_empty_list() -> None:
    found = read(calendar())

    assert found.diagnosis is not None
    assert found.diagnosis.trouble is Trouble.EMPTY_LIST


@pytest.mark.parametrize("front", ["", "\ufeff", "\r\n"])
def test_a_calendar_is_known_by_its_first_line(front: str) -> None:
    body = f"{front}{calendar(MEETING)}".encode()

    assert kind_of(body, "text/plain") is Kind.CALENDAR
    assert kind_of(b"BEGIN:VCARD\r\n", "text/calendar") is None


def test_what_is_read_of_a_calendar_becomes_drafts_in_the_zone_of_the_source() -> None:
    page = Fetched(
        url=URL,
        content_type="text/calendar",
        body=calendar("SUMMARY:A sitting\nDTSTART:20261203T190000").encode(),
        at=datetime(2026, 11, 25, tzinfo=UTC),
    )

    reading = read_page(page, Rule(), Hints(now=page.at, timezone="America/Lima"))

    (draft,) = reading.drafts
    assert draft.published is not None
    assert draft.published.isoformat() == "2026-12-03T19:00:00-05:00"
    assert reading.is_whole


LINES = st.lists(
    st.sampled_from(
        ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR", "SUMMARY:a\\", "UID:1"]
    )
    | st.builds("DTSTART;TZID={}:{}".format, st.text(max_size=9), st.text("0123456789TZ"))
    | st.text(max_size=30)
).map("\n".join)


@given(LINES)
def test_no_text_crashes_it_and_there_is_always_a_reason_for_no_items(text: str) -> None:
    found = read(text.encode("utf-8", "replace").decode())

    assert bool(found.items) != bool(found.diagnosis)
