"""All tables of a book, each looked at for gaps, overlaps and rules that never decide."""

from __future__ import annotations

from collections.abc import Iterator

from fisc.dmn import model as dmn
from fisc.dmn.checks import asked, coverage, samples, spaces, tables, words
from fisc.dmn.checks.findings import Kind, NotProved
from fisc.dmn.columns.terms import CannotTake


class Structure:
    """A book's tables as spaces, made once for all checks; `reasons` has those that have none."""

    def __init__(self, book: asked.Book) -> None:
        self.book = book
        self.survey = spaces.Survey(book)
        self.spaces: dict[str, spaces.Space] = {}
        self.reasons: dict[str, str] = {}
        for decision, table in coverage.tables_of(book.model):
            try:
                self.spaces[decision.name] = self.survey.space(decision, table)
            except CannotTake as why:
                self.reasons[decision.name] = str(why)
        self.sampler = samples.Sampler(book, self.spaces.values())


def check(made: Structure, *, seconds: float) -> tables.Found:
    """Check every table, and say of everything else that it was not looked at."""
    found = tables.Found()
    for decision, table in coverage.tables_of(made.book.model):
        if decision.name in made.reasons:
            text = words.NOT_PROVED.format(
                decision=decision.name, what=words.GAPS, why=made.reasons[decision.name]
            )
            found.not_proved.append(NotProved(kind=Kind.GAP, decision=decision.name, words=text))
            continue
        here = tables.TableCheck(
            decision=decision,
            table=table,
            space=made.spaces[decision.name],
            sampler=made.sampler,
            survey=made.survey,
            seconds=seconds,
        ).check()
        found.findings += here.findings
        found.not_proved += here.not_proved
    found.not_proved += _not_looked_at(made.book.model)
    return found


def _not_looked_at(whole: dmn.Model) -> Iterator[NotProved]:
    for decision in whole.definitions.decisions:
        box = decision.expression
        if box is None or isinstance(box, dmn.DecisionTable | dmn.LiteralExpression):
            continue
        form = type(box).__name__.lower()
        text = words.INSIDE.format(decision=decision.name, form=form)
        yield NotProved(kind=Kind.GAP, decision=decision.name, words=text)
