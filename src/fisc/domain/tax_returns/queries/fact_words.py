"""What explanations call the facts that tables of tax returns ask for, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fisc.domain.rule_tables.calculations import wording
from fisc.domain.tax_returns.calculations import lateness

FACTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "region": "region",
        "business_class": "business class",
        "gross": "gross receipts",
        "deductions": "deductions",
        "is_electronic": "sent electronically",
        "tax": "tax",
        "line_credits": "accounting credit of the lines",
        "excess_tax": "excess tax collected",
        "credit_taken_in_year": "accounting credit taken in the year",
        "credit_carried": "credit carried",
        "estimated_payments": "estimated payments",
        "is_on_time": "filed and paid in time",
        "tax_paid_late": "tax paid late",
        "money_months": "amounts paid late times their months late",
        "months_filed_late": "months or fractions filed late",
        "months_paid_late": "months or fractions paid late",
        "units": "units",
        "item_price": "price of the item",
        "months_in_period": "months in the period",
        "period_starts_on": "first day of the period",
        "penalty": "penalty",
        "interest": "interest",
        "taxable": "taxable amount",
        "land": "price of land",
        "limited_deductions": "deductions with a limit",
        "whole_months_filed_late": "whole months filed late",
        "whole_months_paid_late": "whole months paid late",
        "days_filed_late": "days filed late",
        "days_paid_late": "days paid late",
        "money_days": "amounts paid late times their days late",
        "unpaid_tax": "tax not paid",
        "months_before_part": "months begun before the part",
        "days_before_part": "days before the part",
    },
    "es": {
        "region": "región",
        "business_class": "clase de negocio",
        "gross": "ingresos brutos",
        "deductions": "deducciones",
        "is_electronic": "enviada por vía electrónica",
        "tax": "impuesto",
        "line_credits": "crédito contable de las líneas",
        "excess_tax": "impuesto cobrado en exceso",
        "credit_taken_in_year": "crédito contable tomado en el año",
        "credit_carried": "crédito de períodos anteriores",
        "estimated_payments": "pagos estimados",
        "is_on_time": "declarada y pagada a tiempo",
        "tax_paid_late": "impuesto pagado tarde",
        "money_months": "montos pagados tarde por sus meses de atraso",
        "months_filed_late": "meses o fracciones declarados tarde",
        "months_paid_late": "meses o fracciones pagados tarde",
        "units": "unidades",
        "item_price": "precio del artículo",
        "months_in_period": "meses del período",
        "period_starts_on": "primer día del período",
        "penalty": "multa",
        "interest": "interés",
        "taxable": "monto gravable",
        "land": "precio del terreno",
        "limited_deductions": "deducciones con límite",
        "whole_months_filed_late": "meses enteros declarados tarde",
        "whole_months_paid_late": "meses enteros pagados tarde",
        "days_filed_late": "días declarados tarde",
        "days_paid_late": "días pagados tarde",
        "money_days": "montos pagados tarde por sus días de atraso",
        "unpaid_tax": "impuesto sin pagar",
        "months_before_part": "meses comenzados antes de la parte",
        "days_before_part": "días antes de la parte",
    },
}

_FILED = (
    "gross", "deductions", "is_electronic", "excess_tax", "credit_carried", "estimated_payments",
    "units", "item_price", "land", "limited_deductions",
)  # fmt: skip
_OF = {
    **dict.fromkeys(_FILED, "filed"),
    **dict.fromkeys(("region", "business_class"), "line"),
    **dict.fromkeys(("months_in_period", "period_starts_on"), "period"),
    **dict.fromkeys(("tax", "taxable", "line_credits"), "lines"),
    "credit_taken_in_year": "year",
}
# Everything else that these tables ask is counted from the days of filing and paying.
_DAYS = "days"
_WHENCE: Mapping[str, Mapping[str, str]] = {
    "en": {
        "filed": "the return as it was filed",
        "line": "the line of the return",
        "period": "the filing period",
        "lines": "computed from the lines of the return",
        "year": "the filer's other returns of the year",
        "days": "the due day, and the days of filing and paying",
        "late": "due {due}, in time until {timely}, filed {filed}, paid {paid}",
        "not yet": "not yet",
    },
    "es": {
        "filed": "la declaración tal como se presentó",
        "line": "la línea de la declaración",
        "period": "el período de la declaración",
        "lines": "calculado de las líneas de la declaración",
        "year": "las otras declaraciones del año del mismo declarante",
        "days": "el día de vencimiento y los días de declarar y pagar",
        "late": "vencía el {due}, a tiempo hasta el {timely}, declarada el {filed}, pagada el "
        "{paid}",
        "not yet": "todavía no",
    },
}


def whence(
    names: Iterable[str], *, language: str, owed: lateness.Owed | None = None
) -> Mapping[str, str]:
    """Say where each of some facts comes from; of lateness with its days, where they are given."""
    said = dict(_WHENCE[language])
    if owed is not None:
        paid = [wording.day(each.day, language=language) for each in owed.paid]
        filed = owed.filed_on
        said[_DAYS] = said["late"].format(
            due=wording.day(owed.due_on, language=language),
            timely=wording.day(owed.timely_until, language=language),
            filed=wording.day(filed, language=language) if filed else said["not yet"],
            paid=", ".join(dict.fromkeys(paid)) or said["not yet"],
        )
    return {name: said[_OF.get(name, _DAYS)] for name in names}
