"""Figures in which only the moving parts are redrawn: a frame takes a few milliseconds instead of forty."""

import io
from typing import Any, NamedTuple

import numpy as np

INK, FAINT = "#1b1b1b", "#717581"
DPI = 100
# Screen pixels for each pixel of the figure, so that letters stay sharp on fine screens.
SHARPNESS = 1.4


class Frame(NamedTuple):
    """One picture as it is now, its size on the page, and what there is to see in it."""

    png: bytes
    alt: str
    width: int
    height: int


class AnimatedFigure:
    """One figure, its size in pixels of the page; no pyplot, so there is no window and nothing to close."""

    def __init__(self, width: int, height: int) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure  # here, so that the import of course_lib stays light

        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI * SHARPNESS)
        self._canvas = FigureCanvasAgg(self.figure)
        self._moving: list[Any] = []
        self._background: Any = None

    def axes(self, box: tuple[float, float, float, float], x: str = "", y: str = "", title: str = "") -> Any:
        """Add axes in `box`: left, bottom, width, height, as fractions of the figure."""
        axes = self.figure.add_axes(box)
        axes.set_xlabel(x, fontsize=11, labelpad=2)
        axes.set_ylabel(y, fontsize=11, labelpad=2)
        axes.set_title(title, fontsize=11)
        axes.tick_params(labelsize=10)
        axes.spines[["top", "right"]].set_visible(False)
        return axes

    def animate(self, artist: Any) -> Any:
        """Redraw `artist` in every frame, on top of the background; returns it."""
        artist.set_animated(True)
        self._moving.append(artist)
        return artist

    def redraw_background(self) -> None:
        """Have the next frame redraw the background as well, because its axes have changed."""
        self._background = None

    def frame(self, alt: str, *, small: bool = False) -> Frame:
        """Return the picture as it is now; `small` takes longer and saves bytes."""
        from matplotlib.image import imsave

        if self._background is None:
            self._canvas.draw()
            self._background = self._canvas.copy_from_bbox(self.figure.bbox)
        else:
            self._canvas.restore_region(self._background)
        for artist in self._moving:
            self.figure.draw_artist(artist)
        buffer = io.BytesIO()
        pixels = np.asarray(self._canvas.buffer_rgba())[..., :3]
        imsave(buffer, pixels, format="png", pil_kwargs={"compress_level": 9 if small else 1})
        return Frame(buffer.getvalue(), alt, self.width, self.height)


class StepPlot:
    """Values against steps, up to the `last` there can be: the current run, and fainter the two before it."""

    def __init__(self, figure: AnimatedFigure, axes: Any, last: int) -> None:
        self._figure, self._axes, self._last = figure, axes, last
        self.earlier = EarlierLines(figure, axes)
        self.line = figure.animate(axes.plot([], [], color=INK, linewidth=2.2)[0])
        self._end = figure.animate(axes.plot([], [], "o", color=INK, markersize=6)[0])
        self._limit = 0

    def show(self, values: np.ndarray, earlier: list[np.ndarray]) -> None:
        """Set the lines; the axis of steps grows by doubling, so that a short run can be seen as well."""
        longest = max(len(v) for v in (values, *earlier)) - 1
        limit = min(self._last, next(2**n for n in range(4, 32) if 2**n >= longest))
        if limit != self._limit:
            self._limit = limit
            self._axes.set_xlim(-0.02 * limit, 1.02 * limit)
            self._axes.xaxis.get_major_locator().set_params(integer=True)
            self._figure.redraw_background()
        self.earlier.show([(np.arange(len(before)), before) for before in earlier])
        self.line.set_data(np.arange(len(values)), values)
        self._end.set_data([len(values) - 1], [values[-1]])


class EarlierLines:
    """The two runs before the current one, as faint lines: dashed the last, dotted the one before."""

    def __init__(self, figure: AnimatedFigure, axes: Any, marker: str = "") -> None:
        self._lines = [
            figure.animate(axes.plot([], [], color=FAINT, linestyle=style, linewidth=1.5, marker=marker)[0])
            for style in ("--", ":")
        ]

    def show(self, earlier: list[tuple[np.ndarray, np.ndarray]]) -> None:
        """Set the lines to the (x, y) of the earlier runs, the latest one last."""
        for n, line in enumerate(self._lines, 1):
            line.set_data(*(earlier[-n] if n <= len(earlier) else ([], [])))
