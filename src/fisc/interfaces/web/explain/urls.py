from django.urls import path

from fisc.interfaces.web.explain import views

urlpatterns = [
    path("bills/<int:number>/why/", views.total, name="why_total"),
    path("bills/<int:number>/due/why/", views.due_day, name="why_due"),
    path("bills/<int:number>/lines/<int:line_no>/why/", views.line, name="why"),
    path("bills/<int:number>/explanation/", views.letter, name="explanation_letter"),
    path("accounts/<int:number>/balance/why/", views.balance, name="why_balance"),
    path("accounts/<int:number>/past-due/why/", views.past_due, name="why_past_due"),
    path("accounts/<int:number>/credit/why/", views.credit, name="why_credit"),
    path(
        "credits-applied/<int:number>/<int:account_id>/why/",
        views.credit_applied,
        name="why_credit_applied",
    ),
    path("items/<int:item_id>/why/", views.item, name="why_item"),
    path("late-charges/<int:number>/why/", views.late_charge, name="why_late"),
    path("payments/<int:number>/<int:account_id>/why/", views.payment, name="why_payment"),
    path("reads/<int:number>/why/", views.read, name="why_read"),
    path("quote/lines/<int:line_no>/why/", views.quoted, name="why_quoted"),
    path("work/<int:item_id>/why/", views.work_item, name="why_work"),
]
