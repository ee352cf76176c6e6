from django.urls import path

from fisc.interfaces.web.licenses import (
    acting,
    application,
    changing,
    license_page,
    lists,
    papers,
    quoting,
    signing,
    starting,
    views,
)

_APPLICATION = "applications/<int:number>/"
_LICENSE = "licenses/<int:number>/"

urlpatterns = [
    path("licenses/fee/", views.fee, name="license_fee"),
    path("licenses/fee/<slug:line>/why/", views.why, name="why_license_fee"),
    path("businesses/<int:number>/licenses/", starting.of_business, name="business_licenses"),
    path("businesses/<int:number>/apply/", starting.start, name="application_start"),
    path("applications/", lists.applied, name="applications"),
    path(_APPLICATION, application.application, name="application"),
    path(f"{_APPLICATION}tell/", acting.tell, name="application_tell"),
    path(f"{_APPLICATION}attach/", acting.attach, name="application_attach"),
    path(f"{_APPLICATION}coverage/", acting.coverage, name="application_coverage"),
    path(f"{_APPLICATION}complete/", acting.complete, name="application_complete"),
    path(f"{_APPLICATION}charge/", acting.charge, name="application_charge"),
    path(f"{_APPLICATION}issue/", acting.issue, name="application_issue"),
    path(f"{_APPLICATION}deny/", acting.deny, name="application_deny"),
    path(f"{_APPLICATION}appeal/", acting.appeal, name="application_appeal"),
    path(f"{_APPLICATION}decide/", acting.decide, name="application_decide"),
    path(f"{_APPLICATION}settle/", acting.settle, name="application_settle"),
    path(f"{_APPLICATION}withdraw/", acting.withdraw, name="application_withdraw"),
    path(f"{_APPLICATION}reopen/", acting.reopen, name="application_reopen"),
    path(
        f"{_APPLICATION}sign-offs/<int:sign_off>/again/",
        acting.ask_again,
        name="application_ask_again",
    ),
    path(
        f"{_APPLICATION}fee/<slug:line>/why/",
        quoting.why_quoted,
        name="why_application_fee",
    ),
    path(
        f"{_APPLICATION}charged/<int:item>/why/",
        quoting.why_charged,
        name="why_application_charged",
    ),
    path("sign-offs/", signing.board, name="sign_offs"),
    path("sign-offs/<int:number>/", signing.sign_off, name="sign_off"),
    path("licenses/", lists.listed, name="licenses"),
    path(_LICENSE, license_page.license_, name="license"),
    path(f"{_LICENSE}pdf/", papers.paper, name="license_pdf"),
    path(f"{_LICENSE}suspend/", changing.suspend, name="license_suspend"),
    path(f"{_LICENSE}reinstate/", changing.reinstate, name="license_reinstate"),
    path(f"{_LICENSE}revoke/", changing.revoke, name="license_revoke"),
    path(f"{_LICENSE}close/", changing.close, name="license_close"),
    path(f"{_LICENSE}place/", changing.place, name="license_place"),
    path(f"{_LICENSE}clear/", changing.clear, name="license_clear"),
    path(f"{_LICENSE}hand-on/", changing.hand_on, name="license_hand_on"),
    path(f"{_LICENSE}coverage/", changing.coverage, name="license_coverage"),
    path(f"{_LICENSE}renew/", changing.renew, name="license_renew"),
    path("l/<str:code>/", papers.public, name="public_license"),
]
