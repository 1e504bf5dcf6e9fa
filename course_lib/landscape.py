"""Contour plots of functions of two variables, with heights, paths and arrows on them."""

import math
from collections.abc import Callable, Mapping
from itertools import cycle, pairwise
from typing import Any

import numpy as np

from course_lib.inputs import Array, as_array
from course_lib.palette import INK, LAND, LINES
from course_lib.plots import Picture, finish, new_figure, picture_of

# Fine enough for round contours; a function that takes only one point at a time gets a coarser grid.
GRID, COARSE, LEVELS = 201, 81, 14
# Of the axes, in inches.
WIDEST, HIGHEST = 6.3, 4.6
# How much of the ground is seen at the lowest point, on which heights have to be read.
DEEPEST = 0.27
MARKERS = "osD^v"
# Where a letter may stand: how many lengths of its arrow from the point, and how many degrees beside it; the first is
# best. And how far off the next contour line it should be, in inches.
LETTER_AT = [(reach, aside) for aside in (0, -6, 6, -12, 12) for reach in np.linspace(1.2, 1.44, 9)]
CLEAR = 0.14


def contour_plot(
    f: Callable[[Array], float],
    x1: tuple[float, float],
    x2: tuple[float, float],
    caption: str,
    paths: Mapping[str, Array] | None = None,
    arrows: Mapping[str, float] | None = None,
    at: tuple[float, float] | None = None,
    names: tuple[str, str] = ("x1", "x2"),
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
    names : pair of str
        What the axes count: a letter with the number that is written below it.

    Returns
    -------
    Picture
    """
    a, b, values = heights(f, x1, x2)
    figure, axes = _figure((x2[1] - x2[0]) / (x1[1] - x1[0]), legend=bool(paths))
    axes.set(xlim=x1, ylim=x2)
    row, column = np.unravel_index(values.argmin(), values.shape)
    words = [
        f"Contour lines of a function of {names[0]} from {x1[0]:g} to {x1[1]:g} "
        f"and {names[1]} from {x2[0]:g} to {x2[1]:g}, lowest near ({a[column]:.2g}, {b[row]:.2g})."
    ]
    words += [_draw_path(axes, *named) for named in zip((paths or {}).items(), cycle(LINES), cycle(MARKERS))]
    words += _draw_arrows(axes, arrows, at) if arrows and at else []
    finish(axes, *(f"${name[0]}_{{{name[1:]}}}$" for name in names), legend=bool(paths))
    taken = [
        *map(_dense, (paths or {}).values()),
        _fan(axes, arrows, at) if arrows and at else np.empty((0, 2)),
    ]
    lines = draw_contours(axes, a, b, values, taken=np.vstack(taken))
    if arrows and at:
        _write_letters(axes, arrows, at, lines)
    return picture_of(figure, " ".join(words), caption)


def _figure(slope: float, *, legend: bool) -> tuple[Any, Any]:
    """Return a figure and its axes, `slope` times as high as wide, so that both count the same; all in inches."""
    left, right, below, above = 0.7, 0.2, 0.6, 0.7 if legend else 0.35
    high = min(WIDEST * slope, HIGHEST)
    wide, width, height = high / slope, left + right + high / slope, below + above + high
    return new_figure((width, height), (left / width, below / height, wide / width, high / height))


def heights(
    f: Callable[[Array], float], x1: tuple[float, float], x2: tuple[float, float]
) -> tuple[Array, Array, Array]:
    """Return x1 (M,), x2 (M,) and f (M, M) on a grid; f is asked for all points at once if it can answer that."""
    a, b = np.linspace(*x1, GRID), np.linspace(*x2, GRID)
    try:
        values = np.asarray(f(np.array(np.meshgrid(a, b))), dtype=float)
    except (TypeError, ValueError, IndexError):
        values = np.empty(0)
    some = np.random.default_rng(0).integers(GRID, size=(9, 2))
    if values.shape == (GRID, GRID) and all(
        np.isclose(values[row, column], float(f(np.array([a[column], b[row]])))) for row, column in some
    ):
        return a, b, values
    a, b = np.linspace(*x1, COARSE), np.linspace(*x2, COARSE)
    return a, b, np.array([[float(f(np.array([u, v]))) for u in a] for v in b])


def round_levels(low: float, high: float, count: int = LEVELS) -> Array:
    """Return heights between `low` and `high` with few digits, denser towards the floor, where the paths end."""
    wanted = low + (high - low) * np.linspace(0.0, 1.0, count + 1)[1:] ** 2
    gaps = np.diff(wanted, prepend=low)
    rounded = []
    for height, gap in zip(wanted[:-1], gaps[:-1], strict=True):
        power = 10.0 ** math.floor(math.log10(gap))
        step = max(step for step in (1, 2, 5) if step * power <= gap * (1 + 1e-9)) * power
        rounded.append(round(height / step) * step)
    return np.unique(np.round([level for level in rounded if low < level < high], 12))


def draw_contours(axes: Any, a: Array, b: Array, values: Array, taken: Array, size: float = 11) -> Any:
    """Draw contour lines, tinted the deeper the darker, with their heights where nothing of `taken` (P, 2) is.

    Returns
    -------
    matplotlib.contour.ContourSet
        The lines.
    """
    from matplotlib.colors import LinearSegmentedColormap, to_rgba

    levels = round_levels(values.min(), values.max())
    tint = LinearSegmentedColormap.from_list("depth", [to_rgba(LAND, DEEPEST), to_rgba(LAND, 0.0)])
    bands = [values.min() - 1.0, *levels, values.max() + 1.0]
    shades = tint(np.linspace(0.0, 1.0, len(bands) - 1))
    axes.contourf(a, b, values, levels=bands, colors=shades, zorder=0, antialiased=False)
    style = {"colors": INK, "linewidths": 0.9, "linestyles": "solid"}
    lines = axes.contour(a, b, values, levels=levels, zorder=0.5, **style)
    places = _label_places(axes, lines, taken)
    axes.clabel(lines, fontsize=size, colors=INK, fmt=_height, manual=places, inline_spacing=3)
    return lines


def _height(level: float) -> str:
    return f"{level:.6g}".replace("-", "\N{MINUS SIGN}")


def _label_places(axes: Any, lines: Any, taken: Array) -> list[tuple[float, float]]:
    """Return a point on every line that has room for its height, in data coordinates."""
    to_screen = axes.transData.transform
    used = to_screen(taken) if len(taken) else np.empty((0, 2))
    box, inch = axes.get_window_extent(), axes.figure.dpi
    places = []
    for segments in lines.allsegs:
        points = np.vstack([s for s in segments if len(s)]) if any(map(len, segments)) else np.empty((0, 2))
        if not len(points):
            continue
        on_screen = to_screen(points)
        edge = np.minimum(on_screen - box.min, box.max - on_screen).min(axis=1)
        gap = np.min(np.linalg.norm(on_screen[:, None] - used, axis=2), axis=1, initial=2 * inch)
        room = np.minimum(edge * 1.2, gap)
        best = int(room.argmax())
        if room[best] > 0.33 * inch:
            places.append(tuple(points[best]))
            used = np.vstack([used, on_screen[best]])
    return places


def _draw_path(axes: Any, named: tuple[str, Array], line: tuple[str, Any], marker: str) -> str:
    name, path = named[0], as_array(named[0], named[1])
    # A run that explodes is drawn as far as numbers mean something.
    seen = path[: int(np.argmin(np.append((np.abs(path) < 1e3).all(axis=1), False)))]
    colour, style = line
    axes.plot(
        *seen.T, color=colour, linestyle=style, marker=marker, markersize=4.5, linewidth=1.8, label=name
    )
    axes.plot(
        *path[0], color=colour, marker=marker, markersize=10, fillstyle="none", markeredgewidth=2, zorder=5
    )
    end = f"ends at ({path[-1, 0]:.2g}, {path[-1, 1]:.2g})" if len(seen) == len(path) else "runs away"
    return f"Path {name}: from ({path[0, 0]:.2g}, {path[0, 1]:.2g}), {len(path) - 1} steps, {end}."


def _dense(path: Array) -> Array:
    """Return points (P, 2) along a path and not only at its ends; what has exploded is left out."""
    path = as_array("paths", path)
    path = path[(np.abs(path) < 1e3).all(axis=1)]
    shares = np.linspace(0, 1, 20)[:, None]
    return np.vstack([path, *(p + shares * (q - p) for p, q in pairwise(path))])


def _reach(axes: Any) -> float:
    return 0.2 * (axes.get_ylim()[1] - axes.get_ylim()[0])


def _fan(axes: Any, arrows: Mapping[str, float], at: tuple[float, float]) -> Array:
    """Return points (P, 2) along the arrows and at their letters."""
    angles = np.radians(list(arrows.values()))
    along = _reach(axes) * np.linspace(0, max(LETTER_AT)[0], 9)
    return np.array([np.add(at, r * np.array([np.cos(t), np.sin(t)])) for t in angles for r in along])


def _draw_arrows(axes: Any, arrows: Mapping[str, float], at: tuple[float, float]) -> list[str]:
    length = _reach(axes)
    style = {
        "arrowstyle": "-|>",
        "color": INK,
        "linewidth": 2,
        "shrinkA": 0,
        "shrinkB": 0,
        "mutation_scale": 16,
    }
    for angle in arrows.values():
        u = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        axes.annotate("", xy=np.add(at, length * u), xytext=at, arrowprops=style)
    axes.plot(*at, "o", color=INK, markersize=7)
    listed = ", ".join(f"{name} at {angle:.1f}°" for name, angle in arrows.items())
    return [
        f"{len(arrows)} arrows start at ({at[0]:g}, {at[1]:g}), by their angle from the x1 axis: {listed}."
    ]


def _write_letters(axes: Any, arrows: Mapping[str, float], at: tuple[float, float], lines: Any) -> None:
    """Write the letters of the arrows, each as near to its tip as it stands clear of the contour lines."""
    to_screen, inch = axes.transData.transform, axes.figure.dpi
    drawn = to_screen(np.vstack([segment for level in lines.allsegs for segment in level if len(segment)]))
    for name, angle in arrows.items():
        reach, aside = np.array(LETTER_AT).T
        turned = np.radians(angle + aside)
        places = np.add(at, _reach(axes) * (reach * [np.cos(turned), np.sin(turned)]).T)
        off = np.linalg.norm(to_screen(places)[:, None] - drawn, axis=2).min(axis=1)
        best = int(np.minimum(off, CLEAR * inch).argmax())
        axes.text(*places[best], name, ha="center", va="center", fontsize=15, weight="bold", color=INK)
