from django.urls import path

from fisc.interfaces.web.state import filers, months, views

urlpatterns = [
    path("state/", views.board, name="state"),
    path("state/files/<int:number>/", views.file, name="state_file"),
    path("state/<month:month>/", months.month, name="state_month"),
    path("state/<month:month>/earlier/", months.earlier, name="state_earlier"),
    path("state/<month:month>/differences/", months.differences, name="state_differences"),
    path("state/filers/<slug:side>/", filers.listed, name="state_filers"),
    path("state/filers/<slug:side>/look/", filers.look_at, name="state_look_at"),
]
