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
_SEPARATED = "|".join(
    rf"{{0}} ?{sep} ?{{1}} ?{sep} ?{{2}}".replace("{0} ?\\.", "{0}\\.") for sep in ("-", "/", r"\.")
)


def _numeric(*parts: str) -> str:
    return "(?:" + _SEPARATED.format(*parts) + ")" + (r"(?!-[dytnc])")


_CLOCK = r"d:d(?::d)?(?: ?p)?(?: [zZ])?"

# Day, month and year: enough on their own, wherever they stand.
FULL = re.compile(
    _ALONE_BEFORE
    + "(?:"
    + "|".join(
        (
            rf"(?P<spoken>d{_TO_MONTH}{_MONTH}{_RANGE}d{_TO_MONTH}{_MONTH}{_TO_YEAR}y"
            rf"|(?:d{_RANGE})?d{_TO_MONTH}{_MONTH}{_TO_YEAR}y"
            rf"|{_MONTH}{_TO_DAY}d{_RANGE}{_MONTH}{_TO_DAY}d{_TO_YEAR}y"
            rf"|{_MONTH}{_TO_DAY}d(?:{_RANGE}d)?{_TO_YEAR}y(?!:d)"
            rf"|y{_TO_YEAR}{_MONTH}{_TO_DAY}d(?![dyt:%])(?!{_TO_YEAR}y)"
            rf"|y[. ]{{0,2}}[fu]{_TO_DAY}d{_TO_MONTH}{_MONTH})",  # 2018. gada 22. janvāris
            rf"(?P<ctime>{_MONTH} d {_CLOCK} y)",
            rf"(?P<year_first>{_numeric('y', 'd', 'd')})",
            r"(?P<cjk>y ?Y ?d ?[N/.-] ?d ?D?)",
            rf"(?P<year_last>{_numeric('d', 'd', 'y')})",
            rf"(?P<minguo>{_numeric('t', 'd', 'd')}|t ?Y ?d ?N ?d ?D?)",
            r"(?P<era>E ?[dt] ?Y ?d ?N ?d ?D?|E ?[dt]\.d\.d)",
            rf"(?P<day_first>d ?T ?d{_TO_YEAR}y)",
        )
    )
    + ")"
    + _ALONE_AFTER
)

# Not enough on their own: they must stand apart from other words.
WEAK = re.compile(
    _ALONE_BEFORE
    + "(?:"
    + "|".join(
        (
            rf"(?P<short>{_numeric('d', 'd', 'd')})",
            rf"(?P<spoken_short>d[ ./-]{{0,2}}{_MONTH}(?:[ ./'-]|\. | '|, ')d|{_MONTH}\.? d,? 'd)(?!:)",
            r"(?P<compact>c)",
            r"(?P<blank_year_first>y d d)",
            r"(?P<blank_year_last>d d y)",
            rf"(?P<month_day>d ?N ?d ?D|{_MONTH}{_TO_DAY}d(?:[fq](?![a-zA-Z]))?(?:{_RANGE}d)?)",
            rf"(?P<day_month>(?:d{_RANGE})?d{_TO_MONTH}{_MONTH}\.?)",
            r"(?P<two_numbers>d/d|d-d|d\.d\.)",
        )
    )
    + ")"
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
_QUANTITY = r"(?:(?:[dtyn]|[qarflu]) ?)"
_UNIT = "[ukahflDHISYTW]"
_SPAN = rf"{_QUANTITY}{_UNIT}(?:[ ,.]{{0,2}}(?:r )?{_QUANTITY}{_UNIT})?"
AGO = re.compile(
    rf"(?<![dytnc.,:])(?:(?P<prefixed>[Ag]\.? (?:[xlf] )?(?P<span_after>{_SPAN}))"
    rf"|(?P<span_before>{_SPAN}|(?<!\w)[uh])\.? ?(?:f )?[Ag](?![-'a-zA-Z]))"
)
DAY_WORD = re.compile("R|J")
