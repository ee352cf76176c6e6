"""Small books of tables, for tests that need one."""

from __future__ import annotations

import datetime

from fisc.basics import periods
from fisc.domain.rule_tables.operations import versions as operations
from fisc.plumbing import transactions

LATE_CHARGE = "utilities.late_charge"


def late_charge_file(percent: str = "0.10", *, citation: str = "City code 20-70") -> bytes:
    """A book of one decision: a share of what is past due."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="late" name="Late charge"
    namespace="https://fisc.example/tests/late_charge">
  <inputData id="i_past_due" name="past_due">
    <variable id="iv_past_due" name="past_due" typeRef="number"/>
  </inputData>
  <decision id="d" name="Late charge">
    <variable id="v" name="Late charge" typeRef="number"/>
    <informationRequirement id="r"><requiredInput href="#i_past_due"/></informationRequirement>
    <decisionTable id="t" hitPolicy="UNIQUE">
      <input id="t_i"><inputExpression id="t_ie" typeRef="number"><text>past_due</text>
      </inputExpression></input>
      <output id="t_o" typeRef="number"/>
      <annotation name="citation"/>
      <annotation name="text_en"/>
      <rule id="t_r1">
        <inputEntry id="t_r1_i"><text>&gt; 0</text></inputEntry>
        <outputEntry id="t_r1_o"><text>round half up({percent} * past_due, 2)</text></outputEntry>
        <annotationEntry><text>{citation}</text></annotationEntry>
        <annotationEntry><text>{percent} of what is past due</text></annotationEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>
""".encode()


def approved_late_charge(
    percent: str,
    *,
    approved_at: datetime.datetime,
    effective_from: datetime.date,
    effective_before: datetime.date | None = None,
) -> int:
    """A version of the late charge, approved at an instant for some days."""
    with transactions.started():
        version_id = operations.draft(
            of=operations.Draft(
                book="Late charge",
                decision_point=LATE_CHARGE,
                file_name="late_charge.dmn",
                content=late_charge_file(percent),
                effective=periods.Period(starts_on=effective_from, ends_before=effective_before),
                author="Ada",
                reason="An ordinance",
                citation="Ordinance 12",
            ),
            at=approved_at,
        )
        operations.put_in_test(version_id=version_id, at=approved_at)
        operations.approve(version_id=version_id, approver="Grace", at=approved_at)
    return version_id
