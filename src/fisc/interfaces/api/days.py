"""Days that programs send."""

import datetime
from typing import Annotated

from pydantic import Field

from fisc.interfaces import day_bounds

#: A day within the years in which an office keeps accounts.
Day = Annotated[datetime.date, Field(ge=day_bounds.FIRST, le=day_bounds.LAST)]
