"""Numbers as the cards write them."""

from __future__ import annotations

import math


def number(value: float) -> str:
    """Return a number with six digits and a real minus sign; nothing for NaN, which stands for no number."""
    return "" if math.isnan(value) else minus(f"{value:.6g}")


def minus(text: str) -> str:
    """Return a number's text with a real minus sign."""
    return text.replace("-", "−")
