"""Name a page without items for what it is, and say what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from aggregator.core.extract import signs
from aggregator.core.extract.markup import absolute
from aggregator.core.extract.nodes import text_of_node
from aggregator.core.text import cut
from aggregator.model import Diagnosis, Trouble

_LITTLE = 1_500  # characters; walls, log-ins and error pages hardly say more
_HARDLY_ANY = 400  # characters of a shell before its scripts have run
_NOTHING = 80  # characters of a page that only leads on, or waits
_READ = 20_000  # characters of a page that are searched
_SCRIPTS = 20  # that are looked into, and so many characters of each
_FRAMES = 10
_SHOWN = 80
_FOLLOWING = 20  # characters shown of what follows


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What a page without items shows."""

    tree: LexborHTMLParser
    title: str
    heading: str
    text: str
    length: int  # characters of text
    veiled: str  # what those read whose browser runs no scripts
    scripts: str  # the beginnings of what stands in the page itself

    def has(self, selector: str) -> bool:
        return self.tree.css_first(selector) is not None

    def says(self, pattern: re.Pattern[str], *, most: int) -> str:
        """Return what title or heading says of something, or the text of a short page."""
        said = pattern.search(self.title) or pattern.search(self.heading)
        if not said and self.length <= most:
            said = pattern.search(self.text)
        return said[0].strip() if said else ""


def diagnose(tree: LexborHTMLParser, *, base_url: str) -> Diagnosis:
    """Return why a page has no items, and the next step.

    In this order: what keeps its readers out (`wall_of`), a page that only leads elsewhere, a
    shell that waits for its scripts, a frame, an error page that says 200, a question before
    the page, a list that holds nothing, a page that is no list.
    """
    page = _look(tree)
    return (
        _wall(page)
        or _leads_on(page, base_url)
        or _shell(page)
        or _framed(page, base_url)
        or _missing(page, base_url)
        or _consent(page)
        or _empty(page)
        or _no_list(page)
    )


def wall_of(tree: LexborHTMLParser) -> Diagnosis | None:
    """Tell what stands in place of a page: its few headings may look like items.

    A site that is down, a wall against robots, a log-in, a site that is no more.
    """
    return _wall(_look(tree))


def _wall(page: _Page) -> Diagnosis | None:
    return _unavailable(page) or _blocked(page) or _login(page) or _no_site(page)


def _look(tree: LexborHTMLParser) -> _Page:
    title = tree.css_first("title")
    heading = tree.css_first("h1")
    text = text_of_node(tree.body) if tree.body is not None else ""
    return _Page(
        tree=tree,
        title=text_of_node(title) if title is not None else "",
        heading=text_of_node(heading)[:_READ] if heading is not None else "",
        text=text[:_READ],
        length=len(text),
        veiled=" ".join(node.text(deep=True) for node in tree.css("noscript"))[:_READ],
        scripts=" ".join(
            node.text(deep=True)[:_LITTLE] for node in tree.css("script:not([src])")[:_SCRIPTS]
        ),
    )


