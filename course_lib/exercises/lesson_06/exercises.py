"""The exercises of lesson 06."""

from functools import partial

from course_lib.exercises.gradient_cases import central_gradients, networks, true_gradients
from course_lib.exercises.kinds import DataExercise, FunctionExercise, Lesson, MendExercise, no_inputs
from course_lib.exercises.lesson_06 import patients
from course_lib.exercises.lesson_06.blind_spot import verify_blind_spot
from course_lib.exercises.lesson_06.clinics import PATIENTS
from course_lib.exercises.lesson_06.famous_example import verify_famous_bug
from course_lib.exercises.lesson_06.hints import HINTS
from course_lib.exercises.lesson_06.lower_loss import verify_lower_loss
from course_lib.exercises.lesson_06.showing import verify_clinic

ID = "06_bug_clinic"
# What is not there while the lesson is graded is closed in its checks too; a mended gradient is not measured.
CLOSES = frozenset({"activations", "backprop", "descent", "network", "numdiff", "slopes", "symbols"})
# As in lesson 04: all sizes different, so that a sum over the wrong letter shows; and once J = K.
SIZES = {2: ((2, 4, 3), (4, 2, 5), (2, 3, 3)), 3: ((2, 4, 3, 5), (4, 2, 5, 3), (2, 3, 3, 4))}
NETWORKS = networks(*SIZES[2])
# How many nodes of its tree may be changed for each mistake in a patient; the notebook states it.
MOST_CHANGES = 6


def _clinic(name: str) -> MendExercise:
    patient = PATIENTS[name]
    return MendExercise(
        id=name,
        lesson=ID,
        points=2,
        parts=2,
        title=name.replace("_", " "),
        asks=f'{name} = {{"mistakes": {{...}}, "shows": (weights, X, D), "mended": function}}',
        draws=networks(*SIZES[patient.layers], activation=patient.activation),
        reference=partial(true_gradients, activation=patient.activation),
        shown=partial(central_gradients, activation=patient.activation),
        verify=partial(verify_clinic, name),
        functions=("mended",),
        pieces=tuple(f"dW{layer}{layer + 1}" for layer in range(patient.layers)),
        closes=CLOSES,
        hints=HINTS[name],
        patient=patients.source_of(name.replace("clinic", "broken")),
        tools=patients.tools(),
        most=MOST_CHANGES * len(patient.mistakes),
    )


FAMOUS_BUG = DataExercise(
    id="famous_bug",
    lesson=ID,
    points=3,
    title="the famous example and its bug",
    asks='famous_bug = {"wrong": {three names}, "mistake": an id}',
    draws=(no_inputs,),
    verify=verify_famous_bug,
    hints=HINTS["famous_bug"],
)
LOWER_LOSS = DataExercise(
    id="lower_loss",
    lesson=ID,
    points=2,
    title="a mistake that ends lower",
    asks="lower_loss = an id",
    draws=(no_inputs,),
    verify=verify_lower_loss,
    hints=HINTS["lower_loss"],
)
BLIND_SPOT = FunctionExercise(
    id="blind_spot",
    lesson=ID,
    points=3,
    title="a blind spot",
    asks="blind_spot() → (weights, X, D)",
    draws=(no_inputs,),
    verify=verify_blind_spot,
    closes=CLOSES,
    hints=HINTS["blind_spot"],
)

LESSON = Lesson(
    id=ID,
    title="Bug clinic",
    minutes=150,
    open=frozenset({"numdiff"}),
    exercises=(*map(_clinic, PATIENTS), FAMOUS_BUG, LOWER_LOSS, BLIND_SPOT),
)
