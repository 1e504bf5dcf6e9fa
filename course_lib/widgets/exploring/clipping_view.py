"""A run that explodes, and what clipping does to it, under one's hand."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from course_lib.widgets.exploring.clipping import GOAL, LAST, Taming
from course_lib.widgets.exploring.explorer import Explorer
from course_lib.widgets.exploring.session import spelt
from course_lib.widgets.exploring.settings import choice, number
from course_lib.widgets.exploring.sheet import FAINT, Sheet, Shot, Trace

LIMITS = {"inf": "none: no clipping"} | {
    text: text for text in ("0.01", "0.1", "1", "10", "100", "1000", "10000", "100000")
}
HIGHEST = 1e13


def explore_clipping(max_norm: float | None = None, learning_rate: float = 0.02) -> Any:
    """Open a run with weights that are too large: predict, then step or play.

    Parameters
    ----------
    max_norm : float, optional
        The limit for the norm of the gradient, a power of ten from 0.01 to 100000; left out, nothing is clipped.
    learning_rate : float
        From 0.001 to 1.
    """
    chosen = "inf" if max_norm is None else f"{Taming(max_norm, learning_rate).max_norm:.12g}"
    if chosen not in LIMITS:
        raise ValueError(f"max_norm: expected None or one of {', '.join([*LIMITS][1:])}; got {max_norm!r}")
    return ClippingExplorer(chosen, learning_rate)


class ClippingExplorer(Explorer):
    """E, and the norm of the gradient before and after clipping, against the step."""

    title = "Hold a run that explodes."
    question = (
        f"This network starts with weights that are too large and has {LAST} steps. Choose a limit for the norm "
        "of its gradient. What will E do? Predict, then run."
    )
    predictions: ClassVar = {
        "explodes": "it explodes",
        "slow": f"it does not explode, and is above {GOAL:g} at the end",
        "learns": f"it falls below {GOAL:g}",
    }

    def __init__(self, max_norm: str, learning_rate: float) -> None:
        self._limit = choice("max_norm", max_norm, LIMITS)
        self._rate = number("rate η", learning_rate, 0.001, 1.0, 0.001)
        self._draw_grounds()
        super().__init__([self._limit, self._rate])

    def begin(self) -> Taming:
        """Return the run before its first step."""
        return Taming(float(self._limit.value), self._rate.value)

    def _draw_grounds(self) -> None:
        self._errors, self._lengths = Sheet(410, 320), Sheet(410, 320)
        axes = self._errors.axes((0.16, 0.145, 0.81, 0.83), "step", "E")
        axes.axhline(GOAL, color=FAINT, linewidth=1)
        below = self._lengths.axes((0.17, 0.145, 0.8, 0.83), "step", "norm of the gradient")
        for each in (axes, below):
            each.set(yscale="log", ylim=(0.003, HIGHEST), yticks=10.0 ** np.arange(-2, 13, 2))
            each.minorticks_off()
        self._trace, self._norms = Trace(self._errors, axes, LAST), Trace(self._lengths, below, LAST)
        style = {"color": "#832db6", "linestyle": "--", "linewidth": 2.2}
        self._used = self._lengths.moving(below.plot([], [], **style)[0])
        handles = [self._norms.line, self._used]
        below.legend(handles, ["as it is", "as it is used"], fontsize=10, loc="upper right", frameon=False)

    def shots(self, run: Taming, earlier: list[Taming], *, small: bool = False) -> list[Shot]:
        """Draw the run as far as it is."""
        self._trace.show(_shown(run.losses), [_shown(before.losses) for before in earlier])
        self._norms.show(_shown(run.norms), [])
        self._used.set_data(np.arange(run.step + 1), _shown(run.passed_on))
        falls = f"E against the step: {spelt(run.losses[0])} at the start, {spelt(run.losses[-1])} now."
        limit = "nothing is clipped" if math.isinf(run.max_norm) else f"at most {run.max_norm:g} is used"
        norms = f"Norm of the gradient against the step: {spelt(run.norms[-1])} now; {limit}."
        return [self._errors.shot(falls, small=small), self._lengths.shot(norms, small=small)]


def _shown(values: np.ndarray) -> np.ndarray:
    """Return values as they can be drawn: what has exploded lies on the upper edge."""
    return np.clip(np.nan_to_num(values, nan=HIGHEST, posinf=HIGHEST), 1e-3, HIGHEST)
