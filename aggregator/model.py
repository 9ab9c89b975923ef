"""The nouns of the program, all frozen, named after RFC 4287 where it has a name.

The way of the data, left to right:

    Source ─fetch→ Fetched ─extract→ Item ─normalize→ Draft ─recognize→ Entry ─render→ Feed

An ``Item`` is what the page said, word for word; a ``Draft`` is an item made clean; an
``Entry`` is a draft that was recognised, so it has an id and is stored for good.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType, TypeAlias

SourceId = NewType("SourceId", str)  # the key under `sources:`, e.g. "psg"
TopicId = NewType("TopicId", str)  # the key under `topics:`, e.g. "las-bambas"
EntryId = NewType("EntryId", str)  # an atom:id; minted once, stored, never derived again
FeedId = NewType(
    "FeedId", str
)  # path below `feeds/`, no suffix: "all", "las-bambas", "sources/psg"


# ---- dates ---------------------------------------------------------------------------


class Precision(StrEnum):
    """How exactly a date is known; a day stays a day."""

    DAY = "day"
    TIME = "time"


class Basis(StrEnum):
    """How a date is known. The values are public: ``--explain`` and ``why`` show them."""

    MACHINE = "machine"  # a datetime attribute, a feed's own element, JSON-LD
    WRITTEN = "written"  # text that names the day, the month and the year
    INFERRED = "inferred"  # text without a year, or day and month ordered by other dates
    RELATIVE = "relative"  # "2 hours ago", counted from the fetch
    FIRST_SEEN = "first-seen"  # nothing was written: when we first saw the item


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A date, how exactly and how it is known."""

    at: datetime  # aware, in the page's own offset; midnight when precision is DAY
    precision: Precision
    basis: Basis

    def isoformat(self) -> str:
        """Return ISO 8601; a bare day stays ``YYYY-MM-DD``."""
        if self.precision is Precision.DAY:
            return self.at.date().isoformat()
        return self.at.isoformat()


# ---- sources -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """Where the parts of an item stand; CSS, with ``::attr(name)`` and ``::text``.

    All but ``items`` and ``next`` are looked up inside one item. ``None`` means: find it.
    """

    items: str
    title: str | None = None
    link: str | None = None
    date: str | None = None
    summary: str | None = None
    content: str | None = None
    author: str | None = None
    image: str | None = None
    categories: str | None = None
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonPaths:
    """Where the parts of an item stand in a JSON answer: keys and indexes with dots.

    ``items`` leads to the array (``""``: the document itself is the array); the others
    start at one of its elements. ``None`` means: try the usual names.
    """

    items: str
    title: str | None = None
    link: str | None = None
    date: str | None = None
    summary: str | None = None
    content: str | None = None
    author: str | None = None
    image: str | None = None
    categories: str | None = None
    guid: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How to read what comes back for a source. All ``None``: find the items."""

    selectors: Selectors | None = None
    json: JsonPaths | None = None
    article: bool = False  # the page is one article, and its text is wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOptions:
    """What one source needs beyond a plain GET. May hold secrets: never logged."""

    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    cookies: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    basic: tuple[str, str] | None = field(default=None, repr=False)
    bearer: str | None = field(default=None, repr=False)
    body: bytes | None = field(default=None, repr=False)
    proxy: str | None = field(default=None, repr=False)
    http2: bool = False
    client_certificate: str | None = None  # path of a PEM file with certificate and key
    insecure: bool = False  # certificates are not verified


