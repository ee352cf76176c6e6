"""The application of tills, receipts and closeout."""

from django.apps import AppConfig


class CashieringConfig(AppConfig):
    """Say where the application lives and what its tables are named after."""

    name = "fisc.domain.cashiering"
    label = "cashiering"
