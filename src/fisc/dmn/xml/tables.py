"""Reads decision tables: columns, rules, hit policy, annotations."""

from __future__ import annotations

from fisc.dmn import model
from fisc.dmn.feel import lexer
from fisc.dmn.feel.scopes import Scope
from fisc.dmn.xml import elements, texts
from fisc.dmn.xml.elements import Element
from fisc.dmn.xml.problems import Problems

_RANKED = (model.HitPolicy.PRIORITY, model.HitPolicy.OUTPUT_ORDER)


def read(element: Element, scope: Scope, where: str, problems: Problems) -> model.DecisionTable:
    """Read a decision table, checking that every rule fits its columns."""
    return _TableReader(element, scope, where, problems).table()


class _TableReader:
    def __init__(self, element: Element, scope: Scope, where: str, problems: Problems) -> None:
        self.element = element
        self.scope = scope
        self.where = where
        self.problems = problems

    def table(self) -> model.DecisionTable:
        inputs = tuple(
            self._input(each, number)
            for number, each in enumerate(elements.children(self.element, "input"), 1)
        )
        outputs = tuple(
            self._output(each, number)
            for number, each in enumerate(elements.children(self.element, "output"), 1)
        )
        annotations = tuple(
            elements.name_of(each) for each in elements.children(self.element, "annotation")
        )
        table = model.DecisionTable(
            id=elements.identity(self.element),
            place=elements.place(self.element, self.where),
            description=elements.description(self.element),
            extensions=elements.extensions(self.element),
            type_ref=elements.type_ref(self.element),
            hit_policy=self._hit_policy(),
            aggregation=self._aggregation(),
            inputs=inputs,
            outputs=outputs,
            rules=tuple(
                self._rule(each, number, inputs, outputs, annotations)
                for number, each in enumerate(elements.children(self.element, "rule"), 1)
            ),
            annotation_names=annotations,
        )
        self._check(table)
        return table

    def _problem(self, element: Element, where: str, words: str) -> None:
        self.problems.add(elements.place(element, where), words)

    # --- Policies --------------------------------------------------------------------------------

    def _hit_policy(self) -> model.HitPolicy:
        written = lexer.normalized(elements.attribute(self.element, "hitPolicy") or "UNIQUE")
        try:
            return model.HitPolicy(written)
        except ValueError:
            known = ", ".join(policy.value for policy in model.HitPolicy)
            self._problem(
                self.element, self.where, f'The hit policy "{written}" is none of {known}.'
            )
            return model.HitPolicy.UNIQUE

    def _aggregation(self) -> model.Aggregation | None:
        written = elements.attribute(self.element, "aggregation")
        if not written:
            return None
        try:
            return model.Aggregation(written)
        except ValueError:
            known = ", ".join(each.value for each in model.Aggregation)
            self._problem(
                self.element, self.where, f'The aggregation "{written}" is none of {known}.'
            )
            return None

    # --- Columns ---------------------------------------------------------------------------------

    def _input(self, element: Element, number: int) -> model.InputClause:
        asked = elements.child(element, "inputExpression")
        label = elements.attribute(element, "label") or ""
        text = elements.child_text(asked, "text")
        where = f'{self.where}, condition column "{label or lexer.normalized(text) or number}"'
        place = elements.place(element, where)
        if not text.strip():
            self.problems.add(place, "The column does not say what it looks at.")
        values = elements.child_text(elements.child(element, "inputValues"), "text")
        return model.InputClause(
            id=elements.identity(element),
            place=place,
            description=elements.description(element),
            extensions=elements.extensions(element),
            label=label,
            text=text,
            expression=texts.expression(text, self.scope, place, self.problems),
            type_ref=None if asked is None else elements.type_ref(asked),
            allowed_values_text=values,
            allowed_values=texts.tests(values, self.scope, place, self.problems)
            if values.strip()
            else None,
        )

    def _output(self, element: Element, number: int) -> model.OutputClause:
        label = elements.attribute(element, "label") or ""
        name = elements.name_of(element) or None
        where = f'{self.where}, result column "{name or label or number}"'
        place = elements.place(element, where)
        values = elements.child_text(elements.child(element, "outputValues"), "text")
        default = elements.child(element, "defaultOutputEntry")
        return model.OutputClause(
            id=elements.identity(element),
            place=place,
            description=elements.description(element),
            extensions=elements.extensions(element),
            label=label,
            name=name,
            type_ref=elements.type_ref(element),
            allowed_values_text=values,
            allowed_values=texts.tests(values, self.scope, place, self.problems)
            if values.strip()
            else None,
            default=None if default is None else self._output_entry(default, f"{where}, default"),
        )

    # --- Rules -----------------------------------------------------------------------------------

    def _rule(
        self,
        element: Element,
        number: int,
        inputs: tuple[model.InputClause, ...],
        outputs: tuple[model.OutputClause, ...],
        annotations: tuple[str, ...],
    ) -> model.Rule:
        where = f"{self.where}, rule {number}"
        conditions = list(elements.children(element, "inputEntry"))
        results = list(elements.children(element, "outputEntry"))
        if len(conditions) != len(inputs):
            self._problem(
                element,
                where,
                f"It has {len(conditions)} conditions; the table has {len(inputs)} condition"
                " columns.",
            )
        if len(results) != len(outputs):
            self._problem(
                element,
                where,
                f"It has {len(results)} results; the table has {len(outputs)} result columns.",
            )
        notes = [
            elements.child_text(each, "text")
            for each in elements.children(element, "annotationEntry")
        ]
        return model.Rule(
            id=elements.identity(element),
            place=elements.place(element, where),
            description=elements.description(element),
            extensions=elements.extensions(element),
            inputs=tuple(
                self._input_entry(entry, f'{where}, column "{_title(clause)}"')
                for entry, clause in zip(conditions, inputs, strict=False)
            ),
            outputs=tuple(
                self._output_entry(entry, f'{where}, column "{clause.name or clause.label}"')
                for entry, clause in zip(results, outputs, strict=False)
            ),
            annotations=dict(zip(annotations, notes, strict=False)),
        )

    def _input_entry(self, element: Element, where: str) -> model.InputEntry:
        place = elements.place(element, where)
        text = elements.child_text(element, "text")
        return model.InputEntry(
            id=elements.identity(element),
            place=place,
            extensions=elements.extensions(element),
            text=text,
            tests=texts.tests(text, self.scope, place, self.problems),
        )

    def _output_entry(self, element: Element, where: str) -> model.LiteralExpression:
        place = elements.place(element, where)
        text = elements.child_text(element, "text")
        is_dash = text.strip() == "-"
        return model.LiteralExpression(
            id=elements.identity(element),
            place=place,
            extensions=elements.extensions(element),
            text=text,
            expression=None
            if is_dash
            else texts.expression(text, self.scope, place, self.problems),
        )

    # --- The whole table -------------------------------------------------------------------------

    def _check(self, table: model.DecisionTable) -> None:
        if not table.outputs:
            self._problem(self.element, self.where, "The table has no result column.")
        names = [output.name for output in table.outputs]
        if len(names) > 1 and (None in names or len(set(names)) < len(names)):
            self._problem(
                self.element, self.where, "Each of several result columns needs a name of its own."
            )
        if table.aggregation is not None and table.hit_policy is not model.HitPolicy.COLLECT:
            self._problem(self.element, self.where, "Only COLLECT tables add up or count.")
        if table.hit_policy in _RANKED and not any(each.allowed_values for each in table.outputs):
            self.problems.add_if_strict(
                elements.place(self.element, self.where),
                f"{table.hit_policy.value} needs the allowed values of a result column,"
                " the most important first.",
            )


def _title(clause: model.InputClause) -> str:
    return clause.label or lexer.normalized(clause.text)
