"""A chart as SVG text.

Written by hand, not by a template: a page has two of them with some two hundred marks, which took
Django's template engine longer than all the rest of the page.
"""

from __future__ import annotations

from django.utils import html, safestring

from fisc.interfaces.web.accounts import charts
from fisc.interfaces.web.templatetags import figures


def svg(chart: charts.Chart, *, label: str) -> safestring.SafeString:
    """Return the picture; everything in it is a number or is escaped."""
    marks = [
        f'<line class="axis" x1="{chart.left}" x2="{chart.right}" y1="{tick.y}" y2="{tick.y}"/>'
        f'<text x="{chart.left - 6}" y="{tick.y + 4}" text-anchor="end">{tick.usage:,}</text>'
        f'<text x="{chart.right + 6}" y="{tick.y + 4}">'
        f"{html.escape(figures.whole_dollars(tick.charge_cents))}</text>"
        for tick in chart.ticks
    ]
    bars = [_bar(bar, chart) for bar in chart.bars]
    dots = [
        f'<circle class="dot" cx="{bar.dot_x}" cy="{bar.dot_y}" r="2.6"/>' for bar in chart.bars
    ]
    return safestring.mark_safe(  # noqa: S308 - whole numbers, and text that is escaped
        f'<svg class="chart" viewBox="0 0 {chart.width} {chart.height}" role="img"'
        f' aria-label="{html.escape(label)}">{"".join(marks)}{"".join(bars)}'
        f'<polyline class="trace" points="{chart.trace}"/>{"".join(dots)}</svg>'
    )


def _bar(bar: charts.Bar, chart: charts.Chart) -> str:
    told = (
        f"{figures.day(bar.period.ends_on)}: {figures.quantity(bar.period.usage_milli)}"
        f" {chart.unit}, {figures.money(bar.period.charge_cents)}"
    )
    estimated = " bar--estimated" if bar.period.is_estimated else ""
    month = (
        f'<text x="{bar.dot_x}" y="{chart.label_y}" text-anchor="middle">'
        f"{html.escape(figures.month(bar.period.ends_on))}</text>"
        if bar.shows_label
        else ""
    )
    return (
        f'<rect class="bar{estimated}" x="{bar.x}" y="{bar.y}" width="{bar.width}"'
        f' height="{bar.height}"><title>{html.escape(told)}</title></rect>{month}'
    )
