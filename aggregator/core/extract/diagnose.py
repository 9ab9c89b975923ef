"""Name a page without items for what it is, and say what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from aggregator.core.extract.nodes import text_of_node
from aggregator.core.text import cut
from aggregator.model import Diagnosis, Trouble

_LITTLE = 1_500  # characters; walls, log-ins and error pages hardly say more
_HARDLY_ANY = 400  # characters of a shell before its scripts have run
_READ = 20_000  # characters of a page that are searched
_SHOWN = 80
_FOLLOWING = 20  # characters shown of what follows

_BLOCKED = re.compile(
    r"just a moment|attention required|checking your browser"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human"
    r"|are you (?:a )?(?:human|robot)|not a robot|captcha|unusual traffic|automated (?:access"
    r"|requests)"
    r"|request (?:blocked|unsuccessful)|access (?:to this page has been )?denied|ddos protection"
    r"|you have been blocked|security check|pardon our interruption|human verification"
    r"|bot detection"
    r"|bitte bestätigen sie, dass sie|vérifiez que vous êtes humain|no soy un robot"
    r"|je ne suis pas un robot"
    r"|безопасност[ьи] соединения|я не робот"
    r"|人机验证|安全验证|访问验证|ロボットではありません",
    re.IGNORECASE,
)
_CHALLENGE = (
    "#challenge-form, #challenge-running, #cf-wrapper, .g-recaptcha, .h-captcha, .cf-turnstile, "
    "#px-captcha, iframe[src*=captcha], script[src*=captcha], script[src*=challenge-platform], "
    "script[src*=_Incapsula_], meta[name=captcha-bypass]"
)
_LOGIN = re.compile(
    r"\b(?:log ?in|sign ?in|anmeld\w+|einloggen|connexion|se connecter|iniciar sesi[oó]n|acceder"
    r"|accedi|entrar|inloggen|logga in|logg inn|zaloguj"
    r"|přihlá\w+|giriş)\b|войти|вход|登录|登錄|ログイン|로그인",
    re.IGNORECASE,
)
_SHELLS = (
    "#root, #app, #__next, #__nuxt, #___gatsby, #svelte, #main-app, app-root, [ng-app], "
    "[ng-version], [data-reactroot], [data-server-rendered], #react-root, #application, #ember-app"
)
_NO_SCRIPT = re.compile(
    r"(?:enable|activate|turn on|requires?|need|without) java ?script"
    r"|java ?script (?:is )?(?:required"
    r"|disabled|deaktiviert|desactivado|aktivieren)|javascript (?:aktivieren|activer|activar)"
    r"|activez javascript|включите javascript|启用 ?javascript",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"\b(?:error )?404\b|(?:page|site|file|document|seite) (?:was |could )?(?:not"
    r"|nicht) (?:be )?(?:found|gefunden)"
    r"|not found|does(?:n[o']t| not) exist|no longer (?:available|exists)|page introuvable"
    r"|no encontrad[ao]"
    r"|no existe|não encontrad[ao]|pagina non trovata|niet gevonden|nenalezen[ao]|nie znaleziono"
    r"|hittades inte|ikke funnet|ikke fundet"
    r"|не найден[ао]?|не существует|页面不存在|找不到|見つかりません",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"\bno (?:\w+ ){0,2}(?:results?|items?|news|posts?|articles?|entries|events?|documents?"
    r"|records?"
    r"|releases|publications|announcements|topics|threads)\b(?: (?:were |was |have been |are "
    r"|yet)?"
    r"(?:found|available|yet|to (?:show|display)|match\w*|at (?:this|the) (?:time|moment)))?"
    r"|nothing (?:found|here|to (?:show|see|display)|(?:was )?published)|there (?:are"
    r"|is) (?:currently )?no\b"
    r"|\b0 (?:results|items|articles)|keine (?:\w+ )?(?:ergebnisse|einträge|treffer|meldungen"
    r"|beiträge"
    r"|termine|nachrichten)|aucune? (?:résultat|article|actualité|événement|publication|document)"
    r"|(?:no hay|no se encontraron|sin) (?:\w+ )?(?:resultados|noticias|entradas|eventos"
    r"|documentos|publicaciones)"
    r"|nessun[ao]? (?:risultat|notizi|articol|event|element)\w*|nenhum[a]? (?:resultado"
    r"|not[ií]cia|evento|item)"
    r"|geen (?:resultaten|berichten|nieuws)|žádné|brak (?:wynik|wpis|aktualno)\w*"
    r"|inga (?:träffar|nyheter)"
    r"|ingen (?:treff|nyheter|resultater)|(?:ничего не|не) найдено|нет (?:новост|запис|событ"
    r"|результат)\w*"
    r"|暂无|暫無|没有(?:找到|数据"
    r"|内容|记录)|沒有(?:資料|內容)|ありません(?:でした)?|없습니다",
    re.IGNORECASE,
)
_EMPTY_LISTS = "ul:empty, ol:empty, tbody:empty, [class*=list]:empty, [class*=results]:empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What a page without items shows."""

    tree: LexborHTMLParser
    title: str
    heading: str
    text: str
    length: int  # characters of text

    def has(self, selector: str) -> bool:
        return self.tree.css_first(selector) is not None


