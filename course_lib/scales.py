"""Numbers and axes that people read: 0.05 rather than 5 × 10⁻² where powers of ten do not help, 10⁻⁷ where they do."""

import math
from typing import Any

import numpy as np

from course_lib.inputs import Array

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
# At most so many labels on an axis in powers of ten, and which of 1 to 9 they begin with, as many as there is room for.
LABELS = 9
STEPS = (tuple(range(1, 10)), (1, 2, 5), (1,))
# At most so many things that are counted one by one are all numbered.
MOST_COUNTED = 12
# Numbers that are easier to read as they are than as powers of ten.
PLAIN = (1e-3, 1e4)


def format_number(value: float, digits: int = 3) -> str:
    """Return 1450 for 1.45e+03, and 3.2 × 10⁸ for 3.2e+08."""
    mantissa, e, exponent = f"{value:.{digits}g}".partition("e")
    if e and 0 < int(exponent) < 5:
        mantissa, e = f"{float(f'{value:.{digits}g}'):.0f}", ""
    # Non-breaking spaces, or the power might begin a line.
    power = f"\u00a0×\u00a010{str(int(exponent)).translate(_SUPERSCRIPT)}" if e else ""
    return mantissa.replace("-", "\N{MINUS SIGN}").replace("inf", "∞") + power


def log_ticks(low: float, high: float) -> Array:
    """Return where an axis in powers of ten, from `low` to `high`, is labelled: 1, 2, 5, 10 or 1, 100, 10000."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for steps in STEPS:
        ticks = np.array([step * 10.0**n for n in range(first, last + 1) for step in steps])
        ticks = ticks[(ticks >= low * (1 - 1e-9)) & (ticks <= high * (1 + 1e-9))]
        if len(ticks) <= LABELS:
            return ticks
    exponents = np.round(np.log10(ticks)).astype(int)
    return 10.0 ** exponents[exponents % math.ceil(len(exponents) / LABELS) == 0]


def log_labels(ticks: Array) -> list[str]:
    """Return the label of every tick: all of them plain numbers, or all of them powers of ten."""
    if all(PLAIN[0] <= tick <= PLAIN[1] for tick in ticks):
        return [f"{tick:g}" for tick in ticks]
    labels = []
    for tick in ticks:
        mantissa, exponent = f"{tick:.0e}".split("e")
        power = f"10^{{{int(exponent)}}}"
        labels.append(f"${power}$" if mantissa == "1" else rf"${mantissa}\cdot{power}$")
    return labels


def use_log_scale(axes: Any, which: str, low: float, high: float) -> None:
    """Let the "x" or "y" axis count in powers of ten, with a little room around `low` and `high`."""
    from matplotlib.ticker import NullLocator

    room = (high / low) ** 0.06 if high > low else 2.0
    limits = low / room, high * room
    ticks = log_ticks(*limits)
    axes.set(**{f"{which}scale": "log", f"{which}lim": limits})
    axes.set(**{f"{which}ticks": ticks, f"{which}ticklabels": log_labels(ticks)})
    getattr(axes, f"{which}axis").set_minor_locator(NullLocator())


def use_plain_scale(axes: Any, which: str, values: Array) -> None:
    """Label the "x" or "y" axis with whole numbers only where all `values` are; begin at 0 where they come near it."""
    if np.all(values == np.round(values)):
        getattr(axes, f"{which}axis").get_major_locator().set_params(integer=True)
    if which == "x" and np.array_equal(values, values[0] + np.arange(min(len(values), MOST_COUNTED))):
        axes.set_xticks(values)  # such as layers: each has its number
    if which == "y" and 0 < values.min() < 0.1 * values.max():
        axes.set_ylim(bottom=0)
    axes.ticklabel_format(axis=which, style="plain", useOffset=False)
