"""Lesson 01: its exercises tell right from wrong, its formulas are its code, its notebook runs."""

from __future__ import annotations

import numpy as np
import pytest

from course_lib import check, gradient_descent, numerical_gradient, numerical_hessian
from course_lib.exercises.lesson_01 import functions
from course_lib.exercises.lesson_01.exercises import ARROWS, POINT
from course_lib.exercises.lesson_01.stationary_points import verify_classify
from tests import lessons
from tests.formulas.lesson_01 import X2
from tests.lessons import assert_empty, assert_right, assert_wrong, names_of

pytestmark = pytest.mark.sampled
LESSON = "01_gradient_descent"


def gradient(x):
    return functions.surface_gradient(x)


def hessian(x):
    return functions.surface_hessian(x)


def one_by_one(x):
    a, b, c = map(float, x)
    return [2 * a * b, a * a + c * np.cos(b * c), b * np.cos(b * c)]


def product_rule_forgotten(x):
    H = hessian(x)
    H[1, 2] = H[2, 1] = np.cos(x[1] * x[2])
    return H


def home_made_hessian(x, h=1e-30):
    rows = []
    for i in range(3):
        z = np.array(x, dtype=complex)
        z[i] += 1j * h
        a, b, c = z
        rows.append(np.array([2 * a * b, a**2 + c * np.cos(b * c), b * np.cos(b * c)]).imag / h)
    return np.array(rows).T


def walk(gradient, x0, learning_rate, steps, sign=-1.0, first=0, unit=False):
    path = [np.array(x0, dtype=float)]
    for _ in range(steps):
        g = gradient(path[-1])
        path.append(path[-1] + sign * learning_rate * (g / np.linalg.norm(g) if unit else g))
    return np.array(path[first:])


def filled(gradient, x0, learning_rate, steps):
    path = np.empty((steps + 1, len(x0)))
    path[0] = x0
    for t in range(steps):
        path[t + 1] = path[t] - learning_rate * np.asarray(gradient(path[t]))
    return path


def recursive(gradient, x0, learning_rate, steps):
    if not steps:
        return [list(x0)]
    rest = recursive(gradient, np.subtract(x0, learning_rate * gradient(x0)), learning_rate, steps - 1)
    return [list(x0), *rest]


def spoils_its_start(gradient, x0, learning_rate, steps):
    path = [x0.copy()]
    for _ in range(steps):
        x0 -= learning_rate * gradient(x0)
        path.append(x0.copy())
    return np.array(path)


def same_row_again(gradient, x0, learning_rate, steps):
    x, path = x0.copy(), []
    for _ in range(steps + 1):
        path.append(x)
        x -= learning_rate * gradient(x)
    return np.array(path)


def kind(hessian, zero=1e-9, zeros_first=False, solve=np.linalg.eigvalsh):
    values = np.real(solve(hessian))
    limit = zero * max(abs(values))
    signs = {0 if abs(v) <= limit else int(np.sign(v)) for v in values}
    if zeros_first and 0 in signs:
        return "undecided"
    if {1, -1} <= signs:
        return "saddle"
    return "undecided" if 0 in signs else "minimum" if 1 in signs else "maximum"


def kind_by_inertia(hessian):
    values = sorted(np.linalg.svd(hessian)[1])
    if values[0] <= 1e-9 * values[-1]:
        return kind(hessian)
    up = all(v > 0 for v in np.linalg.eigvals(hessian).real)
    down = all(v < 0 for v in np.linalg.eigvals(hessian).real)
    return "minimum" if up else "maximum" if down else "saddle"


def kind_by_diagonal(hessian):
    d = np.diag(hessian)
    return "minimum" if (d > 0).all() else "maximum" if (d < 0).all() else "saddle"


def kind_by_determinant(hessian):
    det = np.linalg.det(hessian)
    return "undecided" if abs(det) < 1e-12 else "saddle" if det < 0 else "minimum"


def kind_by_fixed_zero(hessian):
    values = np.linalg.eigvalsh(hessian)
    return "undecided" if (abs(values) < 1e-9).any() and values.min() > -1e-9 else kind(hessian)


