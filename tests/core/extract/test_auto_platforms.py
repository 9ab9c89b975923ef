"""What the programs that make most sites put into their lists, each in a few lines."""

from __future__ import annotations

import pytest

from aggregator.model import Draft
from tests.core.extract.reading import drafts_of, read_page, titles

TITLES = (
    "Water for the valley",
    "Roads close early",
    "The harbor opens",
    "Schools meet",
    "A new dam",
)
PROSE = "People met in the square on Friday and talked until late about what should come next."


def days(drafts: tuple[Draft, ...]) -> list[str | None]:
    return [draft.published.isoformat()[:10] if draft.published else None for draft in drafts]


@pytest.mark.parametrize("cell", ["td", "th"])
def test_links_that_sort_a_table_are_no_item(cell: str) -> None:
    names = "".join(
        f"<{cell}><a href='?sort={name}'>{name}</a></{cell}>" for name in ("Date", "Title", "Size")
    )
    rows = "".join(
        f"<tr><td>{at + 3} Jan 2018</td><td><a href='/doc/{at}'>{title}</a></td><td>{at} KB</td></tr>"
        for at, title in enumerate(TITLES)
    )

    got = drafts_of(f"<table><tr>{names}</tr>{rows}</table>")

    assert titles(got) == list(TITLES)


def test_a_first_row_of_names_tells_what_the_columns_hold() -> None:
    rows = "".join(
        f"<tr><td>{at + 3}.01.2018</td><td><a href='/doc/{at}.pdf'>{at}/18</a></td><td>{title}</td>"
        f"<td>{at + 20}.01.2018</td></tr>"
        for at, title in enumerate(TITLES)
    )
    head = "<tr><td>Datum</td><td>Nr.</td><td>Titel</td><td>Letzte Änderung</td></tr>"

    got = drafts_of(f"<table>{head}{rows}</table>")

    assert titles(got) == list(TITLES)
    assert days(got) == [f"2018-01-{day:02}" for day in range(3, 8)]


@pytest.mark.parametrize(
    ("number", "title", "day", "file"),
    [
        ("ลำดับ", "เรื่อง", "วันที่ประกาศ", "ดาวน์โหลด"),
        ("م", "العنوان", "التاريخ", "تحميل"),
        ("STT", "Tiêu đề", "Ngày đăng", "Tải về"),
        ("번호", "제목", "작성일", "첨부"),
    ],
)
def test_heads_are_read_in_many_languages(number: str, title: str, day: str, file: str) -> None:
    rows = "".join(
        f"<tr><td>{at}</td><td>{said}</td><td>2018-01-0{at + 3}</td>"
        f"<td><a href='/{at}.pdf'>View document (1{at} KB)</a></td></tr>"
        for at, said in enumerate(TITLES)
    )
    heads = "".join(f"<th>{name}</th>" for name in (number, title, day, file))

    got = drafts_of(f"<table><tr>{heads}</tr>{rows}</table>")

    assert titles(got) == list(TITLES)


def test_a_folder_lists_its_files_and_neither_its_heads_nor_its_parent() -> None:
    heads = "".join(
        f"<th><a href='?C={name[0]};O=A'>{name}</a></th>"
        for name in ("Name", "Last modified", "Size", "Description")
    )
    files = "".join(
        f"<tr><td><img src='/i.gif'></td><td><a href='report-{at}.pdf'>report-{at}.pdf</a></td>"
        f"<td>2018-01-0{at + 1} 10:15</td><td>{at}K</td><td>&nbsp;</td></tr>"
        for at in range(5)
    )
    parent = (
        "<tr><td></td><td><a href='/docs/'>Parent Directory</a></td><td>&nbsp;</td><td>-</td></tr>"
    )

    reading = read_page(f"<table><tr><th></th>{heads}</tr>{parent}{files}</table>")

    assert titles(reading.drafts) == [f"report-{at}.pdf" for at in range(5)]
    assert days(reading.drafts) == [f"2018-01-0{at + 1}" for at in range(5)]
    (dropped,) = reading.extraction.dropped
    assert (dropped.text, dropped.reason) == (
        "Parent Directory",
        "it leads up to the page's folder",
    )


def test_a_title_whose_link_is_that_of_many_is_no_way_to_the_item() -> None:
    rows = "".join(
        f"<tr><td><a href='/body/{at % 2}'>{title}</a></td><td>{at + 3}/1/2018</td>"
        f"<td><a href='/ics/{at}'><img src='/c.gif'></a></td>"
        f"<td><a href='/meeting/{at}'>Details</a></td></tr>"
        for at, title in enumerate(TITLES)
    )

    got = drafts_of(f"<table>{rows}</table>")

    assert titles(got) == list(TITLES)
    assert [one.link for one in got] == [f"https://example.org/meeting/{at}" for at in range(5)]


