"""Where the outside world plugs in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from aggregator.model import (
    Documents,
    Entry,
    EntryId,
    Failed,
    Feed,
    FeedEntry,
    FeedFrame,
    FeedId,
    Fetched,
    FetchResult,
    Hints,
    Lacking,
    Notice,
    Outcome,
    Reading,
    Request,
    Revision,
    Rule,
    Source,
    SourceId,
    SourceState,
    Subscription,
    Topic,
    TopicId,
    Visit,
)

_T = TypeVar("_T")


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the time as an aware UTC datetime."""
        ...


class Transport(Protocol):
    """Gets pages. Never raises for what a network can do; see `FetchResult`."""

    async def fetch(self, request: Request) -> FetchResult:
        """Get one page, within the byte, time and redirect limits."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


class Parser(Protocol):
    """Reads pages where a hostile one cannot hurt the rest."""

    async def read(
        self, page: Fetched, rule: Rule, hints: Hints, *, explain: bool = False
    ) -> Reading | Failed:
        """Extract and normalize one page; `Failed` when the page killed its parser."""
        ...

    async def close(self) -> None:
        """End every child."""
        ...


class Browser(Protocol):
    """Runs the scripts of a page, where it can reach nothing that we may not."""

    async def render(self, page: Fetched, request: Request) -> Fetched | Failed:
        """Return *page* as it is once its scripts have run; *request* is how it was got."""
        ...


class Session(Protocol):
    """What one transaction can ask and say. Synchronous, quick, in one thread.

    Every method may raise `StoreError`; then nothing of the transaction was written.
    """

    def sync_sources(self, sources: Sequence[Source], *, due: Sequence[datetime]) -> None:
        """Make the stored sources those of the configuration.

        A new source is due at its place in *due*; one whose address changed starts anew; one
        that is no longer configured is never due, and keeps its entries.
        """
        ...

    def source_states(self, ids: Collection[SourceId] | None = None) -> tuple[SourceState, ...]:
        """Return what is remembered of configured sources; ``None``: of all."""
        ...

    def due_sources(
        self, *, now: datetime, limit: int, lease: timedelta
    ) -> tuple[SourceState, ...]:
        """Claim sources that are due, longest first; nobody else gets them for *lease*."""
        ...

    def save_state(self, state: SourceState) -> None:
        """Write what is remembered of one source."""
        ...

    def release(self, ids: Collection[SourceId], *, due: datetime) -> None:
        """Give claimed sources back, due at *due*."""
        ...

    def release_all(self, *, due: datetime) -> None:
        """Give back what a process that died had claimed; for whoever holds the state alone."""
        ...

    def recall(self, *, now: datetime, beyond: datetime) -> int:
        """Make due what a clock that was wrong has put far away; return how many that are.

        These are the sources that were visited after *now*, or are due after *beyond*.
        """
        ...

    def add_visit(self, outcome: Outcome, *, at: datetime, took: timedelta) -> None:
        """Note one refresh; only the last of each source are kept."""
        ...

    def visits(self, sources: Collection[SourceId]) -> Mapping[SourceId, tuple[Visit, ...]]:
        """Return the last refreshes of each source, oldest first; those without are left out."""
        ...

    def ids_by_key(self, source: SourceId, keys: Collection[str]) -> Mapping[str, EntryId]:
        """Return the entry each of *keys* stands for; unknown keys are left out."""
        ...

    def keys_of(self, ids: Collection[EntryId]) -> Mapping[EntryId, tuple[str, ...]]:
        """Return every key that leads to each of *ids*."""
        ...

    def entries(self, ids: Collection[EntryId]) -> Mapping[EntryId, Entry]:
        """Return those of *ids* that are stored; the others are left out."""
        ...

    def recent_entries(
        self, source: SourceId, *, since: datetime, until: datetime, limit: int
    ) -> tuple[Entry, ...]:
        """Return entries of *source* published in that time, newest first."""
        ...

    def entries_after(self, seq: int, *, limit: int) -> Mapping[int, Entry]:
        """Return entries in order of coming, by their place in it, those after *seq*."""
        ...

    def texts_after(self, seq: int, *, limit: int) -> Sequence[tuple[int, EntryId, str, str]]:
        """Return place, id, title and summary of entries in order of coming, those after *seq*."""
        ...

    def last_place(self) -> int:
        """Return the place of the entry that came last; 0: there is none."""
        ...

    def count_entries(self) -> int:
        """Return how many entries are stored."""
        ...

    def add_entries(self, entries: Sequence[Entry]) -> Mapping[EntryId, int]:
        """Store new entries, given in page order; return their place in order of coming."""
        ...

    def change_entries(self, entries: Sequence[Entry]) -> None:
        """Replace what is stored of known entries."""
        ...

    def save_lacking(self, lacking: Sequence[Lacking]) -> None:
        """Note which entries lack their texts, and when that is tried again."""
        ...

    def forget_lacking(self, entries: Collection[EntryId]) -> None:
        """Note that entries have their texts."""
        ...

    def lacking_texts(self, source: SourceId) -> tuple[Lacking, ...]:
        """Return entries of *source* without their texts, longest due and newest first.

        Those that are given up are left out.
        """
        ...

    def lacking_text_of(self, entry: EntryId) -> Lacking | None:
        """Tell what is known of the text that an entry lacks; ``None``: it lacks none."""
        ...

    def add_revisions(self, revisions: Sequence[Revision]) -> None:
        """Keep what changed."""
        ...

    def revisions_of(self, entry: EntryId) -> tuple[Revision, ...]:
        """Return what changed in an entry, oldest first."""
        ...

    def entries_by_link(self, link: str, *, of: Collection[SourceId]) -> tuple[Entry, ...]:
        """Return entries of these sources with this very link, those that came last first.

        For a person's question: it looks at every entry of these sources.
        """
        ...

    def sources_of_keys(self, keys: Collection[str]) -> tuple[tuple[SourceId, EntryId], ...]:
        """Return which entries *keys* stand for in any source."""
        ...

    def sources_of(self, entry: EntryId) -> tuple[tuple[SourceId, str], ...]:
        """Return the sources that listed an entry, each with the keys that lead to it."""
        ...

    def story_of(self, entry: EntryId) -> tuple[tuple[FeedId, EntryId, EntryId], ...]:
        """Return in which feed who stands for whom, as far as an entry is one of them."""
        ...

    def forget_entries(self, source: SourceId, *, before: datetime) -> frozenset[FeedId]:
        """Drop entries of *source* published and first seen *before*; their keys stay.

        Returns the feeds that showed them.
        """
        ...

    def add_keys(self, source: SourceId, keys: Iterable[tuple[str, EntryId]]) -> None:
        """Remember for as long as the source that a key stands for an entry."""
        ...

    def add_bands(self, bands: Mapping[EntryId, Sequence[int]]) -> None:
        """Remember the MinHash bands of entries."""
        ...

    def forget_bands(self, *, before: datetime) -> None:
        """Forget bands of entries first seen *before*: some of them whenever others are added."""
        ...

    def sharing_bands(
        self, bands: Mapping[EntryId, Sequence[int]], *, limit: int
    ) -> Mapping[EntryId, tuple[Entry, ...]]:
        """Return the entries that came before each one, from other sources, and share a band.

        Those that share most come first, at most *limit* for each; entries without are left
        out.
        """
        ...

    def sync_topics(self, topics: Mapping[Topic, str], *, now: datetime) -> frozenset[FeedId]:
        """Make the stored topics those given, with the fingerprint of each query.

        A new or changed topic is unsearched; one that is no longer configured loses its
        members. Returns the feeds of all that changed.
        """
        ...

    def unsearched_topics(self) -> Mapping[TopicId, int]:
        """Return topics whose history was not wholly searched, and the place reached."""
        ...

    def mark_searched(self, topics: Collection[TopicId], *, to: int | None) -> None:
        """Note the place up to which history was searched; ``None``: all of it."""
        ...

    def members_of(self, entries: Collection[EntryId]) -> Mapping[EntryId, frozenset[FeedId]]:
        """Return the feeds each entry is a member of; entries without are left out."""
        ...

    def members_between(
        self, feeds: Collection[FeedId], *, after: int, to: int
    ) -> frozenset[EntryId]:
        """Return the members of any of *feeds* that came after place *after*, up to *to*."""
        ...

    def set_members(
        self,
        members: Mapping[EntryId, Collection[FeedId]],
        *,
        of: Collection[FeedId] | None = None,
    ) -> frozenset[tuple[EntryId, FeedId]]:
        """Make entries members of exactly these feeds; return who joined what.

        Args:
            members: The feeds of each entry.
            of: Only these feeds are touched, and who stays in them keeps its place: nothing
                changed in the entries. ``None``: all feeds.
        """
        ...

    def follow(
        self, entry: EntryId, leader: EntryId, feeds: Collection[FeedId]
    ) -> frozenset[FeedId]:
        """Let *leader* stand for *entry* in *feeds*; return those *leader* is a member of.

        Whoever stands behind *entry* goes with it; where *entry* stands for *leader* already,
        all stays as it is.
        """
        ...

    def disband(self, entries: Collection[EntryId]) -> frozenset[EntryId]:
        """Let *entries* and those they stood for each stand for itself; return all of them."""
        ...

    def sync_feeds(
        self,
        atom_ids: Mapping[FeedId, str],
        *,
        earlier: Mapping[FeedId, Sequence[FeedId]],
        archive_size: int,
        now: datetime,
    ) -> frozenset[FeedId]:
        """Make sure the feeds exist; return the new ones.

        An atom:id is kept once given (RFC 4287, 4.2.6), also by a feed that was renamed:
        a new one takes the id of the first of its *earlier* names that has one.
        """
        ...

    def known_feeds(self) -> frozenset[FeedId]:
        """Return every feed there is or ever was."""
        ...

    def documents(self, feed_id: FeedId, *, frame: FeedFrame) -> Documents | None:
        """Return what is to be written of a feed; ``None``: there is no such feed any more."""
        ...

    def shelf(self, feed_id: FeedId, *, frame: FeedFrame, offset: int, limit: int) -> Feed | None:
        """Return a feed with some of all its entries, newest first, for a page to show."""
        ...

    def count_shown(self, feed_id: FeedId) -> int:
        """Return how many entries a feed shows in all, archives included."""
        ...

    def newest(
        self, feeds: Collection[FeedId], *, limit: int
    ) -> Mapping[FeedId, tuple[FeedEntry, ...]]:
        """Return the newest entries of each feed, without their topics and twins."""
        ...

    def mark_archived(self, archived: Mapping[FeedId, int]) -> None:
        """Note how many full archives of each feed are written."""
        ...

    def mark_dirty(self, feeds: Collection[FeedId], *, at: datetime) -> None:
        """Put *feeds* into the outbox."""
        ...

    def dirty_feeds(self, *, limit: int) -> Mapping[FeedId, datetime]:
        """Return feeds of the outbox, longest waiting first, and since when they wait."""
        ...

    def clear_dirty(self, feeds: Mapping[FeedId, datetime]) -> None:
        """Take feeds out of the outbox, unless they were marked again since then."""
        ...

    def add_notice(self, notice: Notice) -> None:
        """Keep news of the program itself for the feed ``status``."""
        ...

    def untold_notices(self, *, since: datetime) -> Mapping[int, Notice]:
        """Return notices nobody was notified of, oldest first, by number."""
        ...

    def mark_told(self, notices: Collection[int]) -> None:
        """Note that somebody was notified."""
        ...

    def add_subscription(self, subscription: Subscription) -> None:
        """Remember who wants news of a document; asking again renews it."""
        ...

    def remove_subscription(self, path: str, callback: str) -> None:
        """Forget it; nothing happens when it is not there."""
        ...

    def sync_hub(self, hub: str | None, paths: Collection[str]) -> None:
        """Make an outside *hub* want news of exactly *paths*; ``None``: there is none."""
        ...

    def mark_pushes(self, paths: Collection[str], *, at: datetime) -> None:
        """Note that those who want news of *paths* are to be told; forget who is past its lease."""
        ...

    def due_pushes(self, *, now: datetime, limit: int) -> tuple[Subscription, ...]:
        """Return who is to be told by now, longest waiting first."""
        ...

    def next_push(self, *, now: datetime) -> datetime | None:
        """Return when the next one is to be told; ``None``: nobody waits."""
        ...

    def conclude_push(self, subscription: Subscription, *, again: datetime | None) -> None:
        """Note what telling came to, and when it is tried again.

        Who was marked anew since `due_pushes` returned *subscription* stays due.
        """
        ...


class Store(Protocol):
    """Remembers. One writer; many refreshes share a transaction."""

    async def transact(self, work: Callable[[Session], _T]) -> _T:
        """Run *work* in a transaction of its own effect and return what it returns.

        It may share its commit with others, but what it raises undoes only itself. It may be
        run again when another's failure undid it, so it does nothing beside. When this
        returns, everything *work* wrote is on the disk.

        Raises:
            StoreError: Nothing was written.
        """
        ...

    def reading(self) -> AbstractContextManager[Session]:
        """Look at one consistent state, without waiting for writers."""
        ...

    async def close(self) -> None:
        """Finish what waits and close the files."""
        ...


class Poster(Protocol):
    """Sends short requests to addresses that strangers named."""

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, bytes] | None:
        """Return status and the beginning of the answer; ``None``: there was none.

        Goes to public addresses and allowed ones only, and follows no redirect.
        """
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


class Messenger(Protocol):
    """Tells people outside of feeds, by mail or chat."""

    async def tell(self, title: str, text: str) -> bool:
        """Tell everybody; return whether all of them could be reached."""
        ...


class Renderer(Protocol):
    """Turns a feed into one format. Pure: the same feed gives the same bytes."""

    suffix: str  # "atom", "rss", "json"
    media_type: str

    def render(self, feed: Feed) -> bytes:
        """Return the document."""
        ...


class Publisher(Protocol):
    """Puts documents where readers find them."""

    def write(self, path: str, document: bytes, *, now: datetime) -> bool:
        """Replace *path* (below the feeds' folder) at once or not at all.

        Its time of change is *now* in whole seconds, and later than before even when the
        clock went back: it becomes Last-Modified.

        Returns:
            Whether the bytes differ from what was there; only then anything is written.

        Raises:
            PublishError: The old document still stands.
        """
        ...

    def remove(self, path: str) -> bool:
        """Take *path* away; return whether it was there."""
        ...

    def batch(self) -> AbstractContextManager[None]:
        """Group the writes inside, which costs the disk less; all show at its end.

        An exception inside drops them. A document that cannot be written keeps none of
        the others back; `PublishError` tells of the first, at the end.
        """
        ...

    def terms(self) -> str:
        """Return under which terms all that lies there was written; ``""``: nothing does."""
        ...

    def keep_terms(self, terms: str) -> None:
        """Remember them with the documents, so that both are lost, or moved, together."""
        ...


class Engine(Protocol):
    """A metronome."""

    def start(self, tick: Callable[[], Awaitable[None]], *, every: timedelta) -> None:
        """Call *tick* now and then every so often, never twice at once."""
        ...

    async def stop(self) -> None:
        """Start no further tick, and wait for the one that runs."""
        ...
