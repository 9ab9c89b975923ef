"""The tables of the state. Times are whole microseconds since 1970, UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    text,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """Return *moment* as it is stored."""
    return (moment - _EPOCH) // _MICROSECOND


class Instant(TypeDecorator[datetime]):
    """An aware datetime as microseconds: exact, sortable, the same in every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else microseconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(microseconds=value)


# SQLite numbers rows by itself only in an INTEGER primary key.
Serial = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()

sources = Table(
    "sources",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("configured_url", Text, nullable=False),
    Column("is_configured", Boolean, nullable=False),  # false: taken out of config.yaml
    Column("url", Text),  # see model.SourceState for the rest
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", Text),
    Column("rule_hash", Text),
    Column("day_first", Boolean),
    Column("learned", Text, nullable=False, server_default=""),
    Column("expectation", Text, nullable=False, server_default=""),
    Column("accept_next", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("next_due", Instant),
    Column("is_claimed", Boolean, nullable=False, server_default=text("false")),  # in work
    Column("visited_at", Instant),
    Column("succeeded_at", Instant),
    Column("changed_at", Instant),
    Column("outcome", Text),  # JSON of model.Outcome
    Index("sources_by_due", "next_due"),
)

entries = Table(
    "entries",
    metadata,
    Column("seq", Serial, primary_key=True),  # the order in which entries came to be
    Column("id", Text, nullable=False, unique=True),  # atom:id
    Column("source_id", Text, nullable=False),
    Column("title", Text),
    Column("link", Text),
    Column("guid", Text),
    Column("date_text", Text),
    Column("published_at", Instant, nullable=False),
    Column("published_offset", Integer, nullable=False),  # seconds east of UTC
    Column("precision", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("position", Integer, nullable=False),
    Column("summary", Text, nullable=False),
    Column("content", Text),
    Column("more", Text, nullable=False, server_default=""),  # JSON of the seldom-set fields
    Index("entries_by_date", "published_at", "seq"),
    Index("entries_of_source", "source_id", "published_at", "seq"),
)

# Keys outlive entries: what was forgotten by age never comes back as new.
keys = Table(
    "keys",
    metadata,
    Column("source_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("entry_id", Text, nullable=False),
    Index("keys_by_entry", "entry_id"),
    sqlite_with_rowid=False,
)

# Entries of sources with `full_text:` whose articles did not come yet.
lacking = Table(
    "lacking",
    metadata,
    Column("entry_id", Text, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("due_at", Instant),  # None: given up
    Index("lacking_by_due", "source_id", "due_at"),
    sqlite_with_rowid=False,
)

revisions = Table(
    "revisions",
    metadata,
    Column("seq", Serial, primary_key=True),
    Column("entry_id", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("field", Text, nullable=False),
    Column("old", Text, nullable=False),
    Column("new", Text, nullable=False),
    Index("revisions_of_entry", "entry_id"),
)

topics = Table(
    "topics",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),  # of the query its members were found with
    Column("evaluated_to", BigInteger),  # seq up to which history was searched; None: all of it
    Column("removed_at", Instant),
)

# What each feed shows, and in which order entries came to it: see core/archive.py.
members = Table(
    "members",
    metadata,
    Column("feed_id", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True),  # 1, 2, 3 … in this feed
    Column("seq", BigInteger, nullable=False),  # of the entry
    Column("published_at", Instant, nullable=False),  # the entry's, to sort by an index
    Column("leader", BigInteger),  # seq of the member that tells the same story and shows it
    Index("members_by_date", "feed_id", "published_at", "seq"),
    Index("members_of_entry", "seq", "feed_id", unique=True),
    Index("members_by_leader", "leader", sqlite_where=text("leader IS NOT NULL")),
    sqlite_with_rowid=False,
)

# The outbox: feeds that must be rendered again. A row goes only after its files are safe.
dirty = Table(
    "dirty",
    metadata,
    Column("feed_id", Text, primary_key=True),
    Column("since", Instant, nullable=False),
    sqlite_with_rowid=False,
)

feeds = Table(
    "feeds",
    metadata,
    Column("id", Text, primary_key=True),
    Column("atom_id", Text, nullable=False),  # minted once, so it survives a move to another host
    Column("created_at", Instant, nullable=False),
    Column("last", BigInteger, nullable=False),  # the highest number given to a member
    Column("archive_size", Integer, nullable=False),  # entries in a full archive, for ever
    Column("archived", Integer, nullable=False),  # full archives that were written
)

visits = Table(
    "visits",
    metadata,
    Column("seq", Serial, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("items", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Index("visits_of_source", "source_id", "seq"),
)

# MinHash bands of titles and texts: entries that share one may tell the same story.
bands = Table(
    "bands",
    metadata,
    Column("band", BigInteger, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Index("bands_of_entry", "seq"),
    sqlite_with_rowid=False,
)

# WebSub: who wants news of which document, and what of it waits to be told.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("path", Text, primary_key=True),
    Column("callback", Text, primary_key=True),
    Column("secret", Text, nullable=False),
    Column("expires_at", Instant),  # see model.Subscription
    Column("delivered", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant),  # None: nothing waits
    Index("subscriptions_by_due", "due_at"),
    sqlite_with_rowid=False,
)

# The program's own news: the feed "status", and what people are notified of.
notices = Table(
    "notices",
    metadata,
    Column("seq", Serial, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("source_title", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("is_told", Boolean, nullable=False),
)
