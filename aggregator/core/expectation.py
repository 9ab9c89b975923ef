"""What a source's own past leads us to expect of its page; small, and learned a visit at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, TypeAlias

from aggregator.core.left_out import LeftOut
from aggregator.core.rhythm import Rhythm
from aggregator.model import Draft, OutcomeKind, Reading, Selectors

LEARN = 0.2  # how much one visit moves what is usual
LEARN_ODD = 0.002  # the same, of what it showed to be odd: usual no more after a hundred visits
MAX_SHAPES = 24  # link shapes kept; the rest is rare
MAX_SEEN = 400  # items; then all counts are halved, so that the past fades
SOON = timedelta(days=1)  # a date later than this from now says nothing about the list's end

Shapes: TypeAlias = tuple[tuple[str, int], ...]  # link shapes, and how many items had them


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What one page looks like, as shares of its items from 0 to 1."""

    items: int
    titled: float  # have a title
    linked: float
    dated: float
    summed: float  # have a summary or content
    titles: float  # titles that differ, of those there are
    links: float
    words: float  # a title
    whole: float  # 1: the page ends with its end tag
    falling: float  # dates that are not later than the one before, of all
    newest: datetime | None  # date, not in the future


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A page that is held: enough of it to tell whether its list lives."""

    code: str
    faces: tuple[int, ...]  # of its items
    newest: datetime | None
    grown: int = 0  # visits at which a list without dates got new items on top


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A rule that was found by itself when the configured one stopped working."""

    rule_hash: str  # of the rule it stands in for; another rule makes it void
    selectors: Selectors
    blessed: bool = False  # the user said it is right


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is worth knowing about the page that was read last."""

    code: str
    sentence: str
    next_step: str
    becomes: OutcomeKind | None = None  # what the refresh ends as, where that is no fine one


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a source's history leads us to expect."""

    visits: int = 0  # that were what was expected; 0: nothing is
    items: float = 0.0  # on its first page
    titled: float = 0.0  # see Traits
    linked: float = 0.0
    dated: float = 0.0
    summed: float = 0.0
    titles: float = 0.0
    links: float = 0.0
    words: float = 0.0
    whole: float = 0.0
    falling: float = 0.0
    poorer: int = 0  # visits in a row on which the usual dates or summaries were gone
    overlap: float = 1.0  # share of visits that showed something known
    kind: str = ""  # of the page, as `model.Kind`
    empty: str = ""  # how it may have no items, as `model.Trouble`: the user said so
    newest: datetime | None = None
    shapes: Shapes = ()  # of its items' links, commonest first
    rhythm: Rhythm | None = None
    beside: str = ""  # links that stood beside the list on every visit; see `core.beside`
    beside_since: datetime | None = None  # when that began
    held: Held | None = None
    repair: Repair | None = None
    note: Note | None = None
    left_out: tuple[LeftOut, ...] = ()  # of the page that was read last

    @property
    def seen(self) -> int:
        """Return how many items the shapes were learned from."""
        return sum(count for _, count in self.shapes)

    def to_json(self) -> str:
        """Return it as `expectation_of` reads it."""
        changed = {
            name: value
            for name in self.__slots__
            if (value := getattr(self, name)) != getattr(_NOTHING, name)
        }
        return _ENCODER.encode(changed)


_NOTHING = Expectation()


def expectation_of(text: str) -> Expectation:
    """Read what `Expectation.to_json` wrote; ``""`` expects nothing."""
    return Expectation(**_typed(json.loads(text))) if text else _NOTHING


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return {key: part for key, part in asdict(value).items() if part is not None and part != 0}


_ENCODER = json.JSONEncoder(default=_plain, separators=(",", ":"), ensure_ascii=False)


def _typed(data: Mapping[str, Any]) -> dict[str, Any]:
    fields = _known(data, Expectation)
    for name in {"newest", "beside_since"} & fields.keys():
        fields[name] = datetime.fromisoformat(fields[name])
    if "rhythm" in fields:
        rhythm = dict(fields["rhythm"])
        fields["rhythm"] = Rhythm(**rhythm | {"last": datetime.fromisoformat(rhythm["last"])})
    if "shapes" in fields:
        fields["shapes"] = tuple((shape, count) for shape, count in fields["shapes"])
    if "held" in fields:
        held = dict(fields["held"])
        newest = held.get("newest")
        fields["held"] = Held(
            code=held["code"],
            faces=tuple(held["faces"]),
            newest=datetime.fromisoformat(newest) if newest else None,
            grown=held.get("grown", 0),
        )
    if "repair" in fields:
        repair = dict(fields["repair"])
        fields["repair"] = Repair(**repair | {"selectors": Selectors(**repair["selectors"])})
    if "left_out" in fields:
        fields["left_out"] = tuple(
            LeftOut(**one | {"keys": tuple(one["keys"])}) for one in fields["left_out"]
        )
    if "note" in fields:
        note = _known(fields["note"], Note)
        becomes = OutcomeKind(note["becomes"]) if "becomes" in note else None
        fields["note"] = Note(**note | {"becomes": becomes})
    return fields


