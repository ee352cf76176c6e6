"""What an auditor adds to a case: schedules and files, waivers of limitation, records."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from fisc.domain.tax_audits.calculations import schedules as sums
from fisc.domain.tax_audits.operations import keeping, proposing, selecting, working
from fisc.domain.tax_audits.queries import assessing, cases, schedules
from fisc.domain.tax_returns.queries import limitation
from fisc.plumbing.users import choices as groups
from tests.factories import audits, tax_returns
from tests.factories.audits import AUDITED, JULY, by

D = datetime.date

pytestmark = pytest.mark.usefixtures("tax_city")


class TestSchedules:
    def test_a_file_is_taken_whole(self) -> None:
        auditor_id = audits.auditor()
        case_id = audits.engaged(audits.paid_filer(), auditor_id)
        content = (
            b"period,region,class,figure,found,note,evidence\n"
            b'2026-07-01,MS,11,gross,"8,000.00",register tapes,box 3\n'
            b"2026-07-01,MS,17,gross,100,unreported shop,box 4\n"
        )

        new = working.import_schedule(case_id=case_id, content=content, by=by(auditor_id))
        again = working.import_schedule(case_id=case_id, content=content, by=by(auditor_id))

        assert (new, again) == (2, 0)
        assert [(each.reported_cents, each.found_cents) for each in schedules.lines(case_id)] == [
            (500_000, 800_000),
            (0, 10_000),
        ]

    def test_a_file_says_every_error_at_once_and_keeps_nothing(self) -> None:
        auditor_id = audits.auditor()
        case_id = audits.engaged(audits.paid_filer(), auditor_id)
        content = (
            b"period,region,class,figure,found,note,evidence\n"
            b"July,MS,11,gross,abc,,\n"
            b"2026-06-01,XX,99,nope,5,,\n"
            b"2026-07-01,MS,11,gross,1,,\n"
            b"2026-07-01,MS,11,gross,2,,\n"
            b"2026-07-01,MS,11\n"
        )

        with pytest.raises(sums.ScheduleIsWrong) as refused:
            working.import_schedule(case_id=case_id, content=content, by=by(auditor_id))

        said = " ".join(refused.value.problems)
        for words in ("“July”", "“abc”", "2026-06-01 is not under audit", "“XX”", "“99”", "“nope”",
                      "Row 5: the same figure", "Row 6: it does not have 7 cells"):  # fmt: skip
            assert words in said
        assert schedules.lines(case_id) == []

    def test_a_paper_of_somebody_else_is_no_evidence(self) -> None:
        auditor_id = audits.auditor()
        case_id = audits.engaged(audits.paid_filer(), auditor_id)
        entry = dataclasses.replace(audits.found(800_000), paper_id=999_999)

        with pytest.raises(sums.ScheduleIsWrong, match="Paper 999999 is none of this"):
            working.enter_schedule(case_id=case_id, entries=[entry], by=by(auditor_id))

    @pytest.mark.parametrize(
        "content", [b"\xff\xfe", b"a,b\n1,2\n", b"period,region,class,figure,found,note,evidence\n"]
    )
    def test_a_file_that_is_none_is_refused(self, content: bytes) -> None:
        with pytest.raises(sums.ScheduleIsWrong):
            sums.read(content, codes=sums.Codes((), (), (), ()))


class TestLimitation:
    def case_of_old(self) -> tuple[int, int, D]:
        account_id, auditor_id = audits.paid_filer(), audits.auditor()
        return audits.engaged(account_id, auditor_id), auditor_id, D(2030, 8, 21)

    def test_a_period_beyond_it_is_not_assessed_and_it_is_said_why(self) -> None:
        case_id, auditor_id, late = self.case_of_old()
        entries = [audits.found(800_000)]
        working.enter_schedule(case_id=case_id, entries=entries, by=by(auditor_id, on=late))

        with pytest.raises(keeping.CannotAudit, match="until 2030-08-20, and no waiver"):
            proposing.propose(case_id=case_id, cause="NONE", by=by(auditor_id, on=late))

    def test_a_waiver_that_was_signed_in_time_extends_it(self) -> None:
        case_id, auditor_id, late = self.case_of_old()
        waived = working.Waived(
            case_id=case_id, signed_by="Ana Ruiz, owner", signed_on=D(2030, 8, 20),
            extends_to=D(2031, 2, 28), periods=[JULY],
        )  # fmt: skip

        working.waive_limitation(waived, by=by(auditor_id, on=late))
        working.waive_limitation(waived, by=by(auditor_id, on=late))
        entries = [audits.found(800_000)]
        working.enter_schedule(case_id=case_id, entries=entries, by=by(auditor_id, on=late))
        proposing.propose(case_id=case_id, cause="NONE", by=by(auditor_id, on=late))

        (period,) = assessing.newest(case_id).periods  # type: ignore[union-attr]
        assert period.limited_on == D(2031, 2, 28)
        account_id = cases.case(case_id).account_id
        assert limitation.agreed_through(account_id, starts_on=JULY) == D(2031, 2, 28)
        assert len(schedules.waivers(cases.case(case_id).account_id)) == 1
        with pytest.raises(keeping.CannotAudit, match="until 2031-02-28"):
            proposing.approve(case_id=case_id, by=by(audits.supervisor(), on=D(2031, 3, 1)))

    def test_one_that_was_signed_too_late_revives_nothing(self) -> None:
        case_id, auditor_id, late = self.case_of_old()

        with pytest.raises(keeping.CannotAudit, match="came too late and revives nothing"):
            working.waive_limitation(
                working.Waived(
                    case_id=case_id, signed_by="Ana", signed_on=late,
                    extends_to=D(2031, 2, 28), periods=[JULY],
                ),
                by=by(auditor_id, on=late),
            )  # fmt: skip


class TestSelecting:
    def test_asked_twice_opens_one(self) -> None:
        account_id, auditor_id = audits.paid_filer(), audits.auditor()
        of = selecting.Selected(
            account_id=account_id, auditor_id=auditor_id, first=JULY, before=D(2026, 8, 1)
        )

        first = selecting.select(of, key="once", by=by(auditor_id, why="x"))

        assert selecting.select(of, key="once", by=by(auditor_id, why="x")) == first

    def test_everything_that_is_wrong_is_said_at_once(self) -> None:
        account_id = audits.paid_filer()
        nobody = audits.person("carl", groups.GroupName.CASHIER)
        of = selecting.Selected(
            account_id=account_id, auditor_id=nobody, first=D(2020, 1, 1), before=D(2020, 2, 1)
        )

        with pytest.raises(keeping.CannotAudit) as refused:
            selecting.select(of, key="wrong", by=by(nobody))

        assert len(refused.value.problems) == 3

    def test_a_period_without_a_return_is_said(self) -> None:
        account_id, auditor_id = tax_returns.filer(), audits.auditor()
        case_id = audits.engaged(account_id, auditor_id)

        with pytest.raises(keeping.CannotAudit, match="No return of the period from 2026-07-01"):
            proposing.propose(case_id=case_id, cause="NONE", by=by(auditor_id))


class TestRecords:
    def test_are_asked_for_and_come(self) -> None:
        auditor_id = audits.auditor()
        case_id = audits.engaged(audits.paid_filer(), auditor_id)
        request_id = working.ask_for_records(
            case_id=case_id, words="Register tapes of July", due_on=D(2026, 10, 20),
            by=by(auditor_id),
        )  # fmt: skip

        for _ in range(2):
            working.records_came(
                case_id=case_id, request_id=request_id, received_on=D(2026, 10, 12),
                is_refused=False, by=by(auditor_id, on=D(2026, 10, 12)),
            )  # fmt: skip

        (record,) = schedules.records(case_id)
        assert (record.asked_on, record.received_on) == (AUDITED, D(2026, 10, 12))
