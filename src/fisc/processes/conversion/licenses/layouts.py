"""How another system writes its licenses: the declared mapping of its columns and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

#: What every row must say.
REQUIRED: Final = (
    "reference",
    "license_type",
    "business_name",
    "house_number",
    "street",
    "city",
    "state",
    "zip",
    "issued_on",
    "term_starts_on",
    "term_ends_on",
    "status",
)
#: What a row may say.
OPTIONAL: Final = (
    "trade_name",
    "tax_id",
    "unit",
    "phone",
    "email",
    "units",
    "gross_receipts",
    "activity",
)
STATUSES: Final = ("active", "suspended", "revoked", "expired", "closed")
_SAID: Final = ("name", "encoding", "delimiter", "date_format", "columns")
TAX_ID_KINDS: Final = ("EIN", "SSN", "ITIN")


class MappingIsWrong(Exception):
    """A declared mapping lacks something or names what Fisc does not know; says everything."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file of licenses is written, and what its words mean here."""

    name: str
    encoding: str
    delimiter: str
    date_format: str
    # What Fisc calls a column, and what the file's first row calls it.
    columns: Mapping[str, str]
    # The other system's words, and what they are here.
    license_types: Mapping[str, str]
    statuses: Mapping[str, str]
    activities: Mapping[str, str]
    # What a tax id of the file is: EIN, SSN or ITIN.
    tax_id_kind: str


def layout_of(declared: Mapping[str, Any]) -> Layout:
    """Return the mapping that a declaration says. Raises MappingIsWrong."""
    wrong = [f"It says no “{name}”." for name in _SAID if not declared.get(name)]
    columns = _texts(declared.get("columns", {}))
    if missing := [name for name in REQUIRED if name not in columns]:
        wrong.append(f"[columns] has no {', '.join(missing)}.")
    if unknown := sorted(set(columns) - set(REQUIRED) - set(OPTIONAL)):
        wrong.append(f"[columns] names {', '.join(unknown)}, which licenses do not have.")
    statuses = _texts(declared.get("statuses", {}))
    if odd := sorted(set(statuses.values()) - set(STATUSES)):
        wrong.append(f"[statuses] gives {', '.join(odd)}. A license is {', '.join(STATUSES)}.")
    kind = str(declared.get("tax_id_kind", ""))
    if "tax_id" in columns and kind not in TAX_ID_KINDS:
        wrong.append(f"“tax_id_kind” says which tax id it is: {', '.join(TAX_ID_KINDS)}.")
    if wrong:
        raise MappingIsWrong("The mapping cannot be used. " + " ".join(wrong))
    return Layout(
        name=str(declared["name"]),
        encoding=str(declared["encoding"]),
        delimiter=str(declared["delimiter"]),
        date_format=str(declared["date_format"]),
        columns=columns,
        license_types=_texts(declared.get("license_types", {})),
        statuses=statuses,
        activities=_texts(declared.get("activities", {})),
        tax_id_kind=kind,
    )


def _texts(found: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in found.items()}
