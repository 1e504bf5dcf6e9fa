"""`watch_penguins`: a network that learns to tell penguins apart, as a picture that moves for a few seconds."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from course_lib.descent import train
from course_lib.inputs import Array
from course_lib.network import forward, random_network
from course_lib.penguins import load_penguins
from course_lib.plots import Picture, figure_html, image_tag

# What lesson 04 trains: four hidden nodes, learning rate 1, 500 steps.
HIDDEN, RATE, STEPS, SEED = 4, 1.0, 500, 1
# Most happens at first, so the pictures lie closer together there. Moving for five seconds needs no button to stop it.
SHOWN = (0, 5, 10, 15, 20, 25, 30, 35, 40, 50, 60, 75, 90, 110, 130, 160, 200, 250, 320, 400, 500)
SECONDS = 5.0
SIDE, LEFT, TOP, WIDTH, HEIGHT = 300, 110, 34, 560, 376
# These stand out from light and from dark; each species has a shape of its own beside its colour.
SPECIES = (
    ("Adelie", "#3f90da", "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z"),
    ("Chinstrap", "#d0493b", "M0-5l4.6 8h-9.2z"),
    ("Gentoo", "#2e9e5b", "M-3.7-3.7h7.4v7.4h-7.4z"),
)
GREY = "#808a94"
SVG = "image/svg+xml"


@dataclass(frozen=True, repr=False)
class Film(Picture):
    """A picture that moves, with the still one that is shown where the reader asks for less motion."""

    still: bytes = b""

    def _repr_html_(self) -> str:
        still = f"data:{SVG};base64,{base64.b64encode(self.still).decode()}"
        image = image_tag(self.image, self.alt, self.media_type)
        source = f'<source media="(prefers-reduced-motion: reduce)" srcset="{still}">'
        return figure_html(f"<picture>{source}{image}</picture>", html.escape(self.caption))


def watch_penguins() -> Film:
    """Show where a network puts birds that it has not met, while it learns from others.

    Returns
    -------
    Film
        It moves once, for five seconds, and stays as it ends; run the cell again to see it again. Where the reader
        asks for less motion it shows the end at once.
    """
    return film("run the cell again")


def film(again: str) -> Film:
    """Return the film; `again` is what to do to see it once more."""
    (X, D), (aside, targets) = load_penguins("training"), load_penguins("kept aside")
    start, _, _ = random_network(np.random.default_rng(SEED), (X.shape[1], HIDDEN, D.shape[1]), 1)
    seen: list[Array] = []

    def look(step: int, weights: list[Array], E: float) -> None:
        if step in SHOWN:
            seen.append(forward(weights, aside).y[-1])

    train(start, X, D, RATE, STEPS, look)
    right = [int(((o > 0.5) == (targets == 1)).all(axis=1).sum()) for o in seen]
    alt = (
        f"A square with a corner for each of three species of penguins, and {len(aside)} marks, one for each bird. "
        f"At first they lie close together and {right[0]} of them are recognised; after {STEPS} steps of training most "
        f"have moved to the corner of their species, and {right[-1]} are recognised."
    )
    caption = f"{len(aside)} penguins that the network has not met. To see them move again, {again}."
    kind = (targets @ [1, 2]).astype(int)
    said = [
        f"step {step}: {count} of {len(kind)} recognised" for step, count in zip(SHOWN, right, strict=True)
    ]
    moving = _svg(*_moving(np.array(seen), kind), *_counting(said))
    return Film(moving, alt, caption, SVG, still=_svg(*_still(seen[-1], kind), _words(said[-1])))


def _svg(*marks: str) -> bytes:
    """Draw the square with its corners, and `marks` in it."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="14" fill="{GREY}">',
        *_frame(),
        *marks,
        "</svg>",
    ]
    return "".join(parts).encode()


def _at(o: Array) -> tuple[float, float]:
    return LEFT + SIDE * float(o[0]), TOP + SIDE * (1.0 - float(o[1]))


def _frame() -> list[str]:
    places = (((0, 0), "end", -10, 5), ((1, 0), "start", 10, 5), ((0, 1), "end", -10, 5))
    corners = [
        f'<text x="{_at(np.array(corner))[0] + dx:g}" y="{_at(np.array(corner))[1] + dy:g}" text-anchor="{anchor}" '
        f'fill="{colour}" font-weight="bold">{name}</text>'
        for (corner, anchor, dx, dy), (name, colour, _) in zip(places, SPECIES, strict=True)
    ]
    square = f'<rect x="{LEFT}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="{GREY}"/>'
    middle = (
        f'<path d="M{LEFT + SIDE / 2:g} {TOP}v{SIDE}M{LEFT} {TOP + SIDE / 2:g}h{SIDE}" stroke="{GREY}" '
        'stroke-dasharray="3 5"/>'
    )
    return [square, middle, *corners]


def _mark(kind: int) -> str:
    _, colour, path = SPECIES[kind]
    return f'd="{path}" fill="{colour}" fill-opacity=".75"'


def _still(outputs: Array, kind: Array) -> list[str]:
    return [
        '<path {} transform="translate({:.1f} {:.1f})"/>'.format(_mark(k), *_at(o))
        for o, k in zip(outputs, kind, strict=True)
    ]


def _moving(outputs: Array, kind: Array) -> list[str]:
    way = 'type="translate" dur="{:g}s" fill="freeze" values="{}"'
    return [
        '<path {}><animateTransform attributeName="transform" {}/></path>'.format(
            _mark(k), way.format(SECONDS, ";".join("{:.0f} {:.0f}".format(*_at(o)) for o in path))
        )
        for path, k in zip(outputs.swapaxes(0, 1), kind, strict=True)
    ]


def _words(said: str) -> str:
    return f'<text x="{LEFT}" y="{TOP + SIDE + 28}">{said}</text>'


def _counting(said: Sequence[str]) -> list[str]:
    """Show one line after the other, the last one for good."""
    each, found = SECONDS / (len(said) - 1), []
    for n, line in enumerate(said):
        ends = f' dur="{each:.3f}s"' if n < len(said) - 1 else ""
        shown = f'<set attributeName="visibility" to="visible" begin="{n * each:.3f}s"{ends}/>'
        found.append(f'<text x="{LEFT}" y="{TOP + SIDE + 28}" visibility="hidden">{line}{shown}</text>')
    return found
