"""Lists as councils, courts and parliaments publish them: agendas, dockets, registers."""

from __future__ import annotations

import pytest

from tests.core.extract.reading import drafts_of, read_page, titles

BODIES = ("Parks Board", "Water Committee", "Library Trustees", "Harbor Commission", "Arts Council")


def test_a_heading_that_says_only_when_gives_way_to_the_line_that_says_what() -> None:
    rows = "".join(
        f"<tr class='meeting'><td><h4><a href='/view/agenda/_{at}'><strong><abbr>Jan</abbr> {at + 3},"
        f" 2018</strong> &mdash; Posted <abbr>Jan</abbr> {at + 1}, 2018 11:4{at} AM</a></h4>"
        f"<p>{body} agenda</p></td><td class='downloads'><a href='/view/agenda/_{at}?pdf'>PDF</a>"
        "</td></tr>"
        for at, body in enumerate(BODIES)
    )

    got = drafts_of(f"<table>{rows}</table>")

    assert titles(got) == [f"{body} agenda" for body in BODIES]
    assert [draft.link for draft in got] == [
        f"https://example.org/view/agenda/_{at}" for at in range(5)
    ]
    assert all(draft.published is not None for draft in got)


def test_a_docket_number_with_its_date_gives_way_to_what_it_is_about() -> None:
    rows = "".join(
        f"<tr><td>{at}</td><td>2018-01-0{at + 1}</td><td>Amendment of the act on the {body}<br>"
        f"<a href='/doc/{400 + at}'>XIIP-{440 + at}&nbsp;2018-01-0{at + 1}</a></td></tr>"
        for at, body in enumerate(BODIES)
    )

    got = drafts_of(f"<table>{rows}</table>")

    assert titles(got) == [f"Amendment of the act on the {body}" for body in BODIES]


def test_the_rows_of_a_table_with_column_heads_are_the_items_not_its_cells() -> None:
    rows = "".join(
        f"<tr><td>2018-01-0{at + 1}</td><td>The {body} is heard on the new port<br>"
        f"<a href='/doc/{400 + at}'>No {at}</a></td><td>"
        + f"<a href='/doc/{500 + at}'>Adopted as {at}</a>" * (at % 2)
        + "</td></tr>"
        for at, body in enumerate(BODIES)
    )
    heads = "<tr><th>Date</th><th>Document</th><th>Status</th></tr>"

    got = drafts_of(f"<table>{heads}{rows}</table>")

    assert titles(got) == [f"The {body} is heard on the new port" for body in BODIES]


def test_the_triangle_that_unfolds_a_heading_is_no_part_of_its_title() -> None:
    items = "".join(
        f"<div class='x'><h3><span>\u25bc</span>{body} meets on the budget \u00bb</h3>"
        f"<p>4 January 2018</p><a href='/doc/{at}'>Agenda</a></div>"
        for at, body in enumerate(BODIES)
    )

    got = drafts_of(items)

    assert titles(got) == [f"{body} meets on the budget" for body in BODIES]


def test_an_item_of_a_rare_form_has_its_title_too() -> None:
    with_picture = (
        "<div class='hed'><a class='rubric' href='/category/{at}'>Water</a><a class='x' href='/s/{at}'>"
        "<img src='/{at}.jpg'></a><a class='x' href='/s/{at}'><h2>{title} again</h2></a></div>"
    )
    bare = "<div class='hed'><a class='x' href='/s/{at}'><h2>{title} again</h2></a></div>"
    said = [f"{body} meets in room {at}" for at in range(8) for body in BODIES]

    got = drafts_of(
        "".join(
            (bare if at == 1 else with_picture).format(at=at, title=title)
            for at, title in enumerate(said)
        )
    )

    assert titles(got) == [f"{title} again" for title in said]


def test_items_whose_links_only_run_a_script_are_items_without_a_link() -> None:
    rows = "".join(
        f"<div class='notice'><div><a href='javascript:;' class='title-name view_btn' data-no='{at}'>"
        f"{body} calls for projects</a></div><span>[Programme {at}]</span>"
        f"<ul><li>Until 2018-01-0{at + 1}</li></ul></div>"
        for at, body in enumerate(BODIES)
    )

    got = drafts_of(rows)

    assert titles(got) == [f"{body} calls for projects" for body in BODIES]
    assert all(draft.link is None for draft in got)


