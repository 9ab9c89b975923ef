"""Who wants to be told of which document, and who waits to be told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, or_, select, update

from aggregator.adapters.sql import tables as t
from aggregator.adapters.sql.among import Among
from aggregator.adapters.sql.base import Rows
from aggregator.model import Subscription

_ROW = t.subscriptions.c


class SubscriptionRows(Rows):
    """The part of `aggregator.ports.Session` about WebSub."""

    def add_subscription(self, subscription: Subscription) -> None:
        row = {
            "path": subscription.path,
            "callback": subscription.callback,
            "secret": subscription.secret,
            "expires_at": subscription.expires_at,
            "delivered": subscription.delivered,
            "attempts": 0,
        }
        self._replace(t.subscriptions, ["secret", "expires_at", "delivered", "attempts"], [row])

    def remove_subscription(self, path: str, callback: str) -> None:
        self._db.execute(_REMOVE, {"b_path": path, "b_callback": callback})

    def sync_hub(self, hub: str | None, paths: Collection[str]) -> None:
        outside = _ROW.expires_at.is_(None)
        self._db.execute(delete(t.subscriptions).where(outside, _ROW.callback != (hub or "")))
        known = set(self._db.execute(select(_ROW.path).where(outside)).scalars())
        wanted = set(paths) if hub else set()
        for path in known - wanted:
            self.remove_subscription(path, hub or "")
        fresh = [Subscription(path=path, callback=hub or "") for path in wanted - known]
        for subscription in fresh:
            self.add_subscription(subscription)

    def mark_pushes(self, paths: Collection[str], *, at: datetime) -> None:
        self._db.execute(_FORGET, {"at": at})
        self._db.execute(_MARK, {"some": paths, "at": at})

    def due_pushes(self, *, now: datetime, limit: int) -> tuple[Subscription, ...]:
        rows = self._db.execute(_DUE, {"at": now, "most": limit})
        return tuple(map(_subscription_of, rows))

    def next_push(self, *, now: datetime) -> datetime | None:
        due: datetime | None = self._db.execute(_NEXT, {"at": now}).scalar_one()
        return due

    def conclude_push(self, subscription: Subscription, *, again: datetime | None) -> None:
        mine = {"b_path": subscription.path, "b_callback": subscription.callback}
        told = {"delivered": subscription.delivered, "attempts": subscription.attempts}
        self._db.execute(_UPDATE, mine | told)
        self._db.execute(_PUT_OFF, mine | {"b_due": subscription.due_at, "due_at": again})


def _subscription_of(row: Row[Any]) -> Subscription:
    return Subscription(
        path=row.path,
        callback=row.callback,
        secret=row.secret,
        expires_at=row.expires_at,
        delivered=row.delivered,
        attempts=row.attempts,
        due_at=row.due_at,
    )


_AT: Any = bindparam("at", type_=t.Instant)
_ALIVE = or_(_ROW.expires_at.is_(None), _ROW.expires_at > _AT)
_FORGET = delete(t.subscriptions).where(_ROW.expires_at <= _AT)
_MARK = update(t.subscriptions).where(Among(_ROW.path)).values(due_at=_AT, attempts=0)
_DUE = (
    select(t.subscriptions)
    .where(_ROW.due_at <= _AT, _ALIVE)
    .order_by(_ROW.due_at)
    .limit(bindparam("most"))
)
_NEXT = select(func.min(_ROW.due_at)).where(_ALIVE)
_MINE = _ROW.path == bindparam("b_path"), _ROW.callback == bindparam("b_callback")
_REMOVE = delete(t.subscriptions).where(*_MINE)
_UPDATE = update(t.subscriptions).where(*_MINE)
_PUT_OFF = update(t.subscriptions).where(*_MINE, _ROW.due_at == bindparam("b_due", type_=t.Instant))
