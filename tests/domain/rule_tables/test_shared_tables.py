"""Tables that several books import: which version of them counts when, and what follows them."""

from __future__ import annotations

import datetime

import pytest

from fisc.basics import periods
from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.operations import versions as operations
from fisc.domain.rule_tables.queries import drafts as reading
from fisc.domain.rule_tables.queries import versions as queries
from fisc.plumbing import transactions
from tests.factories import shared_tables, tables

DAY = datetime.date
JANUARY = DAY(2026, 1, 1)
OCTOBER = DAY(2026, 10, 1)
OCTOBER_DAY = DAY(2026, 10, 15)
SEPTEMBER_DAY = DAY(2026, 9, 30)

pytestmark = pytest.mark.usefixtures("db")


def at(month: int, day: int, year: int = 2026) -> datetime.datetime:
    return datetime.datetime(year, month, day, 12, tzinfo=datetime.UTC)


def governing(known_at: datetime.datetime, day: datetime.date) -> queries.LoadedVersion:
    return queries.in_force(tables.LATE_CHARGE, day=day, known_at=known_at)


def charge(known_at: datetime.datetime, day: datetime.date = OCTOBER_DAY) -> str:
    """What a hundred dollars past due cost, by what was known then."""
    return str(governing(known_at, day).tables.answers({"past_due": 100})["Late charge"])


def roll_back(version_id: int, when: datetime.datetime) -> None:
    with transactions.started():
        operations.roll_back(version_id=version_id, by="Grace", reason="vetoed", at=when)


