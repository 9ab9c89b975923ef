"""What a date looks like, as patterns over shapes (see `shape`).

Every repeat is bounded and every class is one letter, so a search is linear in the number
of tokens. The name of the outer group is the form; `calendar` gives it a meaning.
"""

from __future__ import annotations

import re

_ALONE_BEFORE = (
    r"(?<![dytnc])(?<![dytnc][./:,+-])(?<!\$)"
    r"(?<!V)(?<!V )(?<!V\.)(?<!V\. )"  # "No. 12 May 2017" is issue 12
)
_ALONE_AFTER = r"(?![dytnc$])(?![./][dytnc])(?!:[dytnc](?!:d))"
_MONTH = "[Mmg]"
_RANGE = "[ .,fqDW]{0,3}[-~r/][ .,fqW]{0,3}"
_TO_MONTH = "[ .'/foqk-]{0,5}"  # 22|nd of |January
_TO_YEAR = "[ .,'/fkuq-]{0,6}"  # January| del año |2018
_TO_DAY = "[ .,'/fkqW-]{0,5}"  # January| the |22


def _numeric(first: str, second: str, third: str) -> str:
    """Return the pattern of three numbers parted by the same sign."""
    dashed, slashed = (f"{first} ?{s} ?{second} ?{s} ?{third}" for s in "-/")
    dotted = rf"{first}\. ?{second}\. ?{third}"
    return f"(?:{dashed}(?!-[dytnc])|{slashed}|{dotted})"


_CLOCK = r"d:d(?::d)?(?: ?p)?(?: [zZ])?"

_SPOKEN = (
    rf"d{_TO_MONTH}{_MONTH}{_RANGE}d{_TO_MONTH}{_MONTH}{_TO_YEAR}y",  # 30 May – 2 June 2018
    rf"(?:(?:d, ?){{0,3}}d{_RANGE})?d{_TO_MONTH}{_MONTH}{_TO_YEAR}y",  # 22 de enero de 2018
    rf"{_MONTH}{_TO_DAY}d{_RANGE}{_MONTH}{_TO_DAY}d{_TO_YEAR}y",  # May 30 – June 2, 2018
    rf"{_MONTH}{_TO_DAY}d(?:{_RANGE}d)?{_TO_YEAR}y(?!:d)",  # January 22, 2018
    rf"y{_TO_YEAR}{_MONTH}{_TO_DAY}d(?![dyt:%])(?!{_TO_YEAR}y)",  # 2018. január 22.
    rf"y[. ]{{0,2}}[fu]{_TO_DAY}d{_TO_MONTH}{_MONTH}",  # 2018. gada 22. janvāris
)
_SPOKEN_SHORT = (
    rf"df?[ ./-]{{0,2}}{_MONTH}(?:[ ./'-]|\. | '|, ')d",  # 22-Jan-18
    rf"{_MONTH}\.? d,? 'd",  # Jan 22 '18
)


def _any_form(forms: dict[str, str]) -> str:
    """Return an alternation in which each form is a group with its name."""
    return "(?:" + "|".join(f"(?P<{name}>{pattern})" for name, pattern in forms.items()) + ")"


# Day, month and year: enough on their own, wherever they stand.
FULL = re.compile(
    _ALONE_BEFORE
    + _any_form(
        {
            "spoken": "|".join(_SPOKEN),
            "ctime": f"{_MONTH} d {_CLOCK} y",
            "year_first": _numeric("y", "d", "d"),
            "cjk": "y ?Y ?d ?[N/.-] ?d ?D?|d ?N ?d ?,? ?y",
            "year_last": _numeric("d", "d", "y"),
            "minguo": _numeric("t", "d", "d") + "|t ?Y ?d ?N ?d ?D?",
            "era": r"E ?[dt] ?Y ?d ?N ?d ?D?|E ?[dt]\.d\.d",
            "day_first": f"d ?T ?d{_TO_YEAR}y",
        }
    )
    + _ALONE_AFTER
)

# Not enough on their own: they must stand apart from other words.
WEAK = re.compile(
    _ALONE_BEFORE
    + _any_form(
        {
            "short": _numeric("d", "d", "d"),
            "spoken_short": "|".join(_SPOKEN_SHORT),
            "compact": "c",
            # A small box: the day large, and the rest of the date on a line of its own.
            "day_box": "d ?D? ?(?:y ?[/.-] ?d|y ?Y ?d ?N|d ?N ?y)",
            "year_box": "y d ?[/.-] ?d",
            "box_year": "d ?[/.-] ?d y",
            "blank_year_first": "y d d",
            "blank_year_last": "d d y",
            "month_day": f"d ?N ?d ?D|{_MONTH}{_TO_DAY}(?<!')d(?:[fq](?![a-zA-Z]))?(?:{_RANGE}d)?"
            f"(?!{_TO_MONTH}{_MONTH})",  # "mar 23 ene" is a Tuesday
            "day_month": rf"(?:d{_RANGE})?d{_TO_MONTH}{_MONTH}\.?(?!,? ?'d)",
            "two_numbers": r"d/d|d-d|d\.d\.",
        }
    )
    + _ALONE_AFTER
    + "(?!:)(?![., ]{0,2}[ytn])"
)

# What may stand on either side of a weak date.
APART_BEFORE = re.compile(r"(?:^|[|,;:().?'~-] ?|[PUlapfWmZRr] )$")
APART_AFTER = re.compile(r" ?(?:$|[|,;().?'~-])| [lapWmZRPUz]")
LABELLED = re.compile(r"[PUl]:? $")

_ZONE = r"(?: ?\(?[zZ]\)?(?: ?[+-] ?[dny](?::d)?(?: \([zZ]\))?)?| ?[+-](?:d:d|[ny]))"
_TIME = (
    r"(?:(?:p ?)?d:d(?::d(?:[.,][dtync])?)?(?: ?p)?(?: ?h)?"
    r"|(?:p ?)?d ?[hH](?: ?d(?: ?[Ikh])?(?: ?d ?[Sk])?)?"
    r"|d ?p)"
)
_DOTTED = r"d\.d(?:\.d)?(?![.:/-]?[dytnc])(?! ?[$x])(?: ?[hp](?![a-zA-Z]))?"

# A time of day after the date, or before it. Groups: the time, its zone.
TIME_AFTER = re.compile(
    rf"[ ,.:|~()lafhqrWmZDu-]{{0,9}}(?:(?<![dytnc])({_TIME}|{_DOTTED})(?![dytnc])({_ZONE})?)"
)
TIME_BEFORE = re.compile(rf"(?<![dytnc:.])({_TIME})({_ZONE})?[ ,.|~()lafqWmZ-]{{0,5}}$")
WEEKDAY_BEFORE = re.compile(r"[WmZ][ .,(]{0,3}$")
WEEKDAY_AFTER = re.compile(r"[ .,(DN]{0,3}[WmZ]")

# Counted from now. Quantities are looked up, so any small word may stand for one.
_QUANTITY = "[dtqarflu] ?"
_UNIT = "[ukahflDHISYTW]"
_SPAN = rf"{_QUANTITY}{_UNIT}(?:[ ,.]{{0,2}}(?:r )?{_QUANTITY}{_UNIT})?"
AGO = re.compile(
    rf"(?<![dytnc.,:])(?:(?P<prefixed>[Ag]\.? (?:[xlf] )?(?P<span_after>{_SPAN}))"
    rf"|(?P<span_before>{_SPAN}|(?<!\w)[uh])\.? ?(?:f )?[Ag](?![-'a-zA-Z]))"
)
DAY_WORD = re.compile("R|J")
