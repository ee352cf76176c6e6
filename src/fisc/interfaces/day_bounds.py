"""The days that may be written at any door.

Beyond them no office keeps accounts, and no sum of days leaves what dates can hold.
"""

import datetime
from typing import Final

FIRST: Final = datetime.date(1900, 1, 1)
LAST: Final = datetime.date(2199, 12, 31)
