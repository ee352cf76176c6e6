"""The application that knows what a license costs and how long it lasts."""

from django.apps import AppConfig


class LicensingConfig(AppConfig):
    """Businesses, license types, and the fees of licenses."""

    name = "fisc.domain.licensing"
    label = "licensing"
