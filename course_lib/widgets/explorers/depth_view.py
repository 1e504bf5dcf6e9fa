"""Depth, activation and scale of the weights, and what they do to the gradient of every layer."""

from typing import Any, ClassVar

import numpy as np

from course_lib.palette import COLOURS, INK
from course_lib.widgets.explorers.animation import NOW, AnimatedFigure, EarlierLines, Frame, GrowingScale
from course_lib.widgets.explorers.depth import ACTIVATIONS, DEPTHS, SCALES, BackwardPass
from course_lib.widgets.explorers.display import choice, count, number
from course_lib.widgets.explorers.explorer import Explorer
from course_lib.widgets.formatting import format_number

# The norms that the axis shows at first, for all networks alike; where one leaves it, the axis grows.
SHOWN = (1e-4, 1e4)


def explore_depth(depth: int = 10, activation: str = "sigmoid", scale: float = 1.0) -> Any:
    """Open a deep network and follow its gradient back: predict, then step or play.

    Parameters
    ----------
    depth : int
        Layers of weights, 2 to 20.
    activation : str
        "sigmoid", "tanh", "relu" or "leaky_relu".
    scale : float
        Weights are drawn with standard deviation scale / sqrt(width); from 0.1 to 10.
    """
    BackwardPass(depth, activation, scale)
    return DepthExplorer(depth, activation, scale)


class DepthExplorer(Explorer):
    """The norm of every layer's gradient, and the mean slope in it, from the last layer back to the first."""

    title = "Send the gradient back."
    question = (
        "Choose how deep the network is, its activation, and the scale of its weights. Between the last layer "
        "and the first, what will happen to the gradient? Predict, then run."
    )
    predictions: ClassVar = {
        "vanishes": "it vanishes: the first layer has less than a tenth of the last one's",
        "stays": "it stays: between a tenth and ten times",
        "explodes": "it explodes: more than ten times",
    }
    pause = 0.15

    def __init__(self, depth: int, activation: str, scale: float) -> None:
        self._depth = count("depth (layers)", depth, *DEPTHS)
        self._activation = choice("activation", activation, ACTIVATIONS)
        self._scale = number("scale", scale, *SCALES, 0.1)
        self._create_figures()
        super().__init__([self._depth, self._activation, self._scale])

    def new_run(self) -> BackwardPass:
        """Return a backward pass that has not started."""
        return BackwardPass(self._depth.value, self._activation.value, self._scale.value)

    def _create_figures(self) -> None:
        self._norms, self._slopes = AnimatedFigure(560, 320), AnimatedFigure(400, 320)
        axes = self._norms.axes((0.1, 0.15, 0.88, 0.77), "layer, counted from the inputs", "norm of ∂E/∂W")
        axes.grid(axis="y", color=INK, linewidth=0.5, alpha=0.4)
        self._powers = GrowingScale(self._norms, axes, *SHOWN)
        self._earlier = EarlierLines(self._norms, axes, marker=".")
        self._line = self._norms.animate(axes.plot([], [], "-o", color=NOW, linewidth=2.2, markersize=6)[0])
        below = self._slopes.axes((0.11, 0.15, 0.86, 0.77), "layer", "mean slope S′")
        below.set(ylim=(-0.03, 1.06), yticks=(0, 0.25, 0.5, 0.75, 1))
        below.grid(axis="y", color=INK, linewidth=0.5, alpha=0.4)
        style = {"color": COLOURS["net"], "linewidth": 2.2, "markersize": 6}
        self._slope_line = self._slopes.animate(below.plot([], [], "-s", **style)[0])
        self._axes, self._deepest = (axes, below), 0

    def _fit_axes(self, deepest: int) -> None:
        if deepest != self._deepest:
            self._deepest = deepest
            ticks = np.unique(np.linspace(1, deepest, min(deepest, 10)).round().astype(int))
            for axes, figure in zip(self._axes, (self._norms, self._slopes), strict=True):
                axes.set(xlim=(0.5, deepest + 0.5), xticks=ticks)
                figure.redraw()

    def frames(self, run: BackwardPass, earlier: list[BackwardPass]) -> list[Frame]:
        """Draw the layers that have been reached."""
        runs = (run, *earlier)
        self._fit_axes(max(each.depth for each in runs))
        self._powers.show(np.concatenate([each.norms[each.seen] for each in runs]))
        points = [(_layers(each), self._powers.drawable(each.norms[each.seen])) for each in runs]
        self._line.set_data(*points[0])
        self._earlier.show(points[1:])
        self._slope_line.set_data(_layers(run), run.slopes[run.seen])
        norms = ", ".join(
            f"layer {layer}: {format_number(norm, 2)}"
            for layer, norm in zip(_layers(run)[::-1], run.norms[run.seen][::-1], strict=True)
        )
        slopes = ", ".join(format_number(slope, 2) for slope in run.slopes[run.seen][::-1])
        return [
            self._norms.frame(f"Norm of the gradient, {run.settings}. {norms or 'Nothing yet.'}"),
            self._slopes.frame(f"Mean slope in the same layers: {slopes or 'nothing yet'}."),
        ]


def _layers(run: BackwardPass) -> np.ndarray:
    """Return the layers reached so far."""
    return np.arange(1, run.depth + 1)[run.seen]
