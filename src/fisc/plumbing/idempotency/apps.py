"""The application of keys that make a second asking harmless."""

from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    """Say where the application lives and what its tables are named after."""

    name = "fisc.plumbing.idempotency"
    label = "idempotency"
