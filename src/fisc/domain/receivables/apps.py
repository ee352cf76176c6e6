"""The application of what accounts owe, item by item."""

from django.apps import AppConfig


class ReceivablesConfig(AppConfig):
    """Say where the application lives and what its tables are named after."""

    name = "fisc.domain.receivables"
    label = "receivables"
