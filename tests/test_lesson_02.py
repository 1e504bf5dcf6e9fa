"""Lesson 02: its exercises tell right from wrong, its formulas are its code, its notebook runs."""

from __future__ import annotations

import math

import numpy as np
import pytest

import course_lib
from course_lib import check
from tests import lessons
from tests.lessons import assert_empty, assert_right, assert_wrong, names_of

pytestmark = pytest.mark.sampled
LESSON = "02_forward_pass"


def S(z):
    return np.where(z >= 0, 1, np.exp(-np.abs(z))) / (1 + np.exp(-np.abs(z)))


def masked(z):
    out = np.empty_like(z)
    out[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    out[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))
    return out


def masked_in_place(z):
    z[:] = masked(z)
    return z


def one_number_at_a_time(z):
    def s(v):
        return 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v))

    return np.vectorize(s)(z)


def forward(W01, W12, X, f=S):
    net01 = X @ W01
    y = f(net01)
    net12 = y @ W12
    return net01, y, net12, f(net12)


def with_einsum(W01, W12, X):
    net01 = np.einsum("ij,ni->nj", W01, X)
    net12 = np.einsum("jk,nj->nk", W12, S(net01))
    return [net01, S(net01), net12, S(net12)]


def sample_by_sample(W01, W12, X):
    return tuple(map(np.array, zip(*(forward(W01, W12, x) for x in X), strict=True)))


def transposed_layout(W01, W12, X):
    net01 = W01.T @ X.T
    net12 = W12.T @ S(net01)
    return net01.T, S(net01).T, net12.T, S(net12).T


