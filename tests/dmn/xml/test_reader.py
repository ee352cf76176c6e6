"""What is kept of a file."""

from __future__ import annotations

from fisc.dmn import model
from fisc.dmn.xml import reader
from tests.dmn import models


def test_a_rule_keeps_its_annotations_by_column_name() -> None:
    found = models.one_table(
        {"usage": "number"},
        {"fee": "number"},
        [["< 5", "1.25", "§ 12-3", "Up to five", "Hasta cinco"]],
        annotations=["citation", "text_en", "text_es"],
    )

    table = found.definitions.decisions[0].expression
    assert isinstance(table, model.DecisionTable)
    assert table.rules[0].annotations == {
        "citation": "§ 12-3",
        "text_en": "Up to five",
        "text_es": "Hasta cinco",
    }


def test_a_decision_keeps_its_description_and_what_it_needs() -> None:
    content = models.file(
        models.input_data("usage"),
        '<decision id="d" name="Fee"><description>City Code § 4</description>'
        '<variable name="Fee"/><informationRequirement><requiredInput href="#i_usage"/>'
        "</informationRequirement></decision>",
    )

    decision = reader.read(content).definitions.decisions[0]

    assert decision.description == "City Code § 4"
    assert decision.requires == (model.Reference(models.NAMESPACE, "i_usage"),)


def test_attributes_and_elements_of_others_are_kept() -> None:
    content = models.file(
        '<inputData id="i" name="usage" xmlns:city="urn:city" city:unit="kgal"><extensionElements>'
        "<city:bounds low='0'/></extensionElements><variable name='usage'/></inputData>"
    )

    extensions = reader.read(content).definitions.inputs[0].extensions

    assert extensions["{urn:city}unit"] == "kgal"
    assert 'low="0"' in extensions["{urn:city}bounds"]


def test_imported_files_are_read_with_their_names() -> None:
    shared = models.file(
        models.decision("Base rate", models.literal("4.10")), namespace="urn:shared"
    )
    content = models.file(
        '<import name="shared" namespace="urn:shared" importType="DMN"/>',
        '<decision id="d" name="Fee"><variable name="Fee"/><informationRequirement>'
        '<requiredDecision href="urn:shared#d_Base rate"/></informationRequirement>'
        "<literalExpression><text>shared.Base rate * 2</text></literalExpression></decision>",
    )

    found = reader.read(content, imported=[shared])

    assert [each.namespace for each in found.imported] == ["urn:shared"]


def test_leniently_an_unreadable_text_is_kept_with_its_problem() -> None:
    content = models.file(models.decision("A", models.literal("1 +")))

    found = reader.read(content, is_strict=False)

    body = found.definitions.decisions[0].expression
    assert isinstance(body, model.LiteralExpression)
    assert "Expected a value" in body.expression.problem  # type: ignore[union-attr]