def test_what_every_item_says_is_no_title() -> None:
    rows = "".join(
        f"<tr><td>January {at + 3}, 2018</td><td>{('City Council', 'Parks Board')[at % 2]}</td>"
        f"<td><a href='/agenda/{at}'>Agenda</a></td><td><a href='/minutes/{at}'>Minutes</a></td></tr>"
        for at in range(6)
    )

    got = drafts_of(f"<table>{rows}</table>")

    assert titles(got) == ["City Council", "Parks Board"] * 3
    assert [one.link for one in got] == [f"https://example.org/agenda/{at}" for at in range(6)]


def test_a_date_marked_off_in_a_heading_is_no_part_of_the_title() -> None:
    cards = "".join(
        f"<div class='col-view'><h3><small>Jan {at + 3}, 2018, 09:00 ET</small>{title}</h3>"
        f"<p class='plain-outline'>{PROSE}</p><a href='/release/{at}'></a></div>"
        for at, title in enumerate(TITLES)
    )

    got = drafts_of(cards)

    assert titles(got) == list(TITLES)
    assert days(got) == [f"2018-01-0{at + 3}" for at in range(5)]
    assert {one.summary for one in got} == {PROSE}


def test_prose_that_leads_to_the_item_is_its_summary() -> None:
    cards = "".join(
        f"<div class='row'><a href='/p/{at}'>{title}</a><div><a href='/p/{at}'>{PROSE}</a></div>"
        f"<time datetime='2018-01-0{at + 3}'>Jan {at + 3}</time></div>"
        for at, title in enumerate(TITLES)
    )

    got = drafts_of(cards)

    assert titles(got) == list(TITLES)
    assert {one.summary for one in got} == {PROSE}


def test_the_name_of_a_wrapper_says_nothing_about_what_is_in_it() -> None:
    stories = "".join(
        f"<li><div class='h-entry'><div class='n'>{at}</div><div><span><a href='https://s{at}.net/x'>"
        f"{title}</a></span> <a class='tag' href='/t/c'>c</a> <a href='/site/{at}'>s{at}.net</a>"
        f"<div class='byline'><a href='/~u{at}'><img src='/a.png'></a> via <a class='author'"
        f" href='/~u{at}'>u{at}</a> <span title='2018-01-0{at + 3} 10:00:00'>3 days ago</span></div>"
        "</div></div></li>"
        for at, title in enumerate(TITLES)
    )

    got = drafts_of(f"<ol>{stories}</ol>")

    assert titles(got) == list(TITLES)
    assert [one.link for one in got] == [f"https://s{at}.net/x" for at in range(5)]


def test_of_the_class_of_a_part_the_part_is_what_counts() -> None:
    events = "".join(
        f"<article><h3><a href='/event/{at}'>{title}</a></h3><time>{at + 3} January 2018</time>"
        f"<div class='calendar-list__event-description'><p>{PROSE}</p></div></article>"
        for at, title in enumerate(TITLES)
    )

    got = drafts_of(events)

    assert {one.summary for one in got} == {PROSE}


def test_a_label_that_only_one_item_has_tells_nothing_about_the_others() -> None:
    messages = "".join(
        f"<li><a href='{at}.html'>[List] {title}</a> <i>Jane Doe {at}</i></li>"
        for at, title in enumerate(TITLES)
    )
    sorting = (
        "<li><b>Sorted by:</b> <a href='s.html'>[ subject ]</a> <a href='d.html'>[ date ]</a></li>"
    )

    got = drafts_of(f"<ul>{sorting}</ul><ul>{messages}</ul>")

    assert titles(got)[-5:] == [f"[List] {title}" for title in TITLES]


def test_what_is_there_for_readers_without_scripts_is_read_where_nothing_else_is() -> None:
    rows = "".join(
        f"<tr class='topic'><td><a class='title' href='/t/{at}'>{title}</a></td><td>{at}</td></tr>"
        for at, title in enumerate(TITLES)
    )
    told = "<noscript><img src='/pixel.gif'>This site needs JavaScript.</noscript>"

    assert titles(drafts_of(f"{told}<noscript><table>{rows}</table></noscript>")) == list(TITLES)
    assert drafts_of(told) == ()


def test_a_link_to_the_top_of_the_page_is_no_item() -> None:
    lines = "".join(
        f"<a href='/p/{at}.html'>{title}</a> ({at + 3} Jan 2018)<br>"
        for at, title in enumerate(TITLES)
    )

    got = drafts_of(f"<div>{lines}<hr><a href='#top'>Top</a></div>")

    assert titles(got) == list(TITLES)


def test_the_first_of_each_block_of_a_home_page_is_an_item_too() -> None:
    def address(name: str) -> str:
        return f"/news/2018/01/03/{name}-of-the-valley"

    blocks = "".join(
        f"<section><h4><a href='/sec{block}/'>Section {block}</a></h4><div class='first'><h2>"
        f"<a href='{address(f'first-{block}')}'>The first of block {block}</a></h2></div><ul>"
        + "".join(
            f"<li><h3><a href='{address(f'{block}-{at}')}'>{title} {block}</a></h3></li>"
            for at, title in enumerate(TITLES)
        )
        + "</ul></section>"
        for block in range(3)
    )

    got = titles(drafts_of(blocks))

    assert got == [
        title
        for block in range(3)
        for title in (f"The first of block {block}", *(f"{title} {block}" for title in TITLES))
    ]


