"""Lesson 01: its exercises tell right from wrong, its formulas are its code, its notebook runs."""

from __future__ import annotations

import numpy as np
import pytest

from course_lib import check, gradient_descent, numerical_gradient, numerical_hessian
from course_lib.exercises import given
from course_lib.exercises.lesson_01 import ARROWS, POINT
from tests import lessons
from tests.lessons import assert_empty, assert_right, assert_wrong, names_of

LESSON = "01_gradient_descent"
POINTS = {
    "gradient_by_hand": 4,
    "hessian_by_hand": 4,
    "downhill": 2,
    "descend": 5,
    "largest_stable_rate": 3,
    "classify": 3,
    "two_basins": 3,
}


def gradient(x):
    return given.surface_gradient(x)


def hessian(x):
    return given.surface_hessian(x)


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
        lambda x: numerical_gradient(given.surface, x),
        lambda x: gradient([1.0, 2.0, 0.5]),
        lambda x: given.surface(x),
    ],
    "hessian_by_hand": [
        product_rule_forgotten,
        lambda x: np.diag(np.diag(hessian(x))),
        lambda x: np.triu(hessian(x)),
        lambda x: np.outer(gradient(x), gradient(x)),
        lambda x: -hessian(x),
        lambda x: gradient(x),
        lambda x: hessian(x) * [1, -1, -1],
        lambda x: numerical_hessian(given.surface, x),
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


@pytest.mark.parametrize("exercise_id", POINTS)
def test_right_answers_however_written(exercise_id):
    assert len(RIGHT[exercise_id]) >= 3
    for answer in RIGHT[exercise_id]:
        assert_right(exercise_id, answer)


@pytest.mark.parametrize("exercise_id", WRONG)
def test_wrong_answers(exercise_id):
    assert len(WRONG[exercise_id]) >= 5
    for answer in WRONG[exercise_id]:
        assert_wrong(exercise_id, answer)


@pytest.mark.parametrize("exercise_id", POINTS)
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


def test_the_card_of_two_basins_says_what_the_walk_did():
    told = {
        "same minimum": lambda: ((1, 1), (2, 0)),
        "runs away": lambda: ((1, 1), (9, 0)),
        "two finite numbers": lambda: ((1, 1), 0),
    }
    for words, answer in told.items():
        assert words in " ".join(str(check("two_basins", answer)).split())


def test_a_saddle_is_no_minimum():
    on_the_ridge = gradient_descent(given.basins_gradient, [0.0629, 0.0629], 0.05, 400)[-1]
    assert np.linalg.eigvalsh(given.basins_hessian(on_the_ridge)).min() > 0  # a walk leaves the saddle again
    from course_lib.exercises.lesson_01 import _no_minimum

    saddle = np.full(2, np.roots([4, 0, -4, 0.25])[np.argsort(abs(np.roots([4, 0, -4, 0.25])))[0]].real)
    assert np.allclose(given.basins_gradient(saddle), 0, atol=1e-12)
    assert "saddle" in _no_minimum(saddle)


def test_the_bound_is_the_bound():
    H = given.rotated(np.random.default_rng(2), np.array([0.5, 2.0, 7.0]))
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


def partials(f, x, h=1e-6):
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])


