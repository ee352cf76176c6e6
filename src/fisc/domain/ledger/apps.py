"""The application of the city's books."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Say where the application lives and what its tables are named after."""

    name = "fisc.domain.ledger"
    label = "ledger"
