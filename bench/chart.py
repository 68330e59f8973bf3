"""Charts of the benchmarks: a few lines over a common axis, as SVG that reads in light and dark pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 64, 56
COLOURS = ("#b35900", "#1d70b8", "#00703c", "#7a3b9c")
"""Each has a contrast of at least 4.5 with white."""


@dataclass(frozen=True, slots=True)
class Series:
    """A line: its name, and its values at the chart's places."""

    name: str
    values: Sequence[float]


def lines(title: str, across: str, up: str, places: Sequence[float], series: Sequence[Series]) -> str:
    """A line chart; both axes begin at nothing, so that what grows in proportion is straight from the corner."""
    right, top = _nice(max(places)), _nice(max(max(each.values) for each in series))
    plot = _Plot(right[-1], top[-1])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' height="{HEIGHT}" role="img" aria-label="{escape(title)}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="26" font-size="16" font-weight="bold" fill="#0b0c0c">{escape(title)}</text>',
        f'<text x="{LEFT}" y="46" fill="#505a5f">{escape(up)}</text>',
    ]
    for value in top:
        y = plot.y(value)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}" stroke="#dee0e2"/>')
        parts.append(_text(LEFT - 8, y + 4.5, f"{value:g}", "end"))
    for value in right:
        parts.append(_text(plot.x(value), HEIGHT - BOTTOM + 20, f"{value:g}", "middle"))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, across, "middle"))
    for each, colour in zip(series, COLOURS, strict=False):
        parts.append(_line(plot, places, each, colour))
    return "\n".join([*parts, "</svg>\n"])


@dataclass(frozen=True, slots=True)
class _Plot:
    right: float
    top: float

    def x(self, value: float) -> float:
        return round(LEFT + value / self.right * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        return round(HEIGHT - BOTTOM - value / self.top * (HEIGHT - TOP - BOTTOM), 1)


def _line(plot: _Plot, places: Sequence[float], series: Series, colour: str) -> str:
    points = [(plot.x(place), plot.y(value)) for place, value in zip(places, series.values, strict=True)]
    path = " ".join(f"{x},{y}" for x, y in points)
    x, y = points[-1]
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="4" fill="{colour}"/>' for x, y in points)
    named = f'<text x="{x + 10}" y="{y + 4.5}" fill="{colour}" font-weight="bold">{escape(series.name)}</text>'
    value = f'<text x="{x + 10}" y="{y + 20}" fill="{colour}">{series.values[-1]:.1f} s</text>'
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>{dots}{named}{value}'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="#505a5f">{escape(text)}</text>'


def _nice(highest: float) -> list[float]:
    """Round values from 0 to beyond the highest, about five of them."""
    rough = max(highest, 1e-9) / 5
    scale = 10.0 ** floor(log10(rough))
    step = next(factor * scale for factor in (1, 2, 5, 10) if factor * scale >= rough)
    return [round(step * n, 10) for n in range(ceil(highest / step - 1e-9) + 1)]
