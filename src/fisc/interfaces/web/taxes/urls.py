from django.urls import path

from fisc.interfaces.web.taxes import (
    account,
    entry,
    filed,
    nonfilers,
    payoffs,
    registering,
    waivers,
    whys,
)

urlpatterns = [
    path("non-filers/", nonfilers.board, name="nonfilers"),
    path("non-filers/<int:number>/propose/", nonfilers.propose, name="assessment_propose"),
    path("assessments/<int:number>/", nonfilers.assessment, name="assessment"),
    path("assessments/<int:number>/decide/", nonfilers.decide, name="assessment_decide"),
    path("assessments/<int:number>/<slug:name>/why/", nonfilers.why, name="why_assessment"),
    path("waivers/", waivers.waiting, name="waivers"),
    path("waivers/<int:number>/decide/", waivers.decide, name="waiver_decide"),
    path("accounts/<int:number>/waivers/", waivers.waivers, name="account_waivers"),
    path("accounts/<int:number>/waivers/ask/", waivers.ask, name="waiver_ask"),
    path("accounts/<int:number>/payoff/", payoffs.payoff, name="account_payoff"),
    path("accounts/<int:number>/payoff/promise/", payoffs.promise, name="payoff_promise"),
    path("payoffs/<int:number>/pdf/", payoffs.letter, name="payoff_pdf"),
    path("accounts/<int:number>/tax/", account.tax, name="tax_account"),
    path("accounts/<int:number>/tax/register/", registering.register, name="tax_register"),
    path(
        "accounts/<int:number>/tax/registrations/<int:registration_id>/end/",
        registering.end,
        name="tax_end",
    ),
    path("accounts/<int:number>/tax/end/", registering.end_all, name="tax_end_all"),
    path("accounts/<int:number>/tax/frequency/", registering.frequency, name="tax_frequency"),
    path("accounts/<int:number>/tax/<day:starts_on>/owed/why/", whys.owed, name="why_period_owed"),
    path("returns/", entry.choose, name="return_choose"),
    path("accounts/<int:number>/returns/", entry.oldest, name="return_oldest"),
    path("accounts/<int:number>/returns/<day:starts_on>/", entry.enter, name="return_enter"),
    path("returns/<int:return_id>/", filed.filed, name="tax_return"),
    path(
        "returns/<int:return_id>/lines/<int:line_no>/<slug:name>/why/",
        whys.line,
        name="why_return_line",
    ),
    path("returns/<int:return_id>/totals/<slug:name>/why/", whys.total, name="why_return_total"),
    path(
        "returns/<int:return_id>/penalty/<slug:name>/<day:on>/why/",
        whys.penalty,
        name="why_return_penalty",
    ),
    path(
        "returns/<int:return_id>/interest/<day:on>/why/",
        whys.interest,
        name="why_return_interest",
    ),
]
