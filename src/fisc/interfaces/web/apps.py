from django.apps import AppConfig


class WebConfig(AppConfig):
    """The staff pages: their templates, files and words."""

    name = "fisc.interfaces.web"
    label = "web"
