from django.urls import path

from fisc.interfaces.web.letters import views

urlpatterns = [
    path("letters/", views.letters, name="letters"),
    path("letters/print/", views.print_next, name="letters_print"),
    path("letters/<day:written_on>/<slug:name>/", views.day, name="letters_day"),
    path("letters/batches/<int:number>/pdf/", views.batch, name="letters_batch"),
    path("letters/batches/<int:number>/mailed/", views.mailed, name="letters_mailed"),
    path("letters/<int:number>/pdf/", views.letter, name="letter_pdf"),
]
