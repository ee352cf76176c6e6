"""The application of the record of who did what, and why."""

from django.apps import AppConfig


class ActionLogConfig(AppConfig):
    """Say where the application lives and what its tables are named after."""

    name = "fisc.plumbing.action_log"
    label = "action_log"
