"""The files that a city's look-up tables were taken from: checked, brought in, and given back."""

from __future__ import annotations

import dataclasses
import datetime
import pathlib
import shutil

import pytest
from django.conf import settings

from fisc.dmn.checks import findings
from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.calculations import (
    checking,
    city_files,
    city_sources,
    publishing,
    sources,
)
from fisc.domain.rule_tables.operations import city as operations
from fisc.domain.rule_tables.operations import versions
from fisc.domain.rule_tables.queries import drafts
from fisc.domain.rule_tables.queries import sources as queries
from fisc.domain.rule_tables.queries import versions as reading
from tests.factories import look_ups

CITY = pathlib.Path(settings.FISC_CITY)
AT = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
# More rules than anybody writes cases for.
RATES = look_ups.rates(1_100)
JANUARY, APRIL = "shared.tax_rates.2026-01-01", "shared.tax_rates.2026-04-01"


def signed(folder: pathlib.Path, name: str, *rows: tuple[str, str], day: datetime.date) -> None:
    """Put a look-up with its case into a city's folder, signed."""
    content = look_ups.file(*rows)
    (folder / "tables" / f"{name}.dmn").write_bytes(content)
    (folder / "cases" / f"{name}.csv").write_bytes(look_ups.CASES)
    path = folder / "approvals.csv"
    approvals = city_files.read_approvals(path.read_bytes())
    line = dataclasses.replace(
        approvals[0],
        file=f"{name}.dmn",
        sha256=checking.sha256(content),
        book=look_ups.BOOK,
        decision_point=look_ups.POINT,
        effective_from=day,
        effective_before=None,
        approved_at=datetime.datetime.combine(day, datetime.time(12), datetime.UTC),
    )
    path.write_bytes(
        city_files.write_approvals(sorted([*approvals, line], key=lambda each: each.file))
    )


def said(folder: pathlib.Path, *lines: str, **files: bytes) -> None:
    """Write sources.csv and the files that it names."""
    (folder / "sources").mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / "sources" / f"{name}.csv").write_bytes(content)
    text = "\n".join(["file,decision,source,columns", *lines, ""])
    (folder / "sources.csv").write_text(text, encoding="utf-8")


def line(name: str, source: str, columns: str = '"Place,Rate"') -> str:
    return f"{name}.dmn,Tax rate,{source},{columns}"


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    """The demonstration city with a look-up of very many rules."""
    copy = pathlib.Path(shutil.copytree(CITY, tmp_path / "city"))
    signed(copy, JANUARY, *RATES, day=datetime.date(2026, 1, 1))
    return copy


def problems(folder: pathlib.Path, name: str = JANUARY) -> tuple[str, ...]:
    (found,) = [each for each in reading.check_city(path=folder) if each.file == f"{name}.dmn"]
    return found.problems


