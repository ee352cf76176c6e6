"""Bills of invented utilities, worked out by hand, one feature of the format after another."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fisc.processes.conversion.owrs import bills, tiers
from tests.factories import published_rates as rates

FLAT = """
service_charge: 12.50
flat_rate_commodity: 2.1
commodity_charge: flat_rate_commodity*usage_ccf
bill: service_charge+commodity_charge
"""

TIERED = """
service_charge: 10
commodity_charge: Tiered
tier_starts: [0, 10, 20]
tier_prices: [1, 2, 4]
bill: service_charge+commodity_charge
"""


class TestPlainCharges:
    def test_a_flat_rate(self) -> None:
        # 12.50 + 7.3 * 2.1
        assert rates.bill(FLAT, usage_ccf="7.3") == Decimal("27.83")

    def test_a_name_means_the_field_with_the_suffix(self) -> None:
        fields = FLAT.replace("flat_rate_commodity*", "flat_rate*")

        assert rates.bill(fields, usage_ccf="7.3") == Decimal("27.83")

    def test_a_surcharge_in_percent_of_all(self) -> None:
        fields = FLAT.replace("bill: service", "bill: 1.02*(service") + ")"

        # 1.02 * 27.83
        assert rates.bill(fields.replace("\n)", ")"), usage_ccf="7.3") == Decimal("28.3866")

    def test_minus_divide_and_signs(self) -> None:
        fields = "credit: -1.5\nbill: (usage_ccf-2)*3/4 - credit"

        # 8 * 3 / 4 + 1.5
        assert rates.bill(fields, usage_ccf="10") == Decimal("7.5")

    def test_a_quotient_without_end_is_given_to_eighteen_decimals(self) -> None:
        assert rates.bill("bill: usage_ccf*(1/3)", usage_ccf="1") == Decimal("0." + "3" * 18)

    def test_nothing_is_rounded_to_cents(self) -> None:
        assert rates.bill("bill: 0.00135*usage_ccf", usage_ccf="0.5") == Decimal("0.000675")

    def test_a_charge_that_the_bill_never_reaches_is_a_line_of_its_own(self) -> None:
        made = rates.book(rates.text_of(HOME=FLAT + "drought: 0.39*usage_ccf"))

        assert rates.amount(made, "drought", usage_ccf="2") == Decimal("0.78")


class TestTiers:
    @pytest.mark.parametrize(
        ("usage", "charge"),
        [
            ("0", "0"),
            ("9", "9"),  # all in the first tier, which ends at 10 - 1
            ("9.5", "10"),  # 9 * 1 + 0.5 * 2
            ("10", "11"),
            ("19.5", "31"),  # 9 * 1 + 10 * 2 + 0.5 * 4
        ],
    )
    def test_a_start_is_the_first_unit_of_its_tier(self, usage: str, charge: str) -> None:
        assert rates.bill(TIERED, usage_ccf=usage) == 10 + Decimal(charge)

    def test_or_the_boundary_where_that_is_chosen(self) -> None:
        found = rates.bill(TIERED, reading=tiers.Reading.BOUNDARY, usage_ccf="19.5")

        # 10 * 1 + 9.5 * 2
        assert found == Decimal("39")

    def test_one_tier_is_a_flat_price(self) -> None:
        fields = TIERED.replace("[0, 10, 20]", "[0]").replace("[1, 2, 4]", "[3]")

        assert rates.bill(fields, usage_ccf="4") == Decimal("22")

    def test_a_tier_that_ends_below_what_is_used_already_takes_nothing(self) -> None:
        fields = TIERED.replace("[0, 10, 20]", "[0, 10, 5]")

        # 9 * 1, none of the second tier, 3 * 4
        assert rates.bill(fields, usage_ccf="12") == Decimal("31")

    def test_a_start_may_be_a_formula_of_the_account(self) -> None:
        fields = TIERED.replace("20]", "homes*20]")

        # With two homes the second tier ends at 39: 9 * 1 + 30 * 2 + 1 * 4
        assert rates.bill(fields, usage_ccf="40", homes="2") == Decimal("83")

    def test_tiers_of_the_meter_with_prices_of_the_season(self) -> None:
        fields = """
        commodity_charge: Tiered
        tier_starts_commodity:
          depends_on: meter_size
          values:
            5/8": [0, 11]
            1|1/2": [0, 21]
        tier_prices_commodity:
          depends_on: [season]
          values:
            Summer: [1, 3]
            Winter: [1, 2]
        bill: commodity_charge
        """
        made = rates.book(rates.text_of(HOME=fields))
        given = {"usage_ccf": "30", "meter_size": '1|1/2"'}

        # 20 * 1 + 10 * 3, and 20 * 1 + 10 * 2
        assert rates.amount(made, season="Summer", **given) == Decimal(50)
        assert rates.amount(made, season="Winter", **given) == Decimal(40)


class TestMaps:
    FIELDS = """
    zone_charge:
      depends_on: elevation_zone
      values:
        1: 0
        2: 0.15
    season:
      depends_on: usage_month
      values: {1: Winter, 7: Summer}
    service_charge:
      depends_on: [meter_size, city_limits]
      values:
        5/8"|inside_city: 11
        5/8"|outside_city: 16.50
        1|1/2"|inside_city: 40
    rate:
      depends_on: season
      values:
        Winter: 2
        Summer: 1.5*2
    bill: service_charge+(rate+zone_charge)*usage_ccf
    """

    def test_facts_and_fields_look_up_exactly(self) -> None:
        found = rates.bill(
            self.FIELDS,
            usage_ccf="10",
            elevation_zone="2",
            usage_month="7",
            meter_size='1|1/2"',
            city_limits="inside_city",
        )

        # 40 and ten units at 3 + 0.15
        assert found == Decimal("71.5")

    def test_a_key_that_is_not_there_leaves_no_bill_and_says_which(self) -> None:
        reckoner = bills.reckoner(rates.book(rates.text_of(HOME=self.FIELDS)))
        facts = reckoner.facts(
            "HOME",
            {
                "usage_ccf": "10",
                "elevation_zone": "1",
                "usage_month": "1",
                "meter_size": '1|1/2"',
                "city_limits": "outside_city",
            },
        )

        assert reckoner.tables.answers(facts)["bill"] is None
        assert "HOME service_charge has no value for" in reckoner.why_none(facts)
        assert "outside_city" in reckoner.why_none(facts)

    def test_truths_are_found_in_either_spelling(self) -> None:
        fields = """
        bill:
          depends_on: with_residence
          values: {True: 1, False: 2}
        """

        assert rates.bill(fields, with_residence="TRUE") == Decimal(1)
        assert rates.bill(fields, with_residence="False") == Decimal(2)


class TestBudgets:
    # The example of the format's own notes: 60 * 5 * 30.4 / 748 = 12.19…, 3.6205…
    FIELDS = """
    service_charge: 120.95
    gpcd: 55
    landscape_factor: 0.7
    indoor: gpcd*hhsize*days_in_period*(1/748)
    outdoor: landscape_factor*et_amount*irr_area*0.62*(1/748)
    budget: indoor+outdoor
    tier_starts: [0, indoor, 100%, 125%, 150%]
    tier_prices: [1, 2, 3, 5, 10]
    commodity_charge: Budget
    bill: service_charge+commodity_charge
    """

    def test_boundaries_are_whole_units_halves_to_the_even_one(self) -> None:
        found = rates.bill(
            self.FIELDS,
            usage_ccf="27.3",
            hhsize="5",
            days_in_period="30.4",
            et_amount="4.8",
            irr_area="1300",
        )

        # indoor 11.17… → 11, outdoor 3.62… → 4, so 15; 18.75 → 19; 22.5 → 22:
        # 11 * 1 + 4 * 2 + 4 * 3 + 3 * 5 + 5.3 * 10
        assert found == Decimal("120.95") + Decimal(99)

    def test_each_operand_of_a_budget_is_rounded_on_its_own(self) -> None:
        made = rates.book(rates.text_of(HOME="budget: base*0.93\nbase: 10.6\nbill: budget"))

        # 10.6 becomes 11 and 0.93 becomes 1
        assert rates.amount(made) == Decimal(11)

    def test_a_number_is_where_the_tier_below_ends(self) -> None:
        fields = self.FIELDS.replace("indoor, 100%, 125%, 150%", "10, 100%, 125%, 150%")
        found = rates.bill(
            fields,
            usage_ccf="12",
            hhsize="5",
            days_in_period="30.4",
            et_amount="4.8",
            irr_area="1300",
        )

        # 10 * 1 + 2 * 2
        assert found == Decimal("134.95")

    def test_a_drought_surcharge_has_an_allowance_of_its_own(self) -> None:
        fields = """
        factor_commodity: 1
        budget_commodity: factor*share
        commodity_charge: Budget
        tier_starts_commodity: [0, 100%]
        tier_prices_commodity: [1, 2]
        variable_drought_surcharge: Budget
        factor_drought: 2
        budget_drought: factor*share
        tier_starts_drought: [0, 100%]
        tier_prices_drought: [0, 1]
        bill: commodity_charge+variable_drought_surcharge
        """

        # 10 * 1 + 15 * 2, and above the 20 of a drought 5 * 1
        assert rates.bill(fields, usage_ccf="25", share="10") == Decimal(45)


class TestFactsAndClasses:
    def test_a_fact_of_the_data_replaces_a_field_where_that_is_chosen(self) -> None:
        text = rates.text_of(HOME="days: 30\nbill: days*2")

        kept, replaced = rates.book(text), rates.book(text, replaced=frozenset({"days"}))

        assert rates.amount(kept) == Decimal(60)
        assert rates.amount(replaced, days="31") == Decimal(62)

    def test_each_class_has_its_own_fields(self) -> None:
        made = rates.book(rates.text_of(HOME="rate: 1\nbill: rate", SHOP="rate: 2\nbill: rate*3"))

        assert rates.amount(made) == Decimal(1)
        assert rates.amount(made, customer_class="SHOP") == Decimal(6)

    def test_a_fact_that_is_missing_or_no_number_is_named(self) -> None:
        reckoner = bills.reckoner(rates.book(rates.text_of(HOME=FLAT)))

        with pytest.raises(bills.FactIsWrong, match="usage_ccf is not given"):
            reckoner.facts("HOME", {})
        with pytest.raises(bills.FactIsWrong, match="usage_ccf is “much”"):
            reckoner.facts("HOME", {"usage_ccf": "much"})
