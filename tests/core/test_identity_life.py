"""A site that lives on at random: no item is ever lost, doubled or renamed.

Between two visits items are published, edited, moved, hidden and shown again; links are spelled
otherwise and used again; the list is shortened, lengthened and put in another order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from aggregator.model import Basis, Draft, EntryId, Precision, When
from tests.core.test_identity import Memory

START = datetime(2024, 1, 1, tzinfo=UTC)
SITE = "http://example.org"
SYLLABLES = ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vo", "xi"]
SPELLINGS = (
    "{}",
    "{}?utm_source=feed",
    "{}#top",
    "{}/",
    "{}?fbclid=IwAR0abcdefghijklmnop",
)


def words(rng: Random, count: int) -> str:
    """Return made-up words that no other item has by chance."""
    return " ".join("".join(rng.choices(SYLLABLES, k=3)) for _ in range(count))


@dataclass(frozen=True, kw_only=True)
class Story:
    """What the site itself knows of an item."""

    number: int
    title: str
    text: str
    path: str
    day: int
    is_hidden: bool = False
    is_gone: bool = False  # for good: its address is another item's


class Life(RuleBasedStateMachine):
    """One source; `truth` is what it published, `ids` what each was taken for."""

    def __init__(self) -> None:
        """Publish nothing yet."""
        super().__init__()
        self.memory = Memory()
        self.rng = Random(0)
        self.stories: list[Story] = []
        self.ids: dict[int, EntryId] = {}
        self.window = 10
        self.day = 100
        self.is_shuffled = False
        self.spelling = "{}"
        self.scheme = "http"
        self.changed: set[int] = set()  # items that changed since they were seen
        self.has_reused = False  # one link a visit
        self.faults: list[str] = []

    @initialize(seed=st.integers(0, 10_000), count=st.integers(5, 20))
    def begin(self, seed: int, count: int) -> None:
        self.rng = Random(seed)
        for _ in range(count):
            self._publish(words(self.rng, 6), path=None)
        self.visit()

    def _publish(self, title: str, *, path: str | None) -> None:
        number = len(self.stories)
        self.day += 1
        story = Story(
            number=number,
            title=title,
            text=words(self.rng, 25),
            path=path or f"/news/{number}-{words(self.rng, 2).replace(' ', '-')}",
            day=self.day,
        )
        self.stories.append(story)

    def listed(self) -> list[Story]:
        shown = [one for one in self.stories if not one.is_hidden][-self.window :][::-1]
        return self.rng.sample(shown, len(shown)) if self.is_shuffled else shown

    def _unchanged(self) -> list[Story]:
        """Return what was seen as it is now: an item changes in one way until it is seen."""
        some = [one for one in self.listed() if one.number in self.ids]
        return [one for one in some if one.number not in self.changed]

    def _change_one(self, **fields: str) -> None:
        if some := self._unchanged():
            self._change(self.rng.choice(some), **fields)

    def _change(self, story: Story, **fields: str | bool) -> None:
        self.stories[story.number] = replace(story, **fields)  # type: ignore[arg-type]
        self.changed.add(story.number)

    # ---- what a site does

    @rule(count=st.integers(1, 4))
    def publish(self, count: int) -> None:
        for _ in range(count):
            self._publish(words(self.rng, 6), path=None)

    @rule()
    def publish_in_a_series(self) -> None:
        """Give a new item the very title of another one."""
        self._publish(self.rng.choice(self.stories).title, path=None)

    @rule()
    def edit_a_title(self) -> None:
        for story in self._unchanged()[:1]:
            self._change(story, title=f"{words(self.rng, 1)} {story.title}")

    @rule()
    def write_a_text_anew(self) -> None:
        self._change_one(text=words(self.rng, 25))

    @rule()
    def move_an_item(self) -> None:
        self._change_one(path=f"/archive/{words(self.rng, 3).replace(' ', '-')}")

    @rule()
    def relaunch(self) -> None:
        """Give every item a new address; what is not listed at the time keeps its old one."""
        era = words(self.rng, 1)
        for story in self._unchanged() if not self.changed else ():
            self._change(story, path=f"/{era}/{story.number}.html")

    @rule()
    def hide(self) -> None:
        if some := self._unchanged():
            self._show(self.rng.choice(some), is_hidden=True)

    @rule()
    def show_again(self) -> None:
        for story in self.stories:
            if story.is_hidden and not story.is_gone:
                self._show(story, is_hidden=False)
                break

    def _show(self, story: Story, *, is_hidden: bool) -> None:
        self.stories[story.number] = replace(story, is_hidden=is_hidden)

    @rule()
    def use_a_link_again(self) -> None:
        """Let an item go for good, and give its address to another one half a year later."""
        for story in self._unchanged()[-1:] if not self.has_reused else ():
            self.has_reused = True
            self._change(story, is_hidden=True, is_gone=True)
            self.day += 200
            self._publish(f"{words(self.rng, 5)} {self.day}", path=story.path)

    @rule(window=st.integers(5, 30))
    def list_more_or_fewer(self, window: int) -> None:
        self.window = window

    @rule(shuffled=st.booleans())
    def put_in_order(self, *, shuffled: bool) -> None:
        self.is_shuffled = shuffled

    @rule(spelling=st.sampled_from(SPELLINGS), scheme=st.sampled_from(["http", "https"]))
    def spell_links_otherwise(self, spelling: str, scheme: str) -> None:
        self.spelling, self.scheme = spelling, scheme

    # ---- what is made of it

    @rule()
    def visit(self) -> None:
        shown = self.listed()
        found = self.memory.see(*map(self._draft, shown))
        new = {entry.id for entry in found.new}
        for story, entry in zip(shown, found.places, strict=True):
            known = self.ids.setdefault(story.number, entry)
            if known != entry:
                self.faults.append(f"{story} was {known} and is {entry}")
            if known in new and list(self.ids.values()).count(known) > 1:
                self.faults.append(f"{story} is taken for another one")
        self.changed -= {story.number for story in shown}
        self.has_reused = False

    def _draft(self, story: Story) -> Draft:
        at = START + timedelta(days=story.day)
        link = self.spelling.format(f"{self.scheme}://example.org{story.path}")
        return Draft(
            title=story.title,
            link=link,
            published=When(at=at, precision=Precision.DAY, basis=Basis.WRITTEN),
            summary=story.text,
        )

    @invariant()
    def nothing_is_lost_doubled_or_renamed(self) -> None:
        assert not self.faults
        assert len(set(self.ids.values())) == len(self.ids)


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=100, stateful_step_count=40, deadline=None, derandomize=True
)
TestLife.pytestmark = [pytest.mark.slow]  # type: ignore[attr-defined]
