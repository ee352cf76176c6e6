"""The morning board: do the books hold, how is today's run, what is mine, which tills are open."""

import dataclasses

from django import http, shortcuts
from django.utils import timezone

from fisc.domain.cashiering import queries as cashiering
from fisc.domain.disbursements.queries import requisitions
from fisc.domain.work_items import queries as work_items
from fisc.interfaces.web import doors
from fisc.interfaces.web.work import showing
from fisc.plumbing.runs import queries as runs
from fisc.plumbing.users import permissions
from fisc.processes.daily_runs import invariants, queries

PROOF_STEP = "invariants"
OWNED_SHOWN = 8


@dataclasses.dataclass(frozen=True)
class LastProof:
    """When the books were last proved, by which day's run, and what was wrong."""

    run: runs.RunSeen
    step: runs.StepSeen

    @property
    def holds(self) -> bool:
        """Tell whether every invariant held."""
        return self.step.status == "done"


# Somebody of another office has no board here, and begins with what there is to see.
@doors.opens_with(permissions.SEE_BOARD, instead={permissions.SEE_TAX_ANALYSIS: "tax_analysis"})
def board(request: http.HttpRequest) -> http.HttpResponse:
    """Show what a person looks at first."""
    today = timezone.localdate()
    run = _latest_run()
    return shortcuts.render(
        request,
        "board/board.html",
        {
            "today": today,
            "run": run,
            "state": queries.status_now(run) if run else "",
            "proof": _last_proof(run),
            "invariants": invariants.INVARIANTS,
            "mine": showing.in_city_words(
                work_items.owned(user_id=doors.person(request))[:OWNED_SHOWN]
            ),
            "tills": [
                till
                for till in (
                    *cashiering.tills_left_open(before=today),
                    *cashiering.tills_of_day(today),
                )
                if not till.is_closed
            ],
            "refunds": requisitions.waiting(),
            "waiting": sum(cause.count for cause in work_items.causes(today=today)),
        },
    )


@doors.opens_with(permissions.SEE_RUNS)
def proofs(request: http.HttpRequest) -> http.HttpResponse:
    """Prove every invariant now; it may take a while in a large city."""
    template = "board/_proofs.html" if request.headers.get("HX-Request") else "board/proofs.html"
    return shortcuts.render(
        request,
        template,
        {"findings": queries.board(as_of=timezone.localdate()), "at": timezone.now()},
    )


def _latest_run() -> runs.RunSeen | None:
    latest = queries.days(limit=1)
    return queries.day(posting_day=latest[0].posting_day) if latest else None


def _last_proof(run: runs.RunSeen | None) -> LastProof | None:
    if run is None:
        return None
    proved = [step for step in run.steps if step.name == PROOF_STEP and step.finished_at]
    return LastProof(run=run, step=proved[-1]) if proved else None
