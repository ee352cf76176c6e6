"""A book of one look-up table, and the file it is taken from."""

from __future__ import annotations

import datetime
from xml.sax import saxutils

from fisc.basics import periods
from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.calculations import sources
from fisc.domain.rule_tables.operations import drafts, source_rows, versions
from fisc.domain.rule_tables.queries import drafts as reading
from fisc.plumbing import transactions

LAW = "State rate file of January 2026"


def rates(count: int) -> list[tuple[str, str]]:
    """So many places, each with a rate."""
    return [(f"{number:05}", f"0.{600 + number % 250:04}") for number in range(count)]


def csv(*rows: tuple[str, str]) -> bytes:
    """A state's file of rates; it has a column that the table does not take."""

    def quoted(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    lines = [f"{quoted(place)},a place,{quoted(rate)}" for place, rate in rows]
    return "\n".join(["Place,Name,Rate", *lines, ""]).encode()


def file(*rows: tuple[str, str]) -> bytes:
    """A book with the look-up of a rate by place, and the charge that it makes."""
    rules = "".join(
        f"""
      <rule id="t_r{number}">
        <inputEntry id="t_r{number}_i1"><text>{saxutils.escape(f'"{place}"')}</text></inputEntry>
        <outputEntry id="t_r{number}_o1"><text>{rate}</text></outputEntry>
        <annotationEntry><text>{LAW}</text></annotationEntry>
      </rule>"""
        for number, (place, rate) in enumerate(rows, start=1)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="taxes" name="Taxes"
    namespace="https://fisc.example/tests/shared.tax_rates">
  <inputData id="i_place" name="place">
    <variable id="iv_place" name="place" typeRef="string"/>
  </inputData>
  <decision id="d" name="Tax rate">
    <variable id="v" name="Tax rate" typeRef="number"/>
    <informationRequirement id="r"><requiredInput href="#i_place"/></informationRequirement>
    <decisionTable id="t" hitPolicy="UNIQUE">
      <input id="t_i"><inputExpression id="t_ie" typeRef="string"><text>place</text>
      </inputExpression></input>
      <output id="t_o" typeRef="number" label="Rate"/>
      <annotation name="citation"/>{rules}
    </decisionTable>
  </decision>
</definitions>
""".encode()


BOOK, POINT, DECISION = "Tax rates", "shared.tax_rates", "Tax rate"
CASES = b"case,place,Tax rate\nThe city itself,00001,0.0601\n"


def draft(
    *rows: tuple[str, str],
    at: datetime.datetime,
    effective_from: datetime.date,
    by: str = "rosa",
) -> int:
    """A draft of the look-up with one case, in a book opened for it where there is none."""
    if not models.Book.objects.filter(name=BOOK).exists():
        drafts.start_book(name=BOOK, decision_point=POINT, by=by, at=at)
    version_id = drafts.start_draft(
        book=BOOK,
        effective=periods.Period(starts_on=effective_from),
        by=by,
        reason="The state published its rates",
        citation=LAW,
        at=at,
        content=file(*rows),
    )
    drafts.import_cases(
        version_id=version_id,
        content=CASES,
        based_on_sha256=reading.draft(version_id).case_sheet_sha256,
        by=by,
        at=at,
    )
    return version_id


def is_governed() -> bool:
    """Tell whether a version of the book is approved."""
    return models.Version.objects.filter(book__name=BOOK, approved_at__isnull=False).exists()


def approved(*rows: tuple[str, str], at: datetime.datetime, name: str) -> int:
    """A version of the book with its source, approved as files are that a city signed."""
    with transactions.started():
        version_id = versions.draft(
            of=versions.Draft(
                book=BOOK,
                decision_point=POINT,
                file_name="tax_rates.dmn",
                content=file(*rows),
                effective=periods.Period(starts_on=datetime.date(2026, 1, 1)),
                author="Ada",
                reason="The state published its rates",
                citation=LAW,
                case_sheet=CASES,
            ),
            at=at,
        )
        source_rows.keep(version_id=version_id, given=given(*rows, name=name), at=at)
        versions.put_in_test(version_id=version_id, at=at)
        versions.approve(version_id=version_id, approver="Grace", at=at)
    return version_id


def given(
    *rows: tuple[str, str], name: str = "rates.csv", columns: tuple[str, ...] = ("Place", "Rate")
) -> sources.Given:
    """The state's file, for the look-up."""
    return sources.Given(decision=DECISION, name=name, content=csv(*rows), columns=columns)
