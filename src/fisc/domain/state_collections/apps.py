"""State collections: the state's files of licenses, returns, payments and the city's share."""

from django.apps import AppConfig


class StateCollectionsConfig(AppConfig):
    """Say where the application lives and what its tables are named after."""

    name = "fisc.domain.state_collections"
    label = "state_collections"
