"""The application that brings in what other systems leave behind."""

from django.apps import AppConfig


class ConversionConfig(AppConfig):
    """Files of another system, what they brought, and whether that was undone."""

    name = "fisc.processes.conversion"
    label = "conversion"
