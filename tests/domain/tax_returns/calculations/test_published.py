"""Published examples of factoring, through the computing path of a return."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from fisc.domain.tax_returns.calculations import asking, returns
from fisc.domain.tax_returns.calculations.returns import Filing, Line
from tests import shared_facts
from tests.domain.tax_returns import laws

EXAMPLES: dict[str, dict[str, Any]] = {
    each["id"]: each
    for each in json.loads(
        shared_facts.path_of("facts/worked_examples.json").read_text(encoding="utf-8")
    )
    if each["area"] == "tax_factoring"
}
MESA = returns.Laws(
    laws.city("deductions"),
    laws.of("return_lines.mesa"),
    laws.city("return_totals"),
    laws.of("factoring.mesa"),
)


def line(of: str, gross: str, *, region: str = "MS", land: str = "0") -> Line:
    return Line(
        region=region,
        business_class=of,
        gross_cents=asking.cents(Decimal(gross)),
        land_cents=asking.cents(Decimal(land)),
        includes_tax=True,
    )


def test_every_published_example_is_here() -> None:
    assert sorted(EXAMPLES) == [
        "tax-factor-aac",
        "tax-factor-mesa-contracting-constants",
        "tax-factor-mesa-retail-8.3",
    ]


def test_the_rule_of_the_administrative_code() -> None:
    example = EXAMPLES["tax-factor-aac"]
    filing = Filing(lines=(line("5", example["inputs"]["total_charged"]),), is_on_time=True)

    (found,) = returns.compute(filing, laws=MESA).lines

    said = example["expected"]
    assert asking.money(found.taxable_cents) == Decimal(said["price"])
    assert asking.money(found.tax_cents) == Decimal(said["tax"])


def test_retail_of_city_and_state_together_is_what_was_deducted() -> None:
    example = EXAMPLES["tax-factor-mesa-retail-8.3"]
    gross = example["inputs"]["gross"]
    both = (line("17", gross), line("17", gross, region="ST"))

    computed = returns.compute(Filing(lines=both, is_on_time=True), laws=MESA)

    city, state = computed.lines
    assert {
        "net_taxable": str(asking.money(city.taxable_cents)),
        "tax_deduction": str(asking.money(city.tax_included_cents)),
        "city_tax": str(asking.money(city.tax_cents)),
        "state_county_tax": str(asking.money(state.tax_cents)),
        "total_tax": str(asking.money(computed.total_tax_cents)),
    } == example["expected"]


@pytest.mark.parametrize(
    ("factors", "gross", "land"),
    [
        ({"f1": 1}, "100000000", "0"),
        ({"f1": 1, "f2": -1}, "100000000", "100000000"),
        # Nothing but land: its price is what is left without the tax, 1 / (1 + 0.0175 * 0.65).
        ({"f3": 1}, "100000000", "98875293.54"),
    ],
)
def test_contracting_by_the_published_factors(
    factors: dict[str, int], gross: str, land: str
) -> None:
    said = EXAMPLES["tax-factor-mesa-contracting-constants"]["expected"]
    filing = Filing(lines=(line("15", gross, land=land),), is_on_time=True)

    (found,) = returns.taxes_included(filing, laws=MESA)

    # Of 100,000,000.00 the tax shows a factor's eight digits; two factors add their roundings.
    wanted = sum(sign * Decimal(said[name]) for name, sign in factors.items())
    assert found is not None
    factor = asking.money(found) / Decimal(gross)
    assert abs(factor - wanted) <= Decimal("0.000000005") * len(factors)
