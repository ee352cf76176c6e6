from django.urls import path

from fisc.interfaces.web.work import deeds, views

urlpatterns = [
    path("work/", views.work, name="work"),
    path("work/next/", views.take_next, name="work_next"),
    path("work/<int:item_id>/", views.work_item, name="work_item"),
    path("work/<int:item_id>/take/", views.take, name="work_take"),
    path("work/<int:item_id>/release/", deeds.release, name="work_release"),
    path("work/<int:item_id>/drop/", deeds.drop, name="work_drop"),
    path("work/<int:item_id>/read/", deeds.enter_read, name="work_read"),
]
