"""The application of payments, tenders and how each is spread."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Say where the application lives and what its tables are named after."""

    name = "fisc.domain.payments"
    label = "payments"
