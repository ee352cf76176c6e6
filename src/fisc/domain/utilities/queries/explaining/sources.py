"""Where each fact of a bill's lines came from, in words a person can check."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

import numpy as np

from fisc.dmn.columns import types
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import explaining as tables
from fisc.domain.rule_tables.calculations import explanations, wording
from fisc.domain.utilities import choices
from fisc.domain.utilities.queries import rates
from fisc.domain.utilities.queries.explaining import facts, words

WINTER = "winter_average_kgal"
_CHARGES = "_charges"
_BEFORE_MINIMUM = 3


class Told(Protocol):
    """What can be told of the facts of one line."""

    def lead(self, answer: tables.Answered) -> str:
        """Return how the sentence begins: what was used and when, or nothing."""

    def inputs(self, answer: tables.Answered) -> tuple[explanations.InputUsed, ...]:
        """Return the facts that the answer looked at, and where each came from."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources of the lines of one bill."""

    known: facts.Known
    vocabulary: explanations.Vocabulary

    def of_line(self, line: facts.BilledLine) -> OfLine:
        """Return what can be told of one line's facts."""
        segment = self.known.segments.get(line.segment_id) if line.segment_id else None
        return OfLine(self, line, segment)

    def winter(self) -> tuple[rates.WinterMonths, list[facts.WinterBill]] | None:
        """Return the winter that the bill's sewer is charged by, and its water bills."""
        head = self.known.head
        segment = self._of_service("sewer")
        if segment is None or segment.rate_class_id is None:
            return None
        codes = code_lists.codes_by_id(
            "rate class", generation=self.known.generation, as_of=head.as_of
        )
        months = _winter_months(
            tables.database(), codes[segment.rate_class_id].code, head.bill_day, head.made_at,
            self.known.generation,
        )  # fmt: skip
        return months, facts.winter_bills(
            account_id=head.account_id,
            starts_on=months.starts_on,
            ends_before=months.ends_before,
            at=head.made_at,
        )

    def measured_of(self, segment: facts.BilledSegment) -> facts.Measured | None:
        """Return the reads of a segment; sewer is measured by the water that was used."""
        water = self._of_service("water")
        return segment.measured or (water.measured if water else None)

    def _of_service(self, service: str) -> facts.BilledSegment | None:
        return next(
            (each for each in self.known.segments.values() if each.service == service), None
        )


@functools.lru_cache(maxsize=1024)
def _winter_months(
    database: str, rate_class: str, bill_day: datetime.date, at: datetime.datetime, generation: int
) -> rates.WinterMonths:
    """Ask the winter-average table; bills of one day and class ask the same."""
    del database, generation
    found = rates.winter_months(
        rate_class=np.zeros(1, dtype=np.int64), texts=(rate_class,), bill_day=bill_day, known_at=at
    )
    return found[0]


