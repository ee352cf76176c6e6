from __future__ import annotations

import datetime
import decimal

import numpy as np
import pytest
from django.db import DataError, IntegrityError, connection

from fisc.plumbing import bulk_copy

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 3, 1)
INSTANT = datetime.datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _sample_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "create temporary table sample (small smallint, plain integer, big bigint primary key,"
            " day date, yes boolean, at timestamptz, words text, octets bytea) on commit drop"
        )


def numbers(*values: int) -> bulk_copy.Numbers:
    return np.array(values, dtype=np.int64)


def rows() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("select * from sample order by big")
        found: list[tuple[object, ...]] = cursor.fetchall()
    return found


class TestWriteColumns:
    def test_writes_every_type(self) -> None:
        day_number = (DAY - datetime.date(1970, 1, 1)).days

        count = bulk_copy.write_columns(
            table="sample",
            columns={
                "small": numbers(-32768, 32767),
                "plain": bulk_copy.Nullable(numbers(7, 0), np.array([False, True])),
                "big": numbers(-(2**63), 2**63 - 1),
                "day": numbers(day_number, day_number + 1),
                "yes": np.array([True, False]),
                "at": bulk_copy.Constant(INSTANT),
                "words": bulk_copy.Texts(numbers(1, 0), ["longer than", "ñ"]),
                "octets": bulk_copy.Constant(b"\x00\xff"),
            },
        )

        assert count == 2
        assert rows() == [
            (-32768, 7, -(2**63), DAY, True, INSTANT, "ñ", b"\x00\xff"),
            (
                32767,
                None,
                2**63 - 1,
                datetime.date(2026, 3, 2),
                False,
                INSTANT,
                "longer than",
                b"\x00\xff",
            ),
        ]

    @pytest.mark.parametrize("scale", [0, 2, 4, 6, 8])
    def test_writes_decimals_as_postgresql_reads_them(self, scale: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("create temporary table of_decimals (place int, amount numeric)")
        units = [0, 1, -1, 1_800_000, 10**8, 99_999_999, -123_456_789_012, 2**63 - 1, 40_000]

        bulk_copy.write_columns(
            table="of_decimals",
            columns={
                "place": np.arange(len(units)),
                "amount": bulk_copy.Decimals(numbers(*units), scale),
            },
        )

        with connection.cursor() as cursor:
            cursor.execute("select amount, amount::text from of_decimals order by place")
            found = cursor.fetchall()
        wanted = [decimal.Decimal(each).scaleb(-scale) for each in units]
        assert [each for each, _ in found] == wanted
        assert [text for _, text in found] == [f"{each:.{scale}f}" for each in wanted]

    def test_writes_arrays_without_anything(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "create temporary table of_arrays (place int, days date[], cents bigint[])"
            )

        bulk_copy.write_columns(
            table="of_arrays",
            columns={
                "place": numbers(1),
                "days": bulk_copy.Constant(()),
                "cents": bulk_copy.Constant(()),
            },
        )

        with connection.cursor() as cursor:
            cursor.execute("select days, cents from of_arrays")
            assert cursor.fetchall() == [([], [])]

    def test_writes_more_than_one_piece(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bulk_copy, "_ROWS_A_PIECE", 7)

        bulk_copy.write_columns(
            table="sample", columns={"big": np.arange(100), "words": bulk_copy.Constant("same")}
        )

        assert [row[2] for row in rows()] == list(range(100))

    def test_writes_no_rows(self) -> None:
        assert bulk_copy.write_columns(table="sample", columns={"big": numbers()}) == 0

    def test_writes_numbers_as_text(self) -> None:
        bulk_copy.write_columns(
            table="sample",
            columns={"big": numbers(1, 2), "words": bulk_copy.Digits(numbers(42, 999), 4, "W")},
        )

        assert [row[6] for row in rows()] == ["W0042", "W0999"]

    def test_writes_texts_one_behind_the_other(self) -> None:
        address = bulk_copy.Joined(
            [
                bulk_copy.Digits(numbers(12, 7), 2),
                bulk_copy.Constant(" "),
                bulk_copy.Texts(numbers(1, 0), ["Elm Street", "Oak"]),
            ]
        )

        bulk_copy.write_columns(table="sample", columns={"big": numbers(1, 2), "words": address})

        assert [row[6] for row in rows()] == ["12 Oak", "07 Elm Street"]

    def test_leaves_a_constant_null(self) -> None:
        bulk_copy.write_columns(
            table="sample", columns={"big": numbers(1), "day": bulk_copy.Constant(None)}
        )

        assert rows()[0][3] is None

    def test_refuses_a_number_that_does_not_fit(self) -> None:
        with pytest.raises(bulk_copy.ColumnIsWrong, match=r"sample\.small"):
            bulk_copy.write_columns(
                table="sample", columns={"big": numbers(1), "small": numbers(32768)}
            )

    def test_refuses_columns_of_different_length(self) -> None:
        with pytest.raises(bulk_copy.ColumnIsWrong, match="differ in length"):
            bulk_copy.write_columns(
                table="sample", columns={"big": numbers(1, 2), "small": numbers(1)}
            )

    def test_refuses_a_column_that_is_not_there(self) -> None:
        with pytest.raises(bulk_copy.ColumnIsWrong, match="no column missing"):
            bulk_copy.write_columns(table="sample", columns={"missing": numbers(1)})

    def test_keeps_constraints(self) -> None:
        with pytest.raises(IntegrityError):
            bulk_copy.write_columns(table="sample", columns={"big": numbers(1, 1)})


class TestReadColumns:
    def test_reads_what_was_asked(self) -> None:
        found = bulk_copy.read_columns(
            "select n::bigint, (n * n)::bigint from generate_series(1, %(most)s) n",
            {"most": 3},
            ["number", "square"],
        )

        assert found["number"].tolist() == [1, 2, 3]
        assert found["square"].tolist() == [1, 4, 9]

    def test_reads_no_rows(self) -> None:
        found = bulk_copy.read_columns("select 1::bigint where false", None, ["one"])

        assert found["one"].tolist() == []

    @pytest.mark.parametrize("column", ["null::bigint", "1::integer"])
    def test_refuses_what_is_null_or_no_bigint(self, column: str) -> None:
        with pytest.raises(bulk_copy.AnswerIsWrong):
            bulk_copy.read_columns(f"select {column}", None, ["one"])

    def test_passes_on_the_servers_error(self) -> None:
        with pytest.raises(DataError):
            bulk_copy.read_columns("select (1 / 0)::bigint", None, ["one"])
