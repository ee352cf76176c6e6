"""A case for a rule table, made from a line of a bill that went out."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from fisc.domain.rule_tables.calculations import case_sheets
from fisc.domain.rule_tables.queries import drafts
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.utilities.queries import bills


class NoSuchLine(Exception):
    """A bill has no line of that number."""


@dataclass(frozen=True, slots=True)
class CaseOfLine:
    """A case, and the book and version that made the line."""

    book: str
    version_id: int
    case: case_sheets.Case


_LINE = """
select line.block_id, line.block_row
from utilities_bill bill
join utilities_bill_line line on line.bill_id = bill.id
where bill.number = %(number)s and line.line_no = %(line_no)s
"""


def case_of_line(*, number: int, line_no: int, name: str) -> CaseOfLine:
    """Return a case with the exact facts and answers of what made a line of a bill.

    Raises bills.NoSuchBill, NoSuchLine, rule_tables.NoSuchEvaluation.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LINE, {"number": number, "line_no": line_no})
        found = cursor.fetchone()
    if found is None:
        bills.bill(number=number)
        raise NoSuchLine(f"Bill {number} has no line {line_no}.")
    block_id, row = found
    version_id, _ = rule_tables.kept_row(block_id, row)
    return CaseOfLine(
        book=rule_tables.version(version_id).book,
        version_id=version_id,
        case=drafts.case_from_evaluation(block_id, row, name=name),
    )
