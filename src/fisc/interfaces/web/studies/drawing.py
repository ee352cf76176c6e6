"""The picture of who pays more and who less: one bar a range of change, drawn on the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils import html, safestring

from fisc.interfaces.web.templatetags import figures

WIDTH: Final = 760
HEIGHT: Final = 210
_LEFT: Final = 8
_TOP: Final = 22
_BASE: Final = 176


def histogram(bars: Sequence[Mapping[str, Any]], *, label: str) -> safestring.SafeString:
    """Return the picture; everything in it is a number or is escaped."""
    most = max((bar["accounts"] for bar in bars), default=0) or 1
    slot = (WIDTH - 2 * _LEFT) // max(len(bars), 1)
    drawn = [_bar(bar, place=place, slot=slot, most=most) for place, bar in enumerate(bars)]
    return safestring.mark_safe(  # noqa: S308 - whole numbers, and text that is escaped
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{html.escape(label)}">'
        f'<line class="axis" x1="{_LEFT}" x2="{WIDTH - _LEFT}" y1="{_BASE}" y2="{_BASE}"/>'
        f"{''.join(drawn)}</svg>"
    )


def _bar(bar: Mapping[str, Any], *, place: int, slot: int, most: int) -> str:
    count = bar["accounts"]
    height = max(count * (_BASE - _TOP) // most, 1 if count else 0)
    left, middle = _LEFT + place * slot, _LEFT + place * slot + slot // 2
    return (
        f'<rect class="bar" x="{left + slot // 8}" y="{_BASE - height}" width="{slot * 3 // 4}"'
        f' height="{height}"><title>{html.escape(_span(bar))}: {count:,}</title></rect>'
        f'<text x="{middle}" y="{_BASE - height - 6}" text-anchor="middle">{count:,}</text>'
        f'<text x="{middle}" y="{_BASE + 18}" text-anchor="middle">'
        f"{html.escape(_edge(bar))}</text>"
    )


def _edge(bar: Mapping[str, Any]) -> str:
    """Write where a bar begins, in whole dollars; the first by where it ends."""
    low, high = bar["from_cents"], bar["to_cents"]
    if low is None:
        return f"<{_dollars(high)}"
    return "0" if low == high else _dollars(low)


def _span(bar: Mapping[str, Any]) -> str:
    return f"{figures.money(bar['from_cents'])} – {figures.money(bar['to_cents'])}"  # noqa: RUF001


def _dollars(cents: int) -> str:
    sign = figures.MINUS if cents < 0 else "+"
    return f"{sign}{abs(cents) // 100}"
