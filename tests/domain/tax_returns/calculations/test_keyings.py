"""Two keyings of one return: what differs field by field, put together again as chosen."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fisc.domain.tax_returns.calculations import keyings
from fisc.domain.tax_returns.calculations.keyings import Field, Kind

CENTS = st.integers(0, 10**9)


def line(of: str, gross: int, **other: Any) -> dict[str, Any]:
    return {
        "region": "MS", "business_class": of, "gross_cents": gross, "deductions": [],
        "includes_tax": False, "land_cents": 0, "units": "0", "item_price_cents": 0,
        "as_filed": [], **other,
    }  # fmt: skip


def came(*lines: dict[str, Any], **other: Any) -> dict[str, Any]:
    return {
        "starts_on": "2026-07-01", "received_on": "2026-08-20", "is_electronic": False,
        "is_amendment": False, "amends_id": None, "excess_tax_cents": 0,
        "credit_carried_cents": 0, "estimated_payments_cents": 0, "remitted_cents": 0,
        "form": "city", "as_filed": [], "lines": list(lines), **other,
    }  # fmt: skip


@st.composite
def lines(draw: st.DrawFn, of: str) -> dict[str, Any]:
    deductions = draw(st.dictionaries(st.sampled_from(["503", "504", "gross"]), CENTS))
    filed = draw(st.dictionaries(st.sampled_from(["tax", "503", "M"]), st.integers(-999, 999)))
    return line(
        of,
        draw(CENTS),
        deductions=[{"code": code, "cents": cents} for code, cents in deductions.items()],
        includes_tax=draw(st.booleans()),
        land_cents=draw(CENTS),
        units=draw(st.sampled_from(["0", "12.5", "3"])),
        item_price_cents=draw(CENTS),
        as_filed=[{"key": key, "cents": cents} for key, cents in filed.items()],
    )


@st.composite
def keyed(draw: st.DrawFn) -> dict[str, Any]:
    of = draw(st.lists(st.sampled_from(["11", "17", "25"]), unique=True))
    amends_id = draw(st.sampled_from([None, 7]))
    filed = draw(st.dictionaries(st.sampled_from(["due", "remitted"]), CENTS))
    return came(
        *(draw(lines(each)) for each in of),
        received_on=draw(st.sampled_from(["2026-08-20", "2026-08-21"])),
        is_electronic=draw(st.booleans()),
        is_amendment=amends_id is not None,
        amends_id=amends_id,
        excess_tax_cents=draw(CENTS),
        remitted_cents=draw(CENTS),
        form=draw(st.sampled_from(["", "city"])),
        as_filed=[{"key": key, "cents": cents} for key, cents in filed.items()],
    )


def differences(first: dict[str, Any], second: dict[str, Any]) -> dict[Field, str | None]:
    one, other = keyings.fields(first), keyings.fields(second)
    return {each: other.get(each) for each in {**one, **other} if one.get(each) != other.get(each)}


class TestPutTogether:
    @given(first=keyed(), second=keyed())
    def test_all_of_the_second_is_the_second_and_none_is_the_first(
        self, first: dict[str, Any], second: dict[str, Any]
    ) -> None:
        other = keyings.put_together(first, second, differences(first, second))
        same = keyings.put_together(first, second, {})

        assert keyings.fields(other) == keyings.fields(second)
        assert other["amends_id"] == second["amends_id"]
        assert keyings.fields(same) == keyings.fields(first)
        assert same["amends_id"] == first["amends_id"]

    def test_takes_a_third_value_and_drops_a_line(self) -> None:
        first, second = came(line("11", 100)), came(line("11", 200), line("17", 5))
        chosen = {Field(Kind.GROSS, "MS", "11"): "1.50", Field(Kind.GROSS, "MS", "17"): None}

        found = keyings.put_together(first, second, chosen)

        assert [(each["business_class"], each["gross_cents"]) for each in found["lines"]] == [
            ("11", 150)
        ]

    def test_a_deduction_and_a_figure_of_one_name_are_two_fields(self) -> None:
        one = came(
            line(
                "11", 1, deductions=[{"code": "9", "cents": 2}], as_filed=[{"key": "9", "cents": 3}]
            )
        )

        assert len(keyings.fields(one)) == len(keyings.fields(came(line("11", 1)))) + 2


class TestRead:
    @pytest.mark.parametrize(
        ("kind", "text", "said"),
        [
            (Kind.GROSS, "1234.50", "1,234.50"),
            (Kind.RECEIVED_ON, "2026-08-20", "2026-08-20"),
            (Kind.UNITS, "1,200.50", "1200.5"),
        ],
    )
    def test_gives_a_value_as_the_field_says_it(self, kind: Kind, text: str, said: str) -> None:
        assert keyings.read(Field(kind), text) == said

    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            (Kind.GROSS, "12x"), (Kind.GROSS, ""), (Kind.RECEIVED_ON, "20 August"),
            (Kind.UNITS, "many"), (Kind.UNITS, "NaN"), (Kind.UNITS, "1e999999"),
        ],
    )  # fmt: skip
    def test_refuses_what_is_none_of_its_values(self, kind: Kind, text: str) -> None:
        with pytest.raises(keyings.CannotBeSaid, match="is no"):
            keyings.read(Field(kind), text)
