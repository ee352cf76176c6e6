"""Files kept once, cash posted once, and who is on one side only."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection, utils

from fisc.basics import periods
from fisc.domain.accounts import queries as accounts
from fisc.domain.party_identifiers import choices as identifier_choices
from fisc.domain.party_identifiers import operations as party_identifiers
from fisc.domain.party_identifiers import queries as identifiers
from fisc.domain.state_collections import calculations, operations
from fisc.domain.state_collections.queries import filers, files
from fisc.domain.tax_returns.operations import registering
from fisc.plumbing import transactions
from tests import databases
from tests.domain.state_collections.test_files import HEADING, layout
from tests.factories import licenses
from tests.factories.tax_returns import AT

D = datetime.date
JULY = D(2026, 7, 1)
TODAY = D(2026, 10, 3)
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
        assert (earlier.period, earlier.cents, earlier.line) == (D(2026, 5, 1), -2_000, 3)
        for sql in ("delete from state_collections_row", "update state_collections_file set id=9"):
            with pytest.raises(utils.DatabaseError), connection.cursor() as cursor:
                cursor.execute(sql)

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
    def entered(file_id: int, cents: int, *, why: str = "") -> int:
        return operations.enter_cash(
            file_id,
            cash=operations.Cash(D(2026, 8, 20), cents, why),
            posting_day=D(2026, 8, 20),
            by=BY,
        )


class TestFilers:
    @pytest.fixture(autouse=True)
    def _keys(self, tax_city: databases.CityDatabase, tmp_path: Any, settings: Any) -> None:
        assert tax_city.name
        settings.FISC_HOME = tmp_path

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
