"""Tax analysis: what returns come to by class, place, area and quarter; who may see what."""

from django.apps import AppConfig


class TaxAnalysisConfig(AppConfig):
    """Say where the application lives and what its tables are named after."""

    name = "fisc.domain.tax_analysis"
    label = "tax_analysis"