class Render(StrEnum):
    """Whether a browser runs the page's scripts first."""

    NEVER = "never"
    AUTO = "auto"  # only when the plain page is an application shell
    BROWSER = "browser"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A listing page (or feed, sitemap, JSON answer) we poll."""

    id: SourceId
    title: str
    url: str
    every: timedelta
    public_url: str | None = None  # the url without what came from the environment
    timezone: str = "UTC"  # IANA name; what a date without an offset means
    language: str | None = None  # BCP 47; a hint, the page's own word wins
    rule: Rule = Rule()
    discover: bool = False  # prefer a feed the page advertises
    pages: int = 1  # how many pages back to look for what is not known yet
    render: Render = Render.NEVER
    full_text: bool = False
    keep: timedelta | None = None  # None: for ever
    request: RequestOptions = RequestOptions()

    @property
    def shown_url(self) -> str:
        """Return its address for people and feeds."""
        return self.public_url or self.url


# ---- fetching ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the transport is asked for."""

    url: str
    etag: str | None = None  # validators of the page we hold; None: send it whole
    last_modified: str | None = None
    options: RequestOptions = RequestOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A whole page came back."""

    url: str  # after all redirects; what relative links are relative to
    body: bytes = field(repr=False)  # content coding undone, character coding not
    at: datetime
    content_type: str = ""  # the header, e.g. "text/html; charset=utf-8"
    etag: str | None = None
    last_modified: str | None = None
    fresh_for: timedelta | None = None  # Cache-Control, Expires: do not ask again before


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server said 304: the page we hold is the page there is."""

    at: datetime
    fresh_for: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The server said 410: the page is away for good, stop asking."""

    at: datetime


class FailureKind(StrEnum):
    """Why a fetch gave no page. The values are public: metrics and alerts use them."""

    URL = "url"  # not an http(s) address that can be asked
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"  # what came back is not HTTP
    REDIRECT = "redirect"  # too many, in a circle, or to nowhere
    STATUS = "status"  # 4xx or 5xx not named below
    UNAUTHORIZED = "unauthorized"  # 401, 403, 407, 451
    NOT_FOUND = "not-found"  # 404
    RATE_LIMITED = "rate-limited"  # 429, 503 with Retry-After
    TOO_LARGE = "too-large"
    TRUNCATED = "truncated"
    ENCODING = "encoding"  # the content coding cannot be undone
    BLOCKED_ADDRESS = "blocked-address"
    ROBOTS = "robots"
    BROWSER = "browser"
    UNREADABLE = "unreadable"  # the page killed its parser: time, memory or a crash


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """No page, for a reason we expected to meet one day."""

    kind: FailureKind
    detail: str  # one line for a person; no query strings, no secrets
    at: datetime
    retry_at: datetime | None = None  # the server named a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The page lives elsewhere now, for good (301, 308 all the way)."""

    url: str
    then: Fetched | NotModified | Gone | Failed


FetchResult: TypeAlias = Fetched | NotModified | Moved | Gone | Failed


