"""Listing pages of many shapes, made up: what pages look like, with the truth beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a made-up item says; ``link`` is as written in the page."""

    title: str
    link: str
    date: str
    summary: str


SUBJECTS = (
    "Mine workers", "The council", "Farmers of the valley", "Two ministers", "The water company",
    "Villagers", "Road builders", "The court of appeal", "Teachers", "Researchers", "The harbour",
    "Bus drivers", "A small museum", "The old theatre", "Fishermen", "The regional assembly",
)  # fmt: skip
DEEDS = (
    "return after long talks", "agree on a new plan", "reject the budget", "ask for more time",
    "publish their yearly report", "open a second office", "win the case", "stop the works",
    "sign a treaty", "celebrate fifty years", "lose the vote", "find a buyer", "begin early",
)  # fmt: skip
CJK_TITLES = (
    "矿区工人返回工作岗位", "市议会通过新的用水计划", "公告", "山谷道路继续封闭", "港口二期工程开工",
    "教师节活动通知", "停水", "关于召开年度会议的通知", "博物馆新馆开放", "法院作出判决", "渔业报告发布",
    "巴士司机获奖",
)  # fmt: skip
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September")
SENTENCE = (
    "People met in the square on Friday and talked until late about what should come next",
    "Nobody had expected the answer that came from the capital after so many weeks of silence",
    "The report lists forty cases and says which of them could have been avoided with little effort",
    "A second meeting is planned, and this time those who live by the river are invited as well",
)


def english(count: int, seed: int) -> list[Said]:
    """Return made-up items, the newest first."""
    chance = Random(seed)
    made = []
    for at in range(count):
        title = f"{chance.choice(SUBJECTS)} {chance.choice(DEEDS)}"
        if chance.random() < 0.3:
            title += f" in {chance.choice(('the north', 'June', 'the second round', 'Lima'))}"
        slug = f"{title.lower().replace(' ', '-')}-{1000 + at}"
        day = 28 - at % 27
        made.append(
            Said(
                title=title,
                link=f"/news/{slug}",
                date=f"{day} {MONTHS[8 - at % 9]} 2017",
                summary=f"{chance.choice(SENTENCE)}.",
            )
        )
    return made


def chinese(count: int, seed: int) -> list[Said]:
    chance = Random(seed)
    return [
        Said(
            title=CJK_TITLES[(at + seed) % len(CJK_TITLES)] + ("" if at < 12 else str(at)),
            link=f"/art/2017/{9 - at % 9}/{20 + at}/art_{100 + at}.html",
            date=f"2017-{9 - at % 9:02}-{28 - at % 27:02}",
            summary=chance.choice(
                ("会议在周五举行，与会者讨论了下一步的工作安排和计划。", "报告列出了四十个案例。")
            ),
        )
        for at in range(count)
    ]


# ---- what an item looks like ---------------------------------------------------------

Shape = Callable[[Sequence[Said]], str]


def _each(template: str, *, start: str = "", end: str = "") -> Shape:
    def shape(items: Sequence[Said]) -> str:
        rows = []
        for at, item in enumerate(items):
            day, _, rest = item.date.partition(" ")
            rows.append(
                template.format(
                    title=escape(item.title),
                    link=item.link,
                    date=item.date,
                    summary=item.summary,
                    at=at,
                    parity="odd" if at % 2 else "even",
                    day=day,
                    month_year=rest,
                )
            )
        return start + "".join(rows) + end

    return shape


def _grid(items: Sequence[Said]) -> str:
    cells = [
        f"<td valign=top><a href='{one.link}'><img src='/t/{at}.jpg'></a><br><a href='{one.link}'><b>{one.title}</b></a>"
        f"<br><font size=1>{one.date}</font><br>{one.summary}</td>"
        for at, one in enumerate(items)
    ]
    rows = ["<tr>" + "".join(cells[at : at + 2]) + "</tr>" for at in range(0, len(cells), 2)]
    return f"<table border=0>{''.join(rows)}</table>"


def _hero(items: Sequence[Said]) -> str:
    first, rest = items[0], items[1:]
    hero = (
        f"<section class='hero'><div class='hero-text'><h1><a href='{first.link}'>{first.title}</a></h1>"
        f"<time>{first.date}</time><p>{first.summary}</p></div></section>"
    )
    cards = "".join(
        f"<div class='grid-item'><h3><a href='{one.link}'>{one.title}</a></h3><time>{one.date}</time><p>{one.summary}</p></div>"
        for one in rest
    )
    return f"{hero}<div class='grid'>{cards}</div>"


