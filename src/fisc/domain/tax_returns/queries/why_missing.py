"""Why a missing return is estimated at so much, and why something is not asked for."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import explanations, wording
from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_returns import choices
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns.calculations import asking
from fisc.domain.tax_returns.queries import assessments, fact_words, governing, waivers
from fisc.plumbing import office_days

Part = choices.Part
_FACTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "highest_tax": "highest tax of the returns looked at",
        "average_tax": "average tax of the returns looked at",
        "returns_found": "returns looked at",
        "returns_missing": "returns missing",
        **fact_words.FACTS["en"],
    },
    "es": {
        "highest_tax": "impuesto más alto de las declaraciones consideradas",
        "average_tax": "impuesto promedio de las declaraciones consideradas",
        "returns_found": "declaraciones consideradas",
        "returns_missing": "declaraciones que faltan",
        **fact_words.FACTS["es"],
    },
}
_SAYINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "tax": "Estimated tax of the period from {day}",
        "penalty": "Late filing penalty of the estimated tax from {day}",
        "estimated": "no return of the period from {day} came, so {value} is estimated",
        "late": "{value} for filing late, by the day it was posted, {on}",
        "back": "the return of the period from {day} came: what was estimated is taken back",
        "taken": "Estimate taken back",
        "waived": "Waiver {number}",
        "waived_said": "{value} is not asked for: waiver {number}, for the reason “{reason}”, was "
        "asked for on {asked} and granted by another person on {granted}",
        "unwaived_said": "{value} is asked for again: less is charged than waiver {number} took "
        "off",
    },
    "es": {
        "tax": "Impuesto estimado del período desde el {day}",
        "penalty": "Multa por declarar tarde el impuesto estimado desde el {day}",
        "estimated": "no llegó la declaración del período desde el {day}, así que se estiman "
        "{value}",
        "late": "{value} por declarar tarde, al día en que se asentó, {on}",
        "back": "llegó la declaración del período desde el {day}: lo estimado se retira",
        "taken": "Estimación retirada",
        "waived": "Condonación {number}",
        "waived_said": "no se piden {value}: la condonación {number}, por el motivo «{reason}», se "
        "solicitó el {asked} y otra persona la concedió el {granted}",
        "unwaived_said": "se piden de nuevo {value}: se carga menos de lo que quitó la condonación "
        "{number}",
    },
}


def why_tax(of: assessments.Assessment, *, language: str) -> explanations.Why:
    """Explain what an assessment estimates, by the table as known when it was proposed."""
    version = versions.in_force(
        points.ESTIMATED_ASSESSMENT.name, day=of.missing.due_on, known_at=of.known_at
    )
    said, day = _SAYINGS[language], wording.day(of.missing.days.starts_on, language=language)
    value = wording.dollars(of.tax_cents)
    return _why(
        version,
        of.facts,
        name="amount",
        cents=of.tax_cents,
        title=said["tax"].format(day=day),
        sentence=said["estimated"].format(day=day, value=value),
        language=language,
    )


def why_penalty(
    of: assessments.Assessment, *, on: datetime.date, known_at: datetime.datetime, cents: int,
    language: str,
) -> explanations.Why:  # fmt: skip
    """Explain the penalty for filing late of an assessment, reckoned up to a day."""
    owed, late = assessments.cost(of.missing, tax_cents=of.tax_cents, on=on, known_at=known_at)
    said, day = _SAYINGS[language], wording.day(of.missing.days.starts_on, language=language)
    return _why(
        governing.penalties(owed, known_at=known_at),
        late.penalty_facts,
        name="late_filing",
        cents=cents,
        title=said["penalty"].format(day=day),
        sentence=said["late"].format(
            value=wording.dollars(cents), on=wording.day(on, language=language)
        ),
        language=language,
    )


def why_item(item_id: int, *, language: str) -> explanations.Why | None:
    """Explain an item of an assessment; None where it is of none."""
    found = assessments.of_item(item_id)
    if found is None:
        return None
    of, part, cents = found
    if cents < 0:
        said, day = _SAYINGS[language], wording.day(of.missing.days.starts_on, language=language)
        return explanations.Why(
            title=said["taken"],
            value=wording.dollars(cents),
            sentence=wording.sentence(said["back"].format(day=day)),
            is_equal=None,
            account_id=of.missing.account_id,
        )
    if part == Part.TAX:
        return why_tax(of, language=language)
    # An item is there once an assessment was approved and posted.
    assert of.posted_on is not None
    assert of.decided_at is not None
    return why_penalty(of, on=of.posted_on, known_at=of.decided_at, cents=cents, language=language)


def _why(
    version: versions.LoadedVersion, facts: asking.Facts, *, name: str, cents: int, title: str,
    sentence: str, language: str,
) -> explanations.Why:  # fmt: skip
    answer = tables.asked(version, facts, names=[name])[name]
    (computed,) = asking.ask(version.tables, [facts])
    vocabulary = tables.vocabulary([version.point], language=language, facts=_FACTS[language])
    return tables.why_of(
        answer,
        title=title,
        value=wording.dollars(cents),
        sentence="; ".join([sentence, *tables.said_of(answer, language=language)]),
        is_equal=computed[name] == answer.value and asking.cents(computed[name]) == cents,
        vocabulary=vocabulary,
        origins={},
    )


def why_waived(of: waivers.Waiver, *, cents: int, language: str) -> explanations.Why:
    """Explain what a granted waiver took off, or what was charged again of that."""
    assert of.decided_at is not None
    said = _SAYINGS[language]
    reason = code_lists.codes(waivers.REASONS)[of.reason]
    sentence = said["waived_said" if cents < 0 else "unwaived_said"].format(
        value=wording.dollars(abs(cents)),
        number=of.request_id,
        reason=reason.label(language),
        asked=wording.day(office_days.office_day(of.asked_at), language=language),
        granted=wording.day(office_days.office_day(of.decided_at), language=language),
    )
    return explanations.Why(
        title=said["waived"].format(number=of.request_id),
        value=wording.dollars(cents),
        sentence=wording.sentence(sentence),
        is_equal=None,
        account_id=of.account_id,
    )
