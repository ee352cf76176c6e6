"""Explaining what was calculated and not billed: a line of a quote, and why a bill is held."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from fisc.basics.periods import Period
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import explanations, values, wording
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.utilities import decision_points as points
from fisc.domain.utilities.calculations import bills as calculation
from fisc.domain.utilities.queries import bills, calculating, held, previews, rates
from fisc.domain.utilities.queries.explaining import lines, sources, words


class NoSuchQuotedLine(Exception):
    """A quote has no line of that number."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """The facts of a quote are as somebody asked; a tax rests on the quote's own lines."""

    period: Period
    vocabulary: explanations.Vocabulary
    lines: Sequence[tuple[code_lists.Code, int]]

    def lead(self, answer: tables.Answered) -> str:
        """Return how the sentence begins: the usage that is asked about."""
        assert self.period.ends_before is not None
        language = self.vocabulary.language
        return sources.used_lead(
            answer,
            saying=words.SAYINGS[language]["quoted"],
            first=self.period.starts_on,
            last=self.period.ends_before,
            language=language,
        )

    def inputs(self, answer: tables.Answered) -> tuple[explanations.InputUsed, ...]:
        """Return the facts that the answer looked at."""
        declared = answer.version.point.input_by_name
        return tuple(
            explanations.InputUsed(
                words=self.vocabulary.fact(declared[name]),
                value=self.vocabulary.value(answer.facts[name], declared=declared[name]),
                origin=self._origin(name),
            )
            for name in answer.used
        )

    def _origin(self, name: str) -> str:
        origins = words.ORIGINS[self.vocabulary.language]
        if not name.endswith("_charges"):
            return origins["asked"]
        charge = name.removesuffix("_charges")
        chosen = [
            f"{code.label(self.vocabulary.language)} {wording.dollars(cents)}"
            for code, cents in self.lines
            if code.attributes.get("charge") == charge
        ]
        if not chosen:
            return origins["no_lines"]
        return origins["lines"].format(lines=" + ".join(chosen))


def explain_quoted_line(
    *, services: Sequence[previews.QuotedService], period: Period, bill_day: datetime.date,
    inside_city: bool, known_at: datetime.datetime, line_no: int, language: str = "en",
) -> explanations.Why:  # fmt: skip
    """Explain a line of a quote, counted from 1, by the case evaluator beside the columns.

    Raises NoSuchQuotedLine, rule_tables.NoVersionForDate.
    """
    calculated = previews.calculated_quote(
        services=services,
        period=period,
        bill_day=bill_day,
        inside_city=inside_city,
        known_at=known_at,
    )
    quoted = calculated.lines
    if not 1 <= line_no <= len(quoted.bill):
        raise NoSuchQuotedLine(f"The quote has {len(quoted.bill)} lines, no line {line_no}.")
    place = line_no - 1
    codes = code_lists.codes_by_id(rates.BILL_LINES)
    code = codes[int(quoted.code_id[place])]
    answer = _answer(
        calculated.evaluations[int(quoted.evaluation[place])],
        row=int(quoted.evaluation_row[place]),
        name=code.code,
    )
    cents = int(quoted.amount_cents[place])
    vocabulary = lines.vocabulary_of_bills(language=language)
    told = _Asked(
        period,
        vocabulary,
        [
            (codes[each], amount)
            for each, amount in zip(
                quoted.code_id.tolist(), quoted.amount_cents.tolist(), strict=True
            )
        ],
    )
    return lines.explained(
        answer,
        cents=cents,
        label=code.label(language),
        is_equal=wording.in_cents(answer.value) == cents,
        told=told,
        vocabulary=vocabulary,
    )


def explain_held(
    *, account_id: int, bill_day: datetime.date, known_at: datetime.datetime, language: str = "en"
) -> explanations.Why:
    """Explain why a bill is held: calculated again, and the bill-edit table asked again.

    It is equal when the same reads and tables give the same total and reason as on its day.
    Raises held.NothingIsHeld, previews.NothingToBill, rule_tables.NoVersionForDate.
    """
    waiting = held.held_on(account_id=account_id, bill_day=bill_day, language=language)
    scope = previews.released_scope(
        account_id=account_id, held_on=waiting.bill_day, bill_day=waiting.bill_day
    )
    calculated = calculating.calculate(scope, known_at=known_at).calculated
    if calculated is None:
        raise previews.NothingToBill(
            "Nothing of that day is left to bill. Its days wait for the next bill."
        )
    edit = next(each for each in calculated.evaluations if each.point == points.BILL_EDIT.name)
    (line,) = points.BILL_EDIT.outputs
    answer = _answer(edit, row=0, name=line.name)
    said = tables.said_of(answer, language=language)
    return tables.why_of(
        answer,
        title=waiting.reason,
        value=wording.dollars(waiting.total_cents),
        sentence=words.SAYINGS[language]["held" if answer.value else "not_held"].format(
            amount=wording.dollars(waiting.total_cents),
            said=words.behind(said or (waiting.reason,)),
        ),
        is_equal=answer.value == waiting.reason_code
        and int(calculated.total_cents[0]) == waiting.total_cents,
        vocabulary=tables.vocabulary(
            [answer.version.point], language=language, facts=words.FACTS[language]
        ),
        origins=_held_origins(account_id, language=language),
        account_id=account_id,
    )


def _held_origins(account_id: int, *, language: str) -> dict[str, str]:
    origins = words.ORIGINS[language]
    before = next(
        (each for each in bills.bills_of(account_id=account_id) if not each.is_cancelled), None
    )
    previous = ""
    if before is not None:
        previous = origins["bill"].format(
            number=before.number, day=wording.day(before.bill_day, language=language)
        )
    return {
        "bill_total": origins["calculated"],
        "previous_total": previous,
        **dict.fromkeys(("estimated_reads", "days_billed", "rate_class"), origins["agreements"]),
    }


def _answer(evaluation: calculation.Evaluation, *, row: int, name: str) -> tables.Answered:
    """Ask the version of a calculation's row again, with that row's facts."""
    version = rule_tables.version(evaluation.version_id)
    declared = version.point.input_by_name
    given = {
        each: values.from_column(column, row, declared=declared[each].declared())
        for each, column in evaluation.inputs.items()
    }
    return tables.asked(version, given, names=[name])[name]
