"""Businesses: look-alikes found on entry, owners within the whole, places and activities."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection

from fisc.basics.periods import Period
from fisc.domain.accounts import operations as accounts
from fisc.domain.code_lists import operations as code_list_writes
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.licensing import calculations, choices, models
from fisc.domain.licensing.operations import businesses as operations
from fisc.domain.licensing.queries import businesses
from fisc.plumbing import transactions
from tests.domain.payments import test_concurrency
from tests.factories import money

AT = datetime.datetime(2026, 3, 10, 16, 0, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 3, 10)
FROM_DAY = Period(starts_on=DAY)
OAK = businesses.Address("12", "North Oak Street")


def period(starts_on: str, ends_before: str | None = None) -> Period:
    return Period(
        starts_on=datetime.date.fromisoformat(starts_on),
        ends_before=datetime.date.fromisoformat(ends_before) if ends_before else None,
    )


def business(name: str = "Sáenz Plumbing LLC", **told: Any) -> int:
    with transactions.started():
        return operations.add_business(
            name=name, address=told.pop("address", None), began_on=DAY, at=AT, **told
        )


def person(name: str = "Ana Ruiz") -> int:
    with transactions.started():
        return accounts.add_party(name=name, at=AT)


def owner(
    business_id: int, percent: str, *, party: int | None = None, over: Period = FROM_DAY
) -> int:
    party_id = person() if party is None else party
    with transactions.started():
        return operations.add_owner(
            business_id=business_id,
            owner_id=party_id,
            percent=Decimal(percent),
            controls=Decimal(percent) >= 10,
            period=over,
            at=AT,
        )


def located(business_id: int, *, over: Period = FROM_DAY, street: str = OAK.street) -> int:
    mailing = accounts.Mailing(line_1="", city="Mesquite Springs", state="FL", zip="00001")
    with transactions.started():
        premise_id = accounts.add_premise(house_number="12", street=street, mailing=mailing)
        operations.add_location(business_id=business_id, premise_id=premise_id, period=over, at=AT)
    return premise_id


class TestKeys:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("The Sáenz Co., L.L.C.", "Saenz"),
            ("Joe's Diner", "JOES DINER INC"),
            ("Joe\u2019s Diner", "Diner Joe's"),
            ("Smith & Sons", "Smyth Sons Ltd."),
            ("The Company", "Company, The"),
        ],
    )
    def test_of_names_of_one_business_are_the_same(self, one: str, other: str) -> None:
        assert calculations.name_key(one) == calculations.name_key(other) != ""

    @pytest.mark.parametrize(
        ("one", "other"), [("Oak Cafe", "Oak Bakery"), ("7 Eleven", "5 Eleven")]
    )
    def test_of_names_of_two_differ(self, one: str, other: str) -> None:
        assert calculations.name_key(one) != calculations.name_key(other)

    def test_of_addresses_know_short_words_and_offices(self) -> None:
        assert OAK.key == businesses.Address("12", "N. Oak St").key == "12 n oak st"
        assert businesses.Address("12", "North Oak Street", "B").key != OAK.key


@pytest.mark.django_db
class TestLookAlikes:
    def test_by_name_stop_an_entry_until_a_person_says_that_they_are_others(self) -> None:
        known = business()

        with pytest.raises(operations.LooksLikeAnother, match="Sáenz Plumbing LLC") as refused:
            business("Saenz Plumbing, Inc.")
        other = business("Saenz Plumbing, Inc.", are_others=[known])

        assert [each.business_id for each in refused.value.found] == [known]
        assert (refused.value.found[0].same_name, refused.value.found[0].same_address) == (
            True,
            False,
        )
        assert other != known

    def test_by_the_name_they_are_known_by(self) -> None:
        known = business("Ruiz Holdings LLC", trade_name="Desert Bloom")

        found = businesses.look_alikes(name="The Desert Bloom Co.", as_of=DAY)

        assert [each.business_id for each in found] == [known]

    def test_by_address_until_it_is_left(self) -> None:
        known = business()
        located(known, over=period("2026-03-10", "2026-06-01"))
        asked = businesses.Address("12", "N Oak St.")

        during = businesses.look_alikes(name="Another", address=asked, as_of=DAY)
        after = businesses.look_alikes(
            name="Another", address=asked, as_of=datetime.date(2026, 6, 1)
        )

        assert [(each.same_name, each.same_address) for each in during] == [(False, True)]
        assert after == ()

    def test_of_name_and_address_come_first(self) -> None:
        by_address = business("Corner Barber")
        located(by_address)
        both = business(address=None)
        located(both)

        found = businesses.look_alikes(name="Saenz Plumbing", address=OAK, as_of=DAY)

        assert [each.business_id for each in found] == [both, by_address]

    def test_that_appeared_meanwhile_stop_it_too(self) -> None:
        shown = business()
        business("Saenz Plumbing", are_others=[shown])

        with pytest.raises(operations.LooksLikeAnother):
            business("Sáenz Plumbing", are_others=[shown])

    @pytest.mark.parametrize("name", ["", "   "])
    def test_need_a_name(self, name: str) -> None:
        with pytest.raises(operations.NameIsMissing):
            business(name)

    def test_take_the_longest_names(self) -> None:
        letters = "abcdefghijklmnopqrstuvwxyz"
        pairs = [f"{one}{other}" for one in letters for other in "brdl"]

        assert business(" ".join([*letters, *pairs])[:200])


@pytest.mark.usefixtures("city_database")
class TestTwoPeople:
    def test_who_enter_the_same_business_at_once_enter_one(self) -> None:
        found = test_concurrency.at_once(*[business] * 4)

        entered = [each for each in found if isinstance(each, int)]
        refused = [each for each in found if isinstance(each, operations.LooksLikeAnother)]
        assert (len(entered), len(refused)) == (1, 3)
        assert models.Business.objects.count() == 1

    def test_who_add_owners_at_once_stay_within_the_whole(self) -> None:
        held = business("Mesa Verde Roofing")

        found = test_concurrency.at_once(*[lambda: owner(held, "40")] * 4)

        refused = [each for each in found if isinstance(each, operations.MoreThanWhole)]
        assert len(refused) == 2
        assert models.Ownership.objects.filter(business_id=held).count() == 2


@pytest.mark.django_db
class TestOwners:
    def test_hold_thirds_to_two_decimals(self) -> None:
        held = business()
        for percent in ("33.33", "33.33", "33.34"):
            owner(held, percent)

        found = businesses.business(business_id=held, as_of=DAY)

        assert [each.percent for each in found.owners] == [
            Decimal("33.34"),
            Decimal("33.33"),
            Decimal("33.33"),
        ]
        assert all(each.controls for each in found.owners)

    def test_never_hold_more_than_the_whole(self) -> None:
        held = business()
        owner(held, "60")

        with pytest.raises(operations.MoreThanWhole, match="100 percent"):
            owner(held, "40.01")

        owner(held, "40")
        assert models.Ownership.objects.filter(business_id=held).count() == 2

    def test_never_hold_more_on_a_later_day(self) -> None:
        held = business()
        owner(held, "60", over=period("2026-05-01"))

        with pytest.raises(operations.MoreThanWhole):
            owner(held, "41", over=period("2026-03-10", "2026-05-02"))

        owner(held, "41", over=period("2026-03-10", "2026-05-01"))

    def test_hand_over_on_a_day(self) -> None:
        held = business()
        first = owner(held, "100")
        with transactions.started():
            operations.end_ownership(ownership_id=first, ends_before=datetime.date(2026, 7, 1))
        buyer = person("Luis Mora")
        owner(held, "100", party=buyer, over=period("2026-07-01"))

        after = businesses.business(business_id=held, as_of=datetime.date(2026, 7, 1))

        assert [each.party_id for each in after.owners] == [buyer]

    def test_are_not_ended_twice_or_before_they_began(self) -> None:
        first = owner(business(), "100")

        for ends_before in (DAY, datetime.date(2026, 7, 1), datetime.date(2026, 8, 1)):
            if ends_before == datetime.date(2026, 7, 1):
                with transactions.started():
                    operations.end_ownership(ownership_id=first, ends_before=ends_before)
                continue
            with pytest.raises(operations.NoSuchOwnership), transactions.started():
                operations.end_ownership(ownership_id=first, ends_before=ends_before)

    @pytest.mark.parametrize("percent", ["-0.01", "100.01", "33.333", "NaN", "Infinity"])
    def test_hold_a_percent(self, percent: str) -> None:
        held, ana = business(), person()

        with pytest.raises(operations.ShareIsWrong), transactions.started():
            operations.add_owner(
                business_id=held,
                owner_id=ana,
                percent=Decimal(percent),
                controls=False,
                period=FROM_DAY,
                at=AT,
            )

    def test_are_not_the_business_itself(self) -> None:
        held = business()

        with pytest.raises(operations.OwnsItself):
            owner(held, "10", party=held)

    def test_are_recorded_once_at_a_time(self) -> None:
        held, ana = business(), person()
        owner(held, "10", party=ana)

        with pytest.raises(operations.RecordedAlready):
            owner(held, "20", party=ana, over=period("2026-12-01"))

    def test_stay_within_the_whole_by_the_database_itself(self) -> None:
        held = business()
        owner(held, "60")
        second = owner(held, "40")

        with (
            pytest.raises(IntegrityError, match="hundredths of a percent"),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "update licensing_ownership set hundredths_percent = 4001 where id = %s",
                [second],
            )


@pytest.mark.django_db
class TestPlacesAndActivities:
    def test_are_those_of_the_day(self) -> None:
        _lists()
        held = business()
        located(held, over=period("2026-03-10", "2026-06-01"))
        located(held, over=period("2026-06-01"), street="Elm Avenue")
        with transactions.started():
            for of, code in (
                (choices.ActivityList.NAICS, "722511"),
                (choices.ActivityList.CITY, "11"),
            ):
                operations.add_activity(business_id=held, of=of, code=code, period=FROM_DAY, at=AT)

        found = businesses.business(business_id=held, as_of=datetime.date(2026, 6, 1))

        assert [each.street for each in found.addresses] == ["Elm Avenue"]
        assert [each.label_en for each in found.activities] == [
            "Full-service restaurants",
            "Restaurants and bars",
        ]

    def test_are_recorded_once_at_a_time(self) -> None:
        _lists()
        held = business()
        place = located(held)
        with pytest.raises(operations.RecordedAlready), transactions.started():
            operations.add_location(business_id=held, premise_id=place, period=FROM_DAY, at=AT)

    def test_are_known(self) -> None:
        _lists()
        held = business()

        with pytest.raises(code_lists.NoSuchCode), transactions.started():
            operations.add_activity(
                business_id=held,
                of=choices.ActivityList.NAICS,
                code="000000",
                period=FROM_DAY,
                at=AT,
            )
        with pytest.raises(businesses.NoSuchPremise), transactions.started():
            operations.add_location(business_id=held, premise_id=10**12, period=FROM_DAY, at=AT)
        with pytest.raises(businesses.NoSuchBusiness):
            businesses.business(business_id=10**12, as_of=DAY)


def _lists() -> None:
    with transactions.started():
        for each in choices.ActivityList:
            path = money.CITY / "code_lists" / f"{each.value.replace(' ', '_')}.csv"
            code_list_writes.import_codes(name=each.value, content=path.read_bytes())
