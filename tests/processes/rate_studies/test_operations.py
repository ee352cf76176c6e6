"""Studies of drafts over bills that really were made."""

from __future__ import annotations

import io
from typing import Any

import pytest
import python_calamine

from fisc.domain.rule_tables.operations import drafts as editing
from fisc.domain.rule_tables.operations import studies
from fisc.domain.rule_tables.queries import drafts
from fisc.domain.rule_tables.queries import studies as queries
from fisc.domain.utilities import models
from fisc.domain.utilities.operations import single
from fisc.processes.rate_studies import operations, papers, slices, snapshots, workbooks
from tests.factories import utilities
from tests.processes.rate_studies import conftest as cities

BILLED_BOOKS = ("Water charges", "Sewer charges", "Electric charges", "Utility taxes")


def study(version_id: int) -> tuple[int, dict[str, Any]]:
    """Study a version; gives the study's id and its figures."""
    study_id = studies.ask_study(
        version_id=version_id, data_day=cities.DATA_DAY, at=cities.LATER, by="rosa"
    )
    operations.run_study(study_id=study_id)
    result = queries.study(study_id).result
    assert result is not None
    return study_id, dict(result)


def difference_cents(result: dict[str, Any], charge: str | None = None) -> int:
    """What a study adds up to, of one charge or all."""
    return sum(
        row["difference_cents"]
        for row in result["revenue"]
        if charge is None or row["charge"] == charge
    )


class TestStudyOfWhatGoverns:
    @pytest.mark.parametrize("book", BILLED_BOOKS)
    def test_changes_nothing(self, billed: cities.Billed, book: str) -> None:
        assert billed.again.total_cents

        _, result = study(cities.draft_of(book))

        assert result["exceptions"] == []
        assert result["largest"] == []
        assert result["changed_bills"] == 0
        assert all(row["before_cents"] == row["after_cents"] for row in result["revenue"])
        total = sum(row["before_cents"] for row in result["revenue"])
        assert total == sum(models.Bill.objects.values_list("total_cents", flat=True))
        assert result["accounts"] == {"all": 3, "more": 0, "less": 0, "same": 3}


class TestStudyOfAChange:
    def test_comes_out_to_the_cent_with_the_taxes_after_it(self, billed: cities.Billed) -> None:
        dearer = cities.draft_of("Electric charges", change=(b"0.07191", b"0.08191"))

        _, result = study(dearer)

        # By hand, 900 kWh alone: energy 64.72 to 73.72; gross receipts tax 2.5641% of
        # 7.77 + 73.72 + 26.45 from 2.54 to 2.77; public service tax 10% of 7.77 + 73.72 + 2.77
        # from 7.50 to 8.43. With water 82.05 besides, that tax goes from 15.71 to 16.63. For
        # 1,000 kWh and water: 71.91 to 81.91, 2.80 to 3.05 and 16.45 to 17.48.
        assert {each["before_cents"]: each["difference_cents"] for each in result["largest"]} == {
            24350: 1000 + 25 + 103,
            10898: 900 + 23 + 93,
            23237: 900 + 23 + 92,
        }
        assert difference_cents(result, "electric") == 2800
        assert difference_cents(result, "gross_receipts_tax") == 71
        assert difference_cents(result, "public_service_tax") == 288
        assert difference_cents(result) == 2800 + 71 + 288
        assert result["accounts"] == {"all": 3, "more": 2, "less": 0, "same": 1}
        assert result["most"] == {"more_cents": 2143, "less_cents": 0}
        assert sum(bar["accounts"] for bar in result["histogram"]) == 3
        # The two accounts with electricity: by what they use a bill, 900 and 950 kWh.
        assert [each["usage_milli_from"] for each in result["users"]] == [900_000, 950_000]
        assert [each["percent_milli"] for each in result["users"]] == [9323, 4503]
        assert result["exceptions"] == []

    def test_shows_both_ways_of_reckoning(self, billed: cities.Billed) -> None:
        dearer = cities.draft_of("Electric charges", change=(b"0.07191", b"0.08191"))

        _, result = study(dearer)

        first = result["largest"][0]
        assert first["number"] == billed.again.number
        (part,) = first["parts"]
        assert {each["name"]: each["value"] for each in part["facts"]}[
            "period_usage_kwh"
        ] == "1,000"
        energy = [
            next(each["value"] for each in part[side] if each["line"] == "Electric energy")
            for side in ("before", "after")
        ]
        assert energy == ["$71.91", "$81.91"]

    def test_of_the_taxes_reckons_with_the_sums_of_each_bill(self, billed: cities.Billed) -> None:
        lower = cities.draft_of("Utility taxes", change=(b"0.10 * ", b"0.05 * "))

        _, result = study(lower)

        # 5% in the place of 10%: 157.08, 75.03 and 164.53 dollars are taxed; 82.05 is outside.
        assert difference_cents(result) == (785 - 1571) + (375 - 750) + (823 - 1645)

    def test_refuses_bills_whose_rows_do_not_say_what_a_draft_asks(
        self, billed: cities.Billed
    ) -> None:
        assert billed.again.total_cents
        asks_for_class = cities.draft_of(
            "Water charges",
            change=(
                b"</description>",
                (
                    b'</description><inputData id="i_rate_class" name="rate_class">'
                    b'<variable id="iv_rate_class" name="rate_class" typeRef="string"/></inputData>'
                ),
            ),
        )

        _, result = study(asks_for_class)

        (refused,) = result["exceptions"]
        assert "asks for rate class, which was not kept" in refused["reason"]
        water_bills = 3
        assert refused["bills"] == water_bills
        assert refused["billed_cents"] == 23237 + 10256 + 24350
        assert sum(row["before_cents"] for row in result["revenue"]) == 10898


