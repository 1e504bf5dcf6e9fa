"""Training that explodes, and what clipping does to it."""

import math
from typing import Any, ClassVar

import numpy as np

from course_lib.widgets.explorers.animation import FAINT, AnimatedFigure, Frame, StepPlot
from course_lib.widgets.explorers.clipping import GOAL, LAST, ClippedTraining
from course_lib.widgets.explorers.display import choice, number
from course_lib.widgets.explorers.explorer import Explorer
from course_lib.widgets.formatting import format_number, from_to

LIMITS = {"inf": "none: no clipping"} | {
    text: text for text in ("0.01", "0.1", "1", "10", "100", "1000", "10000", "100000")
}
HIGHEST = 1e13


def explore_clipping(max_norm: float | None = None, learning_rate: float = 0.02) -> Any:
    """Open training that starts from weights that are too large: predict, then step or play.

    Parameters
    ----------
    max_norm : float, optional
        The limit on the norm of the gradient, a power of ten from 0.01 to 100000; left out, nothing is clipped.
    learning_rate : float
        From 0.001 to 1.
    """
    chosen = "inf" if max_norm is None else f"{ClippedTraining(max_norm, learning_rate).max_norm:.12g}"
    if chosen not in LIMITS:
        raise ValueError(f"max_norm: expected None or one of {', '.join([*LIMITS][1:])}; got {max_norm!r}")
    return ClippingExplorer(chosen, learning_rate)


class ClippingExplorer(Explorer):
    """E, and the norm of the gradient before and after clipping, against the step."""

    title = "Tame an explosion."
    question = (
        f"This network starts with weights that are too large, and trains for {LAST} steps. Choose a limit on the norm "
        "of its gradient. What will E do? Predict, then run."
    )
    predictions: ClassVar = {
        "explodes": "it explodes",
        "slow": f"it does not explode, but is still above {GOAL:g} at the end",
        "learns": f"it falls below {GOAL:g}",
    }

    def __init__(self, max_norm: str, learning_rate: float) -> None:
        self._limit = choice("max_norm", max_norm, LIMITS)
        self._rate = number("rate η", learning_rate, 0.001, 1.0, 0.001)
        self._create_figures()
        super().__init__([self._limit, self._rate])

    def new_run(self) -> ClippedTraining:
        """Return training before its first step."""
        return ClippedTraining(float(self._limit.value), self._rate.value)

    def _create_figures(self) -> None:
        self._loss_figure, self._norm_figure = AnimatedFigure(410, 320), AnimatedFigure(410, 320)
        axes = self._loss_figure.axes((0.16, 0.145, 0.81, 0.83), "step", "E")
        axes.axhline(GOAL, color=FAINT, linewidth=1)
        below = self._norm_figure.axes((0.17, 0.145, 0.8, 0.83), "step", "norm of the gradient")
        for each in (axes, below):
            each.set(yscale="log", ylim=(0.003, HIGHEST), yticks=10.0 ** np.arange(-2, 13, 2))
            each.minorticks_off()
        self._loss_plot = StepPlot(self._loss_figure, axes, LAST)
        self._norm_plot = StepPlot(self._norm_figure, below, LAST)
        style = {"color": "#832db6", "linestyle": "--", "linewidth": 2.2}
        self._used = self._norm_figure.animate(below.plot([], [], **style)[0])
        handles = [self._norm_plot.line, self._used]
        below.legend(
            handles, ["before clipping", "after clipping"], fontsize=10, loc="upper right", frameon=False
        )

    def frames(
        self, run: ClippedTraining, earlier: list[ClippedTraining], *, small: bool = False
    ) -> list[Frame]:
        """Draw the run as far as it has come."""
        self._loss_plot.show(_shown(run.losses), [_shown(before.losses) for before in earlier])
        self._norm_plot.show(_shown(run.norms), [])
        self._used.set_data(np.arange(run.step + 1), _shown(run.clipped_norms))
        losses = f"E against the step, {from_to(run.losses)}."
        limit = "nothing is clipped" if math.isinf(run.max_norm) else f"at most {run.max_norm:g} is used"
        norms = f"Norm of the gradient against the step: {format_number(run.norms[-1])} now; {limit}."
        return [self._loss_figure.frame(losses, small=small), self._norm_figure.frame(norms, small=small)]


def _shown(values: np.ndarray) -> np.ndarray:
    """Return values that can be drawn: what has exploded lies on the upper edge."""
    return np.clip(np.nan_to_num(values, nan=HIGHEST, posinf=HIGHEST), 1e-3, HIGHEST)
