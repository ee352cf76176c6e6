"""What the coordinator sees of the books: in force, coming, in work, running out, where used."""

from __future__ import annotations

import datetime
import pathlib

import pytest

from fisc.domain.code_lists import operations as code_lists
from fisc.domain.rule_tables.operations import approvals, city
from fisc.domain.rule_tables.queries import books, uses
from fisc.plumbing import transactions
from tests.factories import table_people, tables

CITY = pathlib.Path("cities/mesquite_springs")
DAY = datetime.date


def at(month: int, day: int) -> datetime.datetime:
    return datetime.datetime(2026, month, day, 18, tzinfo=datetime.UTC)


pytestmark = pytest.mark.usefixtures("db")


class TestBooks:
    def test_says_what_is_in_force_coming_in_test_and_drafted(self) -> None:
        table_people.office()
        first = tables.approved_late_charge(
            "0.10", approved_at=at(1, 5), effective_from=DAY(2026, 1, 1)
        )
        coming = table_people.in_test("0.11", at=at(11, 2), effective_from=DAY(2026, 12, 1))
        approvals.approve(version_id=coming, by="martin", reason="Right", at=at(11, 3))
        tested = table_people.in_test("0.12", at=at(11, 4), effective_from=DAY(2027, 1, 1))
        drafted = table_people.draft("0.13", at=at(11, 5), effective_from=DAY(2027, 2, 1))

        (book,) = books.books(day=DAY(2026, 11, 6), known_at=at(11, 6))

        assert book.in_force is not None
        assert (book.name, book.subject) == ("Late charge", "utilities")
        assert (book.in_force.version.version_id, book.in_force.days.ends_before) == (
            first,
            DAY(2026, 12, 1),
        )
        assert [each.version.version_id for each in book.coming] == [coming]
        assert [each.version_id for each in book.in_test] == [tested]
        assert [each.version_id for each in book.drafts] == [drafted]
        assert book.runs_out_on is None


class TestRunningOut:
    def test_warns_by_the_days_of_the_citys_own_policy(self) -> None:
        with transactions.started():
            code_lists.import_codes(
                name="table policy",
                content=(CITY / "code_lists" / "table_policy.csv").read_bytes(),
            )
        tables.approved_late_charge(
            "0.10",
            approved_at=at(1, 5),
            effective_from=DAY(2026, 1, 1),
            effective_before=DAY(2027, 1, 1),
        )

        warned = [
            "Late charge" in {each.name for each in books.running_out(day=day, known_at=at(11, 6))}
            for day in (DAY(2026, 11, 1), DAY(2026, 11, 2))
        ]

        assert warned == [False, True]

    def test_without_a_policy_it_says_what_to_add(self) -> None:
        with pytest.raises(books.NoPolicy, match="running-out-warning"):
            books.running_out(day=DAY(2026, 11, 1), known_at=at(11, 6))

    def test_a_book_a_calendar_and_a_list_of_rates_each_say_their_first_day_without(self) -> None:
        tables.approved_late_charge(
            "0.10",
            approved_at=at(1, 5),
            effective_from=DAY(2026, 1, 1),
            effective_before=DAY(2026, 12, 31),
        )
        with transactions.started():
            code_lists.import_calendar(
                name="office",
                content=b"day,label_en,label_es,citation\n",
                closed_weekdays=(6, 7),
                covers_from=DAY(2026, 1, 1),
                covers_before=DAY(2027, 1, 1),
                citation="Council calendar",
            )
            code_lists.import_codes(
                name="state rate",
                content=b"code,label_en,label_es,starts_on,ends_before,citation\n"
                b"a,A,A,2026-01-01,2026-07-01,State\nb,B,B,2026-07-01,2026-12-15,State\n",
            )

        found = books.running_out(day=DAY(2026, 11, 6), known_at=at(11, 6), within_days=60)

        ours = [(each.kind, each.on) for each in found if each.on > DAY(2026, 11, 6)]
        assert ours == [
            ("code list", DAY(2026, 12, 15)),
            ("book", DAY(2026, 12, 31)),
            ("calendar", DAY(2027, 1, 1)),
        ]
        assert "utilities.water_charges" in {each.name for each in found}
        sooner = books.running_out(day=DAY(2026, 11, 6), known_at=at(11, 6), within_days=38)
        assert [each for each in sooner if each.on > DAY(2026, 11, 6)] == []


class TestWhereUsed:
    def test_names_the_cells_that_name_a_code(self) -> None:
        city.import_city(path=CITY, at=at(1, 1))

        residential = uses.uses_of_code("rate class", "residential")
        sizes = {each.book for each in uses.uses_of_list("meter size")}

        assert [each.book for each in residential] == ["Sewer charges"]
        assert all(each.places for each in residential)
        assert {"Water charges", "Sewer charges"} <= sizes
        assert uses.uses_of_code("rate class", "moon") == ()


def test_the_part_of_the_office_is_named_in_words() -> None:
    city.import_city(path=CITY, at=at(11, 5))

    subjects = {each.subject for each in books.books(day=DAY(2026, 11, 6), known_at=at(11, 6))}

    assert "tax returns" in subjects
