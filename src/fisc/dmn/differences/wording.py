"""Differences in words a coordinator understands, in English and Spanish.

The finding knows no language and this module decides nothing: each sentence is where, then what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fisc.dmn.differences.findings import Aspect, Change, Constant, Difference, Part

LANGUAGES: Final = ("en", "es")


class NoSuchLanguage(ValueError):
    """Differences are worded in English and in Spanish only."""


@dataclass(frozen=True, slots=True)
class _Language:
    elements: Mapping[Part, str]
    places: Mapping[Part, str]
    aspects: Mapping[Aspect, str]
    whole: Mapping[Change, str]
    rule: Mapping[Change, str]
    renamed: str
    moved: str
    changed: str
    filled: str
    emptied: str
    constraint: str
    same_meaning: str
    constant: str
    more: str
    less: str
    path: str
    in_rule: str
    in_rule_before: str


_ENGLISH: Final = _Language(
    elements={
        Part.FILE: "The file",
        Part.IMPORT: "The import “{element}”",
        Part.TYPE: "The type “{element}”",
        Part.INPUT: "The input “{element}”",
        Part.DECISION: "The decision “{element}”",
        Part.FUNCTION: "The function “{element}”",
        Part.SERVICE: "The decision service “{element}”",
    },
    places={
        Part.TABLE: "the table",
        Part.CONDITION_COLUMN: "the condition column “{column}”",
        Part.RESULT_COLUMN: "the result column “{column}”",
        Part.NOTE_COLUMN: "the note column “{column}”",
        Part.RULE: "the rule",
        Part.CONDITION: "condition “{column}”",
        Part.RESULT: "result “{column}”",
        Part.NOTE: "note “{column}”",
        Part.EXPRESSION: "the formula",
    },
    aspects={
        Aspect.WHOLE: "",
        Aspect.NAME: "the name",
        Aspect.NAMESPACE: "the namespace",
        Aspect.STANDARD: "the edition of the standard",
        Aspect.DESCRIPTION: "the description",
        Aspect.QUESTION: "the question",
        Aspect.ANSWERS: "the answers it may give",
        Aspect.TYPE: "the type",
        Aspect.VALUES: "the values allowed",
        Aspect.CONSTRAINT: "the constraint",
        Aspect.NEEDS: "what it is computed from",
        Aspect.PARAMETERS: "the names it declares",
        Aspect.MEMBERS: "what belongs to it",
        Aspect.LOCATION: "the location",
        Aspect.KIND: "the kind",
        Aspect.HIT_POLICY: "the hit policy",
        Aspect.AGGREGATION: "the way results are put together",
        Aspect.LABEL: "the heading",
        Aspect.DEFAULT: "the result when no rule matches",
        Aspect.TEXT: "",
        Aspect.ORDER: "the order of the columns",
    },
    whole={
        Change.ADDED: "{where} is new",
        Change.REMOVED: "{where} is gone",
        Change.CHANGED: "{where} is another",
        Change.MOVED: "{where} stands elsewhere",
    },
    rule={
        Change.ADDED: "{where} has a new rule {rule_after}: {after}",
        Change.REMOVED: "{where} no longer has its rule {rule_before}: {before}",
        Change.CHANGED: "{where}, rule {rule_after} is another",
        Change.MOVED: "{where}, rule {rule_before} is now rule {rule_after}: {after}",
    },
    renamed="{where}: its name was “{before}”",
    moved="{where} stands elsewhere",
    changed="{where}: “{before}” is now “{after}”",
    filled="{where}: nothing was written; it is now “{after}”",
    emptied="{where}: “{before}” is gone, and nothing is written",
    constraint="{where} is another",
    same_meaning=" (written otherwise, the same meaning)",
    constant="{before} → {after}",
    more="{percent} % more",
    less="{percent} % less",
    path="part “{path}”",
    in_rule="rule {number}",
    in_rule_before="rule {number} (was rule {before})",
)

_SPANISH: Final = _Language(
    elements={
        Part.FILE: "El archivo",
        Part.IMPORT: "La importación “{element}”",
        Part.TYPE: "El tipo “{element}”",
        Part.INPUT: "El dato de entrada “{element}”",
        Part.DECISION: "La decisión “{element}”",
        Part.FUNCTION: "La función “{element}”",
        Part.SERVICE: "El servicio de decisión “{element}”",
    },
    places={
        Part.TABLE: "la tabla",
        Part.CONDITION_COLUMN: "la columna de condición “{column}”",
        Part.RESULT_COLUMN: "la columna de resultado “{column}”",
        Part.NOTE_COLUMN: "la columna de notas “{column}”",
        Part.RULE: "la regla",
        Part.CONDITION: "condición “{column}”",
        Part.RESULT: "resultado “{column}”",
        Part.NOTE: "nota “{column}”",
        Part.EXPRESSION: "la fórmula",
    },
    aspects={
        Aspect.WHOLE: "",
        Aspect.NAME: "el nombre",
        Aspect.NAMESPACE: "el espacio de nombres",
        Aspect.STANDARD: "la edición de la norma",
        Aspect.DESCRIPTION: "la descripción",
        Aspect.QUESTION: "la pregunta",
        Aspect.ANSWERS: "las respuestas que puede dar",
        Aspect.TYPE: "el tipo",
        Aspect.VALUES: "los valores permitidos",
        Aspect.CONSTRAINT: "la restricción",
        Aspect.NEEDS: "aquello con lo que se calcula",
        Aspect.PARAMETERS: "los nombres que declara",
        Aspect.MEMBERS: "lo que le pertenece",
        Aspect.LOCATION: "la ubicación",
        Aspect.KIND: "la clase",
        Aspect.HIT_POLICY: "la política de aciertos",
        Aspect.AGGREGATION: "la forma de reunir los resultados",
        Aspect.LABEL: "el encabezado",
        Aspect.DEFAULT: "el resultado cuando ninguna regla coincide",
        Aspect.TEXT: "",
        Aspect.ORDER: "el orden de las columnas",
    },
    whole={
        Change.ADDED: "Se agregó: {where}",
        Change.REMOVED: "Se quitó: {where}",
        Change.CHANGED: "Cambió: {where}",
        Change.MOVED: "Cambió de lugar: {where}",
    },
    rule={
        Change.ADDED: "{where} tiene una nueva regla {rule_after}: {after}",
        Change.REMOVED: "{where} ya no tiene su regla {rule_before}: {before}",
        Change.CHANGED: "{where}, cambió la regla {rule_after}",
        Change.MOVED: "{where}, la regla {rule_before} es ahora la regla {rule_after}: {after}",
    },
    renamed="{where}: su nombre era “{before}”",
    moved="Cambió de lugar: {where}",
    changed="{where}: “{before}” es ahora “{after}”",
    filled="{where}: no había nada escrito; ahora es “{after}”",
    emptied="{where}: se quitó “{before}” y no hay nada escrito",
    constraint="Cambió: {where}",
    same_meaning=" (escrito de otra forma, con el mismo significado)",
    constant="{before} → {after}",
    more="{percent} % más",
    less="{percent} % menos",
    path="parte “{path}”",
    in_rule="regla {number}",
    in_rule_before="regla {number} (era la regla {before})",
)

_LANGUAGES: Final = {"en": _ENGLISH, "es": _SPANISH}
_IN_A_RULE: Final = frozenset({Part.CONDITION, Part.RESULT, Part.NOTE})


def words(difference: Difference, *, language: str) -> str:
    """Return one sentence on a difference. Raises NoSuchLanguage."""
    said = _language(language)
    sentence = _template(difference, said).format(
        where=_where(difference, said),
        before=difference.before,
        after=difference.after,
        rule_before=difference.rule_before,
        rule_after=difference.rule_after,
    )
    if difference.constants:
        listed = "; ".join(_constant(each, said) for each in difference.constants)
        sentence += f" ({listed})"
    elif difference.is_same_meaning:
        sentence += said.same_meaning
    return f"{sentence[0].upper()}{sentence[1:]}."


def place(difference: Difference, *, language: str) -> str:
    """Return where a difference is, without what it is. Raises NoSuchLanguage."""
    return _where(difference, _language(language))


def _language(code: str) -> _Language:
    if code not in _LANGUAGES:
        raise NoSuchLanguage(f"Differences are worded in {' and '.join(LANGUAGES)}, not in {code}.")
    return _LANGUAGES[code]


def _template(difference: Difference, said: _Language) -> str:
    if difference.part is Part.RULE and difference.aspect is Aspect.WHOLE:
        return said.rule[difference.change]
    if difference.aspect is Aspect.WHOLE:
        return said.whole[difference.change]
    if difference.aspect is Aspect.CONSTRAINT:
        return said.constraint
    if difference.aspect is Aspect.NAME and difference.part in said.elements:
        return said.renamed
    if not difference.before:
        return said.filled
    return said.changed if difference.after else said.emptied


def _where(difference: Difference, said: _Language) -> str:
    steps = []
    if difference.part in said.elements:
        steps.append(said.elements[difference.part].format(element=difference.element))
    else:
        steps.append(f"“{difference.element}”")
    if difference.path:
        steps.append(said.path.format(path=" / ".join(difference.path)))
    if number := _number(difference, said):
        steps.append(number)
    if difference.part in said.places and not _is_rule(difference):
        steps.append(_column(difference, said))
    aspect = said.aspects[difference.aspect]
    is_renaming = difference.aspect is Aspect.NAME and difference.part in said.elements
    if aspect and not is_renaming:
        steps.append(aspect)
    return ", ".join(steps)


def _is_rule(difference: Difference) -> bool:
    return difference.part is Part.RULE


def _number(difference: Difference, said: _Language) -> str:
    if difference.part is Part.RULE and difference.aspect is Aspect.WHOLE:
        return ""
    before, after = difference.rule_before, difference.rule_after
    if not (difference.part in _IN_A_RULE or _is_rule(difference)) or not after:
        return ""
    template = said.in_rule if before in (0, after) else said.in_rule_before
    return template.format(number=after, before=before)


def _column(difference: Difference, said: _Language) -> str:
    named = said.places[difference.part].format(column=difference.column)
    # The only result of a table often has no name.
    return named if difference.column else named.removesuffix("“”").strip()


def _constant(constant: Constant, said: _Language) -> str:
    text = said.constant.format(before=constant.before, after=constant.after)
    percent = constant.percent
    if percent is None or percent == 0:
        return text
    template = said.more if percent > 0 else said.less
    return f"{text}, {template.format(percent=abs(percent))}"
