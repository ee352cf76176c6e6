"""The application that keeps who holds what with the city, and where."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Parties, accounts, premises, roles and holds."""

    name = "fisc.domain.accounts"
    label = "accounts"
