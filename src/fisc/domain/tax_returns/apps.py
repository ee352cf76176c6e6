"""Tax returns: what is due of a period, what paying late costs, on which days."""

from django.apps import AppConfig


class TaxReturnsConfig(AppConfig):
    """Say where the application lives and what its tables are named after."""

    name = "fisc.domain.tax_returns"
    label = "tax_returns"
