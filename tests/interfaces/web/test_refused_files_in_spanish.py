"""What is wrong with a file of the state or of another system, said in Spanish."""

from __future__ import annotations

import datetime
import tomllib

import pytest
from django.utils import translation

from fisc.domain.state_collections import calculations
from fisc.interfaces.web import sentences
from fisc.processes.conversion.licenses import checking, layouts, sheets
from tests.factories import old_licenses
from tests.factories.tax_returns import CITY

HEADING = "license,business_name,period_start,city_share\n"
# A word that only English has; each stands in a sentence of a refusal.
ENGLISH = ("line ", " is ", " the ", "send ", "empty", "letters", " column ", "license type")
DAY = datetime.date(2026, 10, 3)


def in_spanish(text: str) -> str:
    with translation.override("es"):
        return sentences.in_language(text)


def state_errors(content: bytes) -> tuple[str, ...]:
    declared = tomllib.loads((CITY / "layouts" / "state_distribution.toml").read_text("utf-8"))
    layout = calculations.layout_of(declared, kind="distribution")
    with pytest.raises(calculations.FileIsRefused) as refused:
        calculations.read(content, name="share.csv", layout=layout)
    return refused.value.errors


STATE_FILES = {
    "wrong cells": (
        HEADING + "1001,A,2026-07-02,120.50\n,B,July,1.234\n1003,C\n"
        f"1004,{'x' * 300},2026-07-01,1\n1004,A,2026-07-01,1\nTRAILER,9,7.00,\n"
    ).encode(),
    "cut short": (HEADING + "1001,A,2026-07-01,1\n").encode(),
    "another layout": b"license,paid\n1,2\n",
    "another encoding": (HEADING + "1001,Caf\u00e9,2026-07-01,1\n").encode("latin-1"),
    "nothing": b"",
    "no text": HEADING.encode() + b"\0",
}


@pytest.mark.parametrize("name", STATE_FILES)
def test_a_refused_file_of_the_state(name: str) -> None:
    for error in state_errors(STATE_FILES[name]):
        said = in_spanish(error)
        assert said != error
        assert not [word for word in ENGLISH if word in said], said


def test_values_stay_as_they_came() -> None:
    first = state_errors(STATE_FILES["wrong cells"])[0]

    assert in_spanish(first) == (
        "renglón 2: un período empieza el primero de un mes, no 2026-07-02"
    )


ROWS: tuple[dict[str, str], ...] = (
    {"LIC_TYPE": "DRAGON", "STATUS": "Z", "STREET": "", "HOUSE_NO": "1" * 13},
    {"EXPIRES": "31.12.2026", "UNITS": "ten", "GROSS": "a lot", "CLASS": "NONE"},
    {"TERM_FROM": "01/01/1066", "ISSUED": "01/01/2026"},
    {"TERM_FROM": "12/31/2026", "EXPIRES": "01/01/2026"},
)


def layout() -> layouts.Layout:
    return layouts.layout_of(tomllib.loads(old_licenses.MAPPING.read_text("utf-8")))


def test_refused_rows_of_another_system() -> None:
    sheet = sheets.parse(old_licenses.file(*ROWS), name="old.csv", layout=layout())

    reasons = [each for row in sheet.refused for each in row.reasons]

    assert len(reasons) >= 10
    for reason in reasons:
        said = in_spanish(reason)
        assert said != reason
        assert not [word for word in ENGLISH if word in said], said
    assert "STREET: vacío. Toda licencia lo dice." in [in_spanish(each) for each in reasons]


def test_rows_refused_for_what_the_city_has() -> None:
    row, twice = {"STATUS": "X"}, {"OWNER_NAME": "Other"}
    sheet = sheets.parse(old_licenses.file(row, twice), name="old.csv", layout=layout())
    known = checking.Known(
        license_types=(), activities=(), by_name={}, by_address={},
        by_tax_id={"123456789": 7}, references={"98-0001"}, day=DAY,
    )  # fmt: skip

    _, refused = checking.checked(sheet.rows, known=known, tax_id_kind="EIN")

    said = [in_spanish(each) for each in refused[0].reasons]
    assert "“98-0001” está 2 veces. Es una sola licencia." in said
    assert "“98-0001” llegó con un archivo anterior, que sigue en pie." in said
    assert any(each.startswith("La parte 7 ya tiene este número fiscal.") for each in said)
    assert any(each.startswith("Está vencida, y su plazo dura hasta 2027-01-01.") for each in said)
    assert len(said) == len(set(said) - set(refused[0].reasons)) == 6


@pytest.mark.parametrize(
    "content", [b"", b"LIC_NO\n1\n", old_licenses.file({}) + b'"open', b"\xff\xfe,\0"]
)
def test_files_of_another_system_that_cannot_be_read(content: bytes) -> None:
    with pytest.raises(sheets.FileCannotBeRead) as refused:
        sheets.parse(content, name="old.csv", layout=layout())

    assert in_spanish(str(refused.value)) != str(refused.value)
