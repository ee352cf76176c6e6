from django import apps


class ListChanges(apps.AppConfig):
    name = "fisc.domain.list_changes"
    verbose_name = "Changes of code lists"
