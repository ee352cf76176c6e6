from __future__ import annotations

import datetime
import threading

import pytest
from django.db import connection

from fisc.domain.work_items import operations, queries
from fisc.plumbing import transactions
from fisc.plumbing.users import choices
from fisc.plumbing.users import operations as users

TODAY = datetime.date(2026, 3, 2)
NOW = datetime.datetime(2026, 3, 2, 17, tzinfo=datetime.UTC)


def read_item(
    number: int, *, cause: str = "file A", due_on: datetime.date = TODAY, urgency: int = 5
) -> operations.NewItem:
    return operations.NewItem(
        kind="read",
        reason="unknown meter",
        cause_key=cause,
        subject_kind="line",
        subject_id=number,
        due_on=due_on,
        urgency=urgency,
    )


def raised(*items: operations.NewItem) -> int:
    with transactions.started():
        return operations.raise_items(items=items, at=NOW, posting_day=TODAY)


def a_person(name: str = "rosa") -> int:
    return users.make_user(
        username=name, full_name=name.title(), password="a long word", groups=(), made_at=NOW,
        kind=choices.Kind.STAFF,
    )  # fmt: skip


@pytest.mark.usefixtures("city_database")
class TestRaising:
    def test_is_harmless_twice(self) -> None:
        first = raised(read_item(1), read_item(2))

        again = raised(read_item(2), read_item(3))

        assert (first, again) == (2, 1)
        assert queries.counts() == {"read": 3}

    def test_needs_a_transaction(self) -> None:
        with pytest.raises(transactions.TransactionIsMissing):
            operations.raise_items(items=[read_item(9)], at=NOW)


@pytest.mark.usefixtures("city_database")
class TestTheQueue:
    def test_gives_the_most_urgent_first_with_all_of_its_cause(self) -> None:
        person = a_person()
        tomorrow = TODAY + datetime.timedelta(days=1)
        raised(
            read_item(1, cause="later", due_on=tomorrow),
            read_item(2, cause="file B"),
            read_item(3, cause="file B"),
            read_item(4, cause="file C", urgency=1),
        )

        urgent = operations.take_next(user_id=person, today=TODAY)
        then = operations.take_next(user_id=person, today=TODAY)

        assert urgent is not None
        assert then is not None
        assert queries.item(item_id=urgent).cause_key == "file C"
        assert [item.subject_id for item in queries.owned(user_id=person)] == [4, 2, 3]

    def test_says_when_nothing_waits(self) -> None:
        person = a_person("noah")
        while operations.take_next(user_id=person, today=TODAY) is not None:
            pass

        assert operations.take_next(user_id=person, today=TODAY) is None
        assert queries.queue(today=TODAY) == []


@pytest.mark.usefixtures("city_database")
class TestTwoPeople:
    def test_get_two_different_items(self) -> None:
        first, second = a_person("ana"), a_person("ben")
        raised(read_item(1, cause="one"), read_item(2, cause="two"))
        taken: list[int | None] = []

        def take_as_the_other() -> None:
            taken.append(operations.take_next(user_id=second, today=TODAY))
            connection.close()

        with transactions.started():
            held = queries.waiting(today=TODAY, kinds=None).select_for_update().first()
            other = threading.Thread(target=take_as_the_other)
            other.start()
            other.join()

        assert held is not None
        assert taken[0] is not None
        assert taken[0] != held.id
        assert operations.take_next(user_id=first, today=TODAY) == held.id


@pytest.mark.usefixtures("city_database")
class TestMoving:
    @pytest.fixture
    def person(self) -> int:
        return a_person(f"person{len(queries.queue(today=TODAY))}{id(self)}")

    @pytest.fixture
    def item(self, person: int) -> int:
        raised(read_item(person, cause=f"cause {person}", urgency=0))
        taken = operations.take_next(user_id=person, today=TODAY)
        assert taken is not None
        return taken

    def test_done_keeps_who_and_why(self, person: int, item: int) -> None:
        operations.done(item_ids=[item], user_id=person, reason="read again", at=NOW)

        seen = queries.item(item_id=item)
        assert (seen.status, seen.last_word) == ("done", "read again")

    def test_snoozed_comes_back_on_its_day(self, person: int, item: int) -> None:
        until = TODAY + datetime.timedelta(days=3)

        operations.snooze(item_ids=[item], user_id=person, until=until, reason="waits for a call")

        assert item not in [each.item_id for each in queries.queue(today=TODAY)]
        assert item in [each.item_id for each in queries.queue(today=until)]

    def test_forward_hands_it_on(self, person: int, item: int) -> None:
        other = a_person(f"other{item}")

        operations.forward(item_ids=[item], user_id=person, to_user_id=other, reason="yours")

        assert queries.item(item_id=item).owner_id == other

    def test_nothing_moves_without_a_reason(self, person: int, item: int) -> None:
        with pytest.raises(operations.NoReasonGiven):
            operations.done(item_ids=[item], user_id=person, reason=" ", at=NOW)

    def test_nobody_moves_what_another_has(self, person: int, item: int) -> None:
        other = a_person(f"thief{item}")

        with pytest.raises(operations.NotYours):
            operations.put_back(item_ids=[item], user_id=other, reason="mine now")


@pytest.mark.usefixtures("city_database")
class TestACause:
    def test_is_one_line_of_the_queue(self) -> None:
        raised(read_item(1, cause="bad file"), read_item(2, cause="bad file"), read_item(3))

        causes = {cause.cause_key: cause.count for cause in queries.causes(today=TODAY)}

        assert causes == {"bad file": 2, "file A": 1}

    def test_that_is_gone_closes_its_items(self) -> None:
        with transactions.started():
            closed = operations.close_by_cause(cause_key="bad file", at=NOW, why="file replaced")

        assert closed == 2
        assert queries.same_cause(cause_key="bad file") == []
