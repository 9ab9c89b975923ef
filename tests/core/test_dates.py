"""What is read as a date, what is not, and how each is known."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.core.dates import find_date_text, learn_day_first, names, read_date
from aggregator.core.text import legal
from aggregator.model import Basis, Hints, Precision

NOW = datetime(2018, 2, 1, 12, 0, tzinfo=UTC)
TABLE = Path(__file__).with_name("dates.tsv")


def rows() -> list[tuple[str, str, str, str]]:
    """Return language, text, expectation and note of each line of the table."""
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            language, text, expected, note = (*line.split("\t"), "")[:4]
            found.append((language, text.replace("\\n", "\n"), expected, note))
    return found


@pytest.mark.parametrize(("language", "text", "expected", "note"), rows())
def test_a_date_means_what_the_table_says(
    language: str, text: str, expected: str, note: str
) -> None:
    known = Hints(now=NOW, language=None if language == "-" else language)

    when = read_date(text, known)

    assert (when.isoformat() if when else "none") == expected.partition(" ")[0].replace(
        "unread", "none"
    ), note


@pytest.mark.parametrize(("language", "text"), [row[:2] for row in rows()])
def test_what_is_found_in_a_line_reads_as_the_line_does(language: str, text: str) -> None:
    known = Hints(now=NOW, language=None if language == "-" else language)

    found = find_date_text(text)

    assert read_date(found or "", known) == read_date(text, known)


def naive(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None)


LANGUAGES = sorted(names.MONTHS)
ORDERS = st.sampled_from(["day first", "month first"])
DAYS = st.dates(date(1990, 1, 1), date(2018, 1, 31))
HINTS = st.builds(
    Hints,
    now=st.datetimes(min_value=naive(1990), max_value=naive(2100), timezones=st.just(UTC)),
    timezone=st.sampled_from(["UTC", "Europe/London", "America/Lima", "Asia/Kathmandu", "?", ""]),
    language=st.sampled_from([None, "", "en-US", "zh_TW", *LANGUAGES]),
    day_first=st.sampled_from([None, True, False]),
)
PIECES = st.sampled_from(
    "0 1 2 12 13 31 32 99 107 2018 9999 20180131 . / - : , ' – ( ) + T Z | 年 月 日 前 昨天 元 十 "
    "January may ago 令和 2561 ม.ค. am pm GMT CET de of vor il_y_a hours days years Updated "
    "Published No tháng today Monday v $ \n".replace("_", " ").split(" ")
)
NEARLY_DATES = st.lists(PIECES | st.just(" "), max_size=14).map("".join)


def hints(**known: Any) -> Hints:
    return Hints(now=NOW, **known)


def read(text: str, **known: Any) -> str | None:
    """Return what is read, as the feeds will show it."""
    when = read_date(text, hints(**known))
    return when.isoformat() if when else None


def read_machine(text: str, **known: Any) -> str | None:
    when = read_date("", hints(**known), machine=text)
    return when.isoformat() if when else None


@given(st.text() | NEARLY_DATES, HINTS)
def test_no_text_is_too_strange(text: str, known: Hints) -> None:
    when = read_date(text, known, machine=text)

    assert when is None or when.at.utcoffset() is not None


@given(st.text() | NEARLY_DATES)
def test_what_is_found_stands_in_the_text(text: str) -> None:
    found = find_date_text(text)

    assert found is None or found in unicodedata.normalize("NFC", text)


@given(DAYS, st.sampled_from(LANGUAGES), st.data())
def test_a_written_day_reads_back_in_each_language(
    day: date, language: str, data: st.DataObject
) -> None:
    spellings = names.MONTHS[language].split("|")[day.month - 1].split()
    month = data.draw(st.sampled_from(spellings)).replace("_", " ")
    form = data.draw(
        st.sampled_from(["{d} {m} {y}", "{d:02}. {m} {y}", "{m} {d}, {y}", "{d}-{m}-{y}"])
    )
    text = form.format(d=day.day, m=month, y=day.year)

    assert read(text, language=language) == day.isoformat()
    assert read(text.upper(), language=language) == day.isoformat()
    assert find_date_text(f"{text} | 4") == unicodedata.normalize("NFC", text)


def test_capitals_of_more_than_one_sign_are_read() -> None:
    assert read("5 ΜΑΪ\u0301 2018", language="el") == "2018-05-05"
    assert read("ÇƏRŞƏNBƏ AXŞAMI, 22 YANVAR 2019", language="az") == "2019-01-22"


@given(DAYS, ORDERS, st.sampled_from("/.-"), st.sampled_from(["", "02"]))
def test_a_day_in_numbers_reads_back_in_the_order_of_its_source(
    day: date, order: str, mark: str, pad: str
) -> None:
    first, second = (day.day, day.month) if order == "day first" else (day.month, day.day)

    text = f"{first:{pad}}{mark}{second:{pad}}{mark}{day.year}"

    assert read(text, day_first=order == "day first") == day.isoformat()


@given(st.datetimes(naive(1990), naive(2018)), st.sampled_from(["T", " "]))
def test_a_time_for_machines_reads_back(at: datetime, between: str) -> None:
    at = at.replace(microsecond=0, tzinfo=UTC)

    assert read_machine(at.isoformat(between)) == at.isoformat()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018-01-22", "2018-01-22"),
        ("20180122", "2018-01-22"),
        ("2018-01-22+01:00", "2018-01-22"),
        ("2018-01-22T14:30:00Z", "2018-01-22T14:30:00+00:00"),
        ("2018-01-22T23:30:00+0100", "2018-01-22T23:30:00+01:00"),
        ("2018-01-22T14:30:00.123456789-05:00", "2018-01-22T14:30:00-05:00"),
        ("2018-01-22 14:30:00 UTC", "2018-01-22T14:30:00+00:00"),
        ("2018-01-22 14:30:00 +0300", "2018-01-22T14:30:00+03:00"),
        ("2018-01-22T14:30:00+01:00[Europe/Paris]", "2018-01-22T14:30:00+01:00"),
        ("2018-01-22T14:30", "2018-01-22T14:30:00-05:00"),
        ("20180122T143000Z", "2018-01-22T14:30:00+00:00"),
        ("20180122143000", "2018-01-22T14:30:00-05:00"),
        ("2018-06-30T23:59:60Z", "2018-06-30T23:59:59+00:00"),
        ("Mon, 22 Jan 2018 14:30:00 GMT", "2018-01-22T14:30:00+00:00"),
        ("Mon, 22 Jan 18 14:30:00 EST", "2018-01-22T14:30:00-05:00"),
        ("Monday, 22-Jan-18 14:30:00 GMT", "2018-01-22T14:30:00+00:00"),
        ("22 Jan 2018 14:30 +0000", "2018-01-22T14:30:00+00:00"),
        ("1516631400", "2018-01-22T14:30:00+00:00"),
        ("1516631400.5", "2018-01-22T14:30:00+00:00"),
        ("1516631400000", "2018-01-22T14:30:00+00:00"),
        ("1516631400000000", "2018-01-22T14:30:00+00:00"),
        ("0001-01-01T00:00:00Z", None),
        ("1970-01-01T00:00:00Z", None),
        ("1970-01-01", None),
        ("2018-02-30", None),
        ("2018-02-30T10:00:00Z", None),
        ("2018-01-22T14:30:00+99:00", None),
        ("000000001", None),
        ("99999999999", None),
        ("9999999999999999999", None),
        ("99999999999999", None),
        ("-", None),
    ],
)
def test_what_machines_write_is_read(text: str, expected: str | None) -> None:
    assert read_machine(text, timezone="America/Lima") == expected


def test_the_machine_wins_over_the_text_when_it_can_be_read() -> None:
    both = read_date("5 May 2017", hints(), machine="2018-01-22T14:30:00Z")
    neither = read_date("5 May 2017", hints(), machine="soon")

    assert both is not None
    assert (both.isoformat(), both.basis) == ("2018-01-22T14:30:00+00:00", Basis.MACHINE)
    assert neither is not None
    assert (neither.isoformat(), neither.basis) == ("2017-05-05", Basis.WRITTEN)


@pytest.mark.parametrize(
    ("text", "basis", "precision"),
    [
        ("22 January 2018", Basis.WRITTEN, Precision.DAY),
        ("22/01/2018 14:30", Basis.WRITTEN, Precision.TIME),
        ("05/06/2017", Basis.INFERRED, Precision.DAY),
        ("22 January", Basis.INFERRED, Precision.DAY),
        ("3 days ago", Basis.RELATIVE, Precision.DAY),
        ("3 hours ago", Basis.RELATIVE, Precision.TIME),
        ("yesterday 10:00", Basis.RELATIVE, Precision.TIME),
    ],
)
def test_each_date_says_how_and_how_exactly_it_is_known(
    text: str, basis: Basis, precision: Precision
) -> None:
    when = read_date(text, hints(day_first=True))

    assert when is not None
    assert (when.basis, when.precision) == (basis, precision)


def test_a_time_without_a_zone_is_one_of_the_source() -> None:
    assert read("22 Jan 2018 14:30", timezone="America/Lima") == "2018-01-22T14:30:00-05:00"
    assert read("22 Jul 2017 14:30", timezone="Europe/London") == "2017-07-22T14:30:00+01:00"
    assert read("22 Jul 2017 14:30", timezone="Mars/Base") == "2017-07-22T14:30:00+00:00"


def test_a_zone_name_is_the_sources_own_when_the_source_uses_it() -> None:
    assert read("22 Jan 2018 14:30 CST") == "2018-01-22T14:30:00-06:00"
    assert read("22 Jan 2018 14:30 CST", timezone="Asia/Shanghai") == "2018-01-22T14:30:00+08:00"


def test_an_offset_no_zone_has_is_no_offset() -> None:
    assert read("22 Jan 2018 14:30 GMT+19") == "2018-01-22T14:30:00+00:00"


def test_a_time_that_summer_time_skips_moves_forward() -> None:
    assert read("25 March 2018 01:30", timezone="Europe/London") == "2018-03-25T02:30:00+01:00"
    assert read("28 October 2018 01:30", timezone="Europe/London") == "2018-10-28T01:30:00+01:00"


def test_a_day_whose_midnight_is_skipped_stays_that_day() -> None:
    assert read("15 October 2017", timezone="America/Sao_Paulo") == "2017-10-15"


def test_days_ago_are_counted_on_the_calendar_of_the_source() -> None:
    known = Hints(now=datetime(2018, 2, 1, 2, 0, tzinfo=UTC), timezone="America/Lima")

    when = read_date("yesterday", known)

    assert when is not None
    assert when.at.isoformat() == "2018-01-30T00:00:00-05:00"


def test_a_month_ago_ends_with_a_shorter_month() -> None:
    known = Hints(now=datetime(2018, 3, 31, 12, 0, tzinfo=UTC))

    when = read_date("1 month ago", known)

    assert when is not None
    assert when.isoformat() == "2018-02-28"


@pytest.mark.parametrize("text", ["999 years ago", "2018 years ago", "12345 days ago"])
def test_an_age_is_no_date(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mar 15", "2017-03-15"),
        ("Feb 5", "2018-02-05"),
        ("Feb 20", "2017-02-20"),
        ("Dec 31", "2017-12-31"),
        ("Feb 29", "2016-02-29"),
        ("Thu Mar 15", "2018-03-15"),
        ("Wed Mar 15", "2017-03-15"),
        ("Mon Mar 15", None),
    ],
)
def test_a_date_without_a_year_is_the_latest_unless_its_weekday_says_otherwise(
    text: str, expected: str | None
) -> None:
    assert read(text, language="en") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5/6/17", "2017-06-05"),
        ("5.6.71", "1971-06-05"),
        ("5.6.20", "2020-06-05"),
        ("5.6.21", None),
        ("05-06-17", "2017-06-05"),
    ],
)
def test_two_digits_of_a_year_lie_between_1970_and_two_years_ahead(
    text: str, expected: str | None
) -> None:
    assert read(text, day_first=True) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["05/06/2017", "13/06/2017"], True),
        (["05/06/2017", "06/13/2017"], False),
        (["13/06/2017", "06/13/2017"], None),
        (["13.06.17", "Tue 05.06.17 | News"], True),
        (["01/02/2017", "01/03/2017", "01/04/2017"], None),
        (["10/01/2016", "10/02/2016", "11/01/2016"], False),
        (["01/10/2016", "02/10/2016", "01/11/2016"], True),
        (["01/11/2016", "02/10/2016", "01/10/2016"], True),
        (["12/01/2016", "11/02/2016", "10/03/2016"], None),
        (["05/06/2017", "06/05/2017"], None),
        (["32/13/2017", "5 May 2017", "1.2.3.4", "99/99/2017"], None),
        ([], None),
    ],
)
def test_the_order_of_day_and_month_is_learned_from_all_dates(
    texts: list[str], expected: object
) -> None:
    assert learn_day_first(texts) is expected


def test_an_order_that_puts_a_date_in_the_future_is_wrong() -> None:
    assert learn_day_first(["01/09/2018"], now=NOW) is False
    assert learn_day_first(["09/01/2018"], now=NOW) is True
    assert learn_day_first(["09/10/2018"], now=NOW) is None
    assert learn_day_first([], now=NOW) is None


@given(st.lists(DAYS, max_size=20).map(sorted), ORDERS, st.sampled_from([1, -1]))
def test_a_list_in_order_never_teaches_the_wrong_order(
    days: list[date], order: str, step: int
) -> None:
    form = "%d/%m/%Y" if order == "day first" else "%m/%d/%Y"

    texts = [f"{day:{form}}" for day in days[::step]]

    assert learn_day_first(texts) in {order == "day first", None}
    assert learn_day_first(texts, now=NOW) in {order == "day first", None}


@pytest.mark.parametrize("day_first", [True, False])
def test_a_short_date_whose_day_is_its_month_is_read_in_either_order(day_first: bool) -> None:  # noqa: FBT001
    assert read("5/5/18", day_first=day_first) == "2018-05-05"
    assert read("05/05/17", language="es", day_first=day_first) == "2017-05-05"


@example("1 \x1dag")
@given(st.text("12\x1d\x00\x7f agMarch/"))
def test_the_text_of_a_date_holds_nothing_xml_forbids(text: str) -> None:
    found = find_date_text(text)

    assert found is None or legal(found) == found


@pytest.mark.parametrize(
    "text",
    [
        "20 2019-12", "20 2019/12", "20 2019.12", "20 12月 2019", "20日 2019年12月",
        "12-20 2019", "12/20 2019", "12.20 2019", "2019 12-20", "2019 12/20",
    ],
)  # fmt: skip
def test_a_date_in_a_small_box_is_read_when_it_is_all_there_is(text: str) -> None:
    assert read(text, language="zh") == "2019-12-20"
    assert read(f"Room {text}", language="zh") is None
    assert find_date_text(f"{text} of them") is None


def test_the_order_of_a_box_with_the_year_below_is_that_of_the_language() -> None:
    assert read("5/12 2017", language="zh") == "2017-05-12"
    assert read("5/12 2017", language="sv") == "2017-12-05"
    assert read("5/12 2017", language="en") is None


def test_a_line_is_read_up_to_its_limit() -> None:
    far = "x " * 500 + "22 January 2018"

    assert find_date_text(far) is None
    assert read(far) is None
    assert find_date_text("22 January 2018 " + far) == "22 January 2018"


@pytest.mark.parametrize("text", ["22/11/2017", "2017-11-22", "22 November 2017", "22. 11. 2017"])
@pytest.mark.parametrize("limit", [200, 300])
def test_a_date_that_a_limit_tears_is_no_date(text: str, limit: int) -> None:
    for before in range(limit - 20, limit + 1):
        torn = "(" * before + text + ")" * 10

        assert find_date_text(torn) in {None, text}
        assert read(torn, day_first=True) in {None, "2017-11-22"}
