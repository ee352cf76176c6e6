"""What a draft answers: each different question of some slices, all of them at once.

A question is a row of its decision point's inputs with what was billed for it. Slices of one range
of accounts are asked together: a table's cost is by the step, and their questions are few.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from fisc.dmn.columns import types
from fisc.domain.rule_tables import declarations
from fisc.processes.rate_studies import slices
from fisc.processes.rate_studies.slices import Numbers

Evaluate = Callable[[Mapping[str, types.Column]], types.Result]


@dataclass(frozen=True, slots=True)
class Book:
    """A version as a study asks it."""

    point: declarations.DecisionPoint
    asked: tuple[str, ...]
    evaluate: Evaluate
    # The charge that each of its lines is part of, by decision.
    charges: Mapping[str, str]


@dataclass(slots=True)
class Answers:
    """What the draft changes of each question, in cents by charge, and why it cannot say."""

    differences: dict[str, Numbers]
    total: Numbers
    failed: dict[str, Numbers] = field(default_factory=dict)


def answers(book: Book, parts: Sequence[slices.Slice]) -> list[Answers]:
    """Ask a draft every question of some slices; gives the answers slice by slice."""
    result = book.evaluate(question_columns(book, parts))
    rows = sum(part.rows(slices.QUESTIONS) for part in parts)
    differences = {
        charge: sum_of(result, book, charge, rows) - _whole(parts, f"old_{charge}")
        for charge in dict.fromkeys(book.charges.values())
    }
    failed = _unknown(book, parts) | problems_of(result)
    for places in failed.values():
        for each in differences.values():
            each[places] = 0
    total = sum(differences.values(), np.zeros(rows, dtype=np.int64))
    return _by_slice(Answers(differences=differences, total=total, failed=failed), parts)


def question_columns(book: Book, parts: Sequence[slices.Slice]) -> dict[str, types.Column]:
    """Return the questions of some slices, one after the other, as the columns a book asks for."""
    texts = _Texts(parts)
    columns = {}
    for name in book.asked:
        declared = book.point.input_by_name[name]
        held = [_held(part, f"in_{name}") for part in parts]
        values = np.concatenate([each for each, _ in held])
        nulls = np.concatenate([each for _, each in held])
        some = nulls if nulls.any() else None
        if declared.kind is types.Kind.BOOLEAN:
            columns[name] = types.Column(values.astype(np.bool_), nulls=some)
        elif declared.kind in types.TEXTUAL:
            places = [texts.places(at, each) for at, (each, _) in enumerate(held)]
            columns[name] = types.Column(np.concatenate(places), nulls=some, texts=texts.known)
        else:
            columns[name] = types.Column(values, nulls=some)
    return columns


def not_kept(book: Book, name: str) -> str:
    """Say that a bill's rows do not have what a book asks for."""
    words = book.point.input_by_name[name].words or name.replace("_", " ")
    return (
        f"{book.point.name} asks for {words}, which was not kept with the bill: the tables that "
        "made it did not ask for it."
    )


def problems_of(result: types.Result) -> dict[str, Numbers]:
    """Return the rows without a value, by the reason."""
    found: dict[str, Numbers] = {}
    for each in result.problems:
        reason = f"{each.where}: {each.reason}"
        found[reason] = np.union1d(found.get(reason, each.rows[:0]), each.rows)
    return found


def sum_of(result: types.Result, book: Book, charge: str, rows: int) -> Numbers:
    """Return the cents of each row that are part of a charge."""
    found: Numbers | None = None
    for decision, of_charge in book.charges.items():
        amounts = result.outputs.get(decision) if of_charge == charge else None
        if amounts is None:
            continue
        held = amounts.values.astype(np.int64, copy=False)
        cents = held if amounts.nulls is None else np.where(amounts.nulls, 0, held)
        found = cents if found is None else found + cents
    return np.zeros(rows, dtype=np.int64) if found is None else found


# --- Inside --------------------------------------------------------------------------------------


class _Texts:
    """The texts of some slices together; codes are places in a slice's own."""

    def __init__(self, parts: Sequence[slices.Slice]) -> None:
        every = [part.about.texts for part in parts]
        known = {text: place for place, text in enumerate(dict.fromkeys(sum(every, ())))}
        self.known = tuple(known) or ("",)
        self._moved = [
            None if each == self.known[: len(each)] else np.array([known[text] for text in each])
            for each in every
        ]

    def places(self, at: int, codes: Numbers) -> Numbers:
        """Return a slice's codes as places in the texts of all."""
        moved = self._moved[at]
        return codes if moved is None else moved[codes]


def _held(part: slices.Slice, name: str) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    series = part.questions([name])[name]
    if not series.null_count():
        return series.to_numpy(), np.broadcast_to(np.False_, len(series))
    return series.fill_null(0).to_numpy(), series.is_null().to_numpy()


def _whole(parts: Sequence[slices.Slice], name: str) -> Numbers:
    return np.concatenate([part.questions([name])[name].to_numpy() for part in parts])


def _unknown(book: Book, parts: Sequence[slices.Slice]) -> dict[str, Numbers]:
    """Return the questions of which an input that the book asks for was not kept."""
    unknown = _whole(parts, slices.UNKNOWN)
    if not unknown.any():
        return {}
    found = {}
    # The slices of a study have one decision point, and so its inputs in one order.
    for place, name in enumerate(parts[0].about.inputs):
        if name in book.asked and (places := np.flatnonzero(unknown >> place & 1)).size:
            found[not_kept(book, name)] = places
    return found


def _by_slice(whole: Answers, parts: Sequence[slices.Slice]) -> list[Answers]:
    edges = np.cumsum([part.rows(slices.QUESTIONS) for part in parts])[:-1]
    differences = {charge: np.split(each, edges) for charge, each in whole.differences.items()}
    totals = np.split(whole.total, edges)
    starts = [0, *edges.tolist()]
    found = []
    for place, (start, total) in enumerate(zip(starts, totals, strict=True)):
        failed = {
            reason: places[(places >= start) & (places < start + len(total))] - start
            for reason, places in whole.failed.items()
        }
        found.append(
            Answers(
                differences={charge: each[place] for charge, each in differences.items()},
                total=total,
                failed={reason: places for reason, places in failed.items() if len(places)},
            )
        )
    return found
