"""Descent on a contour plot under one's hand."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from course_lib.inputs import Array
from course_lib.plots import COLOURS
from course_lib.widgets.exploring.descent import SURFACES, X1, X2, Walk
from course_lib.widgets.exploring.explorer import Explorer
from course_lib.widgets.exploring.session import spelt
from course_lib.widgets.exploring.settings import choice, number
from course_lib.widgets.exploring.sheet import INK, Sheet, Shot, Trace

GRID, LEVELS = 101, 18
# Left, bottom, width and height of the axes, as shares of the figure.
BOX = (0.145, 0.135, 0.84, 0.84)


def explore_descent(
    surface: str = "two valleys",
    start: tuple[float, float] = (1.8, -1.5),
    learning_rate: float = 0.02,
    steps: int = 400,
) -> Any:
    """Open a landscape to walk down: predict, then step or play.

    Parameters
    ----------
    surface : str
        "two valleys", "long valley" or "saddle", the landscapes of lesson 01.
    start : pair of float
        x1 from -2.5 to 2.5, x2 from -2 to 2.
    learning_rate : float
    steps : int
        How many steps a walk may have.
    """
    Walk(surface, start, learning_rate, steps)
    return DescentExplorer(surface, start, learning_rate, steps)


class DescentExplorer(Explorer):
    """Surface, start and learning rate by hand; the path on the contours, and f against the step."""

    title = "Walk down."
    question = (
        "Choose a landscape, a start (a click on the picture does it, too) and a learning rate. "
        "What will the walk do? Predict, then run."
    )
    predictions: ClassVar = {
        "rests": "it comes to rest: the slope is gone",
        "moves": "it is not at rest when the steps are used up",
        "runs away": "it runs away",
    }

    def __init__(self, surface: str, start: Array, learning_rate: float, steps: int) -> None:
        self._steps = steps
        self._surface = choice("landscape", surface, {name: s.words for name, s in SURFACES.items()})
        self._start = [
            number(f"start x{n}", value, *ends, 0.05)
            for n, value, ends in zip("₁₂", start, (X1, X2), strict=True)
        ]
        self._rate = number("rate η", learning_rate, 0.005, 5.0, 0.005)
        self._draw_grounds()
        super().__init__([self._surface, *self._start, self._rate])
        self.stage.on_point(self._pointed)

    def _pointed(self, x: float, y: float) -> None:
        """Start where the click was, to the nearest twentieth."""
        left, bottom, width, height = BOX
        shares = ((x - left) / width, (y - bottom) / height)
        if all(0 <= share <= 1 for share in shares):
            for setting, share, (low, high) in zip(self._start, shares, (X1, X2), strict=True):
                setting.value = round(20 * (low + share * (high - low))) / 20

    def begin(self) -> Walk:
        """Return a walk that stands at its start."""
        return Walk(self._surface.value, [s.value for s in self._start], self._rate.value, self._steps)

    def _draw_grounds(self) -> None:
        self._map, self._graph = Sheet(440, 350), Sheet(400, 350)
        self._land = self._map.axes(BOX, "$x_1$", "$x_2$")
        colour = COLOURS["x"]
        self._path = self._map.moving(
            self._land.plot([], [], "-o", color=colour, markersize=4, linewidth=1.6)[0]
        )
        self._from = self._map.moving(
            self._land.plot([], [], "o", color=INK, markersize=9, markerfacecolor="white")[0]
        )
        self._here = self._map.moving(self._land.plot([], [], "D", color=INK, markersize=8)[0])
        self._heights = self._graph.axes((0.15, 0.135, 0.82, 0.83), "step", "f")
        self._trace = Trace(self._graph, self._heights, self._steps)
        self._drawn: Any = None

    def _contours(self, walk: Walk) -> None:
        """Draw the landscape, once for each."""
        if self._drawn is walk.surface:
            return
        for lines in list(self._land.collections):
            lines.remove()
        a, b = np.linspace(*X1, GRID), np.linspace(*X2, GRID)
        values = walk.surface.f(*np.meshgrid(a, b))
        # Denser towards the valley floor, where the walks end.
        levels = values.min() + np.ptp(values) * np.linspace(0.02, 1.0, LEVELS) ** 2.5
        self._land.contour(a, b, values, levels=levels, cmap="viridis", linewidths=1.0, zorder=0)
        self._land.set(xlim=X1, ylim=X2)
        self._lowest, self._drawn = float(values.min()), walk.surface
        self._map.stale()

    def shots(self, run: Walk, earlier: list[Walk], *, small: bool = False) -> list[Shot]:
        """Draw the path on the contours, and f against the step."""
        self._contours(run)
        # What has run away is drawn as far as it makes a line.
        path = np.clip(np.nan_to_num(run.path, nan=1e4), -1e4, 1e4)
        self._path.set_data(*path.T)
        self._from.set_data(*path[:1].T)
        self._here.set_data(*path[-1:].T)
        before = [walk.heights for walk in earlier if walk.surface is run.surface]
        top = max(heights[0] for heights in (run.heights, *before))
        span = max(top - self._lowest, 0.2)
        limits = (self._lowest - 0.06 * span, self._lowest + 1.25 * span)
        if self._heights.get_ylim() != limits:
            self._heights.set_ylim(*limits)
            self._graph.stale()
        heights = [np.clip(np.nan_to_num(h, nan=1e9), -1e9, 1e9) for h in (run.heights, *before)]
        self._trace.show(heights[0], heights[1:])
        where = f"Contours of {run.surface.words}, and the walk. {run.progress()}"
        falls = f"f against the step: {spelt(run.heights[0])} at the start, {spelt(run.heights[-1])} now."
        return [self._map.shot(where, small=small), self._graph.shot(falls, small=small)]
