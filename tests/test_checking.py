"""Calling, comparing, judging, showing: what `check` says, and that nothing an answer does gets past it."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import time
import warnings

import numpy as np
import pytest

import course_lib
from course_lib import EXERCISES, Outcome, Verdict, check, forward, gradients, hint, judge, summary
from course_lib.checking.calling import call
from course_lib.checking.calling.call import same_numbers
from course_lib.checking.student.kernel import CheckFailedError, public_cases

EARLIER_HANDLER = logging.StreamHandler(sys.stderr)


def right(W01, W12, X, D):
    _, y = forward([W01, W12], X)
    o = y[-1]
    return np.mean(2 * (o - D) * o * (1 - o) * y[1][:, :1])


def spoiled(before=lambda *arguments: None, after=lambda value: value):
    """Return the right answer to dE_dw11_12 that does `before` first and `after` last."""

    def answer(*arguments):
        before(*arguments)
        return after(right(*arguments))

    return answer


def raises(error):
    def before(*arguments):
        raise error

    return before


def words(answer) -> str:
    return " ".join(str(check("dE_dw11_12", answer)).split())


def test_a_right_answer_gets_exactly_its_points() -> None:
    verdict = check("dE_dw11_12", right)
    assert (verdict.points, verdict.max_points, verdict.right, verdict.diagnosis) == (2.0, 2.0, True, ())
    assert repr(verdict) == "2.0"
    assert "2 of 2 points" in str(verdict)


@pytest.mark.parametrize(
    "written", [float, lambda v: np.array([[v]]), lambda v: np.float32(v).astype(float) * 0 + v]
)
def test_a_number_in_another_wrapping_is_still_right(written) -> None:
    assert check("dE_dw11_12", spoiled(after=written)).right


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (lambda v: None, "is a `return` missing"),
        (lambda v: "0.1", "expected one number, got a str"),
        (lambda v: v + 0j, "expected one number"),
        (lambda v: bool(v), "expected one number, got a bool"),
        (lambda v: [[1.0], [2.0, 3.0]], "expected one number"),
        (lambda v: {"a": 1}, "expected one number, got a dict"),
        (lambda v: np.full(3, v), "got shape (3,)"),
        (lambda v: np.nan, "expected finite numbers, got nan"),
        (lambda v: -np.inf, "expected finite numbers, got -inf"),
        (lambda v: v * 1.001, "finite difference"),
    ],
)
def test_a_wrong_answer_is_told_what_is_wrong_with_it(after, said) -> None:
    verdict = check("dE_dw11_12", spoiled(after=after))
    assert (verdict.points, verdict.right, repr(verdict)) == (0.0, False, "0.0")
    assert said.lower() in words(spoiled(after=after)).lower()


@pytest.mark.parametrize("share", [1e-3, 1e-4, 1e-5])
def test_a_small_error_is_not_taken_for_rounding(share: float) -> None:
    assert not check("dE_dw11_12", spoiled(after=lambda v: v * (1 + share))).right
    assert not check("dE_dw11_12", spoiled(after=lambda v: v * (1 - share))).right


def test_the_card_shows_both_values_the_error_and_where_it_is_small_the_tolerance() -> None:
    case = public_cases(EXERCISES["dE_dw11_12"])[0]
    true = right(*case)
    said = words(spoiled(after=lambda v: 1.25 * v)).replace("−", "-")
    assert f"{1.25 * true:.6g}" in said
    assert f"{true:.6g}" in said
    assert "1.25 times what it should be" in said
    allowed = f"up to {1.01e-6 * abs(true):.1e} counts as rounding".replace("e-0", "e-")
    assert allowed not in said
    assert allowed in words(spoiled(after=lambda v: 1.00001 * v)).replace("−", "-")


class OwnError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("even its text breaks")


@pytest.mark.parametrize(
    "error",
    [ValueError("oh"), SystemExit(3), KeyboardInterrupt(), OwnError(), GeneratorExit(), RecursionError()],
)
def test_whatever_an_answer_raises_costs_only_that_answer(error) -> None:
    verdict = check("dE_dw11_12", spoiled(raises(error)))
    assert verdict.points == 0.0
    assert type(error).__name__ in str(verdict)


def test_a_stub_is_not_answered_yet_and_a_constant_is_no_function() -> None:
    assert "not answered yet" in words(spoiled(raises(NotImplementedError())))
    assert "not answered yet" in words(None)
    assert "not answered yet" in words(...)
    assert "is not a function: it is 3" in words(3)


@pytest.mark.parametrize(
    ("limit", "act"), [("SECONDS", lambda: sum(range(1000))), ("WALL_SECONDS", lambda: time.sleep(0.01))]
)
def test_an_endless_loop_is_stopped(limit, act, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call, limit, 0.2)

    def forever(*arguments):
        while True:
            with contextlib.suppress(Exception):
                act()

    started = time.monotonic()
    assert "it was stopped" in words(forever)
    assert time.monotonic() - started < 3
    assert check("dE_dw11_12", right).right  # the alarm is off again


def test_nothing_reaches_the_cell_whatever_is_printed(capfd: pytest.CaptureFixture) -> None:
    def noise(*arguments):
        print("to stdout")
        print("to stderr", file=sys.stderr)
        os.write(2, b"raw")
        warnings.warn("a warning", stacklevel=2)
        EARLIER_HANDLER.emit(logging.makeLogRecord({"msg": "logged"}))
        os.system("echo from a child >&2")
        np.array([1.0]) / np.array([0.0])

    verdict = check("dE_dw11_12", spoiled(noise))
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")
    assert verdict.points == 2.0
    assert "to stdout" in str(verdict)
    assert "UserWarning: a warning" in str(verdict)
    print("still works")
    assert capfd.readouterr().out == "still works\n"


def test_a_flood_of_output_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    def flood(*arguments):
        for _ in range(2000):
            print("x" * 1000)

    assert len(call.call(spoiled(flood), public_cases(EXERCISES["dE_dw11_12"])[0]).printed) <= 2000


def test_a_warning_costs_only_where_none_is_allowed() -> None:
    import dataclasses

    exercise, cases = EXERCISES["dE_dw11_12"], public_cases(EXERCISES["dE_dw11_12"])
    outcomes = [Outcome(right(*case), warnings=("RuntimeWarning: overflow",)) for case in cases]
    assert judge(exercise, cases, outcomes).points == 2.0
    strict = judge(dataclasses.replace(exercise, warning_free=True), cases, outcomes)
    assert strict.points == 0.0
    assert "RuntimeWarning: overflow" in str(strict)


def test_an_answer_that_changes_its_arguments_is_wrong_and_named() -> None:
    def change(W01, W12, X, D):
        W12 *= 2

    verdict = check("dE_dw11_12", spoiled(after=lambda v: v))
    assert verdict.right

    def answer(W01, W12, X, D):
        value = right(W01, W12, X, D)
        change(W01, W12, X, D)
        return value

    verdict = check("dE_dw11_12", answer)
    assert verdict.points == 0.0
    assert verdict.diagnosis == ("mutates_input",)


@pytest.mark.parametrize("name", ["gradients", "numerical_gradients", "complex_step_gradients", "train"])
def test_what_the_exercise_closes_is_closed(name: str) -> None:
    function = getattr(course_lib, name)

    def answer(W01, W12, X, D):
        if name == "train":
            return function([W01, W12], X, D, 0.1, 1)
        if name == "gradients":
            return function([W01, W12], X, D)[1][0, 0]
        return function(lambda w: course_lib.loss(w, X, D), [W01, W12])[1][0, 0]

    verdict = check("dE_dw11_12", answer)
    assert verdict.points == 0.0
    assert "is closed while this answer is checked" in " ".join(str(verdict).split())
    assert gradients([np.ones((1, 1))], np.ones((1, 1)), np.ones((1, 1)))  # and open again


def test_numpys_error_handling_is_given_back() -> None:
    before = np.geterr()
    check("dE_dw11_12", spoiled(lambda *arguments: np.seterr(all="raise")))
    assert np.geterr() == before


def test_an_object_with_a_life_of_its_own_is_wrong_not_fatal() -> None:
    class Evil(dict):
        def get(self, *words):
            raise RuntimeError("no")

        __getitem__ = __contains__ = get

    class Equal(float):
        def __eq__(self, other):
            return True

        def __hash__(self):
            return 0

        def __float__(self):
            raise RuntimeError("no")

    assert check("number_by_hand", Evil(w11_12=1.0)).points == 0.0
    assert check("dE_dw11_12", lambda *arguments: Equal(5.0)).points == 0.0


def six(name: str = "self-study") -> dict[str, float]:
    return EXERCISES["number_by_hand"].reference(name)


def test_six_numbers_score_half_a_point_each() -> None:
    assert check("number_by_hand", six()).points == 3.0
    numbers = six()
    numbers["w11_01"] *= 1.001
    numbers["w12_01"] = None
    verdict = check("number_by_hand", numbers)
    assert (verdict.points, repr(verdict), verdict.right) == (2.0, "2.0", False)
    assert "4 of 6 parts right" in str(verdict)
    assert check("number_by_hand", {key: round(value, 6) for key, value in six().items()}).right


def test_the_card_of_the_six_numbers_gives_none_away() -> None:
    true = six()
    page = check("number_by_hand", dict.fromkeys(true, 1.0))._repr_html_()
    assert not any(
        f"{value:.3g}".lstrip("-") in page or f"{1 / value:.3g}".lstrip("-") in page
        for value in true.values()
    )


def test_the_six_numbers_follow_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["__main__"], "NAME", "Ada", raising=False)
    assert check("number_by_hand", six("Ada")).right
    assert check("number_by_hand", six()).points < 3.0


@pytest.mark.parametrize("answer", [[1.0], "w", 5, {"w11_12": "x"}, {}, {1: 2}, {"w11_12": np.ones(3)}])
def test_a_form_that_is_not_asked_for_scores_nothing(answer) -> None:
    assert check("number_by_hand", answer).points == 0.0
    assert check("printed_formula", answer).points == 0.0


@pytest.mark.parametrize(
    ("factor", "instead", "points"),
    [
        ("y_n1", "w11_12", 3.0),
        (" y_n1 ", "w11_12", 3.0),
        ("y_n1", "w21_12", 1.5),
        ("y_n1", None, 1.5),
        ("y_n1", "y_n1", 0.0),  # a constant answer
        ("w11_12", "w11_12", 0.0),
        ("x_n1", "w11_12", 0.0),
        (["y_n1"], "w11_12", 0.0),
    ],
)
def test_the_printed_formula(factor, instead, points: float) -> None:
    assert check("printed_formula", {"factor": factor, "instead": instead}).points == points


def test_judge_is_pure_and_wants_an_outcome_for_every_case() -> None:
    exercise = EXERCISES["dE_dw11_12"]
    cases = public_cases(exercise)
    outcomes = [Outcome(right(*case)) for case in cases]
    assert judge(exercise, cases, outcomes) == judge(exercise, cases, outcomes)
    with pytest.raises(ValueError, match="expected one for each of 3 cases, got 2"):
        judge(exercise, cases, outcomes[:2])


@pytest.mark.parametrize("points", [7.0, -1.0, 2])
def test_the_number_nbgrader_reads_is_a_plain_float_in_range(points: float) -> None:
    value = repr(Verdict("dE_dw11_12", points, 2.0, False))
    assert 0.0 <= float(value) <= 2.0
    assert value == repr(float(value))


@pytest.mark.parametrize(
    ("wrong", "error"), [("dE_dw11", ValueError), ("", ValueError), (3, TypeError), (None, TypeError)]
)
@pytest.mark.parametrize("function", [lambda i: check(i, right), hint])
def test_an_unknown_exercise_is_named(function, wrong, error) -> None:
    with pytest.raises(error, match="exercise_id"):
        function(wrong)


@pytest.mark.parametrize(
    ("step", "error"),
    [(0, ValueError), ("1", TypeError), (1.5, TypeError), (True, TypeError)],
)
def test_a_step_of_a_hint_is_a_number_from_1(step, error) -> None:
    with pytest.raises(error, match="step"):
        hint("dE_dw11_01", step)


def test_a_right_answer_that_waits_for_the_processor_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call, "SECONDS", 0.1)

    def slow(*arguments):
        time.sleep(0.15)
        return right(*arguments)

    assert check("dE_dw11_12", slow).right


def test_beyond_the_last_hint_there_is_the_last_one() -> None:
    assert repr(hint("dE_dw11_12", 4)) == repr(hint("dE_dw11_12", 3))
    assert "This is the last hint." in repr(hint("dE_dw11_12", 3))


@pytest.mark.parametrize("exercise_id", EXERCISES)
def test_every_exercise_has_three_different_hints(exercise_id: str) -> None:
    shown = [repr(hint(exercise_id, step)) for step in (1, 2, 3)]
    assert len(set(shown)) == 3
    assert all(40 < len(text) < 600 for text in shown)


def test_validate_raises_the_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    assert check("dE_dw11_12", right).right
    with pytest.raises(CheckFailedError) as caught:
        check("dE_dw11_12", spoiled(after=lambda v: 2 * v))
    lines = caught.value._render_traceback_()
    assert max(map(len, lines)) <= 80
    assert "finite difference" in "\n".join(lines)


def test_the_summary_lists_what_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    main = sys.modules["__main__"]
    monkeypatch.setattr("course_lib.checking.student.cells.CHECKED", {})
    monkeypatch.setattr(main, "dE_dw11_12", right, raising=False)
    monkeypatch.setattr(main, "printed_formula", {"factor": "y_n1", "instead": None}, raising=False)
    said = repr(summary())
    assert "(3.5 of " in said.splitlines()[0]
    assert "Still open: one_chain, number_by_hand, factors_w11_12" in said
    assert "explain_w11_01" in said
    assert summary()._repr_html_().startswith("<section")


def test_the_card_is_safe_html() -> None:
    def answer(*arguments):
        raise ValueError("<script>alert(1)</script>")

    page = check("dE_dw11_12", answer)._repr_html_()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    page = check("printed_formula", {"factor": "<img src=x>", "instead": "<b>"})._repr_html_()
    assert "<img" not in page
    assert "<b>" not in page


@pytest.mark.parametrize(
    ("moved", "same"),
    [(1.0, True), (1.0 + 2e-16, True), (1.0 + 1e-9, False), (np.nan, False), (-1.0, False)],
)
def test_an_argument_that_was_moved_back_is_untouched_but_for_rounding(moved, same):
    before = np.array([[0.3, -1.7], [2.0, 0.0]])
    assert same_numbers(before * moved, before) is same
    assert not same_numbers(before[:1], before)


@pytest.mark.parametrize("odd", [np.nan, np.inf])
def test_an_argument_that_is_not_finite_is_untouched_if_nobody_touched_it(odd):
    before = np.array([0.3, odd])
    assert same_numbers(before.copy(), before)
    assert not same_numbers(np.array([0.4, odd]), before)


def test_a_check_that_moves_the_weights_in_place_and_back_changes_nothing():
    def restored(weights, X, D):
        for W in weights:
            for index in np.ndindex(W.shape):
                W[index] += 0.1
                W[index] -= 0.2
                W[index] += 0.1
        return gradients(weights, X, D)

    rng = np.random.default_rng(5)
    case = EXERCISES["backprop"].draw(rng)
    changed = [W.copy() for W in case[0]]
    restored(changed, *case[1:])
    assert any((W != V).any() for W, V in zip(changed, case[0], strict=True))  # the last bit does differ
    assert not call.call(restored, case).mutated
    assert call.call(lambda weights, X, D: weights[0].__imul__(1.001), case).mutated
