"""The application of scheduled entry points: work that the pages ask for."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs, taken by a worker process that `fisc serve` starts."""

    name = "fisc.interfaces.jobs"
    label = "jobs"
