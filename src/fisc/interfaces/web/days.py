"""A day in an address: /runs/2026-03-02/."""

import datetime


class DayConverter:
    """Read and write ISO days in addresses."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> datetime.date:
        return datetime.date.fromisoformat(value)

    def to_url(self, value: datetime.date | str) -> str:
        return str(value)