@dataclass(frozen=True, slots=True)
class OfLine:
    """What can be told of the facts of one line of a bill."""

    sources: Sources
    line: facts.BilledLine
    segment: facts.BilledSegment | None

    @property
    def language(self) -> str:
        """The language of the telling."""
        return self.sources.vocabulary.language

    def lead(self, answer: tables.Answered) -> str:
        """Return how the sentence begins: what was used and when, or nothing."""
        if self.segment is None:
            return ""
        sayings = words.SAYINGS[self.language]
        winter = answer.facts.get(WINTER)
        if WINTER in answer.used and isinstance(winter, Decimal):
            return sayings["winter"].format(
                quantity=wording.quantity(winter, unit="kgal", language=self.language)
            )
        measured = self.sources.measured_of(self.segment)
        estimated = measured is not None and measured.kind == choices.ReadKind.ESTIMATED
        return used_lead(
            answer,
            saying=sayings["estimated" if estimated else "used"],
            first=self.segment.starts_on,
            last=self.segment.ends_before,
            language=self.language,
        )

    def inputs(self, answer: tables.Answered) -> tuple[explanations.InputUsed, ...]:
        """Return the facts that the answer looked at, and where each came from."""
        declared = answer.version.point.input_by_name
        found = []
        for name in answer.used:
            origin, refers = self._origin(name, answer=answer)
            found.append(
                explanations.InputUsed(
                    words=self.sources.vocabulary.fact(declared[name]),
                    value=self.sources.vocabulary.value(
                        answer.facts[name], declared=declared[name]
                    ),
                    origin=origin,
                    refers=refers,
                )
            )
        return tuple(found)

    def _origin(
        self, name: str, *, answer: tables.Answered
    ) -> tuple[str, explanations.Reference | None]:
        if self.segment is None:
            return self._of_whole_bill(name), None
        if name == "days_in_part":
            return self._part(self.segment, answer=answer), None
        tell = _OF_SEGMENT.get(name)
        if tell is not None:
            return tell(self, self.segment)
        return self._say("agreement", self.segment), None

    def _part(self, segment: facts.BilledSegment, *, answer: tables.Answered) -> str:
        """Tell the days of a part where nothing but its version cut it, else the whole period."""
        asked = {
            (each.block_id, each.block_row)
            for each in self.sources.known.lines
            if each.segment_id == segment.segment_id
        }
        days = answer.facts["days_in_part"]
        first = max(segment.starts_on, answer.version.effective.starts_on)
        if len({block_id for block_id, _ in asked}) != len(asked) or not isinstance(days, Decimal):
            return self._say("period", segment)
        return words.ORIGINS[self.language]["period"].format(
            first=wording.day(first, language=self.language),
            last=wording.day(first + datetime.timedelta(days=int(days)), language=self.language),
        )

    def _of_whole_bill(self, name: str) -> str:
        origins = words.ORIGINS[self.language]
        known = self.sources.known
        if name.endswith(_CHARGES):
            charge = name.removesuffix(_CHARGES)
            chosen = [
                each
                for each in known.lines
                if known.codes[each.code_id].attributes.get("charge") == charge
                and each.stage < self.line.stage
            ]
        elif name == "total_before_minimum":
            chosen = [each for each in known.lines if each.stage < _BEFORE_MINIMUM]
        else:
            return self._first_service(name)
        if not chosen:
            return origins["no_lines"]
        return origins["lines"].format(
            lines=" + ".join(
                f"{known.codes[each.code_id].label(self.language)} "
                f"{wording.dollars(each.amount_cents)}"
                for each in chosen
            )
        )

    def _first_service(self, name: str) -> str:
        segment = next(iter(self.sources.known.segments.values()), None)
        if segment is None:
            return words.ORIGINS[self.language]["first_service"]
        return self._say("place" if name == "inside_city" else "agreement", segment)

    def _say(self, key: str, segment: facts.BilledSegment) -> str:
        return words.ORIGINS[self.language][key].format(
            id=segment.agreement_id,
            place=segment.place,
            since=wording.day(segment.since, language=self.language),
            first=wording.day(segment.starts_on, language=self.language),
            last=wording.day(segment.ends_before, language=self.language),
        )

    def of_reads(self, segment: facts.BilledSegment) -> tuple[str, explanations.Reference | None]:
        """Tell the reads of a segment, the file of the last, and where it is explained."""
        measured = self.sources.measured_of(segment)
        origins = words.ORIGINS[self.language]
        if measured is None:
            return origins["no_read"], None
        read = origins["reads"].format(
            meter=measured.meter,
            previous=f"{measured.previous:,}",
            first=wording.day(measured.from_day, language=self.language),
            present=f"{measured.present:,}",
            last=wording.day(measured.to_day, language=self.language),
            multiplier=wording.number(Decimal(measured.multiplier_milli).scaleb(-3)),
            kind=words.READ_KINDS[self.language][measured.kind],
        )
        file = f", {origins['file'].format(file=measured.file)}" if measured.file else ""
        return f"{read}{file}", explanations.Reference("read", (measured.read_id,))

    def of_days(self, segment: facts.BilledSegment) -> tuple[str, explanations.Reference | None]:
        """Tell the period of a segment."""
        return self._say("period", segment), None

    def of_place(self, segment: facts.BilledSegment) -> tuple[str, explanations.Reference | None]:
        """Tell the place that is inside or outside the city."""
        return self._say("place", segment), None

    def of_winter(self, segment: facts.BilledSegment) -> tuple[str, explanations.Reference | None]:
        """Tell the months and the water bills that a winter average is of."""
        found = self.sources.winter()
        if found is None:
            return self._say("agreement", segment), None
        months, bills = found
        said = {
            "first": wording.day(months.starts_on, language=self.language),
            "last": wording.day(months.ends_before, language=self.language),
        }
        origins = words.ORIGINS[self.language]
        if not bills:
            return origins["winter_none"].format(**said), None
        quantities = ", ".join(
            f"{each.number}: {wording.number(Decimal(each.usage_milli).scaleb(-3))}"
            for each in bills
        )
        return origins["winter"].format(**said, months=len(bills), bills=quantities), None


_Tell = Callable[[OfLine, facts.BilledSegment], tuple[str, explanations.Reference | None]]
_OF_SEGMENT: Mapping[str, _Tell] = {
    "usage_kgal": OfLine.of_reads,
    "usage_kwh": OfLine.of_reads,
    "period_usage_kgal": OfLine.of_reads,
    "period_usage_kwh": OfLine.of_reads,
    "days_in_period": OfLine.of_days,
    "part_starts_on": OfLine.of_days,
    "is_first_part": OfLine.of_days,
    "is_last_part": OfLine.of_days,
    "inside_city": OfLine.of_place,
    WINTER: OfLine.of_winter,
}


def used_lead(
    answer: tables.Answered, *, saying: str, first: datetime.date, last: datetime.date,
    language: str,
) -> str:  # fmt: skip
    """Say what was used and when, where the answer looked at that."""
    declared = answer.version.point.input_by_name
    for name in answer.used:
        value = answer.facts[name]
        if name == WINTER or declared[name].kind is not types.Kind.QUANTITY:
            continue
        if isinstance(value, Decimal):
            return saying.format(
                quantity=wording.quantity(value, unit=declared[name].unit, language=language),
                first=wording.day(first, language=language, has_year=first.year != last.year),
                last=wording.day(last, language=language),
            )
    return ""
