"""Gradient descent on a contour plot, a step at a time."""

from typing import Any, ClassVar

import numpy as np

from course_lib.inputs import Array
from course_lib.landscape import draw_contours
from course_lib.plots import image_tag
from course_lib.widgets.explorers.animation import HERE, NOW, AnimatedFigure, EarlierLines, Frame, StepPlot
from course_lib.widgets.explorers.descent import SURFACES, X1, X2, Walk
from course_lib.widgets.explorers.display import choice, number
from course_lib.widgets.explorers.explorer import Explorer
from course_lib.widgets.explorers.hillside import WIDTH, landscape, still, words
from course_lib.widgets.formatting import from_to

GRID = 161
# So far from the start, in units of x1, every height on a contour line has to be.
CLEAR = 0.3
# Left, bottom, width and height of the axes, as shares of the figure.
BOX = (0.13, 0.17, 0.84, 0.76)


def explore_descent(
    surface: str = "two valleys",
    start: tuple[float, float] = (1.8, -1.5),
    learning_rate: float = 0.02,
    steps: int = 400,
) -> Any:
    """Open a landscape to descend: predict, then step or play.

    Parameters
    ----------
    surface : str
        "two valleys", "long valley" or "saddle", the landscapes of lesson 01.
    start : pair of float
        x1 from -2.5 to 2.5, x2 from -2 to 2.
    learning_rate : float
    steps : int
        How many steps a walk may take.
    """
    Walk(surface, start, learning_rate, steps)
    return DescentExplorer(surface, start, learning_rate, steps)


class DescentExplorer(Explorer):
    """Surface, start and learning rate to choose; the walk on a hillside and on its map, and f against the step."""

    title = "Walk down."
    question = (
        "Choose a landscape, a start (or click on the map) and a learning rate. "
        "What will the walk do? Predict, then run. The hillside can be turned, with the mouse or the arrow keys."
    )
    predictions: ClassVar = {
        "rests": "it comes to rest: the slope is gone",
        "moves": "it is still moving when the steps are used up",
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
        self._create_figures()
        super().__init__([self._surface, *self._start, self._rate])
        self.display.on_click(self._clicked)

    def _clicked(self, x: float, y: float) -> None:
        """Start where the picture was clicked, to the nearest twentieth."""
        left, bottom, width, height = BOX
        shares = ((x - left) / width, (y - bottom) / height)
        if all(0 <= share <= 1 for share in shares):
            ends = zip(shares, (X1, X2), strict=True)
            values = [round(20 * (low + share * (high - low))) / 20 for share, (low, high) in ends]
            self.set_controls(zip(self._start, values, strict=True))

    def new_run(self) -> Walk:
        """Return a walk at its start."""
        return Walk(self._surface.value, [s.value for s in self._start], self._rate.value, self._steps)

    def _create_figures(self) -> None:
        self._contour_figure, self._height_figure = AnimatedFigure(352, 312), AnimatedFigure(320, 312)
        self._contour_axes = axes = self._contour_figure.axes(BOX, "$x_1$", "$x_2$")
        axes.set(xlim=X1, ylim=X2)
        self._earlier_paths = EarlierLines(self._contour_figure, axes)
        self._path = self._contour_figure.animate(
            axes.plot([], [], "-o", color=NOW, markersize=4, linewidth=1.8)[0]
        )
        ring = {"color": NOW, "markersize": 11, "fillstyle": "none", "markeredgewidth": 2}
        self._start_point = self._contour_figure.animate(axes.plot([], [], "o", **ring)[0])
        self._here = self._contour_figure.animate(axes.plot([], [], "o", color=HERE, markersize=8)[0])
        self._height_axes = self._height_figure.axes((0.13, 0.17, 0.84, 0.76), "step", "f")
        self._height_plot = StepPlot(self._height_figure, self._height_axes, self._steps)
        self._shown_surface: Any = None
        self._heights_at = np.empty((0, 2))

    def comparable(self, run: Walk) -> list[Walk]:
        """Return the earlier walks on the same landscape."""
        return [walk for walk in self.earlier if walk.surface is run.surface]

    def show_more(self, run: Walk) -> None:
        """Show the hillside, and the walk on it."""
        if self._shown_surface is not run.surface:
            self.display.hill = landscape(run.surface)
        self.display.walk = _drawable(run.path).tolist()

    def static_more(self, run: Walk) -> str:
        """Return a still picture of the hillside."""
        return image_tag(still(run), words(run.surface), width=WIDTH)

    def _contours(self, walk: Walk) -> None:
        """Draw the landscape with its heights, unless it is already there and the start hides none of them."""
        start = walk.path[0]
        hidden = np.linalg.norm(self._heights_at - start, axis=1) < CLEAR
        if self._shown_surface is walk.surface and not hidden.any():
            return
        axes = self._contour_axes
        for drawn in list(axes.collections):
            drawn.remove()
        a, b = np.linspace(*X1, GRID), np.linspace(*X2, GRID)
        values = walk.surface.f(*np.meshgrid(a, b))
        lines = draw_contours(axes, a, b, values, taken=start[None])
        self._heights_at = np.array([text.get_position() for text in lines.labelTexts])
        self._lowest, self._shown_surface = float(values.min()), walk.surface
        self._contour_figure.redraw()

    def frames(self, run: Walk, earlier: list[Walk]) -> list[Frame]:
        """Draw the path on the contours, and f against the step."""
        self._contours(run)
        path = _drawable(run.path)
        self._earlier_paths.show([_drawable(walk.path).T for walk in earlier])
        self._path.set_data(*path.T)
        self._start_point.set_data(*path[:1].T)
        self._here.set_data(*path[-1:].T)
        top = max(walk.heights[0] for walk in (run, *earlier))
        span = max(top - self._lowest, 0.2)
        limits = (self._lowest - 0.06 * span, self._lowest + 1.25 * span)
        if self._height_axes.get_ylim() != limits:
            self._height_axes.set_ylim(*limits)
            self._height_figure.redraw()
        heights = [np.clip(np.nan_to_num(walk.heights, nan=1e9), -1e9, 1e9) for walk in (run, *earlier)]
        self._height_plot.show(heights[0], heights[1:])
        contours_alt = f"Contours of {run.surface.words}, and the walk. {run.progress()}"
        heights_alt = f"f against the step, {from_to(run.heights)}."
        return [self._contour_figure.frame(contours_alt), self._height_figure.frame(heights_alt)]


def _drawable(path: Array) -> Array:
    """Return a path that can be drawn although it may have run away."""
    return np.clip(np.nan_to_num(path, nan=1e4), -1e4, 1e4)