class TestRepeating:
    def test_gives_the_same_figures_after_the_draft_and_the_bills_changed(
        self, billed: cities.Billed
    ) -> None:
        version_id = cities.draft_of("Electric charges", change=(b"0.07191", b"0.08191"))
        study_id, result = study(version_id)
        draft = drafts.draft(version_id)
        editing.save_draft(
            version_id=version_id,
            content=draft.content.replace(b"0.08191", b"0.09191"),
            based_on_sha256=draft.sha256,
            by="rosa",
            at=cities.LATER,
        )
        single.cancel_bill(bill_id=billed.again.id, by=utilities.by(day=cities.NEXT_BILL))

        again = operations.repeated(study_id)

        assert again.result == result
        assert studies.sha256_of(again.result) == queries.study(study_id).result_sha256
        _, anew = study(version_id)
        assert anew["bills"] == result["bills"] - 1

    def test_refuses_a_snapshot_that_was_changed(self, billed: cities.Billed) -> None:
        assert billed.again.total_cents
        study_id, _ = study(cities.draft_of("Water charges"))
        for each in snapshots.folder().glob("*.arrow"):
            each.write_bytes(each.read_bytes() + b" ")

        with pytest.raises(slices.SnapshotIsDamaged, match="changed since they were written"):
            operations.repeated(study_id)


class TestStopping:
    def test_a_cancelled_study_stops_and_says_so(self, billed: cities.Billed) -> None:
        assert billed.again.total_cents
        study_id = studies.ask_study(
            version_id=cities.draft_of("Water charges"),
            data_day=cities.DATA_DAY,
            at=cities.LATER,
            by="rosa",
        )

        class Impatient:
            def progressed(self, *, done: int, total: int) -> None:
                assert total == 24
                if done == 3:
                    studies.ask_to_cancel(study_id=study_id, by="rosa")

        with pytest.raises(operations.StudyIsCancelled, match="when 3 of 24 steps were done"):
            operations.run_study(study_id=study_id, watch=Impatient())

        found = queries.study(study_id)
        assert (found.status, found.result, found.is_over) == ("cancelled", None, True)
        with pytest.raises(studies.StudyIsOver):
            studies.ask_to_cancel(study_id=study_id, by="rosa")

    def test_a_book_that_makes_no_amount_is_refused(self, billed: cities.Billed) -> None:
        assert billed.again.total_cents

        with pytest.raises(operations.MakesNoBillLines, match="“Due day” makes no amount"):
            operations.ask_for_study(
                version_id=cities.draft_of("Due day"),
                data_day=cities.DATA_DAY,
                at=cities.LATER,
                by="rosa",
            )


class TestOnPaper:
    def test_writes_a_workbook_and_an_accessible_pdf_in_both_languages(
        self, billed: cities.Billed
    ) -> None:
        assert billed.again.total_cents
        study_id, _ = study(cities.draft_of("Electric charges", change=(b"0.07191", b"0.08191")))
        found = queries.study(study_id)

        for language in ("en", "es"):
            sheets = python_calamine.CalamineWorkbook.from_filelike(
                io.BytesIO(workbooks.written(found, language=language))
            )
            revenue = sheets.get_sheet_by_index(1).to_python()
            assert sum(float(str(row[4])) for row in revenue[1:]) == pytest.approx(31.59)
            largest = sheets.get_sheet_by_index(4).to_python()
            assert largest[1][0] == str(billed.again.number)
            made = papers.paper(found, language=language)
            assert b"pdfuaid" in made
            assert papers.paper(found, language=language) == made
