"""Why a penalty, or an interest, is less than its own table says: a cap on both together."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace

from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import explanations, wording
from fisc.domain.tax_returns import decision_points as points
from fisc.domain.tax_returns.calculations import asking, lateness, owing
from fisc.domain.tax_returns.queries import fact_words, governing

_SAYINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "cap": "cap on penalty and interest together",
        "said": "{before}; with the cap on penalty and interest together {value}: {said}",
    },
    "es": {
        "cap": "tope de multa e interés juntos",
        "said": "{before}; con el tope de multa e interés juntos {value}: {said}",
    },
}


def capped(
    why: explanations.Why, found: owing.Owing, owed: lateness.Owed, *, is_penalty: bool,
    known_at: datetime.datetime, language: str,
) -> explanations.Why:  # fmt: skip
    """Return an explanation with what the cap takes off added; as it is where nothing is."""
    before = found.uncapped_penalty_cents if is_penalty else found.uncapped_interest_cents
    after = found.penalty_cents if is_penalty else found.interest_cents
    version = governing.late_totals(owed.due_on, known_at=known_at)
    if version is None or before == after:
        return why
    facts = owing.total_facts(
        tax_cents=owed.tax_cents,
        penalty_cents=found.uncapped_penalty_cents,
        interest_cents=found.uncapped_interest_cents,
    )
    name = owing.AFTER_CAP[0 if is_penalty else 1]
    answer = tables.asked(version, facts, names=[name])[name]
    (computed,) = asking.ask(version.tables, [facts])
    said, value = _SAYINGS[language], wording.dollars(after)
    vocabulary = tables.vocabulary(
        [points.LATE_TOTALS], language=language, facts=fact_words.FACTS[language]
    )
    sentence = said["said"].format(
        before=why.sentence.rstrip("."),
        value=value,
        said="; ".join(tables.said_of(answer, language=language)),
    )
    whole = why.pieces or (explanations.Piece(why.title, before),)
    return replace(
        why,
        value=value,
        sentence=wording.sentence(sentence),
        is_equal=why.is_equal and asking.cents(computed[name]) == after,
        rows=(*why.rows, *explanations.rows_used(answer.steps, vocabulary=vocabulary)),
        pieces=(*whole, explanations.Piece(said["cap"], after - before)),
        versions=(*why.versions, *tables.versions_used(version, language=language)),
    )