def _days(items: Sequence[Said]) -> str:
    out = []
    for at in range(0, len(items), 3):
        group = items[at : at + 3]
        rows = "".join(f"<li><a href='{one.link}'>{one.title}</a></li>" for one in group)
        out.append(f"<h3>{items[at].date}</h3><ul>{rows}</ul>")
    return "".join(out)


def _rows_of_three(items: Sequence[Said]) -> str:
    cards = [
        f"<div class='col-md-4'><div class='card'><a href='{one.link}'><img src='/i/{at}.jpg'></a><div class='card-body'>"
        f"<h5 class='card-title'>{one.title}</h5><p class='card-text'>{one.summary}</p><small>{one.date}</small>"
        f"<a class='btn btn-primary' href='{one.link}'>Read more</a></div></div></div>"
        for at, one in enumerate(items)
    ]
    rows = [
        "<div class='row'>" + "".join(cards[at : at + 3]) + "</div>"
        for at in range(0, len(cards), 3)
    ]
    return f"<div class='container'>{''.join(rows)}</div>"


SHAPES: dict[str, Shape] = {
    "cards": _each(
        "<article class='post post-{at}'><h2 class='entry-title'><a href='{link}'>{title}</a></h2>"
        "<div class='meta'><span class='date'>{date}</span> by <a href='/author/ana'>Ana</a> in <a href='/category/news'>News</a></div>"
        "<div class='entry'><p>{summary}</p></div><a class='more' href='{link}'>Read more</a></article>"
    ),
    "bare list": _each("<li><a href='{link}'>{title}</a></li>", start="<ul>", end="</ul>"),
    "dated list": _each("<li><span>{date}</span> <a href='{link}'>{title}</a></li>", start="<ul class=list>", end="</ul>"),
    "date after": _each("<li><a href='{link}'>{title}</a> ({date})</li>", start="<ul>", end="</ul>"),
    "paragraphs": _each("<p><b>{date}</b> - <a href='{link}'>{title}</a><br>{summary}</p>"),
    "lines": _each("{date} <a href='{link}'>{title}</a><br>"),
    "lines below": _each("<a href='{link}'>{title}</a><br>{summary}<br><i>{date}</i><br><br>"),
    "definitions": _each("<dt>{date}</dt><dd><a href='{link}'>{title}</a></dd>", start="<dl>", end="</dl>"),
    "terms": _each("<dt><a href='{link}'>{title}</a></dt><dd>{summary}</dd><dd>{date}</dd>", start="<dl>", end="</dl>"),
    "table": _each(
        "<tr class='{parity}'><td>{date}</td><td><a href='{link}'>{title}</a></td><td>Office</td></tr>",
        start="<table><thead><tr><th>Date</th><th>Title</th><th>From</th></tr></thead><tbody>",
        end="</tbody></table>",
    ),
    "documents": _each(
        "<tr><td>{date}</td><td>{title}</td><td><a href='{link}.pdf'>PDF</a></td></tr>",
        start="<table><tr><th>Date</th><th>Subject</th><th>File</th></tr>",
        end="</table>",
    ),
    "paired rows": _each(
        "<tr><td>{at}.</td><td><a href='{link}'>{title}</a></td></tr><tr><td></td><td>{date} by <a href='/user/ana'>ana</a></td></tr>",
        start="<table>",
        end="</table>",
    ),
    "card is link": _each(
        "<a class='teaser' href='{link}'><div class='d'>{date}</div><div class='t'>{title}</div><div class='s'>{summary}</div></a>",
        start="<div class='teasers'>",
        end="</div>",
    ),
    "split date": _each(
        "<div class='event'><div class='cal'><span>{day}</span><span>{month_year}</span></div>"
        "<div><h4><a href='{link}'>{title}</a></h4><p>{summary}</p></div></div>"
    ),
    "flat headings": _each("<h3><a href='{link}'>{title}</a></h3><p class='when'>{date}</p><p>{summary}</p>"),
    "flat, link last": _each("<h4>{title}</h4>{date}<p>{summary}</p><p><a href='{link}'>More</a></p>"),
    "details": _each(
        "<div class='doc'><strong>{title}</strong><br>{date}<br><a href='{link}'>View document</a></div>"
    ),
    "tailwind": _each(
        "<div class='flex flex-col py-4 md:w-1/2'><div class='text-sm text-gray-500'>{date}</div>"
        "<a href='{link}' class='text-lg font-bold hover:underline'>{title}</a><div class='mt-2 text-gray-700'>{summary}</div></div>",
        start="<div class='mx-auto max-w-4xl'>",
        end="</div>",
    ),
    "thumbs": _each(
        "<li class='clearfix'><div class='pic'><a href='{link}'><img src='/p/{at}.jpg' alt='{title}'></a></div>"
        "<div class='txt'><a href='{link}'>{title}</a><p>{summary}</p><em>{date}</em></div></li>",
        start="<ul class='news'>",
        end="</ul>",
    ),
    "grid of cells": _grid,
    "hero and cards": _hero,
    "under days": _days,
    "rows of three": _rows_of_three,
    "no links": _each("<div class='notice'><h3>{title}</h3><div class='date'>{date}</div><p>{summary}</p></div>"),
    "forum": _each(
        "<tr><td><img src='/i/folder.gif'></td><td><a href='{link}' class='topictitle'>{title}</a><br>by <a href='/member/{at}'>user{at}</a>"
        " [ <a href='{link}?page=2'>2</a>, <a href='{link}?page=3'>3</a> ]</td><td>{at}</td><td>1{at}</td><td>{date}<br><a href='/member/9{at}'>other{at}</a></td></tr>",
        start="<table class='forum'><tr><th></th><th>Topics</th><th>Replies</th><th>Views</th><th>Last post</th></tr>",
        end="</table>",
    ),
}  # fmt: skip