class TestInForce:
    def test_a_retroactive_change_of_a_shared_table_rolled_back_has_three_right_answers(
        self,
    ) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        first = shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        adopted = shared_tables.fees("0.15", approved_at=at(11, 20), effective_from=OCTOBER)
        roll_back(adopted, at(11, 25))

        assert [charge(at(11, each)) for each in (10, 22, 26)] == ["10.00", "15.00", "10.00"]
        # September was never touched.
        assert charge(at(11, 22), SEPTEMBER_DAY) == "10.00"
        known = [governing(at(11, each), OCTOBER_DAY).version_id for each in (10, 22, 26)]
        assert known[0] == known[2] == first
        assert known[1] != first
        assert models.Version.objects.get(id=known[1]).status == "superseded"
        assert models.Version.objects.get(id=first).status == "approved"

    def test_what_is_issued_anew_names_its_shared_version_and_who_answers_for_it(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        first = shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        second = shared_tables.fees("0.15", approved_at=at(9, 1), effective_from=OCTOBER)

        issued = governing(at(11, 1), OCTOBER_DAY)

        row = models.Version.objects.get(id=issued.version_id)
        assert [each.version_id for each in issued.imported] == [second]
        assert row.reissue_of_id == first
        assert row.reason == "Version 1 with “Fees” version 2: An ordinance"
        assert (row.author, row.approver) == ("Ada", "Grace")
        assert reading.case_results(row.id).passed == 1  # type: ignore[union-attr]
        assert governing(at(11, 1), SEPTEMBER_DAY).version_id == first

    def test_an_importer_of_days_with_several_shared_versions_computes_with_each(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        shared_tables.fees("0.15", approved_at=at(2, 1), effective_from=OCTOBER)
        first = shared_tables.late_charge(approved_at=at(3, 1), effective_from=JANUARY)

        assert charge(at(4, 1), SEPTEMBER_DAY) == "10.00"
        assert charge(at(4, 1), OCTOBER_DAY) == "15.00"
        # Rolled back, both pieces of it are gone.
        roll_back(first, at(5, 1))
        with pytest.raises(queries.NoVersionForDate):
            charge(at(6, 1))

    def test_rolling_back_an_importer_gives_the_earlier_one_the_shared_table_of_now(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        first = shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        doubled = shared_tables.late_charge(
            approved_at=at(2, 1),
            effective_from=JANUARY,
            formula="round half up(2 * fees.Share * past_due, 2)",
            sheet=b"case,past_due,Late charge\nA thousand,1000,100.00\n",
        )
        shared_tables.fees("0.15", approved_at=at(3, 1), effective_from=JANUARY)
        assert charge(at(3, 2)) == "30.00"

        roll_back(doubled, at(4, 1))

        assert charge(at(4, 2)) == "15.00"
        assert models.Version.objects.get(id=first).status == "approved"
        assert models.Version.objects.get(id=doubled).status == "superseded"
        # What was known before stays known.
        assert [charge(at(month, 15)) for month in (1, 2, 3)] == ["10.00", "20.00", "30.00"]

    def test_what_was_issued_anew_is_rolled_back_by_what_brought_it_about(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        shared_tables.fees("0.15", approved_at=at(3, 1), effective_from=JANUARY)

        with pytest.raises(operations.NotApprovable, match=r"version 1 with newer shared tables"):
            roll_back(governing(at(3, 2), OCTOBER_DAY).version_id, at(4, 1))

    def test_a_shared_table_that_another_rests_on_is_not_rolled_back(self) -> None:
        only = shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)

        with pytest.raises(operations.NotApprovable, match=r"“shared.fees”.*governs 2026-01-01"):
            roll_back(only, at(2, 1))

        assert charge(at(2, 2)) == "10.00"

    def test_an_importer_of_days_without_the_shared_table_is_refused(self) -> None:
        with pytest.raises(operations.VersionDoesNotFit, match=r"no version of that shared book"):
            shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        shared_tables.fees(
            "0.10", approved_at=at(1, 5), effective_from=JANUARY, effective_before=OCTOBER
        )
        with pytest.raises(operations.NotApprovable, match=r"governs 2026-10-01"):
            shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)

    def test_a_table_shared_through_another_follows_too(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        self.middle(at(1, 6))
        shared_tables.approved(
            shared_tables.late_charge_file("round half up(fees.Double * past_due, 2)")
            .replace(shared_tables.NAMESPACE.encode(), b"https://fisc.example/tests/shared.double")
            .replace(b"#d_share", b"#d_double"),
            b"case,past_due,Late charge\nA thousand,1000,100.00\n",
            book="Late charge",
            decision_point=tables.LATE_CHARGE,
            approved_at=at(1, 7),
            effective_from=JANUARY,
        )
        assert charge(at(2, 1)) == "20.00"

        shared_tables.fees("0.15", approved_at=at(3, 1), effective_from=OCTOBER)

        issued = governing(at(3, 2), OCTOBER_DAY)
        assert charge(at(3, 2)) == "30.00"
        assert {each.book: each.number for each in issued.imported} == {"Fees": 2, "Double": 2}
        assert charge(at(3, 2), SEPTEMBER_DAY) == "20.00"

    def middle(self, when: datetime.datetime) -> None:
        head = shared_tables.HEAD % ("m", "Double", "https://fisc.example/tests/shared.double")
        shared_tables.approved(
            f"""{head}
  <import id="m1" name="base" namespace="{shared_tables.NAMESPACE}"
      importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>
  <decision id="d_double" name="Double">
    <variable id="v" name="Double" typeRef="number"/>
    <informationRequirement id="r"><requiredDecision href="{shared_tables.NAMESPACE}#d_share"/>
    </informationRequirement>
    <literalExpression id="e"><text>2 * base.Share</text></literalExpression>
  </decision>
</definitions>""".encode(),
            b"case,past_due,Double\nA thousand,1000,0.10\n",
            book="Double",
            decision_point="shared.double",
            approved_at=when,
            effective_from=JANUARY,
        )


class Stopped(Exception):
    """The work ends before it is kept."""


class TestFollowing:
    def test_a_case_of_an_importer_that_does_not_come_out_stops_the_shared_table(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        shared_tables.late_charge(
            approved_at=at(1, 6),
            effective_from=JANUARY,
            sheet=b"case,past_due,Late charge\nA hundred,100,10.00\n",
        )

        with pytest.raises(
            operations.VersionDoesNotFit,
            match=r"“Late charge” version 1, which imports it: A hundred: Late charge is 15.00",
        ):
            shared_tables.fees("0.15", approved_at=at(9, 1), effective_from=OCTOBER)

    def test_so_does_a_decision_that_an_importer_needs_and_that_is_gone(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)

        with pytest.raises(operations.VersionDoesNotFit, match=r"which imports it.*d_share"):
            shared_tables.approved(
                shared_tables.fees_file("0.15").replace(b"d_share", b"d_rate"),
                shared_tables.fees_sheet("0.15"),
                book="Fees",
                decision_point=shared_tables.FEES,
                approved_at=at(9, 1),
                effective_from=OCTOBER,
            )

    def test_an_importer_approved_meanwhile_is_asked_at_the_approval(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        waiting = self.waiting(at(2, 1))
        shared_tables.late_charge(
            approved_at=at(2, 2),
            effective_from=JANUARY,
            sheet=b"case,past_due,Late charge\nA hundred,100,10.00\n",
        )

        with pytest.raises(operations.NotApprovable, match=r"Cases of “Late charge”.*15.00"):
            self.approve(waiting, at(2, 3))

        assert charge(at(2, 4)) == "10.00"
        assert models.Version.objects.filter(reissue_of__isnull=False).count() == 0
        assert models.Version.objects.get(id=waiting).status == "in test"

    def approve_and_stop(self, version_id: int, when: datetime.datetime, *, issued: int) -> None:
        with transactions.started():
            operations.approve(version_id=version_id, approver="Grace", at=when)
            assert models.Version.objects.count() == issued
            raise Stopped

    def waiting(self, when: datetime.datetime) -> int:
        with transactions.started():
            version_id = operations.draft(
                of=operations.Draft(
                    book="Fees",
                    decision_point=shared_tables.FEES,
                    file_name="fees.dmn",
                    content=shared_tables.fees_file("0.15"),
                    effective=periods.Period(starts_on=OCTOBER),
                    author="Ada",
                    reason="An ordinance",
                    citation="Ordinance 12",
                    case_sheet=shared_tables.fees_sheet("0.15"),
                ),
                at=when,
            )
            operations.put_in_test(version_id=version_id, at=when)
        return version_id

    def approve(self, version_id: int, when: datetime.datetime) -> None:
        with transactions.started():
            operations.approve(version_id=version_id, approver="Grace", at=when)

    def test_the_same_approval_asked_again_changes_nothing(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        second = shared_tables.fees("0.15", approved_at=at(9, 1), effective_from=OCTOBER)
        before = list(models.Standing.objects.order_by("id").values_list("id", "version_id"))

        with pytest.raises(operations.NotApprovable, match="only one in test"):
            self.approve(second, at(9, 2))

        after = list(models.Standing.objects.order_by("id").values_list("id", "version_id"))
        assert after == before
        assert models.Version.objects.filter(reissue_of__isnull=False).count() == 1

    def test_an_approval_that_fails_halfway_leaves_nothing(self) -> None:
        shared_tables.fees("0.10", approved_at=at(1, 5), effective_from=JANUARY)
        shared_tables.late_charge(approved_at=at(1, 6), effective_from=JANUARY)
        waiting = self.waiting(at(2, 1))
        counted = (models.Version.objects.count(), models.Standing.objects.count())

        with pytest.raises(Stopped):
            self.approve_and_stop(waiting, at(9, 1), issued=counted[0] + 1)

        assert (models.Version.objects.count(), models.Standing.objects.count()) == counted
        assert charge(at(9, 2)) == "10.00"
