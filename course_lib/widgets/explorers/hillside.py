"""A landscape in three dimensions: the numbers that `hillside.js` draws, and a still picture of them."""

from typing import Any

import numpy as np

from course_lib.inputs import Array
from course_lib.landscape import round_levels
from course_lib.widgets.explorers.animation import HERE, NOW, AnimatedFigure
from course_lib.widgets.explorers.descent import X1, X2, Surface, Walk

COLUMNS, ROWS = 61, 49
WIDTH, HEIGHT = 340, 305
# As at the beginning in `hillside.js`: the view in degrees, the height of the hills, and their colours.
TURN, TILT, HIGH = -35, 48, 0.75
LOW_COLOUR, HIGH_COLOUR = np.array([32, 116, 80]) / 255, np.array([216, 226, 206]) / 255


def landscape(surface: Surface) -> dict[str, Any]:
    """Return a surface as `hillside.js` wants it."""
    values = _heights(surface, COLUMNS, ROWS)
    return {
        "columns": COLUMNS,
        "rows": ROWS,
        "heights": values.astype("float32").tobytes(),
        "lowest": float(values.min()),
        "top": surface.top,
        "levels": round_levels(values.min(), values.max()).tolist(),
        "x1": list(X1),
        "x2": list(X2),
        "width": WIDTH,
        "height": HEIGHT,
        "words": words(surface),
    }


def words(surface: Surface) -> str:
    """Say what there is to see."""
    return f"The landscape {surface.words}, as a hillside with the walk on it."


def _heights(surface: Surface, columns: int, rows: int) -> Array:
    return surface.f(*np.meshgrid(np.linspace(*X1, columns), np.linspace(*X2, rows)))


def still(walk: Walk) -> bytes:
    """Return a PNG of the landscape and the walk on it, seen as at the beginning."""
    from matplotlib.collections import PolyCollection

    surface = walk.surface
    figure = AnimatedFigure(WIDTH, HEIGHT)
    axes = figure.figure.add_axes((0, 0, 1, 1), aspect="equal", facecolor="none")
    axes.set_axis_off()
    squares, colours = _squares(surface)
    axes.add_collection(PolyCollection(squares, facecolors=colours, edgecolors=colours, linewidths=0.6))
    path = walk.path[(np.abs(walk.path) <= np.array([X1[1], X2[1]])).all(axis=1)]
    heights = surface.f(*path.T)
    seen = _seen(path[heights <= surface.top], heights[heights <= surface.top], surface)
    axes.plot(*seen[:, :2].T, "-o", color=NOW, linewidth=1.6, markersize=3)
    axes.plot(*seen[-1:, :2].T, "o", color=HERE, markersize=7)
    axes.autoscale_view()
    return figure.frame("").whole()


def _squares(surface: Surface) -> tuple[Array, Array]:
    """Return the squares of the grid below `top`, (S, 4, 2), those furthest away first, and their colours (S, 3)."""
    columns, rows = 2 * COLUMNS - 1, 2 * ROWS - 1
    grid = np.stack(np.meshgrid(np.linspace(*X1, columns), np.linspace(*X2, rows)), axis=-1)
    values = _heights(surface, columns, rows)
    seen = _seen(grid.reshape(-1, 2), values.ravel(), surface).reshape(rows, columns, 3)
    corners = [
        (slice(i, rows - 1 + i), slice(j, columns - 1 + j)) for i, j in ((0, 0), (0, 1), (1, 1), (1, 0))
    ]
    shapes = np.stack([seen[corner] for corner in corners], axis=2).reshape(-1, 4, 3)
    height = np.mean([values[corner] for corner in corners], axis=0).ravel()
    share = np.sqrt(np.clip((height - values.min()) / (surface.top - values.min()), 0, 1))[:, None]
    colours = LOW_COLOUR + share * (HIGH_COLOUR - LOW_COLOUR)
    order = [n for n in np.argsort(-shapes[..., 2].mean(axis=1)) if height[n] <= surface.top]
    return shapes[order][..., :2], colours[order]


def _seen(points: Array, heights: Array, surface: Surface) -> Array:
    """Return points (P, 2) with their heights as seen: right, up and away, (P, 3)."""
    lowest = _heights(surface, COLUMNS, ROWS).min()
    x, y = (2 * (p - low) / (high - low) - 1 for p, (low, high) in zip(points.T, (X1, X2), strict=True))
    z = HIGH * (heights - lowest) / (surface.top - lowest)
    turn, tilt = np.radians((TURN, TILT))
    right, away = np.cos(turn) * x + np.sin(turn) * y, -np.sin(turn) * x + np.cos(turn) * y
    up = away * np.sin(tilt) + z * np.cos(tilt)
    return np.column_stack([right, up, away * np.cos(tilt) - z * np.sin(tilt)])
