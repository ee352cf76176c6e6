"""Tax audits: cases from selection to a final assessment; voluntary disclosures."""

from django.apps import AppConfig


class TaxAuditsConfig(AppConfig):
    """Say where the application lives and what its tables are named after."""

    name = "fisc.domain.tax_audits"
    label = "tax_audits"
