"""What a day does, in order. Read from top to bottom; a step never reaches back."""

from __future__ import annotations

from collections.abc import Sequence

from fisc.plumbing.runs import engine, pieces
from fisc.processes.daily_runs import (
    billing,
    closing,
    control_totals,
    letters,
    licenses,
    reading,
    taxes,
)


def whole(_: engine.RunOf) -> Sequence[pieces.Piece]:
    """Do a step in one piece."""
    return [pieces.Piece()]


STEPS: Sequence[engine.StepPlan] = (
    engine.StepPlan(
        name="reads",
        words="Read in files of reads",
        cut=reading.cut_files,
        work=reading.read_file,
        agree=reading.counted_in,
    ),
    engine.StepPlan(
        name="estimates",
        words="Estimate missing reads",
        cut=reading.cut_cycles,
        work=reading.estimate,
        agree=control_totals.nothing_posted,
    ),
    engine.StepPlan(
        name="calculate",
        words="Calculate bills",
        cut=reading.cut_cycles,
        work=billing.calculate,
        agree=control_totals.nothing_posted,
    ),
    engine.StepPlan(
        name="bill register",
        words="Count up the bill register",
        cut=whole,
        work=billing.register,
        agree=control_totals.nothing_posted,
        signs=billing.sign_by_policy,
    ),
    engine.StepPlan(
        name="issue",
        words="Issue bills",
        cut=reading.cut_cycles,
        work=billing.issue_bills,
        agree=control_totals.bills_posted,
        compare=control_totals.register_issued,
    ),
    engine.StepPlan(
        name="late charges",
        words="Charge for paying late",
        cut=billing.cut_accounts,
        work=billing.charge_late,
        agree=control_totals.charges_posted,
    ),
    engine.StepPlan(
        name="late tax",
        words="Charge penalty and interest of late tax",
        cut=taxes.cut_accounts,
        work=taxes.charge_lateness,
        agree=control_totals.charges_posted,
    ),
    engine.StepPlan(
        name="missing returns",
        words="Find tax returns that did not come",
        cut=taxes.cut_all_accounts,
        work=taxes.find_missing,
        agree=control_totals.nothing_posted,
    ),
    engine.StepPlan(
        name="credits",
        words="Apply credits to charges",
        cut=billing.cut_accounts,
        work=billing.apply_credits,
        agree=control_totals.credits_posted,
    ),
    engine.StepPlan(
        name="renewals",
        words="Renew paid licenses, lapse those that are over, tell holders",
        cut=licenses.cut_licenses,
        work=licenses.renew,
        agree=control_totals.renewals_kept,
    ),
    engine.StepPlan(
        name="letters",
        words="Write letters about licenses and tax returns",
        cut=letters.cut_accounts,
        work=letters.write,
        agree=control_totals.nothing_posted,
    ),
    engine.StepPlan(
        name="seal",
        words="Seal the days before",
        cut=whole,
        work=closing.seal_days_before,
        agree=control_totals.nothing_posted,
        is_alone=True,
    ),
    engine.StepPlan(
        name="invariants",
        words="Prove the invariants and seals",
        cut=whole,
        work=closing.prove_invariants,
        agree=control_totals.nothing_posted,
    ),
)
