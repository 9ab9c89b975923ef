"""Made-up pages of the kinds that are hard to read, in more languages, with more noise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from random import Random

from tests.core.extract.shapes import Said, Shape, english

# ---- what is said, in other languages -------------------------------------------------

_WORDS = {
    "es": (
        ("El consejo", "Las comunidades", "La empresa minera", "Dos ministros", "El puerto"),
        ("aprueba el presupuesto", "vuelven al diálogo", "suspende las obras", "piden más tiempo"),
        "{day} de enero de 2018",
        "La reunión se prolongó hasta la noche y nadie esperaba la respuesta que llegó de Lima.",
    ),
    "ru": (
        ("Городской совет", "Рабочие рудника", "Два министра", "Музей", "Порт"),
        ("принял новый план", "вернулись к работе", "просят больше времени", "открылся снова"),
        "{day} января 2018",
        "Встреча продолжалась до позднего вечера, и ответа из столицы никто не ожидал.",
    ),
    "ja": (
        ("市議会が", "鉱山労働者が", "港湾局が", "博物館が", "教員組合が"),
        ("新しい計画を承認", "職場に復帰", "工事を再開", "年次報告を公表"),
        "2018年1月{day}日",
        "会議は夜遅くまで続き、首都からの回答を予想した人は誰もいなかったという。次の会議も予定されている。",
    ),
    "ar": (
        ("مجلس المدينة", "عمال المنجم", "وزيران", "المتحف القديم", "سكان الوادي"),
        ("يوافق على الخطة", "يعودون إلى العمل", "يطلبان وقتا أطول", "يفتح أبوابه"),
        "{day} يناير 2018",
        "استمر الاجتماع حتى وقت متأخر من الليل ولم يتوقع أحد الجواب الذي جاء من العاصمة.",
    ),
}


def foreign(language: str, count: int, seed: int) -> list[Said]:
    """Return made-up items in a language, the newest first."""
    subjects, deeds, date, summary = _WORDS[language]
    chance = Random(seed)
    return [
        Said(
            title=f"{chance.choice(subjects)} {chance.choice(deeds)} {at + 1}",
            link=f"/n/{7000 + at}",
            date=date.format(day=28 - at % 27),
            summary=summary,
        )
        for at in range(count)
    ]


def items_in(language: str, count: int, seed: int) -> list[Said]:
    """Return made-up items in any of the languages."""
    return english(count, seed) if language == "en" else foreign(language, count, seed)


LANGUAGES = ("en", *_WORDS)

# ---- what an item looks like ---------------------------------------------------------


def _each(write: Callable[[int, Said], str], *, start: str = "", end: str = "") -> Shape:
    def shape(items: Sequence[Said]) -> str:
        return start + "".join(write(at, one) for at, one in enumerate(items)) + end

    return shape


def _title(one: Said) -> str:
    return escape(one.title)


def _shared(_: int, one: Said) -> str:
    share = "".join(
        f"<a class='s-{name}' href='https://{name}.example/share?u={one.link}'>{name}</a>"
        for name in ("face", "chirp", "pin", "mail")
    )
    return (
        f"<div class='entry'><h3><a href='{one.link}'>{_title(one)}</a></h3><p>{one.summary}</p>"
        f"<div class='meta'>{one.date}</div><div class='share'>{share}</div></div>"
    )


def _with_popup(at: int, one: Said) -> str:
    popup = "".join(
        f"<li><a href='/member/{at}?do={what}'>{what} of this member</a></li>"
        for what in ("profile", "posts", "messages", "threads", "homepage")
    )
    return (
        f"<tr><td><h3><a href='{one.link}'>{_title(one)}</a></h3><span>{one.date}</span>, "
        f"<a href='/member/{at}'>member{at}</a><div class='popupmenu'><ul>{popup}</ul></div></td></tr>"
    )


def _blocks(items: Sequence[Said]) -> str:
    """Return a home page: sections of unlike sizes, no container for all."""
    out = []
    names = iter(("Top", "World", "Science", "Culture", "Sports", "Local") * 20)
    sizes = iter((3, 5, 4, 6) * 40)
    at = 0
    while at < len(items):
        group = items[at : at + next(sizes)]
        at += len(group)
        cards = "".join(
            f"<div class='story'><h3 class='hed'><a href='{one.link}'>{_title(one)}</a></h3>"
            f"<p class='dek'>{one.summary}</p><time>{one.date}</time></div>"
            for one in group
        )
        out.append(f"<section class='block'><h2>{next(names)}</h2>{cards}</section>")
    return "".join(out)


def _by_year(items: Sequence[Said]) -> str:
    out = []
    for at in range(0, len(items), 4):
        rows = "".join(
            f"<li>{one.date}: <a href='{one.link}'>{_title(one)}</a></li>"
            for one in items[at : at + 4]
        )
        out.append(f"<li><strong>{2017 - at // 4}</strong><ul>{rows}</ul></li>")
    return f"<ul class='years'>{''.join(out)}</ul>"


def _labelled(at: int, one: Said) -> str:
    return (
        f"<div class='case'><div><b>Number:</b> <a href='{one.link}'>2018-{at:03}</a></div>"
        f"<div><b>Title:</b> {_title(one)}</div><div><b>Filed:</b> {one.date}</div></div>"
    )


HARD: dict[str, Shape] = {
    "docket numbers": _each(
        lambda at, one: f"<tr><td><a href='{one.link}'>18-{at:04}</a></td><td>{_title(one)}</td><td>{one.date}</td></tr>",
        start="<table class='cases'><thead><tr><th>Docket No.</th><th>Case name</th><th>Date filed</th></tr></thead><tbody>",
        end="</tbody></table>",
    ),
    "share links": _each(_shared),
    "popup menus": _each(_with_popup, start="<table class='threads'>", end="</table>"),
    "home page": _blocks,
    "by year": _by_year,
    "hashed classes": _each(
        lambda _, one: f"<div class='Card_root__x7Gh2'><div class='Card_meta__aB3'>{one.date}</div>"
        f"<a class='Card_link__Qw9' href='{one.link}'>{_title(one)}</a><div class='Card_text__0p'>{one.summary}</div></div>",
        start="<div class='Grid_grid__1kL'>",
        end="</div>",
    ),
    "own elements": _each(
        lambda _, one: f"<news-card><a href='{one.link}'><span slot='title'>{_title(one)}</span></a>"
        f"<news-date>{one.date}</news-date><news-text>{one.summary}</news-text></news-card>",
        start="<news-list>",
        end="</news-list>",
    ),
    "figures": _each(
        lambda at, one: f"<figure><a href='{one.link}'><img src='/p/{at}.jpg' alt=''></a>"
        f"<figcaption><a href='{one.link}'>{_title(one)}</a> <small>{one.date}</small></figcaption></figure>"
    ),
    "empty download link": _each(
        lambda at, one: f"<li><a href='{one.link}'>{_title(one)}</a> <a class='dl' href='/files/{at}.zip'></a><span>{one.date}</span></li>",
        start="<ul class='docs'>",
        end="</ul>",
    ),
    "accordion": _each(
        lambda _, one: f"<div class='accordion-item'><h2 class='accordion-header'><button type='button'>{_title(one)}</button></h2>"
        f"<div class='panel'><p>{one.date}</p><p>{one.summary}</p><a href='{one.link}'>Details</a></div></div>"
    ),
    "nested fonts": _each(
        lambda _, one: f"<tr><td><font face=Arial size=2><b><font color=navy><a href='{one.link}'>{_title(one)}</a></font></b>"
        f"<br><font color=gray>{one.date}</font><br>{one.summary}</font></td></tr>",
        start="<table width=100% border=0 cellspacing=0>",
        end="</table>",
    ),
    "date in an attribute": _each(
        lambda at, one: f"<article><h3><a href='{one.link}'>{_title(one)}</a></h3>"
        f"<span class='ago' title='2018-01-{28 - at % 27:02}T08:00:00+00:00'>some time ago</span></article>"
    ),
    "labels and values": _each(_labelled),
}  # fmt: skip
