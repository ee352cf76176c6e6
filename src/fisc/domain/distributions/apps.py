"""Distributions: what was collected of a month, shared out to funds and jurisdictions."""

from django.apps import AppConfig


class DistributionsConfig(AppConfig):
    """Say where the application lives and what its tables are named after."""

    name = "fisc.domain.distributions"
    label = "distributions"