RIGHT = {
    "count_weights": [
        lambda I, J, K: I * J + J * K,
        lambda I, J, K: J * (I + K),
        lambda I, J, K: sum(1 for _ in range(J) for _ in range(I + K)),
        lambda I, J, K: np.zeros((I, J)).size + np.zeros((J, K)).size,
    ],
    "net_hidden": [
        lambda W, x, j: sum(W[i, j - 1] * x[i] for i in range(len(x))),
        lambda W, x, j: W[:, j - 1] @ x,
        lambda W, x, j: (x[None, :] @ W)[:, [j - 1]],
        lambda W, x, j: float(np.dot(W.T[j - 1], x)),
    ],
    "sigmoid": [
        S,
        masked,
        one_number_at_a_time,
        lambda z: 0.5 * (1 + np.tanh(z / 2)),
        lambda z: np.exp(-np.logaddexp(0, -z)),
        lambda z: 1 / (1 + np.exp(-np.clip(z, -700, 700))),
    ],
    "sigmoid_slope": [
        lambda z: S(z) * (1 - S(z)),
        lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
        lambda z: 1 / (2 * np.cosh(z / 2)) ** 2,
        lambda z: S(z) - S(z) ** 2,
    ],
    "output_k": [
        lambda W, y, k: S(sum(W[j, k - 1] * y[j] for j in range(len(y)))),
        lambda W, y, k: S(y @ W)[k - 1],
        lambda W, y, k: 1 / (1 + math.exp(-float(W[:, k - 1] @ y))),
    ],
    "forward_pass": [forward, with_einsum, sample_by_sample, transposed_layout],
    "mse_single": [
        lambda o, d: np.mean((o - d) ** 2),
        lambda o, d: (d - o) @ (d - o) / len(o),
        lambda o, d: sum((a - b) ** 2 for a, b in zip(o, d, strict=True)) / len(o),
    ],
    "mse": [
        lambda O, D: ((O - D) ** 2).sum(axis=1).mean(),
        lambda O, D: np.sum((D - O) ** 2) / len(O),
        lambda O, D: np.trace((O - D) @ (O - D).T) / O.shape[0],
        lambda O, D: np.linalg.norm(O - D) ** 2 / O.shape[0],
    ],
}
WRONG = {
    "count_weights": [
        lambda I, J, K: I * J * K,
        lambda I, J, K: I + J + K,
        lambda I, J, K: (I + 1) * J + (J + 1) * K,
        lambda I, J, K: I * J + I * K,
        lambda I, J, K: I * J + J * K + I * K,
        lambda I, J, K: float(I * J + J * K),
        lambda I, J, K: 20,
    ],
    "net_hidden": [
        lambda W, x, j: W[:, j] @ x if j < W.shape[1] else 0.0,
        lambda W, x, j: W[j - 1] @ W[j - 1] if j <= len(W) else 0.0,
        lambda W, x, j: W[j - 1, : len(x)] @ x if j <= len(W) else 0.0,
        lambda W, x, j: S(W[:, j - 1] @ x),
        lambda W, x, j: x @ W,
        lambda W, x, j: W[:, j - 1] * x,
        lambda W, x, j: W[:, j - 1].sum(),
        lambda W, x, j: np.mean(W[:, j - 1] * x),
    ],
    "sigmoid": [
        lambda z: 1 / (1 + np.exp(-z)),
        lambda z: 1 / (1 + np.exp(z)),
        lambda z: np.exp(z) / (1 + np.exp(z)),
        np.tanh,
        lambda z: S(z) * (1 - S(z)),
        lambda z: np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))),
        lambda z: np.where(np.abs(z) > 3, z > 0, S(z)),
        lambda z: S(z).ravel()[:5],
        lambda z: S(z).mean(),
        masked_in_place,
        course_lib.sigmoid,
    ],
    "sigmoid_slope": [
        S,
        lambda z: 1 - S(z),
        lambda z: z * (1 - z),
        lambda z: S(S(z)) * (1 - S(S(z))),
        lambda z: S(z) * (1 + S(z)),
        lambda z: 2 * S(z) * (1 - S(z)),
        lambda z: 1 - np.tanh(z) ** 2,
        lambda z: S(z).ravel() @ (1 - S(z)).ravel(),
        lambda z: (S(z + 1e-3) - S(z)) / 1e-3,
    ],
    "output_k": [
        lambda W, y, k: W[:, k - 1] @ y,
        lambda W, y, k: S(W[:, k] @ y) if k < W.shape[1] else 0.5,
        lambda W, y, k: S(W[:, k - 1] @ S(y)),
        lambda W, y, k: S(y @ W),
        lambda W, y, k: sum(S(W[:, k - 1] * y)),
        lambda W, y, k: S(S(W[:, k - 1] @ y)),
    ],
    "forward_pass": [
        lambda W01, W12, X: forward(W01, W12, X)[::-1],
        lambda W01, W12, X: forward(W01, W12, X)[3],
        lambda W01, W12, X: (*forward(W01, W12, X)[:3], forward(W01, W12, X)[2]),
        lambda W01, W12, X: forward(W01, W12, X, f=lambda z: z),
        lambda W01, W12, X: forward(W01, W12, X, f=np.tanh),
        lambda W01, W12, X: forward(W01, W12, X)[1::2],
        lambda W01, W12, X: [a.T for a in forward(W01, W12, X)],
        lambda W01, W12, X: forward(W01.T, W12, X),
        lambda W01, W12, X: (X @ W01, S(X @ W01), (X @ W01) @ W12, S((X @ W01) @ W12)),
        lambda W01, W12, X: {"o": forward(W01, W12, X)},
        lambda W01, W12, X: course_lib.forward([W01, W12], X).y,
    ],
    "mse_single": [
        lambda o, d: np.sum((o - d) ** 2),
        lambda o, d: np.mean((o - d) ** 2) / 2,
        lambda o, d: np.mean(np.abs(o - d)),
        lambda o, d: np.mean(o - d) ** 2,
        lambda o, d: np.sqrt(np.mean((o - d) ** 2)),
        lambda o, d: np.mean((o[:, None] - d) ** 2),
        lambda o, d: (o - d) ** 2,
        lambda o, d: course_lib.mse(o[:, None], d[:, None]),
    ],
    "mse": [
        lambda O, D: ((O - D) ** 2).mean(),
        lambda O, D: ((O - D) ** 2).sum(),
        lambda O, D: ((O - D) ** 2).sum(axis=0).mean(),
        lambda O, D: ((O - D) ** 2).sum(axis=1),
        lambda O, D: ((O - D) ** 2).sum() / len(O) / 2,
        lambda O, D: ((O - D).sum(axis=1) ** 2).mean(),
        lambda O, D: np.abs(O - D).sum(axis=1).mean(),
        lambda O, D: ((O - D)[:, 0] ** 2).mean(),
        course_lib.mse,
    ],
}


@pytest.mark.parametrize("exercise_id", RIGHT)
def test_right_answers_however_written(exercise_id):
    assert len(RIGHT[exercise_id]) >= 3
    for answer in RIGHT[exercise_id]:
        assert_right(exercise_id, answer)


@pytest.mark.parametrize("exercise_id", RIGHT)
def test_wrong_answers(exercise_id):
    assert len(WRONG[exercise_id]) >= 5
    for answer in WRONG[exercise_id]:
        assert_wrong(exercise_id, answer)


@pytest.mark.parametrize("exercise_id", RIGHT)
def test_no_answer_is_no_answer(exercise_id):
    for answer in lessons.EMPTY:
        assert_empty(exercise_id, answer)