def test_a_link_with_an_arrow_is_the_title_not_the_labels_above_it() -> None:
    rows = "".join(
        f"<li><p class='label-row'><span class='label'>生活情報</span> <span class='label'>イベント"
        f"</span> <span class='date'>令和2年5月{at + 1}日</span></p>"
        f"<p class='link-arrow'><a href='/n/{at}.html'>{body} を開催</a></p></li>"
        for at, body in enumerate(BODIES)
    )

    got = drafts_of(f"<ul>{rows}</ul>")

    assert titles(got) == [f"{body} を開催" for body in BODIES]


def test_siblings_that_only_differ_in_what_they_are_called_are_one_list() -> None:
    rows = "".join(
        f"<dl class='clearfix {'aviation' if at in (1, 3) else ''}'><dt>{at + 1} January 2018</dt>"
        f"<dd><a href='/r/{at}.pdf'>{body} reports on the accident</a></dd></dl>"
        for at, body in enumerate(BODIES)
    )

    got = drafts_of(rows)

    assert titles(got) == [f"{body} reports on the accident" for body in BODIES]


def test_one_that_is_called_and_made_otherwise_but_leads_to_the_like_is_an_item_too() -> None:
    rows = [
        f"<li><a href='/n/{at}'>{body} meets in the hall</a> <span>{at + 1} January 2018</span></li>"
        for at, body in enumerate(BODIES)
    ]
    urgent = (
        "<li class='urgent'><b>New!</b> <div><a href='/n/77'>The dam is closed today</a></div></li>"
    )
    advertisement = "<li class='ad'><a href='/n/99'>Buy our shoes in the hall</a></li>"

    got = drafts_of(f"<ul>{''.join(rows[:2])}{urgent}{''.join(rows[2:])}{advertisement}</ul>")

    assert [draft.link for draft in got] == [
        f"https://example.org/n/{at}" for at in (0, 1, 77, 2, 3, 4)
    ]


def test_a_title_that_leads_nowhere_yet_stays_a_title() -> None:
    rows = "".join(
        f"<dl><dt>{at + 1} January 2018</dt><dd><a href='{'#reports' if at == 2 else f'/r/{at}'}'>"
        f"{body} reports on the accident</a></dd></dl>"
        for at, body in enumerate(BODIES)
    )

    got = drafts_of(rows)

    assert titles(got) == [f"{body} reports on the accident" for body in BODIES]
    assert got[2].link is None


def test_rows_in_pairs_without_a_name_are_one_item_each_and_the_last_leads_on() -> None:
    rows = "".join(
        f"<tr><td>{at + 1}.</td><td><center><a href='vote?for={at}'></a></center></td>"
        f"<td><a href='https://{chr(97 + at)}.example.net/p{at}'>{body} opens its archive</a></td></tr>"
        f"<tr><td></td><td>{at} points by <a href='user?id=u{at}'>u{at}</a> {at + 1} hours ago | "
        f"<a href='flag?id={at}'>flag</a> | <a href='item?id={at}'>{at} comments</a></td></tr><tr></tr>"
        for at, body in enumerate(BODIES)
    )
    more = "<tr><td></td><td><a href='news?p=2'>More</a></td></tr>"

    reading = read_page(f"<table>{rows}{more}</table>", url="https://example.org/news")

    assert titles(reading.drafts) == [f"{body} opens its archive" for body in BODIES]
    assert all(draft.published is not None for draft in reading.drafts)
    assert reading.extraction.next_url == "https://example.org/news?p=2"


