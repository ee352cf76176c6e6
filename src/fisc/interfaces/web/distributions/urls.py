from django.urls import path, register_converter

from fisc.interfaces.web import days
from fisc.interfaces.web.distributions import views

register_converter(days.MonthConverter, "month")

urlpatterns = [
    path("distributions/", views.distributions, name="distributions"),
    path("distributions/run/", views.distribute, name="distribute"),
    path("distributions/<month:month>/", views.month, name="distribution"),
    path("distributions/<month:month>/letter/", views.letter, name="distribution_letter"),
    path(
        "distributions/<month:month>/<slug:charge>/<slug:basis>/<slug:fund>/why/",
        views.why,
        name="why_share",
    ),
]