@pytest.mark.parametrize(
    ("answer", "mistake"),
    [
        (lambda I, J, K: 20, "one_network_counted"),
        (lambda I, J, K: I * J, "one_table_missing"),
        (lambda I, J, K: I + J * K, "one_table_missing"),
        (lambda I, J, K: I * J + I * K, "layer_skipped"),
        (lambda I, J, K: (I * J) * (J * K), "tables_multiplied"),
    ],
)
def test_a_wrong_count_is_named(answer, mistake):
    assert check("count_weights", answer).diagnosis == (mistake,)


def one_too_early(W, values, node):
    return sum(W[i - 1, node - 1] * values[i] for i in range(len(values)))


def without_the_first(W, values, node):
    return sum(W[i, node - 1] * values[i] for i in range(1, len(values)))


def last_alone(W, values, node):
    for i in range(len(values)):
        total = W[i, node - 1] * values[i]
    return total


@pytest.mark.parametrize(
    ("loop", "mistake"),
    [
        (one_too_early, "index_shifted_twice"),
        (without_the_first, "end_of_sum_missing"),
        (last_alone, "one_term_only"),
    ],
)
def test_a_slip_in_the_loop_over_a_sum_is_named(loop, mistake):
    assert check("net_hidden", loop).diagnosis == (mistake,)
    assert check("output_k", lambda *case: 1 / (1 + np.exp(-loop(*case)))).diagnosis == (mistake,)


@pytest.mark.parametrize(
    ("exercise_id", "answer", "mistake"),
    [
        ("sigmoid", lambda z: 1 / (1 + np.exp(-abs(z))), "sign_of_z_lost"),
        ("mse_single", lambda o, d: np.mean(o - d), "not_squared"),
        ("mse_single", lambda o, d: np.mean(o**2 - d**2), "squared_before_difference"),
        ("mse", lambda O, D: ((O - D).sum(axis=1) ** 2).mean(), "mean_before_square"),
    ],
)
def test_what_a_tired_student_writes_is_named(exercise_id, answer, mistake):
    assert check(exercise_id, answer).diagnosis == (mistake,)


def test_the_card_names_the_piece_that_is_off():
    said = str(
        check("forward_pass", lambda *case: (*forward(*case)[:2], 1.5 * forward(*case)[2], forward(*case)[3]))
    )
    assert "Every number of net12 is 1.5 times" in said
    assert "Right: net01, y and o. Off: net12." in said
    said = str(check("forward_pass", lambda *case: (*forward(*case)[:3], forward(*case)[3][0])))
    assert "o: expected an array of shape (5, 3)" in said


def test_the_sigmoid_card_names_the_warning():
    assert "overflow" in str(check("sigmoid", lambda z: 1 / (1 + np.exp(-z))))


@pytest.mark.parametrize(("change", "marks"), [("x1", 12), ("w23_01", 6), ("w21_12", 2)])
def test_what_travels_in_the_last_cell(change, marks, capsys):
    cells = {cell.id: cell.source for cell in lessons.notebook(LESSON).cells}
    space = dict(names_of(LESSON))
    capsys.readouterr()  # what the lesson itself prints when it is the first to be run
    exec(cells["touch-run"].replace('"x1", 0.5', f'"{change}", 0.5'), space)
    assert capsys.readouterr().out.count("<- changed") == marks


def test_one_node_cannot_do_exclusive_or_and_the_penguins_are_kinder():
    names = names_of(LESSON)
    assert names["best"] == 3
    assert all(pytest.approx(0.25, abs=1e-3) == E for _, E in names["runs"])
    trained, C, wanted = names["trained"], names["C"], names["wanted"]
    o, E = trained((3, 3, 1), 0, C, wanted, 2, 4000)
    assert E < 1e-3
    np.testing.assert_array_equal(o > 0.5, wanted == 1)
    ends = [
        trained(sizes, 1, X, names["species"], 1, 500)[1]
        for sizes, X in (((3, 2), names["birds"]), ((4, 2), names["with_one"]), ((3, 4, 2), names["birds"]))
    ]
    assert ends[0] > 0.1 > 0.05 > ends[1] > ends[2]


def test_one_weight_of_the_network_in_the_diagram_hardly_matters():
    names = names_of(LESSON)
    X, D = names["X"][:1], names["D"][:1]
    changes = {}
    for layer, W in enumerate((names["W01"], names["W12"])):
        for i, j in np.ndindex(W.shape):
            moved = [names["W01"].copy(), names["W12"].copy()]
            along = []
            for moved[layer][i, j] in np.linspace(-3, 3, 121):
                along.append(course_lib.loss(moved, X, D))
            changes[f"w{i + 1}{j + 1}_{layer}{layer + 1}"] = max(along) - min(along)
    assert [name for name, change in changes.items() if change < 0.01] == ["w23_01"]
