"""Made-up sites for bench/contract.py: how they list news, how they grow, how they change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import escape
from random import Random

START = datetime(2024, 3, 1, 12, tzinfo=UTC)
HOST = "http://news.example"
_WHO = [
    "Council",
    "Residents",
    "Court",
    "Miners",
    "Teachers",
    "Farmers",
    "Ministry",
    "Families",
    "Doctors",
    "Fishermen",
]
_DOES = [
    "discuss",
    "reject",
    "demand",
    "approve",
    "question",
    "celebrate",
    "await",
    "block",
    "study",
    "fund",
]
_WHAT = [
    "road",
    "bridge",
    "dam",
    "school",
    "clinic",
    "market",
    "pipeline",
    "forest",
    "harbour",
    "festival",
    "budget",
    "mine",
]
_WHERE = [
    "Arequipa",
    "Cusco",
    "Puno",
    "Tacna",
    "Ayacucho",
    "Piura",
    "Ica",
    "Junin",
    "Ancash",
    "Loreto",
    "Cotabambas",
    "Apurimac",
]
_WHY = [
    "protests",
    "floods",
    "elections",
    "talks",
    "hearings",
    "strikes",
    "repairs",
    "accidents",
    "delays",
    "visits",
]
SECTIONS = ("politics", "economy", "culture")


@dataclass(frozen=True, kw_only=True)
class Article:
    """One piece of news."""

    number: int
    title: str
    at: datetime
    summary: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Style:
    """How a site writes its list."""

    name: str
    link: str  # of an article, with {n}, {slug}, {section}, {at}
    item: str  # markup, with {href}, {title}, {date}, {summary}
    around: str = "<ul>{}</ul>"
    rule: str | None = None  # the source's selectors as YAML; None: found automatically
    dates: str = "%d %B %Y"  # "" when the site has none
    summaries: bool = True
    window: int = 10
    short: bool = False  # titles of three words


@dataclass
class Site:
    """A site that lives on."""

    style: Style
    rng: Random
    now: datetime = START
    articles: list[Article] = field(default_factory=list)

    def grow(self, count: int, *, over: timedelta = timedelta(days=1)) -> None:
        """Publish *count* articles while time goes on by *over*."""
        for step in range(1, count + 1):
            at = self.now + over * step / count
            self.articles.append(self._article(len(self.articles) + 1, at))
        self.now += over

    def _article(self, number: int, at: datetime) -> Article:
        pick = self.rng.choice
        title = f"{pick(_WHO)} {pick(_DOES)} the {pick(_WHAT)} in {pick(_WHERE)} after {pick(_WHY)}"
        if self.style.short:
            title = f"{pick(_WHAT).capitalize()} {pick(_WHERE)} {number}"
        slug = title.lower().replace(" ", "-")
        path = self.style.link.format(n=number, slug=slug, section=pick(SECTIONS), at=at)
        summary = f"In {pick(_WHERE)} the {pick(_WHAT)} led to {pick(_WHY)}, {number} people say."
        return Article(number=number, title=title, at=at, summary=summary, path=path)

    @property
    def listed(self) -> list[Article]:
        """Return what the list shows, newest first."""
        return self.articles[: -self.style.window - 1 : -1]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A page as the site serves it, and the articles that can be read on it."""

    body: str
    articles: tuple[Article, ...]


def plain(site: Site) -> Shown:
    """Serve the list as usual."""
    return _shown(site.style, site.listed)


def _shown(style: Style, articles: list[Article], *, extra: str = "", foot: str = "") -> Shown:
    items = extra + "".join(item_of(style, one) for one in articles)
    return Shown(body=frame(style.around.format(items), foot=foot), articles=tuple(articles))


def item_of(style: Style, one: Article) -> str:
    """Write one item."""
    date = f"{one.at:{style.dates}}" if style.dates else ""
    summary = one.summary if style.summaries else ""
    return style.item.format(
        href=one.path, title=escape(one.title), date=date, iso=f"{one.at:%Y-%m-%d}", summary=summary
    )


def frame(inside: str, *, foot: str = "") -> str:
    """Put the list into its page."""
    menu = "".join(f"<li><a href='/menu/{name}'>{name}</a></li>" for name in MENU)
    links = "".join(f"<a href='/{name}'>{name}</a> " for name in ("privacy", "imprint", "contact"))
    pages = "".join(f"<li><a href='{_page_path(name)}'>{name}</a></li>" for name in PAGES)
    return (
        "<!doctype html><html lang='en'><head><title>News</title></head><body>"
        f"<ul class='menu'>{menu}</ul><main>{inside}</main>{foot}"
        f"<aside><ul>{pages}</ul></aside><footer>{links}</footer></body></html>"
    )


def _page_path(name: str) -> str:
    return f"/{name.lower().replace(' ', '-')}"


MENU = ("Home", "About us", "Our work", "Projects", "Shop", "Donate", "Members", "Press", "Contact")

PAGES = (
    "What we do for families",
    "Our work in the highlands",
    "People who work with us",
    "How you can help today",
    "Projects of the past years",
    "Partners and friends abroad",
    "Answers to common questions",
    "Jobs and places for volunteers",
)

