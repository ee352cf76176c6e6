from django import apps


class CodeLists(apps.AppConfig):
    name = "fisc.domain.code_lists"
    verbose_name = "Code lists"
