"""The one exercise of lesson 00, a first answer, and its hints."""

import numpy as np

from course_lib.exercises.kinds import CASES, FunctionExercise, Lesson

ID = "00_start_here"


def _point(rng: np.random.Generator) -> tuple[float]:
    # Away from 0 and 2, where x^2, x and 2x meet.
    return (float(rng.uniform(0.3, 1.7) * rng.choice([-1.0, 1.0])),)


WARM_UP = FunctionExercise(
    id="warm_up",
    name="slope",
    lesson=ID,
    points=0,
    title="the derivative of x²",
    asks="slope(x) → float",
    draws=(_point,) * CASES,
    reference=lambda x: 2.0 * x,
    mistakes={
        "exponent_dropped": lambda x: [x],
        "value_for_slope": lambda x: [x * x],
        "exponent_kept": lambda x: [2.0 * x * x],
        "differentiated_twice": lambda x: [2.0],
        "integrated": lambda x: [x**3 / 3.0],
    },
    closes=frozenset({"numdiff"}),
    hints=(
        "Look at how fast x² grows, not at how large it is: at x = 0 the curve is flat.",
        "The power rule brings the exponent down as a factor and lowers it by one.",
        "A similar case: for x³ the exponent 3 comes down and 2 stays, so its derivative is 3x².",
    ),
)

LESSON = Lesson(
    id=ID,
    title="Start here",
    minutes=30,
    open=frozenset({"activations", "backprop", "network", "numdiff", "slopes"}),
    exercises=(WARM_UP,),
)
