"""What a change of a list touches: cases of the books that use it, records, other lists."""

from __future__ import annotations

import datetime
import pathlib

import pytest

from fisc.basics import periods
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.ledger import operations as ledger
from fisc.domain.ledger import queries as books
from fisc.domain.list_changes.calculations import sheets
from fisc.domain.list_changes.operations import approvals, drafts
from fisc.domain.list_changes.queries import changes, effects
from fisc.domain.rule_tables.operations import approvals as agreeing
from fisc.domain.rule_tables.operations import city
from fisc.domain.rule_tables.operations import drafts as tables
from fisc.domain.rule_tables.queries import drafts as reading
from tests.factories import table_people

CITY = pathlib.Path(__file__).resolve().parents[3] / "cities" / "mesquite_springs"
AT = datetime.datetime(2026, 11, 2, 18, tzinfo=datetime.UTC)
DECEMBER = datetime.date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _city(db: None) -> None:
    table_people.office()
    city.import_city(path=CITY, at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))


def draft(list_name: str) -> int:
    return drafts.start_draft(
        list_name=list_name,
        effective=periods.Period(starts_on=DECEMBER),
        by="rosa",
        reason="The council decided",
        citation="Resolution 9",
        at=AT,
    )


def save(change_id: int, sheet: sheets.Sheet) -> None:
    drafts.save_draft(
        change_id=change_id,
        content=sheets.written(sheet),
        based_on_sha256=changes.change(change_id).sha256,
        by="rosa",
        at=AT,
    )


def with_cell(change_id: int, code: str, **cells: str) -> sheets.Sheet:
    sheet = changes.change(change_id).sheet
    place = [row["code"] for row in sheet.rows].index(code)
    return sheets.with_row(sheet, place + sheets.FIRST_ROW, cells)


class TestCases:
    def test_of_every_book_in_force_run_again_and_come_out(self) -> None:
        change_id = draft("rate class")
        save(change_id, with_cell(change_id, "commercial", label_en="Business"))

        tried = effects.tried(changes.change(change_id))

        assert len(tried) > 3
        assert all(each.passed and not each.failures for each in tried)
        approvals.put_in_test(change_id=change_id, by="rosa", at=AT)
        trial = changes.trial(change_id)
        assert trial is not None
        assert trial.passed == sum(each.passed for each in tried)

    def test_that_name_a_code_ended_by_then_stop_it(self) -> None:
        change_id = draft("rate class")
        save(change_id, with_cell(change_id, "commercial", ends_before="2026-12-01"))

        with pytest.raises(approvals.NotTestable, match="it names commercial, which the changed"):
            approvals.put_in_test(change_id=change_id, by="rosa", at=AT)

    def test_a_code_may_be_ended_by_a_later_day(self) -> None:
        change_id = draft("rate class")
        save(change_id, with_cell(change_id, "commercial", ends_before="2027-12-01"))

        approvals.put_in_test(change_id=change_id, by="rosa", at=AT)

        assert changes.change(change_id).status == "in test"

    def test_a_new_code_that_no_rule_takes_stops_it(self) -> None:
        change_id = draft("rate class")
        row = {
            "code": "industrial",
            "label_en": "Industrial",
            "label_es": "Industrial",
            "starts_on": "2026-12-01",
            "citation": "Resolution 9",
        }
        save(change_id, sheets.with_new_row(changes.change(change_id).sheet, row))

        with pytest.raises(approvals.NotTestable, match="no rule takes rate_class “industrial”"):
            approvals.put_in_test(change_id=change_id, by="rosa", at=AT)

        # First the table, then the list.
        sewer_takes(b"industrial", at=AT)
        approvals.put_in_test(change_id=change_id, by="rosa", at=AT + datetime.timedelta(hours=2))
        assert changes.change(change_id).status == "in test"


class TestWhereUsed:
    def test_the_lines_of_a_bill_are_codes_of_the_bill_lines(self) -> None:
        found = {each.book: each.places for each in effects.tables_of("bill line")}

        assert "water_base" in found["Water charges"]

    def test_a_code_is_named_by_tables_and_by_other_lists(self) -> None:
        residential = effects.use_of_code("rate class", "residential")
        water = effects.use_of_code("charge", "water")

        assert [each.book for each in residential.tables] == ["Sewer charges"]
        assert "water_base" in water.lists["bill line"]
        assert not effects.use_of_code("return reason", first("return reason")).records

    def test_an_account_of_the_books_stays_what_it_is_and_a_new_one_joins_them(self) -> None:
        ledger.load_gl_accounts()
        change_id = draft("gl account")
        with pytest.raises(drafts.RowsAreWrong, match="column kind: the books have “asset”"):
            save(change_id, with_cell(change_id, "101100", kind="revenue"))
        row = {
            "code": "109900",
            "label_en": "Wires in clearing",
            "label_es": "Transferencias en compensación",
            "starts_on": "2026-12-01",
            "kind": "asset",
            "citation": "Resolution 9",
        }
        save(change_id, sheets.with_new_row(changes.change(change_id).sheet, row))
        approvals.put_in_test(change_id=change_id, by="rosa", at=AT)

        approvals.approve(
            change_id=change_id,
            by="martin",
            reason="Right",
            at=AT + datetime.timedelta(hours=1),
        )

        assert books.gl_accounts()["109900"].name == "Wires in clearing"

    def test_a_cell_must_name_a_code_of_the_list_that_it_names(self) -> None:
        change_id = draft("bill line")

        with pytest.raises(drafts.RowsAreWrong, match="the list “charge” has no code “watr”"):
            save(change_id, with_cell(change_id, "water_base", charge="watr"))


def sewer_takes(code: bytes, *, at: datetime.datetime) -> None:
    """Let the sewer charges take another class as they take commercial, from December on."""
    version_id = tables.start_draft(
        book="Sewer charges",
        effective=periods.Period(starts_on=DECEMBER),
        by="rosa",
        reason="A class for industry",
        citation="Resolution 9",
        at=at,
    )
    draft = reading.draft(version_id)
    tables.save_draft(
        version_id=version_id,
        content=draft.content.replace(
            b'<text>"commercial"</text>', b'<text>"commercial", "%b"</text>' % code
        ),
        based_on_sha256=draft.sha256,
        by="rosa",
        at=at,
    )
    agreeing.put_in_test(version_id=version_id, by="rosa", at=at)
    done = agreeing.approve(
        version_id=version_id, by="martin", reason="Right", at=at + datetime.timedelta(hours=1)
    )
    assert done.is_in_force


def first(name: str) -> str:
    return next(iter(code_lists.codes(name)))
