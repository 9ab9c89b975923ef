"""Learn from what a site itself shows which parameters of its links count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from aggregator.core.identity.learned import Learned
from aggregator.core.similarity import (
    SAME_TEXT,
    SAME_TITLE_WORDS,
    text_for_comparing,
    text_similarity,
)
from aggregator.core.text import words
from aggregator.core.urls import parameters
from aggregator.model import Draft

_COMPARED = 300  # drafts of one page; longer pages are studied from their top


def study_links(drafts: Sequence[Draft], learned: Learned) -> Learned:
    """Learn from pairs of links that differ in one parameter only.

    Two different items say that the parameter tells them apart; that is never unlearned. One
    item under two links says that it does not.
    """
    by_base: dict[str, list[tuple[Draft, tuple[tuple[str, str], ...]]]] = defaultdict(list)
    for draft in drafts[:_COMPARED]:
        if draft.link and "?" in draft.link:
            base, pairs = parameters(draft.link)
            by_base[base].append((draft, pairs))
    if not by_base:
        return learned
    for draft in drafts[:_COMPARED]:
        if draft.link and "?" not in draft.link and draft.link.partition("#")[0] in by_base:
            by_base[draft.link.partition("#")[0]].append((draft, ()))
    for group in by_base.values():
        for one, other in pairwise(group):
            learned = study_pair(one[0], other[0], one[1], other[1], learned)
    return learned


def study_pair(
    one: Draft,
    other: Draft,
    pairs: Sequence[tuple[str, str]],
    other_pairs: Sequence[tuple[str, str]],
    learned: Learned,
) -> Learned:
    """Learn from two items of one site whose links differ in their parameters only."""
    names = {name for name, _ in set(pairs) ^ set(other_pairs)}
    if len(names) != 1:
        return learned
    if not same_title(one.title or "", other.title or ""):
        return replace(learned, identity=learned.identity | names, noise=learned.noise - names)
    if (
        names <= learned.identity
        or _are_ids(names, pairs, other_pairs)
        or not same_item(one, other)
    ):
        return learned
    return replace(learned, noise=learned.noise | names)


def same_item(one: Draft, other: Draft) -> bool:
    """Tell whether two drafts of one title are one item: their dates and texts agree as well."""
    if one.published and other.published and one.published.at.date() != other.published.at.date():
        return False
    text, other_text = text_for_comparing(one), text_for_comparing(other)
    if not text and not other_text:
        return len(words(one.title or "")) >= SAME_TITLE_WORDS and bool(one.published)
    return text_similarity(text, other_text) >= SAME_TEXT


def same_title(one: str, other: str) -> bool:
    """Tell whether two titles of one link are one, perhaps cut short."""
    if one == other:
        return True
    first, second = words(one), words(other)
    shorter = min(len(first), len(second))
    if first == second:
        return True
    is_cut = "…" in one + other or "..." in one + other
    return is_cut and shorter > 1 and first[: shorter - 1] == second[: shorter - 1]


def _are_ids(
    names: set[str],
    pairs: Sequence[tuple[str, str]],
    other_pairs: Sequence[tuple[str, str]],
) -> bool:
    """Tell whether the values that differ are both numbers: articles of a series look so."""
    values = [value for name, value in set(pairs) ^ set(other_pairs) if name in names]
    return len(values) > 1 and all(value.isdigit() for value in values)
