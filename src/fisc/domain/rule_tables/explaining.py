"""Evaluations explained: kept ones read back many at a time, and facts asked again."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from fisc.dmn import cases
from fisc.domain.code_lists import queries as code_lists
from fisc.domain.rule_tables import declarations
from fisc.domain.rule_tables.calculations import (
    blocks,
    explanations,
    replaying,
    values,
    wording,
)
from fisc.domain.rule_tables.queries import versions as queries
from fisc.plumbing import office_days, prepared


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of a version computed just now: how, and whether it is what was kept."""

    version: queries.LoadedVersion
    decision: str
    value: object
    steps: tuple[replaying.Step, ...]
    # By name: what went in.
    facts: Mapping[str, values.Value]
    # By name: where it came from, in words, and the number of that thing.
    origins: Mapping[str, tuple[str, int | None]]

    @property
    def used(self) -> tuple[str, ...]:
        """The facts that the answer looked at, directly or on the way."""
        looked = {name for step in self.steps for name in step.inputs}
        return tuple(name for name in self.facts if name in looked)

    @property
    def line(self) -> declarations.OutputLine:
        """The output line that was asked for."""
        return next(each for each in self.version.point.outputs if each.decision == self.decision)

    @property
    def lines(self) -> frozenset[str]:
        """The decisions of the book that are lines of their own."""
        return frozenset(each.decision for each in self.version.point.outputs)


@dataclass(frozen=True, slots=True)
class KeptEvaluation:
    """A kept row and the version that it names."""

    version: queries.LoadedVersion
    row: blocks.KeptRow


# As `queries.replay` reads one, for many rows in one question.
_SEGMENTS = prepared.statement("""
select wanted.block_id, wanted.block_row, version_id, rows, layout::text, segment_rows,
    substring(content from 1 + starts for ends - starts)
from unnest(%(blocks)s::bigint[], %(rows)s::int[]) as wanted (block_id, block_row)
join rule_tables_evaluation_block block on block.id = wanted.block_id,
    lateral (
        select case when wanted.block_row < segment_rows then 0
                    else (segment_ends ->> (wanted.block_row / segment_rows - 1))::int
               end as starts,
               (segment_ends ->> (wanted.block_row / segment_rows))::int as ends
    ) as segment
""")


def kept(wanted: Collection[tuple[int, int]]) -> dict[tuple[int, int], KeptEvaluation]:
    """Return kept evaluations by block and row, all read in one question.

    Raises queries.NoSuchEvaluation, blocks.BlockIsDamaged.
    """
    found = prepared.rows(
        _SEGMENTS,
        {"blocks": [each[0] for each in wanted], "rows": [each[1] for each in wanted]},
    )
    read = {}
    for block_id, row, version_id, rows, layout, segment_rows, content in found:
        if not 0 <= row < rows:
            raise queries.NoSuchEvaluation(
                f"The kept evaluation {block_id} has {rows} rows, no row {row}."
            )
        read[block_id, row] = KeptEvaluation(
            version=queries.version(version_id),
            row=blocks.decode_row(
                bytes(content), layout=json.loads(layout), row=row % segment_rows
            ),
        )
    for each in wanted:
        if each not in read:
            raise queries.NoSuchEvaluation(f"There is no kept evaluation {each[0]}.")
    return read


def replayed(evaluation: KeptEvaluation, *, names: Sequence[str]) -> dict[str, Answered]:
    """Compute lines of a kept evaluation again, by their names, sharing what they have in common.

    The value kept of each is in `evaluation.row.outputs`.
    """
    return asked(
        evaluation.version,
        {each.name: each.value for each in evaluation.row.inputs},
        names=names,
        origins=evaluation.row.origins,
    )


