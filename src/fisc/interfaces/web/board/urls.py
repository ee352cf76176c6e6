from django.urls import path

from fisc.interfaces.web.board import views

urlpatterns = [
    path("", views.board, name="board"),
    path("board/proofs/", views.proofs, name="board_proofs"),
]
