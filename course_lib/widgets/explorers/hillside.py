"""A landscape in three dimensions: the numbers that `hillside.js` draws, and a still picture of them."""

from functools import cache
from typing import Any

import numpy as np

from course_lib.inputs import Array
from course_lib.landscape import round_levels
from course_lib.palette import INK
from course_lib.widgets.explorers.animation import HERE, NOW, AnimatedFigure
from course_lib.widgets.explorers.descent import X1, X2, Surface, Walk

COLUMNS, ROWS = 46, 37
WIDTH, HEIGHT = 340, 312
# As at the beginning in `hillside.js`: the view in degrees, the height of the hills, and their colours.
TURN, TILT, HIGH = 20, 52, 0.55
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
    axes = figure.figure.add_axes((0.01, 0.01, 0.98, 0.98), aspect="equal", facecolor="none")
    axes.set_axis_off()
    (west, east), (south, north), low = X1, X2, _lowest(surface)
    base = [
        (west, south, low),
        (east, south, low),
        (east, north, low),
        (west, north, low),
        (west, south, low),
    ]
    axes.plot(*_seen(np.array(base), surface)[:, :2].T, color=INK, linewidth=1)
    shapes, colours = _squares(surface)
    axes.add_collection(
        PolyCollection(shapes, facecolors=colours, edgecolors=colours, linewidths=0.6, zorder=2)
    )
    path = np.column_stack([walk.path, walk.heights])
    path = path[(np.abs(path[:, :2]) <= np.array([X1[1], X2[1]])).all(axis=1) & (path[:, 2] <= surface.top)]
    seen = _seen(path, surface)[:, :2]
    axes.plot(*seen.T, "-", color="white", linewidth=4, zorder=3)
    axes.plot(*seen.T, "-", color=NOW, linewidth=2, zorder=4)
    axes.plot(*seen[-1:].T, "o", color=HERE, markeredgecolor="white", markersize=8, zorder=5)
    axes.autoscale_view()
    return figure.frame("").whole()


def _squares(surface: Surface) -> tuple[list[Array], Array]:
    """Return the shapes of the ground below `top`, those furthest away first, and their colours (S, 3)."""
    x1, x2 = np.meshgrid(np.linspace(*X1, COLUMNS), np.linspace(*X2, ROWS))
    points = np.stack([x1, x2, surface.f(x1, x2)], axis=-1)
    around = np.stack([points[:-1, :-1], points[:-1, 1:], points[1:, 1:], points[1:, :-1]], axis=2).reshape(
        -1, 4, 3
    )
    around = around[around[..., 2].min(axis=1) < surface.top]
    shapes = [_seen(_below(corners, surface.top), surface) for corners in around]
    far = [-shape[:, 2].mean() for shape in shapes]
    order = np.argsort(far)
    return [shapes[n][:, :2] for n in order], _colours(around, surface)[order]


def _below(corners: Array, top: float) -> Array:
    """Return the part of a polygon (C, 3) that lies below `top`."""
    if corners[:, 2].max() <= top:
        return corners
    kept = []
    for p, q in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if p[2] <= top:
            kept.append(p)
        if (p[2] <= top) != (q[2] <= top):
            kept.append(p + (top - p[2]) / (q[2] - p[2]) * (q - p))
    return np.array(kept)


def _colours(around: Array, surface: Surface) -> Array:
    """Return the colour of each square (S, 4, 3): by its height, and by how the light falls on it."""
    rise = surface.top - _lowest(surface)
    share = np.sqrt(np.clip((around[..., 2].mean(axis=1) - _lowest(surface)) / rise, 0, 1))[:, None]
    steep = HIGH * COLUMNS / (2 * rise)
    a, b = steep * (around[:, 1, 2] - around[:, 0, 2]), steep * (around[:, 3, 2] - around[:, 0, 2])
    light = np.clip((0.45 * a - 0.35 * b + 0.82) / np.sqrt(a**2 + b**2 + 1), 0, None)[:, None]
    return (0.72 + 0.28 * light).clip(0, 1) * (LOW_COLOUR + share * (HIGH_COLOUR - LOW_COLOUR))


@cache
def _lowest(surface: Surface) -> float:
    return float(_heights(surface, COLUMNS, ROWS).min())


def _seen(points: Array, surface: Surface) -> Array:
    """Return points (P, 3) of x1, x2 and f as they are seen: right, up and away."""
    lowest = _lowest(surface)
    x, y = (2 * (p - low) / (high - low) - 1 for p, (low, high) in zip(points.T, (X1, X2), strict=False))
    z = HIGH * (points[:, 2] - lowest) / (surface.top - lowest)
    turn, tilt = np.radians((TURN, TILT))
    right, away = np.cos(turn) * x + np.sin(turn) * y, -np.sin(turn) * x + np.cos(turn) * y
    up = away * np.sin(tilt) + z * np.cos(tilt)
    return np.column_stack([right, up, away * np.cos(tilt) - z * np.sin(tilt)])
