"""Figures in which only the moving parts are redrawn: a frame takes a few milliseconds instead of forty."""

import io
import math
from typing import Any, NamedTuple

import numpy as np

from course_lib.palette import COLOURS, INK
from course_lib.plots import frame_axes
from course_lib.scales import use_log_scale

# The run itself, and where it has come to.
NOW, HERE = COLOURS["x"], COLOURS["o"]
DPI = 100
# Screen pixels for each pixel of the figure, so that letters stay sharp on fine screens.
SHARPNESS = 1.4
# The line styles of earlier runs, the last one first; `display.css` draws them in the legend as well.
EARLIER_STYLES = ("--", ":")


class Frame(NamedTuple):
    """One picture as it is now: what stands, what moves on top of it, and what there is to see in it."""

    still: bytes
    png: bytes
    alt: str
    width: int
    height: int

    def whole(self) -> bytes:
        """Return both layers as one PNG."""
        from PIL import Image

        layers = [Image.open(io.BytesIO(data)).convert("RGBA") for data in (self.still, self.png)]
        buffer = io.BytesIO()
        Image.alpha_composite(*layers).save(buffer, "PNG", compress_level=9)
        return buffer.getvalue()


class AnimatedFigure:
    """One figure, its size in pixels of the page; no pyplot, so there is no window and nothing to close."""

    def __init__(self, width: int, height: int) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure  # here, so that the import of course_lib stays light

        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI * SHARPNESS, facecolor="none")
        self._canvas = FigureCanvasAgg(self.figure)
        self._moving: list[Any] = []
        self._still = b""

    def axes(self, box: tuple[float, float, float, float], x: str = "", y: str = "") -> Any:
        """Add axes in `box`: left, bottom, width, height, as fractions of the figure."""
        axes = self.figure.add_axes(box, facecolor="none")
        frame_axes(axes, x, y, size=12)
        return axes

    def animate(self, artist: Any) -> Any:
        """Redraw `artist` in every frame, on top of what stands; returns it."""
        artist.set_animated(True)
        self._moving.append(artist)
        return artist

    def redraw(self) -> None:
        """Have the next frame redraw what stands as well, because its axes have changed."""
        self._still = b""

    def frame(self, alt: str) -> Frame:
        """Return the picture as it is now."""
        if not self._still:
            self._canvas.draw()
            self._still = self._png()
        renderer = self._canvas.get_renderer()
        renderer.clear()
        for artist in self._moving:
            artist.draw(renderer)
        return Frame(self._still, self._png(), alt, self.width, self.height)

    def _png(self) -> bytes:
        from PIL import Image

        buffer = io.BytesIO()
        Image.fromarray(np.asarray(self._canvas.buffer_rgba())).save(buffer, "PNG", compress_level=1)
        return buffer.getvalue()


class GrowingScale:
    """A vertical axis in powers of ten, from `low` to `high`, that grows where the numbers seen so far leave it.

    Fitted to all the numbers of a run from the beginning, it would give the outcome away.
    """

    def __init__(self, figure: AnimatedFigure, axes: Any, low: float, high: float) -> None:
        self._figure, self._axes, self._least = figure, axes, (low, high)
        self._shown = (0.0, 0.0)
        self.show(np.empty(0))

    def show(self, values: np.ndarray) -> None:
        """Let the axis reach all `values` that can be drawn, in steps of a hundred."""
        seen = values[np.isfinite(values) & (values > 0)]
        low = min(self._least[0], 100.0 ** math.floor(math.log10(seen.min(initial=1.0)) / 2))
        high = max(self._least[1], 100.0 ** math.ceil(math.log10(seen.max(initial=1.0)) / 2))
        if (low, high) != self._shown:
            self._shown = low, high
            use_log_scale(self._axes, "y", low, high)
            self._figure.redraw()

    def drawable(self, values: np.ndarray) -> np.ndarray:
        """Return `values`; what is not finite any more leaves the picture at the top, what is 0 at the bottom."""
        low, high = self._shown
        return np.nan_to_num(np.where(values > 0, values, low / 1e3), nan=high * 1e3, posinf=high * 1e3)


class StepPlot:
    """Values against steps, up to the `last` there can be: the current run, and in grey the two before it."""

    def __init__(self, figure: AnimatedFigure, axes: Any, last: int) -> None:
        self._figure, self._axes, self._last = figure, axes, last
        self.earlier = EarlierLines(figure, axes)
        self.line = figure.animate(axes.plot([], [], color=NOW, linewidth=2.2)[0])
        self._end = figure.animate(axes.plot([], [], "o", color=HERE, markersize=6)[0])
        self._limit = 0

    def show(self, values: np.ndarray, earlier: list[np.ndarray]) -> None:
        """Set the lines; the axis of steps grows by doubling, so that a short run can be seen as well."""
        longest = max(len(v) for v in (values, *earlier)) - 1
        limit = min(self._last, next(2**n for n in range(4, 32) if 2**n >= longest))
        if limit != self._limit:
            self._limit = limit
            self._axes.set_xlim(-0.02 * limit, 1.02 * limit)
            self._axes.xaxis.get_major_locator().set_params(integer=True)
            self._figure.redraw()
        self.earlier.show([(np.arange(len(before)), before) for before in earlier])
        self.line.set_data(np.arange(len(values)), values)
        self._end.set_data([len(values) - 1], [values[-1]])


class EarlierLines:
    """The two runs before the current one, in grey: dashed the last, dotted the one before."""

    def __init__(self, figure: AnimatedFigure, axes: Any, marker: str = "") -> None:
        self._lines = [
            figure.animate(axes.plot([], [], color=INK, linestyle=style, linewidth=1.5, marker=marker)[0])
            for style in EARLIER_STYLES
        ]

    def show(self, earlier: list[tuple[np.ndarray, np.ndarray]]) -> None:
        """Set the lines to the (x, y) of the earlier runs, the latest one last."""
        for n, line in enumerate(self._lines, 1):
            line.set_data(*(earlier[-n] if n <= len(earlier) else ([], [])))
