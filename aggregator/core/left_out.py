"""What of a source's last page was not stored, and why: for whoever asks about a link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aggregator.core.identity import Recognition
from aggregator.core.text import cut
from aggregator.model import Dropped, EntryId

KEYS_KEPT = 60  # of a page
REASONS_KEPT = 8
REASON_LENGTH = 200  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Items of one page that were left out for one reason."""

    reason: str
    count: int
    keys: tuple[str, ...] = ()  # of those that have some, see `core.identity.sight`


def left_out(
    recognition: Recognition, reasons: Mapping[EntryId, str], dropped: Iterable[Dropped]
) -> tuple[LeftOut, ...]:
    """Return what is left out of a page.

    Args:
        recognition: Of the page.
        reasons: Why each new entry that is not stored is not.
        dropped: What was no item in the first place.
    """
    counts: Counter[str] = Counter(one.reason for one in dropped)
    counts.update(reasons.values())
    keys: dict[str, list[str]] = {}
    for key, entry in [pair for pair in recognition.keys if pair[1] in reasons][:KEYS_KEPT]:
        keys.setdefault(reasons[entry], []).append(key)
    told = sorted(counts, key=lambda reason: (reason not in keys, -counts[reason], reason))
    return tuple(
        LeftOut(
            reason=cut(reason, REASON_LENGTH),
            count=counts[reason],
            keys=tuple(keys.get(reason, ())),
        )
        for reason in told[:REASONS_KEPT]
    )
