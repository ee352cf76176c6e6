"""From a rate file to a book and its cases in a folder: both, or nothing."""

from __future__ import annotations

import pathlib

import pytest
from lxml import etree

from fisc.dmn.xml import reader
from fisc.processes.conversion import operations, queries
from fisc.processes.conversion.owrs import problems
from tests.factories import published_rates as rates

TIERED = """
service_charge: {depends_on: meter_size, values: {5/8": 10, 1|1/2": 25.40}}
commodity_charge: Tiered
tier_starts: [0, 11, 21]
tier_prices: [1, 2.05, 4]
bill: service_charge+commodity_charge
"""
STEM = "owrs.invented_water_district.2025-07-01"


@pytest.fixture
def file(tmp_path: pathlib.Path) -> pathlib.Path:
    path = tmp_path / "invented.owrs"
    path.write_text(rates.text_of(HOME=TIERED), encoding="utf-8")
    return path


class TestImport:
    def test_writes_a_book_that_is_read_strictly_and_its_cases(
        self, file: pathlib.Path, tmp_path: pathlib.Path
    ) -> None:
        done = operations.import_rates(file=file, to=tmp_path / "out")

        assert done.table == tmp_path / "out" / "tables" / f"{STEM}.dmn"
        model = reader.read(done.table.read_bytes())
        assert [each.name for each in model.definitions.inputs] == [
            "customer_class",
            "meter_size",
            "usage_ccf",
        ]
        (tested,) = queries.tests_of_folder(tmp_path / "out")
        assert (tested.problems, tested.cases) == ((), done.cases)

    def test_the_cases_meet_every_rule_and_step_over_every_boundary(
        self, file: pathlib.Path, tmp_path: pathlib.Path
    ) -> None:
        done = operations.import_rates(file=file, to=tmp_path / "out")

        lines = done.sheet.read_text(encoding="utf-8").splitlines()
        assert lines[0] == (
            "case,customer_class,meter_size,usage_ccf,service_charge,commodity_charge,bill"
        )
        # 10 * 1 + 10 * 2.05 + 1 * 4
        assert 'HOME,"5/8""",21,10,34.50,44.50' in "\n".join(lines)
        assert any(line.endswith(",25.40,34.50,59.90") for line in lines)
        assert {line.split(",")[-4] for line in lines[1:]} == {"0", "10", "11", "20", "21"}

    def test_an_editor_finds_dmn_1_3_with_every_element_drawn(
        self, file: pathlib.Path, tmp_path: pathlib.Path
    ) -> None:
        done = operations.import_rates(file=file, to=tmp_path / "out")

        root = etree.fromstring(done.table.read_bytes())
        assert etree.QName(root).namespace == "https://www.omg.org/spec/DMN/20191111/MODEL/"
        ids = [each.get("id") for each in root.iter() if each.get("id")]
        assert len(ids) == len(set(ids))
        drawn = {each.get("dmnElementRef") for each in root.iter("{*}DMNShape")}
        assert drawn == {
            each.get("id")
            for each in root
            if etree.QName(each).localname in {"inputData", "decision"}
        }

    def test_the_same_file_again_changes_nothing(
        self, file: pathlib.Path, tmp_path: pathlib.Path
    ) -> None:
        first = operations.import_rates(file=file, to=tmp_path / "out").table.read_bytes()

        second = operations.import_rates(file=file, to=tmp_path / "out").table.read_bytes()

        assert first == second

    def test_another_content_of_that_name_is_not_overwritten(
        self, file: pathlib.Path, tmp_path: pathlib.Path
    ) -> None:
        done = operations.import_rates(file=file, to=tmp_path / "out")
        before = done.table.read_bytes()
        file.write_text(rates.text_of(HOME=TIERED.replace("25.40", "26")), encoding="utf-8")

        with pytest.raises(operations.BookIsThere, match="is there already and differs"):
            operations.import_rates(file=file, to=tmp_path / "out")

        assert done.table.read_bytes() == before

    def test_a_changed_rate_fails_its_cases(
        self, file: pathlib.Path, tmp_path: pathlib.Path
    ) -> None:
        done = operations.import_rates(file=file, to=tmp_path / "out")
        done.table.write_bytes(done.table.read_bytes().replace(b"25.40", b"25.41"))

        (tested,) = queries.tests_of_folder(tmp_path / "out")

        assert "service_charge is 25.41, expected 25.40" in tested.problems[0]

    @pytest.mark.parametrize("fields", ["bill: round(1)", TIERED.replace("11, 21", "21, 11")])
    def test_a_refused_class_or_a_doubt_leaves_nothing_written(
        self, file: pathlib.Path, tmp_path: pathlib.Path, fields: str
    ) -> None:
        file.write_text(rates.text_of(GOOD="bill: 1", HOME=fields), encoding="utf-8")

        with pytest.raises(problems.RatesAreRefused, match=r"invented\.owrs: class HOME, "):
            operations.import_rates(file=file, to=tmp_path / "out")

        assert not (tmp_path / "out").exists()

    def test_unless_that_is_accepted(self, file: pathlib.Path, tmp_path: pathlib.Path) -> None:
        file.write_text(
            rates.text_of(
                GOOD="bill: 1",
                HOME="bill: round(1)",
                SHOP=TIERED.replace("11, 21", "21, 11"),
            ),
            encoding="utf-8",
        )

        done = operations.import_rates(
            file=file, to=tmp_path / "out", leaves_out_refused=True, accepts_doubts=True
        )

        assert done.classes == ("GOOD", "SHOP")
        assert [each.customer_class for each in done.left_out] == ["HOME"]
        assert "out of order" in done.doubts[0]

    def test_a_folder_that_cannot_be_written_keeps_no_half(
        self, file: pathlib.Path, tmp_path: pathlib.Path
    ) -> None:
        out = tmp_path / "out"
        out.mkdir()
        (out / "cases").write_text("in the way", encoding="utf-8")

        with pytest.raises(OSError, match="cases"):
            operations.import_rates(file=file, to=out)

        assert not list((out / "tables").iterdir())

    def test_names_and_keys_with_every_kind_of_sign(
        self, file: pathlib.Path, tmp_path: pathlib.Path
    ) -> None:
        text = rates.text_of(
            **{"NON-RES/ <b>": "bill: {depends_on: k, values: {'a\"\\<&é': 3}}"},
            NON_RES_b="bill: 4",
        )
        file.write_text(text, encoding="utf-8")

        done = operations.import_rates(file=file, to=tmp_path / "out")

        assert done.classes == ("NON-RES/ <b>", "NON_RES_b")
        assert queries.tests_of_folder(tmp_path / "out")[0].problems == ()

    def test_a_folder_without_books(self, tmp_path: pathlib.Path) -> None:
        with pytest.raises(queries.NoRateBooks, match="import-owrs"):
            queries.tests_of_folder(tmp_path)
