"""What each metered service used: the picture, and the table that says the same."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from django.utils.translation import gettext as _

from fisc.domain.utilities.queries import bills as utilities
from fisc.interfaces.web.accounts import charts, drawing

DRAWN = 13


@dataclasses.dataclass(frozen=True)
class Picture:
    """One service: its chart, and its periods, the newest first."""

    service: str
    chart: charts.Chart
    svg: str
    periods: Sequence[charts.Period]


def pictures(*, account_id: int, since: datetime.date, language: str) -> list[Picture]:
    """Draw every metered service of an account."""
    return [
        _picture(used)
        for used in utilities.usage_history(account_id=account_id, since=since, language=language)
    ]


def _picture(used: utilities.Usage) -> Picture:
    periods = [
        charts.Period(
            ends_on=each.ends_on,
            usage_milli=each.usage_milli,
            charge_cents=each.charge_cents,
            is_estimated=each.is_estimated,
        )
        for each in used.periods
    ]
    chart = charts.draw(periods[-DRAWN:], unit=used.unit)
    label = _("Usage in %(unit)s and charge by period; the table beside it has every figure.") % {
        "unit": used.unit
    }
    return Picture(
        service=used.words,
        chart=chart,
        svg=drawing.svg(chart, label=label),
        periods=periods[-DRAWN:][::-1],
    )