def _known(data: Mapping[str, Any], noun: type[Expectation | Note]) -> dict[str, Any]:
    """Return what of *data* the noun has now; an earlier version may have kept more."""
    return {name: value for name, value in data.items() if name in noun.__slots__}


# ---- learning ------------------------------------------------------------------------


def traits_of(reading: Reading, *, now: datetime) -> Traits:
    """Return what the first page of a reading looks like; it holds at least one draft."""
    drafts = reading.drafts
    titles = [draft.title for draft in drafts if draft.title]
    links = [draft.link for draft in drafts if draft.link]
    dates = [draft.published.at for draft in drafts if draft.published]
    count = len(drafts)
    return Traits(
        items=count,
        titled=len(titles) / count,
        linked=len(links) / count,
        dated=len(dates) / count,
        summed=len([1 for draft in drafts if draft.summary or draft.content]) / count,
        titles=len(set(titles)) / len(titles) if titles else 1.0,
        links=len(set(links)) / len(links) if links else 1.0,
        words=mean_words(titles),
        whole=float(reading.is_whole),
        falling=_falling(dates),
        newest=_latest(dates, now + SOON),
    )


def _falling(dates: Sequence[datetime]) -> float:
    if len(dates) < 2:  # noqa: PLR2004 -- a pair
        return 1.0
    return len([1 for one, other in pairwise(dates) if one >= other]) / (len(dates) - 1)


def mean_words(titles: Sequence[str]) -> float:
    """Return how many words a title has, on average."""
    return (" ".join(titles).count(" ") + 1) / len(titles) if titles else 0.0


def newest_of(drafts: Iterable[Draft], *, now: datetime) -> datetime | None:
    """Return the latest date of *drafts* that is not in the future."""
    return _latest([draft.published.at for draft in drafts if draft.published], now + SOON)


def _latest(dates: Sequence[datetime], limit: datetime) -> datetime | None:
    latest = max(dates, default=None)
    if latest is None or latest <= limit:
        return latest
    return max((at for at in dates if at <= limit), default=None)


def learned(
    before: Expectation,
    traits: Traits,
    *,
    kind: str,
    shapes: Iterable[str],
    met_known: bool,
    odd: frozenset[str] = frozenset(),
) -> Expectation:
    """Return what is expected after a page that was accepted.

    Args:
        before: What was expected so far.
        traits: Of the page.
        kind: Of the page.
        shapes: Link shapes of its items that are new.
        met_known: It showed something known.
        odd: Names of traits that were not as expected; they are learned slowly.
    """
    first = before.visits == 0

    def usual(name: str, value: float) -> float:
        if first:
            return value
        weight = LEARN_ODD if name in odd else LEARN
        old: float = getattr(before, name)
        return round(old + weight * (value - old), 4)

    newest = max(filter(None, (before.newest, traits.newest)), default=None)
    return replace(
        before,
        visits=before.visits + 1,
        items=usual("items", traits.items) if before.items else traits.items,
        empty="",
        words=usual("words", traits.words),
        overlap=1.0 if first else usual("overlap", float(met_known)),
        kind=kind,
        newest=newest,
        shapes=_counted(before.shapes, shapes),
        held=None,
        note=None,
        titled=usual("titled", traits.titled),
        linked=usual("linked", traits.linked),
        dated=usual("dated", traits.dated),
        summed=usual("summed", traits.summed),
        titles=usual("titles", traits.titles),
        links=usual("links", traits.links),
        whole=usual("whole", traits.whole),
        falling=usual("falling", traits.falling),
    )


def _counted(
    before: tuple[tuple[str, int], ...], new: Iterable[str]
) -> tuple[tuple[str, int], ...]:
    counts = dict(before)
    grew = False
    for shape in new:
        counts[shape] = counts.get(shape, 0) + 1
        grew = True
    if not grew:
        return before
    if sum(counts.values()) > MAX_SEEN:
        counts = {shape: count // 2 for shape, count in counts.items() if count > 1}
    common = sorted(counts.items(), key=lambda pair: -pair[1])
    return tuple(common[:MAX_SHAPES])
