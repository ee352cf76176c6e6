"""Explaining a bill's total and the day it is due."""

from __future__ import annotations

import datetime
from decimal import Decimal

from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import explanations, wording
from fisc.domain.rule_tables.queries import versions as rule_tables
from fisc.domain.utilities import decision_points as points
from fisc.domain.utilities.queries import rates
from fisc.domain.utilities.queries.explaining import facts, words


class ClassIsNotKnown(Exception):
    """A bill's rate class, which the due-day table asks for, is not to be found."""


def explain_total(*, number: int, language: str = "en") -> explanations.Why:
    """Explain a bill's total by its lines, added up again. Raises bills.NoSuchBill."""
    known = facts.of_bill(number)
    services = code_lists.codes("service", generation=known.generation, as_of=known.head.as_of)
    sayings = words.SAYINGS[language]
    groups: dict[str, int] = {}
    for line in known.lines:
        segment = known.segments.get(line.segment_id) if line.segment_id else None
        name = services[segment.service].label(language) if segment else sayings["whole_bill"]
        groups[name] = groups.get(name, 0) + line.amount_cents
    return explanations.Why(
        title=f"{number}",
        value=wording.dollars(known.head.total_cents),
        sentence=wording.sentence(
            sayings["total"].format(
                number=number,
                first=wording.day(known.head.starts_on, language=language),
                last=wording.day(known.head.ends_before, language=language),
                amount=wording.dollars(known.head.total_cents),
                groups=", ".join(
                    f"{name} {wording.dollars(cents)}" for name, cents in groups.items()
                ),
            )
        ),
        is_equal=known.head.total_cents == sum(each.amount_cents for each in known.lines),
        pieces=tuple(piece(line, known, language=language) for line in known.lines),
    )


def piece(line: facts.BilledLine, known: facts.Known, *, language: str) -> explanations.Piece:
    """Return a line of a bill as a part of something."""
    return explanations.Piece(
        words=known.codes[line.code_id].label(language),
        amount_cents=line.amount_cents,
        refers=explanations.Reference("bill line", (known.head.number, line.line_no)),
    )


def explain_due_day(*, number: int, language: str = "en") -> explanations.Why:
    """Explain the day a bill is due, by the table as it was known when the bill was made.

    Raises bills.NoSuchBill, ClassIsNotKnown, rule_tables.NoVersionForDate.
    """
    known = facts.of_bill(number)
    head = known.head
    first = next(iter(known.segments.values()), None)
    if first is None or first.rate_class_id is None:
        raise ClassIsNotKnown(f"Bill {number} has no service with a rate class.")
    classes = code_lists.codes_by_id("rate class", generation=known.generation, as_of=head.as_of)
    rate_class = classes[first.rate_class_id].code
    version = rule_tables.in_force(
        points.DUE_DAY.name, day=head.bill_day, known_at=head.made_at, generation=known.generation
    )
    names = [line.name for line in version.tables.lines]
    answers = tables.asked(version, {"rate_class": rate_class}, names=names)
    steps = [step for answer in answers.values() for step in answer.steps]
    vocabulary = tables.vocabulary(
        [version.point],
        language=language,
        facts=words.FACTS[language],
        generation=known.generation,
        as_of=head.as_of,
    )
    said = [rule.text(language) for step in steps for rule in step.rules if rule.text(language)]
    return explanations.Why(
        title=wording.day(head.due_on, language=language),
        value=wording.day(head.due_on, language=language),
        sentence=wording.sentence(
            words.SAYINGS[language]["due"].format(
                sent=wording.day(head.bill_day, language=language),
                due=wording.day(head.due_on, language=language),
                said=words.behind(tuple(said)),
            )
        ),
        is_equal=_due_again(answers, bill_day=head.bill_day) == head.due_on,
        steps=explanations.steps_taken(steps, point=version.point, vocabulary=vocabulary),
        rows=explanations.rows_used(steps, vocabulary=vocabulary),
        inputs=(_class_of(first, rate_class, vocabulary=vocabulary),),
        versions=tables.versions_used(version, language=language),
    )


def _class_of(
    segment: facts.BilledSegment, rate_class: str, *, vocabulary: explanations.Vocabulary
) -> explanations.InputUsed:
    language = vocabulary.language
    return explanations.InputUsed(
        words=words.FACTS[language]["rate_class"],
        value=vocabulary.codes["rate class"].get(rate_class, rate_class),
        origin=words.ORIGINS[language]["agreement"].format(
            id=segment.agreement_id,
            place=segment.place,
            since=wording.day(segment.since, language=language),
        ),
    )


def _due_again(
    answers: dict[str, tables.Answered], *, bill_day: datetime.date
) -> datetime.date | None:
    days = answers["days_to_pay"].value
    if not isinstance(days, Decimal):
        return None
    due_on = bill_day + datetime.timedelta(days=int(days))
    rolls = "rolls_to_open_day" in answers and answers["rolls_to_open_day"].value is True
    return code_lists.calendar(rates.OFFICE).open_on_or_after(due_on) if rolls else due_on