# ---- reading -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that belongs to an entry (atom:link rel=enclosure)."""

    url: str
    type: str = ""
    length_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What the page said, word for word. ``""`` and ``()``: it did not say.

    Nothing here is trusted: text may hold control characters, HTML may hold scripts.
    """

    title: str = ""  # text
    link: str = ""  # absolute; may be any scheme
    guid: str = ""  # a feed's own id
    date_text: str = ""  # the date as a reader sees it, with the words around it
    published: str = ""  # the date as a machine reads it: datetime attribute, pubDate
    updated: str = ""  # the same for atom:updated, dateModified
    summary: str = ""  # text, a blank line between paragraphs
    content: str = ""  # HTML, as it came
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    image: str = ""  # absolute
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Something that looked like an item and was left out."""

    text: str  # its first words
    reason: str  # why, for a person


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A list that could have been the items: for ``extract --explain``."""

    selector: str
    items: int
    score: float
    reasons: tuple[str, ...] = ()
    sample: tuple[str, ...] = ()  # the first titles


class Kind(StrEnum):
    """What came back, and so how it was read. The values are public."""

    SELECTORS = "selectors"  # HTML, by the configured selectors
    AUTOMATIC = "automatic"  # HTML, the items were found
    EMBEDDED = "embedded"  # HTML, from JSON-LD, microdata or the page's own state
    RSS = "rss"
    ATOM = "atom"
    JSON_FEED = "json-feed"
    SITEMAP = "sitemap"
    JSON = "json"
    CALENDAR = "calendar"
    ARTICLE = "article"  # HTML, the text of one article
    UNKNOWN = "unknown"

    @property
    def is_data(self) -> bool:
        """Tell whether it says by itself where its items are, as no page for people does."""
        return self not in _FOR_PEOPLE


_FOR_PEOPLE = frozenset({Kind.SELECTORS, Kind.AUTOMATIC, Kind.EMBEDDED, Kind.ARTICLE, Kind.UNKNOWN})


class Trouble(StrEnum):
    """What a page without items is. The values are public."""

    NOTHING_MATCHES = "nothing-matches"  # the selectors fit nothing: probably redesigned
    BLOCKED = "blocked"  # a captcha or a bot wall
    LOGIN = "login"
    NEEDS_BROWSER = "needs-browser"  # an application shell without content
    SOFT_404 = "soft-404"
    UNAVAILABLE = "unavailable"  # an error of the server, or maintenance, said with a 200
    NO_SITE = "no-site"  # parked, suspended, not set up yet
    CONSENT = "consent"  # a question before the page: cookies, age
    ELSEWHERE = "elsewhere"  # only a frame, or the way to another page
    EMPTY_LIST = "empty-list"  # the list is there and holds nothing
    NOT_A_LIST = "not-a-list"
    BROKEN_FEED = "broken-feed"
    UNKNOWN_FORMAT = "unknown-format"  # not HTML, not a feed, not JSON we were told to read


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """Why there are no items, and the next step."""

    trouble: Trouble
    detail: str  # what was seen
    next_step: str  # what to do about it


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What was taken from a page."""

    kind: Kind
    items: tuple[Item, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    diagnosis: Diagnosis | None = None  # always set when there are no items
    title: str = ""  # of the page or the feed
    language: str | None = None  # as the page says
    next_url: str | None = None  # the next page of the list
    feeds: tuple[str, ...] = ()  # advertised by the page, absolute, best first
    selectors: Selectors | None = None  # that would find these items again
    candidates: tuple[Candidate, ...] = ()  # best first; only when asked to explain
    refresh_after: timedelta | None = None  # rss:ttl, sy:updatePeriod
    warnings: tuple[str, ...] = ()  # e.g. "the feed is broken after item 12"
    is_cut: bool = False  # the page is larger than what was read of it


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """What may be seen again of an entry, where it is looked for on a page."""

    title: str | None
    link: str | None
    day: str | None = None  # ISO 8601; None: the page never said
    summary: str = ""  # its first words


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What is known about a page beside its bytes."""

    now: datetime  # aware; when it was fetched
    timezone: str = "UTC"
    language: str | None = None
    day_first: bool | None = None  # "05/06/2018": learned from the source's other dates
    known: tuple[KnownItem, ...] = ()  # the rule fits no more: find one that finds these
    stand_in: Selectors | None = None  # what was found so the last time


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An item made clean: safe to store and to render, not yet recognised.

    Text holds nothing XML forbids; ``content`` is sanitised HTML; links are http, https
    or mailto. ``None`` and ``()``: unknown.
    """

    title: str | None
    link: str | None
    guid: str | None = None
    date_text: str | None = None
    published: When | None = None
    revised: When | None = None  # the source's own atom:updated, dateModified
    summary: str = ""  # text, a blank line between paragraphs
    content: str | None = None  # sanitised HTML
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    image: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A page, read: what the parser hands to the pipeline."""

    drafts: tuple[Draft, ...]  # page order
    extraction: Extraction  # its items stay behind: empty here
    is_whole: bool = True  # HTML that ends with its end tag, or no HTML
    mended: Selectors | None = None  # read by this rule, found by what is known, not by the given
    day_first: bool | None = None  # as learned from this page, or the hint
    beside: tuple[int, ...] = ()  # marks of the links that stand beside the list; `core.beside`


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Draft):
    """An atom:entry (RFC 4287 section 4.1.2)."""

    id: EntryId
    source: SourceId
    published: When  # never unknown: at worst the time it was first seen
    updated: datetime  # aware UTC; moves only when title, text or date change
    first_seen: datetime  # aware UTC
    position: int = 0  # on the page when first seen; orders the entries of one day


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """An entry of a source with ``full_text:`` that lacks the text of its article."""

    entry: EntryId
    source: SourceId
    link: str
    tries: int = 0  # that failed
    reason: str = ""  # of the last one
    due_at: datetime | None = None  # when it is tried again; None: it is given up


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One thing that changed in an entry."""

    entry: EntryId
    at: datetime
    field: str  # "title", "summary", "content", "published", "link"
    old: str
    new: str


# ---- topics and feeds ----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A named query over entries. ``query`` holds any, all and none as well."""

    id: TopicId
    title: str
    query: str  # in the query language; see docs/topics.md
    description: str = ""
    language: str | None = None
    exact: bool = False  # no plurals, no typing errors
    merge: bool = True  # one story from several sources is one entry
    was: tuple[str, ...] = ()  # earlier names; their feeds redirect here


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An atom:link."""

    href: str
    rel: str = "alternate"
    type: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """An entry as one feed shows it."""

    entry: Entry
    source_title: str
    source_url: str
    topics: tuple[str, ...] = ()  # titles of the topics it belongs to
    also_at: tuple[Link, ...] = ()  # the same story elsewhere (rel=related)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What we publish: one document, format-free."""

    id: FeedId
    title: str
    description: str
    updated: datetime  # its newest entry's; for an empty feed, when the feed came to be
    entries: tuple[FeedEntry, ...]  # newest first
    home: str  # the HTML page, absolute
    base_url: str  # the folder of all feeds, absolute, with a last slash: ".../feeds/"
    language: str | None = None
    hub: str | None = None  # absolute
    path: str = ""  # of this document below feeds/, no suffix: "las-bambas", "las-bambas/archive/3"
    current: str | None = None  # path of the subscription document, on an archive document
    prev_archive: str | None = None  # path, as above
    next_archive: str | None = None
    atom_id: str = ""  # minted once by core/feeds.py and stored; "": derived from base_url
    per_feed_ids: bool = False  # entries get an id of their own in each feed
    rights: str = ""
    icon: str | None = None  # absolute


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """All that is to be written of one feed."""

    subscription: Feed
    archives: tuple[Feed, ...]  # oldest first; only those not written yet
    archived: int  # full archives there are once these are written


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFrame:
    """What all feeds have in common."""

    title: str  # of the feed of all entries
    base_url: str  # the folder of all feeds, absolute, with a last slash: ".../feeds/"
    home: str  # the page for people, absolute, with a last slash
    window: int  # entries in a subscription document
    topics: tuple[Topic, ...]
    hub: str | None = None
    per_feed_ids: bool = False
    icon: str | None = None  # absolute
    rights: str = ""

    @property
    def outside_hub(self) -> str | None:
        """Return the hub that is to be told, unless it is our own."""
        return None if self.hub is None or self.hub.startswith(self.home) else self.hub

    def topic(self, feed_id: FeedId) -> Topic | None:
        """Return the topic whose feed it is."""
        return next((topic for topic in self.topics if FeedId(topic.id) == feed_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Where news of one document goes: to a subscriber of our hub, or to an outside hub."""

    path: str  # of the document below feeds/: "las-bambas.atom"
    callback: str
    secret: str = field(default="", repr=False)  # signs what is delivered
    expires_at: datetime | None = None  # None: an outside hub
    delivered: str = ""  # tag of the bytes it got last
    attempts: int = 0  # that failed since
    due_at: datetime | None = None  # when it is to be told; None: there is nothing to tell


# ---- what a refresh came to ----------------------------------------------------------


class OutcomeKind(StrEnum):
    """What a refresh came to. The values are public: logs, metrics and status use them."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REPAIRED = "repaired"  # the rule fits no more; the items were found by another one
    EMPTY = "empty"  # the page was read and holds no items
    HELD = "held"  # the page breaks what its own past leads us to expect
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The value a refresh returns."""

    source: SourceId
    kind: OutcomeKind
    new: int = 0
    updated: int = 0
    items: int = 0  # on the page
    code: str = ""  # failure kind, trouble, the broken expectation, or what was noted; "" when fine
    detail: str = ""  # one line for a person
    next_step: str = ""  # what to do about it; lines below the first are for config.yaml
    at: datetime | None = None  # when the page came back
    next_due: datetime | None = None  # None: never again by itself

    @property
    def is_fine(self) -> bool:
        """Tell whether nobody needs to look."""
        return self.kind in {OutcomeKind.CHANGED, OutcomeKind.UNCHANGED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One refresh of the past, for the chart of the last ones."""

    at: datetime
    kind: OutcomeKind
    code: str
    items: int
    new: int
    updated: int
    took: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """News of the program itself, for whoever looks after it."""

    source: SourceId
    source_title: str
    at: datetime
    kind: OutcomeKind
    title: str
    detail: str  # what was seen, and what to do; a blank line between


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is remembered about a source from one refresh to the next."""

    source: SourceId
    url: str | None = None  # where it moved for good; None: as configured
    etag: str | None = None  # validators of the page that was read last
    last_modified: str | None = None
    body_hash: str | None = None  # of the page that was read last
    rule_hash: str | None = None  # of how it was read; another rule reads the page again
    day_first: bool | None = None
    learned: str = ""  # JSON of `core.identity.Learned`
    expectation: str = ""  # JSON of `core.expectation.Expectation`
    accept_next: bool = False  # the user said: whatever comes next is right
    failures: int = 0  # in a row
    next_due: datetime | None = None  # None: never again by itself
    visited_at: datetime | None = None  # None: never yet
    succeeded_at: datetime | None = None  # the last time nobody had to look
    changed_at: datetime | None = None  # the last time something was new
    outcome: Outcome | None = None  # of the last refresh
