"""A study as a workbook: one sheet a part, amounts as numbers of dollars."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from fisc.domain.rule_tables.queries import studies
from fisc.processes.rate_studies import naming, papers

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "about": "About", "revenue": "Revenue", "accounts": "Winners and losers",
        "users": "By usage", "largest": "Largest changes", "exceptions": "Not computed",
        "book": "Book", "version": "Version", "tables": "SHA-256 of the tables",
        "data day": "Bills through", "asked by": "Asked by", "figures": "SHA-256 of the figures",
        "bills": "Bills", "changed": "Bills that change", "more": "Accounts that pay more",
        "less": "Accounts that pay less", "same": "Accounts that pay the same", "class": "Class",
        "charge": "Charge", "before": "Before", "after": "After", "difference": "Difference",
        "from": "From, a bill", "to": "Below, a bill", "count": "Accounts", "tenth": "Tenth",
        "least": "Usage from", "most": "Usage to", "percent": "Change in percent",
        "number": "Bill", "month": "Month", "reason": "Reason", "billed": "Billed",
        "facts": "Asked with", "was": "Lines before", "becomes": "Lines after",
        "account": "Account id",
    },
    "es": {
        "about": "Acerca de", "revenue": "Ingresos", "accounts": "Ganan y pierden",
        "users": "Por consumo", "largest": "Mayores cambios", "exceptions": "Sin calcular",
        "book": "Libro", "version": "Versión", "tables": "SHA-256 de las tablas",
        "data day": "Facturas hasta", "asked by": "Pedido por", "figures": "SHA-256 de las cifras",
        "bills": "Facturas", "changed": "Facturas que cambian", "more": "Cuentas que pagan más",
        "less": "Cuentas que pagan menos", "same": "Cuentas que pagan lo mismo", "class": "Clase",
        "charge": "Cargo", "before": "Antes", "after": "Después", "difference": "Diferencia",
        "from": "Desde, por factura", "to": "Menos de, por factura", "count": "Cuentas",
        "tenth": "Décimo", "least": "Consumo desde", "most": "Consumo hasta",
        "percent": "Cambio en por ciento", "number": "Factura", "month": "Mes",
        "reason": "Motivo", "billed": "Facturado", "facts": "Preguntado con",
        "was": "Líneas antes", "becomes": "Líneas después", "account": "Id de la cuenta",
    },
}  # fmt: skip


def written(study: studies.Study, *, language: str) -> bytes:
    """Return a study as an .xlsx file. Raises papers.StudyIsNotDone."""
    result = papers.figures(study)
    words, names = WORDS[language], naming.names(language)
    buffer = io.BytesIO()
    # Numbers are written as text that a spreadsheet reads exactly; formulas never.
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": f"{study.book}, {study.number}", "created": study.asked_at})
    sheets = _Sheets(book, words)
    sheets.add("about", ("about", ""), _about(study, result, words))
    sheets.add(
        "revenue", ("class", "charge", "before", "after", "difference"),
        ((names.rate_class(row["class"]), names.charge(row["charge"]), *_amounts(row))
         for row in result["revenue"]),
    )  # fmt: skip
    sheets.add(
        "accounts", ("from", "to", "count"),
        ((_dollars(row["from_cents"]), _dollars(row["to_cents"]), row["accounts"])
         for row in result["histogram"]),
    )  # fmt: skip
    sheets.add(
        "users", ("tenth", "count", "least", "most", "before", "after", "percent"),
        ((row["tenth"], row["accounts"], _thousandth(row["usage_milli_from"]),
          _thousandth(row["usage_milli_to"]), _dollars(row["bill_before_cents"]),
          _dollars(row["bill_after_cents"]), _thousandth(row["percent_milli"]))
         for row in result["users"]),
    )  # fmt: skip
    sheets.add(
        "largest",
        ("number", "month", "account", "class", "before", "after", "difference", "facts", "was",
         "becomes"),
        ((str(row["number"]), row["month"], row["account_id"], names.rate_class(row["class"]),
          *_amounts(row), _facts(row), _lines(row, "before"), _lines(row, "after"))
         for row in result["largest"]),
    )  # fmt: skip
    sheets.add(
        "exceptions", ("reason", "bills", "billed", "number"),
        ((row["reason"], row["bills"], _dollars(row["billed_cents"]),
          " ".join(str(each) for each in row["numbers"])) for row in result["exceptions"]),
    )  # fmt: skip
    book.close()
    return buffer.getvalue()


class _Sheets:
    """The sheets of a workbook, each with a row of names."""

    def __init__(self, book: Any, words: Mapping[str, str]) -> None:
        self._book, self._words = book, words
        self._head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._money = book.add_format({"num_format": "#,##0.00;[Red]-#,##0.00"})

    def add(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Write a sheet."""
        sheet = self._book.add_worksheet(self._words[name])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, 18)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, self._words.get(column, ""), self._head)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                self._write(sheet, number, place, value)

    def _write(self, sheet: Any, row: int, place: int, value: Any) -> None:
        if value is None:
            return
        if isinstance(value, Decimal):
            # A spreadsheet knows no decimals; cents of a city's size are exact in what it has.
            sheet.write_number(row, place, value, self._money)
        elif isinstance(value, int):
            sheet.write_number(row, place, value)
        else:
            sheet.write_string(row, place, value)


def _about(
    study: studies.Study, result: Mapping[str, Any], words: Mapping[str, str]
) -> list[tuple[str, Any]]:
    accounts = result["accounts"]
    return [
        (words["book"], study.book),
        (words["version"], study.number),
        (words["tables"], study.sha256),
        (words["data day"], study.data_day.isoformat()),
        (words["asked by"], study.asked_by),
        (words["figures"], study.result_sha256),
        (words["bills"], result["bills"]),
        (words["changed"], result["changed_bills"]),
        *((words[name], accounts[name]) for name in ("more", "less", "same")),
    ]


def _amounts(row: Mapping[str, Any]) -> tuple[Decimal | None, ...]:
    return tuple(_dollars(row[f"{name}_cents"]) for name in ("before", "after", "difference"))


def _dollars(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents).scaleb(-2)


def _thousandth(milli: int | None) -> Decimal | None:
    return None if milli is None else Decimal(milli).scaleb(-3)


def _facts(row: Mapping[str, Any]) -> str:
    return "; ".join(
        ", ".join(f"{each['words']} {each['value']}" for each in part["facts"])
        for part in row["parts"]
    )


def _lines(row: Mapping[str, Any], side: str) -> str:
    return "; ".join(
        ", ".join(f"{each['line']} {each['value']}" for each in part[side]) for part in row["parts"]
    )
