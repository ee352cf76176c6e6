"""The application that keeps who acts for a party, and its papers."""

from django.apps import AppConfig


class PartyRecordsConfig(AppConfig):
    """Officers of organizations, and files that parties handed in."""

    name = "fisc.domain.party_records"
    label = "party_records"
