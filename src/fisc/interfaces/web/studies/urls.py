from django.urls import path

from fisc.interfaces.web.studies import views

urlpatterns = [
    path("tables/<int:version_id>/studies/", views.start, name="study_start"),
    path("studies/<int:study_id>/", views.study, name="study"),
    path("studies/<int:study_id>/cancel/", views.cancel, name="study_cancel"),
    path("studies/<int:study_id>/xlsx/", views.xlsx, name="study_xlsx"),
    path("studies/<int:study_id>/pdf/", views.pdf, name="study_pdf"),
]
