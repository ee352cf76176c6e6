from django.urls import path

from fisc.interfaces.web.search import views

urlpatterns = [path("search/", views.search, name="search")]
