"""What is wrong with a city's forms is said at once, each with its file and its place."""

from __future__ import annotations

import hashlib
import pathlib
import shutil

import pytest
from django.conf import settings

from fisc.interfaces.cli import tables_forms

CITY = "city.2020-01-01.toml"


@pytest.fixture
def city(tmp_path: pathlib.Path) -> pathlib.Path:
    """A copy of the demonstration city to spoil."""
    return pathlib.Path(shutil.copytree(settings.FISC_CITY, tmp_path / "city"))


def changed(city: pathlib.Path, *changes: tuple[str, str], file: str = CITY) -> None:
    """Change a form, and have it signed as it is then."""
    path = city / "forms" / file
    content = path.read_text(encoding="utf-8")
    before = hashlib.sha256(content.encode()).hexdigest()
    for old, new in changes:
        assert old in content
        content = content.replace(old, new, 1)
    path.write_text(content, encoding="utf-8")
    signed(city, before, hashlib.sha256(content.encode()).hexdigest())


def signed(city: pathlib.Path, before: str, after: str) -> None:
    approvals = city / "forms" / "approvals.csv"
    text = approvals.read_text(encoding="utf-8")
    approvals.write_text(text.replace(before, after), encoding="utf-8")


def said(city: pathlib.Path) -> list[str]:
    return [str(each) for each in tables_forms.problems(city) if each.stops]


def test_the_demonstration_city_is_in_order() -> None:
    assert said(pathlib.Path(settings.FISC_CITY)) == []


def test_a_city_without_forms_has_nothing_wrong(city: pathlib.Path) -> None:
    shutil.rmtree(city / "forms")

    assert tables_forms.problems(city) == ()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('holds = "gross"', 'holds = "net"', "section city, column gross: nothing is called"),
        ('is = "city.tax"', 'is = "city.net"', "box tax_total: no amount above it is called"),
        ('regions = ["MS"]', 'regions = ["MS", "ZZ"]', "section city: the list “tax region” has"),
        ('code = "city"', 'code = "town"', "the list “return form” has no town"),
        ("preference = 10", 'preference = "first"', "preference is a whole number"),
        ("valid_from = 2020-01-01", 'valid_from = "2020-01-01"', "valid_from is a day"),
        ('es = "Impuesto total"', 'es = ""', "box total: write names in English (en) and Spanish"),
        ("most_lines", "most_rows", "there is no most_lines"),
        ("code =", "code", "it cannot be read"),
        ("valid_from = 2020-01-01", "valid_from = 2021-01-01", "named by code and first day"),
    ],
)  # fmt: skip
def test_each_mistake_is_said_where_it_is(
    city: pathlib.Path, old: str, new: str, words: str
) -> None:
    changed(city, (old, new))

    found = said(city)

    assert any(each.startswith(CITY) and words in each for each in found), found


def test_all_mistakes_of_all_files_are_said_at_once(city: pathlib.Path) -> None:
    changed(city, ('holds = "gross"', 'holds = "net"'), ('is = "city.tax"', 'is = "city.net"'))
    changed(city, ("most_lines", "most_rows"), file="state-city.2020-01-01.toml")
    (city / "letters" / "return_correction.typ").unlink()

    found = said(city)

    assert len(found) >= 4
    assert {each.partition(",")[0].partition(":")[0] for each in found} == {
        CITY,
        "state-city.2020-01-01.toml",
        "letters/return_correction.typ",
    }


class TestSignatures:
    def test_a_form_changed_since_names_the_hash_to_sign(self, city: pathlib.Path) -> None:
        path = city / "forms" / CITY
        path.write_bytes(path.read_bytes() + b"\n# Looked at.\n")

        (found,) = said(city)

        assert hashlib.sha256(path.read_bytes()).hexdigest() in found

    def test_its_author_alone_signs_nothing(self, city: pathlib.Path) -> None:
        approvals = city / "forms" / "approvals.csv"
        text = approvals.read_text(encoding="utf-8")
        approvals.write_text(
            text.replace("Martin Okafor, supervisor", "Rosa Alvarez, projects coordinator", 1),
            encoding="utf-8",
        )

        found = said(city)

        assert found[0].startswith("approvals.csv, line 2: ")
        assert "not signed as it is" in found[1]

    def test_none_at_all_is_said(self, city: pathlib.Path) -> None:
        (city / "forms" / "approvals.csv").unlink()

        assert said(city) == ["approvals.csv: no form is signed: the file is not there."]


class TestVersions:
    @staticmethod
    def second(city: pathlib.Path, first: str, before: str) -> list[str]:
        """What is said once another version begins on a day, and the first ends before one."""
        content = (city / "forms" / CITY).read_text(encoding="utf-8")
        name = f"city.{first}.toml"
        later = content.replace("valid_from = 2020-01-01", f"valid_from = {first}")
        (city / "forms" / name).write_text(later, encoding="utf-8")
        line = (
            f'{name},{hashlib.sha256(later.encode()).hexdigest()},A,B,2019-12-02T20:00:00Z,x,"y"\n'
        )
        with (city / "forms" / "approvals.csv").open("a", encoding="utf-8") as approvals:
            approvals.write(line)
        if before:
            day = "valid_from = 2020-01-01"
            changed(city, (day, f"{day}\nvalid_before = {before}"))
        return said(city)

    def test_that_follow_each_other_are_in_order(self, city: pathlib.Path) -> None:
        assert self.second(city, "2026-01-01", "2026-01-01") == []

    def test_that_overlap_are_said(self, city: pathlib.Path) -> None:
        (found,) = self.second(city, "2026-01-01", "")

        assert "another version from 2026-01-01 in city.2026-01-01.toml" in found

    def test_that_leave_days_out_are_said(self, city: pathlib.Path) -> None:
        (found,) = self.second(city, "2026-01-01", "2025-07-01")

        assert "begin from 2025-07-01 and before 2026-01-01 have no version" in found


def test_a_label_that_was_not_translated_is_to_be_looked_at(city: pathlib.Path) -> None:
    changed(city, ('es = "Impuesto total"', 'es = "Total tax"'))

    (found,) = tables_forms.problems(city)

    assert (found.place, found.stops) == ("box total", False)
