"""The application that turns reads into bills."""

from django.apps import AppConfig


class UtilitiesConfig(AppConfig):
    """Services, meters, reads, cycles and bills."""

    name = "fisc.domain.utilities"
    label = "utilities"