LI = (
    "<li class='item'><h3><a class='t' href='{href}'>{title}</a></h3><i class='d'>{date}</i>"
    "<p class='s'>{summary}</p></li>"
)
ARTICLE = (
    "<article class='item'><h2><a class='t' href='{href}'>{title}</a></h2>"
    "<time class='d' datetime='{iso}'>{date}</time><p class='s'>{summary}</p></article>"
)
ROW = (
    "<tr class='item'><td class='d'>{date}</td><td><a class='t' href='{href}'>{title}</a></td>"
    "<td class='s'>{summary}</td></tr>"
)
BARE = "<li class='item'><a class='t' href='{href}'>{title}</a></li>"
RULE = '{items: ".item", title: a.t, link: "a.t::attr(href)", date: .d, summary: .s}'

_BASE = (
    Style(name="numbers", link="/news/{n}", item=LI),
    Style(name="pages", link="/news-article-{n}.html", item=ARTICLE, around="<div>{}</div>"),
    Style(name="query", link="/article.php?id={n}", item=ROW, around="<table>{}</table>"),
    Style(name="years", link="/{at:%Y}/{at:%m}/{slug}/", item=ARTICLE, around="<div>{}</div>"),
    Style(name="sections", link="/{section}/{slug}", item=LI, window=20),
    Style(name="root", link="/{slug}", item=LI),
    Style(name="undated", link="/notes/{slug}", item=LI, dates="", summaries=False),
    Style(name="bare", link="/press/{n}.pdf", item=BARE, dates="", summaries=False, window=25),
    Style(name="short", link="/archive/{n}", item=LI, short=True, summaries=False),
    Style(name="long", link="/news/{n}", item=LI, window=50),
    Style(name="few", link="/statements/{slug}", item=ARTICLE, around="<div>{}</div>", window=5),
)
STYLES = tuple(
    replace(style, name=f"{style.name}{suffix}", rule=rule)
    for rule, suffix in ((RULE, ""), (None, "/auto"))
    for style in _BASE
)

# ---- changes -------------------------------------------------------------------------

Change = Callable[[Site], Shown]


def _redesigned(item: str, around: str = "<div class='grid'>{}</div>") -> Change:
    def change(site: Site) -> Shown:
        return _shown(replace(site.style, item=item, around=around), site.listed)

    return change


def classes_dropped(site: Site) -> Shown:
    item = site.style.item
    for name in (" class='item'", " class='t'", " class='d'", " class='s'"):
        item = item.replace(name, "")
    return _shown(replace(site.style, item=item), site.listed)


def classes_renamed(site: Site) -> Shown:
    item = site.style.item.replace("'item'", "'teaser'").replace("'t'", "'teaser-link'")
    return _shown(replace(site.style, item=item), site.listed)


def moved_and_redesigned(site: Site) -> Shown:
    listed = [replace(one, path=f"/blog/{one.at:%Y}/{one.number}-{one.title[:9].lower()}".replace(" ", "-")) for one in site.listed]  # fmt: skip
    return _redesigned(_CARD)(replace_listed(site, listed))


def replace_listed(site: Site, listed: list[Article]) -> Site:
    """Return a site that lists just these, newest first."""
    style = replace(site.style, window=len(listed))
    return Site(style=style, rng=site.rng, now=site.now, articles=listed[::-1])


def menu_in_place(site: Site) -> Shown:
    return Shown(body=frame(site.style.around.format(_menu_as_items(site))), articles=())


def menu_beside(site: Site) -> Shown:
    return _shown(site.style, site.listed, extra=_menu_as_items(site))


def _menu_as_items(site: Site) -> str:
    style = replace(site.style, dates="", summaries=False)
    entries = (
        Article(number=0, title=name, at=START, summary="", path=f"/menu/{name}".replace(" ", "-"))
        for name in MENU
    )
    return "".join(item_of(style, one) for one in entries)


def _dated_pages(*, apart: timedelta, folder: str = "") -> Change:
    """Show the site's own pages in the markup of the news, each with a summary and a date."""

    def change(site: Site) -> Shown:
        pages = [
            Article(
                number=number,
                title=name,
                at=site.now - number * apart,
                summary=f"Read all that there is to say about {name.lower()}.",
                path=folder + _page_path(name),
            )
            for number, name in enumerate(PAGES)
        ]
        items = "".join(item_of(site.style, one) for one in pages)
        return Shown(body=frame(site.style.around.format(items)), articles=())

    return change


def other_list_in_place(site: Site) -> Shown:
    """Show who donated, in the markup of the news."""
    style = replace(site.style, dates="", summaries=False)
    names = [
        Article(number=n, title=f"{one} Foundation", at=START, summary="", path=f"/donors/{n}-x")
        for n, one in enumerate(_WHERE)
    ]
    return Shown(
        body=frame(style.around.format("".join(item_of(style, one) for one in names))), articles=()
    )


def emptied(site: Site) -> Shown:
    return _shown(site.style, [])


