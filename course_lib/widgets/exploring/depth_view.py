"""Depth, activation and scale of the weights against the gradient of every layer, under one's hand."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from course_lib.plots import COLOURS
from course_lib.widgets.exploring.depth import ACTIVATIONS, DEPTHS, SCALES, WayBack
from course_lib.widgets.exploring.explorer import Explorer
from course_lib.widgets.exploring.session import spelt
from course_lib.widgets.exploring.settings import choice, count, number
from course_lib.widgets.exploring.sheet import FAINT, INK, Sheet, Shot

# The same for all networks: axes that fitted the numbers would give the answer away.
LOWEST, HIGHEST = 1e-12, 1e8


def explore_depth(depth: int = 10, activation: str = "sigmoid", scale: float = 1.0) -> Any:
    """Open a deep network and follow its gradient back: predict, then step or play.

    Parameters
    ----------
    depth : int
        Layers of weights, 2 to 20.
    activation : str
        "sigmoid", "tanh", "relu" or "leaky_relu".
    scale : float
        Weights are drawn with the spread scale / sqrt(width); from 0.1 to 10.
    """
    WayBack(depth, activation, scale)
    return DepthExplorer(depth, activation, scale)


class DepthExplorer(Explorer):
    """The norm of every layer's gradient, and the mean slope in it, from the last layer back to the first."""

    title = "Send a gradient back."
    question = (
        "Choose how deep the network is, its activation, and the scale of its weights. Between the last layer "
        "and the first, what will become of the gradient? Predict, then run."
    )
    predictions: ClassVar = {
        "vanishes": "it vanishes: in the first layer less than a tenth of the last one's",
        "stays": "it stays: between a tenth and ten times",
        "explodes": "it explodes: more than ten times",
    }
    pause = 0.15

    def __init__(self, depth: int, activation: str, scale: float) -> None:
        self._depth = count("depth (layers)", depth, *DEPTHS)
        self._activation = choice("activation", activation, ACTIVATIONS)
        self._scale = number("scale", scale, *SCALES, 0.1)
        self._draw_grounds()
        super().__init__([self._depth, self._activation, self._scale])

    def begin(self) -> WayBack:
        """Return a way back that is to begin at the last layer."""
        return WayBack(self._depth.value, self._activation.value, self._scale.value)

    def _draw_grounds(self) -> None:
        self._norms, self._slopes = Sheet(500, 320), Sheet(320, 320)
        axes = self._norms.axes((0.145, 0.145, 0.83, 0.83), "layer, counted from the inputs", "norm of ∂E/∂W")
        axes.set(yscale="log", ylim=(LOWEST / 4, HIGHEST * 4), yticks=10.0 ** np.arange(-12, 9, 4))
        axes.minorticks_off()
        axes.grid(axis="y", color="#ddd", linewidth=0.8)
        self._before = [
            self._norms.moving(axes.plot([], [], color=FAINT, linestyle=style, linewidth=1.5, marker=".")[0])
            for style in (":", "--")
        ]
        self._line = self._norms.moving(axes.plot([], [], "-o", color=INK, linewidth=2.2, markersize=6)[0])
        below = self._slopes.axes((0.195, 0.145, 0.77, 0.83), "layer", "mean slope S′")
        below.set(ylim=(-0.03, 1.06), yticks=(0, 0.25, 0.5, 0.75, 1))
        below.grid(axis="y", color="#ddd", linewidth=0.8)
        self._bars = self._slopes.moving(
            below.plot([], [], "-s", color=COLOURS["net"], linewidth=2.2, markersize=6)[0]
        )
        self._axes, self._deepest = (axes, below), 0

    def _room_for(self, deepest: int) -> None:
        if deepest != self._deepest:
            self._deepest = deepest
            ticks = np.unique(np.linspace(1, deepest, min(deepest, 10)).round().astype(int))
            for axes, sheet in zip(self._axes, (self._norms, self._slopes), strict=True):
                axes.set(xlim=(0.5, deepest + 0.5), xticks=ticks)
                sheet.stale()

    def shots(self, run: WayBack, earlier: list[WayBack], *, small: bool = False) -> list[Shot]:
        """Draw the layers that have been reached."""
        self._room_for(max(way.depth for way in (run, *earlier)))
        for line in self._before:
            line.set_data([], [])
        for line, way in zip(self._before[::-1], earlier[::-1], strict=False):
            line.set_data(*_points(way, way.norms))
        self._line.set_data(*_points(run, run.norms))
        layers = np.arange(1, run.depth + 1)[run.seen]
        self._bars.set_data(layers, run.slopes[run.seen])
        told = ", ".join(
            f"layer {layer}: {spelt(norm, 2)}"
            for layer, norm in zip(layers[::-1], run.norms[run.seen][::-1], strict=True)
        )
        slopes = ", ".join(spelt(slope, 2) for slope in run.slopes[run.seen][::-1])
        return [
            self._norms.shot(f"Norm of the gradient, {run.named}. {told or 'Nothing yet.'}", small=small),
            self._slopes.shot(f"Mean slope in the same layers: {slopes or 'nothing yet'}.", small=small),
        ]


def _points(way: WayBack, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return layers and norms that were reached; what is out of the picture lies on its edge."""
    return np.arange(1, way.depth + 1)[way.seen], np.clip(values[way.seen], LOWEST / 3, HIGHEST * 3)
