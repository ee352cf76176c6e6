from django import apps


class RuleTables(apps.AppConfig):
    name = "fisc.domain.rule_tables"
    verbose_name = "Rule tables"
