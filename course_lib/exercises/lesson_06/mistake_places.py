"""Where in a network the mistakes of lesson 06 are made: a drawing with numbered places, and below it their ids."""

from __future__ import annotations

from html import escape
from itertools import pairwise

from course_lib.exercises.lesson_06.reading import PLACES

WIDTH, HEIGHT = 640, 236
# Of each layer: where it stands, the symbol of its nodes, how many of them.
LAYERS = ((80, "x", 2), (240, "y", 3), (400, "o", 2))
ERROR = 540
ROWS = {2: (82, 144), 3: (64, 113, 162)}
MIDDLE = 113
# Where the number of each place stands; the gradients arise at both layers of weights.
AT = {
    "samples": ((80, 24),),
    "forward": ((240, 24),),
    "error": ((ERROR, 62),),
    "output delta": ((400, 206),),
    "hidden delta": ((240, 206),),
    "gradients": ((320, 206), (160, 206)),
    "update": ((80, 206),),
}
# Stands out from light and from dark.
COLOUR = "#2f6fb5"
_BOX = "break-inside:avoid;border-top:2px solid rgba(127,127,127,.5);padding:.3em 0 .2em;line-height:1.4"
_DISC = (
    f"display:inline-block;width:1.4em;height:1.4em;border-radius:50%;background:{COLOUR};color:#fff;text-align:center;"
    "line-height:1.4em;font-weight:700;margin-right:.45em"
)


class MistakeMap:
    """The places and the ids; shows as a drawing with text in a notebook, elsewhere in words."""

    def __repr__(self) -> str:
        return "\n".join(f"{n}. {place}: {', '.join(PLACES[place])}" for n, place in enumerate(PLACES, 1))

    def _repr_html_(self) -> str:
        groups = "".join(_group(number, place) for number, place in enumerate(PLACES, 1))
        return (
            f'<figure style="margin:.5em 0;max-width:{WIDTH}px">{_drawing()}'
            f'<div style="columns:2 15em;column-gap:1.6em">{groups}</div></figure>'
        )


def mistake_map() -> MistakeMap:
    """Show where in a network each mistake of the table is made.

    Returns
    -------
    MistakeMap
        A drawing of the network with seven numbered places, and under each number the ids.
    """
    return MistakeMap()


def _group(number: int, place: str) -> str:
    names = "<br>".join(f"<code>{escape(name)}</code>" for name in PLACES[place])
    return (
        f'<div style="{_BOX}"><div style="font-weight:600"><span style="{_DISC}">{number}</span>{escape(place)}</div>'
        f"{names}</div>"
    )


def _drawing() -> str:
    places = ", ".join(f"{number} {place}" for number, place in enumerate(PLACES, 1))
    about = (
        "A network with the layers x, y and o and the error E. Above, the forward pass goes from left to right; below, "
        f"the way back goes from right to left. Seven places are numbered: {places}. Their ids are listed below."
    )
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(about)}" width="100%" '
        'style="display:block;color:inherit" fill="none" stroke="currentColor" font-size="16">',
        '<defs><marker id="mistake-map-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto"><path d="M0 0L8 4L0 8z" fill="currentColor" stroke="none"/></marker></defs>',
        *_lines(),
        *_nodes(),
        _arrow("M103 24H217", f"M263 24H{ERROR}V42"),
        _text(400, 16, "forward"),
        _arrow(f"M{ERROR} 132V206H423", "M377 206H343", "M297 206H263", "M217 206H183", "M137 206H103"),
        _text(482, 226, "back"),
        *(_place(number, *at) for number, place in enumerate(PLACES, 1) for at in AT[place]),
        "</svg>",
    ]
    return "".join(parts)


def _lines() -> list[str]:
    found = []
    for (left, _, some), (right, _, others) in pairwise(LAYERS):
        ends = [(a, b) for a in ROWS[some] for b in ROWS[others]]
        found += [f'<path d="M{left + 17} {a}L{right - 17} {b}" stroke-opacity=".45"/>' for a, b in ends]
    found += [f'<path d="M417 {row}L{ERROR - 22} {MIDDLE}" stroke-opacity=".45"/>' for row in ROWS[2]]
    return found


def _nodes() -> list[str]:
    found = []
    for across, symbol, count in LAYERS:
        for row in ROWS[count]:
            found.append(f'<circle cx="{across}" cy="{row}" r="17" stroke-width="1.6"/>')
            found.append(_text(across, row + 5, symbol, "font-style='italic'"))
    box = f'<rect x="{ERROR - 22}" y="{MIDDLE - 20}" width="44" height="40" rx="6" stroke-width="1.6"/>'
    return [*found, box, _text(ERROR, MIDDLE + 6, "E", "font-style='italic'")]


def _arrow(*paths: str) -> str:
    return "".join(
        f'<path d="{path}" stroke-width="1.6" marker-end="url(#mistake-map-tip)"/>' for path in paths
    )


def _text(across: float, down: float, text: str, more: str = "") -> str:
    return f'<text x="{across}" y="{down}" text-anchor="middle" fill="currentColor" stroke="none" {more}>{text}</text>'


def _place(number: int, across: float, down: float) -> str:
    return (
        f'<circle cx="{across}" cy="{down}" r="13" fill="{COLOUR}" stroke="none"/>'
        f'<text x="{across}" y="{down + 6}" text-anchor="middle" fill="#fff" stroke="none" font-weight="700">'
        f"{number}</text>"
    )
