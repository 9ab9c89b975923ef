"""Tell which parameters of an address only say how a reader came to it."""

from __future__ import annotations

import re
from collections.abc import Sequence


def _words_in(text: str) -> frozenset[str]:
    return frozenset(text.split())


# ---- names that never tell one article from another --------------------------------------

_ALWAYS = re.compile(
    r"""
    utm.* | (?:mtm|itm|hsa|vero|oly)_.+ | .*clid | .*clkid | [gw]braid | .+click_?id | igsh(?:id)?
    | mc_[ce]id | mkt_tok | wt[._]mc.* | \w{1,3}_cid | icid | cmp(?:id)? | mchannel | xtor | s_kwcid
    | ef_id | dm_i | ncid | epik | li_fat_id | ck_subscriber_id | _openstat | _hs\w+ | _g[al]\w*
    | refer(?:r?er) | _ | __\w+                                                  # campaigns
    | .*sess(?:ion)?_?id\w* | aspsessionid\w* | cftoken | oscsid | zenid         # sessions
    | replytocom | nocache                                                      # the same page
    """,
    re.VERBOSE,
)
_CAMPAIGN_WORDS = frozenset({"campaign", "campaignid", "cmp", "medium", "mchannel"})

# ---- names that may be an id: their value tells -------------------------------------------

_MARKER_WORDS = _words_in(
    """
    ref source src from via origin channel feature share campaign medium click
    sid cid mid fm partner promo tracking trk xt
    """
)
_CHANNELS = _words_in(
    """
    rss twitter facebook whatsapp linkedin telegram instagram reddit pinterest newsletter
    googlenews flipboard
    """
)
_CHANNELS_ALONE = _words_in(
    """
    feed feeds atom social email mail google push mobile app fb tw ig share amp print web
    homepage home
    """
)
_FROM_FEED = re.compile(r"rss\d?(?:[_-].*)?", re.IGNORECASE)
_SESSION_NAMES = _words_in(
    """
    sid session s token sess osid phpsid zenid
    """
)
_LONG_HEX = re.compile(r"[0-9a-f]{16,}", re.IGNORECASE)

# ---- other views of one page ---------------------------------------------------------------

_VIEWS = re.compile(r"amp|print.*|imprimir|impression|mobile|component", re.IGNORECASE)
_VIEW_NAMES = _words_in(
    """
    output outputtype view layout mode tmpl template format display version
    """
)
_SWITCHES = re.compile(
    r"amp|isamp|print\w*|imprimir|mobile|ismobile|nomobile|rss|shared?", re.IGNORECASE
)
_ON = frozenset({"", "1", "true", "yes", "y", "on"})

# ---- words beside a path that names its article by itself ----------------------------------

_SCRIPT = re.compile(
    r"\.(?:php\d?|aspx?|jspx?|cgi|cfm|do|dll|ac|pl|exe|nsf|action|xhtml)$", re.IGNORECASE
)
_FAMILY = 4  # letters, at most, that a tool puts before all its names
_SLUG_WORDS = 4
_DATED = re.compile(r"/(?:19|20)\d\d/\d\d?/\d\d?/[^/]*[a-z]", re.IGNORECASE)
_NUMBERED = re.compile(r"\d{5,}[-_][a-z]{4,}|[a-z]{4,}[-_]\d{5,}", re.IGNORECASE)
_WORDS = re.compile(r"[a-z][a-z_. -]{2,}", re.IGNORECASE)
_CONTENT_WORDS = _words_in(
    """
    lang language locale idioma lengua langue sprache hl lc edition version format type output
    view section cat category categoria tag q query s search keyword page pagina pag p tab
    author slug title headline name topic tema country region city article story item news post
    doc document file download mode chapter part letter day month year date code key no num
    number order sort filter video audio show episode team player album photo gallery
    parte liga league seccion ciudad pais ano anio mes dia tipo clase
    etapa ronda grupo edicion capitulo episodio temporada season round group stage class kind set
    """
)
_NAME_WORDS = re.compile(r"[a-z]+(?=[A-Z])|[A-Za-z][a-z]*|\d+")


def is_marker(name: str, value: str, path: str, pairs: Sequence[tuple[str, str]]) -> bool:
    """Tell whether a parameter cannot tell two articles apart.

    Args:
        name: As it stands in the address, decoded.
        value: The same.
        path: Of the address; one that names its article by itself makes words mere markers.
        pairs: All parameters of the address.
    """
    folded = name.casefold()
    words = _words_of(name)
    if _ALWAYS.fullmatch(folded) or (len(words) > 1 and _CAMPAIGN_WORDS.intersection(words)):
        return True
    return (
        _is_of_campaign(folded, pairs)
        or _is_channel(words, value)
        or _is_session(folded, value, pairs)
        or _is_view(folded, value)
        or (_is_remark(words, value) and names_article(path))
    )


def names_article(path: str) -> bool:
    """Tell whether *path* names its article without any parameter: a slug, or a date and words.

    >>> names_article("/2014/03/10/merger-makes-top-banana")
    True
    >>> names_article("/breaking_news_of_today.asp")
    False
    """
    last = path.rstrip("/").rpartition("/")[2]
    if _SCRIPT.search(last):
        return False
    words = [word for word in re.split(r"[-_]+", last) if any(map(str.isalpha, word))]
    return len(words) >= _SLUG_WORDS or bool(_DATED.search(path) or _NUMBERED.search(last))


def _words_of(name: str) -> list[str]:
    return [word.casefold() for part in re.split(r"[_\W]+", name) for word in _split_case(part)]


def _split_case(part: str) -> list[str]:
    return [part] if part.islower() or part.isupper() else _NAME_WORDS.findall(part)


def _is_of_campaign(folded: str, pairs: Sequence[tuple[str, str]]) -> bool:
    """Tell whether a sister says that this family of names is about campaigns: xy_campaign."""
    family, mark, _ = folded.partition("_")
    return (
        bool(mark)
        and len(family) <= _FAMILY
        and any(
            other.casefold() in {f"{family}_campaign", f"{family}_medium"} for other, _ in pairs
        )
    )


def _is_channel(words: list[str], value: str) -> bool:
    if _FROM_FEED.fullmatch(value) and _CONTENT_WORDS.isdisjoint(words):
        return True
    markers = [word for word in words if word in _MARKER_WORDS or word.endswith("channel")]
    if not markers:
        return False
    if len(words) > 1 and len(markers) == len(words):
        return True  # "ref_src" is nobody's id
    folded = value.casefold()
    return folded in _CHANNELS_ALONE or not _CHANNELS.isdisjoint(re.split(r"[\W_]+", folded))


def _is_session(folded: str, value: str, pairs: Sequence[tuple[str, str]]) -> bool:
    if folded == "cfid":
        return any(other.casefold() == "cftoken" for other, _ in pairs)
    return folded in _SESSION_NAMES and bool(_LONG_HEX.fullmatch(value))


def _is_view(folded: str, value: str) -> bool:
    if folded in _VIEW_NAMES:
        return bool(_VIEWS.fullmatch(value))
    return bool(_SWITCHES.fullmatch(folded)) and value.casefold() in _ON


def _is_remark(words: list[str], value: str) -> bool:
    """Tell whether a parameter says a word about the way here, not about the article."""
    if not _WORDS.fullmatch(value) or not words or not _CONTENT_WORDS.isdisjoint(words):
        return False
    if words[-1].endswith("id"):
        return not _CHANNELS.isdisjoint(re.split(r"[\W_]+", value.casefold()))
    return True
