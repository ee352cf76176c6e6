from django.urls import path

from fisc.interfaces.web.accounts import views

urlpatterns = [
    path("accounts/by-id/<int:account_id>/", views.by_id, name="account_by_id"),
    path("accounts/<int:number>/", views.summary, name="account"),
    path("accounts/<int:number>/bills/", views.bills, name="account_bills"),
    path("accounts/<int:number>/payments/", views.payments, name="account_payments"),
    path("accounts/<int:number>/services/", views.services, name="account_services"),
    path("accounts/<int:number>/history/", views.history, name="account_history"),
]
