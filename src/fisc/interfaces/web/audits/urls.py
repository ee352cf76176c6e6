from django.urls import path

from fisc.interfaces.web.audits import acting, adding, disclosures, views

urlpatterns = [
    path("audits/", views.board, name="audits"),
    path("audits/scores/", views.scores, name="audit_scores"),
    path("audits/new/<int:number>/", acting.select, name="audit_new"),
    path("audits/<int:case_id>/", views.case, name="audit"),
    path("audits/<int:case_id>/step/", acting.step, name="audit_step"),
    path("audits/<int:case_id>/assign/", acting.assign, name="audit_assign"),
    path("audits/<int:case_id>/protest/", acting.protest, name="audit_protest"),
    path("audits/<int:case_id>/decide/", acting.decide, name="audit_decide"),
    path("audits/<int:case_id>/schedule/", adding.schedule, name="audit_schedule"),
    path("audits/<int:case_id>/schedule/file/", adding.schedule_file, name="audit_schedule_file"),
    path("audits/<int:case_id>/records/", adding.records, name="audit_records"),
    path("audits/<int:case_id>/came/", adding.came, name="audit_records_came"),
    path("audits/<int:case_id>/waivers/", adding.waiver, name="audit_waiver"),
    path("audits/<int:case_id>/letters/<str:kind>/", views.letter, name="audit_letter"),
    path("audits/<int:case_id>/<day:starts_on>/why/", views.why, name="why_audit_period"),
    path("disclosures/", disclosures.listed, name="disclosures"),
    path("disclosures/<int:disclosure_id>/", disclosures.one, name="disclosure"),
    path("disclosures/<int:disclosure_id>/step/", disclosures.step, name="disclosure_step"),
]
