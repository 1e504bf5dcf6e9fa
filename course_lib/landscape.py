"""Contour plots of functions of two variables, with paths and arrows on them."""

from collections.abc import Callable, Mapping
from itertools import cycle
from typing import Any

import numpy as np

from course_lib.inputs import Array, as_array
from course_lib.plots import LINES, Picture, finish, new_figure, picture_of

GRID, LEVELS = 81, 16
MARKERS = "osD^v"
INK = "#1b1b1b"


def contour_plot(
    f: Callable[[Array], float],
    x1: tuple[float, float],
    x2: tuple[float, float],
    caption: str,
    paths: Mapping[str, Array] | None = None,
    arrows: Mapping[str, float] | None = None,
    at: tuple[float, float] | None = None,
) -> Picture:
    """Draw the contour lines of `f`, both axes to the same scale so that right angles look right.

    Parameters
    ----------
    f : callable
        Takes a point (2,) and returns one number.
    x1, x2 : pair of float
        The range shown on each axis.
    caption : str
    paths : dict, optional
        A name and a path of shape (steps + 1, 2) each; what leaves the picture is cut off.
    arrows : dict, optional
        A letter and an angle in degrees each, drawn from the point `at`.
    at : pair of float, optional

    Returns
    -------
    Picture
    """
    a, b = np.linspace(*x1, GRID), np.linspace(*x2, GRID)
    values = np.array([[float(f(np.array([u, v]))) for u in a] for v in b])
    width = 7.2
    height = min(5.6, 0.8 + width * 0.9 * (x2[1] - x2[0]) / (x1[1] - x1[0]))
    figure, axes = new_figure((width, height))
    lowest, highest = values.min(), values.max()
    # Denser towards the valley floor, where the paths end.
    levels = lowest + (highest - lowest) * np.linspace(0.02, 1.0, LEVELS) ** 2
    axes.contour(a, b, values, levels=levels, cmap="viridis", linewidths=1.0)
    axes.set(xlim=x1, ylim=x2, aspect="equal")
    row, column = np.unravel_index(values.argmin(), values.shape)
    words = [
        f"Contour lines of a function of x1 from {x1[0]:g} to {x1[1]:g} and x2 from {x2[0]:g} to {x2[1]:g}, "
        f"lowest near ({a[column]:.2g}, {b[row]:.2g})."
    ]
    words += [_draw_path(axes, *named) for named in zip((paths or {}).items(), cycle(LINES), cycle(MARKERS))]
    words += _draw_arrows(axes, arrows, at) if arrows and at else []
    finish(axes, "$x_1$", "$x_2$", legend=bool(paths))
    return picture_of(figure, " ".join(words), caption)


def _draw_path(axes: Any, named: tuple[str, Array], line: tuple[str, Any], marker: str) -> str:
    name, path = named[0], as_array(named[0], named[1])
    # A run that explodes is drawn as far as numbers mean something.
    seen = path[: int(np.argmin(np.append((np.abs(path) < 1e3).all(axis=1), False)))]
    colour, style = line
    axes.plot(
        *seen.T, color=colour, linestyle=style, marker=marker, markersize=4.5, linewidth=1.6, label=name
    )
    axes.plot(*path[0], color=colour, marker=marker, markersize=9, markerfacecolor="white", zorder=5)
    end = f"ends at ({path[-1, 0]:.2g}, {path[-1, 1]:.2g})" if len(seen) == len(path) else "runs away"
    return f"Path {name}: from ({path[0, 0]:.2g}, {path[0, 1]:.2g}), {len(path) - 1} steps, {end}."


def _draw_arrows(axes: Any, arrows: Mapping[str, float], at: tuple[float, float]) -> list[str]:
    length = 0.2 * (axes.get_ylim()[1] - axes.get_ylim()[0])
    for name, angle in arrows.items():
        u = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        axes.annotate(
            "",
            xy=np.add(at, length * u),
            xytext=at,
            arrowprops={
                "arrowstyle": "-|>",
                "color": INK,
                "linewidth": 1.8,
                "shrinkA": 0,
                "mutation_scale": 16,
            },
        )
        axes.text(*np.add(at, 1.22 * length * u), name, ha="center", va="center", fontsize=13, color=INK)
    axes.plot(*at, "o", color=INK, markersize=6)
    listed = ", ".join(f"{name} at {angle:.1f}°" for name, angle in arrows.items())
    return [
        f"{len(arrows)} arrows start at ({at[0]:g}, {at[1]:g}), by their angle from the x1 axis: {listed}."
    ]
