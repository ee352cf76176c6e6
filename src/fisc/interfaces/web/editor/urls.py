from django.urls import path

from fisc.interfaces.web.editor import views

urlpatterns = [
    path("tables/<int:version_id>/edit/", views.edit, name="table_edit"),
    path("tables/<int:version_id>/edit/check/", views.check, name="table_edit_check"),
    path("tables/<int:version_id>/edit/save/", views.save, name="table_edit_save"),
    path(
        "tables/<int:version_id>/edit/difference/", views.difference, name="table_edit_difference"
    ),
]
