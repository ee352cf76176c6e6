from django.urls import path

from fisc.interfaces.web.runs import views

urlpatterns = [
    path("runs/", views.runs, name="runs"),
    path("runs/<day:posting_day>/", views.run, name="run"),
    path("runs/<day:posting_day>/start/", views.start, name="run_start"),
    path("runs/<day:posting_day>/register/", views.register, name="run_register"),
]
