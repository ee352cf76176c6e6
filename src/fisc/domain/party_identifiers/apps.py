"""The application that keeps the numbers by which others know a party."""

from django.apps import AppConfig


class PartyIdentifiersConfig(AppConfig):
    """Tax numbers of parties, sealed, and how they are found."""

    name = "fisc.domain.party_identifiers"
    label = "party_identifiers"
