"""A figure of which only what moves is drawn again: a frame costs a few milliseconds instead of forty."""

from __future__ import annotations

import io
from typing import Any, NamedTuple

import numpy as np

INK, FAINT = "#1b1b1b", "#717581"
DPI = 100
# Pixels of the screen for each of the figure's, so that letters stay sharp where screens are fine.
SHARPNESS = 1.4


class Shot(NamedTuple):
    """One picture as it is now, its size on the page, and what there is to see in it."""

    png: bytes
    alt: str
    width: int
    height: int


class Sheet:
    """One figure of a fixed size; no pyplot, so there is no window and nothing to close.

    Parameters
    ----------
    width, height : int
        On the page, in pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure  # here, so that the import of course_lib stays light

        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI * SHARPNESS)
        self._canvas = FigureCanvasAgg(self.figure)
        self._moving: list[Any] = []
        self._ground: Any = None

    def axes(self, box: tuple[float, float, float, float], x: str = "", y: str = "", title: str = "") -> Any:
        """Add axes in `box` (left, bottom, width, height, as shares of the figure) in the course's quiet frame."""
        axes = self.figure.add_axes(box)
        axes.set_xlabel(x, fontsize=11, labelpad=2)
        axes.set_ylabel(y, fontsize=11, labelpad=2)
        axes.set_title(title, fontsize=11)
        axes.tick_params(labelsize=10)
        axes.spines[["top", "right"]].set_visible(False)
        return axes

    def moving(self, artist: Any) -> Any:
        """Take an artist that is drawn anew in every picture, above all that stays; returns it."""
        artist.set_animated(True)
        self._moving.append(artist)
        return artist

    def stale(self) -> None:
        """Have what stays drawn anew as well: its axes have changed."""
        self._ground = None

    def shot(self, alt: str, *, small: bool = False) -> Shot:
        """Return the picture as it is now; `small` takes longer and saves bytes."""
        from matplotlib.image import imsave

        if self._ground is None:
            self._canvas.draw()
            self._ground = self._canvas.copy_from_bbox(self.figure.bbox)
        else:
            self._canvas.restore_region(self._ground)
        for artist in self._moving:
            self.figure.draw_artist(artist)
        buffer = io.BytesIO()
        pixels = np.asarray(self._canvas.buffer_rgba())[..., :3]
        imsave(buffer, pixels, format="png", pil_kwargs={"compress_level": 9 if small else 1})
        return Shot(buffer.getvalue(), alt, self.width, self.height)


class Trace:
    """Values against steps on axes of a sheet: the run there is now, and fainter the two before it.

    Parameters
    ----------
    sheet : Sheet
    axes : matplotlib axes
    last : int
        The last step there can be.
    """

    def __init__(self, sheet: Sheet, axes: Any, last: int) -> None:
        self._sheet, self._axes, self._last = sheet, axes, last
        self._earlier = [
            sheet.moving(axes.plot([], [], color=FAINT, linestyle=style, linewidth=1.5)[0])
            for style in (":", "--")
        ]
        self.line = sheet.moving(axes.plot([], [], color=INK, linewidth=2.2)[0])
        self._end = sheet.moving(axes.plot([], [], "o", color=INK, markersize=6)[0])
        self._limit = 0

    def show(self, values: np.ndarray, earlier: list[np.ndarray]) -> None:
        """Set the lines; the axis of steps grows by doubling, so that a short run can be seen as well."""
        longest = max(len(v) for v in (values, *earlier)) - 1
        limit = min(self._last, next(2**n for n in range(4, 32) if 2**n >= longest))
        if limit != self._limit:
            self._limit = limit
            self._axes.set_xlim(-0.02 * limit, 1.02 * limit)
            self._axes.xaxis.get_major_locator().set_params(integer=True)
            self._sheet.stale()
        for line in self._earlier:
            line.set_data([], [])
        for line, before in zip(self._earlier[::-1], earlier[::-1], strict=False):
            line.set_data(np.arange(len(before)), before)
        self.line.set_data(np.arange(len(values)), values)
        self._end.set_data([len(values) - 1], [values[-1]])
