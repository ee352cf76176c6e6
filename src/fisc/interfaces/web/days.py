"""A day or a month in an address: /runs/2026-03-02/, /distributions/2026-03/."""

import datetime


class DayConverter:
    """Read and write ISO days in addresses."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> datetime.date:
        return datetime.date.fromisoformat(value)

    def to_url(self, value: datetime.date | str) -> str:
        return str(value)


class MonthConverter:
    """Read and write months in addresses, as their first day."""

    regex = r"\d{4}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> datetime.date:
        return datetime.date.fromisoformat(f"{value}-01")

    def to_url(self, value: datetime.date | str) -> str:
        return str(value)[:7]
