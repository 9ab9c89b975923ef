"""What stands in and around automatic items: authors, pictures, labels, partners, oddities."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from aggregator.core.extract.auto.addresses import shape_of
from aggregator.core.extract.page import extract
from aggregator.model import Extraction, Fetched, Hints, Item, Rule, Selectors
from tests.core.extract.shapes import Said, english

NOW = datetime(2018, 2, 1, 12, 0, tzinfo=UTC)
SITE = "https://example.org"
SAID = english(6, seed=4)


def found(body: str, *, explain: bool = False) -> Extraction:
    page = Fetched(url=f"{SITE}/news", body=f"<body>{body}</body>".encode(), at=NOW)
    return extract(page, Rule(), Hints(now=NOW), explain=explain)


def each(template: str, some: list[Said] = SAID) -> str:
    return "".join(
        template.format(title=one.title, link=one.link, date=one.date, summary=one.summary, at=at)
        for at, one in enumerate(some)
    )


def titles(items: tuple[Item, ...]) -> list[str]:
    return [item.title for item in items]


TITLES = [one.title for one in SAID]


# ---- parts ---------------------------------------------------------------------------


def test_authors_labels_and_pictures_are_found_by_what_they_are_called() -> None:
    got = found(
        each(
            "<article><img src='data:image/gif;base64,R0' data-src='/i/{at}.jpg' class='x y'>"
            "<h2><a href='{link}'>{title}</a></h2>"
            "<span class='byline'>By Ana Quispe</span> <time class='t'>{date}</time>"
            "<p>{summary}</p><a rel='tag' href='/t/mines'>#Mines</a></article>"
        )
    )

    assert titles(got.items) == TITLES
    assert got.items[2].authors == ("Ana Quispe",)
    assert got.items[2].categories == ("Mines",)
    assert got.items[2].image == f"{SITE}/i/2.jpg"


def test_what_is_no_picture_and_no_name_is_none() -> None:
    got = found(
        each(
            "<article><img src='/img/spacer.gif'><img><h2><a href='{link}'>{title}</a></h2>"
            "<span class='author'>"
            + "of the people who live in the valley and beyond " * 3
            + "</span> <time>{date}</time></article>"
        )
    )

    assert titles(got.items) == TITLES
    assert {(item.image, item.authors) for item in got.items} == {("", ())}


def test_microdata_names_the_parts() -> None:
    got = found(
        each(
            "<div class='c'><b itemprop='headline'><a href='{link}'>{title}</a></b>"
            "<span itemprop='author'>Ana</span><meta itemprop='datePublished' content='2017-05-0{at}T10:00'>"
            "<p itemprop='description'>Short.</p></div>"
        )
    )

    assert titles(got.items) == TITLES
    assert got.items[3].authors == ("Ana",)
    assert (got.items[3].published or got.items[3].date_text) == "2017-05-03T10:00"


@pytest.mark.parametrize(
    "date",
    [
        "<abbr class='d' title='{date}'>some time ago</abbr>",
        "<span class='d' data-date='2017-05-0{at}'>then</span>",
    ],
)
def test_dates_for_machines_stand_in_many_attributes(date: str) -> None:
    got = found(each(f"<li><a href='{{link}}'>{{title}}</a> {date}</li>"))

    assert titles(got.items) == TITLES
    assert all(item.published or item.date_text for item in got.items)


def test_a_paragraph_that_begins_with_its_date_stays_whole() -> None:
    got = found(
        each(
            "<article><h2><a href='{link}'>{title}</a></h2>"
            "<p>{date} – {summary} {summary} It was a long day.</p></article>"
        )
    )

    assert titles(got.items) == TITLES
    assert all(item.summary.endswith("It was a long day.") for item in got.items)
    assert [SAID[at].date in one.date_text for at, one in enumerate(got.items)] == [True] * 6


def test_an_address_that_is_none_costs_only_the_link() -> None:
    rows = each("<li><a href='{link}'>{title}</a> {date}</li>").replace(SAID[1].link, "http://[x/")

    got = found(f"<ul>{rows}</ul>")

    assert titles(got.items) == TITLES
    assert got.items[1].link == ""
    assert shape_of("http://[x/", strict=True) == ()


# ---- several lists that are one ------------------------------------------------------


def columns(*classes: str, template: str, count: int = 4) -> tuple[str, list[str]]:
    said = english(count * len(classes), seed=9)
    parts = [  # no two columns are of one form
        f"<div class='{name}'>{'<i></i>' * at}{each(template, some)}</div>"
        for at, name in enumerate(classes)
        for some in [said[at * count : (at + 1) * count]]
    ]
    return "".join(parts), [one.title for one in said]


CARD = "<article><h2><a href='{link}'>{title}</a></h2><time>{date}</time><p>{summary}</p></article>"


def test_the_columns_of_a_home_page_are_one_list() -> None:
    body, wanted = columns("left", "middle", "right", "lower", "last", template=CARD)

    assert titles(found(body).items) == wanted


def test_a_column_that_shows_the_same_again_adds_nothing() -> None:
    body, wanted = columns("left", "middle", template=CARD)
    again, _ = columns("again", template=CARD)

    assert sorted(titles(found(body + again).items)) == sorted(wanted)


def test_only_so_many_columns_belong_together() -> None:
    plain = CARD.replace("<h2>", "<div>").replace("</h2>", "</div>")
    body, wanted = columns(*(f"col{chr(97 + n)}" for n in range(15)), template=plain, count=3)

    got = found(body).items

    assert 30 <= len(got) < len(wanted)
    assert set(titles(got)) < set(wanted)


def test_a_page_with_more_text_than_is_read_says_so() -> None:
    long = "".join(f"<b>{n}</b> " for n in range(390))
    body, _ = columns("left", "middle", template=CARD.replace("{summary}", long), count=60)

    got = found(body)

    assert len(got.items) < 60
    assert "texts" in got.dropped[-1].reason
    assert int(got.dropped[-1].text.split()[0]) > 0


# ---- lone items, strays, lines -------------------------------------------------------


@pytest.mark.parametrize(
    "newest",
    [
        "<a href='{link}'><h2>{title}</h2></a><p>{summary}</p>",
        "<h2><span>New:</span> <a href='{link}'>{title}</a></h2><p>{summary}</p>",
    ],
    ids=["the heading in the link", "words before the link"],
)
def test_a_lone_item_above_the_list_is_read_too(newest: str) -> None:
    first = each(f"<div class='hero'>{newest}</div>", SAID[:1])

    got = found(f"<main>{first}<div class='list'>{each(CARD, SAID[1:])}</div></main>")

    assert [item.link for item in got.items] == [SITE + one.link for one in SAID]


def test_headings_above_the_list_that_are_no_items_are_left_out() -> None:
    deep = "<section>" * 6 + "{}" + "</section>" * 6
    above = each("<div><h2><a href='{link}'>{title}</a></h2><h2>More of it</h2></div>", SAID[:1])

    two = found(f"<main>{above}<div class='list'>{each(CARD, SAID[1:])}</div></main>")
    far = found(
        each("<div><h2><a href='{link}'>{title}</a></h2></div>", SAID[:1])
        + deep.format(f"<div class='list'>{each(CARD, SAID[1:])}</div>")
    )

    assert titles(two.items) == TITLES[1:]
    assert titles(far.items) == TITLES[1:]


def test_a_word_after_the_last_item_belongs_to_it() -> None:
    rows = each("<b><a href='{link}'>{title}</a></b> {date}<br>")

    got = found(f"<div>{rows.removesuffix('<br>')}</div>")

    assert titles(got.items) == TITLES
    assert [item.date_text for item in got.items] == [one.date for one in SAID]


def test_a_section_heading_between_items_ends_the_one_before() -> None:
    item = "<h3><a href='{link}'>{title}</a></h3><p>{date}</p><p>{summary}</p>"
    rows = f"<h2>News</h2>{each(item, SAID[:3])}<h2>Sports of all kinds</h2>{each(item, SAID[3:])}"

    got = found(f"<div>{rows}</div>")

    assert titles(got.items) == TITLES
    assert not any("Sports" in item.summary for item in got.items)


def test_items_under_great_headings_reach_to_the_next_one() -> None:
    got = found(
        f"<div>{each('<h2><a href={link}>{title}</a></h2><p>{date}</p><p>{summary}</p>')}</div>"
    )

    assert titles(got.items) == TITLES
    assert [item.summary for item in got.items] == [one.summary for one in SAID]


def test_what_is_called_a_box_and_holds_the_whole_page_is_none() -> None:
    got = found(f"<div class='widgets'><div class='related'>{each(CARD)}</div></div>")

    assert titles(got.items) == TITLES


def test_a_rows_own_label_and_an_advertisement_between_are_no_titles() -> None:
    rows = each("<li><b>Title:</b> <a href='{link}'>{title}</a><br><b>Date:</b> {date}</li>")

    assert titles(found(f"<ul>{rows}</ul>").items) == TITLES


def test_a_date_that_is_not_there_yet_gives_way_to_another_one() -> None:
    got = found(
        each(
            "<div class='c'><h3><a href='{link}'>{title}</a></h3><span class='date'>soon</span>"
            "<span class='published'>{date}</span></div>"
        )
    )

    assert [item.date_text for item in got.items] == [one.date for one in SAID]


def test_an_item_interrupted_by_a_box_is_read_on_behind_it() -> None:
    item = "<section><a href='{link}'>{title}</a></section><p>{date}</p>"
    box = "<section><b>Advertisement</b></section>"

    got = found(f"<div>{each(item + box + '<p>{summary} <img src=/i/{at}.jpg></p>')}</div>")

    assert titles(got.items) == TITLES
    assert [item.summary for item in got.items] == [one.summary for one in SAID]
    assert [item.image for item in got.items] == [f"{SITE}/i/{at}.jpg" for at in range(6)]


def test_days_above_great_headings_belong_to_them() -> None:
    got = found(f"<div>{each('<p>{date}</p><h1><a href={link}>{title}</a></h1>')}</div>")

    assert titles(got.items) == TITLES
    assert [item.date_text for item in got.items] == [one.date for one in SAID]


def test_an_item_without_a_title_takes_none_from_its_date_or_its_author() -> None:
    card = (
        "<article><h3><a href='{link}'>{title}</a></h3><b class='date'>{date}</b>"
        "<b class='author'>Ana Quispe</b><p>{summary}</p></article>"
    )
    bare = (
        "<article><b class='date'>3 May 2017</b><b class='author'>Luis</b>"
        "<p>At eleven in the hall there is a talk on water, and all are welcome.</p></article>"
    )

    got = found(f"<main>{each(card, SAID[:3])}{bare}{each(card, SAID[3:])}</main>")

    assert titles(got.items) == [*TITLES[:3], "", *TITLES[3:]]


def test_a_day_that_is_a_heading_and_a_link_is_no_title() -> None:
    got = found(
        each(
            "<article><h2 class='date'><a href='/d/{at}'>{date}</a></h2>"
            "<a href='{link}'>{title}</a><p>{summary}</p></article>"
        )
    )

    assert titles(got.items) == TITLES


def test_a_button_says_nothing_of_its_item() -> None:
    button = "<button>Read the whole story about the people of the valley now</button></article>"

    got = found(each(CARD.replace("</article>", button)))

    assert titles(got.items) == TITLES
    assert [item.summary for item in got.items] == [one.summary for one in SAID]


def test_a_box_behind_the_last_item_is_no_list_in_place_of_it() -> None:
    box = "<ul>" + each("<li><a href='/more{link}'>{title}</a></li>", english(9, seed=8)) + "</ul>"

    got = found(
        f"<main>{each(CARD, SAID[:5])}{each(CARD.replace('</article>', box + '</article>'), SAID[5:])}</main>"
    )

    assert titles(got.items)[:5] == TITLES[:5]


def test_a_heading_that_is_a_label_is_no_title() -> None:
    rows = each("<li><h4>News of the day:</h4><a href='{link}'>{title}</a> {date}</li>")

    assert titles(found(f"<ul>{rows}</ul>").items) == TITLES


def test_an_item_that_says_nothing_is_left_out_with_the_reason() -> None:
    rows = each("<li class='n'><a href='{link}'>{title}</a> <time>{date}</time></li>")
    empty = "<li class='n'><a href='#'> </a> <time>3 May 2017</time></li>"

    got = found(f"<ul>{rows}{empty}</ul>")

    assert titles(got.items) == TITLES
    assert [one.reason for one in got.dropped] == ["it says nothing"]


def test_a_row_of_short_words_and_a_date_is_no_item() -> None:
    rows = each("<li class='n'><a href='{link}'>{title}</a> {date}</li>")
    words = "".join(f"<i>word {n}</i>, " for n in range(20))

    got = found(f"<ul>{rows}<li class='n'>3 May 2017 {words}</li></ul>")

    assert titles(got.items) == TITLES


def test_rows_with_more_cells_than_are_counted_are_rows() -> None:
    cells = "".join(f"<i>{n}</i>" for n in range(60))
    rows = each("<li><a href='{link}'>{title}</a>" + cells + "</li> and so on, ")

    assert titles(found(f"<ul>{rows}</ul>").items) == TITLES


def test_a_page_of_frames_holds_no_items() -> None:
    frames = Fetched(url=SITE, body=b"<frameset><frame src='/a'></frameset>", at=NOW)

    got = extract(frames, Rule(), Hints(now=NOW))

    assert got.items == ()
    assert got.diagnosis is not None


def test_the_cells_of_a_row_with_links_of_their_own_are_no_items() -> None:
    rows = each(
        "<tr><td><a href='{link}'>{title}</a></td><td><a href='/home?uid={at}'>Ana Quispe {at}</a>"
        " {date}</td><td><a href='/home?name={at}'>Luis Mamani {at}</a> {date}</td></tr>"
    )

    got = found(f"<table>{rows.replace('/news/', '/')}</table>", explain=True)

    assert titles(got.items) == TITLES
    assert any(other.selector.endswith("td:0") for other in got.candidates)


def test_cards_with_a_list_of_people_each_are_the_items() -> None:
    people = "<ul>{}</ul>".format(
        "".join(f"<li><a href='/people/{n}'>Ana {n}</a></li>" for n in range(20))
    )

    got = found(each(CARD.replace("<p>{summary}</p>", people)))

    assert titles(got.items) == TITLES


# ---- selectors -----------------------------------------------------------------------


def test_selectors_name_date_and_summary_where_they_say_the_same() -> None:
    got = found(
        each(
            "<div class='card'><h3><a href='{link}'>{title}</a></h3><i class='when'>{date}</i>"
            "<div class='text'>{summary}</div></div>"
        ),
        explain=True,
    )

    assert got.selectors == Selectors(items="div.card", date="i.when", summary="div.text")


def _pages_without_selectors() -> Iterator[tuple[str, str]]:
    yield "a flow", each("<h3>{title}</h3><p>{date} {summary} <a href='{link}'>more</a></p>")
    twins = each("<div class='c'><p><a href='{link}'>{title}</a></p> {date}</div>")
    boxes = "".join(f"<div class='c'><p><a href='#'>{n}</a></p></div>" for n in range(3))
    yield "no path of their own", twins + boxes
    yield (
        "one shown twice",
        each("<li><a href='{link}'>{title}</a> {date}</li>", [*SAID, SAID[2]]),
    )


@pytest.mark.parametrize(("name", "body"), list(_pages_without_selectors()))
def test_where_no_selectors_say_the_same_none_are_given(name: str, body: str) -> None:
    got = found(body, explain=True)

    assert titles(got.items)[:6] == TITLES, name
    assert got.selectors is None


def test_selectors_find_an_item_that_stands_alone_as_well() -> None:
    hero = each("<div class='hero'><h2><a href='{link}'>{title}</a></h2></div>", SAID[:1])

    got = found(f"<main>{hero}<div>{each(CARD, SAID[1:])}</div></main>", explain=True)

    assert titles(got.items) == TITLES
    assert got.selectors is not None
    assert set(got.selectors.items.split(", ")) == {"article", "div.hero"}


def test_rows_among_others_are_told_by_the_place_of_their_title() -> None:
    rows = each(
        "<tr><td>x</td><td><a href='{link}'>{title}</a></td></tr><tr><td colspan=2></td></tr>"
    )
    pages = "<tr><td><b><a href='?page=2'>2</a></b></td></tr>"

    got = found(f"<table>{rows}{pages}</table>", explain=True)

    assert titles(got.items) == TITLES
    assert got.selectors is not None
    assert got.selectors.items == "tr:has(> td:nth-child(2) > a)"


def test_a_list_like_another_is_told_by_the_name_of_what_holds_it() -> None:
    rows = each("<li>{date}: <a href='{link}'>{title}</a></li>")
    menu = "".join(f"<li><a href='/{n}'>{n}</a></li>" for n in range(4))

    got = found(
        f"<div><div id='text'><ul>{rows}</ul></div><div id='p9'><ul>{menu}</ul></div></div>",
        explain=True,
    )

    assert titles(got.items) == TITLES
    assert got.selectors is not None
    assert got.selectors.items == "#text > ul > li"


def test_selectors_find_several_that_stand_alone_in_places_of_their_own() -> None:
    lone = "<div class='{}'><h2><a href='{{link}}'>{{title}}</a></h2></div>"
    heroes = each(lone.format("top"), SAID[:1]) + each(lone.format("second"), SAID[1:2])

    got = found(f"<main>{heroes}<div>{each(CARD, SAID[2:])}</div></main>", explain=True)

    assert titles(got.items) == TITLES
    assert got.selectors is not None
    assert set(got.selectors.items.split(", ")) == {"article", "div.top", "div.second"}


def test_selectors_are_found_inside_a_region_of_the_page() -> None:
    rows = each("<li><a href='{link}'>{title}</a></li>")

    got = found(f"<div id='main-content'><ul>{rows}</ul></div>", explain=True)

    assert got.selectors is not None
    assert titles(got.items) == TITLES


def test_selectors_leave_out_a_date_that_none_says_alike() -> None:
    rows = each("<li><a href='{link}'>{title}</a> told on {date} by Ana</li>")

    got = found(f"<ul>{rows}</ul>", explain=True)

    assert got.selectors is not None
    assert got.selectors.date is None


def test_selectors_of_parts_are_the_shortest_that_say_the_same() -> None:
    rows = each(
        "<li><i>New!</i> <a href='{link}'>{title}</a> <span><i>{date}</i></span> {summary}</li>"
    )

    got = found(f"<ul>{rows}</ul>", explain=True)

    assert got.selectors is not None
    assert got.selectors.date == "span > i"
    assert got.selectors.summary is None