LONG = 50_000
PIECES = ("a", "a-", "1", "/", "a.", "a ", "1/", "jan ", "日", "a: ", "&a=b", "(", "é", "a'", "%41")
FORMS = (
    "<li><a href='/{long}'>The title of {at} is short</a> 3 May 2017</li>",
    "<li><a href='/n/{at}'>{long}</a> 3 May 2017</li>",
    "<li><a href='/n/{at}'>The title of {at} is short</a><p>{long}</p> 3 May 2017</li>",
    "<li class='{long}'><a href='/n/{at}'>Title {at}</a> <i class='{long}'>3 May 2017</i></li>",
    "<li><a href='/n/{at}'>Title {at}</a> <time datetime='{long}' title='{long}'>{long}</time></li>",
    "<li id='{long}'><a href='/n/{at}' rel='{long}'>Title {at}</a> <img src='{long}'></li>",
)


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("form", FORMS)
def test_what_is_endless_takes_no_endless_time(form: str, piece: str) -> None:
    """A page was seen whose one link held all of it: reading that took minutes."""
    long = piece * (LONG // len(piece))

    got = drafts_of("".join(form.format(long=long, at=at) for at in range(4)))

    assert len(got) <= 4


def test_releases_with_lists_of_changes_are_the_items_not_the_changes() -> None:
    entries = "".join(
        f"<div class='entry'><h3><a href='/tag/{at}'>{body} edition {at}</a></h3>"
        f"<time>{at + 1} January 2018</time><ul>"
        + "".join(
            f"<li>Say what the {body} decides, part {part} (<a href='/pull/{at}{part}'>#{at}{part}</a>)</li>"
            for part in range(6)
        )
        + "</ul></div>"
        for at, body in enumerate(BODIES)
    )

    got = drafts_of(entries)

    assert titles(got) == [f"{body} edition {at}" for at, body in enumerate(BODIES)]


def test_a_short_paragraph_is_the_summary_where_there_is_no_longer_one() -> None:
    items = "".join(
        f"<article><h3><a href='/n/{at}'>{body} meets in the hall</a></h3><p>by Ana Quispe Rojas</p>"
        f"<p>Everyone is welcome.</p>{'<p>' + 'The budget of the next year is read. ' * 3 + '</p>' if at == 2 else ''}"
        "</article>"
        for at, body in enumerate(BODIES)
    )

    got = drafts_of(items)

    assert [draft.summary for draft in got[:2]] == ["Everyone is welcome."] * 2
    assert got[2].summary == " ".join(["The budget of the next year is read."] * 3)


def test_rows_some_of_which_have_a_heading_instead_of_a_link_come_in_no_pairs() -> None:
    rows = "".join(
        f"<tr><td><h4>{body} has no paper yet</h4></td><td>3 January 2018</td></tr>"
        if at in (1, 6)
        else f"<tr><td><a href='/n/{at}'>{body} has a paper {at}</a></td><td>4 January 2018</td></tr>"
        for at, body in enumerate(BODIES * 2)
    )

    got = drafts_of(f"<table>{rows}</table>")

    assert [draft.link for draft in got if draft.link] == [
        f"https://example.org/n/{at}" for at in range(10) if at not in (1, 6)
    ]


def test_the_sections_of_a_page_are_no_items_whatever_they_are_called() -> None:
    sections = "".join(
        f"<section class='{name}'><h2>{name}</h2><ul>"
        + "".join(
            f"<li><a href='/{name}/{at}'>{body} on the {name}, part {at}</a> {at + 1} January 2018</li>"
            for at, body in enumerate(BODIES * 2)
        )
        + "</ul></section>"
        for name in ("water", "mining", "schools", "roads")
    )

    got = drafts_of(sections)

    assert len(got) == 40
    assert titles(got)[0] == "Parks Board on the water, part 0"


def test_a_first_row_of_short_links_that_names_no_columns_is_an_item() -> None:
    rows = "".join(
        f"<tr><td><a href='/n/{at}'>Ruling {word}</a></td><td>Room {word}</td></tr>"
        for at, word in enumerate(("Alpha", "Beta", "Gamma", "Delta", "Epsilon"))
    )

    got = drafts_of(f"<table>{rows}</table>")

    assert titles(got)[0] == "Ruling Alpha"


def test_the_cells_of_a_forums_rows_are_no_items_though_each_has_a_link() -> None:
    rows = "".join(
        f"<tr><td><a href='/thread-{100 + at}-1-1.html'>{body} asks about the harbor {at}</a></td>"
        f"<td><a href='/home.php?uid={at}'>user{at}</a></td>"
        f"<td><a href='/home.php?uid=9{at}'>other{at}</a> <a href='/last/{at}'>4 January 2018</a></td></tr>"
        for at, body in enumerate(BODIES * 2)
    )

    got = drafts_of(f"<table>{rows}</table>")

    assert titles(got) == [
        f"{body} asks about the harbor {at}" for at, body in enumerate(BODIES * 2)
    ]
