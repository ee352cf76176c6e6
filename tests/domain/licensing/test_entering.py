"""A business entered as one form tells it, found by its number when it is entered again."""

from __future__ import annotations

import datetime
import pathlib
from typing import Any

import pytest

from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import models as account_models
from fisc.domain.accounts import operations as accounts
from fisc.domain.accounts import queries as account_queries
from fisc.domain.licensing import models
from fisc.domain.licensing.operations import businesses as business_writes
from fisc.domain.licensing.operations import entering
from fisc.domain.licensing.queries import businesses
from fisc.domain.party_identifiers import choices as identifier_choices
from fisc.domain.party_identifiers import operations as identifier_writes
from fisc.domain.party_identifiers import queries as identifiers
from fisc.plumbing import transactions
from tests.factories import users

AT = datetime.datetime(2026, 3, 10, 16, 0, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 3, 10)
PLACE = entering.Place(
    house_number="12", street="N Oak St", unit="B", city="Mesquite Springs", state="FL", zip="00001"
)
EIN = identifiers.Given(identifier_choices.Kind.EIN, "12-3456789")


@pytest.fixture(autouse=True)
def _keys(tmp_path: pathlib.Path, settings: Any) -> None:
    settings.FISC_HOME = tmp_path


@pytest.fixture
def by(db: None) -> entering.By:
    return entering.By(user_id=users.person("kim"), at=AT, today=DAY)


def entry(name: str = "Sáenz Plumbing LLC", **told: Any) -> entering.Entry:
    return entering.Entry(name=name, began_on=DAY, **told)


@pytest.mark.django_db
class TestAnEntry:
    def test_records_all_that_it_tells(self, by: entering.By) -> None:
        business_id = entering.enter_business(
            entry(
                place=PLACE,
                identifier=EIN,
                phone="555-0100",
                email="saenz@example.org",
                account_language="es",
            ),
            by=by,
        )

        found = businesses.business(business_id=business_id, as_of=DAY)
        party = account_queries.party(party_id=business_id)
        (account,) = account_queries.accounts_of(party_id=business_id)
        assert found.addresses == (businesses.Address("12", "N Oak St", "B"),)
        assert (party.phone, party.email) == ("555-0100", "saenz@example.org")
        assert account.kind == account_choices.AccountKind.LICENSE
        assert [each.number for each in account_queries.search(text="saenz")] == [account.number]
        assert identifiers.parties_with(EIN) == [business_id]

    def test_leaves_nothing_where_a_part_is_refused(self, by: entering.By) -> None:
        wrong = identifiers.Given(identifier_choices.Kind.EIN, "12")

        with pytest.raises(Exception, match="9 digits"):
            entering.enter_business(entry(place=PLACE, identifier=wrong), by=by)

        assert not models.Business.objects.exists()
        assert not account_models.Party.objects.exists()

    def test_asked_twice_is_refused_the_second_time(self, by: entering.By) -> None:
        first = entering.enter_business(entry(place=PLACE), by=by)

        with pytest.raises(business_writes.LooksLikeAnother) as refused:
            entering.enter_business(entry(place=PLACE), by=by)

        assert [each.business_id for each in refused.value.found] == [first]

    def test_of_a_known_number_looks_like_its_business(self, by: entering.By) -> None:
        first = entering.enter_business(entry(identifier=EIN), by=by)

        with pytest.raises(business_writes.LooksLikeAnother) as refused:
            entering.enter_business(entry("Quite Another", identifier=EIN), by=by)
        (found,) = refused.value.found
        both = entering.enter_business(
            entry("Quite Another", identifier=EIN), by=by, are_others=[first]
        )

        assert (found.business_id, found.same_identifier, found.same_name) == (first, True, False)
        assert identifiers.parties_with(EIN) == [first, both]

    def test_may_have_its_owners_number(self, by: entering.By) -> None:
        ssn = identifiers.Given(identifier_choices.Kind.SSN, "123-45-6789")
        with transactions.started():
            ana = accounts.add_party(name="Ana Ruiz", at=AT)
            identifier_writes.add_identifier(party_id=ana, given=ssn, at=AT, user_id=by.user_id)

        business_id = entering.enter_business(entry("Ana's Cleaning", identifier=ssn), by=by)

        assert identifiers.parties_with(ssn) == [ana, business_id]

    def test_at_a_known_place_is_there(self, by: entering.By) -> None:
        first = entering.enter_business(entry(place=PLACE), by=by)
        capitals = entering.Place(
            house_number="12",
            street="n oak ST",
            unit="b",
            city="Mesquite Springs",
            state="FL",
            zip="00001",
        )

        entering.enter_business(entry("Another", place=capitals), by=by, are_others=[first])

        assert account_models.Premise.objects.count() == 1


@pytest.mark.django_db
class TestLater:
    def test_it_moves_and_gets_another_account(self, by: entering.By) -> None:
        business_id = entering.enter_business(entry(), by=by)

        entering.add_place(business_id=business_id, place=PLACE, starts_on=DAY, by=by)
        opened = entering.open_account(
            business_id=business_id,
            kind=account_choices.AccountKind.TAX,
            place=PLACE,
            language="en",
            by=by,
        )

        found = account_queries.accounts_of(party_id=business_id)
        assert [(each.number, each.kind) for each in found] == [(opened.number, "tax")]
        with pytest.raises(business_writes.RecordedAlready):
            entering.add_place(business_id=business_id, place=PLACE, starts_on=DAY, by=by)
