"""What is worth a look: licenses and registrations alone, drops, and deductions above a norm."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

import pytest

from fisc.basics import periods
from fisc.domain.tax_analysis import choices, explaining, operations
from fisc.domain.tax_analysis.queries import discovery
from fisc.domain.tax_returns.calculations.returns import Deduction, Line
from fisc.domain.tax_returns.operations import filing, registering
from fisc.domain.work_items import queries as work_items
from tests.factories import licenses, tax_returns, users
from tests.factories.tax_returns import AT

D = datetime.date
TODAY = D(2026, 10, 3)
SINCE = D(2024, 1, 1)
WHO = registering.By(user_id=None, at=AT, why="keyed from paper")
pytestmark = pytest.mark.usefixtures("tax_city")


def asked(of: choices.Discovery, year: int = 2026) -> discovery.Asked:
    return discovery.Asked(of, year, TODAY, AT)


def subjects(of: choices.Discovery, year: int = 2026) -> list[tuple[int, str]]:
    page = discovery.found(asked(of, year), limit=None)
    return [(each.subject_id, each.code) for each in page.listed]


def registered(account_id: int, of: str, *, starts_on: datetime.date = SINCE) -> int:
    registering.register(
        account_id=account_id,
        region="MS",
        business_class=of,
        days=periods.Period(starts_on=starts_on),
        by=WHO,
    )
    return account_id


def filer(of: str = "17") -> int:
    account_id = tax_returns.account()
    if of == "15":
        tax_returns.bonded(account_id, on=D(2024, 1, 1))
    registered(account_id, of)
    registering.set_frequency(
        account_id=account_id, frequency="monthly", from_day=D(2024, 1, 1), by=WHO
    )
    return account_id


def filed(
    account_id: int,
    starts_on: datetime.date,
    gross: int,
    *,
    of: str = "17",
    deducted: int = 0,
    amends: int | None = None,
) -> int:
    deductions: Sequence[Deduction] = (Deduction("503", deducted),) if deducted else ()
    received = (starts_on + datetime.timedelta(days=45)).replace(day=12)
    return filing.file_return(
        filing.Came(
            account_id=account_id,
            starts_on=starts_on,
            received_on=received,
            is_electronic=True,
            lines=(
                Line(
                    region="MS",
                    business_class=of,
                    gross_cents=gross,
                    deductions=tuple(deductions),
                ),
            ),
            amends_id=amends,
        ),
        by=WHO,
        posting_day=received,
    ).return_id


class TestAlone:
    def test_a_holder_without_registration_is_listed_until_registered(self) -> None:
        seller = licenses.issued("general_merchant").license_id

        wanted = replace(asked(choices.Discovery.UNREGISTERED), day=D(2026, 3, 15))
        listed = {each.subject_id: each for each in discovery.found(wanted, limit=None).listed}

        found = listed[seller]
        assert found.code == "general_merchant"
        assert found.business_id is not None
        registered(licenses.tax_account(found.business_id), "17")

        assert not discovery.found(wanted, limit=None).listed
        # Its term is over by then.
        assert not subjects(choices.Discovery.UNREGISTERED)

    def test_a_registration_without_license_is_listed_but_not_of_utilities(self) -> None:
        shop, utility = registered(tax_returns.account(), "17"), tax_returns.account()
        registered(utility, "4")
        later = registered(tax_returns.account(), "17", starts_on=D(2026, 12, 1))

        listed = subjects(choices.Discovery.UNLICENSED)

        assert (shop, "17") in listed
        assert (utility, "4") not in listed
        assert (later, "17") not in listed


class TestDrops:
    def test_only_periods_filed_for_in_both_years_count_and_amendments_as_amended(self) -> None:
        fell = filer()
        for month, before, now in ((1, 900_000, 500_000), (2, 900_000, 900_000)):
            filed(fell, D(2025, month, 1), before)
            first = filed(fell, D(2026, month, 1), now)
        filed(fell, D(2026, 2, 1), 500_000, amends=first)
        # Filed in one year only: no drop.
        filed(fell, D(2025, 6, 1), 90_000_000)
        kept_on = filer()
        filed(kept_on, D(2025, 1, 1), 900_000)
        filed(kept_on, D(2026, 1, 1), 630_000)

        page = discovery.found(asked(choices.Discovery.DROPS), limit=None)

        (found,) = page.listed
        assert (found.subject_id, found.beside_cents, found.gross_cents) == (
            fell, 1_800_000, 1_000_000,
        )  # fmt: skip
        assert found.part == 4444

    def test_a_builder_may_fall_further_and_small_ones_are_left_alone(self) -> None:
        builder, small = filer("15"), filer()
        filed(builder, D(2025, 3, 1), 1_000_000, of="15")
        filed(builder, D(2026, 3, 1), 500_000, of="15")
        filed(small, D(2025, 3, 1), 499_999)
        filed(small, D(2026, 3, 1), 0)

        listed = subjects(choices.Discovery.DROPS)

        assert (builder, "15") not in listed
        assert (small, "17") not in listed

    def test_it_is_explained_by_its_rows(self) -> None:
        fell = filer()
        filed(fell, D(2025, 4, 1), 1_000_000)
        filed(fell, D(2026, 4, 1), 600_000)

        why = explaining.why_listed(
            asked(choices.Discovery.DROPS), subject_id=fell, code="17", language="en"
        )

        assert why.value == "40.00%"
        assert why.is_equal
        assert "more than 30%" in why.sentence
        assert {each.citation for each in why.rows} == {
            "Office policy of the demonstration city, taken from no law"
        }
        with pytest.raises(explaining.IsNotListed):
            explaining.why_listed(
                asked(choices.Discovery.DROPS), subject_id=fell, code="15", language="es"
            )


class TestDeductions:
    def test_one_above_the_norm_is_listed_with_it_where_enough_make_one(self) -> None:
        for _ in range(4):
            filed(filer("14"), D(2026, 5, 1), 2_000_000, of="14", deducted=200_000)
        assert not subjects(choices.Discovery.DEDUCTIONS)
        much = filer("14")
        filed(much, D(2026, 5, 1), 2_000_000, of="14", deducted=800_000)

        (found,) = discovery.found(asked(choices.Discovery.DEDUCTIONS), limit=None).listed

        assert (found.subject_id, found.part, found.norm, found.filers) == (much, 4000, 1000, 5)
        assert found.beside_cents == 800_000


class TestWorkItems:
    def test_what_is_chosen_becomes_an_item_once(self) -> None:
        shop = registered(tax_returns.account(), "12")
        person = users.person("looker")
        wanted = asked(choices.Discovery.UNLICENSED)

        made = operations.have_looked_at(wanted, chosen=[(shop, "12")], by_id=person)
        again = operations.have_looked_at(wanted, chosen=[(shop, "12")], by_id=person)

        assert (made, again) == (1, 0)
        found = discovery.one(wanted, subject_id=shop, code="12")
        assert found is not None
        assert found.item_id is not None
        item = work_items.item(item_id=found.item_id)
        assert (item.kind, item.subject_id) == ("discovery", shop)
        assert item.due_on == TODAY + datetime.timedelta(days=30)

    def test_nothing_chosen_and_what_is_not_listed_are_refused_whole(self) -> None:
        shop = registered(tax_returns.account(), "11")
        wanted = asked(choices.Discovery.UNLICENSED)

        with pytest.raises(operations.NothingChosen, match="Tick"):
            operations.have_looked_at(wanted, chosen=[], by_id=1)
        with pytest.raises(operations.NotListed, match="1 is on the list no more"):
            operations.have_looked_at(wanted, chosen=[(shop, "11"), (shop, "17")], by_id=1)

        found = discovery.one(wanted, subject_id=shop, code="11")
        assert found is not None
        assert found.item_id is None
