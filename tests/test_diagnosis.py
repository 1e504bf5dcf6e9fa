"""Every mistake is named as itself, pairs are named both, right answers never, and nothing is invented."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from course_lib import EXERCISES, Outcome, judge
from course_lib.checking.judging.comparing import compare
from course_lib.exercises import Exercise, FunctionExercise
from course_lib.exercises.gradient_cases import central_gradients, draw_network
from course_lib.mistakes import MISTAKES, Line, flat
from tests.corpus import sampling
from tests.wholes import whole

pytestmark = pytest.mark.sampled

TIMES, CASES = 200 if sampling.WHOLE else 1, 3
WHOLES = (whole(3, 4, 3), whole(4, 3, 3), whole(2, 2, 1), whole(3, 4, 2, 3))


def remembering(exercise: Exercise) -> Exercise:
    """Return the same exercise; what its mistakes and its reference give on a case is worked out once."""

    def once(function):
        known = {}

        def remembered(*case):
            key = tuple(map(id, case))  # the cases live as long as the tests do
            if key not in known:
                known[key] = (function(*case), case)
            return known[key][0]

        return remembered

    mistakes = {name: once(function) for name, function in exercise.mistakes.items()}
    return dataclasses.replace(exercise, mistakes=mistakes, reference=once(exercise.reference))


SUBJECTS = {
    e.id: remembering(e)
    for e in (*EXERCISES.values(), *WHOLES)
    if e.mistakes and isinstance(e, FunctionExercise)
}
RATE = 0.37
SILENT = {"averaged_over_outputs", "one_output_only", "mean_over_outputs"}  # with one output
SILENT |= {
    "transposed_weight",
    "broadcast_targets",
    "updated_weight",
    "indices_exchanged",
}  # not square; several outputs; three layers; an error on some of the cases


@cache
def inputs(exercise_id: str) -> list[list[tuple]]:
    """Return TIMES sets of CASES inputs, drawn as the grader draws them."""
    exercise = SUBJECTS[exercise_id]
    key = "2-2-1" if exercise_id.startswith("dE_dw") and exercise_id != "dE_dw" else exercise_id
    if key != exercise_id and exercise_id != "dE_dw11_12":
        return inputs("dE_dw11_12")  # the six derivatives share their networks
    rng = np.random.default_rng(len(key))
    # An exercise that draws sorts of cases shows some of its mistakes on one sort only.
    drawn = [exercise.cases(rng) for _ in range(TIMES)]
    return [[case for case in cases if _answered(exercise, case)] for cases in drawn]


def _answered(exercise: Exercise, case: tuple) -> bool:
    """Whether there is one right answer: not where it has to refuse, nor where only its goal is checked."""
    return not (exercise.refuses and exercise.refuses(*case)) and exercise.reference(*case) is not None


def wrong_answers(exercise: Exercise, mistake_id: str, cases: list[tuple]) -> list[list]:
    """Return what the mistake gives on all cases, recipe by recipe, without those that are right here."""
    if mistake_id == "rate_inside":
        return [[scaled(exercise.reference(*case), 0.1) for case in cases]]
    found = []
    for recipe in zip(*(exercise.mistakes[mistake_id](*case) for case in cases), strict=False):
        values = [moved(value, RATE) if isinstance(value, Line) else value for value in recipe]
        truths = [exercise.reference(*case) for case in cases]
        if not all(np.isfinite(flat(value)).all() for value in values):
            continue  # a run that explodes
        if any(compare(value, true, exercise.tolerance) for value, true in zip(values, truths, strict=True)):
            found.append(values)
    return found


def scaled(value, factor: float):
    return [factor * v for v in value] if isinstance(value, list | tuple) else factor * value


def moved(line: Line, rate: float):
    if isinstance(line.base, list):
        return [b - rate * d for b, d in zip(line.base, line.direction, strict=True)]
    return line.base - rate * line.direction


def named(exercise: Exercise, cases: list[tuple], values: list) -> tuple[str, ...]:
    return judge(exercise, cases, [Outcome(value) for value in values]).diagnosis


@pytest.mark.parametrize("exercise_id", SUBJECTS)
def test_every_mistake_is_named_as_itself(exercise_id: str, figure: Callable[[str], None]) -> None:
    exercise, wrong, tried = SUBJECTS[exercise_id], Counter(), Counter()
    for cases in inputs(exercise_id):
        for mistake_id in exercise.mistakes:
            for values in wrong_answers(exercise, mistake_id, cases):
                tried[mistake_id] += 1
                diagnosis = named(exercise, cases, values)
                if set(diagnosis) != {mistake_id}:
                    wrong[mistake_id, diagnosis] += 1
    figure(
        f"{exercise_id}: {len(tried)} mistakes, {sum(tried.values())} answers, {sum(wrong.values())} misnamed"
    )
    assert not wrong
    assert min(tried.values()) >= TIMES
    stopping = {"index_from_zero"} if exercise_id == "dE_dw" else set()  # on some of its six weights, always
    assert set(exercise.mistakes) - set(tried) <= SILENT | stopping  # what no case of these sizes can show


@pytest.mark.parametrize(
    "exercise_id", [e for e in SUBJECTS if "no_factor_two" in SUBJECTS[e].mistakes and e != "training"]
)
def test_a_pair_is_named_both_and_never_wrongly(exercise_id: str, figure: Callable[[str], None]) -> None:
    exercise, outcomes = SUBJECTS[exercise_id], Counter()
    scales = [i for i in exercise.mistakes if MISTAKES[i].scale and i != "rate_inside"]
    terms = [i for i in exercise.mistakes if not MISTAKES[i].scale]
    for cases in inputs(exercise_id)[: max(1, TIMES // 10)]:
        for n, scale in enumerate(scales):
            ratios = [_first(exercise.mistakes[scale](*c)[0]) / _first(exercise.reference(*c)) for c in cases]
            if ratios[0] == pytest.approx(1.0):
                continue
            # In the sample each scale meets every eighth term.
            for term in terms if sampling.WHOLE else terms[n % 8 :: 8]:
                for values in wrong_answers(exercise, term, cases):
                    both = [scaled(value, ratio) for value, ratio in zip(values, ratios, strict=True)]
                    outcomes[_grade_of(exercise, cases, both, scale, term)] += 1
    total = sum(outcomes.values())
    figure(
        f"{exercise_id}: {total} pairs, {100 * outcomes['both'] / total:.2f} % named both, {dict(outcomes)}"
    )
    assert outcomes["wrong"] == 0
    assert outcomes["both"] >= (0.95 if sampling.WHOLE else 0.9) * total


def _first(value) -> float:
    return float(np.ravel(value[0] if isinstance(value, list) else value)[0])


def _grade_of(exercise: Exercise, cases: list, values: list, scale: str, term: str) -> str:
    diagnosis = set(named(exercise, cases, values))
    # The squared error without a 2 is still one: the 2 belongs to the derivative.
    if diagnosis in ({scale, term}, {"squared_error"} & {term}):
        return "both"
    # last_sample_only has a recipe that is N times the other: the pair with N is then that recipe itself.
    if diagnosis in ({term}, {scale}, set()) or (term == "last_sample_only" and term in diagnosis):
        return "part"
    return "wrong"


def test_two_scales_are_named_both() -> None:
    exercise = SUBJECTS["whole_3_4_3"]
    cases = inputs("whole_3_4_3")[0]
    values = [scaled(exercise.reference(*case), -0.5) for case in cases]
    assert set(named(exercise, cases, values)) == {"wrong_sign", "no_factor_two"}
    values = [scaled(exercise.reference(*case), -0.01) for case in cases]
    assert set(named(exercise, cases, values)) == {"wrong_sign", "rate_inside"}


def test_an_unknown_constant_is_said_and_not_named() -> None:
    exercise, cases = SUBJECTS["dE_dw11_01"], inputs("dE_dw11_01")[0]
    verdict = judge(exercise, cases, [Outcome(3.7 * exercise.reference(*case)) for case in cases])
    assert verdict.diagnosis == ()
    assert "3.7 times what it should be" in " ".join(str(verdict).split())


@pytest.mark.parametrize("exercise_id", SUBJECTS)
def test_no_diagnosis_is_invented(exercise_id: str, figure: Callable[[str], None]) -> None:
    exercise, rng = SUBJECTS[exercise_id], np.random.default_rng(7)
    kinds = (
        lambda value: _map(value, lambda v: v + rng.normal(size=np.shape(v))),
        lambda value: _map(value, lambda v: v * rng.uniform(0.5, 1.5, size=np.shape(v))),
        lambda value: _map(value, lambda v: v * rng.choice([1.0, 0.3], size=np.shape(v)) + 1e-3),
        lambda value: _map(value, lambda v: v * (1.0 + 1e-4 * rng.normal(size=np.shape(v)))),
    )
    named_at_all, count = Counter(), 0
    for cases in inputs(exercise_id)[:75]:
        for kind in kinds:
            count += 1
            values = [kind(exercise.reference(*case)) for case in cases]
            named_at_all[named(exercise, cases, values)] += 1
    figure(f"{exercise_id}: {count} wrong answers of no known kind, {count - named_at_all[()]} named")
    assert count == 4 * min(75, TIMES)
    assert set(named_at_all) == {()}


def _map(value, change):
    return [_map(v, change) for v in value] if isinstance(value, list | tuple) else change(value)


@pytest.mark.parametrize("exercise_id", ["dE_dw11_12", "dE_dw22_01", "whole_3_4_3"])
def test_a_measured_derivative_is_recognised_and_costs_nothing(exercise_id: str) -> None:
    exercise = SUBJECTS[exercise_id]

    def measured(case):
        def two_point(f, x, h=1e-6):
            return (f(x + h) - f(x - h)) / (2 * h)

        from course_lib import loss

        weights, X, D = case if exercise_id.startswith("whole") else ([case[0], case[1]], case[2], case[3])
        gradient = []
        for layer, W in enumerate(weights):
            entries = np.empty_like(W)
            for index in np.ndindex(W.shape):

                def f(w, layer=layer, index=index):
                    changed = [V.copy() for V in weights]
                    changed[layer][index] = w
                    return loss(changed, X, D)

                entries[index] = two_point(f, W[index])
            gradient.append(entries)
        if exercise_id.startswith("whole"):
            return gradient
        return gradient[1][0, 0] if exercise_id.endswith("12") else gradient[0][1, 1]

    for cases in inputs(exercise_id)[:50]:
        verdict = judge(exercise, cases, [Outcome(measured(case)) for case in cases])
        assert verdict.right
        assert verdict.points == exercise.points
        assert verdict.diagnosis == ("numerical_only",)
    assert "measured rather than derived" in " ".join(str(verdict).split())
    outcomes = [Outcome(measured(case)) for case in cases]
    refused = judge(exercise, cases, outcomes, numerical_only="zero")
    assert (refused.points, refused.right, refused.card.state) == (0.0, False, "wrong")
    assert refused.card.result == "right values, but measured rather than derived."
    derived = [Outcome(exercise.reference(*case)) for case in cases]
    assert judge(exercise, cases, derived, numerical_only="zero").points == exercise.points
    with pytest.raises(ValueError, match="numerical_only: expected 'flag' or 'zero'"):
        judge(exercise, cases, outcomes, numerical_only="ignore")


def test_an_answer_that_reads_the_notebook_is_told_which_name() -> None:
    from course_lib import check

    rng = np.random.default_rng(3)
    (W01, W12), X, D = draw_network(rng, (2, 2, 1), 3)
    source = (
        "def dE_dw11_12(W01, W12, X, D):\n"
        "    net, y = forward([W01, W12], X)\n"
        "    o = y[-1]\n"
        "    return np.mean(2 * (o - D) * o * (1 - o) * y1)\n"
    )
    from course_lib import forward

    space = {"np": np, "forward": forward, "W01": W01, "W12": W12, "X": X, "D": D}
    space["y1"] = forward([W01, W12], X).y[1][:, :1]
    exec(source, space)
    verdict = check("dE_dw11_12", space["dE_dw11_12"])
    assert verdict.diagnosis == ("uses_global",)
    assert "`y1` of the notebook" in " ".join(str(verdict).split())
    # Right answers may read the notebook: constants, for one.
    exec(source.replace("y1)", "y[1][:, :1]) * one"), space | {"one": 1.0}, space)
    space["one"] = 1.0
    assert check("dE_dw11_12", space["dE_dw11_12"]).right


def test_the_card_shows_the_central_difference_and_says_one_thing_to_look_at() -> None:
    exercise, cases = SUBJECTS["dE_dw12_01"], inputs("dE_dw12_01")[0]
    values = exercise.mistakes["activation_for_weight"]
    verdict = judge(exercise, cases, [Outcome(values(*case)[0]) for case in cases])
    text = " ".join(str(verdict).split())
    assert text.count("Look at ") == 1
    assert 40 <= len(text.split("input 1")[0].split()) <= 120
    central = central_gradients([cases[0][0], cases[0][1]], cases[0][2], cases[0][3])[0][0, 1]
    assert f"{central:.6g}".replace("-", "−") in text


@pytest.mark.parametrize("mistake_id", MISTAKES)
def test_every_card_text_is_short_and_plain(mistake_id: str) -> None:
    mistake = MISTAKES[mistake_id]
    assert 5 <= len(mistake.look.split()) <= 40
    assert 4 <= len(mistake.done.split()) <= 25
    assert not mistake.done.endswith(".")
    assert mistake.look.endswith((".", "?", ")"))
    assert " you " not in f" {mistake.done} "  # about the work, not the person
