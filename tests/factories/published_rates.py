"""Small rate files of invented utilities, and the bills that their books compute."""

from __future__ import annotations

import textwrap

from fisc.processes.conversion.owrs import bills, books, specification, tiers

HEAD = """\
metadata:
  effective_date: 07/01/2025
  utility_name: Invented Water District
  bill_frequency: Bi-Monthly
  bill_unit: ccf
rate_structure:
"""


def text_of(**classes: str) -> str:
    """The file of classes, each given by its fields as YAML."""
    body = "".join(
        f"  {name}:\n{textwrap.indent(textwrap.dedent(fields).strip(), '    ')}\n"
        for name, fields in classes.items()
    )
    return HEAD + body


def book(
    text: str,
    *,
    reading: tiers.Reading = tiers.Reading.FIRST_UNIT,
    replaced: frozenset[str] = frozenset(),
) -> books.Book:
    """The book of a file's text."""
    said = specification.read(text.encode(), file="invented.owrs")
    return books.make(said, reading=reading, replaced=replaced)


def amount(
    made: books.Book, of: str = "bill", *, customer_class: str = "HOME", **given: str
) -> object:
    """A line of a book, as the case evaluator and the columns compute it; they must agree."""
    reckoner = bills.reckoner(made)
    facts = reckoner.facts(customer_class, given)
    answer = reckoner.tables.answers(facts)[of]
    assert reckoner.by_columns([facts])[0][of] == answer
    return answer


def bill(fields: str, *, reading: tiers.Reading = tiers.Reading.FIRST_UNIT, **given: str) -> object:
    """The bill of a file of one class, HOME."""
    return amount(book(text_of(HOME=fields), reading=reading), **given)
