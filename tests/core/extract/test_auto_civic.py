"""Lists as councils, courts and parliaments publish them: agendas, dockets, registers."""

from __future__ import annotations

from datetime import UTC, datetime

from aggregator.core.read import read
from aggregator.model import Draft, Fetched, Hints, Rule

NOW = datetime(2018, 2, 1, 12, 0, tzinfo=UTC)
BODIES = ("Parks Board", "Water Committee", "Library Trustees", "Harbor Commission", "Arts Council")


def read_body(body: str) -> tuple[Draft, ...]:
    page = Fetched(url="https://example.org/list", body=f"<body>{body}</body>".encode(), at=NOW)
    return read(page, Rule(), Hints(now=NOW)).drafts


def titles(drafts: tuple[Draft, ...]) -> list[str | None]:
    return [draft.title for draft in drafts]


def test_a_heading_that_says_only_when_gives_way_to_the_line_that_says_what() -> None:
    rows = "".join(
        f"<tr class='meeting'><td><h4><a href='/view/agenda/_{at}'><strong><abbr>Jan</abbr> {at + 3},"
        f" 2018</strong> &mdash; Posted <abbr>Jan</abbr> {at + 1}, 2018 11:4{at} AM</a></h4>"
        f"<p>{body} agenda</p></td><td class='downloads'><a href='/view/agenda/_{at}?pdf'>PDF</a>"
        "</td></tr>"
        for at, body in enumerate(BODIES)
    )

    got = read_body(f"<table>{rows}</table>")

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

    got = read_body(f"<table>{rows}</table>")

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

    got = read_body(f"<table>{heads}{rows}</table>")

    assert titles(got) == [f"The {body} is heard on the new port" for body in BODIES]


def test_the_triangle_that_unfolds_a_heading_is_no_part_of_its_title() -> None:
    items = "".join(
        f"<div class='x'><h3><span>\u25bc</span>{body} meets on the budget \u00bb</h3>"
        f"<p>4 January 2018</p><a href='/doc/{at}'>Agenda</a></div>"
        for at, body in enumerate(BODIES)
    )

    got = read_body(items)

    assert titles(got) == [f"{body} meets on the budget" for body in BODIES]


def test_an_item_of_a_rare_form_has_its_title_too() -> None:
    with_picture = (
        "<div class='hed'><a class='rubric' href='/category/{at}'>Water</a><a class='x' href='/s/{at}'>"
        "<img src='/{at}.jpg'></a><a class='x' href='/s/{at}'><h2>{title} again</h2></a></div>"
    )
    bare = "<div class='hed'><a class='x' href='/s/{at}'><h2>{title} again</h2></a></div>"
    said = [f"{body} meets in room {at}" for at in range(8) for body in BODIES]

    got = read_body(
        "".join(
            (bare if at == 1 else with_picture).format(at=at, title=title)
            for at, title in enumerate(said)
        )
    )

    assert titles(got) == [f"{title} again" for title in said]