# ---- what stands around --------------------------------------------------------------


def menu(_: Sequence[Said]) -> str:
    names = ("Home", "About us", "News", "Projects", "Events", "Library", "Contact")
    return (
        "<div id='nav'><ul>"
        + "".join(f"<li><a href='/{n.lower().replace(' ', '-')}'>{n}</a></li>" for n in names)
        + "</ul></div>"
    )


def wide_menu(_: Sequence[Said]) -> str:
    columns = []
    for name in ("Services", "Departments", "Residents", "Business", "Government"):
        links = "".join(
            f"<li><a href='/{name.lower()}/page-{at}'>{name} and permits {at}</a></li>"
            for at in range(14)
        )
        columns.append(
            f"<li class='has-sub'><a href='/{name.lower()}'>{name}</a><ul>{links}</ul></li>"
        )
    return f"<header><nav class='mega'><ul>{''.join(columns)}</ul></nav></header>"


def recent(items: Sequence[Said]) -> str:
    rows = "".join(f"<li><a href='{one.link}'>{escape(one.title)}</a></li>" for one in items[:5])
    months = "".join(f"<li><a href='/2017/{at}'>{MONTHS[at]} 2017</a></li>" for at in range(9))
    tags = "".join(f"<a href='/tag/t{at}'>word{at}</a> " for at in range(40))
    return (
        f"<div class='sidebar'><div class='widget'><h3>Recent posts</h3><ul>{rows}</ul></div>"
        f"<div class='widget'><h3>Archives</h3><ul>{months}</ul></div><div class='widget tagcloud'>{tags}</div></div>"
    )


def popular(_: Sequence[Said]) -> str:
    rows = "".join(
        f"<li><a href='/old/story-{at}-of-last-year'>An older story that many people have read {at}</a></li>"
        for at in range(10)
    )
    return f"<aside><h4>Most read</h4><ol>{rows}</ol></aside>"


def unnamed_box(_: Sequence[Said]) -> str:
    rows = "".join(
        f"<li><a href='/info/{name.lower().replace(' ', '-')}'>{name}</a></li>"
        for name in (
            "How to reach us",
            "Opening hours",
            "Forms and permits",
            "Open positions",
            "Our history",
        )
    )
    return f"<div class='box2'><ul>{rows}</ul></div>"


def footer(_: Sequence[Said]) -> str:
    links = "".join(f"<li><a href='/legal/{at}'>Terms of use part {at}</a></li>" for at in range(8))
    social = "".join(
        f"<a href='https://{host}.example/share'>{host}</a>" for host in ("face", "tweet", "photo")
    )
    return f"<div class='bottom'><ul>{links}</ul>{social}<p>© 2017 Example</p></div>"


def pages(_: Sequence[Said]) -> str:
    return (
        "<div class='pages'>"
        + "".join(f"<a href='?page={at}'>{at}</a> " for at in range(2, 12))
        + "</div>"
    )


AROUND: dict[str, tuple[Shape, ...]] = {
    "alone": (menu, footer),
    "blog": (menu, recent, footer, pages),
    "office": (wide_menu, unnamed_box, footer, pages),
    "paper": (menu, popular, unnamed_box, footer),
}


def page(shape: str, around: str, items: Sequence[Said]) -> str:
    """Return a whole page; what stands around comes before and after the items."""
    return page_around(SHAPES[shape](items), around, items)


def page_around(main: str, around: str, items: Sequence[Said] = ()) -> str:
    """Return a whole page with something else than a list in its middle."""
    before, *after = (part(items) for part in AROUND[around])
    body = f"{before}<h1>News</h1><div id='content'>{main}</div>{''.join(after)}"
    return (
        f"<!doctype html><html lang='en'><head><title>News</title></head><body>{body}</body></html>"
    )
