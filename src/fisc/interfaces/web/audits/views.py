"""The board of audits, one case, the scores, and the letters of a case."""

from __future__ import annotations

import datetime

from django import http, shortcuts, urls
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fisc.domain.rule_tables.queries import versions
from fisc.domain.tax_audits import choices, explaining
from fisc.domain.tax_audits.queries import assessing, cases, letters, selection
from fisc.interfaces.web import doors, languages, seen
from fisc.interfaces.web.audits import forms, showing
from fisc.interfaces.web.explain import showing as explain
from fisc.plumbing.typesetting import typesetter
from fisc.plumbing.users import permissions

_KIND = choices.EventKind
#: The tabs of the board: what each is called and which states it shows.
TABS = {
    "work": (gettext_lazy("In work"), (_KIND.SELECTED, *choices.IN_WORK)),
    "decide": (gettext_lazy("To decide"), (_KIND.PROPOSED, _KIND.PROTESTED)),
    "notice": (gettext_lazy("Notice given"), (_KIND.APPROVED, _KIND.DECIDED)),
    "over": (gettext_lazy("Over"), choices.OVER),
}
LIST_SHOWN = 200


@doors.opens_with(permissions.SEE_AUDITS)
def board(request: http.HttpRequest) -> http.HttpResponse:
    """List cases by state, those that have waited longest first."""
    tab = request.GET.get("state", "work")
    if tab not in TABS:
        raise http.Http404(_("There is no such list of audits."))
    whose = request.GET.get("auditor", "")
    auditor_id = int(whose) if whose.isdecimal() and len(whose) < 10 else None
    counted = cases.counts()
    today = timezone.localdate()
    lines = cases.listed(states=TABS[tab][1], auditor_id=auditor_id, limit=LIST_SHOWN)
    seen.record(request, shows="audits", which={})
    return shortcuts.render(
        request,
        "audits/board.html",
        {
            "tabs": [
                (name, words, sum(counted.get(each, 0) for each in states))
                for name, (words, states) in TABS.items()
            ],
            "tab": tab,
            "lines": [(each, (today - each.since).days) for each in lines],
            "shown": LIST_SHOWN,
            "whose": forms.WhoseForm(initial={"auditor": auditor_id}),
            "auditor_id": auditor_id,
        },
    )


@doors.opens_with(permissions.KEEP_AUDITS)
def scores(request: http.HttpRequest) -> http.HttpResponse:
    """List the accounts that most speaks for auditing, by the city's table of points."""
    try:
        found = selection.scored(on=timezone.localdate(), known_at=timezone.now(), most=50)
        problem = ""
    except versions.NoVersionForDate as missing:
        found, problem = [], str(missing)
    seen.record(request, shows="audit scores", which={})
    return shortcuts.render(request, "audits/scores.html", {"scores": found, "problem": problem})


@doors.opens_with(permissions.SEE_AUDITS, shows="audit")
def case(request: http.HttpRequest, case_id: int) -> http.HttpResponse:
    """Show a case: what happened, what was found, what it comes to, and what is protested."""
    return showing.page(request, showing.found(case_id))


@doors.opens_with(permissions.SEE_AUDITS, shows="audit")
def why(request: http.HttpRequest, case_id: int, starts_on: datetime.date) -> http.HttpResponse:
    """Explain what a period comes to under audit."""
    assessment = assessing.newest(showing.found(case_id).case_id)
    if assessment is None or starts_on not in [each.starts_on for each in assessment.periods]:
        raise http.Http404(_("This period was not assessed."))
    return explain.page(
        request,
        lambda: explaining.why_period(
            assessment, starts_on=starts_on, language=languages.current()
        ),
        back=explain.Back(
            urls.reverse("audit", args=[case_id]), f"{_('Back to the audit')} {case_id}"
        ),
    )


@doors.opens_with(permissions.SEE_AUDITS, shows="audit")
def letter(request: http.HttpRequest, case_id: int, kind: str) -> http.HttpResponse:
    """Give a letter of a case as PDF/UA-1, in the language of the account's holder."""
    del request
    found = showing.found(case_id)
    if kind not in showing.letters(found, assessing.newest(case_id)):
        raise http.Http404(_("The case has no such letter."))
    data, made_at = letters.letter(found, choices.EventKind(kind))
    return http.HttpResponse(
        typesetter.typeset(template=letters.template(), data=data, made_at=made_at),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="audit-{case_id}-{kind}.pdf"'},
    )