def _unavailable(page: _Page) -> Diagnosis | None:
    said = page.says(signs.UNAVAILABLE, most=_LITTLE // 3) if page.length <= _LITTLE else ""
    if not said:
        return None
    return Diagnosis(
        trouble=Trouble.UNAVAILABLE,
        detail=f"the site is out of order or being mended: it says {said!r}",
        next_step="Nothing, as a rule: it is asked again at the next turn.",
    )


def _blocked(page: _Page) -> Diagnosis | None:
    if page.length > _LITTLE:
        return None
    said = signs.BLOCKED.search(f"{page.title} {page.text} {page.veiled}")
    script = signs.CHALLENGE_SCRIPT.search(page.scripts)
    if not said and not script and not page.has(signs.CHALLENGE):
        return None
    what = f"it says {said[0]!r}" if said else "it holds a captcha or a challenge"
    return Diagnosis(
        trouble=Trouble.BLOCKED,
        detail=f"the site answers with a wall against robots: {what}",
        next_step="Ask the site for a feed or for access, raise `every`, or name your robot in "
        "`fetch.user_agent`; `render: browser` helps when the wall only wants scripts to run.",
    )


def _login(page: _Page) -> Diagnosis | None:
    named = signs.LOGIN.search(f"{page.title} {page.heading}")
    if page.has("input[type=password]"):
        if page.length > _LITTLE and not named:
            return None
        detail = "the page asks for a password"
    else:
        said = signs.MUST_LOG_IN.search(f"{page.title} {page.text}")
        if not said or page.length > _LITTLE // 3:
            return None
        detail = f"the page says {said[0]!r}"
    return Diagnosis(
        trouble=Trouble.LOGIN,
        detail=detail,
        next_step="Use a page that is open to everybody, or give the source `headers` or "
        "`cookies` of a session that may read it.",
    )


def _no_site(page: _Page) -> Diagnosis | None:
    said = page.says(signs.NO_SITE, most=_LITTLE // 3) if page.length <= _LITTLE else ""
    if not said:
        return None
    return Diagnosis(
        trouble=Trouble.NO_SITE,
        detail=f"there is no site at this address now: the page says {said!r}",
        next_step="Look whether the site lives elsewhere, and correct `url`.",
    )


def _leads_on(page: _Page, base_url: str) -> Diagnosis | None:
    """Tell of a page that is nothing but the way to another one."""
    if page.length > _HARDLY_ANY:
        return None
    refresh = page.tree.css_first("meta[http-equiv=refresh i]")
    found = signs.REFRESH.match((refresh.attributes.get("content") or "") if refresh else "")
    if not found and page.length <= _NOTHING:
        found = signs.LEADS_ON.search(page.scripts)
    return _elsewhere("leads on to", absolute(found[1], base_url=base_url)) if found else None


def _framed(page: _Page, base_url: str) -> Diagnosis | None:
    """Tell of a page that shows another one in a frame; of several, the one for the content."""
    if page.length > _HARDLY_ANY:
        return None
    frames = [
        (node.attributes.get("name") or "", node.attributes.get("src") or "")
        for node in page.tree.css("frame[src], iframe[src]")[:_FRAMES]
    ]
    shown = [frame for frame in frames if not signs.NO_FRAME.search(frame[1])]
    named = [frame for frame in shown if signs.CONTENT_FRAME.search(" ".join(frame))]
    best = (named or shown[-1:])[:1]
    return _elsewhere("shows in a frame", absolute(best[0][1], base_url=base_url)) if best else None


def _elsewhere(how: str, url: str) -> Diagnosis | None:
    if not url.startswith("http"):
        return None
    return Diagnosis(
        trouble=Trouble.ELSEWHERE,
        detail=f"the page holds nothing itself: it {how} {url}",
        next_step=f"Look whether the list is there, and set `url` to it: {url}",
    )


def _shell(page: _Page) -> Diagnosis | None:
    scripts = len(page.tree.css("script"))
    if page.length > _HARDLY_ANY or not scripts:
        return None
    waits = signs.LOADING.fullmatch(page.text) is not None and page.has("script[src]")
    told = signs.NO_SCRIPT.search(page.veiled) or signs.NO_SCRIPT.search(page.text)
    if not (waits or told or page.has(signs.SHELLS)):
        return None
    return Diagnosis(
        trouble=Trouble.NEEDS_BROWSER,
        detail=f"an application shell: {page.length} characters of text and {scripts} scripts",
        next_step="Look for the JSON the page loads and use its address with `json`, or set "
        "`render: browser` for this source.",
    )


def _missing(page: _Page, base_url: str) -> Diagnosis | None:
    said = page.says(signs.MISSING, most=_LITTLE // 3)
    if not said:
        return None
    return Diagnosis(
        trouble=Trouble.SOFT_404,
        detail=f"the page says {said!r}, though the server says all is well",
        next_step=f"Look in a browser where {base_url} went, and correct `url`.",
    )


def _consent(page: _Page) -> Diagnosis | None:
    said = page.says(signs.CONSENT, most=0)
    if not said or page.length > _LITTLE:
        return None
    return Diagnosis(
        trouble=Trouble.CONSENT,
        detail=f"the site asks its readers something first: {said!r}",
        next_step="Answer it in a browser and give the source the `cookies` that it sets then, "
        "or look for a feed.",
    )


def _empty(page: _Page) -> Diagnosis | None:
    said = signs.EMPTY.search(page.text)
    if said:
        detail = f"the page says {_with_what_follows(said, page.text)!r}"
    elif page.has(signs.EMPTY_LISTS):
        detail = "the page holds a list with nothing in it"
    else:
        return None
    return Diagnosis(
        trouble=Trouble.EMPTY_LIST,
        detail=detail,
        next_step="Nothing, if the list is really empty now; it is asked again at the next turn.",
    )


def _with_what_follows(said: re.Match[str], text: str) -> str:
    """Return what was *said* in *text* with the next few words, none of them in part."""
    end = text.find(" ", said.end() + _FOLLOWING)
    return cut(text[said.start() : end if end >= 0 else len(text)], _SHOWN)


def _no_list(page: _Page) -> Diagnosis:
    if page.length == 0:
        detail = "the page holds no text"
    else:
        detail = f"{page.length} characters of text, and nothing in it repeats like items do"
    return Diagnosis(
        trouble=Trouble.NOT_A_LIST,
        detail=detail,
        next_step="Use the page that lists the items as `url`; if this is the one, name them "
        "with `selectors:`. `aggregator extract URL --explain` shows what was considered.",
    )