def diagnose(tree: LexborHTMLParser, *, base_url: str) -> Diagnosis:
    """Return why a page has no items, and the next step.

    In this order: a wall against robots, a log-in, a shell that waits for its scripts, an
    error page that says 200, a list that holds nothing, a page that is no list.
    """
    page = _look(tree)
    return (
        _blocked(page)
        or _login(page)
        or _shell(page)
        or _missing(page, base_url)
        or _empty(page)
        or _no_list(page)
    )


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
    )


def _blocked(page: _Page) -> Diagnosis | None:
    if page.length > _LITTLE:
        return None
    said = _BLOCKED.search(page.title) or _BLOCKED.search(page.text)
    if not said and not page.has(_CHALLENGE):
        return None
    what = f"it says {said[0]!r}" if said else "it holds a captcha"
    return Diagnosis(
        trouble=Trouble.BLOCKED,
        detail=f"the site answers with a wall against robots: {what}",
        next_step="Ask the site for a feed or for access, raise `every`, or name your robot in "
        "`fetch.user_agent`; `render: browser` helps when the wall only wants scripts to run.",
    )


def _login(page: _Page) -> Diagnosis | None:
    if not page.has("input[type=password]"):
        return None
    named = _LOGIN.search(f"{page.title} {page.heading}")
    if page.length > _LITTLE and not named:
        return None
    return Diagnosis(
        trouble=Trouble.LOGIN,
        detail="the page asks for a password",
        next_step="Use a page that is open to everybody, or give the source `headers` or "
        "`cookies` of a session that may read it.",
    )


def _shell(page: _Page) -> Diagnosis | None:
    scripts = len(page.tree.css("script"))
    if page.length > _HARDLY_ANY or not scripts:
        return None
    told = any(_NO_SCRIPT.search(node.text(deep=True)) for node in page.tree.css("noscript"))
    if not (told or page.has(_SHELLS) or _NO_SCRIPT.search(page.text)):
        return None
    return Diagnosis(
        trouble=Trouble.NEEDS_BROWSER,
        detail=f"an application shell: {page.length} characters of text and {scripts} scripts",
        next_step="Look for the JSON the page loads and use its address with `json`, or set "
        "`render: browser` for this source.",
    )


def _missing(page: _Page, base_url: str) -> Diagnosis | None:
    said = _MISSING.search(page.title) or _MISSING.search(page.heading)
    if not said and page.length <= _LITTLE // 3:
        said = _MISSING.search(page.text)
    if not said:
        return None
    return Diagnosis(
        trouble=Trouble.SOFT_404,
        detail=f"the page says {said[0]!r}, though the server says all is well",
        next_step=f"Look in a browser where {base_url} went, and correct `url`.",
    )


def _empty(page: _Page) -> Diagnosis | None:
    said = _EMPTY.search(page.text)
    if said:
        detail = f"the page says {_with_what_follows(said, page.text)!r}"
    elif page.has(_EMPTY_LISTS):
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
