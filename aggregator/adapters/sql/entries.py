"""The entries, the keys that lead to them, and what changed in them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, or_, select, update

from aggregator.adapters.sql import tables as t
from aggregator.adapters.sql.among import Among
from aggregator.adapters.sql.base import Place, Rows
from aggregator.adapters.sql.rows import entry_of, entry_row
from aggregator.model import Entry, EntryId, SourceId

BANDS_AT_ONCE = 100  # entries, at least, whose bands may be forgotten whenever some are added


class EntryRows(Rows):
    """The part of `aggregator.ports.Session` about entries."""

    def ids_by_key(self, source: SourceId, keys: Collection[str]) -> Mapping[str, EntryId]:
        if source in self._keys:
            self.write_out()
        rows = self._connection.execute(_IDS_BY_KEY, {"source": source, "some": keys})
        return {row[0]: EntryId(row[1]) for row in rows}

    def entries(self, ids: Collection[EntryId]) -> Mapping[EntryId, Entry]:
        rows = self._with(ids).execute(_ENTRIES_BY_ID, {"some": ids}).mappings()
        return {EntryId(row["id"]): entry_of(row) for row in rows}

    def recent_entries(
        self, source: SourceId, *, since: datetime, until: datetime, limit: int
    ) -> tuple[Entry, ...]:
        connection = self._db if source in self._listing else self._connection
        rows = connection.execute(
            _RECENT, {"source": source, "since": since, "until": until, "most": limit}
        )
        return tuple(entry_of(row) for row in rows.mappings())

    def keys_of(self, ids: Collection[EntryId]) -> Mapping[EntryId, tuple[str, ...]]:
        found: dict[EntryId, list[str]] = {}
        for row in self._db.execute(_KEYS_OF, {"some": ids}):
            found.setdefault(EntryId(row[0]), []).append(row[1])
        return {entry: tuple(keys) for entry, keys in found.items()}

    def add_entries(self, entries: Sequence[Entry]) -> Mapping[EntryId, int]:
        # An id is minted from what an item is: where it is stored already, it is that entry.
        known = {place.id for place in self._places_of([entry.id for entry in entries])}
        added: dict[EntryId, int] = {}
        # The last of the page first: within a day, a higher seq is nearer the top.
        for entry in reversed(entries):
            if entry.id in known or entry.id in added:
                continue
            added[entry.id] = seq = self._next_seq()
            self._entries[seq] = {"seq": seq, **entry_row(entry)}
            self._listing.add(entry.source)
            self._places[entry.id] = Place(seq, entry.id, entry.published.at)
        self._fresh.update(added.values())
        return added

    def _next_seq(self) -> int:
        """Return the number of the next entry: who writes here writes alone."""
        if self._last_seq is None:
            self._last_seq = int(self._connection.execute(_LAST_SEQ).scalar_one())
        self._last_seq += 1
        return self._last_seq

    def _with(self, ids: Collection[EntryId]) -> Connection:
        """Return the connection, with those of *ids* written that were gathered."""
        places = (self._places[one] for one in ids if one in self._places)
        return self._db if any(place.seq in self._entries for place in places) else self._connection

    def change_entries(self, entries: Sequence[Entry]) -> None:
        connection = self._with([entry.id for entry in entries])
        for entry in entries:
            connection.execute(_CHANGE_ENTRY, {"b_id": entry.id, **entry_row(entry)})
            self._places.pop(entry.id, None)  # its date may be another

    def add_keys(self, source: SourceId, keys: Iterable[tuple[str, EntryId]]) -> None:
        rows = [{"source_id": source, "key": key, "entry_id": entry} for key, entry in keys]
        if rows:
            self._keys.setdefault(source, []).extend(rows)

    def entries_after(self, seq: int, *, limit: int) -> Mapping[int, Entry]:
        rows = self._db.execute(
            select(t.entries).where(t.entries.c.seq > seq).order_by(t.entries.c.seq).limit(limit)
        )
        return {row["seq"]: entry_of(row) for row in rows.mappings()}

    def texts_after(self, seq: int, *, limit: int) -> Sequence[tuple[int, EntryId, str, str]]:
        rows = self._db.execute(_TEXTS_AFTER, {"seq": seq, "most": limit})
        return [(row[0], EntryId(row[1]), row[2] or "", row[3]) for row in rows.fetchall()]

    def last_place(self) -> int:
        return int(self._db.execute(_LAST_SEQ).scalar_one())

    def count_entries(self) -> int:
        return int(self._db.execute(select(func.count()).select_from(t.entries)).scalar_one())

    def add_bands(self, bands: Mapping[EntryId, Sequence[int]]) -> None:
        for place in self._places_of(bands):
            for band in bands[place.id]:
                self._bands.setdefault(band, []).append(place.seq)

    def forget_bands(self, *, before: datetime) -> None:
        self._bands_before = before

    def sharing_bands(
        self, bands: Mapping[EntryId, Sequence[int]], *, limit: int
    ) -> Mapping[EntryId, tuple[Entry, ...]]:
        wanted = {band for some in bands.values() for band in some}
        holders: dict[int, set[int]] = defaultdict(set)
        for band in wanted & self._bands.keys():
            holders[band].update(self._bands[band])
        for band, seq in self._connection.execute(_HOLDERS, {"some": wanted}):
            holders[band].add(seq)
        shared = {
            place: some
            for place in (self._places_of(bands) if holders else ())
            if (
                some := Counter(
                    s for band in bands[place.id] for s in holders[band] if s < place.seq
                )
            )
        }
        entries = self._entries_at({seq for place in shared for seq in (place.seq, *shared[place])})
        found: dict[EntryId, tuple[Entry, ...]] = {}
        for place, some in shared.items():
            others = [
                entries[seq]
                for seq, _ in sorted(some.items(), key=lambda one: (-one[1], one[0]))
                if seq in entries and entries[seq].source != entries[place.seq].source
            ]
            if others:
                found[place.id] = tuple(others[:limit])
        return found

    def write_out(self) -> None:
        super().write_out()
        self._insert(t.entries, list(self._entries.values()))
        self._entries.clear()
        self._listing.clear()
        if self._keys:
            self._replace(
                t.keys, ["entry_id"], [row for rows in self._keys.values() for row in rows]
            )
            self._keys.clear()
        if self._bands:
            rows = [{"band": b, "seq": seq} for b, seqs in self._bands.items() for seq in seqs]
            added = len({row["seq"] for row in rows})
            self._replace(t.bands, ["seq"], rows)
            self._bands.clear()
            if self._bands_before is not None:
                most = max(BANDS_AT_ONCE, 2 * added)
                old = {"before": self._bands_before, "most": most}
                self._connection.execute(_FORGET_BANDS, old)

    def _entries_at(self, seqs: Collection[int]) -> dict[int, Entry]:
        """Return the entries at these places; those not written yet from what was gathered."""
        found = {seq: entry_of(self._entries[seq]) for seq in seqs if seq in self._entries}
        if stored := [seq for seq in seqs if seq not in found]:
            rows = self._connection.execute(_ENTRIES_BY_SEQ, {"some": stored}).mappings()
            found.update((row["seq"], entry_of(row)) for row in rows)
        return found


_LAST_SEQ = select(func.coalesce(func.max(t.entries.c.seq), 0))
_IDS_BY_KEY = select(t.keys.c.key, t.keys.c.entry_id).where(
    t.keys.c.source_id == bindparam("source"), Among(t.keys.c.key)
)
_KEYS_OF = select(t.keys.c.entry_id, t.keys.c.key).where(Among(t.keys.c.entry_id))
_ENTRIES_BY_ID = select(t.entries).where(Among(t.entries.c.id))
_RECENT = (
    select(t.entries)
    .where(
        t.entries.c.source_id == bindparam("source"),
        t.entries.c.published_at >= bindparam("since", type_=t.Instant),
        t.entries.c.published_at <= bindparam("until", type_=t.Instant),
    )
    .order_by(t.entries.c.published_at.desc(), t.entries.c.seq.desc())
    .limit(bindparam("most"))
)
_TEXTS_AFTER = (
    select(t.entries.c.seq, t.entries.c.id, t.entries.c.title, t.entries.c.summary)
    .where(t.entries.c.seq > bindparam("seq"))
    .order_by(t.entries.c.seq)
    .limit(bindparam("most"))
)
_HOLDERS = select(t.bands.c.band, t.bands.c.seq).where(Among(t.bands.c.band))
_OLDEST_BANDS = (
    select(t.bands.c.seq).distinct().order_by(t.bands.c.seq).limit(bindparam("most")).subquery()
)
_FORGET_BANDS = delete(t.bands).where(
    t.bands.c.seq.in_(
        select(_OLDEST_BANDS.c.seq)
        .outerjoin(t.entries, t.entries.c.seq == _OLDEST_BANDS.c.seq)
        .where(
            or_(
                t.entries.c.first_seen.is_(None),
                t.entries.c.first_seen < bindparam("before", type_=t.Instant),
            )
        )
    )
)
_ENTRIES_BY_SEQ = select(t.entries).where(Among(t.entries.c.seq))
_CHANGE_ENTRY = update(t.entries).where(t.entries.c.id == bindparam("b_id"))