RIGHT = {
    "gradient_by_hand": [gradient, one_by_one, lambda x: tuple(one_by_one(x))],
    "hessian_by_hand": [hessian, lambda x: hessian(x).tolist(), lambda x: home_made_hessian(x).T],
    "downhill": [
        {"arrow": "f", "slope": -np.sqrt(40)},
        {"arrow": " f ", "slope": np.array([-6.3246])},
        {"slope": -6.3245553, "arrow": "f"},
    ],
    "descend": [walk, filled, recursive],
    "largest_stable_rate": [
        lambda H: 2 / np.linalg.eigvalsh(H)[-1],
        lambda H: 2 / np.linalg.norm(H, 2),
        lambda H: 2 * min(1 / np.linalg.eigvals(H).real),
    ],
    "classify": [kind, kind_by_inertia, lambda H: kind(H, solve=np.linalg.eigvals)],
    "two_basins": [
        lambda: ((-1, -1), (1, 1)),
        lambda: np.array([[1.5, 0.0], [-0.5, -2.0]]),
        lambda: [[0.9, 1.0], np.zeros(2)],
    ],
}
WRONG = {
    "gradient_by_hand": [
        lambda x: -gradient(x),
        lambda x: gradient(x)[::-1],
        lambda x: gradient(x)[:2],
        lambda x: gradient(x) / np.linalg.norm(gradient(x)),
        lambda x: [2 * x[0] * x[1], x[0] ** 2 + np.cos(x[1] * x[2]), np.cos(x[1] * x[2])],
        lambda x: [2 * x[0] * x[1], x[2] * np.cos(x[1] * x[2]), x[1] * np.cos(x[1] * x[2])],
        lambda x: numerical_gradient(functions.surface, x),
        lambda x: gradient([1.0, 2.0, 0.5]),
        lambda x: functions.surface(x),
    ],
    "hessian_by_hand": [
        product_rule_forgotten,
        lambda x: np.diag(np.diag(hessian(x))),
        lambda x: np.triu(hessian(x)),
        lambda x: np.outer(gradient(x), gradient(x)),
        lambda x: -hessian(x),
        lambda x: gradient(x),
        lambda x: hessian(x) * [1, -1, -1],
        lambda x: numerical_hessian(functions.surface, x),
    ],
    "descend": [
        lambda *case: walk(*case, sign=1.0),
        lambda *case: walk(*case, first=1),
        lambda *case: walk(*case)[-1],
        lambda *case: walk(*case)[:-1],
        lambda *case: walk(*case).T,
        lambda *case: walk(*case, unit=True),
        lambda g, x, rate, steps: walk(g, x, 0.1, steps),
        lambda g, x, rate, steps: [x - t * rate * g(x) for t in range(steps + 1)],
        spoils_its_start,
        same_row_again,
        gradient_descent,
    ],
    "largest_stable_rate": [
        lambda H: 1 / np.linalg.eigvalsh(H).max(),
        lambda H: 2 / np.linalg.eigvalsh(H).min(),
        lambda H: 2 / np.diag(H).max(),
        lambda H: 2 / np.trace(H),
        lambda H: 2 / np.linalg.norm(H),
        lambda H: np.linalg.eigvalsh(H).max() / 2,
        lambda H: 0.1,
    ],
    "classify": [
        *(lambda H, word=word: word for word in ("minimum", "maximum", "saddle", "undecided")),
        lambda H: kind(H, zero=0.0),
        lambda H: kind(H, zeros_first=True),
        lambda H: kind(-H),
        lambda H: kind(H).upper(),
        lambda H: ["minimum"],
        kind_by_diagonal,
        kind_by_determinant,
        kind_by_fixed_zero,
    ],
    "two_basins": [
        lambda: ((-1, -1), (-1.1, -1)),
        lambda: ((-1, -1), (9, 2)),
        lambda: (-1.0, 1.0),
        lambda: ((-1, -1), (np.nan, 1)),
        lambda: ((-1, -1), (1, 1), (0, 0)),
        lambda: ((-1, -1), (1j, 1)),
        lambda: {(-1, -1), (1, 1)},
        lambda: ("a", "b"),
    ],
}


@pytest.mark.parametrize("exercise_id", RIGHT)
def test_right_answers_however_written(exercise_id):
    assert len(RIGHT[exercise_id]) >= 3
    for answer in RIGHT[exercise_id]:
        assert_right(exercise_id, answer)


@pytest.mark.parametrize("exercise_id", WRONG)
def test_wrong_answers(exercise_id):
    assert len(WRONG[exercise_id]) >= 5
    for answer in WRONG[exercise_id]:
        assert_wrong(exercise_id, answer)


@pytest.mark.parametrize("exercise_id", RIGHT)
def test_no_answer_is_no_answer(exercise_id):
    for answer in lessons.EMPTY:
        assert_empty(exercise_id, answer)


@pytest.mark.parametrize(
    ("answer", "points"),
    [
        ({"arrow": "f", "slope": 6.3245553}, 1),
        ({"arrow": "f", "slope": "steep"}, 1),
        ({"arrow": "e", "slope": -6.3245553}, 1),
        ({"arrow": "e", "slope": -np.sqrt(5)}, 0),
        ({"arrow": "b", "slope": 6.3245553}, 0),
        ({"arrow": 6, "slope": -6.32}, 0),
        ({"arrow": "F", "slope": -6.0}, 0),
        ({}, 0),
    ],
)
def test_downhill_scores_a_point_a_part(answer, points):
    assert_wrong("downhill", answer, points)


