"""Disbursements: money that the city pays out, asked for by one person and approved by others."""

from django.apps import AppConfig


class DisbursementsConfig(AppConfig):
    """Say where the application lives and what its tables are named after."""

    name = "fisc.domain.disbursements"
    label = "disbursements"
