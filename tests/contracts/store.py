"""What every `Store` must do; each adapter's tests inherit these."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from aggregator.adapters.sql import tables as t
from aggregator.adapters.sql.session import SqlSession
from aggregator.adapters.sql.store import SqlStore
from aggregator.core.feed_ids import ALL
from aggregator.errors import StoreError
from aggregator.model import (
    Basis,
    Enclosure,
    Entry,
    EntryId,
    FeedFrame,
    FeedId,
    Outcome,
    OutcomeKind,
    Precision,
    Revision,
    Source,
    SourceId,
    SourceState,
    Subscription,
    Topic,
    TopicId,
    When,
)

NOW = datetime(2018, 1, 27, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PSG = Source(id=SourceId("psg"), title="PSG", url="http://example.org/", every=DAY)
MINES = Topic(id=TopicId("mines"), title="Mines", query="mine")
FRAME = FeedFrame(
    title="Everything",
    base_url="http://example.net/feeds/",
    home="http://example.net/",
    window=3,
    topics=(MINES,),
)


def entry(number: int, *, day: int = 1, title: str | None = None) -> Entry:
    return Entry(
        id=EntryId(f"tag:example.org,2026:{number}"),
        source=PSG.id,
        title=title or f"Title {number}",
        link=f"http://example.org/{number}",
        published=When(
            at=datetime(2018, 1, day, tzinfo=UTC), precision=Precision.DAY, basis=Basis.WRITTEN
        ),
        updated=NOW,
        first_seen=NOW,
        position=number,
    )


def join(session: SqlSession, *entries: Entry, feeds: tuple[str, ...] = ("all", "mines")) -> None:
    session.add_entries(entries)
    session.set_members({one.id: [FeedId(feed) for feed in feeds] for one in entries})


def shown(session: SqlSession, feed: str = "all") -> list[str | None]:
    documents = session.documents(FeedId(feed), frame=FRAME)
    assert documents is not None
    return [one.entry.title for one in documents.subscription.entries]


class StoreContract(ABC):
    """Inherit, and say how a store is made."""

    @pytest.fixture
    @abstractmethod
    def store(self) -> SqlStore:
        """Return a store that remembers nothing; whoever asks for `session` closes it."""

    @pytest.fixture
    def session(self, store: SqlStore) -> Iterator[SqlSession]:
        with store.writing() as session:
            session.sync_sources([PSG], due=[NOW])
            session.sync_topics({MINES: "1"}, now=NOW)
            ids = {ALL: "tag:a", FeedId("mines"): "tag:m", FeedId("sources/psg"): "tag:p"}
            session.sync_feeds(ids, earlier={}, archive_size=4, now=NOW)
            yield session
        store.dispose()

    # ---- transactions

    def test_what_one_work_raises_undoes_only_itself(self, store: SqlStore) -> None:
        def good(session: SqlSession) -> None:
            session.add_entries([entry(1)])

        def bad(session: SqlSession) -> None:
            session.add_entries([entry(2)])
            raise ZeroDivisionError

        async def both() -> tuple[BaseException | None, ...]:
            results = await asyncio.gather(
                store.transact(good), store.transact(bad), return_exceptions=True
            )
            with store.reading() as session:
                stored.update(session.entries([entry(1).id, entry(2).id]))
            await store.close()
            return results

        stored: dict[EntryId, Entry] = {}
        results = asyncio.run(both())

        assert results[0] is None
        assert isinstance(results[1], ZeroDivisionError)
        assert set(stored) == {entry(1).id}

    def test_who_asks_a_closed_store_is_told_and_does_not_wait(self, store: SqlStore) -> None:
        async def run() -> None:
            await store.close()
            async with asyncio.timeout(60):
                await store.transact(lambda session: session.add_entries([entry(1)]))

        with pytest.raises(RuntimeError, match="after shutdown"):
            asyncio.run(run())

    def test_a_database_that_fails_fails_the_whole_batch_and_not_the_next(
        self, store: SqlStore
    ) -> None:
        def fail(session: SqlSession) -> None:
            session.add_entries([entry(1)])
            session.add_entries([replace(entry(3), summary=None)])  # type: ignore[arg-type]

        async def run() -> list[int | BaseException | None]:
            results = await asyncio.gather(
                store.transact(lambda session: session.add_entries([entry(2)])),
                store.transact(fail),
                return_exceptions=True,
            )
            count = await store.transact(lambda session: session.count_entries())
            await store.close()
            return [*(one if isinstance(one, BaseException) else None for one in results), count]

        first, second, count = asyncio.run(run())

        assert isinstance(first, StoreError)
        assert isinstance(second, StoreError)
        assert "null" in str(second).lower()
        assert count == 0

    # ---- sources

    def test_a_state_comes_back_as_it_was(self, session: SqlSession) -> None:
        outcome = Outcome(
            source=PSG.id, kind=OutcomeKind.HELD, code="x", detail="d", at=NOW, next_due=NOW + DAY
        )
        state = SourceState(
            source=PSG.id,
            url="http://moved.example/",
            etag='"1"',
            day_first=True,
            failures=3,
            next_due=NOW,
            visited_at=NOW,
            outcome=outcome,
        )

        session.save_state(state)

        assert session.source_states([PSG.id]) == (state,)

    def test_a_claimed_source_is_not_due_until_its_lease_ends(self, session: SqlSession) -> None:
        lease = timedelta(minutes=10)

        first = session.due_sources(now=NOW, limit=5, lease=lease)
        second = session.due_sources(now=NOW, limit=5, lease=lease)
        later = session.due_sources(now=NOW + lease, limit=5, lease=lease)

        assert [len(some) for some in (first, second, later)] == [1, 0, 1]
        session.release([PSG.id], due=NOW)
        assert session.due_sources(now=NOW, limit=5, lease=lease)

    def test_what_a_dead_process_had_claimed_is_given_back(self, session: SqlSession) -> None:
        session.due_sources(now=NOW, limit=5, lease=timedelta(minutes=10))

        session.release_all(due=NOW)
        session.release_all(due=NOW + DAY)

        assert session.source_states()[0].next_due == NOW

    def test_only_claimed_sources_are_given_back(self, session: SqlSession) -> None:
        (state,) = session.due_sources(now=NOW, limit=5, lease=timedelta(minutes=10))
        session.save_state(replace(state, next_due=NOW + DAY))

        session.release_all(due=NOW)

        assert session.source_states()[0].next_due == NOW + DAY

    @pytest.mark.parametrize(
        ("visited_at", "next_due", "is_recalled"),
        [
            (NOW + DAY, NOW + DAY, True),
            (NOW - DAY, NOW + 400 * DAY, True),
            (NOW - DAY, NOW + DAY, False),
            (NOW + DAY, None, False),
        ],
    )
    def test_what_a_wrong_clock_put_far_away_is_due_again(
        self,
        session: SqlSession,
        visited_at: datetime,
        next_due: datetime | None,
        is_recalled: bool,  # noqa: FBT001 -- a column of the table
    ) -> None:
        state = SourceState(source=PSG.id, visited_at=visited_at, next_due=next_due)
        session.save_state(state)

        count = session.recall(now=NOW, beyond=NOW + 30 * DAY)

        assert count == is_recalled
        assert session.source_states()[0].next_due == (NOW if is_recalled else next_due)

    def test_a_source_with_another_address_starts_anew(self, session: SqlSession) -> None:
        session.save_state(SourceState(source=PSG.id, etag='"1"', failures=2))
        moved = Source(id=PSG.id, title="PSG", url="http://other.example/", every=DAY)

        session.sync_sources([moved], due=[NOW])

        (state,) = session.source_states()
        assert (state.etag, state.failures, state.next_due) == (None, 0, NOW)

    def test_a_source_taken_out_is_never_due_and_comes_back(self, session: SqlSession) -> None:
        session.sync_sources([], due=[])
        gone = session.source_states()
        session.sync_sources([PSG], due=[NOW + DAY])

        assert gone == ()
        assert session.source_states()[0].next_due == NOW + DAY

    def test_a_new_title_keeps_everything_else(self, session: SqlSession) -> None:
        session.save_state(SourceState(source=PSG.id, etag='"1"', next_due=NOW + DAY))

        session.sync_sources(
            [Source(id=PSG.id, title="Renamed", url=PSG.url, every=DAY)], due=[NOW]
        )

        (state,) = session.source_states()
        assert (state.etag, state.next_due) == ('"1"', NOW + DAY)

    def test_only_the_last_visits_are_kept(self, session: SqlSession) -> None:
        for number in range(70):
            outcome = Outcome(source=PSG.id, kind=OutcomeKind.CHANGED, new=number)
            session.add_visit(outcome, at=NOW, took=timedelta(milliseconds=5))
        session.write_out()

        kept = session._db.execute(select(t.visits.c.new)).scalars().all()
        assert kept == list(range(10, 70))

    # ---- entries

    def test_an_entry_comes_back_as_it_was(self, session: SqlSession) -> None:
        whole = Entry(
            id=EntryId("tag:x"),
            source=PSG.id,
            title=None,
            link=None,
            guid="g",
            date_text="yesterday",
            published=When(
                at=datetime.fromisoformat("2018-01-22T23:30:00.000001-05:00"),
                precision=Precision.TIME,
                basis=Basis.RELATIVE,
            ),
            revised=When(at=NOW, precision=Precision.TIME, basis=Basis.MACHINE),
            updated=NOW,
            first_seen=NOW,
            position=3,
            summary="s",
            content="<p>c</p>",
            authors=("A", "Ñ"),
            categories=("c",),
            image="http://example.org/i.png",
            enclosures=(
                Enclosure(url="http://example.org/a.mp3", type="audio/mpeg", length_bytes=1),
            ),
            language="es",
        )

        session.add_entries([whole])

        stored = session.entries([whole.id])[whole.id]
        assert stored == whole
        assert stored.published.isoformat() == "2018-01-22T23:30:00.000001-05:00"

    def test_keys_lead_to_entries_and_outlive_them(self, session: SqlSession) -> None:
        session.add_keys(PSG.id, [("link:a", EntryId("1")), ("text:b", EntryId("1"))])
        session.add_keys(PSG.id, [("link:a", EntryId("2"))])

        assert session.ids_by_key(PSG.id, ["link:a", "text:b", "nope"]) == {
            "link:a": "2",
            "text:b": "1",
        }
        assert session.ids_by_key(SourceId("other"), ["link:a"]) == {}
        assert session.keys_of([EntryId("1")]) == {"1": ("text:b",)}
        assert session.entries([EntryId("1")]) == {}

    def test_recent_entries_are_those_of_that_time_newest_first(self, session: SqlSession) -> None:
        session.add_entries([entry(1, day=1), entry(2, day=5), entry(3, day=9)])

        recent = session.recent_entries(
            PSG.id, since=datetime(2018, 1, 4, tzinfo=UTC), until=NOW, limit=5
        )

        assert [one.title for one in recent] == ["Title 3", "Title 2"]

    def test_a_change_replaces_and_its_revision_stays(self, session: SqlSession) -> None:
        session.add_entries([entry(1)])

        session.change_entries([entry(1, title="Better")])
        session.add_revisions(
            [Revision(entry=entry(1).id, at=NOW, field="title", old="Title 1", new="Better")]
        )

        assert session.entries([entry(1).id])[entry(1).id].title == "Better"

    # ---- feeds

    def test_a_feed_shows_the_newest_by_date_and_within_a_day_in_page_order(
        self, session: SqlSession
    ) -> None:
        join(session, entry(1, day=3), entry(2, day=3), entry(3, day=1))
        join(session, entry(4, day=3))

        assert shown(session) == ["Title 4", "Title 1", "Title 2"]
        assert shown(session, "mines") == ["Title 4", "Title 1", "Title 2"]
        assert shown(session, "sources/psg") == []

    def test_leaving_a_topic_takes_the_entry_out_of_its_feed(self, session: SqlSession) -> None:
        join(session, entry(1))

        session.set_members({entry(1).id: [ALL]})

        assert shown(session, "mines") == []
        assert session.members_of([entry(1).id]) == {entry(1).id: {"all"}}

    def test_who_tells_the_same_story_stands_behind_the_first(self, session: SqlSession) -> None:
        join(session, entry(1))
        join(session, entry(2))
        join(session, entry(3))

        session.follow(entry(2).id, entry(1).id, [FeedId("mines")])
        session.follow(entry(3).id, entry(2).id, [FeedId("mines")])

        documents = session.documents(FeedId("mines"), frame=FRAME)
        assert documents is not None
        (one,) = documents.subscription.entries
        assert [link.href for link in one.also_at] == [
            "http://example.org/2",
            "http://example.org/3",
        ]
        assert one.topics == ("Mines",)
        assert len(shown(session)) == 3
        session.set_members({entry(1).id: [ALL]})
        assert shown(session, "mines") == ["Title 3", "Title 2"]

    def test_older_entries_lie_in_archives_that_stand_once_full(self, session: SqlSession) -> None:
        join(session, *(entry(number, day=number) for number in range(1, 7)))

        documents = session.documents(ALL, frame=FRAME)

        assert documents is not None
        assert documents.subscription.prev_archive == "all/archive/2"
        assert [len(archive.entries) for archive in documents.archives] == [4, 2]
        session.mark_archived({ALL: documents.archived})
        join(session, *(entry(number, day=number) for number in range(7, 10)))
        later = session.documents(ALL, frame=FRAME)
        assert later is not None
        assert [archive.path for archive in later.archives] == ["all/archive/2", "all/archive/3"]

    def test_an_edit_of_an_archived_entry_comes_again_in_a_newer_archive(
        self, session: SqlSession
    ) -> None:
        join(session, *reversed([entry(number, day=number) for number in range(1, 6)]))
        documents = session.documents(ALL, frame=FRAME)
        assert documents is not None
        session.mark_archived({ALL: documents.archived})

        session.change_entries([entry(1, title="Edited")])
        session.set_members({entry(1).id: [ALL, FeedId("mines")]})

        after = session.documents(ALL, frame=FRAME)
        assert after is not None
        (newest,) = after.archives
        assert [one.entry.title for one in newest.entries] == ["Title 5", "Edited"]

    def test_a_feed_nobody_knows_has_no_documents(self, session: SqlSession) -> None:
        assert session.documents(FeedId("nope"), frame=FRAME) is None
        assert session.documents(FeedId("sources/nope"), frame=FRAME) is None

    def test_a_feed_marked_again_while_it_was_written_stays_in_the_outbox(
        self, session: SqlSession
    ) -> None:
        session.mark_dirty([ALL], at=NOW)
        taken = session.dirty_feeds(limit=10)
        session.mark_dirty([ALL], at=NOW + DAY)

        session.clear_dirty(taken)

        assert session.dirty_feeds(limit=10) == {ALL: NOW + DAY}
        session.clear_dirty({ALL: NOW + DAY})
        assert session.dirty_feeds(limit=10) == {}

    # ---- topics

    def test_a_new_or_changed_topic_is_to_be_searched_in_history(self, session: SqlSession) -> None:
        assert session.unsearched_topics() == {"mines": 0}
        session.mark_searched([MINES.id], to=None)

        same = session.sync_topics({MINES: "1"}, now=NOW)
        changed = session.sync_topics({MINES: "2"}, now=NOW)

        assert (same, changed) == (frozenset(), frozenset({"mines"}))
        assert session.unsearched_topics() == {"mines": 0}

    def test_a_removed_topic_loses_its_members_and_its_feed_is_written_again(
        self, session: SqlSession
    ) -> None:
        join(session, entry(1))

        touched = session.sync_topics({}, now=NOW)

        assert touched == {"mines"}
        assert session.members_of([entry(1).id]) == {entry(1).id: {"all"}}
        assert session.sync_topics({}, now=NOW) == frozenset()

    def test_history_is_read_in_order_of_coming(self, session: SqlSession) -> None:
        session.add_entries([entry(1), entry(2)])

        first = session.entries_after(0, limit=1)
        rest = session.entries_after(max(first), limit=5)

        assert [one.title for one in (*first.values(), *rest.values())] == ["Title 2", "Title 1"]
        assert session.count_entries() == 2

    def test_history_is_read_as_texts_where_words_are_enough(self, session: SqlSession) -> None:
        assert session.last_place() == 0
        added = session.add_entries([replace(entry(1), title=None), entry(2)])

        texts = session.texts_after(0, limit=5)

        assert texts == [
            (added[entry(2).id], entry(2).id, "Title 2", entry(2).summary),
            (added[entry(1).id], entry(1).id, "", entry(1).summary),
        ]
        assert session.texts_after(texts[0][0], limit=5) == texts[1:]
        assert session.last_place() == texts[1][0]

    def test_the_members_of_a_stretch_of_history(self, session: SqlSession) -> None:
        join(session, entry(1), entry(2), entry(3))
        first, second, _ = sorted(place for place, *_ in session.texts_after(0, limit=3))
        ids = [one for _, one, *_ in session.texts_after(0, limit=3)]

        assert session.members_between([FeedId("mines")], after=0, to=second) == set(ids[:2])
        assert session.members_between([ALL], after=first, to=second) == {ids[1]}
        assert session.members_between([FeedId("nothing")], after=0, to=second) == set()

    # ---- pages

    def test_a_shelf_shows_any_part_of_a_feed_newest_first(self, session: SqlSession) -> None:
        join(session, *(entry(number, day=number) for number in range(1, 6)))

        shelf = session.shelf(FeedId("mines"), frame=FRAME, offset=1, limit=2)

        assert shelf is not None
        assert [one.entry.title for one in shelf.entries] == ["Title 4", "Title 3"]
        assert [one.source_title for one in shelf.entries] == ["PSG", "PSG"]
        assert shelf.home == "http://example.net/topics/mines"
        assert session.count_shown(FeedId("mines")) == 5
        assert session.shelf(FeedId("nothing"), frame=FRAME, offset=0, limit=2) is None

    def test_the_newest_of_each_feed(self, session: SqlSession) -> None:
        join(session, *(entry(number, day=number) for number in range(1, 6)))

        newest = session.newest([ALL, FeedId("nothing")], limit=1)

        assert [one.entry.title for one in newest[ALL]] == ["Title 5"]
        assert newest[FeedId("nothing")] == ()

    def test_visits_are_read_oldest_first(self, session: SqlSession) -> None:
        for items in (1, 2):
            outcome = Outcome(source=PSG.id, kind=OutcomeKind.CHANGED, items=items, code="x")
            session.add_visit(outcome, at=NOW, took=timedelta(milliseconds=7))
        session.write_out()

        visits = session.visits([PSG.id, SourceId("other")])

        assert list(visits) == [PSG.id]
        assert [visit.items for visit in visits[PSG.id]] == [1, 2]
        assert visits[PSG.id][0].took == timedelta(milliseconds=7)

    def test_feeds_that_are_no_more_are_still_known(self, session: SqlSession) -> None:
        session.sync_topics({}, now=NOW)

        assert FeedId("mines") in session.known_feeds()

    # ---- WebSub

    def test_a_subscriber_is_told_when_its_document_is_marked(self, session: SqlSession) -> None:
        session.add_subscription(subscription("a"))

        assert session.due_pushes(now=NOW, limit=9) == ()
        session.mark_pushes(["all.atom", "other.atom"], at=NOW)

        assert session.due_pushes(now=NOW, limit=9) == (replace(subscription("a"), due_at=NOW),)
        assert session.next_push(now=NOW) == NOW

    def test_asking_again_renews_a_subscription(self, session: SqlSession) -> None:
        session.add_subscription(subscription("a"))
        session.mark_pushes(["all.atom"], at=NOW)
        renewed = replace(subscription("a"), secret="new", expires_at=NOW + 9 * DAY)

        session.add_subscription(renewed)

        assert session.due_pushes(now=NOW, limit=9) == (replace(renewed, due_at=NOW),)

    def test_a_push_is_put_off_or_done(self, session: SqlSession) -> None:
        session.add_subscription(subscription("a"))
        session.mark_pushes(["all.atom"], at=NOW)
        (due,) = session.due_pushes(now=NOW, limit=9)

        session.conclude_push(replace(due, attempts=1), again=NOW + DAY)

        assert session.next_push(now=NOW) == NOW + DAY
        (late,) = session.due_pushes(now=NOW + DAY, limit=9)
        assert late.attempts == 1
        session.conclude_push(replace(late, attempts=0, delivered="x"), again=None)
        assert session.next_push(now=NOW) is None

    def test_a_change_during_a_push_keeps_it_due(self, session: SqlSession) -> None:
        session.add_subscription(subscription("a"))
        session.mark_pushes(["all.atom"], at=NOW)
        (due,) = session.due_pushes(now=NOW, limit=9)
        session.mark_pushes(["all.atom"], at=NOW + timedelta(seconds=1))

        session.conclude_push(replace(due, delivered="x"), again=None)

        (again,) = session.due_pushes(now=NOW + DAY, limit=9)
        assert again.delivered == "x"

    def test_leases_end_and_subscribers_leave(self, session: SqlSession) -> None:
        session.add_subscription(subscription("a"))
        session.add_subscription(subscription("b", days=9))
        session.add_subscription(subscription("c", days=9))
        session.remove_subscription("all.atom", "http://reader.example/b")
        session.mark_pushes(["all.atom"], at=NOW)

        due = session.due_pushes(now=NOW + 3 * DAY, limit=9)

        assert [one.callback for one in due] == ["http://reader.example/c"]
        session.mark_pushes([], at=NOW + 10 * DAY)
        assert session.next_push(now=NOW) is None

    def test_an_outside_hub_wants_news_of_what_is_published(self, session: SqlSession) -> None:
        session.sync_hub("http://old.example/", ["all.atom", "mines.atom"])
        session.sync_hub("http://hub.example/", ["all.atom", "mines.atom"])
        session.sync_hub("http://hub.example/", ["all.atom"])
        session.mark_pushes(["all.atom", "mines.atom"], at=NOW)

        (due,) = session.due_pushes(now=NOW, limit=9)

        assert (due.path, due.callback) == ("all.atom", "http://hub.example/")
        assert due.expires_at is None
        session.sync_hub(None, ["all.atom"])
        assert session.next_push(now=NOW) is None


def subscription(name: str, *, days: int = 2) -> Subscription:
    return Subscription(
        path="all.atom", callback=f"http://reader.example/{name}", expires_at=NOW + days * DAY
    )