def test_of_the_eight_arrows_one_is_the_step_one_leads_to_the_minimum_and_two_are_level():
    u = {name: np.array([np.cos(np.radians(a)), np.sin(np.radians(a))]) for name, a in ARROWS.items()}
    P, slope = np.array(POINT), np.array([POINT[0], 6 * POINT[1]])
    along = {name: slope @ u[name] for name in u}
    assert np.allclose(np.linalg.norm(slope) * u["f"], -slope)
    assert np.allclose(np.linalg.norm(P) * u["e"], -P)
    assert np.allclose([along["d"], along["h"]], 0)
    assert len({round(v, 6) + 0.0 for v in along.values()}) == 5
    shown = names_of(LESSON)["angles"]
    assert {name: round(a, 5) for name, a in shown.items()} == {
        name: round(a, 5) for name, a in ARROWS.items()
    }


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        ("arrow", "e", "points at the minimum"),
        ("arrow", "b", "uphill"),
        ("arrow", "d", "along the contour"),
        ("arrow", "h", "along the contour"),
        ("slope", -np.sqrt(20), "the arrow to the minimum"),
        ("slope", -40.0, "u has length 1"),
    ],
)
def test_downhill_says_what_a_wrong_arrow_and_a_wrong_slope_are(part, value, said):
    right = {"arrow": "f", "slope": -np.sqrt(40)}
    assert said in " ".join(str(check("downhill", right | {part: value})).split())
    assert said not in str(check("downhill", right | {part: "g" if part == "arrow" else -3.0}))


def test_the_card_of_two_basins_says_what_the_walk_did():
    told = {
        "same minimum": lambda: ((1, 1), (2, 0)),
        "runs away": lambda: ((1, 1), (9, 0)),
        "two finite numbers": lambda: ((1, 1), 0),
    }
    for words, answer in told.items():
        assert words in " ".join(str(check("two_basins", answer)).split())


@pytest.mark.parametrize(
    ("exercise_id", "answer", "mistake"),
    [
        ("warm_up", lambda x: 2.0, "differentiated_twice"),
        ("warm_up", lambda x: x**3 / 3, "integrated"),
        ("hessian_by_hand", lambda x: np.triu(hessian(x)), "one_triangle"),
        ("descend", lambda *case: walk(*case[:3], min(case[3], 1)), "one_step_only"),
    ],
)
def test_what_a_tired_student_writes_is_named(exercise_id, answer, mistake):
    assert check(exercise_id, answer).diagnosis == (mistake,)


def test_a_gradient_that_is_not_called_is_a_function_to_the_student():
    told = check("descend", lambda gradient, x0, rate, steps: x0 - rate * gradient).card.lines
    assert any("'float' and 'function'" in line for line in told)


def test_a_saddle_is_no_minimum():
    on_the_ridge = gradient_descent(functions.basins_gradient, [0.0629, 0.0629], 0.05, 400)[-1]
    assert (
        np.linalg.eigvalsh(functions.basins_hessian(on_the_ridge)).min() > 0
    )  # a walk leaves the saddle again
    from course_lib.exercises.lesson_01.two_basins import not_a_minimum

    saddle = np.full(2, np.roots([4, 0, -4, 0.25])[np.argsort(abs(np.roots([4, 0, -4, 0.25])))[0]].real)
    assert np.allclose(functions.basins_gradient(saddle), 0, atol=1e-12)
    assert "saddle" in not_a_minimum(saddle)


def test_the_bound_is_the_bound():
    H = functions.rotated(np.random.default_rng(2), np.array([0.5, 2.0, 7.0]))
    bound = names_of(LESSON)["largest_stable_rate"](H)
    ends = [
        np.linalg.norm(gradient_descent(lambda x: H @ x, np.ones(3), r * bound, 2000)[-1]) for r in (0.99, 1)
    ]
    assert ends[0] < 1e-6
    assert ends[1] > 0.1


def test_the_three_things_to_find_on_the_landscape_are_there():
    gradient = names_of(LESSON)["b_gradient"]
    assert gradient_descent(gradient, [0.05, 0.05], 0.05, 400)[-1][0] < -1
    assert not np.isfinite(gradient_descent(gradient, [1.0, 2.0], 1.0, 400)[-1]).all()
    late = gradient_descent(gradient, [1.8, -1.5], 0.001, 400)[-1]
    assert 1e-3 < np.linalg.norm(gradient(late)) < 10


@pytest.mark.parametrize("name", ["valley", "g", "saddle", "b"])
def test_the_gradients_the_notebook_gives_are_right(name):
    names = names_of(LESSON)
    assert np.allclose(names[f"{name}_gradient"](X2), numerical_gradient(names[name], X2), atol=1e-8)
    assert np.allclose(functions.basins_hessian(X2), numerical_hessian(functions.basins, X2), atol=1e-5)


@pytest.mark.parametrize(
    ("diagonal", "shown"),
    [
        ([1.0, 3e-17], "3e−17 (counts as 0), 1 was"),
        ([-2.0, 0.0], "−2, 0 was"),
        ([1e-11, 3e-11], "1e−11, 3e−11 was"),
    ],
)
def test_an_eigenvalue_is_shown_as_it_is(diagonal, shown):
    assert shown in verify_classify((np.diag(diagonal),), "saddle")
