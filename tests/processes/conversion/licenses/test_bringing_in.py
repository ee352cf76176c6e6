"""Licenses of another system brought in as a whole, and taken out again as a whole."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from django.db import connection, utils
from pytest_django import plugin

from fisc.domain.licensing.operations import changing, keeping
from fisc.domain.licensing.queries import businesses, finding, licenses
from fisc.domain.party_identifiers import choices
from fisc.domain.party_identifiers import queries as identifiers
from fisc.plumbing import transactions
from fisc.plumbing.postgres import passwords
from fisc.processes.conversion.licenses import operations, queries, totals
from tests import databases
from tests.factories import old_licenses, tax_returns, users
from tests.factories.tax_returns import AT

ON = datetime.date(2026, 10, 3)
BY = operations.By(user_id=None, at=AT, why="moving in")
TABLES = (
    "accounts_party", "accounts_account", "accounts_premise", "accounts_role",
    "accounts_search_document", "licensing_business", "licensing_business_name",
    "licensing_business_words", "licensing_location", "licensing_activity",
    "licensing_application", "licensing_license", "licensing_license_event",
    "party_identifiers_identifier",
)  # fmt: skip


@pytest.fixture(autouse=True)
def city(
    database_server: passwords.Addresses,
    migrated_template: str,
    django_db_blocker: plugin.DjangoDbBlocker,
) -> Iterator[None]:
    """A copy of the city for each test: what is counted is what the test brought in."""
    assert migrated_template
    with django_db_blocker.unblock():
        template = databases.build_template(
            addresses=database_server,
            kind="tax_returns",
            fingerprint=databases.fingerprint_of_migrations()
            + databases.fingerprint_of_folder(tax_returns.CITY),
            fill=tax_returns.city,
        )
        with databases.clone(addresses=database_server, template=template):
            yield


def planned(*changes: dict[str, str]) -> queries.Plan:
    return queries.plan(
        old_licenses.file(*changes),
        file_name="old.csv",
        of=queries.mapping(old_licenses.MAPPING),
        day=ON,
    )


def brought(plan: queries.Plan, *, leaves_out: bool = False, **said: int) -> queries.Brought:
    return operations.bring_in(
        plan, said=totals.Said(**said), leaves_out_refused=leaves_out, on=ON, by=BY
    )


def counted() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"select count(*) from {table}")
            found[table] = cursor.fetchone()[0]
    return found


TWO_OF_ONE: tuple[dict[str, str], ...] = (
    {},
    {"LIC_NO": "98-0002", "LIC_TYPE": "2HND", "HOUSE_NO": "14", "UNITS": "", "STATUS": "S"},
    {"LIC_NO": "98-0003", "OWNER_NAME": "Another Ltd", "DBA": "", "FEIN": "98-7654321",
     "HOUSE_NO": "99", "STATUS": "X", "GROSS": "1000.00", "TERM_FROM": "01/01/2025",
     "EXPIRES": "12/31/2025"},
)  # fmt: skip


class TestBringIn:
    def test_businesses_are_made_once_with_their_licenses(self) -> None:
        before = counted()

        done = brought(planned(*TWO_OF_ONE), rows=3, gross_receipts_cents=100_000)

        assert (done.taken, done.refused) == (3, ())
        after = counted()
        assert after["licensing_business"] - before["licensing_business"] == 2
        assert after["licensing_location"] - before["licensing_location"] == 3
        (license_id,) = queries.licenses_of("98-0002")
        found = licenses.license_of(license_id)
        assert (found.status, found.number, found.business_name) == (
            "suspended", 1, "Desert Auctions LLC",
        )  # fmt: skip
        one = businesses.business(business_id=found.business_id, as_of=ON)
        assert (one.trade_name, len(one.addresses), len(one.activities)) == ("Sold!", 2, 1)
        assert identifiers.parties_with(identifiers.Given(choices.Kind.EIN, "123456789")) == [
            found.business_id
        ]
        assert [each.business_id for each in finding.search(text="desert auctions")] == [
            found.business_id
        ]

    def test_a_converted_license_tells_whether_it_is_valid(self) -> None:
        brought(planned(*TWO_OF_ONE))
        valid = {
            reference: licenses.is_valid_on(
                licenses.license_of(queries.licenses_of(reference)[0]).public_code, ON
            )
            for reference in ("98-0001", "98-0002", "98-0003")
        }

        assert {key: found.is_valid for key, found in valid.items()} == {
            "98-0001": True, "98-0002": False, "98-0003": False,
        }  # fmt: skip

    def test_numbers_go_on_without_a_gap(self) -> None:
        brought(planned({}, {"LIC_NO": "98-0009"}))
        brought(planned({"LIC_NO": "98-0010", "OWNER_NAME": "Third", "DBA": "", "FEIN": "",
                         "HOUSE_NO": "3"}))  # fmt: skip

        numbers = [
            licenses.license_of(queries.licenses_of(each)[0]).number
            for each in ("98-0001", "98-0009", "98-0010")
        ]
        assert numbers == [1, 2, 3]

    def test_refused_rows_keep_all_out_until_somebody_leaves_them_out(self) -> None:
        plan = planned({}, {"LIC_NO": "98-0002", "FEIN": "00-0000000"})
        before = counted()

        with pytest.raises(operations.RowsAreRefused, match="1 of 2"):
            brought(plan)
        assert counted() == before
        done = brought(plan, leaves_out=True)

        assert (done.taken, [each.line for each in done.refused]) == (1, [3])

    def test_what_the_sender_counted_must_agree(self) -> None:
        with pytest.raises(totals.TotalsDiffer, match="3 rows, the sender counted 4"):
            brought(planned(*TWO_OF_ONE), rows=4)

    def test_a_file_stands_once(self) -> None:
        brought(planned(*TWO_OF_ONE))

        assert {each.line for each in planned(*TWO_OF_ONE).refused} == {2, 3, 4}
        with pytest.raises(operations.StandsAlready, match="byte for byte"):
            brought(planned(*TWO_OF_ONE), leaves_out=True)

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"LIC_NO": "98-0002"}, "tax id already"),
            ({"LIC_NO": "98-0002", "FEIN": ""}, "name and address already"),
            ({"FEIN": "", "OWNER_NAME": "New", "DBA": ""}, "came with an earlier file"),
        ],
    )
    def test_what_is_known_is_said(self, changed: dict[str, str], words: str) -> None:
        brought(planned({}))

        (refused,) = planned(changed).refused

        assert words in " ".join(refused.reasons)

    def test_one_number_twice_in_a_file_is_refused_both_times(self) -> None:
        plan = planned({}, {"OWNER_NAME": "Other"})

        assert [each.line for each in plan.refused] == [2, 3]


class TestUndo:
    def test_it_is_as_if_the_file_had_not_come(self) -> None:
        before = counted()
        first = brought(planned(*TWO_OF_ONE))

        undone = operations.undo(first.batch_id, by=BY)

        assert counted() == before
        assert undone.undone_why == "moving in"
        again = brought(planned(*TWO_OF_ONE))
        (license_id,) = queries.licenses_of("98-0001")
        assert (again.taken, licenses.license_of(license_id).number) == (3, 1)

    def test_what_rests_on_it_keeps_it(self) -> None:
        first = brought(planned(*TWO_OF_ONE))
        (license_id,) = queries.licenses_of("98-0001")
        later = AT + datetime.timedelta(hours=1)
        changing.suspend(license_id, on=ON, by=keeping.By(user_id=None, at=later, why="no fee"))
        before = counted()

        with pytest.raises(operations.CannotBeUndone, match="license 1 something was recorded"):
            operations.undo(first.batch_id, by=BY)

        assert counted() == before
        assert queries.brought_in(first.batch_id).undone_at is None

    def test_a_later_number_of_a_type_keeps_it(self) -> None:
        first = brought(planned({}))
        brought(planned({"LIC_NO": "98-0010", "OWNER_NAME": "Third", "DBA": "", "FEIN": "",
                         "HOUSE_NO": "3"}))  # fmt: skip

        with pytest.raises(operations.CannotBeUndone, match="license 2"):
            operations.undo(first.batch_id, by=BY)

    def test_who_brought_it_in_does_not_take_it_out(self) -> None:
        maker, other = users.person("maker"), users.person("other")
        mine = operations.By(user_id=maker, at=AT, why="moving in")
        first = operations.bring_in(
            planned({}), said=totals.Said(), leaves_out_refused=False, on=ON, by=mine
        )

        for by in (mine, BY):
            with pytest.raises(operations.UndoneByItsMaker, match="another person"):
                operations.undo(first.batch_id, by=by)

        undone = operations.undo(
            first.batch_id, by=operations.By(user_id=other, at=AT, why="a wrong file")
        )
        assert (undone.made_by_id, undone.undone_by_id) == (maker, other)

    def test_it_is_undone_once(self) -> None:
        first = brought(planned({}))
        operations.undo(first.batch_id, by=BY)

        with pytest.raises(operations.CannotBeUndone, match="undone before"):
            operations.undo(first.batch_id, by=BY)

    def test_nothing_else_removes_a_license(self) -> None:
        brought(planned({}))

        with (
            pytest.raises(utils.DatabaseError),
            transactions.started(by="a test"),
            connection.cursor() as cursor,
        ):
            cursor.execute("delete from licensing_license_event")
