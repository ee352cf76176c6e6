from django.urls import path

from fisc.interfaces.web.tills import closing, receipts, views

urlpatterns = [
    path("till/", views.till, name="till"),
    path("till/open/", views.open_till, name="till_open"),
    path("till/scan/", views.scan, name="till_scan"),
    path("till/figures/", views.figures, name="till_figures"),
    path("till/basket/<int:account_id>/remove/", views.remove, name="till_remove"),
    path("till/take/", views.take, name="till_take"),
    path("till/void/", views.void, name="till_void"),
    path("till/close/", closing.close, name="till_close"),
    path("till/<int:till_id>/counted/", closing.counted, name="till_counted"),
    path("till/<int:till_id>/approve/", closing.approve, name="till_approve"),
    path("receipts/", receipts.receipts, name="receipts"),
    path("receipts/<int:till_id>/<int:number>/", receipts.receipt, name="receipt"),
]
