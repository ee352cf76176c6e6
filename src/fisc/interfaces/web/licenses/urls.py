from django.urls import path

from fisc.interfaces.web.licenses import views

urlpatterns = [
    path("licenses/fee/", views.fee, name="license_fee"),
    path("licenses/fee/<slug:line>/why/", views.why, name="why_license_fee"),
]
