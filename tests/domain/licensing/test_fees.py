"""Fees of licenses by the demonstration city's tables, and why they are what they are."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any

import pytest

from fisc.domain.licensing import explaining
from fisc.domain.licensing.queries import fees
from fisc.domain.rule_tables.operations import city as rule_tables
from fisc.domain.rule_tables.queries import versions
from tests import databases, shared_facts
from tests.factories import utilities

AT = datetime.datetime(2026, 10, 3, 12, 0, tzinfo=datetime.UTC)
EXAMPLES: dict[str, dict[str, Any]] = {
    each["id"]: each
    for each in json.loads(shared_facts.path_of("facts/worked_examples.json").read_text())
}


@pytest.fixture(scope="module")
def city(
    database_server: Any, migrated_template: str, django_db_blocker: Any
) -> Iterator[databases.CityDatabase]:
    """The city's tables and lists; these tests only ask."""
    with (
        django_db_blocker.unblock(),
        databases.clone(addresses=database_server, template=migrated_template) as copy,
    ):
        rule_tables.import_city(path=utilities.CITY, at=AT)
        yield copy


def asked(license_type: str, issued: str = "2026-01-05", **told: Any) -> fees.Asked:
    return fees.Asked(
        license_type=license_type, issued_on=datetime.date.fromisoformat(issued), **told
    )


def lines(fee: fees.Fee) -> dict[str, int]:
    return {each.code.code: each.amount_cents for each in fee.lines}


@pytest.mark.usefixtures("city")
class TestWorkedExample:
    @pytest.mark.parametrize("name", ["lic-scottsdale-rental-10", "lic-scottsdale-rental-40"])
    def test_of_rental_units_comes_out(self, name: str) -> None:
        example = EXAMPLES[name]

        fee = fees.fee(
            asked("residential_rental", units=int(example["inputs"]["units"])), known_at=AT
        )

        assert f"{fee.total_cents / 100:.2f}" == example["expected"]["fee"]

    def test_of_sales_comes_out(self) -> None:
        example = EXAMPLES["lic-locust-gross"]

        fee = fees.fee(
            asked("general_merchant", gross_receipts_cents=int(example["inputs"]["sales"]) * 100),
            known_at=AT,
        )

        assert f"{fee.total_cents / 100:.2f}" == example["expected"]["fee"]

    @pytest.mark.parametrize("receipts", ["1000000", "2000000", "4000000"])
    def test_of_brackets_of_receipts_comes_out(self, receipts: str) -> None:
        example = EXAMPLES[f"lic-thousandoaks-{receipts}"]

        fee = fees.fee(
            asked("service_business", gross_receipts_cents=int(receipts) * 100), known_at=AT
        )

        assert f"{fee.total_cents / 100:.2f}" == example["expected"]["tax"]


@pytest.mark.usefixtures("city")
class TestFee:
    @pytest.mark.parametrize(
        ("issued", "license_fee"),
        [("2026-01-05", 3000), ("2026-06-17", 1500), ("2026-12-20", 1000)],
    )
    def test_is_prorated_to_the_nearest_month_with_a_minimum(
        self, issued: str, license_fee: int
    ) -> None:
        fee = fees.fee(asked("auction_house", issued), known_at=AT)

        assert lines(fee) == {"application_fee": 13500, "license_fee": license_fee}
        assert fee.term.ends_before == datetime.date(2027, 1, 1)
        assert fee.valid.starts_on.isoformat() == issued

    def test_is_prorated_by_the_month_and_half_again_for_beginning_unlicensed(self) -> None:
        fee = fees.fee(asked("peddler", "2026-05-31", began_unlicensed=True), known_at=AT)

        assert lines(fee) == {"license_fee": 5000, "unlicensed_penalty": 2500}
        assert fee.total_cents == 7500

    def test_is_prorated_by_the_quarter(self) -> None:
        told = asked("service_business", "2026-08-01", gross_receipts_cents=12_000_000)

        assert fees.fee(told, known_at=AT).total_cents == 3000

    def test_of_a_renewal_has_no_application(self) -> None:
        fee = fees.fee(asked("pool_hall", units=8, is_new=False), known_at=AT)

        assert lines(fee) == {"unit_fee": 32000}

    def test_of_a_fiscal_year_ends_with_september(self) -> None:
        fee = fees.fee(asked("general_merchant", "2026-09-30"), known_at=AT)

        assert fee.term.ends_before == datetime.date(2026, 10, 1)
        assert lines(fee) == {"receipts_tax": 300000}

    def test_that_counts_units_asks_how_many(self) -> None:
        with pytest.raises(fees.FactsAreMissing, match="pool_table"):
            fees.fee(asked("pool_hall"), known_at=AT)

    @pytest.mark.parametrize("cents", [400_000_001, None])
    def test_is_not_guessed_where_no_row_says(self, cents: int | None) -> None:
        with pytest.raises(fees.NoFee, match="service_business"):
            fees.fee(asked("service_business", gross_receipts_cents=cents), known_at=AT)

    def test_of_a_type_without_terms_is_refused(self) -> None:
        with pytest.raises(fees.NoTermsOfType, match="circus"):
            fees.fee(asked("circus"), known_at=AT)

    def test_before_any_table_is_refused(self) -> None:
        with pytest.raises(versions.NoVersionForDate):
            fees.fee(asked("privilege", "2019-12-31"), known_at=AT)


@pytest.mark.usefixtures("city")
class TestTerms:
    def test_say_what_is_asked_of_each_type(self) -> None:
        day = datetime.date(2026, 1, 5)

        merchant = fees.terms(license_type="general_merchant", day=day, known_at=AT)
        auction = fees.terms(license_type="auction_house", day=day, known_at=AT)
        rental = fees.terms(license_type="residential_rental", day=day, known_at=AT)

        assert merchant == fees.Terms(10, 12, None, asks_receipts=True, renewal_days=None)
        assert auction == fees.Terms(1, 12, None, asks_receipts=False, renewal_days=30)
        assert rental == fees.Terms(None, 12, "rental_unit", asks_receipts=False, renewal_days=None)


@pytest.mark.usefixtures("city")
class TestWhy:
    def test_of_a_line_names_the_row_its_source_and_what_is_left(self) -> None:
        why = explaining.explain_fee_line(
            asked("auction_house", "2026-06-17"), line="license_fee", known_at=AT
        )

        assert why.value == "$15.00"
        assert why.is_equal is True
        assert "$30 a year, prorated, at least $10" in why.sentence
        assert "through December 31, 2026" in why.sentence
        assert any("phoenix.municipal.codes" in each.citation for each in why.rows)
        inputs = {each.words: (each.value, each.origin) for each in why.inputs}
        assert inputs["months left, to the nearest"][0] == "6"
        assert "January 1, 2026" in inputs["months left, to the nearest"][1]
        assert inputs["license type"][0] == "Auction house"

    def test_of_a_line_speaks_spanish(self) -> None:
        why = explaining.explain_fee_line(
            asked("peddler", "2026-05-31", began_unlicensed=True),
            line="unlicensed_penalty",
            known_at=AT,
            language="es",
        )

        assert why.title == "Recargo por empezar sin licencia"
        assert "la mitad de la tarifa" in why.sentence

    def test_of_a_line_that_the_fee_has_not_is_refused(self) -> None:
        with pytest.raises(explaining.NoSuchFeeLine, match="receipts_tax"):
            explaining.explain_fee_line(asked("privilege"), line="receipts_tax", known_at=AT)
