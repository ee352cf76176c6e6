"""Returns on their forms: compared with what was written, corrected with a letter, or refused."""

from __future__ import annotations

import concurrent.futures
import datetime
import pathlib
import shutil
import threading
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection, utils
from pytest_django import fixtures

from fisc.basics import periods
from fisc.domain.accounts import choices as account_choices
from fisc.domain.accounts import operations as accounts
from fisc.domain.accounts import queries as account_queries
from fisc.domain.documents import queries as documents
from fisc.domain.tax_returns.calculations import forms as of_forms
from fisc.domain.tax_returns.calculations.returns import Deduction, Filed, Line
from fisc.domain.tax_returns.operations import filing, letters, registering
from fisc.domain.tax_returns.queries import corrections, forms
from fisc.domain.tax_returns.queries import returns as queries
from fisc.plumbing import transactions
from tests.factories import tax_returns
from tests.factories.tax_returns import AT

D = datetime.date
BY = registering.By(user_id=None, at=AT, why="keyed from paper")
DUE = D(2026, 8, 20)

pytestmark = pytest.mark.usefixtures("tax_city")


def shop(account_id: int | None = None, *, regions: tuple[str, ...] = ("MS", "ST")) -> int:
    """An account that files for a shop every month of 2026."""
    account_id = account_id or tax_returns.account()
    for region in regions:
        registering.register(
            account_id=account_id,
            region=region,
            business_class="17",
            days=periods.Period(starts_on=D(2026, 1, 1)),
            by=BY,
        )
    registering.set_frequency(
        account_id=account_id, frequency="monthly", from_day=D(2026, 1, 1), by=BY
    )
    return account_id


def line(gross: int, *deductions: Deduction, region: str = "MS", **filed: int) -> Line:
    return Line(
        region=region,
        business_class="17",
        gross_cents=gross,
        deductions=deductions,
        as_filed=tuple(Filed(key, cents) for key, cents in filed.items()),
    )


def came(account_id: int, *lines: Line, form: str = "", **boxes: int) -> filing.Came:
    return filing.Came(
        account_id=account_id,
        starts_on=D(2026, 7, 1),
        received_on=DUE,
        is_electronic=False,
        lines=lines,
        form=form,
        as_filed=tuple(Filed(key, cents) for key, cents in boxes.items()),
    )


def file_return(one: filing.Came) -> queries.Kept:
    return filing.file_return(one, by=BY, posting_day=one.received_on)


def problems(one: filing.Came) -> list[str]:
    with pytest.raises(filing.ReturnIsWrong) as raised:
        file_return(one)
    return [each.said("en") for each in raised.value.problems]


class TestOnItsForm:
    def test_it_names_the_version_of_the_form_and_reads_back_as_it_came(self) -> None:
        one = came(shop(), line(100_000, region="ST", J=6_300, M=6_244), line(100_000), AA=6_244)

        kept = file_return(one)

        assert kept.form == "state-city"
        assert forms.by_hash(kept.form_sha256).code == "state-city"
        assert kept.filing.lines == one.lines
        assert kept.filing.as_filed == one.as_filed
        assert kept.corrections == ()
        # 63.00 less 0.56 of the state, 15.00 of the city.
        assert kept.tax_due_cents == 7_744
        assert queries.recomputed(kept).net_due_cents == kept.net_due_cents

    def test_receipts_that_include_tax_are_factored_and_computed_the_same_again(self) -> None:
        one = came(shop(regions=("MS",)), replace(line(107_800), includes_tax=True))

        kept = file_return(one)

        assert kept.form == "city"
        assert kept.taxes_included_cents == (7_800,)
        assert kept.tax_due_cents == 1_500
        assert kept.filing.lines == one.lines
        assert queries.recomputed(kept).tax_due_cents == 1_500

    def test_the_grid_has_a_line_for_each_registration_with_its_printed_rate(self) -> None:
        account_id = shop()

        grid = forms.grid(account_id, starts_on=D(2026, 7, 1), received_on=DUE, known_at=AT)

        assert grid.form.code == "state-city"
        found = [
            (each.section.key, line.region, line.class_names["es"], line.rate)
            for each in grid.sections
            for line in each.lines
        ]
        assert found == [
            ("state_county", "ST", "Venta al por menor", Decimal("0.063")),
            ("city", "MS", "Venta al por menor", Decimal("0.015")),
        ]
        assert grid.deduction_codes["503"] == {"en": "Resale", "es": "Reventa"}
        with pytest.raises(forms.NoForm, match="owes no return for a period from 2026-08-01"):
            forms.grid(account_id, starts_on=D(2026, 8, 1), received_on=DUE, known_at=AT)

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("most_lines = 500", "most_lines = 5000", "city.2020-01-01.toml is not signed as it"),
            ("2019-12-02", "2019-12-03", None),
            ('"Martin Okafor, supervisor"', '"Rosa Alvarez, projects coordinator"', "not signed"),
        ],
    )
    def test_only_a_form_that_somebody_else_signed_as_it_is_is_used(
        self,
        old: str,
        new: str,
        said: str | None,
        tmp_path: pathlib.Path,
        settings: fixtures.Settings,
    ) -> None:
        shutil.copytree(tax_returns.CITY / "forms", tmp_path / "forms")
        for path in (tmp_path / "forms").iterdir():
            path.write_text(path.read_text().replace(old, new))
        settings.FISC_CITY = tmp_path

        if said is None:
            assert len(forms.all_forms()) == 2
            return
        with pytest.raises(of_forms.FormIsWrong, match=said):
            forms.all_forms()

    def test_a_city_without_forms_takes_returns_as_before(
        self, tmp_path: pathlib.Path, settings: fixtures.Settings
    ) -> None:
        settings.FISC_CITY = tmp_path

        kept = file_return(came(shop(), line(100_000)))

        assert (kept.form, kept.form_sha256, kept.tax_due_cents) == ("", "", 1_500)
        with pytest.raises(forms.NoForm, match="There is no form “city”"):
            forms.form("city", starts_on=D(2026, 7, 1))


