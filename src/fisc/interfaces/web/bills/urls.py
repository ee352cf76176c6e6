from django.urls import path

from fisc.interfaces.web.bills import changing, views

urlpatterns = [
    path("bills/<int:number>/", views.bill, name="bill"),
    path("bills/<int:number>/pdf/", views.pdf, name="bill_pdf"),
    path("bills/<int:number>/cancel/", changing.cancel, name="bill_cancel"),
]
