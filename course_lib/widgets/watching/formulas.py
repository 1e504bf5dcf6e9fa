"""Formulas with their numbers, as HTML: a line breaks before an equals sign, and a result never stands alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from course_lib.checking.cards.content import minus
from course_lib.inputs import Array
from course_lib.widgets.symbol_markup import family, latex_of, mathml


@dataclass(frozen=True)
class Factor:
    """One factor: how it is written, its value for every training pair, and the key of its colour."""

    latex: str
    values: Array
    family: str = ""


def named(name: str, values: Array) -> Factor:
    """Return the factor of a symbol of the network."""
    return Factor(latex_of(name), values, family(name))


def number(value: float, decimals: int = 3) -> str:
    """Return a number with so many decimals; a smaller one with one digit more, the smallest as a power of ten."""
    size = abs(value)
    if value == 0 or 10.0 ** (2 - decimals) <= size < 1e4:
        return minus(f"{value:.{decimals}f}")
    if 1e-3 <= size < 1:
        return minus(f"{value:.{decimals + 1}f}")
    return _power(value)


def _power(value: float, decimals: int = 1) -> str:
    mantissa, _, exponent = f"{value:.{decimals}e}".partition("e")
    return minus(f"{mantissa}e{int(exponent)}")


def brief(value: float, decimals: int = 2) -> str:
    """Return a number in at most six signs, where there is little room."""
    size = abs(value)
    if value == 0 or 0.1 <= size < 1e2:
        return minus(f"{value:.{decimals}f}")
    if 1e-3 <= size < 0.1:
        return minus(f"{value:.3f}")
    return minus(f"{value:.0f}") if 1e2 <= size < 1e5 else _power(value, 0)


def signed(value: float) -> str:
    """Return a number as a factor: in brackets where it is negative."""
    return f"({number(value)})" if value < 0 else number(value)


def sum_of(values: Iterable[float]) -> str:
    """Return numbers joined by plus and minus."""
    return " + ".join(map(number, values)).replace("+ −", "− ")


def symbol(name: str) -> str:
    """Return a symbol over the bar of its colour."""
    return f"<span class='bp-of-{family(name)}'>{mathml(latex_of(name))}</span>"


def line(*pieces: str, kind: str = "") -> str:
    """Return pieces that are not broken themselves as one paragraph."""
    inside = " ".join(f"<span class='bp-piece'>{piece}</span>" for piece in pieces)
    return f"<p class='bp-formula{kind and ' ' + kind}'>{inside}</p>"


def chips(factors: Sequence[Factor], n: int) -> list[str]:
    """Return factors as small boxes, the symbol above its value for pair `n`, each but the first after its sign."""
    boxes = [
        f"<span class='bp-chip bp-of-{f.family or 'none'}'><span>{mathml(f.latex)}</span>{_value(f, n)}</span>"
        for f in factors
    ]
    return [box if not k else f"<i>·</i>{box}" for k, box in enumerate(boxes)]


def _value(factor: Factor, n: int) -> str:
    return "" if factor.latex.isdecimal() else f"<b>{number(float(factor.values[n]))}</b>"


def product(factors: Sequence[Factor], n: int) -> float:
    """Return the product of the factors for pair `n`."""
    return float(np.prod([f.values[n] for f in factors]))


def result(value: float) -> str:
    """Return an equals sign with what follows it."""
    return f"= <b>{number(value)}</b>"


def table(rows: Iterable[tuple[str, str]]) -> str:
    """Return words and numbers, a row each."""
    cells = "".join(f"<tr><th scope='row'>{words}</th><td>{value}</td></tr>" for words, value in rows)
    return f"<table class='bp-sums'>{cells}</table>"
