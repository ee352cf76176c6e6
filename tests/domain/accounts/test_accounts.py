from __future__ import annotations

import datetime

import numpy as np
import pytest
from django.db import IntegrityError

from fisc.basics import identifiers
from fisc.basics.periods import Period
from fisc.domain.accounts import calculations, choices, models, operations, queries
from fisc.domain.accounts.operations import loading
from fisc.plumbing import bulk_copy, transactions

pytestmark = pytest.mark.django_db

AT = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 3, 1)
MAILING = operations.Mailing(line_1="12 Oak Street", city="Spring", state="FL", zip="00001")


@transactions.starts_transaction
def opened(name: str = "Robert Smith", *, street: str = "Oak Street") -> operations.Opened:
    party_id = operations.add_party(name=name, at=AT)
    premise_id = operations.add_premise(
        house_number="12", street=street, mailing=MAILING, parcel="173-22-001"
    )
    account = operations.open_account(
        kind=choices.AccountKind.UTILITY,
        party_id=party_id,
        name=name,
        mailing=MAILING,
        opened_on=DAY,
        at=AT,
    )
    operations.make_searchable(account_id=account.account_id, premise_id=premise_id)
    return account


class TestOpenAccount:
    def test_numbers_it_with_a_check_digit(self) -> None:
        account = opened()

        assert identifiers.ACCOUNT_NUMBERS.require(account.number) == account.number
        assert queries.account_id(number=account.number) == account.account_id

    def test_shows_its_header(self) -> None:
        header = queries.account(account_id=opened().account_id, as_of=DAY)

        assert header.name == "Robert Smith"
        assert header.mailing_lines == ("12 Oak Street", "Spring FL 00001")
        assert header.bucket == header.account_id % 4096

    def test_says_that_a_number_is_mistyped(self) -> None:
        with pytest.raises(identifiers.NumberIsWrong):
            queries.account_id(number=opened().number + 10)


class TestPeriods:
    def test_of_one_role_do_not_overlap(self) -> None:
        account = opened()
        party_id = models.Account.objects.get(pk=account.account_id).party_id

        with pytest.raises(operations.PeriodOverlaps), transactions.started():
            operations.add_role(
                account_id=account.account_id,
                party_id=party_id or 0,
                role=choices.Role.HOLDER,
                period=Period(starts_on=DAY),
                at=AT,
            )

    def test_are_kept_apart_whoever_writes(self) -> None:
        row = models.AccountRole.objects.get(account_id=opened().account_id)
        row.pk = None

        with pytest.raises(IntegrityError, match="overlaps"):
            row.save(force_insert=True)


class TestSearch:
    def test_finds_an_exact_number_alone(self) -> None:
        account = opened()

        (found,) = queries.search(text=str(account.number))

        assert (found.account_id, found.by) == (account.account_id, "number")

    @pytest.mark.parametrize("text", ["smi", "SMITH rob", "oak robert", "173-22-001", "smith 12"])
    def test_finds_by_first_letters_name_and_place(self, text: str) -> None:
        account = opened()

        assert [found.account_id for found in queries.search(text=text)] == [account.account_id]

    @pytest.mark.parametrize("text", ["Smyth", "Rupert Smythe"])
    def test_finds_by_sound(self, text: str) -> None:
        account = opened()

        (found,) = queries.search(text=text)

        assert (found.account_id, found.by) == (account.account_id, "sound")

    def test_never_finds_a_street_by_its_sound(self) -> None:
        opened()
        before = opened("Ann Doe", street="Santa Rita Road")

        assert "Ann Doe" not in {found.name for found in queries.search(text="smyth")}
        assert queries.search(text="rudd") == []
        (found,) = queries.search(text="anne santa")
        assert found.account_id == before.account_id

    def test_finds_accents_typed_without_them(self) -> None:
        account = opened("María Fernández")

        (found,) = queries.search(text="fernandez")

        assert (found.account_id, found.by) == (account.account_id, "words")

    @pytest.mark.parametrize("text", ["", "sm", "a b", "zzz", "'; drop table", "&|!"])
    def test_finds_nothing_in_too_little(self, text: str) -> None:
        opened()

        assert queries.search(text=text) == []

    def test_puts_whole_words_first(self) -> None:
        opened("Ann Smithson")
        opened("Zoe Smith")

        assert [found.name for found in queries.search(text="smith")] == [
            "Zoe Smith",
            "Ann Smithson",
        ]


class TestSound:
    @pytest.mark.parametrize(
        ("word", "heard"),
        [("robert", "0r163"), ("rupert", "0r163"), ("ashcraft", "0a261"), ("tymczak", "0t522")],
    )
    def test_is_the_american_soundex(self, word: str, heard: str) -> None:
        assert calculations.sound(word) == heard


class TestLoadPopulation:
    def test_opens_many_that_are_found(self) -> None:
        names = ["Ana Ruiz", "Bo Lee", "Cy Oh"]
        with transactions.started():
            loaded = loading.load_population(
                population=loading.Population(
                    name=bulk_copy.texts_of(names),
                    sort_name=bulk_copy.texts_of(names),
                    phone=bulk_copy.texts_of(["", "", "555-0100"]),
                    house_number=bulk_copy.texts_of(["1", "22", "333"]),
                    street=bulk_copy.texts_of(["Elm Street", "Elm Street", "Oak"]),
                    unit=bulk_copy.texts_of(["", "Unit 4", ""]),
                    city=bulk_copy.Constant(MAILING.city),
                    state=bulk_copy.Constant(MAILING.state),
                    zip=bulk_copy.Constant(MAILING.zip),
                    opened_on=np.full(3, 20_000, dtype=np.int64),
                    is_inside_city=np.array([True, False, True]),
                    speaks_spanish=np.array([True, False, False]),
                ),
                at=AT,
            )

        header = queries.account(account_id=int(loaded.account_ids[1]), as_of=DAY)
        assert header.mailing_lines == ("22 Elm Street", "Unit 4", "Spring FL 00001")
        assert [found.name for found in queries.search(text="ruiz elm")] == ["Ana Ruiz"]
