"""Files kept once, cash posted once, and who is on one side only."""

from __future__ import annotations

import datetime
import pathlib
from typing import Any

import pytest
from django.db import connection, utils
from django.test import utils as utils_of_tests

from fisc.basics import periods
from fisc.domain.accounts import queries as accounts
from fisc.domain.licensing.queries import businesses
from fisc.domain.party_identifiers import choices as identifier_choices
from fisc.domain.party_identifiers import operations as party_identifiers
from fisc.domain.party_identifiers import queries as identifiers
from fisc.domain.state_collections import calculations, choices, operations
from fisc.domain.state_collections.queries import beside, filers, files
from fisc.domain.tax_returns.operations import registering
from fisc.plumbing import transactions
from tests import databases
from tests.domain.state_collections.test_files import HEADING, layout
from tests.factories import licenses
from tests.factories.tax_returns import AT

D = datetime.date
JULY = D(2026, 7, 1)
TODAY = D(2026, 10, 3)
ADDRESS = businesses.Address("1", "Nowhere Street")
BY = operations.By(user_id=None, at=AT)
SHARE = (
    HEADING + "1001,Desert Grill,2026-07-01,120.50\n1001,Desert Grill,2026-05-01,-20\n"
    "1002,Cactus Books,2026-07-01,10\nTRAILER,3,110.50,\n"
)


def taken(text: str = SHARE, kind: str = "distribution") -> int:
    return operations.take_file(
        text.encode(), name=f"{kind}.csv", layout=layout(kind), month=JULY, by=BY
    )


def posted(file_id: int) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select account.code, line.amount_cents from ledger_journalentry as entry "
            "join ledger_posting as line on line.entry_id = entry.id "
            "join ledger_glaccount as account on account.id = line.gl_account_id "
            "where entry.source_kind = 17 and entry.source_id = %s order by account.code",
            [file_id],
        )
        return [(str(code), int(cents)) for code, cents in cursor.fetchall()]


@pytest.mark.usefixtures("tax_city")
class TestFiles:
    def test_a_file_is_kept_once_whole_and_as_it_came(self) -> None:
        file_id = taken()

        found = files.file(file_id)
        assert (found.row_count, found.total_cents, found.month) == (3, 11_050, JULY)
        with pytest.raises(operations.FileCameBefore, match="Nothing was done again"):
            taken()
        (earlier,) = files.earlier_periods(file_id)
        assert [earlier] == list(files.earlier_of_month(JULY))
        assert (earlier.period, earlier.cents, earlier.line) == (D(2026, 5, 1), -2_000, 3)
        for sql in ("delete from state_collections_row", "update state_collections_file set id=9"):
            with pytest.raises(utils.DatabaseError), connection.cursor() as cursor:
                cursor.execute(sql)

    def test_a_month_says_what_came_and_what_of_the_cash_is_missing(self) -> None:
        september = D(2026, 9, 1)
        share = operations.take_file(
            SHARE.replace("1002", "1020").encode(), name="share.csv", layout=layout(),
            month=september, by=BY,
        )  # fmt: skip
        operations.take_file(
            b"license,period_start,received,paid\n1001,2026-07-01,,120.50\n"
            b"1020,2026-07-01,,11\nTRAILER,2,131.50,\n",
            name="paid.csv", layout=layout("payments"), month=september, by=BY,
        )  # fmt: skip

        found = files.months()[0]

        assert (found.month, found.payments, found.distributions) == (september, 1, 1)
        assert (found.paid_cents, found.shared_cents, found.without_cash) == (13_150, 11_050, 1)
        assert not found.is_reconciled
        both = beside.differences(september, kinds=["payments", "distribution"])
        # What 1001 paid was distributed as paid; the period of May was not paid in September.
        assert [
            (each.license_number, each.paid_cents, each.shared_cents) for each in both.rows
        ] == [
            ("1001", None, -2_000),
            ("1020", 1_100, 1_000),
        ]
        assert both.count == 2
        assert beside.differences(september, kinds=["distribution"]).count == 0
        operations.enter_cash(
            share, cash=operations.Cash(D(2026, 10, 2), 11_050), posting_day=D(2026, 10, 2), by=BY
        )
        assert files.months()[0].is_reconciled

    def test_a_refused_file_leaves_nothing(self) -> None:
        before = len(files.files())

        with pytest.raises(calculations.FileIsRefused):
            taken(SHARE.replace("120.50", "120.51"))

        assert len(files.files()) == before


