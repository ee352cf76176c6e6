"""Where a code, or a shared table, is used: which versions, in which cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fisc.dmn import model as dmn
from fisc.dmn.feel import syntax
from fisc.dmn.xml import problems
from fisc.domain.rule_tables import choices, models
from fisc.domain.rule_tables.calculations import fitting, loading, shared
from fisc.domain.rule_tables.queries import importing, versions

# Of one that was issued anew, the version whose content it has says the same.
_LIVING = (choices.Status.DRAFT, choices.Status.IN_TEST, choices.Status.APPROVED)


@dataclass(frozen=True, slots=True)
class Use:
    """A version that uses something, and where in it."""

    version_id: int
    book: str
    number: int
    status: str
    file_name: str
    # The cells and decisions; empty where only the whole list is named by the decision point.
    places: tuple[str, ...]


def uses_of_list(name: str) -> tuple[Use, ...]:
    """Return the versions, neither superseded nor discarded, whose book asks or gives a list."""
    return tuple(_use(row, ()) for row in _living() if name in _lists_of(row))


def uses_of_code(list_name: str, code: str) -> tuple[Use, ...]:
    """Return the living versions that name a code of a list, with every place that does.

    A draft that cannot be read is left out: nothing can be said of it.
    """
    found = []
    for row in _living():
        if list_name not in _lists_of(row):
            continue
        try:
            imported = importing.files(importing.of_version(row))
            model = loading.model_of(bytes(row.dmn), imported=imported)
        except problems.ModelIsRefused:
            continue
        if places := tuple(dict.fromkeys(_places(model, code))):
            found.append(_use(row, places))
    return tuple(found)


def importers(book: str) -> tuple[Use, ...]:
    """Return the living versions whose file imports a shared book, named as in `shared.fees`.

    The places are what each calls it. A draft that cannot be read is left out.
    """
    found = []
    for row in _living():
        try:
            wanted = shared.wanted(bytes(row.dmn))
        except problems.ModelIsRefused:
            continue
        if called := tuple(each.called for each in wanted if each.book == book):
            found.append(_use(row, called))
    return tuple(found)


def _living() -> Iterator[models.Version]:
    rows = models.Version.objects.select_related("book").filter(status__in=_LIVING, reissue_of=None)
    yield from rows.order_by("book__name", "number")


def _lists_of(row: models.Version) -> set[str]:
    point = versions.decision_points().get(row.book.decision_point)
    if point is None:
        return set()
    asked = {each.code_list for each in point.inputs}
    return (asked | {each.code_list for each in point.outputs}) - {""}


def _places(model: dmn.Model, code: str) -> Iterator[str]:
    for definitions in (model.definitions, *model.imported):
        where = "" if definitions is model.definitions else f"“{definitions.name}”, "
        for element, node in fitting.literals_of(definitions):
            for each in syntax.walk(node):
                if isinstance(each, syntax.StringLiteral) and each.value == code:
                    yield f"{where}{element.place}"


def _use(row: models.Version, places: tuple[str, ...]) -> Use:
    return Use(row.id, row.book.name, row.number, row.status, row.file_name, places)
