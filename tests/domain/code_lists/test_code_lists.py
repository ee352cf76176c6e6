"""Code lists: in from files, ended never removed, kept in memory until they change."""

from __future__ import annotations

import datetime
import hashlib
import itertools

import pytest
from django.db import connection, utils

from fisc.domain.code_lists import models, operations, queries
from fisc.domain.code_lists.calculations import csv_files
from fisc.plumbing import transactions

HEADER = "code,label_en,label_es,starts_on,ends_before,gl,is_tax,citation\n"
WATER = "water,Water,Agua,2020-01-01,,0101,false,Code 1\n"
AT = datetime.datetime(2026, 3, 1, 15, tzinfo=datetime.UTC)
TAX = "tax,Tax,Impuesto,2020-01-01,,208,true,Code 2\n"

pytestmark = pytest.mark.usefixtures("db")


_instants = itertools.count()


def import_charges(*lines: str) -> operations.ListImport:
    """Import the list, each time a minute later than before."""
    at = AT + datetime.timedelta(minutes=next(_instants))
    with transactions.started():
        return operations.import_codes(
            name="charge", content=(HEADER + "".join(lines)).encode(), at=at
        )


class TestImportCodes:
    def test_keeps_order_labels_and_attributes(self) -> None:
        import_charges(WATER, TAX)

        water, tax = queries.codes("charge").values()
        assert (water.code, water.label("es"), water.attributes["gl"]) == ("water", "Agua", "0101")
        assert tax.attributes == {"gl": 208, "is_tax": True}

    def test_the_same_bytes_change_nothing(self) -> None:
        import_charges(WATER)
        generation = queries.generation()

        assert import_charges(WATER) == operations.ListImport(name="charge", added=0, changed=0)
        assert queries.generation() == generation

    def test_a_code_left_out_is_refused_and_an_ended_one_stays(self) -> None:
        import_charges(WATER, TAX)

        with pytest.raises(operations.CodeWasRemoved, match=r"leaves out tax.*ends before"):
            import_charges(WATER)
        import_charges(WATER, TAX.replace(",,208", ",2026-07-01,208"))

        tax = queries.code("charge", "tax")
        assert tax.is_current(datetime.date(2026, 6, 30))
        assert not tax.is_current(datetime.date(2026, 7, 1))

    def test_every_line_at_fault_is_named(self) -> None:
        with pytest.raises(csv_files.FileIsWrong) as wrong:
            import_charges(WATER, ",No code,Sin,2020-01-01,,,,Code\n", TAX[:-7] + "\n")

        assert "line 3: no code" in str(wrong.value)
        assert "line 4: no citation" in str(wrong.value)

    def test_a_process_reads_again_only_when_something_changed(
        self, django_assert_num_queries: pytest.FixtureRequest
    ) -> None:
        import_charges(WATER)
        queries.codes("charge")
        generation = queries.generation()

        with django_assert_num_queries(0):  # type: ignore[operator]
            queries.codes("charge", generation=generation)
        import_charges(WATER, TAX)
        assert set(queries.codes("charge", generation=queries.generation())) == {"water", "tax"}

    def test_an_unknown_list_or_code_says_what_there_is(self) -> None:
        import_charges(WATER)

        with pytest.raises(queries.NoSuchCodeList, match=r"code_lists/moon_phase.csv"):
            queries.codes("moon phase")
        assert queries.codes_if_any("moon phase") == {}
        with pytest.raises(queries.NoSuchCode, match="one of: water"):
            queries.code("charge", "gas")

    @pytest.mark.parametrize(
        "attack",
        [
            "delete from code_lists_code",
            "update code_lists_code set code = 'gas'",
            "delete from code_lists_list",
        ],
    )
    def test_the_database_refuses_to_remove_or_rename(self, attack: str) -> None:
        import_charges(WATER)

        with (
            pytest.raises(utils.DatabaseError),
            transactions.started(),
            connection.cursor() as cursor,
        ):
            cursor.execute(attack)


class TestEditions:
    def test_a_list_from_before_editions_gets_its_first_from_the_same_file(self) -> None:
        content = (HEADER + WATER).encode()
        code_list = models.CodeList.objects.create(
            name="charge", sha256=hashlib.sha256(content).hexdigest()
        )
        water = models.Code.objects.create(
            list=code_list, code="water", label_en="Water", label_es="Agua",
            starts_on=datetime.date(2020, 1, 1), citation="Code 1", position=1,
            attributes={"gl": "0101", "is_tax": False},
        )  # fmt: skip
        on_a_day = queries.AsOf(datetime.date(2026, 3, 1))
        assert queries.governing("charge", as_of=on_a_day) is None
        assert queries.code("charge", "water", as_of=on_a_day).label_en == "Water"

        assert import_charges(WATER) == operations.ListImport(name="charge", added=0, changed=0)

        (edition,) = queries.editions("charge")
        assert queries.content(edition.edition_id) == content
        assert queries.code("charge", "water", as_of=on_a_day).id == water.id

    def test_a_later_file_counts_from_its_import(self) -> None:
        import_charges(WATER)
        import_charges(WATER.replace("Water", "Drinking water"))
        day = datetime.date(2026, 3, 1)

        names = [
            queries.code("charge", "water", as_of=queries.AsOf(day, instant)).label_en
            for instant in (AT - datetime.timedelta(days=1), None)
        ]

        assert names == ["Water", "Drinking water"]


class TestCalendars:
    def test_knows_closed_days_and_where_it_ends(self) -> None:
        with transactions.started():
            operations.import_calendar(
                name="office",
                content=b"day,label_en,label_es,citation\n2026-11-26,Thanksgiving,Gracias,F.S.\n",
                closed_weekdays=[6, 7],
                covers_from=datetime.date(2026, 1, 1),
                covers_before=datetime.date(2027, 1, 1),
                citation="F.S. 110.117",
            )

        office = queries.calendar("office")

        assert office.open_on_or_after(datetime.date(2026, 11, 26)) == datetime.date(2026, 11, 27)
        assert not office.is_open(datetime.date(2026, 11, 28))
