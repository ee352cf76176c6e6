"""Changes of a model's own functions, tried on the whole book: several decisions may call one."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from fisc.dmn import cases as evaluator
from fisc.dmn import model as dmn
from fisc.dmn.checks import asked, changes, regions, samples, sites, structure, trying, words


def check(
    made: structure.Structure,
    *,
    cases: Sequence[asked.Case],
    pool: Sequence[samples.Inputs],
    tried: trying.Tried,
    deadline: regions.Deadline,
) -> None:
    """Try every change of every function, as far as the time goes."""
    for function in made.book.model.definitions.knowledge_models:
        body = function.function
        if body is None:
            continue
        here = _Function(made, function)
        if not here.outputs:
            continue
        by_case = [here.trial(each.inputs, each.expected) for each in cases]
        anywhere: list[sites.Trial] = []
        for nudge, text in changes.of_box(body):
            try:
                deadline.check()
            except regions.OutOfTime:
                tried.late(function.name, words.NOT_ENOUGH)
                break
            tried.tried += 1
            changed = here.changed(nudge.node)
            if here.effect(changed, by_case):
                tried.noticed += 1
                continue
            anywhere = anywhere or [here.trial(each, here.outputs) for each in pool]
            if effect := here.effect(changed, anywhere):
                parts = (text.strip(),)
                where = trying.Where(element=function.name, cell=text, parts=parts)
                tried.add(where, effect, before=nudge.before, after=nudge.after)
            else:
                tried.without_effect += 1


class _Function:
    """A function of a model and the outputs that rest on it."""

    def __init__(self, made: structure.Structure, function: dmn.BusinessKnowledgeModel) -> None:
        self._book, self._prepared = made.book, made.sampler.prepared
        self._function = function
        namespace = made.book.model.definitions.namespace
        self._reference = dmn.Reference(namespace, function.id)
        self.outputs = [
            name
            for name, decision in sites.outputs_of(made.book).items()
            if self._reference
            in sites.rests_on(made.book.model, dmn.Reference(namespace, decision.id))
        ]

    def trial(self, inputs: sites.Inputs, watched: object) -> sites.Trial:
        """What the book makes of an input as it stands."""
        assert hasattr(watched, "__contains__")
        names = [each for each in self.outputs if each in watched]
        return sites.Trial(inputs, {}, None, self._prepared.evaluate_all(names, inputs))

    def changed(self, body: dmn.BoxedExpression) -> evaluator.Prepared:
        """The book with another body of the function."""
        assert isinstance(body, dmn.FunctionDefinition), "a change keeps the form"
        function = dataclasses.replace(self._function, function=body)
        whole = self._book.model
        nodes = {**whole.nodes, self._reference: function}
        return evaluator.Prepared(dmn.Model(whole.definitions, whole.imported, nodes))

    def effect(
        self, changed: evaluator.Prepared, trials: Sequence[sites.Trial]
    ) -> sites.Effect | None:
        """The first of some trials whose watched answers the change alters."""
        for trial in trials:
            answers = changed.evaluate_all(list(trial.watched), trial.inputs)
            for name, was in trial.watched.items():
                if not sites.same(was, answers[name]):
                    return sites.Effect(trial, name, was, answers[name])
        return None
