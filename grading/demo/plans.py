"""What each student of a synthetic class hands in for lesson 03, and how it is to be found."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from course_lib.exercises import LESSONS, EssayExercise
from grading.demo import derivatives
from grading.demo.derivatives import MISTAKES, STYLES, WEIGHTS

LESSON = "03_identify_gradients"
ESSAY = "explain_w11_01"
SENTENCES = (
    "The weight w11^(0,1) only reaches the output through hidden node 1.",
    "Node 1 passes its output on through w11^(1,2), so the chain rule has to go through that weight.",
    "Every other path starts at another hidden node.",
    "If w11^(1,2) were 0, then changing w11^(0,1) would not change E at all.",
)
# What stands in the diagram for each factor, by the weight.
TILES = {"two": "2", "error": "o_n1 - d_n1", "slope_o": "S'(net_n1_12)"}
CHANGED_TILES: dict[str, dict[str, str | None]] = {
    "no_factor_two": {"two": None},
    "wrong_sign": {"error": "d_n1 - o_n1"},
    "no_output_slope": {"slope_o": None},
    "slope_is_one_minus": {"slope_o": "1 - o_n1"},
    "slope_is_sigmoid": {"slope_o": "o_n1"},
    "no_hidden_slope": {"slope_h": None},
    "no_weight": {"weight": None},
}
# Shares of a class; of each at least one, where there are students enough.
ODD = {"copied": 0.04, "mended": 0.03, "version": 0.02, "measured": 0.02, "looping": 0.01, "cut_short": 0.01}
FEWEST_COPIED = 7
RENAMED = {"y": "hid", "o": "out", "total": "acc", "net01": "first", "net12": "second", "values": "vals"}


@dataclass
class Plan:
    """One hand-in: the sources of its cells, how each answer is to be found, and what there is to look at.

    `damage` changes the notebook as a whole; `raw` cuts its bytes short.
    """

    student: str
    name: str
    cells: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    mistakes: dict[str, list[str]] = field(default_factory=dict)
    looks: dict[str, list[str]] = field(default_factory=dict)
    damage: Callable[[dict[str, Any]], None] = lambda notebook: None
    cut_short: bool = False

    def answer(self, exercise: str, source: str, state: str, mistake: str = "") -> None:
        """Answer an exercise, and note how it is to be found."""
        self.cells[exercise], self.states[exercise] = source, state
        self.mistakes.pop(exercise, None)
        if mistake:
            self.mistakes[exercise] = [mistake]

    @property
    def derived(self) -> list[str]:
        """The derivatives of single weights that are answered rightly."""
        return [name for name in WEIGHTS if self.states.get(f"dE_d{name}") == "right"]


def plans(students: list[tuple[str, str]], solved: dict[str, str], rng: random.Random) -> list[Plan]:
    """Return what a class hands in.

    Parameters
    ----------
    students
        Of each the id and the NAME.
    solved
        The sources of the solved cells, for what has no code of its own to vary.
    rng
        Where everything comes from.
    """
    made = [_honest(student, name, solved, rng) for student, name in students]
    left = list(range(len(made)))
    rng.shuffle(left)
    for kind, share in ODD.items():
        for _ in range(max(1, round(share * len(made)))):
            if len(left) > len(made) / 2:
                _KINDS[kind](made, left, rng)
    for plan in made:
        _without_diagrams(plan)
    return made


def _honest(student: str, name: str, solved: dict[str, str], rng: random.Random) -> Plan:
    plan = Plan(student, name)
    exercises = LESSONS[LESSON].exercises
    habits = rng.sample(sorted(MISTAKES), rng.choice((0, 0, 1, 1, 1, 2)))
    style, care = rng.choice(STYLES), rng.uniform(0.2, 0.9)
    end = len(exercises) if rng.random() < 0.8 else rng.randrange(3, len(exercises))
    for number, exercise in enumerate(exercises):
        if number >= end or rng.random() < 0.03:
            plan.states[exercise.id] = "unanswered"
            continue
        fits = [habit for habit in habits if _fits(habit, exercise.id)]
        mistake = rng.choice(fits) if fits and rng.random() > care else ""
        _answer(plan, exercise.id, mistake, style, solved, rng)
    return plan


def _fits(mistake: str, exercise: str) -> bool:
    """Tell whether a mistake can be made in an exercise, so that it can be told from every other there."""
    if exercise.startswith("factors_") and mistake not in CHANGED_TILES:
        return False
    if exercise == "one_chain":
        return mistake not in derivatives.NOT_IN_ONE_CHAIN | derivatives.ON_OUTPUT_SIDE
    if exercise == "dE_dw":
        return mistake != "last_sample_only"
    name = exercise.removeprefix("factors_").removeprefix("dE_d")
    if name not in WEIGHTS:
        return False
    hidden = WEIGHTS[name][0] == 0
    return mistake not in (derivatives.ON_OUTPUT_SIDE if hidden else derivatives.ON_HIDDEN_SIDE)


def _answer(
    plan: Plan, exercise: str, mistake: str, style: str, solved: dict[str, str], rng: random.Random
) -> None:
    state = "wrong" if mistake else "right"
    if exercise.startswith("factors_"):
        plan.answer(exercise, _diagram(exercise.removeprefix("factors_"), mistake, rng), state, mistake)
    elif exercise == "one_chain":
        plan.answer(exercise, derivatives.one_chain(mistake, rng), state, mistake)
    elif exercise == "dE_dw":
        plan.answer(exercise, derivatives.any_weight(mistake, rng), state, mistake)
    elif exercise.startswith("dE_d"):
        name = exercise.removeprefix("dE_d")
        plan.answer(exercise, derivatives.derivative(name, mistake, style, rng), state, mistake)
        if not mistake and rng.random() < 0.03:
            plan.answer(exercise, _breaking(exercise, rng), "wrong")
    elif exercise == "printed_formula":
        right = rng.random() < 0.6
        factor, instead = "y_n1", "w11_12" if right else rng.choice(("x_n1", "y_n2"))
        source = f'printed_formula = {{"factor": "{factor}", "instead": "{instead}"}}\n'
        plan.answer(exercise, source, "right" if right else "partly")
    elif exercise == ESSAY:
        sentences = rng.sample(SENTENCES, rng.randrange(2, 5))
        plan.answer(exercise, " ".join(sentences), "manual")
    else:
        plan.answer(exercise, solved[exercise], "right")


def _diagram(name: str, mistake: str, rng: random.Random) -> str:
    layer, i, j = WEIGHTS[name]
    tiles: dict[str, str | None] = dict(TILES)
    if layer == 0:
        tiles |= {"weight": f"w{j + 1}1_12", "slope_h": f"S'(net_n{j + 1}_01)", "input": f"x_n{i + 1}"}
    else:
        tiles["input"] = f"y_n{i + 1}"
    tiles |= CHANGED_TILES[mistake] if mistake else {}
    chosen = [tile for tile in tiles.values() if tile]
    rng.shuffle(chosen)
    lines = [f'place("factors_{name}", "factor_{n}", "{tile}")' for n, tile in enumerate(chosen, 1)]
    return "\n".join([*lines, f'diagram("factors_{name}")'])


def _breaking(exercise: str, rng: random.Random) -> str:
    ends = rng.choice(
        ("    return delta_of_the_output\n", "    raise ValueError('shapes')\n", "    y = W01 @ W12 @ X\n")
    )
    return f"def {exercise}(W01, W12, X, D):\n{ends}"


def _copied(made: list[Plan], left: list[int], rng: random.Random) -> None:
    """Let one hand in what another did, with names and layout changed; every other one keeps the NAME too."""
    willing = [number for number in left if _functions(made[number]) >= FEWEST_COPIED]
    if len(willing) < 2:
        return
    original, number = willing[0], willing[1]
    for used in (original, number):
        left.remove(used)
    source, plan = made[original], made[number]
    plan.cells = {name: _renamed(name, text) for name, text in source.cells.items()}
    plan.states, plan.mistakes = dict(source.states), {k: list(v) for k, v in source.mistakes.items()}
    if rng.random() < 0.5 or not any("name_shared" in one.looks for one in made):
        plan.name = source.name
        source.looks["name_shared"], plan.looks["name_shared"] = [plan.student], [source.student]
    source.looks["alike"], plan.looks["alike"] = [plan.student], [source.student]


def _functions(plan: Plan) -> int:
    return sum("def " in source for source in plan.cells.values())


def _renamed(exercise: str, source: str) -> str:
    if not source.startswith("def "):
        return source
    for old, new in RENAMED.items():
        source = re.sub(rf"\b{old}\b", new, source)
    head, _, body = source.partition("\n")
    return f"{head}\n    # {exercise}\n{body}"


def _mended(made: list[Plan], left: list[int], rng: random.Random) -> None:
    plan, gone = made[left.pop()], rng.choice(sorted(WEIGHTS))

    def damage(notebook: dict[str, Any]) -> None:
        cells = notebook["cells"]
        cells[:] = [
            c for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") != f"dE_d{gone}_check"
        ]

    plan.damage, plan.looks["mended"] = damage, []


def _version(made: list[Plan], left: list[int], rng: random.Random) -> None:
    plan, name = made[left.pop()], rng.choice(sorted(WEIGHTS))

    def damage(notebook: dict[str, Any]) -> None:
        marks = notebook["metadata"]["backprop_course"]["exercises"]
        marks[f"dE_d{name}"] = (
            "1 " + marks[f"dE_d{name}"].split(" ")[-1]
        )  # it was worth another number of points

    plan.damage, plan.looks["version"] = damage, []


def _measured(made: list[Plan], left: list[int], rng: random.Random) -> None:
    plan = made[left.pop()]
    for name in rng.sample(plan.derived, min(2, len(plan.derived))):
        plan.answer(f"dE_d{name}", derivatives.measured(name, rng), "right", "numerical_only")
        plan.looks.setdefault("measured", []).append(f"dE_d{name}")


def _looping(made: list[Plan], left: list[int], rng: random.Random) -> None:
    plan = made[left.pop()]
    for name in plan.derived[:1]:
        head = f"def dE_d{name}(W01, W12, X, D):\n"
        plan.answer(f"dE_d{name}", f"{head}    while True:\n        pass\n", "wrong")
        plan.looks["timed_out"] = [f"dE_d{name}"]


def _cut_short(made: list[Plan], left: list[int], rng: random.Random) -> None:
    plan = made[left.pop()]
    plan.cut_short, plan.mistakes = True, {}
    exercises = LESSONS[LESSON].exercises
    plan.states = {exercise.id: "manual" for exercise in exercises}
    plan.looks["zero_for_form"] = [e.id for e in exercises if e.points and not isinstance(e, EssayExercise)]


def _without_diagrams(plan: Plan) -> None:
    """Let the diagrams wait where none is answered: without outputs no notebook shows that they were left empty."""
    diagrams = [name for name in plan.states if name.startswith("factors_")]
    if all(plan.states[name] == "unanswered" for name in diagrams):
        earned = any(plan.states[e.id] in ("right", "partly") for e in LESSONS[LESSON].exercises if e.points)
        plan.states |= dict.fromkeys(diagrams, "manual")
        plan.looks["waiting" if earned else "zero_for_form"] = diagrams


_KINDS = {
    "copied": _copied,
    "mended": _mended,
    "version": _version,
    "measured": _measured,
    "looping": _looping,
    "cut_short": _cut_short,
}
