from __future__ import annotations

import contextlib

import pytest
from django.db import connection

from fisc.plumbing import transactions


@transactions.starts_transaction
def keep(*, name: str) -> None:
    write(name=name)


@transactions.needs_transaction
def write(*, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("create temporary table if not exists kept (name text)")
        cursor.execute("insert into kept values (%s)", [name])


def kept() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select name from kept order by name")
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.usefixtures("city_database")
class TestTransactions:
    def test_keeps_what_an_operation_wrote(self) -> None:
        keep(name="first")

        connection.rollback()

        assert "first" in kept()

    def test_refuses_a_part_without_a_transaction(self) -> None:
        with pytest.raises(transactions.TransactionIsMissing, match="write is a part"):
            write(name="alone")

    def test_refuses_to_start_inside_another(self) -> None:
        with transactions.started(), pytest.raises(transactions.TransactionIsOpen, match="keep"):
            keep(name="inner")

    def test_a_whole_operation_can_be_made_a_part_with_all_or_nothing(self) -> None:
        with contextlib.suppress(ZeroDivisionError), transactions.with_a_part(by="a test"):
            keep(name="a part undone")
            raise ZeroDivisionError
        with transactions.with_a_part(by="a test"):
            keep(name="a part kept")

        assert "a part undone" not in kept()
        assert "a part kept" in kept()

    def test_what_a_part_calls_is_held_to_the_rule(self) -> None:
        @transactions.starts_transaction
        def outer() -> None:
            keep(name="two levels down")

        with (
            transactions.with_a_part(by="a test"),
            pytest.raises(transactions.TransactionIsOpen, match="keep"),
        ):
            outer()

    def test_undoes_a_savepoint_alone(self) -> None:
        with transactions.started():
            write(name="outer")
            with contextlib.suppress(ZeroDivisionError), transactions.savepoint():
                write(name="undone")
                raise ZeroDivisionError

        assert "outer" in kept()
        assert "undone" not in kept()


@pytest.mark.django_db
class TestInARolledBackTest:
    def test_a_part_still_needs_a_transaction_of_ours(self) -> None:
        with pytest.raises(transactions.TransactionIsMissing):
            write(name="alone")

    def test_an_operation_still_starts_one(self) -> None:
        keep(name="inside")

        assert kept() == ["inside"]
