"""The application that keeps runs, steps and chunks."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Runs: work that is cut into chunks and survives being killed."""

    name = "fisc.plumbing.runs"
    label = "runs"