class TestCorrected:
    def test_a_letter_says_each_figure_as_filed_and_as_corrected_once(self) -> None:
        one = came(
            shop(),
            line(100_000, Deduction("503", 20_000), region="ST", H=80_000),
            line(100_000, J=1_700),
            A_state=30_000,
        )
        kept = file_return(one)
        assert kept.return_id in corrections.waiting(limit=1_000)

        letter = letters.write_correction_letter(return_id=kept.return_id, by=BY)

        assert documents.content(sha256=letter.sha256).startswith(b"%PDF")
        assert letters.write_correction_letter(return_id=kept.return_id, by=BY) == letter
        assert kept.return_id not in corrections.waiting(limit=1_000)
        said = corrections.letter(kept, language="es", written_on=DUE)
        assert [
            (each["line"], each["name"], each["filed"], each["corrected"], each["is_disallowed"])
            for each in said["figures"]
        ] == [
            (0, "Anexo A, estado y condado", "$300.00", "$0.00", True),
            (1, "Neto gravable", "$800.00", "$1,000.00", False),
            (2, "Monto total del impuesto", "$17.00", "$15.00", False),
        ]
        assert said["period"].startswith("1 de julio de 2026 ")

    def test_disallowed_deductions_are_kept_and_computed_so_again(self) -> None:
        one = came(shop(), line(100_000, Deduction("503", 20_000), G=30_000))

        kept = file_return(one)

        assert kept.filing.lines[0].deductions == (Deduction("503", 20_000),)
        assert kept.filing.lines[0].is_disallowed
        assert kept.tax_due_cents == queries.recomputed(kept).tax_due_cents == 1_500

    def test_a_return_that_stands_as_written_has_no_letter(self) -> None:
        kept = file_return(came(shop(), line(100_000, J=1_500)))

        with pytest.raises(corrections.NothingWasCorrected):
            letters.write_correction_letter(return_id=kept.return_id, by=BY)

    def test_figures_as_filed_are_only_added_to(self) -> None:
        for statement in ("delete from", "truncate"):
            with (
                pytest.raises(utils.ProgrammingError, match="permission denied"),
                transactions.started(),
                connection.cursor() as cursor,
            ):
                cursor.execute(f"{statement} tax_returns_filed_figure")


