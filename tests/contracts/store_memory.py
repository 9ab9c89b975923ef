"""What every `Store` must do for who asks about an entry, and for what tells one story."""

from __future__ import annotations

from dataclasses import replace

from aggregator.adapters.sql.session import SqlSession
from aggregator.model import (
    Entry,
    EntryId,
    FeedId,
    Lacking,
    Notice,
    OutcomeKind,
    Revision,
    SourceId,
)
from tests.contracts.store import DAY, NOW, PSG, StoreContract, entry, join, shown

MINES = FeedId("mines")


class WholeStoreContract(StoreContract):
    """All of `StoreContract`, and what it remembers about entries."""

    def test_what_changed_in_an_entry_is_told_oldest_first(self, session: SqlSession) -> None:
        session.add_entries([entry(1), entry(2)])
        first = Revision(entry=entry(1).id, at=NOW, field="title", old="A", new="B")
        second = Revision(entry=entry(1).id, at=NOW + DAY, field="title", old="B", new="C")

        session.add_revisions([first])
        session.add_revisions([second, replace(first, entry=entry(2).id)])

        assert session.revisions_of(entry(1).id) == (first, second)
        assert session.revisions_of(EntryId("nobody")) == ()

    def test_an_entry_is_found_by_its_link_among_some_sources(self, session: SqlSession) -> None:
        same = replace(entry(2), link=entry(1).link)
        other = replace(entry(3), link=entry(1).link, source=SourceId("other"))
        session.add_entries([same, entry(1), other])

        found = session.entries_by_link("http://example.org/1", of=[PSG.id])

        assert {one.id for one in found} == {entry(1).id, same.id}
        assert session.entries_by_link("http://example.org/9", of=[PSG.id]) == ()
        assert session.entries_by_link("http://example.org/1", of=[]) == ()

    def test_keys_are_found_in_every_source_that_ever_was(self, session: SqlSession) -> None:
        other = replace(PSG, id=SourceId("other"), url="http://other.example/")
        session.sync_sources([PSG, other], due=[NOW, NOW])
        session.add_keys(PSG.id, [("lone", entry(1).id), ("lboth", entry(1).id)])
        session.add_keys(other.id, [("lboth", entry(2).id)])
        session.sync_sources([PSG], due=[NOW])

        assert set(session.sources_of_keys(["lboth"])) == {
            (PSG.id, entry(1).id),
            (other.id, entry(2).id),
        }
        assert session.sources_of_keys(["lother"]) == ()
        assert session.sources_of(entry(1).id) == ((PSG.id, "lboth"), (PSG.id, "lone"))
        assert session.sources_of(EntryId("nobody")) == ()

    def test_a_story_tells_who_stands_for_whom_and_falls_apart(self, session: SqlSession) -> None:
        for number in range(1, 5):
            join(session, entry(number))
        session.follow(entry(2).id, entry(1).id, [MINES])
        session.follow(entry(3).id, entry(1).id, [MINES])

        assert session.story_of(entry(3).id) == ((MINES, entry(1).id, entry(3).id),)
        assert set(session.story_of(entry(1).id)) == {
            (MINES, entry(1).id, entry(2).id),
            (MINES, entry(1).id, entry(3).id),
        }
        assert session.disband([entry(1).id]) == {entry(number).id for number in (1, 2, 3)}
        assert session.story_of(entry(1).id) == ()
        assert shown(session, "mines") == ["Title 4", "Title 3", "Title 2"]
        assert session.disband([entry(4).id]) == {entry(4).id}

    def test_who_leaves_a_story_leaves_the_others_together(self, session: SqlSession) -> None:
        for number in range(1, 4):
            join(session, entry(number))
        session.follow(entry(2).id, entry(1).id, [MINES])
        session.follow(entry(3).id, entry(1).id, [MINES])

        assert session.disband([entry(3).id]) == {entry(3).id}
        assert session.story_of(entry(2).id) == ((MINES, entry(1).id, entry(2).id),)

    def test_what_is_forgotten_by_age_leaves_its_keys(self, session: SqlSession) -> None:
        old, older = entry(1, day=2), entry(2, day=1)
        late = replace(entry(3, day=1), first_seen=NOW + 20 * DAY)
        for one in (old, older, late):
            join(session, one)
        session.follow(older.id, old.id, [MINES])
        session.add_keys(PSG.id, [("lold", old.id)])
        session.add_revisions([Revision(entry=old.id, at=NOW, field="title", old="A", new="B")])

        feeds = session.forget_entries(PSG.id, before=NOW + 10 * DAY)

        assert feeds == {"all", "mines"}
        assert set(session.entries([old.id, older.id, late.id])) == {late.id}
        assert shown(session, "mines") == ["Title 3"]
        assert session.revisions_of(old.id) == ()
        assert session.ids_by_key(PSG.id, ["lold"]) == {"lold": old.id}
        assert session.forget_entries(PSG.id, before=NOW + 10 * DAY) == frozenset()

    def test_a_leader_that_is_forgotten_frees_who_stood_behind_it(
        self, session: SqlSession
    ) -> None:
        leader, follower = entry(1, day=1), replace(entry(2), first_seen=NOW + 9 * DAY)
        join(session, leader)
        join(session, follower)
        session.follow(follower.id, leader.id, [MINES])

        session.forget_entries(PSG.id, before=NOW - DAY)
        assert set(session.entries([leader.id])) == {leader.id}  # it was first seen later

        session.forget_entries(PSG.id, before=NOW + DAY)
        assert session.story_of(follower.id) == ()
        assert shown(session, "mines") == ["Title 2"]

    def test_entries_that_share_bands_are_found_best_first(self, session: SqlSession) -> None:
        def of(number: int, source: str) -> Entry:
            return replace(entry(number), source=SourceId(source))

        for one in (of(1, "a"), of(2, "b"), of(3, "c"), of(4, "c")):
            session.add_entries([one])
        session.add_bands({entry(1).id: [1, 2], entry(2).id: [1, 2, 3], entry(3).id: [9]})

        near = session.sharing_bands({entry(4).id: [1, 2, 3, 9]}, limit=2)
        own = session.sharing_bands({entry(1).id: [1, 2, 3]}, limit=2)

        assert [one.id for one in near[entry(4).id]] == [entry(2).id, entry(1).id]
        assert own == {}  # the others came later

    def test_bands_of_old_entries_are_forgotten_when_others_are_added(
        self, session: SqlSession
    ) -> None:
        old = replace(entry(1), first_seen=NOW - 40 * DAY)
        for one in (old, entry(2), replace(entry(3), source=SourceId("other"))):
            session.add_entries([one])
        session.add_bands({old.id: [1], entry(2).id: [2]})
        session.forget_bands(before=NOW - 30 * DAY)

        asked = {entry(3).id: [1, 2]}
        before = session.sharing_bands(asked, limit=9)[entry(3).id]
        session.add_bands({entry(3).id: [4]})
        session.write_out()
        after = session.sharing_bands(asked, limit=9)[entry(3).id]

        assert {one.id for one in before} == {old.id, entry(2).id}
        assert {one.id for one in after} == {entry(2).id}

    def test_notices_wait_until_somebody_was_told(self, session: SqlSession) -> None:
        notice = Notice(
            source=PSG.id,
            source_title=PSG.title,
            at=NOW,
            kind=OutcomeKind.HELD,
            title="PSG is held",
            detail="Look.",
        )
        session.add_notice(notice)
        session.add_notice(replace(notice, at=NOW + DAY))

        untold = session.untold_notices(since=NOW)
        session.mark_told(list(untold)[:1])

        assert [one.at for one in untold.values()] == [NOW, NOW + DAY]
        assert list(session.untold_notices(since=NOW).values()) == [replace(notice, at=NOW + DAY)]
        assert session.untold_notices(since=NOW + 2 * DAY) == {}

    def test_entries_that_lack_their_texts_are_told_longest_due_first(
        self, session: SqlSession
    ) -> None:
        session.add_entries([entry(1), entry(2), entry(3)])
        first, second, third = (lacking(number) for number in (1, 2, 3))
        session.save_lacking([second, first, third])

        session.save_lacking([replace(third, tries=1, reason="404", due_at=NOW - DAY)])

        assert [one.entry for one in session.lacking_texts(PSG.id)] == [
            third.entry,
            first.entry,  # the newest first: it stands above the second
            second.entry,
        ]
        assert session.lacking_texts(PSG.id)[0].reason == "404"
        assert session.lacking_text_of(second.entry) == second
        assert session.lacking_texts(SourceId("other")) == ()

    def test_texts_that_came_or_are_given_up_are_not_waited_for(self, session: SqlSession) -> None:
        session.add_entries([entry(1), entry(2)])
        session.save_lacking([lacking(1), lacking(2)])

        session.forget_lacking([entry(1).id])
        session.save_lacking([replace(lacking(2), tries=6, due_at=None)])

        assert session.lacking_texts(PSG.id) == ()
        assert session.lacking_text_of(entry(1).id) is None
        given_up = session.lacking_text_of(entry(2).id)
        assert given_up is not None
        assert (given_up.tries, given_up.due_at) == (6, None)

    def test_an_entry_that_is_forgotten_lacks_nothing(self, session: SqlSession) -> None:
        session.add_entries([entry(1)])
        session.save_lacking([lacking(1)])

        session.forget_entries(PSG.id, before=NOW + DAY)
        session.add_entries([entry(1)])

        assert session.lacking_text_of(entry(1).id) is None


def lacking(number: int) -> Lacking:
    one = entry(number)
    return Lacking(entry=one.id, source=one.source, link=one.link or "", due_at=NOW)
