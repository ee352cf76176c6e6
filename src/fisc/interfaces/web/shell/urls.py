from django.urls import path

from fisc.interfaces.web.shell import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("unlock/", views.unlock, name="unlock"),
    path("language/", views.language, name="language"),
    path("keys/", views.keys, name="keys"),
]
