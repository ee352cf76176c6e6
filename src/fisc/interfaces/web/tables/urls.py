from django.urls import path

from fisc.interfaces.web.tables import views

urlpatterns = [
    path("tables/", views.tables, name="tables"),
    path("tables/<int:version_id>/", views.version, name="table_version"),
    path("tables/<int:version_id>/file/", views.file, name="table_file"),
]
