"""Bills of a reference, computed again: agreement, differences and refusals, each named."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest

from fisc.processes.conversion import queries
from fisc.processes.conversion.owrs import agreement, tiers
from tests import shared_facts
from tests.factories import published_rates as rates

FIELDS = """
service_charge: {depends_on: meter_size, values: {S: 10, L: 20}}
commodity_charge: Tiered
tier_starts: [0, 10]
tier_prices: [1, 2]
bill: service_charge+commodity_charge
"""


def case(bill: str, *, size: str = "S", customer_class: str = "HOME", **more: Any) -> str:
    return json.dumps(
        {
            "file": "a/one.owrs",
            "class": customer_class,
            "inputs": {"usage_ccf": "12", "meter_size": size},
            "components": {},
            "bill": bill,
        }
        | more
    )


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    (tmp_path / "files" / "a").mkdir(parents=True)
    (tmp_path / "files" / "a" / "one.owrs").write_text(
        rates.text_of(HOME=FIELDS, SHOP="bill: round(1)"), encoding="utf-8"
    )
    return tmp_path


def checked(folder: pathlib.Path, *lines: str, **more: Any) -> agreement.Agreement:
    (folder / "cases.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return queries.agreement_of_folder(folder, **more)


class TestAgreement:
    def test_counts_bills_that_agree_by_both_evaluators(self, folder: pathlib.Path) -> None:
        # 9 * 1 + 3 * 2, above a fixed charge of 10 or 20
        found = checked(
            folder, case("25"), case("35", size="L", components={"service_charge": "20"})
        )

        assert (found.bills, found.agree, found.differ, found.refused) == (2, 2, 0, 0)
        assert found.by_columns == 2

    def test_names_what_differs(self, folder: pathlib.Path) -> None:
        found = checked(folder, case("25.01"), case("25", components={"service_charge": "11"}))

        assert (found.agree, found.differ) == (0, 2)
        assert "bill is 25.01, computed 25" in found.differences[0]
        assert found.differences[0].startswith("cases.jsonl line 1: a/one.owrs, HOME, usage_ccf 12")
        assert "service_charge is 11, computed 10" in found.differences[1]

    def test_a_line_that_the_book_lacks_is_a_difference(self, folder: pathlib.Path) -> None:
        found = checked(folder, case("25", components={"sewer": "1"}))

        assert "sewer is 1, and the book has no such line" in found.differences[0]

    def test_names_what_is_refused_and_why(self, folder: pathlib.Path) -> None:
        found = checked(
            folder,
            case("25", size="XL"),
            case("1", customer_class="SHOP"),
            case("25", inputs={"meter_size": "S", "usage_ccf": "much"}),
            case("25", inputs={"meter_size": "S"}),
        )

        assert (found.bills, found.refused, found.agree) == (4, 4, 0)
        text = "\n".join(found.refusals)
        assert "HOME service_charge has no value for meter_size XL" in text
        assert "class SHOP, field bill: “round(…)”" in text
        assert "usage_ccf is “much”" in text

    def test_a_file_or_class_that_is_not_there(self, folder: pathlib.Path) -> None:
        found = checked(folder, case("1", file="../cases.jsonl"), case("1", customer_class="FARM"))

        assert "There is no such file" in found.refusals[0]
        assert "class FARM: The file has no such class" in found.refusals[1]

    def test_the_other_reading_of_starts_differs(self, folder: pathlib.Path) -> None:
        found = checked(folder, case("25"), reading=tiers.Reading.BOUNDARY)

        assert "bill is 25, computed 24" in found.differences[0]

    def test_says_what_becomes_of_what_the_reference_could_not(self, folder: pathlib.Path) -> None:
        (folder / "not-computed.csv").write_text(
            "file,class,reason\na/one.owrs,SHOP,x\na/one.owrs,HOME,y\na/two.owrs,,z\n",
            encoding="utf-8",
        )

        found = checked(folder, case("25"))

        assert [each.split(": ")[1] for each in found.beyond_refused] == [
            "class SHOP, field bill",
            "There is no such file.",
        ]
        assert "look like boundaries" in found.beyond_read[0]

    @pytest.mark.parametrize(
        "line", ["{", "[]", "{}", case("much"), case("1", inputs={"a": None}), case("NaN")]
    )
    def test_a_line_that_is_no_case(self, folder: pathlib.Path, line: str) -> None:
        with pytest.raises(agreement.FolderIsWrong, match="line 1"):
            checked(folder, line)

    def test_a_folder_without_cases(self, tmp_path: pathlib.Path) -> None:
        with pytest.raises(agreement.FolderIsWrong, match=r"has no cases\.jsonl"):
            queries.agreement_of_folder(tmp_path)


class TestRealUtilities:
    def test_every_bill_of_every_twelfth_file_agrees(self, tmp_path: pathlib.Path) -> None:
        shared = shared_facts.path_of("owrs")
        by_file: dict[str, list[str]] = {}
        with (shared / "cases.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                by_file.setdefault(json.loads(line)["file"], []).append(line.strip())
        chosen = [line for file in sorted(by_file)[::12] for line in by_file[file]]
        (tmp_path / "files").symlink_to(shared / "files")

        found = checked(tmp_path, *chosen)

        assert (found.differences, found.refusals) == ([], [])
        assert found.agree == found.by_columns == len(chosen)

    def test_what_the_reference_could_not_compute_is_refused_or_read_with_a_note(
        self, tmp_path: pathlib.Path
    ) -> None:
        shared = shared_facts.path_of("owrs")
        (tmp_path / "files").symlink_to(shared / "files")
        (tmp_path / "not-computed.csv").write_bytes((shared / "not-computed.csv").read_bytes())

        found = checked(tmp_path)

        assert (len(found.beyond_refused), len(found.beyond_read)) == (11, 31)
        assert any("is written twice, line" in each for each in found.beyond_refused)
