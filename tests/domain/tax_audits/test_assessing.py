"""From selection to a final assessment: states, schedules, figures by hand, two people."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection, utils

from fisc.domain.receivables import queries as receivables
from fisc.domain.tax_audits import choices, models
from fisc.domain.tax_audits.calculations import schedules as sums
from fisc.domain.tax_audits.operations import keeping, posting, proposing, selecting, working
from fisc.domain.tax_audits.queries import assessing, cases, schedules
from fisc.domain.tax_returns import choices as tax_choices
from fisc.domain.tax_returns import explaining
from fisc.domain.tax_returns.operations import payoffs, reckoning
from fisc.domain.tax_returns.queries import postings, returns
from fisc.plumbing import transactions
from tests.domain.tax_returns.operations import test_posting as books
from tests.factories import audits, tax_returns
from tests.factories.audits import AUDITED, JULY, by

D = datetime.date
Part = tax_choices.Part

pytestmark = pytest.mark.usefixtures("tax_city")


def amounts(account_id: int) -> dict[int, int]:
    return books.amounts(account_id)


def proposed(account_id: int, *entries: sums.Entry, cause: str = "NONE") -> tuple[int, int]:
    auditor_id = audits.auditor()
    case_id = audits.engaged(account_id, auditor_id)
    working.enter_schedule(case_id=case_id, entries=entries, by=by(auditor_id))
    proposing.propose(case_id=case_id, cause=cause, by=by(auditor_id))
    return case_id, auditor_id


class TestFigures:
    def test_what_was_found_is_taxed_by_the_periods_rate_with_its_lateness(self) -> None:
        account_id = audits.paid_filer()

        case_id, _ = proposed(account_id, audits.found(800_000), cause="NEGLIGENCE")

        # 1.8% of 8,000 is 144.00, and 90.00 was filed. Two months begun by 5 October: 10% to pay
        # late and 2% of interest of the 54.00; 10% for negligence.
        assessment = assessing.newest(case_id)
        assert assessment is not None
        (period,) = assessment.periods
        assert (period.filed_cents, period.found_cents, period.tax_cents) == (9_000, 14_400, 5_400)
        assert (period.penalty_cents, period.interest_cents) == (540, 108)
        assert period.civil_cents == 540
        assert assessment.total_cents == 5_400 + 540 + 108 + 540
        assert amounts(account_id) == {Part.TAX: 9_000}, "nothing is posted of a proposal"

    def test_a_deduction_that_is_not_allowed_is_found_to_be_less(self) -> None:
        account_id = tax_returns.filer()
        audits.filed(account_id, 500_000)

        line = schedules_line(account_id, audits.found(100_000, figure="551"))

        # A deduction that was not on the return: 4,000.00 are taxed.
        assert (line.reported_cents, line.found_cents, line.difference_cents) == (
            0,
            100_000,
            100_000,
        )

    def test_a_class_that_was_not_reported_is_found(self) -> None:
        account_id = audits.paid_filer()

        case_id, _ = proposed(account_id, audits.found(200_000, of="17"), cause="FRAUD")

        # A shop at 1.5%: 30.00 of tax; half of it for fraud.
        (period,) = assessing.newest(case_id).periods  # type: ignore[union-attr]
        assert (period.tax_cents, period.civil_cents) == (3_000, 1_500)


def schedules_line(account_id: int, entry: sums.Entry) -> schedules.Line:
    auditor_id = audits.auditor()
    case_id = audits.engaged(account_id, auditor_id)
    working.enter_schedule(case_id=case_id, entries=[entry], by=by(auditor_id))
    (line,) = schedules.lines(case_id)
    return line


class TestFinal:
    def test_posts_the_difference_beside_the_return_and_explains_it(self) -> None:
        account_id = audits.paid_filer()

        case_id = audits.final(account_id)

        assert cases.case(case_id).state == "final"
        assert amounts(account_id) == {
            Part.TAX: 9_000, Part.AUDITED: 5_400, Part.PENALTY: 540, Part.INTEREST: 108,
            Part.CIVIL_PENALTY: 540,
        }  # fmt: skip
        assert books.balance(account_id) == 6_588
        items = postings.standing(account_id, starts_on=JULY).items
        for language in ("en", "es"):
            whys = [explaining.why_item(each.item_id, language=language) for each in items]
            assert [each.is_equal for each in whys] == [True] * len(items)
        books.assert_books_hold()

    def test_waits_for_the_days_to_protest_unless_the_taxpayer_agreed(self) -> None:
        case_id, _, supervisor_id = audits.approved(audits.paid_filer())

        with pytest.raises(keeping.CannotAudit, match="until 2026-11-19"):
            posting.finish(
                case_id=case_id, is_agreed=False, by=by(supervisor_id, on=D(2026, 11, 19))
            )
        posting.finish(case_id=case_id, is_agreed=False, by=by(supervisor_id, on=D(2026, 11, 20)))

        assert cases.case(case_id).state == "final"

    def test_asked_twice_posts_once(self) -> None:
        account_id = audits.paid_filer()
        case_id, _, supervisor_id = audits.approved(account_id)
        said = by(supervisor_id, why="agreed")

        posting.finish(case_id=case_id, is_agreed=True, by=said)
        posting.finish(case_id=case_id, is_agreed=True, by=said)

        assert books.balance(account_id) == 6_588
        assert len(cases.case(case_id).events) == 5

    def test_killed_in_between_leaves_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        account_id = audits.paid_filer()
        case_id, _, supervisor_id = audits.approved(account_id)

        def killed(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(reckoning, "brought_up_to_date", killed)
            with pytest.raises(KeyboardInterrupt):
                posting.finish(case_id=case_id, is_agreed=True, by=by(supervisor_id, why="x"))

        assert cases.case(case_id).state == "approved"
        assert amounts(account_id) == {Part.TAX: 9_000}

    def test_interest_goes_on_and_money_settles_it(self) -> None:
        account_id = audits.paid_filer()
        audits.final(account_id)

        books.brought(account_id, D(2026, 10, 21))
        tax_returns.paid(account_id, 6_642, on=D(2026, 10, 21), posted=D(2026, 10, 21))
        books.brought(account_id, D(2026, 12, 31))

        # A third month began on 21 October: 54 cents more, and none after the money came.
        assert amounts(account_id)[Part.INTEREST] == 162
        assert books.balance(account_id) == 0
        books.assert_books_hold()

    def test_a_pay_off_letter_asks_for_all_of_it(self) -> None:
        account_id, through = audits.paid_filer(), D(2026, 10, 15)
        audits.final(account_id)

        promise = payoffs.promise(
            account_id=account_id, periods=[JULY], good_through=through, on=AUDITED,
            by=tax_returns.BY,
        )  # fmt: skip
        tax_returns.paid(account_id, promise.total_cents, on=through, posted=through)
        books.brought(account_id, D(2026, 12, 31))

        assert promise.total_cents == 6_588
        assert books.balance(account_id) == 0
        books.assert_books_hold()

    def test_less_than_was_filed_is_a_credit(self) -> None:
        account_id = audits.paid_filer()

        audits.final(account_id, cents=300_000)

        # 1.8% of 3,000 is 54.00: 36.00 of the 90.00 that were paid come back.
        assert amounts(account_id) == {Part.TAX: 9_000, Part.AUDITED: -3_600}
        assert receivables.account_balance(account_id, as_of=AUDITED).balance_cents == -3_600
        books.assert_books_hold()

    def test_no_change_is_closed_by_another(self) -> None:
        account_id = audits.paid_filer()
        case_id, auditor_id = proposed(account_id, audits.found(500_000))

        with pytest.raises(keeping.CannotAudit, match="You proposed"):
            proposing.approve(case_id=case_id, by=by(auditor_id, why="no change"))
        proposing.approve(case_id=case_id, by=by(audits.supervisor(), why="no change found"))

        assert cases.case(case_id).state == "closed"
        assert amounts(account_id) == {Part.TAX: 9_000}


class TestAmendingAfterwards:
    """What an audit found is neither lost nor doubled by what is filed later (decision 0160)."""

    @pytest.mark.parametrize(
        ("gross_cents", "tax_cents", "audited_cents"),
        [
            # As found: the return says it, and the audit adds nothing.
            (800_000, 14_400, 0),
            # Nearer to it: the audit adds the rest.
            (600_000, 10_800, 3_600),
            # Beyond it: what is filed stands.
            (900_000, 16_200, 0),
            # Less than at first: what was found stands.
            (400_000, 7_200, 7_200),
        ],
    )
    def test_more_was_found(self, gross_cents: int, tax_cents: int, audited_cents: int) -> None:
        account_id = audits.paid_filer()
        audits.final(account_id)
        newest = returns.versions_of(account_id, starts_on=JULY)[-1]

        audits.filed(
            account_id, gross_cents, on=D(2026, 10, 6), amends=newest.return_id,
            posted=D(2026, 10, 6),
        )  # fmt: skip

        found = amounts(account_id)
        assert (found[Part.TAX], found.get(Part.AUDITED, 0)) == (tax_cents, audited_cents)
        # Lateness is of what stands in all: 54.00 late, or 72.00.
        assert found[Part.PENALTY] == max(tax_cents + audited_cents - 9_000, 0) // 10
        items = postings.standing(account_id, starts_on=JULY).items
        whys = [explaining.why_item(each.item_id, language="en") for each in items]
        assert all(each.is_equal for each in whys)
        books.assert_books_hold()

    @pytest.mark.parametrize(
        ("gross_cents", "tax_cents", "audited_cents"),
        [
            # The refund is claimed by a return, too: it is given once.
            (300_000, 5_400, 0),
            (400_000, 7_200, -1_800),
            (200_000, 3_600, 0),
            # More than at first: the credit of what was audited stays, and the rest is asked for.
            (700_000, 12_600, -3_600),
        ],
    )
    def test_less_was_found(self, gross_cents: int, tax_cents: int, audited_cents: int) -> None:
        account_id = audits.paid_filer()
        audits.final(account_id, cents=300_000, cause="NONE")
        newest = returns.versions_of(account_id, starts_on=JULY)[-1]

        audits.filed(
            account_id, gross_cents, on=D(2026, 10, 6), amends=newest.return_id,
            posted=D(2026, 10, 6),
        )  # fmt: skip

        found = amounts(account_id)
        assert (found[Part.TAX], found.get(Part.AUDITED, 0)) == (tax_cents, audited_cents)
        books.assert_books_hold()

    def test_a_second_audit_replaces_the_finding_of_the_first(self) -> None:
        account_id = audits.paid_filer()
        audits.final(account_id)

        audits.final(account_id, cents=700_000, cause="NONE")

        # 1.8% of 7,000 is 126.00: 36.00 beside the return, and no negligence any more.
        assert amounts(account_id)[Part.AUDITED] == 3_600
        assert Part.CIVIL_PENALTY not in amounts(account_id)
        books.assert_books_hold()

    def test_an_amendment_before_the_approval_sends_the_proposal_back(self) -> None:
        account_id = audits.paid_filer()
        case_id, _ = proposed(account_id, audits.found(800_000))
        newest = returns.versions_of(account_id, starts_on=JULY)[-1]
        audits.filed(account_id, 600_000, on=AUDITED, amends=newest.return_id, posted=AUDITED)

        with pytest.raises(keeping.CannotAudit, match="amended since"):
            proposing.approve(case_id=case_id, by=by(audits.supervisor()))


class TestOrder:
    def test_a_step_out_of_order_is_refused_in_words(self) -> None:
        account_id, auditor_id = audits.paid_filer(), audits.auditor()
        case_id = audits.engaged(account_id, auditor_id)

        with pytest.raises(keeping.CannotAudit, match="“engaged” and cannot be “approved” now"):
            proposing.approve(case_id=case_id, by=by(audits.supervisor()))

    def test_every_way_the_words_refuse_the_database_refuses(self) -> None:
        """The same table twice: each step that may not follow is refused by the walls alone."""
        account_id, auditor_id = audits.paid_filer(), audits.auditor()
        case_id = audits.engaged(account_id, auditor_id)

        for kind in choices.EventKind:
            if kind in choices.FOLLOWS["engaged"] or kind == choices.EventKind.ASSIGNED:
                continue
            with (
                pytest.raises(utils.IntegrityError, match=r"cannot be|names_an_auditor"),
                transactions.started(),
            ):
                keeping.add_event(case_id, 3, kind, by=by(auditor_id, why="x"))

    def test_the_database_refuses_who_proposed(self) -> None:
        case_id, auditor_id = proposed(audits.paid_filer(), audits.found(800_000))

        with (
            pytest.raises(utils.IntegrityError, match="proposed by who would decide"),
            transactions.started(),
        ):
            keeping.add_event(case_id, 4, choices.EventKind.APPROVED, by=by(auditor_id))

    def test_nothing_is_changed_or_removed(self) -> None:
        case_id = audits.engaged(audits.paid_filer(), audits.auditor())

        for statement in ("update tax_audits_event set why = 'x'", "delete from tax_audits_case"):
            with (
                pytest.raises(utils.ProgrammingError, match=r"permission denied|only added to"),
                transactions.started(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
        assert models.Case.objects.filter(id=case_id).exists()

    def test_a_period_is_in_one_case_at_a_time(self) -> None:
        account_id, auditor_id = audits.paid_filer(), audits.auditor()
        case_id = audits.engaged(account_id, auditor_id)

        with pytest.raises(keeping.CannotAudit, match="another case"):
            audits.engaged(account_id, auditor_id)
        selecting.withdraw(case_id=case_id, by=by(auditor_id, why="a mistake"))

        assert audits.engaged(account_id, auditor_id) != case_id

    def test_a_proposal_goes_back_with_a_reason_and_comes_again(self) -> None:
        account_id = audits.paid_filer()
        case_id, auditor_id = proposed(account_id, audits.found(800_000))
        supervisor_id = audits.supervisor()
        with pytest.raises(keeping.CannotAudit, match="Say why it goes back"):
            proposing.send_back(case_id=case_id, by=by(supervisor_id))

        proposing.send_back(case_id=case_id, by=by(supervisor_id, why="tapes of June"))
        working.enter_schedule(case_id=case_id, entries=[audits.found(600_000)], by=by(auditor_id))
        proposing.propose(case_id=case_id, cause="NONE", by=by(auditor_id))

        assert assessing.newest(case_id).tax_cents == 1_800  # type: ignore[union-attr]

    def test_is_given_to_another_auditor_where_it_stands(self) -> None:
        case_id = audits.engaged(audits.paid_filer(), audits.auditor())
        other = audits.auditor()

        selecting.assign(case_id=case_id, auditor_id=other, by=by(audits.supervisor()))

        found = cases.case(case_id)
        assert (found.state, found.auditor_id) == ("engaged", other)
