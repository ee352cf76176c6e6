"""The application that keeps what a person must look at."""

from django.apps import AppConfig


class WorkItemsConfig(AppConfig):
    """Work items: what the runs could not decide, with its reason."""

    name = "fisc.domain.work_items"
    label = "work_items"