@pytest.mark.usefixtures("tax_city")
class TestCash:
    def test_cash_is_posted_as_received_once_and_a_difference_is_explained(self) -> None:
        file_id = taken()
        assert [each.file_id for each in files.unreconciled()] == [file_id]
        with pytest.raises(operations.DifferenceIsNotExplained, match=r"difference of -0\.50"):
            self.entered(file_id, 11_000)

        self.entered(file_id, 11_000, why="The state's fee for wiring")

        assert posted(file_id) == [("101400", 11_000), ("319000", -11_000)]
        (found,) = files.unreconciled()
        assert (found.difference_cents, found.why) == (-50, "The state's fee for wiring")
        with pytest.raises(operations.CashCameBefore):
            self.entered(file_id, 11_050)

    def test_lines_explain_a_difference_to_the_cent_and_stay(self) -> None:
        file_id = taken(SHARE.replace("1002", "1011"))
        fee = operations.Part(-500, " The state's fee ")
        late = operations.Part(450, "License 1011 came by wire")
        with pytest.raises(operations.DifferenceIsNotExplained, match=r"-0\.50, and 4\.50 is left"):
            self.entered(file_id, 11_000, parts=(fee,))
        with pytest.raises(operations.DifferenceIsNotExplained, match="Fill in both"):
            self.entered(file_id, 11_000, parts=(fee, operations.Part(450, " ")))
        with pytest.raises(operations.DifferenceIsNotExplained, match=r"of a difference of 0\.00"):
            self.entered(file_id, 11_050, parts=(fee,))
        assert not posted(file_id)

        self.entered(file_id, 11_000, parts=(fee, late))

        found = files.file(file_id)
        lines = files.explanations([found])[file_id]
        assert [(each.cents, each.why) for each in lines] == [
            (-500, "The state's fee"),
            (450, "License 1011 came by wire"),
        ]
        assert found.why == "The state's fee; License 1011 came by wire"
        with pytest.raises(utils.DatabaseError), connection.cursor() as cursor:
            cursor.execute("update state_collections_explanation set cents = 1")

    def test_the_database_wants_lines_that_make_the_difference_up(self) -> None:
        file_id = taken(SHARE.replace("1002", "1012"))
        self.entered(file_id, 11_000, why="The state's fee")

        with (
            pytest.raises(utils.IntegrityError, match="explain a difference of"),
            transactions.started(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "insert into state_collections_explanation (deposit_id, number, cents, why) "
                "select id, 2, 1, 'too much' from state_collections_deposit where file_id = %s",
                [file_id],
            )

    def test_what_agrees_needs_no_word_and_is_reconciled(self) -> None:
        file_id = taken(SHARE.replace("1002", "1009"))

        self.entered(file_id, 11_050)

        assert file_id not in [each.file_id for each in files.unreconciled()]

    def test_other_files_and_no_cash_are_refused(self) -> None:
        paid = taken(
            "license,period_start,received,paid\n1,2026-07-01,,5\nTRAILER,1,5,\n", "payments"
        )
        share = taken(SHARE.replace("1002", "1010"))

        with pytest.raises(operations.NoCashOfFile, match="holds payments"):
            self.entered(paid, 500)
        with pytest.raises(operations.NoCashOfFile):
            self.entered(share, 0)
        with pytest.raises(files.NoSuchFile):
            self.entered(999_999, 500)
        assert not posted(share)

    @staticmethod
    def entered(
        file_id: int, cents: int, *, why: str = "", parts: tuple[operations.Part, ...] = ()
    ) -> int:
        return operations.enter_cash(
            file_id,
            cash=operations.Cash(D(2026, 8, 20), cents, why, parts),
            posting_day=D(2026, 8, 20),
            by=BY,
        )


class TestFilers:
    @pytest.fixture(autouse=True)
    def _keys(self, tax_city: databases.CityDatabase, home: pathlib.Path, settings: Any) -> None:
        assert tax_city.name
        settings.FISC_HOME = home

    def test_filers_are_matched_by_the_state_s_number_and_look_alikes_are_said(self) -> None:
        known = licenses.business("Saguaro Cafe")
        alike = licenses.business("Ocotillo Hardware LLC")
        account_id = licenses.tax_account(known)
        registering.register(
            account_id=account_id,
            region="MS",
            business_class="11",
            days=periods.Period(starts_on=D(2024, 1, 1)),
            by=registering.By(user_id=None, at=AT, why="as asked"),
        )
        number = accounts.names(account_ids=[account_id])[account_id][0]
        assert number in [each.account_number for each in filers.not_in_files(as_of=TODAY)]
        with transactions.started():
            party_identifiers.add_identifier(
                party_id=known,
                given=identifiers.Given(
                    identifier_choices.Kind.OTHER, "2001", issuer=layout().issuer
                ),
                at=AT,
                user_id=None,
            )

        taken(
            HEADING + "2001,Saguaro Cafe,2026-07-01,1\n2002,Ocotillo Hardware,2026-07-01,1\n"
            "TRAILER,2,2,\n"
        )

        found = {each.license_number: each for each in filers.unregistered(as_of=TODAY)}
        assert list(found) == ["2002"]
        assert [each.business_id for each in found["2002"].look_alikes] == [alike]
        assert number not in [each.account_number for each in filers.not_in_files(as_of=TODAY)]

    def test_many_are_told_apart_in_a_bounded_number_of_statements(self) -> None:
        lines = [f"77{n:04d},Mesa Traders {n},2026-07-01,1" for n in range(300)]
        # No record of an identifier has such a number: it is nobody's, and the list stands.
        lines.append("A/7#,Odd Number Inn,2026-07-01,1")
        taken(HEADING + "\n".join(lines) + "\nTRAILER,301,301,\n")

        with utils_of_tests.CaptureQueriesContext(connection) as asked:
            found = filers.unregistered(as_of=TODAY)
            filers.not_in_files(as_of=TODAY)

        assert {"770000", "770299", "A/7#"} <= {each.license_number for each in found}
        first = filers.found(as_of=TODAY, limit=2)
        assert (first.count, list(first.rows)) == (len(found), list(found[:2]))
        assert len(asked.captured_queries) <= 12

    def test_look_alikes_of_many_are_those_of_each_alone(self) -> None:
        for name in ("Verde Valley Bikes LLC", "Verde Valley Bikes Inc.", "Old Mill Dentists"):
            licenses.business(name)
        named = ("Verde Valley Bikes", "Old Mill Dentist", "Nobody of That Name Here", "")

        many = businesses.look_alikes_of_each(
            [businesses.Entered(each, ADDRESS) for each in named], as_of=TODAY
        )

        alone = [businesses.look_alikes(name=each, address=ADDRESS, as_of=TODAY) for each in named]
        assert many == alone
        assert [len(each) for each in many][:2] == [2, 1]

    def test_who_is_chosen_becomes_one_work_item(self) -> None:
        taken(HEADING + "8801,Palo Verde Cycles,2026-07-01,1\nTRAILER,1,1,\n")
        cause = f"{filers.CAUSE}{layout().issuer}/8801"
        side = choices.Side.UNREGISTERED

        assert self.looked_at(side, cause) == 1
        assert self.looked_at(side, cause) == 0
        (found,) = [each for each in filers.unregistered(as_of=TODAY) if each.item_id]
        assert found.license_number == "8801"
        with pytest.raises(operations.NotListed, match="on the list no more"):
            self.looked_at(side, "state filer/x/1")
        with pytest.raises(operations.NothingChosen):
            self.looked_at(choices.Side.NOT_IN_FILES)

    @staticmethod
    def looked_at(side: choices.Side, *chosen: str) -> int:
        return operations.have_looked_at(
            side, chosen=chosen, due_on=D(2026, 10, 9), as_of=TODAY, by=BY
        )
