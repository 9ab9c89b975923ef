"""What every `Publisher` must do; each adapter's tests inherit these."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.errors import PublishError
from aggregator.ports import Publisher

NOON = datetime(2026, 3, 1, 12, 0, 0, 654_321, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class PublisherContract(ABC):
    """Inherit, and say how a publisher is made and looked into."""

    @pytest.fixture
    @abstractmethod
    def publisher(self) -> Publisher:
        """Return a publisher that holds nothing."""

    @abstractmethod
    def look(self, publisher: Publisher, path: str) -> tuple[bytes, datetime] | None:
        """Return the document at *path* and when it changed."""

    def test_a_new_document_is_there_as_it_was_given(self, publisher: Publisher) -> None:
        changed = publisher.write("all.atom", b"<feed/>", now=NOON)

        assert changed
        assert self.look(publisher, "all.atom") == (b"<feed/>", NOON.replace(microsecond=0))

    def test_the_same_bytes_again_change_nothing(self, publisher: Publisher) -> None:
        publisher.write("all.atom", b"one", now=NOON)
        before = self.look(publisher, "all.atom")

        changed = publisher.write("all.atom", b"one", now=NOON + timedelta(hours=1))

        assert not changed
        assert self.look(publisher, "all.atom") == before

    @pytest.mark.parametrize("later", [timedelta(0), -timedelta(days=400), 0.2 * SECOND])
    def test_every_change_is_dated_later_whatever_the_clock_says(
        self, publisher: Publisher, later: timedelta
    ) -> None:
        publisher.write("all.atom", b"one", now=NOON)

        publisher.write("all.atom", b"two", now=NOON + later)

        found = self.look(publisher, "all.atom")
        assert found == (b"two", NOON.replace(microsecond=0) + SECOND)

    def test_documents_may_lie_in_folders(self, publisher: Publisher) -> None:
        publisher.write("sources/psg/archive/1.atom", b"x", now=NOON)
        publisher.write("sources/psg.atom", b"y", now=NOON)

        assert self.look(publisher, "sources/psg/archive/1.atom") is not None
        assert self.look(publisher, "sources/psg.atom") is not None

    def test_a_removed_document_is_gone(self, publisher: Publisher) -> None:
        publisher.write("all.atom", b"one", now=NOON)

        publisher.remove("all.atom")
        publisher.remove("all.atom")
        publisher.remove("never/was.atom")

        assert self.look(publisher, "all.atom") is None

    @pytest.mark.parametrize(
        "path",
        ["", "/etc/passwd", "../x", "a/../../x", "a//b", ".hidden", "a/./b", "a\0b", "a/"],
    )
    def test_no_path_leads_out(self, publisher: Publisher, path: str) -> None:
        with pytest.raises(PublishError, match="is not a path below"):
            publisher.write(path, b"x", now=NOON)
        with pytest.raises(PublishError, match="is not a path below"):
            publisher.remove(path)

    def test_a_batch_shows_at_its_end(self, publisher: Publisher) -> None:
        publisher.write("b.atom", b"old", now=NOON)

        with publisher.batch():
            publisher.write("a.atom", b"1", now=NOON)
            publisher.write("b.atom", b"2", now=NOON)
            during = self.look(publisher, "b.atom")

        assert during == (b"old", NOON.replace(microsecond=0))
        assert self.look(publisher, "a.atom") == (b"1", NOON.replace(microsecond=0))
        assert self.look(publisher, "b.atom") == (b"2", NOON.replace(microsecond=0) + SECOND)

    def test_an_exception_inside_a_batch_drops_it(self, publisher: Publisher) -> None:
        def write_and_stumble() -> None:
            with publisher.batch():
                publisher.write("a.atom", b"1", now=NOON)
                raise LookupError

        with pytest.raises(LookupError):
            write_and_stumble()

        assert self.look(publisher, "a.atom") is None
        assert publisher.write("a.atom", b"1", now=NOON)

    def test_the_last_write_of_a_path_in_a_batch_wins(self, publisher: Publisher) -> None:
        publisher.write("same.atom", b"old", now=NOON)

        with publisher.batch():
            publisher.write("a.atom", b"1", now=NOON)
            publisher.write("a.atom", b"2", now=NOON)
            publisher.write("same.atom", b"new", now=NOON)
            publisher.write("same.atom", b"old", now=NOON)
            publisher.write("gone.atom", b"new", now=NOON)
            publisher.remove("gone.atom")

        assert self.look(publisher, "a.atom") == (b"2", NOON.replace(microsecond=0))
        assert self.look(publisher, "same.atom") == (b"old", NOON.replace(microsecond=0))
        assert self.look(publisher, "gone.atom") is None

    def test_the_terms_are_remembered(self, publisher: Publisher) -> None:
        before = publisher.terms()

        publisher.keep_terms("base_url=http://ñ/")
        publisher.keep_terms("base_url=http://ñ/ formats=atom")

        assert before == ""
        assert publisher.terms() == "base_url=http://ñ/ formats=atom"
