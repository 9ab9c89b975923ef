"""What one transaction can ask and say. Synchronous: runs in the store's one thread."""

from __future__ import annotations

from aggregator.adapters.sql.entries import EntryRows
from aggregator.adapters.sql.feeds import FeedRows
from aggregator.adapters.sql.members import MemberRows
from aggregator.adapters.sql.memory import MemoryRows
from aggregator.adapters.sql.sources import SourceRows
from aggregator.adapters.sql.subscriptions import SubscriptionRows
from aggregator.adapters.sql.texts import TextRows


class SqlSession(
    SourceRows, EntryRows, TextRows, MemoryRows, MemberRows, FeedRows, SubscriptionRows
):
    """Implements `aggregator.ports.Session`."""