X2, X3 = np.array([0.7, -1.2]), np.array([0.6, -1.1, 0.9])
COLUMN = (
    r"\nabla f = \begin{pmatrix} \frac{\partial f}{\partial x_1} \\ \frac{\partial f}{\partial x_2} \\ "
    r"\vdots \\ \frac{\partial f}{\partial x_n} \end{pmatrix}"
)
MATRIX = (
    r"\nabla^2 f = \begin{pmatrix} \frac{\partial^2 f}{\partial x_1^2} & \frac{\partial^2 f}{\partial x_1 "
    r"\partial x_2} & \cdots & \frac{\partial^2 f}{\partial x_1 \partial x_n} \\ \frac{\partial^2 f}{\partial x_2 "
    r"\partial x_1} & \frac{\partial^2 f}{\partial x_2^2} & \cdots & \frac{\partial^2 f}{\partial x_2 \partial "
    r"x_n} \\ \vdots & \vdots & \ddots & \vdots \\ \frac{\partial^2 f}{\partial x_n \partial x_1} & "
    r"\frac{\partial^2 f}{\partial x_n \partial x_2} & \cdots & \frac{\partial^2 f}{\partial x_n^2} \end{pmatrix}"
)
# The formula as the notebook prints it -> (the same symbols evaluated here, what the code computes).
FORMULAS = {
    COLUMN: lambda n: (partials(n["f"], X3), n["gradient_by_hand"](X3)),
    MATRIX: lambda n: (
        np.array([partials(lambda z, i=i: partials(n["f"], z, 1e-4)[i], X3, 1e-4) for i in range(3)]),
        n["hessian_by_hand"](X3),
    ),
    r"\nabla g = \begin{pmatrix} x_2^2 - \sin x_1 \\ 2 x_1 x_2 \end{pmatrix}": lambda n: (
        [X2[1] ** 2 - np.sin(X2[0]), 2 * X2[0] * X2[1]],
        n["g_gradient"](X2),
    ),
    r"f(x_1, x_2, x_3) = x_1^2\, x_2 + \sin(x_2\, x_3)": lambda n: (
        X3[0] ** 2 * X3[1] + np.sin(X3[1] * X3[2]),
        [n["f"](X3), given.surface(X3)],
    ),
    r"\nabla^2 g = \begin{pmatrix} -\cos x_1 & 2 x_2 \\ 2 x_2 & 2 x_1 \end{pmatrix}": lambda n: (
        [[-np.cos(X2[0]), 2 * X2[1]], [2 * X2[1], 2 * X2[0]]],
        n["g_hessian"](X2),
    ),
    r"D_u f = \nabla f \cdot u = \sum_{i=1}^n \frac{\partial f}{\partial x_i}\, u_i": lambda n: (
        sum(n["valley_gradient"](n["P"])[i] * n["u"][i] for i in range(2)),
        n["downhill"]["slope"],
    ),
    r"x^{(t+1)} = x^{(t)} - \eta\, \nabla f(x^{(t)})": lambda n: (
        n["descend"](n["b_gradient"], X2, 0.05, 3)[2]
        - 0.05 * n["b_gradient"](n["descend"](n["b_gradient"], X2, 0.05, 3)[2]),
        [gradient_descent(n["b_gradient"], X2, 0.05, 3)[3], n["descend"](n["b_gradient"], X2, 0.05, 3)[3]],
    ),
    r"b(x_1, x_2) = (x_1^2 - 1)^2 + \tfrac{1}{4} x_1 + (x_2 - x_1)^2": lambda n: (
        (X2[0] ** 2 - 1) ** 2 + X2[0] / 4 + (X2[1] - X2[0]) ** 2,
        [n["b"](X2), given.basins(X2)],
    ),
}
INLINE = {
    r"$v(x_1, x_2) = \frac{1}{2} x_1^2 + 3 x_2^2$": lambda n: (
        X2[0] ** 2 / 2 + 3 * X2[1] ** 2,
        n["valley"](X2),
    ),
    r"$g(x_1, x_2) = x_1 x_2^2 + \cos x_1$": lambda n: (X2[0] * X2[1] ** 2 + np.cos(X2[0]), n["g"](X2)),
    r"$s(x_1, x_2) = (x_1^2 - 1)^2 + x_2^2$": lambda n: ((X2[0] ** 2 - 1) ** 2 + X2[1] ** 2, n["saddle"](X2)),
    r"$x_2 - \eta \cdot 6 x_2 = (1 - 6\eta)\, x_2$": lambda n: (
        (1 - 6 * 0.25) * n["P"][1],
        gradient_descent(n["valley_gradient"], n["P"], 0.25, 1)[1, 1],
    ),
}


def test_every_displayed_formula_is_in_the_table():
    assert lessons.displayed(LESSON) == {lessons.squeezed(formula) for formula in FORMULAS}


@pytest.mark.parametrize("formula", [*FORMULAS, *INLINE], ids=range(len(FORMULAS) + len(INLINE)))
def test_a_formula_shown_is_what_the_code_computes(formula):
    if formula in INLINE:
        assert formula in "\n".join(lessons.prose(LESSON).values())
    shown, computed = (FORMULAS | INLINE)[formula](names_of(LESSON))
    assert np.allclose(shown, computed, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", ["valley", "g", "saddle", "b"])
def test_the_gradients_the_notebook_gives_are_right(name):
    names = names_of(LESSON)
    assert np.allclose(names[f"{name}_gradient"](X2), numerical_gradient(names[name], X2), atol=1e-8)
    assert np.allclose(given.basins_hessian(X2), numerical_hessian(given.basins, X2), atol=1e-5)


# Statement of the deck -> (cell that teaches it, words that stand there, exercise that asks for it).
DECK = {
    "negative gradient leads to a local optimum": ("optimum", "leads to a local optimum", "two_basins"),
    "unconstrained objective function": ("optimum", "**Unconstrained:**", None),
    "minimise loss over many training samples": ("training", "large number of training samples", None),
    "the weights are optimised for the minimum loss": ("training", "give the minimum loss", None),
    "the gradient of a multivariate function": ("gradient", COLUMN, "gradient_by_hand"),
    "the Hessian of a multivariate function": ("hessian", MATRIX, "hessian_by_hand"),
    "the derivative is a vector that represents a direction": (
        "gradient",
        "a vector represents a direction",
        "downhill",
    ),
}


@pytest.mark.parametrize("statement", DECK)
def test_a_statement_of_the_deck_is_taught(statement):
    cell, words, exercise = DECK[statement]
    assert words in lessons.squeezed(lessons.prose(LESSON)[cell])
    assert exercise is None or exercise in POINTS


def test_the_lesson_is_worth_what_it_should_be():
    assert lessons.points_of(LESSON) == POINTS
    assert sum(POINTS.values()) == 24


def test_the_solved_notebook_earns_every_point(tmp_path):
    book = lessons.run(LESSON, "solutions", tmp_path)
    assert lessons.scores(book) == POINTS
    assert lessons.stderr(book) == []
    pictures = lessons.figures(book)
    assert len(pictures) == 7
    assert all('alt="' in text and "<figcaption>" in text for text in pictures)


def test_the_released_notebook_runs_unanswered(tmp_path):
    book = lessons.run(LESSON, "notebooks", tmp_path)
    assert lessons.scores(book) == dict.fromkeys(POINTS, 0.0)
    assert lessons.stderr(book) == []
