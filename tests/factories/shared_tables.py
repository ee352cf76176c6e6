"""A shared book, and books that import it, for tests that need them."""

from __future__ import annotations

import datetime

from fisc.basics import periods
from fisc.domain.rule_tables.operations import versions as operations
from fisc.plumbing import transactions
from tests.factories import tables

FEES = "shared.fees"
NAMESPACE = "https://fisc.example/tests/shared.fees"
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="%s" name="%s"
    namespace="%s">"""


def fees_file(
    percent: str = "0.10", *, namespace: str = NAMESPACE, decision: str = "Share", imports: str = ""
) -> bytes:
    """A shared book of one table: which share of what is past due a charge is."""
    return f"""{HEAD % ("fees", "Fees", namespace)}
  <description>The share of what is past due that is charged</description>
  {imports}
  <itemDefinition id="i_amount" name="money">
    <typeRef>number</typeRef>
    <allowedValues id="i_amount_a"><text>[0.00..1000000.00]</text></allowedValues>
  </itemDefinition>
  <inputData id="i_past_due" name="past_due">
    <variable id="iv_past_due" name="past_due" typeRef="money"/>
  </inputData>
  <decision id="d_share" name="{decision}">
    <variable id="v_share" name="{decision}" typeRef="number"/>
    <informationRequirement id="r"><requiredInput href="#i_past_due"/></informationRequirement>
    <decisionTable id="t_share" hitPolicy="UNIQUE">
      <input id="t_i"><inputExpression id="t_ie" typeRef="number"><text>past_due</text>
      </inputExpression></input>
      <output id="t_o" typeRef="number"/>
      <annotation name="citation"/>
      <annotation name="text_en"/>
      <rule id="t_r1">
        <inputEntry id="t_r1_i"><text>&lt;= 500</text></inputEntry>
        <outputEntry id="t_r1_o"><text>{percent}</text></outputEntry>
        <annotationEntry><text>Fee resolution 7, line 1</text></annotationEntry>
        <annotationEntry><text>{percent} of what is past due up to 500</text></annotationEntry>
      </rule>
      <rule id="t_r2">
        <inputEntry id="t_r2_i"><text>&gt; 500</text></inputEntry>
        <outputEntry id="t_r2_o"><text>0.05</text></outputEntry>
        <annotationEntry><text>Fee resolution 7, line 2</text></annotationEntry>
        <annotationEntry><text>0.05 of what is past due above 500</text></annotationEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>
""".encode()


def fees_sheet(percent: str = "0.10") -> bytes:
    """Cases that hit both rules of the shared book, on both sides of the bound."""
    share = percent.encode()
    return (
        b"case,past_due,Share\nA hundred,100,%b\nFive hundred,500,%b\nA cent more,500.01,0.05\n"
    ) % (share, share)


def late_charge_file(formula: str = "round half up(fees.Share * past_due, 2)") -> bytes:
    """The late charge, by the share that the shared book says."""
    return f"""{HEAD % ("late", "Late charge", "https://fisc.example/tests/late_charge")}
  <import id="m" name="fees" namespace="{NAMESPACE}"
      importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>
  <inputData id="i_past_due" name="past_due">
    <variable id="iv_past_due" name="past_due" typeRef="number"/>
  </inputData>
  <decision id="d" name="Late charge">
    <description>Citation: City code 20-70</description>
    <variable id="v" name="Late charge" typeRef="number"/>
    <informationRequirement id="r"><requiredInput href="#i_past_due"/></informationRequirement>
    <informationRequirement id="r2"><requiredDecision href="{NAMESPACE}#d_share"/>
    </informationRequirement>
    <literalExpression id="e"><text>{formula}</text></literalExpression>
  </decision>
</definitions>
""".encode()


def late_charge_table_file() -> bytes:
    """The late charge as a table that asks what the shared book says."""
    table = """<decisionTable id="t" hitPolicy="UNIQUE">
      <input id="t_i"><inputExpression id="t_ie" typeRef="number"><text>fees.Share</text>
      </inputExpression></input>
      <output id="t_o" typeRef="number"/>
      <annotation name="citation"/>
      <rule id="t_r1">
        <inputEntry id="t_r1_i"><text>&gt;= 0.08</text></inputEntry>
        <outputEntry id="t_r1_o"><text>round half up(fees.Share * past_due, 2)</text></outputEntry>
        <annotationEntry><text>City code 20-70</text></annotationEntry>
      </rule>
      <rule id="t_r2">
        <inputEntry id="t_r2_i"><text>&lt; 0.08</text></inputEntry>
        <outputEntry id="t_r2_o"><text>round half up(0.5 * fees.Share * past_due, 2)</text>
        </outputEntry>
        <annotationEntry><text>City code 20-71</text></annotationEntry>
      </rule>
    </decisionTable>"""
    literal = '<literalExpression id="e"><text>x</text></literalExpression>'
    return late_charge_file("x").replace(literal.encode(), table.encode())


LATE_TABLE_SHEET = b"""case,past_due,Late charge
A hundred,100,10.00
Five hundred,500,50.00
A thousand,1000,25.00
"""

LATE_SHEET = b"case,past_due,Late charge\nMore than five hundred,1000,50.00\n"


def approved(
    content: bytes,
    sheet: bytes,
    *,
    book: str,
    decision_point: str,
    approved_at: datetime.datetime,
    effective_from: datetime.date,
    effective_before: datetime.date | None = None,
) -> int:
    """A version of a book, approved at an instant for some days."""
    with transactions.started():
        version_id = operations.draft(
            of=operations.Draft(
                book=book,
                decision_point=decision_point,
                file_name=f"{decision_point}.{effective_from}.dmn",
                content=content,
                effective=periods.Period(starts_on=effective_from, ends_before=effective_before),
                author="Ada",
                reason="An ordinance",
                citation="Ordinance 12",
                case_sheet=sheet,
            ),
            at=approved_at,
        )
        operations.put_in_test(version_id=version_id, at=approved_at)
        operations.approve(version_id=version_id, approver="Grace", at=approved_at)
    return version_id


def fees(
    percent: str = "0.10",
    *,
    approved_at: datetime.datetime,
    effective_from: datetime.date,
    effective_before: datetime.date | None = None,
) -> int:
    """A version of the shared book, approved."""
    return approved(
        fees_file(percent),
        fees_sheet(percent),
        book="Fees",
        decision_point=FEES,
        approved_at=approved_at,
        effective_from=effective_from,
        effective_before=effective_before,
    )


def late_charge(
    *,
    approved_at: datetime.datetime,
    effective_from: datetime.date,
    effective_before: datetime.date | None = None,
    formula: str = "round half up(fees.Share * past_due, 2)",
    sheet: bytes = LATE_SHEET,
) -> int:
    """A version of the late charge that imports the shared book, approved."""
    return approved(
        late_charge_file(formula),
        sheet,
        book="Late charge",
        decision_point=tables.LATE_CHARGE,
        approved_at=approved_at,
        effective_from=effective_from,
        effective_before=effective_before,
    )