def not_found(_: Site) -> Shown:
    return Shown(
        body=frame("<h1>Page not found</h1><p>Sorry, this page does not exist.</p>"), articles=()
    )


def maintenance(_: Site) -> Shown:
    body = "<html><body><h1>Back soon</h1><p>We are down for maintenance.</p></body></html>"
    return Shown(body=body, articles=())


def login(_: Site) -> Shown:
    form = "<h1>Log in</h1><form><input name='user'><input type='password' name='p'></form>"
    return Shown(body=frame(form), articles=())


def titles_alike(site: Site) -> Shown:
    """Let what was the title's class say "Read more"; the title stands above it."""
    item = (
        "<li class='item'><h4>{title}</h4><i class='d'>{date}</i><p class='s'>{summary}</p>"
        "<a class='t' href='{href}'>Read more</a></li>"
    )
    return _shown(replace(site.style, item=item), site.listed)


def links_gone(site: Site) -> Shown:
    item = site.style.item.replace("href='{href}'", "href='#'")
    return replace(_shown(replace(site.style, item=item), site.listed), articles=())


def dates_lost(site: Site) -> Shown:
    return _shown(
        replace(site.style, dates="", item=site.style.item.replace("{iso}", "")), site.listed
    )


def summaries_lost(site: Site) -> Shown:
    return _shown(replace(site.style, summaries=False), site.listed)


def date_renamed(site: Site) -> Shown:
    item = site.style.item.replace("class='d'", "class='posted'").replace(" datetime='{iso}'", "")
    return _shown(replace(site.style, item=item), site.listed)


def half(site: Site) -> Shown:
    return _shown(site.style, site.listed[: site.style.window // 2])


def hardly_any(site: Site) -> Shown:
    return _shown(site.style, site.listed[:2])


def only_first_fits(site: Site) -> Shown:
    """Give all but the first item another class."""
    first, *rest = site.listed
    other = replace(site.style, item=site.style.item.replace("'item'", "'small'"))
    items = item_of(site.style, first) + "".join(item_of(other, one) for one in rest)
    return Shown(body=frame(site.style.around.format(items)), articles=tuple(site.listed))


def turned(site: Site) -> Shown:
    return _shown(site.style, site.listed[::-1])


def oldest_first(site: Site) -> Shown:
    oldest = site.articles[: site.style.window]
    return replace(_shown(site.style, oldest), articles=())


def broken_off(site: Site) -> Shown:
    shown = plain(site)
    cut = (
        shown.body.index("<main>")
        + (shown.body.index("</main>") - shown.body.index("<main>")) * 2 // 3
    )
    cut = shown.body.index("href=", cut) + 9
    body = shown.body[:cut]
    whole = [one for one in site.listed if escape(one.title) in body]
    return Shown(body=body, articles=tuple(whole[:-1]))


def advertisements(site: Site) -> Shown:
    style = replace(site.style, dates="", summaries=False)
    ads = [Article(number=n, title=f"Save {n}0 % on shoes today only", at=START, summary="", path=f"http://ads.example/click?c={n}") for n in range(3)]  # fmt: skip
    items = [item_of(site.style, one) for one in site.listed]
    for at, ad in enumerate(ads):
        items.insert(2 * at + 1, item_of(style, ad))
    return Shown(body=frame(site.style.around.format("".join(items))), articles=tuple(site.listed))


_CARD = (
    "<div class='card c{href}'><a href='{href}'><img src='x.jpg'></a><div><h4><a href='{href}'>{title}</a>"
    "</h4><span class='when'>{date}</span><div class='lead'>{summary}</div></div></div>"
)
_LINE = "<p class='n'><b>{date}</b> <a href='{href}'>{title}</a><br>{summary}</p>"
_CELL = "<tr><td>{date}</td><td><a href='{href}'>{title}</a><br><small>{summary}</small></td></tr>"

CHANGES: dict[str, Change] = {
    "classes dropped": classes_dropped,
    "classes renamed": classes_renamed,
    "cards": _redesigned(_CARD),
    "lines": _redesigned(_LINE, "<div>{}</div>"),
    "table": _redesigned(_CELL, "<table>{}</table>"),
    "moved and redesigned": moved_and_redesigned,
    "titles alike": titles_alike,
    "menu in place of list": menu_in_place,
    "another list in place": other_list_in_place,
    "menu with fresh dates": _dated_pages(apart=timedelta(hours=3)),
    "menu with one date": _dated_pages(apart=timedelta()),
    "menu with old dates": _dated_pages(apart=timedelta(days=11)),
    "other pages, fresh dates": _dated_pages(apart=timedelta(hours=3), folder="/pages"),
    "list emptied": emptied,
    "page not found": not_found,
    "maintenance": maintenance,
    "login": login,
    "links gone": links_gone,
    "oldest first": oldest_first,
    "menu beside list": menu_beside,
    "advertisements": advertisements,
    "dates lost": dates_lost,
    "date renamed": date_renamed,
    "summaries lost": summaries_lost,
    "half a page": half,
    "hardly any item": hardly_any,
    "only the first fits": only_first_fits,
    "order turned": turned,
    "broken off": broken_off,
}