def asked(
    version: queries.LoadedVersion,
    facts: Mapping[str, values.Value],
    *,
    names: Sequence[str],
    origins: Mapping[str, tuple[str, int | None]] | None = None,
) -> dict[str, Answered]:
    """Ask a version for some of its lines, by name or decision, and keep how each came about."""
    by_name = {key: line for line in version.tables.lines for key in (line.name, line.decision)}
    decisions = {name: by_name[name].decision for name in names}
    known = version.tables.asked(facts)
    outcome = cases.prepare(version.tables.model).trace_all(
        tuple(dict.fromkeys(decisions.values())), known
    )
    steps = replaying.steps(outcome)
    given = {name: value for name, value in facts.items() if name in known}
    return {
        name: Answered(
            version=version,
            decision=decision,
            value=outcome.values[decision],
            steps=explanations.needed(steps, decision=decision),
            facts=given,
            origins=origins or {},
        )
        for name, decision in decisions.items()
    }


def why_of(
    answer: Answered, *, title: str, value: str, sentence: str, is_equal: bool,
    vocabulary: explanations.Vocabulary, origins: Mapping[str, str], account_id: int | None = None,
) -> explanations.Why:  # fmt: skip
    """Return the explanation of one answer; `origins` says where each fact came from."""
    declared = answer.version.point.input_by_name
    return explanations.Why(
        title=title,
        value=value,
        sentence=wording.sentence(sentence),
        is_equal=is_equal,
        steps=explanations.steps_taken(
            answer.steps, point=answer.version.point, vocabulary=vocabulary
        ),
        rows=explanations.rows_used(answer.steps, vocabulary=vocabulary),
        inputs=tuple(
            explanations.InputUsed(
                words=vocabulary.fact(declared[name]),
                value=vocabulary.value(answer.facts[name], declared=declared[name]),
                origin=origins.get(name, ""),
            )
            for name in answer.used
        ),
        versions=versions_used(answer.version, language=vocabulary.language),
        account_id=account_id,
    )


def said_of(answer: Answered, *, language: str) -> tuple[str, ...]:
    """Return what the tables say of an answer, for a sentence."""
    return explanations.said(
        answer.steps, decision=answer.decision, lines=answer.lines, language=language
    )


def versions_used(
    version: queries.LoadedVersion, *, language: str
) -> tuple[explanations.VersionUsed, ...]:
    """Say which version answered, and which versions of shared books it computes with."""
    shared = (
        explanations.VersionUsed(
            words=explanations.ADOPTED[language].format(
                book=each.book,
                number=each.number,
                day=wording.day(each.effective.starts_on, language=language),
                approver=each.approver,
                approved=wording.day(office_days.office_day(each.approved_at), language=language),
            ),
            version_id=each.version_id,
        )
        for each in version.imported
        if each.approved_at is not None
    )
    return (version_used(version, language=language), *shared)


def version_used(version: queries.LoadedVersion, *, language: str) -> explanations.VersionUsed:
    """Say which version answered, and who approved it when."""
    return explanations.VersionUsed(
        words=explanations.ADOPTED[language].format(
            book=version.book,
            number=version.number,
            day=wording.day(version.effective.starts_on, language=language),
            approver=version.approver,
            approved=wording.day(office_days.office_day(version.approved_at), language=language),
        ),
        version_id=version.version_id,
    )


def vocabulary(
    points: Collection[declarations.DecisionPoint],
    *,
    language: str,
    facts: Mapping[str, str],
    lines: str = "",
    generation: int | None = None,
    as_of: code_lists.AsOf | None = None,
) -> explanations.Vocabulary:
    """Return what the codes of some decision points are called in a language.

    `lines` names the code list of their output lines; `facts` are the words of the inputs. With
    `as_of`, codes are called as they were on that day, as far as was known at that instant.
    """
    lists = {each.code_list for point in points for each in point.inputs}
    lists |= {each.code_list for point in points for each in point.outputs}
    lists.discard("")
    named = code_lists.codes(lines, generation=generation, as_of=as_of) if lines else {}
    return explanations.Vocabulary(
        language=language,
        facts=facts,
        codes={
            name: {
                code: each.label(language)
                for code, each in code_lists.codes(name, generation=generation, as_of=as_of).items()
            }
            for name in lists
        },
        lines={
            line.decision: named[line.name].label(language)
            for point in points
            for line in point.outputs
            if line.name in named
        },
    )


def database() -> str:
    """Return which database is open: what a process keeps in memory is kept by it."""
    return str(connection.settings_dict["NAME"])
