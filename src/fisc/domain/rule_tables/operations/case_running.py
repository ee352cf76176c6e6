"""Running a version's cases, and keeping how they came out."""

from __future__ import annotations

import datetime

from fisc.dmn.xml import problems
from fisc.domain.rule_tables import models
from fisc.domain.rule_tables.calculations import case_runs, checking, loading
from fisc.domain.rule_tables.queries import importing, points
from fisc.plumbing import transactions


@transactions.needs_transaction
def run_cases(
    *,
    version: models.Version,
    at: datetime.datetime,
    imported: tuple[importing.Imported, ...] | None = None,
) -> case_runs.Run:
    """Run a version's cases and keep how they came out, once for a content; gives the run.

    With the shared versions given, or else with those that it imports as it is now. Raises
    points.NoSuchDecisionPoint.
    """
    try:
        files = importing.files(importing.of_version(version) if imported is None else imported)
        imports_sha256 = loading.sha256_of(files)
    except problems.ModelIsRefused as refused:
        run = case_runs.Run(outcomes=(), problem=f"The cases were not run: {refused}")
        imports_sha256 = importing.MISSING
    else:
        content = bytes(version.dmn)
        run = case_runs.run(
            content,
            point=points.of_file(version.book.decision_point, content, imported=files),
            sheet=checking.Sheet(name=version.file_name, content=bytes(version.case_sheet)),
            imported=files,
        )
    models.CaseRun.objects.get_or_create(
        version=version,
        sha256=version.sha256,
        case_sheet_sha256=version.case_sheet_sha256,
        imports_sha256=imports_sha256,
        defaults={
            "problem": run.problem,
            "passed": run.passed,
            "failed": run.failed,
            "results": case_runs.to_json(run),
            "ran_at": at,
        },
    )
    return run
