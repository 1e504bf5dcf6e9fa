"""The student's values beside the true ones, as bars made of HTML boxes: no script, no plotting library."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course_lib.checking.verdict import Bar

# The true value is hollow and the student's full, so that colour is not the only difference.
_YOURS = "background:#3f90da;border:1px solid #3f90da"
_TRUE = "background:transparent;border:1px solid #94a4a2"
_CELL = (
    "text-align:{side};padding:.1em 1em .1em 0;background:none;border:0;font-variant-numeric:tabular-nums;"
    "white-space:nowrap"
)
WIDTH = 11.0  # em


def render(bars: Sequence[Bar], truth: str) -> str:
    """Return a table with a row for each of `bars`; nothing if there are none."""
    if not bars:
        return ""
    low, high = _range(bars)
    head = "".join(_head(*column) for column in (("", ""), ("yours", _YOURS), (truth, _TRUE), ("", "")))
    rows = "".join(_row(bar, low, high) for bar in bars)
    style = "border-collapse:collapse;margin:.4em 0 0;font-size:1em;border:0;table-layout:auto"
    return f'<table style="{style}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _range(bars: Sequence[Bar]) -> tuple[float, float]:
    ends = [0.0, *(value for bar in bars for value in (bar.yours, bar.true) if math.isfinite(value))]
    return (min(ends), max(ends)) if min(ends) < max(ends) else (0.0, 1.0)


def _head(words: str, swatch: str) -> str:
    square = f"display:inline-block;width:.7em;height:.7em;margin-right:.4em;{swatch}"
    box = f'<span aria-hidden="true" style="{square}"></span>'
    style = _CELL.format(side="left")
    return f'<th scope="col" style="{style};font-weight:600">{box if swatch else ""}{html.escape(words)}</th>'


def _row(bar: Bar, low: float, high: float) -> str:
    left, right = _CELL.format(side="left"), _CELL.format(side="right")
    drawn = _box(bar.yours, low, high, _YOURS, 0.15) + _box(bar.true, low, high, _TRUE, 0.75)
    zero = f"left:{_at(0.0, low, high):.2f}em;top:0;height:1.5em;border-left:1px solid rgba(127,127,127,.6)"
    field = f'<div aria-hidden="true" style="position:relative;width:{WIDTH}em;height:1.5em">{drawn}'
    field += f'<div style="position:absolute;{zero}"></div></div>'
    return (
        f'<tr style="background:none"><th scope="row" style="{left};font-weight:400">{html.escape(bar.label)}</th>'
        f'<td style="{right}">{number(bar.yours)}</td><td style="{right}">{number(bar.true)}</td>'
        f'<td style="{left}">{field}</td></tr>'
    )


def _box(value: float, low: float, high: float, style: str, top: float) -> str:
    if not math.isfinite(value):
        return ""
    start, end = sorted((_at(0.0, low, high), _at(value, low, high)))
    place = f"left:{start:.2f}em;width:{max(end - start, 0.05):.2f}em;top:{top}em;height:.5em;box-sizing:border-box"
    return f'<div style="position:absolute;{place};{style}"></div>'


def _at(value: float, low: float, high: float) -> float:
    return WIDTH * (value - low) / (high - low)


def number(value: float) -> str:
    """Return a number with six digits and a real minus sign; nothing for a row without one."""
    return "" if math.isnan(value) else f"{value:.6g}".replace("-", "−")
