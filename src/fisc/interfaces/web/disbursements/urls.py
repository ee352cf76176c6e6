from django.urls import path

from fisc.interfaces.web.disbursements import asking, deciding, explaining, views

urlpatterns = [
    path("requisitions/", views.requisitions, name="requisitions"),
    path("requisitions/<int:number>/", views.requisition, name="requisition"),
    path("requisitions/<int:number>/pdf/", views.paper, name="requisition_pdf"),
    path("requisitions/<int:number>/approve/", deciding.approve, name="requisition_approve"),
    path("requisitions/<int:number>/stop/", deciding.stop, name="requisition_stop"),
    path("requisitions/<int:number>/paid/", deciding.paid, name="requisition_paid"),
    path("requisitions/<int:number>/why/", explaining.paid, name="why_requisition"),
    path(
        "requisitions/<int:number>/approvals/why/",
        explaining.approvals,
        name="why_requisition_approvals",
    ),
    path(
        "requisitions/<int:number>/debts/<int:item_id>/why/",
        explaining.offset,
        name="why_requisition_debt",
    ),
    path(
        "requisitions/<int:number>/interest/<int:interest_id>/why/",
        explaining.interest,
        name="why_requisition_interest",
    ),
    path("accounts/<int:number>/refund/", asking.refund, name="account_refund"),
    path("accounts/<int:number>/refund/offer/", asking.offer, name="account_refund_offer"),
]
