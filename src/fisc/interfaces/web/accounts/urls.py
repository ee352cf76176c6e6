from django.urls import path

from fisc.interfaces.web.accounts import views

urlpatterns = [
    path("accounts/<int:number>/", views.summary, name="account"),
    path("accounts/<int:number>/bills/", views.bills, name="account_bills"),
    path("accounts/<int:number>/payments/", views.payments, name="account_payments"),
    path("accounts/<int:number>/services/", views.services, name="account_services"),
    path("accounts/<int:number>/history/", views.history, name="account_history"),
]
