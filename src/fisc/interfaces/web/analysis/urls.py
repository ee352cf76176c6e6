from django.urls import path

from fisc.interfaces.web.analysis import views

urlpatterns = [
    path("tax-analysis/", views.analysis, name="tax_analysis"),
    path("tax-analysis/give/", views.give, name="give_out"),
    path("tax-analysis/payers/", views.payers, name="tax_payers"),
    path("tax-analysis/given/", views.given, name="disclosures"),
]
