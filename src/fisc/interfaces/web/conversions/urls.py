from django.urls import path

from fisc.interfaces.web.conversions import views

urlpatterns = [
    path("conversions/", views.conversions, name="conversions"),
    path("conversions/<int:number>/", views.conversion, name="conversion"),
]
