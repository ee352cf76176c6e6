"""Numbers of parties: sealed, found exactly, shown whole only against a reason that is kept."""

from __future__ import annotations

import datetime
import pathlib
import threading
from typing import Any

import pytest
from django.db import connection

from fisc.domain.accounts import operations as accounts
from fisc.domain.party_identifiers import calculations, choices, models, operations, queries
from fisc.plumbing import sealed_values, transactions
from fisc.plumbing.action_log import queries as action_log
from tests import databases
from tests.factories import users

AT = datetime.datetime(2026, 3, 10, 16, 0, tzinfo=datetime.UTC)
SSN = queries.Given(choices.Kind.SSN, "123-45-6789")


@pytest.fixture(autouse=True)
def _keys(tmp_path: pathlib.Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(sealed_values.SETTING, raising=False)
    settings.FISC_HOME = tmp_path


def party(name: str = "Ana Ruiz") -> int:
    with transactions.started():
        return accounts.add_party(name=name, at=AT)


def added(party_id: int, given: queries.Given = SSN, **told: Any) -> int:
    with transactions.started():
        return operations.add_identifier(
            party_id=party_id, given=given, at=AT, user_id=None, **told
        )


@pytest.mark.django_db
class TestANumber:
    def test_is_nowhere_in_the_database_but_its_end(self) -> None:
        identifier_id = added(party())

        with connection.cursor() as cursor:
            cursor.execute(
                "select kept::text from party_identifiers_identifier kept where id = %s",
                [identifier_id],
            )
            told = str(cursor.fetchone())
            cursor.execute("select action::text from action_log_action action")
            told += str(cursor.fetchall())

        assert "6789" in told
        for part in ("123456789", "123-45", "3456789", b"123456789".hex()):
            assert part not in told

    def test_is_shown_masked(self) -> None:
        party_id = party()
        added(party_id)
        other = queries.Given(choices.Kind.OTHER, "az-21004567", issuer="Arizona ADOR")
        added(party_id, other)

        found = queries.identifiers_of(party_ids=[party_id])

        assert [(each.kind, each.issuer, each.masked) for each in found] == [
            ("SSN", "", "•••-••-6789"),
            ("other", "Arizona ADOR", "••••4567"),
        ]

    def test_finds_its_party_however_it_is_written(self) -> None:
        party_id = party()
        added(party_id)

        assert queries.parties_with(queries.Given(choices.Kind.SSN, "123 45 6789")) == [party_id]
        assert queries.parties_with(queries.Given(choices.Kind.EIN, "12-3456789")) == []
        assert queries.parties_found_by("123-45-6789") == [party_id]
        assert queries.parties_found_by("Ruiz") == []

    def test_of_an_issuer_is_compared_with_that_issuers(self) -> None:
        party_id = party()
        added(party_id, queries.Given(choices.Kind.OTHER, "21004567", issuer="Arizona  ADOR"))

        for issuer, found in (("arizona ador", [party_id]), ("Nevada", [])):
            given = queries.Given(choices.Kind.OTHER, "2100-4567", issuer=issuer)
            assert queries.parties_with(given) == found

    @pytest.mark.parametrize(
        "given",
        [
            queries.Given(choices.Kind.OTHER, "21004567"),
            queries.Given(choices.Kind.OTHER, "21004567", issuer="x" * 101),
            queries.Given(choices.Kind.EIN, "12-3456789", issuer="IRS"),
            queries.Given(choices.Kind.EIN, "1"),
        ],
    )
    def test_that_is_none_is_refused(self, given: queries.Given) -> None:
        with pytest.raises(calculations.IdentifierIsWrong):
            added(party(), given)

    def test_of_another_party_is_refused_until_a_person_says_that_both_have_it(self) -> None:
        first, second = party(), party("Ana R. Ruiz")
        added(first)

        with pytest.raises(operations.HeldByAnother, match=str(first)) as refused:
            added(second)
        added(second, may_share=refused.value.party_ids)

        assert queries.parties_with(SSN) == [first, second]

    def test_is_recorded_of_a_party_once(self) -> None:
        party_id = party()
        added(party_id)

        with pytest.raises(operations.RecordedAlready):
            added(party_id)

    def test_that_ended_is_nobodys_and_can_come_again(self) -> None:
        user = users.person("kim")
        party_id = party()
        identifier_id = added(party_id)
        with transactions.started():
            operations.end_identifier(
                identifier_id=identifier_id, why="Of a brother.", user_id=user, at=AT
            )

        assert queries.parties_with(SSN) == []
        assert queries.identifiers_of(party_ids=[party_id]) == []
        with pytest.raises(queries.NoSuchIdentifier), transactions.started():
            operations.end_identifier(identifier_id=identifier_id, why="x", user_id=user, at=AT)
        assert added(party_id) != identifier_id


@pytest.mark.django_db
class TestTheWholeNumber:
    def test_is_shown_against_a_reason_that_is_kept(self) -> None:
        user = users.person("kim")
        identifier_id = added(party())

        with transactions.started():
            whole = operations.show_whole(
                identifier_id=identifier_id, why="Asked by the IRS.", user_id=user, at=AT
            )

        seen = action_log.latest(
            user_id=user,
            verb="see whole",
            subject_kind=operations.SUBJECT,
            subject_id=identifier_id,
        )
        assert whole == "123-45-6789"
        assert seen is not None
        assert (seen.why, seen.detail["shown"]) == ("Asked by the IRS.", "•••-••-6789")

    def test_needs_a_reason(self) -> None:
        identifier_id = added(party())

        with pytest.raises(operations.NothingSaid), transactions.started():
            operations.show_whole(
                identifier_id=identifier_id, why=" ", user_id=users.person("kim"), at=AT
            )

    def test_of_another_row_does_not_open(self) -> None:
        first = added(party())
        second = added(party("Bo"), queries.Given(choices.Kind.SSN, "234-56-7890"))
        rows = models.Identifier.objects
        rows.filter(pk=second).update(sealed=rows.get(pk=first).sealed)

        with pytest.raises(sealed_values.DoesNotOpen), transactions.started():
            operations.show_whole(identifier_id=second, why="x", user_id=users.person("kim"), at=AT)


@pytest.mark.django_db
class TestKeys:
    def test_are_followed_and_every_number_sealed_anew(self, tmp_path: pathlib.Path) -> None:
        ids = [
            added(party(), queries.Given(choices.Kind.SSN, f"123-45-678{each}")) for each in (1, 2)
        ]
        sealed_values.follow(home=tmp_path)

        with transactions.started():
            counts = [operations.seal_anew(limit=1) for _ in range(3)]

        assert counts == [1, 1, 0]
        assert set(models.Identifier.objects.values_list("key_version", flat=True)) == {2}
        assert queries.parties_found_by("123-45-6781") != []
        with transactions.started():
            whole = operations.show_whole(
                identifier_id=ids[1], why="x", user_id=users.person("kim"), at=AT
            )
        assert whole == "123-45-6782"

    def test_that_are_another_citys_find_nothing_silently(self, tmp_path: pathlib.Path) -> None:
        added(party())
        (tmp_path / sealed_values.FILE_NAME).unlink()

        with pytest.raises(queries.IndexKeyIsAnother, match="keys of the backup"):
            queries.parties_with(SSN)
        with pytest.raises(queries.IndexKeyIsAnother):
            added(party("Bo"))


class TestTwoPeople:
    def test_who_enter_one_number_at_once_enter_it_once(
        self, city_database: databases.CityDatabase
    ) -> None:
        assert city_database.name
        both = [party(), party("Bo")]
        together = threading.Barrier(2)
        refused: list[Exception] = []

        def enter(party_id: int) -> None:
            together.wait()
            try:
                added(party_id)
            except operations.HeldByAnother as problem:
                refused.append(problem)
            finally:
                connection.close()

        threads = [threading.Thread(target=enter, args=[each]) for each in both]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

        assert len(refused) == 1
        assert len(queries.parties_with(SSN)) == 1
