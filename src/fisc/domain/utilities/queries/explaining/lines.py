"""Explaining the lines of a bill: replayed from what was kept, with the versions that made them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import blocks, explanations, values, wording
from fisc.domain.utilities import decision_points as points
from fisc.domain.utilities.queries import rates
from fisc.domain.utilities.queries.explaining import facts, sources, words

OF_BILLS: tuple[declarations.DecisionPoint, ...] = (
    *rates.SERVICE_POINTS.values(),
    points.TAXES,
    points.BILL_MINIMUM,
)


class NoSuchLine(Exception):
    """A bill has no line of that number."""


@dataclass(frozen=True, slots=True)
class LineExplained:
    """One line of a bill and why it is what it is."""

    line_no: int
    amount_cents: int
    words: str
    why: explanations.Why


@dataclass(frozen=True, slots=True)
class BillExplained:
    """Every line of a bill explained, and whether together they are its total."""

    number: int
    total_cents: int
    lines: tuple[LineExplained, ...]

    @property
    def is_equal(self) -> bool:
        """Tell whether every line comes out the same, and all of them add up to the bill."""
        return all(each.why.is_equal for each in self.lines) and self.total_cents == sum(
            each.amount_cents for each in self.lines
        )


def explain_line(*, number: int, line_no: int, language: str = "en") -> LineExplained:
    """Explain a line of a bill by computing it again from what was kept.

    Raises bills.NoSuchBill, NoSuchLine, rule_tables.NoSuchEvaluation.
    """
    known = facts.of_bill(number)
    if all(each.line_no != line_no for each in known.lines):
        raise NoSuchLine(f"Bill {number} has no line {line_no}. It has 1 to {len(known.lines)}.")
    (line,) = explain_known(known, only={line_no}, language=language)
    return line


def explain_bill(*, number: int, language: str = "en") -> BillExplained:
    """Explain every line of a bill, what they rest on read once.

    Raises bills.NoSuchBill, rule_tables.NoSuchEvaluation.
    """
    known = facts.of_bill(number)
    return BillExplained(
        number=number,
        total_cents=known.head.total_cents,
        lines=explain_known(known, only=None, language=language),
    )


def explain_known(
    known: facts.Known, *, only: Collection[int] | None, language: str
) -> tuple[LineExplained, ...]:
    """Explain lines of a bill that was read: all, or those of some numbers.

    A line is equal when the version that made it gives, of the facts that were kept, what was
    kept of it and what stands on the bill. Raises rule_tables.NoSuchEvaluation.
    """
    lines = [each for each in known.lines if only is None or each.line_no in only]
    kept = tables.kept({(each.block_id, each.block_row) for each in lines})
    vocabulary = vocabulary_of_bills(
        language=language, generation=known.generation, as_of=known.head.as_of
    )
    answers = {
        key: tables.replayed(
            evaluation,
            names=[
                known.codes[line.code_id].code
                for line in lines
                if (line.block_id, line.block_row) == key
            ],
        )
        for key, evaluation in kept.items()
    }
    told = sources.Sources(known=known, vocabulary=vocabulary)
    found = []
    for line in lines:
        key = line.block_id, line.block_row
        code = known.codes[line.code_id]
        answer = answers[key][code.code]
        was = _kept_value(kept[key].row, answer.decision)
        found.append(
            LineExplained(
                line_no=line.line_no,
                amount_cents=line.amount_cents,
                words=code.label(language),
                why=explained(
                    answer,
                    cents=line.amount_cents,
                    label=code.label(language),
                    is_equal=values.agree(was, answer.value)
                    and wording.in_cents(answer.value) == line.amount_cents,
                    told=told.of_line(line),
                    vocabulary=vocabulary,
                ),
            )
        )
    return tuple(found)


def explained(
    answer: tables.Answered,
    *,
    cents: int,
    label: str,
    is_equal: bool,
    told: sources.Told,
    vocabulary: explanations.Vocabulary,
) -> explanations.Why:
    """Put an answer that is a line of a bill, or of a quote, into words."""
    language = vocabulary.language
    said = [
        *explanations.said(
            answer.steps, decision=answer.decision, lines=answer.lines, language=language
        ),
        *_part(answer.facts, language=language),
    ]
    lead = told.lead(answer)
    return explanations.Why(
        title=label,
        value=wording.dollars(cents),
        sentence=wording.sentence(
            words.SAYINGS[language]["line_after" if lead else "line"].format(
                lead=lead,
                line=label,
                amount=wording.dollars(cents),
                said=words.behind(tuple(said)),
            )
        ),
        is_equal=is_equal,
        steps=explanations.steps_taken(
            answer.steps, point=answer.version.point, vocabulary=vocabulary
        ),
        rows=explanations.rows_used(answer.steps, vocabulary=vocabulary),
        inputs=told.inputs(answer),
        versions=tables.versions_used(answer.version, language=language),
    )


# By database, generation, language and the editions of the lists: most bills have the same.
_vocabularies: dict[tuple[str, int, str, tuple[int, ...]], explanations.Vocabulary] = {}
MOST_VOCABULARIES = 16


def vocabulary_of_bills(
    *, language: str, generation: int | None = None, as_of: code_lists.AsOf | None = None
) -> explanations.Vocabulary:
    """Return what the facts, codes and lines of bills are called, kept until the lists change.

    With `as_of`, they are called as on that day, as far as was known at that instant.
    """
    current = code_lists.generation() if generation is None else generation
    editions = code_lists.all_governing(as_of=as_of, generation=current) if as_of else ()
    key = (tables.database(), current, language, editions)
    if key not in _vocabularies:
        if len(_vocabularies) >= MOST_VOCABULARIES:
            _vocabularies.pop(next(iter(_vocabularies)))
        _vocabularies[key] = tables.vocabulary(
            OF_BILLS,
            language=language,
            facts=words.FACTS[language],
            lines=rates.BILL_LINES,
            generation=current,
            as_of=as_of,
        )
    return _vocabularies[key]


def _part(given: Mapping[str, values.Value], *, language: str) -> list[str]:
    """Say of a line of a part how many days that is, or nothing of a whole period's."""
    part, whole = given.get("days_in_part"), given.get("days_in_period")
    if not isinstance(part, Decimal) or part == whole:
        return []
    return [words.SAYINGS[language]["part"].format(part=part, whole=whole)]


def _kept_value(row: blocks.KeptRow, decision: str) -> values.Value:
    return next((each.value for each in row.outputs if each.name == decision), None)
