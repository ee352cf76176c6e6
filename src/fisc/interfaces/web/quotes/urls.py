from django.urls import path

from fisc.interfaces.web.quotes import views

urlpatterns = [path("quote/", views.quote, name="quote")]
