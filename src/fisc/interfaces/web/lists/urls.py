from django.urls import path

from fisc.interfaces.web.lists import changing, deciding, drafting, views

urlpatterns = [
    path("lists/", views.lists, name="lists"),
    path("lists/of/<str:name>/", views.code_list, name="list"),
    path("lists/of/<str:name>/start/", drafting.start, name="list_start"),
    path("lists/of/<str:name>/code/", views.code, name="list_code"),
    path("lists/editions/<int:edition_id>/", views.edition, name="list_edition"),
    path("lists/editions/<int:edition_id>/file/", views.edition_file, name="list_edition_file"),
    path("lists/<int:change_id>/", views.change, name="list_change"),
    path("lists/<int:change_id>/csv/", views.csv_file, name="list_csv"),
    path("lists/<int:change_id>/xlsx/", views.xlsx_file, name="list_xlsx"),
    path("lists/<int:change_id>/notice/", views.notice, name="list_notice"),
    path("lists/<int:change_id>/effects/", views.consequences, name="list_effects"),
    path("lists/<int:change_id>/describe/", drafting.describe, name="list_describe"),
    path("lists/<int:change_id>/row/", changing.row, name="list_row"),
    path("lists/<int:change_id>/bring-in/", changing.bring_in, name="list_bring_in"),
    path("lists/<int:change_id>/save/", changing.save, name="list_save"),
    path("lists/<int:change_id>/test/", drafting.test, name="list_test"),
    path("lists/<int:change_id>/take-back/", drafting.take_back, name="list_take_back"),
    path("lists/<int:change_id>/discard/", drafting.discard, name="list_discard"),
    path("lists/<int:change_id>/approve/", deciding.approve, name="list_approve"),
    path("lists/<int:change_id>/confirm/", deciding.confirm, name="list_confirm"),
    path("lists/<int:change_id>/roll-back/", deciding.roll_back, name="list_roll_back"),
]
