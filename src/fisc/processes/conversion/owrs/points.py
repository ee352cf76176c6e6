"""The decision point of a book of published rates, read from the book itself.

No subject of Fisc asks such a book: each utility has facts and charges of its own. So what a book
asks and answers is taken from its inputs and from the decisions that choose by the class.
"""

from __future__ import annotations

from fisc.dmn import model as dmn
from fisc.domain.rule_tables import declarations
from fisc.processes.conversion.owrs import books

POINT = "published_rates.bill"
# What facts may be, so that columns can prove their integers: a million units, to a millionth.
LARGEST, SCALE = 1_000_000, 6


def of(model: dmn.Model) -> declarations.DecisionPoint:
    """Return the decision point that a book serves. Raises declarations.DeclarationIsWrong."""
    chooser = next(
        (each.id for each in model.definitions.inputs if each.name == books.CUSTOMER_CLASS), ""
    )
    return declarations.DecisionPoint(
        name=POINT,
        words="What a billing period costs under rates that a utility published, unrounded",
        date_basis=declarations.DateBasis.SERVICE_DAY,
        inputs=tuple(_input(each) for each in model.definitions.inputs),
        outputs=tuple(
            declarations.OutputLine(
                decision=each.name,
                name=f"amount_of_{each.name}",
                kind=declarations.Kind.NUMBER,
                scale=books.DECIMALS,
            )
            for each in model.definitions.decisions
            if chooser in {reference.id for reference in each.requires}
        ),
        is_required=False,
    )


def _input(data: dmn.InputData) -> declarations.Input:
    if data.variable.type_ref == "number":
        return declarations.Input(
            name=data.name,
            kind=declarations.Kind.QUANTITY,
            scale=SCALE,
            low=0,
            high=LARGEST,
            may_be_null=True,
        )
    return declarations.Input(name=data.name, kind=declarations.Kind.TEXT, may_be_null=True)