class TestChecking:
    def test_a_look_up_of_many_rules_wants_its_source(self, folder: pathlib.Path) -> None:
        (words,) = problems(folder)

        assert "1100 rules: too many to write a case for each" in words

    def test_one_that_agrees_needs_no_case_for_each_rule(self, folder: pathlib.Path) -> None:
        said(folder, line(JANUARY, "january.csv"), january=look_ups.csv(*RATES))

        assert problems(folder) == ()

    def test_one_that_differs_says_which_rows(self, folder: pathlib.Path) -> None:
        said(folder, line(JANUARY, "january.csv"), january=look_ups.csv(*RATES[1:], ("7x", "0.07")))

        words = " ".join(problems(folder))
        assert "only in the source: 7x, 0.07" in words
        assert "only in the table: 00000, 0.06" in words

    def test_what_differs_from_last_time_is_told(self, folder: pathlib.Path) -> None:
        april = [(RATES[0][0], "0.09"), *RATES[1:]]
        signed(folder, APRIL, *april, day=datetime.date(2026, 4, 1))
        said(
            folder,
            line(JANUARY, "january.csv"),
            line(APRIL, "april.csv"),
            january=look_ups.csv(*RATES),
            april=look_ups.csv(*april),
        )

        (found,) = [
            each.report
            for each in publishing.city(folder, points=reading.decision_points())
            if each.file == f"{APRIL}.dmn"
        ]

        assert found.of(findings.Kind.SOURCE) == ()
        (beside,) = found.reconciled
        assert beside.since_last == findings.SinceLast(
            name="january.csv",
            added=0,
            removed=0,
            changed=1,
            listed=(("00000, 0.06", "00000, 0.09"),),
        )

    def test_everything_wrong_with_the_list_is_said_at_once(self, folder: pathlib.Path) -> None:
        said(
            folder,
            line("nothing", "january.csv"),
            line(JANUARY, "../approvals.csv"),
            line(JANUARY, "january.csv", '"""Place"'),
            january=b"",
            stray=b"",
        )

        with pytest.raises(city_sources.SourcesAreWrong) as refused:
            problems(folder)

        words = str(refused.value)
        assert "line 2: no file nothing.dmn is in approvals.csv" in words
        assert "line 3: sources/ has no file ../approvals.csv" in words
        assert "line 4: “Tax rate” of shared.tax_rates.2026-01-01.dmn has two sources" in words
        assert "does not name columns between commas" in words
        assert "sources/stray.csv is in no line" in words

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"\xff\xfe", "not CSV in UTF-8"),
            (b"file,source\n", "has the columns file,decision,source,columns"),
            (b"file,decision,source,columns\na,b\n", "line 2: not 4 columns"),
        ],
    )
    def test_a_list_that_cannot_be_read_is_refused(
        self, folder: pathlib.Path, content: bytes, words: str
    ) -> None:
        (folder / "sources.csv").write_bytes(content)

        with pytest.raises(city_sources.SourcesAreWrong, match=words):
            problems(folder)

    def test_a_decision_that_is_no_table_is_named(self, folder: pathlib.Path) -> None:
        said(
            folder,
            f"{JANUARY}.dmn,Rate,january.csv,Place",
            january=look_ups.csv(*RATES),
        )

        assert "There is no table “Rate”" in problems(folder)[0]


@pytest.mark.usefixtures("db")
class TestImporting:
    def test_and_exporting_gives_the_same_bytes(self, folder: pathlib.Path) -> None:
        signed(folder, APRIL, *RATES[1:], day=datetime.date(2026, 4, 1))
        said(
            folder,
            line(JANUARY, "january.csv"),
            line(APRIL, "april.csv"),
            january=look_ups.csv(*RATES),
            april=look_ups.csv(*RATES[1:]),
        )

        operations.import_city(path=folder, at=AT)
        again = operations.import_city(path=folder, at=AT + datetime.timedelta(days=1))

        assert again.tables_new == 0
        exported = queries.city_folder()
        assert {name: (folder / name).read_bytes() for name in exported} == exported
        assert sorted(exported) == ["sources.csv", "sources/april.csv", "sources/january.csv"]
        version = models.Version.objects.get(file_name=f"{APRIL}.dmn")
        (beside,) = drafts.check(version.id).reconciled
        assert beside.agrees
        assert beside.since_last is not None
        assert (beside.since_last.name, beside.since_last.removed) == ("january.csv", 1)

    def test_a_table_that_is_not_its_source_stays_out_with_everything(
        self, folder: pathlib.Path
    ) -> None:
        said(folder, line(JANUARY, "january.csv"), january=look_ups.csv(*RATES[1:]))

        with pytest.raises(versions.VersionDoesNotFit, match="only in the table: 00000"):
            operations.import_city(path=folder, at=AT)

        assert not models.Version.objects.exists()
        assert not models.Source.objects.exists()

    def test_a_city_without_sources_has_none(self) -> None:
        operations.import_city(path=CITY, at=AT)

        assert queries.city_folder() == {}


def test_files_of_one_name_are_kept_apart() -> None:
    of = [look_ups.given(*RATES[:number], name="rates.csv") for number in (1, 2)]
    strange = sources.Given("Tax rate", "../..", b"x", ("a",))

    found = city_sources.written([("a.dmn", of[0]), ("b.dmn", of[1]), ("c.dmn", strange)])

    assert len(found) == 4
    assert found["sources/rates.csv"] == of[0].content
    assert of[1].content in found.values()
    assert all(len(pathlib.PurePath(name).parts) <= 2 for name in found)
    assert not any(name.endswith("/..") for name in found)
