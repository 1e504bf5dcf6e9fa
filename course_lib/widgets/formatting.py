"""Numbers as people read them: with a real minus sign, and powers of ten written as such."""

from collections.abc import Sequence

from course_lib.checking.cards.content import minus

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def format_number(value: float, digits: int = 3) -> str:
    """Return 1450 for 1.45e+03, and 3.2 × 10⁸ for 3.2e+08."""
    mantissa, e, exponent = f"{value:.{digits}g}".partition("e")
    if e and 0 < int(exponent) < 5:
        mantissa, e = f"{float(f'{value:.{digits}g}'):.0f}", ""
    # Non-breaking spaces, or the power might begin a line.
    power = f"\u00a0×\u00a010{str(int(exponent)).translate(_SUPERSCRIPT)}" if e else ""
    return minus(mantissa).replace("inf", "∞") + power


def from_to(values: Sequence[float]) -> str:
    """Return the first and the last of `values` in words."""
    return f"from {format_number(values[0])} to {format_number(values[-1])}"


def format_steps(steps: int) -> str:
    """Return a number of steps in words."""
    return "1 step" if steps == 1 else f"{steps} steps"
