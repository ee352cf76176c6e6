"""The one clock below the interfaces: how long the machine took, never what day it is.

Nothing a city sees in its books depends on these instants; rows of a run carry the run's own.
"""

from django.db.models.functions import Now  # noqa: TID251 - see above

__all__ = ["Now"]
