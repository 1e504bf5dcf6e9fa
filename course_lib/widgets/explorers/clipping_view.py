"""Training that explodes, and what clipping does to it."""

import math
from typing import Any, ClassVar

import numpy as np

from course_lib.palette import COLOURS, INK
from course_lib.widgets.explorers.animation import AnimatedFigure, Frame, GrowingScale, StepPlot
from course_lib.widgets.explorers.clipping import GOAL, LAST, ClippedTraining
from course_lib.widgets.explorers.display import choice, number
from course_lib.widgets.explorers.explorer import Explorer
from course_lib.widgets.formatting import format_number, from_to

LIMITS = {"inf": "none: no clipping"} | {
    text: text for text in ("0.01", "0.1", "1", "10", "100", "1000", "10000", "100000")
}
# What both axes show at first; where a run leaves it, they grow.
SHOWN = (0.01, 1e12)


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
        self._figures = AnimatedFigure(480, 320), AnimatedFigure(480, 320)
        loss, norm = self._figures
        box = (0.1, 0.15, 0.87, 0.77)
        self._axes = loss.axes(box, "step", "E"), norm.axes(box, "step", "norm of the gradient")
        self._axes[0].axhline(GOAL, color=INK, linewidth=1, linestyle=(0, (1, 2)))
        self._loss_plot = StepPlot(loss, self._axes[0], LAST)
        self._norm_plot = StepPlot(norm, self._axes[1], LAST)
        style = {"color": COLOURS["w_12"], "linestyle": "--", "linewidth": 2.2}
        self._used = norm.animate(self._axes[1].plot([], [], **style)[0])
        self._axes[1].legend(
            [self._norm_plot.line, self._used],
            ["before clipping", "after clipping"],
            fontsize=11,
            loc="upper right",
            frameon=False,
            labelcolor=INK,
        )
        self._scales = [GrowingScale(*each, *SHOWN) for each in zip(self._figures, self._axes, strict=True)]

    def frames(self, run: ClippedTraining, earlier: list[ClippedTraining]) -> list[Frame]:
        """Draw the run as far as it has come."""
        # An earlier run that exploded may leave the picture: nothing else could be seen beside it.
        for scale, shown in zip(self._scales, (run.losses, run.norms), strict=True):
            scale.show(shown)
        loss, norm = self._scales
        self._loss_plot.show(loss.drawable(run.losses), [loss.drawable(each.losses) for each in earlier])
        self._norm_plot.show(norm.drawable(run.norms), [])
        self._used.set_data(np.arange(run.step + 1), run.clipped_norms)
        losses_alt = f"E against the step, {from_to(run.losses)}."
        limit = "nothing is clipped" if math.isinf(run.max_norm) else f"at most {run.max_norm:g} is used"
        norms_alt = f"Norm of the gradient against the step: {format_number(run.norms[-1])} now; {limit}."
        return [figure.frame(alt) for figure, alt in zip(self._figures, (losses_alt, norms_alt), strict=True)]
