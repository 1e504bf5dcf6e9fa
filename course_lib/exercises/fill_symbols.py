"""The deck's "Fill up the network with symbols": every node and edge of the 2-2-1 network, for training pair n."""

from __future__ import annotations

from course_lib import symbols
from course_lib.exercises.kinds import DiagramExercise

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
    lesson="02_forward_pass",
    points=6,
    parts=len(symbols.PLACES),
    title="the network filled with symbols",
    asks='place("fill_symbols", "hidden_1_output", ...), and so on',
    reference=lambda: dict(symbols.PLACES),
    slots=tuple(symbols.PLACES),
    tiles=TILES,
    hints=(
        "Start at the left and walk along the edges. For each thing you meet ask: which layer is it in, and which "
        "node of that layer? An edge has two ends, so it needs two numbers.",
        "In w_ij the first index says where the edge starts and the second where it ends; the layers above it say the "
        "same. A node behind the first layer has two things: its net input, and the output that S makes of it.",
        "A sibling, in a 3-4-2 network: the edge from input 3 into hidden node 4 is w34^(0,1), what hidden node 4 "
        "collects for training pair n is net_n4^(0,1), and what it sends on is y_n4^(1).",
    ),
)
