"""From sums by charge to the postings of each bill's entry. No Django."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fisc.domain.utilities.calculations.facts import NONE, Numbers


@dataclass(frozen=True, slots=True)
class Postings:
    """One row a posting, in the order of the bills; `subledger` is NONE where it has none."""

    bill: Numbers
    line_no: Numbers
    gl_account_id: Numbers
    subledger: Numbers
    amount_cents: Numbers
    # By bill.
    count: Numbers


def postings(
    *, bill: Numbers, charge_id: Numbers, cents: Numbers, account_of_bill: Numbers,
    receivable_gl: Numbers, revenue_gl: Numbers,
) -> Postings:  # fmt: skip
    """Return one debit a bill and receivable account, one credit a revenue account.

    `receivable_gl` and `revenue_gl` have the GL account of each charge code id.
    """
    both = np.concatenate([bill, bill])
    side = np.repeat(np.array([0, 1], dtype=np.int64), len(bill))
    gl = np.concatenate([receivable_gl[charge_id], revenue_gl[charge_id]])
    signed = np.concatenate([cents, -cents])
    keys, place = np.unique(both << 33 | side << 32 | gl, return_inverse=True)
    sums = np.zeros(len(keys), dtype=np.int64)
    np.add.at(sums, place, signed)
    moves = sums != 0
    keys, sums = keys[moves], sums[moves]
    of_bill = keys >> 33
    line_no, count = numbered(of_bill, groups=len(account_of_bill))
    is_revenue = (keys >> 32 & 1).astype(np.bool_)
    return Postings(
        bill=of_bill,
        line_no=line_no,
        gl_account_id=keys & 0xFFFF_FFFF,
        subledger=np.where(is_revenue, NONE, account_of_bill[of_bill]),
        amount_cents=sums,
        count=count,
    )


def numbered(group: Numbers, *, groups: int) -> tuple[Numbers, Numbers]:
    """Return each row's number from 1 in its group, and each group's count; groups in order."""
    count = np.zeros(groups, dtype=np.int64)
    np.add.at(count, group, 1)
    first = np.cumsum(count) - count
    numbers: Numbers = np.arange(len(group), dtype=np.int64) - first[group] + 1
    return numbers, count
