"""How long it takes to judge an answer, and to say what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from course_lib import EXERCISES, check, random_network
from course_lib.checking.calling.by_kind import WHOLE, call_one
from course_lib.checking.calling.recording import record
from course_lib.checking.judging.places import places
from course_lib.exercises.kinds import FunctionExercise
from course_lib.exercises.walks import WALKS
from tests.bench.calls import diagnosed, judged_right
from tests.bench.measure import medians, table
from tests.mistakes_in_styles import MADE, source_with
from tests.notebook_cells import notebook
from tests.wholes import whole

LIMITS = {"right": 60, "wrong": 150, "pointed at": 400}  # milliseconds
TRAINING = """def training(weights, X, D, learning_rate, steps):
    W, V = (each.copy() for each in weights)
    losses = []
    for _ in range(steps):
        dW, dV, loss = np.zeros_like(W), np.zeros_like(V), 0.0
        for x, d in zip(X, D):
            y = S(x @ W)
            o = S(y @ V)
            delta = 2 * (o - d) * o
            dV += np.outer(y, delta)
            dW += np.outer(x, V @ delta * y * (1 - y))
            loss += np.sum((o - d) ** 2)
        losses.append(loss / len(X))
        W -= learning_rate * dW / len(X)
        V -= learning_rate * dV / len(X)
    return [W, V], np.array(losses)
"""


def report(quick: bool = False) -> str:
    """Lay out the medians for the exercises of the lessons and for a whole gradient."""
    rows = []
    for exercise in (*_functions(), whole(3, 4, 3)):
        times = medians({"right": judged_right(exercise), "wrong": diagnosed(exercise)}, quick)
        rows.append(
            (exercise.id, *(f"{times[kind] * 1e3:.1f} of {LIMITS[kind]}" for kind in ("right", "wrong")))
        )
    judging = table(
        "judging, in ms of the limit", rows, ("exercise", "right answer", "wrong answer, diagnosed")
    )
    return f"{judging}\n{_pointing(quick)}"


def _pointing(quick: bool) -> str:
    """Lay out what a check takes that points at a line, by the style of the answer; and one of a long training."""
    styles = {each.style: each for each in MADE}
    answers = {style: notebook(source_with(made))["backprop"] for style, made in styles.items()}
    calls = {style: partial(check, "backprop", answer) for style, answer in answers.items()}
    calls["training, 342 x 500"] = _long_training()
    times = medians(calls, quick)
    rows = [(name, f"{seconds * 1e3:.1f} of {LIMITS['pointed at']}") for name, seconds in times.items()]
    return table("checking and pointing at a line, in ms of the limit", rows, ("answer", "wrong answer"))


def _long_training() -> Callable[[], object]:
    """Return a call that reads a loop over 342 samples and 500 steps, as far as it is read."""
    answer = notebook(TRAINING)["training"]
    weights, X, D = random_network(np.random.default_rng(0), (4, 5, 3), 342)
    case = (weights, X, D, 0.1, 500)

    def read() -> object:
        recording = record(answer, lambda: call_one(EXERCISES["training"], answer, WHOLE, case))
        return places(recording, WALKS["training"], case, TRAINING)

    return read


def _functions() -> list[FunctionExercise]:
    return [e for e in EXERCISES.values() if isinstance(e, FunctionExercise) and e.mistakes]
