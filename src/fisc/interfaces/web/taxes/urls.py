from django.urls import path

from fisc.interfaces.web.taxes import account, entry, filed, registering, whys

urlpatterns = [
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
