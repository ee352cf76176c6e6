"""Every address that Fisc answers at: the staff pages, and under /api/ the programs' door."""

from django.urls import include, path

from fisc.interfaces.web import urls as web

handler400 = web.handler400
handler403 = web.handler403
handler404 = web.handler404
handler500 = web.handler500

urlpatterns = [
    path("api/", include("fisc.interfaces.api.urls")),
    path("", include("fisc.interfaces.web.urls")),
]
