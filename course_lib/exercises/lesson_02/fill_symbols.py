"""The deck's "Fill up the network with symbols": every node and edge of the 2-2-1 network, for training pair n."""

from __future__ import annotations

from course_lib import symbols
from course_lib.exercises.kinds import DiagramExercise
from course_lib.exercises.lesson_02.hints import HINTS

ID = "02_forward_pass"

# Right ones, the deck's own spellings, and telling neighbours; sorted by letter, so that the order tells nothing.
TILES = (
    *("x_1", "x_2", "x_n1", "x_n2"),
    *("net_n1_01", "net_n2_01", "net_n1_12", "net_n2_12"),
    *("y_n1", "y_n2", "y_n1_01", "y_n1_12", "y_n2_12"),
    *("d_n1", "o_1", "o_n1", "o_n2"),
    *("w11_01", "w12_01", "w21_01", "w22_01"),
    *("w11_12", "w12_12", "w21_12", "w22_12"),
)

FILL_SYMBOLS = DiagramExercise(
    id="fill_symbols",
    lesson=ID,
    points=6,
    parts=len(symbols.PLACES),
    title="the network filled with symbols",
    asks='place("fill_symbols", "hidden_1_output", ...), and so on',
    reference=lambda: dict(symbols.PLACES),
    slots=tuple(symbols.PLACES),
    tiles=TILES,
    hints=HINTS["fill_symbols"],
)