class TestRefused:
    def test_everything_is_said_at_once_and_the_sums_of_right_lines_too(self) -> None:
        account_id = shop()
        one = came(
            account_id,
            line(-1, region="ST"),
            replace(line(100_000, J=2_000_000, Q=1), units=Decimal(-1)),
            form="city",
        )

        assert problems(one) == [
            (
                "Line 1: Gross receipts is below zero, -$0.01. Write it without the sign, or leave "
                "it empty."
            ),
            (
                "Line 1: Form “city” has no place for class “17” in region “ST”. Correct the line, "
                "or use another form."
            ),
            (
                "Line 2: The number of units is below zero, -1. Write it without the sign, or "
                "leave it empty."
            ),
            (
                "Line 2: Form “city” has no figure “J” that a filer works out. Take one of: "
                "deductions, taxable, tax."
            ),
            (
                "Line 2: Form “city” has no figure “Q” that a filer works out. Take one of: "
                "deductions, taxable, tax."
            ),
        ]
        right = came(account_id, line(-1, region="ST"), line(100_000, J=2_000_000))
        assert [each[:7] for each in problems(right)] == ["Line 1:", "Line 2:"]
        assert "(J) is $20,000.00 on the return; it comes to $15.00" in problems(right)[1]
        assert queries.versions_of(account_id, starts_on=D(2026, 7, 1)) == ()

    def test_a_form_that_is_not_there(self) -> None:
        assert problems(came(shop(), line(1), form="tpt"))[0].startswith("There is no form “tpt”.")

    def test_a_class_without_a_rate_is_named_with_its_line(self) -> None:
        account_id = shop()
        registering.register(
            account_id=account_id,
            region="ST",
            business_class="11",
            days=periods.Period(starts_on=D(2026, 1, 1)),
            by=BY,
        )
        one = replace(line(100, region="ST"), business_class="11")

        assert problems(came(account_id, line(5), one)) == [
            (
                "Line 2: The tables give no tax for class “11” in region “ST” in this period. "
                "Correct the line, or have a rule added to the tables."
            )
        ]

    def test_a_hundred_thousand_lines_are_one_problem(self) -> None:
        many = (line(1),) * 100_000

        assert problems(came(shop(), *many)) == [
            (
                "The return has 100,000 lines; its form takes at most 500. Put lines of the same "
                "region and class together, or look at whether the file is of one return."
            )
        ]

    def test_lines_that_are_too_much_together(self) -> None:
        one = came(shop(), line(60_000_000_000), line(60_000_000_000, region="ST"))

        assert problems(one)[0].startswith("The gross receipts of all lines is $1,200,000,000.00,")

    def test_a_period_that_is_not_owed_says_why_with_all_else(self) -> None:
        account_id = shop()
        early = replace(came(account_id, line(-5)), starts_on=D(2026, 8, 1))
        before = replace(came(account_id, line(5)), starts_on=D(2025, 8, 1))

        assert "The period is not over by then." in problems(early)[0]
        assert "Line 1: Gross receipts is below zero" in problems(early)[1]
        assert "registered for no such period" in problems(before)[0]


class TestCreditOfTheYear:
    """A filer's cap is one for all its accounts: 10,000.00 a year on paper."""

    def two(self) -> tuple[int, int]:
        one = tax_returns.account()
        with transactions.started():
            other = accounts.open_account(
                kind=account_choices.AccountKind.TAX,
                party_id=party_of(one),
                name="Desert Grill LLC, second shop",
                mailing=accounts.Mailing("2 Mesquite Way", "Mesquite Springs", "FL", "00001"),
                opened_on=D(2024, 1, 1),
                at=AT,
            ).account_id
        return shop(one), shop(other)

    def test_the_second_account_has_what_the_first_left(self) -> None:
        one, other = self.two()
        # 0.056% of 1,000,000,000 cents is 5,600.00.
        big = line(1_000_000_000, region="ST")

        first = file_return(came(one, big))
        second = file_return(came(other, big))
        third = file_return(came(shop(), big))

        assert first.accounting_credit_cents == 560_000
        assert second.accounting_credit_cents == 440_000
        assert third.accounting_credit_cents == 560_000

    def test_two_accounts_filing_at_once_do_not_take_it_twice(self) -> None:
        pair = self.two()
        together = threading.Barrier(2)

        def file(account_id: int) -> int:
            together.wait(timeout=20)
            try:
                kept = file_return(came(account_id, line(1_000_000_000, region="ST")))
            finally:
                connection.close()
            return kept.accounting_credit_cents

        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            assert sorted(pool.map(file, pair)) == [440_000, 560_000]


def party_of(account_id: int) -> int:
    found = account_queries.party_id(account_id=account_id)
    assert found is not None
    return found
