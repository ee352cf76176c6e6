"""What a day does, in order. Read from top to bottom; a step never reaches back."""

from __future__ import annotations

from collections.abc import Sequence

from fisc.plumbing.runs import engine, pieces
from fisc.processes.daily_runs import closing, control_totals


def whole(_: engine.RunOf) -> Sequence[pieces.Piece]:
    """Do a step in one piece."""
    return [pieces.Piece()]


STEPS: Sequence[engine.StepPlan] = (
    engine.StepPlan(
        name="invariants",
        words="Prove the invariants",
        cut=whole,
        work=closing.prove_invariants,
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
        name="verify seals",
        words="Verify the seals",
        cut=whole,
        work=closing.verify_seals,
        agree=control_totals.nothing_posted,
    ),
)
