"""The steps of a sweep, in its order: what each computes, where in the picture, and what is said of it."""

from dataclasses import dataclass
from enum import IntEnum


class At(IntEnum):
    """How far a sweep has come."""

    START = 0
    HIDDEN = 1
    OUTPUTS = 2
    ERROR = 3
    ERROR_BY_OUTPUT = 4
    OUTPUT_DELTA = 5
    GRADIENT_W12 = 6
    BACK_THROUGH_W12 = 7
    HIDDEN_DELTA = 8
    GRADIENT_W01 = 9
    UPDATE = 10


@dataclass(frozen=True)
class Step:
    """One step: its phase, its name, one sentence.

    `lines` are those that enter this layer (3: the targets and E), `nodes` the layers it is about; `flows` says
    whether something runs along the lines.
    """

    phase: str
    name: str
    says: str
    lines: int = 0
    nodes: tuple[int, ...] = ()
    flows: bool = True


STEPS = {
    At.START: Step(
        "", "", "Given are the inputs, the weights and the targets. All else is computed from them."
    ),
    At.HIDDEN: Step(
        "forward", "hidden nodes", "each adds up what enters it, and S makes its output of that.", 1, (1,)
    ),
    At.OUTPUTS: Step("forward", "outputs", "the same again, one layer on. These are the answers.", 2, (2,)),
    At.ERROR: Step(
        "forward", "error", "each answer is compared with its target; the squares make up E.", 3, (3, 4)
    ),
    At.ERROR_BY_OUTPUT: Step(
        "backward", "E by the outputs", "now we turn round. How does E move with each answer?", 3, (2, 4)
    ),
    At.OUTPUT_DELTA: Step(
        "backward",
        "deltas of the outputs",
        "times the slope of S. Here the first deltas arise.",
        0,
        (2,),
        False,
    ),
    At.GRADIENT_W12: Step(
        "backward",
        "gradient of W(1,2)",
        "on every line, what entered it times the delta at its end.",
        2,
        (),
        False,
    ),
    At.BACK_THROUGH_W12: Step(
        "backward",
        "back through W(1,2)",
        "each delta flows back, times the weight on its line. Where paths meet, they are added.",
        2,
        (1,),
    ),
    At.HIDDEN_DELTA: Step(
        "backward",
        "deltas of the hidden nodes",
        "times the slope of S again, and they are there.",
        0,
        (1,),
        False,
    ),
    At.GRADIENT_W01: Step(
        "backward",
        "gradient of W(0,1)",
        "again, what entered the line times the delta at its end.",
        1,
        (),
        False,
    ),
    At.UPDATE: Step("update", "all weights at once", "each moves against its derivative.", 0, (), False),
}
