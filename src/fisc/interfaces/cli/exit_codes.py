"""What the `fisc` command says to the program that called it."""

from __future__ import annotations

DONE = 0
ERROR = 1
USAGE = 2
DONE_WITH_EXCEPTIONS = 3
CONTROL_TOTALS_DIFFER = 4