@pytest.mark.parametrize("rows", ["date title prose", "title prose date", "date by title prose"])
def test_rows_that_come_in_step_belong_together(rows: str) -> None:
    kinds = rows.split()
    table = "".join(
        f"<tr><td>{ {'date': f'{at + 3} Jan 2018', 'title': link, 'prose': PROSE, 'by': 'By us'}[kind] }</td></tr>"
        for at, title in enumerate(TITLES)
        for link in [f"<a href='/n?id={at}'>{title}</a>"]
        for kind in kinds
    )

    got = drafts_of(f"<table>{table}</table>")

    assert titles(got) == list(TITLES)
    assert days(got) == [f"2018-01-0{at + 3}" for at in range(5)]
    assert {one.summary for one in got} == {PROSE}


def test_rows_out_of_step_stay_apart() -> None:
    table = "".join(
        f"<tr><td>{at + 3} Jan 2018</td></tr><tr><td><a href='/n?id={at}'>{title}</a></td></tr>"
        + f"<tr><td>{PROSE}</td></tr>" * (1 + at % 2)
        for at, title in enumerate(TITLES)
    )

    assert titles(drafts_of(f"<table>{table}</table>")) == list(TITLES)


def test_a_row_that_turns_the_page_is_no_item() -> None:
    rows = "".join(
        f"<tr><td>{at + 3} Jan 2018</td><td><a href='/n/{at}'>{title}</a></td></tr>"
        for at, title in enumerate(TITLES)
    )

    reading = read_page(f"<table>{rows}<tr><td></td><td><a href='?page=2'>2</a></td></tr></table>")

    assert titles(reading.drafts) == list(TITLES)
    (dropped,) = reading.extraction.dropped
    assert dropped.reason == "it leads to more of the list"


@pytest.mark.parametrize(
    "second",
    [
        "<p>by <a href='/user/{at}'>user{at}</a> on {day} January 2018</p>",
        "<p>{day} January 2018 <a href='/user/{at}'>reader {at}</a></p>",
        "<p><a href='/print/{at}'><img src='/print.gif'></a></p>{day} January 2018",
    ],
)
def test_the_parts_of_an_item_are_no_items_however_alike_they_stand(second: str) -> None:
    items = "".join(
        f"<div><p><a href='https://s{at}.example/{at}'>{title}</a></p>"
        f"{second.format(at=at, day=at + 3)}</div>"
        for at, title in enumerate((*TITLES, *TITLES))
    )

    got = drafts_of(f"<div>{items}</div>")

    assert titles(got) == [*TITLES, *TITLES]
    assert days(got) == [f"2018-01-{day:02}" for day in range(3, 13)]


def test_cards_in_rows_of_two_are_items_and_no_parts_of_a_row() -> None:
    cards = [
        f"<div><p><a href='/news/{at}'>{title}</a></p>{at + 3} January 2018</div>"
        for at, title in enumerate((*TITLES, *TITLES))
    ]
    rows = "".join(
        f"<div>{left}{right}</div>" for left, right in zip(cards[::2], cards[1::2], strict=True)
    )

    assert titles(drafts_of(f"<div>{rows}</div>")) == [*TITLES, *TITLES]


def test_the_channels_of_a_home_page_are_no_items_but_what_stands_in_them() -> None:
    said = ("公示", "停水通知", "招聘简章", "开馆", "公告", "道路封闭", "教师节", "年度报告")
    boxes = "".join(
        f"<div class='box{box}'><h2><a href='/ch{box}/'>{name}</a><span><a href='/ch{box}/'>更多</a></span>"
        "</h2><ul>"
        + "".join(
            f"<li><a href='/2018/0105/{box}{at:03}.html'>{title}{box or ''}</a></li>"
            for at, title in enumerate(said)
        )
        + "</ul></div>"
        for box, name in enumerate(
            ("首页新闻中心动态", "关于我们的单位", "通知与公告栏目", "政策法规文件")
        )
    )

    got = titles(drafts_of(f"<div class='wrap'>{boxes}</div>"))

    assert got == [f"{title}{box or ''}" for box in range(4) for title in said]


def test_two_posts_of_one_day_are_two_items() -> None:
    def post(at: int, title: str) -> str:
        return (
            f"<div class='outer'><h3><a href='/2018/01/{at}.html'>{title}</a></h3><p>{PROSE}</p>"
            f"<p><abbr class='published' title='2018-01-0{at + 1}T10:00:00Z'>10:00</abbr></p></div>"
        )

    said = [f"{title} {part}" for part in ("today", "again") for title in TITLES]
    posts = [post(at, title) for at, title in enumerate(said)]
    by_day = [*posts[:2], posts[2] + posts[3], *posts[4:]]
    days_shown = "".join(
        f"<div class='day'><h2>{at + 1} January 2018</h2><div>{day}</div></div>"
        for at, day in enumerate(by_day)
    )

    assert titles(drafts_of(f"<main>{days_shown}</main>")) == said
