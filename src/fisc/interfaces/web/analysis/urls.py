from django.urls import path

from fisc.interfaces.web.analysis import discovery, views

urlpatterns = [
    path("tax-analysis/", views.analysis, name="tax_analysis"),
    path("tax-analysis/give/", views.give, name="give_out"),
    path("tax-analysis/payers/", views.payers, name="tax_payers"),
    path("tax-analysis/given/", views.given, name="disclosures"),
    path("tax-analysis/discovery/<slug:of>/", discovery.listed, name="tax_discovery"),
    path("tax-analysis/discovery/<slug:of>/look/", discovery.look_at, name="tax_look_at"),
    path(
        "tax-analysis/discovery/<slug:of>/<int:year>/<int:subject_id>/<slug:code>/why/",
        discovery.why,
        name="why_discovered",
    ),
]
