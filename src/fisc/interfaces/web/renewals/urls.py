from django.urls import path

from fisc.interfaces.web.renewals import views

urlpatterns = [
    path("renewals/", views.board, name="renewals"),
    path("renewals/<int:number>/", views.notice, name="renewal_notice"),
    path("renewals/<int:number>/lines/<slug:line>/why/", views.why, name="why_renewal_line"),
]
