"""Lesson 02: its exercises tell right from wrong, its formulas are its code, its notebook runs."""

from __future__ import annotations

import math

import numpy as np
import pytest

import course_lib
from course_lib import check, random_network
from tests import lessons
from tests.lessons import assert_empty, assert_right, assert_wrong, names_of

LESSON = "02_forward_pass"
POINTS = {
    "count_weights": 2,
    "net_hidden": 2,
    "sigmoid": 2,
    "sigmoid_slope": 2,
    "output_k": 1,
    "fill_symbols": 6,
    "forward_pass": 5,
    "mse_single": 2,
    "mse": 2,
}
# What is answered in the diagram is tried in test_diagrams.py.
FUNCTIONS = tuple(name for name in POINTS if name != "fill_symbols")


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


@pytest.mark.parametrize("exercise_id", FUNCTIONS)
def test_right_answers_however_written(exercise_id):
    assert len(RIGHT[exercise_id]) >= 3
    for answer in RIGHT[exercise_id]:
        assert_right(exercise_id, answer)


@pytest.mark.parametrize("exercise_id", FUNCTIONS)
def test_wrong_answers(exercise_id):
    assert len(WRONG[exercise_id]) >= 5
    for answer in WRONG[exercise_id]:
        assert_wrong(exercise_id, answer)


@pytest.mark.parametrize("exercise_id", FUNCTIONS)
def test_no_answer_is_no_answer(exercise_id):
    for answer in lessons.EMPTY:
        assert_empty(exercise_id, answer)


def test_the_card_names_the_piece_that_is_off():
    said = str(
        check("forward_pass", lambda *case: (*forward(*case)[:2], 1.5 * forward(*case)[2], forward(*case)[3]))
    )
    assert "Worst at net12 [" in said
    assert "Right: net01 and y and o. Off: net12." in said
    assert "50 %" in said
    said = str(check("forward_pass", lambda *case: (*forward(*case)[:3], forward(*case)[3][0])))
    assert "o: expected an array of shape (5, 3)" in said


def test_the_sigmoid_card_names_the_warning():
    assert "overflow" in str(check("sigmoid", lambda z: 1 / (1 + np.exp(-z))))


WEIGHTS, X, D = random_network(np.random.default_rng(11), (3, 4, 2), 5)
W01, W12 = WEIGHTS
N, J, K, Z = range(5), range(4), range(2), np.linspace(-6, 6, 25)
NET01 = [[sum(W01[i, j] * X[n, i] for i in range(3)) for j in J] for n in N]
Y = [[1 / (1 + math.exp(-NET01[n][j])) for j in J] for n in N]
NET12 = [[sum(W12[j, k] * Y[n][j] for j in J) for k in K] for n in N]
O = [[1 / (1 + math.exp(-NET12[n][k])) for k in K] for n in N]
E_n = [sum((O[n][k] - D[n, k]) ** 2 for k in K) for n in N]
SINGLE = [(O[n][0] - D[n, 0]) ** 2 for n in N]


def library(n):
    net, y = course_lib.forward(WEIGHTS, X)
    return {"net01": net[0], "y": y[1], "net12": net[1], "o": y[2]}


def both(n, piece):
    """What the solution of the lesson computes, and what the library does."""
    names = ("net01", "y", "net12", "o")
    return [n["forward_pass"](W01, W12, X)[names.index(piece)], library(n)[piece]]


# The formula as the notebook prints it -> (the same symbols evaluated here, what the code computes).
FORMULAS = {
    r"net_{nj}^{(0,1)} = \sum_{i=1}^I w_{ij}^{(0,1)} x_{ni}": lambda n: (
        [NET01] * 3,
        [*both(n, "net01"), [[n["net_hidden"](W01, X[m], j + 1) for j in J] for m in N]],
    ),
    r"S(z) = \frac{1}{1 + e^{-z}}": lambda n: (
        1 / (1 + np.exp(-Z)),
        [n["sigmoid"](Z), course_lib.sigmoid(Z), np.interp(Z, n["z"], n["S"])],
    ),
    r"S'(z) = S(z)\,(1 - S(z))": lambda n: (
        1 / (1 + np.exp(-Z)) * (1 - 1 / (1 + np.exp(-Z))),
        [n["sigmoid_slope"](Z), course_lib.slopes.sigmoid(Z)],
    ),
    r"S(z) = \frac{e^{z}}{1 + e^{z}}": lambda n: (np.exp(Z) / (1 + np.exp(Z)), n["sigmoid"](Z)),
    r"y_{nj}^{(1)} = S\left(\sum_{i=1}^I w_{ij}^{(0,1)} x_{ni}\right)": lambda n: (Y, both(n, "y")),
    r"net_{nk}^{(1,2)} = \sum_{j=1}^J w_{jk}^{(1,2)} y_{nj}^{(1)}": lambda n: (NET12, both(n, "net12")),
    r"o_{nk} = S\left(\sum_{j=1}^J w_{jk}^{(1,2)} y_{nj}^{(1)}\right)": lambda n: (
        [O] * 3,
        [*both(n, "o"), [[n["output_k"](W12, Y[m], k + 1) for k in K] for m in N]],
    ),
    r"net_{nj}^{(0,1)} = \sum_{i=1}^I x_{ni}\, w_{ij}^{(0,1)} = \left(X\, W^{(0,1)}\right)_{nj}": lambda n: (
        n["with_loops"],
        n["at_once"],
    ),
    r"\sum_{i=1}^I w_{ij}^{(0,1)} x_{ni} + b_j \cdot 1 = \sum_{i=1}^{I+1} w_{ij}^{(0,1)} x_{ni} "
    r"\qquad\text{with}\qquad x_{n,I+1} = 1,\;\; w_{I+1,j}^{(0,1)} = b_j": lambda n: (
        n["with_bias"],
        n["X_and_one"] @ n["W01_and_b"],
    ),
    r"l_{nk} = o_{nk} - d_{nk}": lambda n: (np.sum((np.array(O) - D) ** 2, axis=1), E_n),
    r"E_n = (l_{nk})^2 = (o_{nk} - d_{nk})^2": lambda n: (
        SINGLE[2],
        n["mse_single"](np.array(O)[[2], 0], D[[2], 0]),
    ),
    r"\text{MSE} = \frac{1}{N} \sum_{n=1}^N (l_{nk})^2": lambda n: (
        sum(SINGLE) / 5,
        [n["mse_single"](np.array(O)[:, 0], D[:, 0]), course_lib.mse(np.array(O)[:, :1], D[:, :1])],
    ),
    r"E_n = \sum_{k=1}^K (l_{nk})^2 = \sum_{k=1}^K (d_{nk} - o_{nk})^2": lambda n: (
        E_n,
        [course_lib.mse(np.array(O)[[m]], D[[m]]) for m in N],
    ),
    r"\text{MSE} = \frac{1}{N} \sum_{n=1}^N \sum_{k=1}^K (l_{nk})^2": lambda n: (
        sum(E_n) / 5,
        [n["mse"](np.array(O), D), course_lib.mse(O, D), course_lib.loss(WEIGHTS, X, D)],
    ),
}


def test_every_displayed_formula_is_in_the_table():
    assert lessons.displayed(LESSON) == {lessons.squeezed(formula) for formula in FORMULAS}


@pytest.mark.parametrize("formula", FORMULAS, ids=range(len(FORMULAS)))
def test_a_formula_shown_is_what_the_code_computes(formula):
    shown, computed = FORMULAS[formula](names_of(LESSON))
    assert np.allclose(shown, computed, rtol=1e-12, atol=1e-14)


# Statement of the deck -> (cell that teaches it, words that stand there, exercise that asks for it).
DECK = {
    "f from R^3 to R^2": ("network", r"f: \mathbb{R}^3 \rightarrow \mathbb{R}^2", None),
    "layer numbers 0, 1, 2": ("network", "**layer numbers** 0, 1 and 2", None),
    "input, hidden, output layer": (
        "network",
        "the **input layer**, the **hidden layer** and the **output layer**",
        None,
    ),
    "i = 1..I": ("letters", r"$i = 1, \dots, I$ | input neurons", "count_weights"),
    "j = 1..J": ("letters", r"$j = 1, \dots, J$ | hidden neurons", "count_weights"),
    "k = 1..K": ("letters", r"$k = 1, \dots, K$ | output neurons", "count_weights"),
    "n = 1..N": ("letters", r"$n = 1, \dots, N$ | training data", None),
    "training set": (
        "letters",
        r"\{(\mathbf{x}_n, \mathbf{d}_n) \mid n = 1, \dots, N\}$ constitute the **training set**",
        None,
    ),
    "W(0,1)": (
        "letters",
        "$W^{(0,1)}$ is the weight matrix from the input to the hidden layer",
        "forward_pass",
    ),
    "W(1,2)": ("letters", "$W^{(1,2)}$ the one from the hidden to the output layer", "forward_pass"),
    "net input of j": ("net", r"net_{nj}^{(0,1)} = \sum_{i=1}^I", "net_hidden"),
    "output of j, printed as y^(1,2)": ("hidden-output", "$y_{nj}^{(1,2)}$", "forward_pass"),
    "net input of k": ("hidden-output", r"net_{nk}^{(1,2)} = \sum_{j=1}^J", "forward_pass"),
    "output of k": ("hidden-output", r"o_{nk} = S", "output_k"),
    "a single output for simplicity": ("error", "For simplicity consider a **single output**", "mse_single"),
    "network error for the k-th output": ("error", "**network error** for the $k$-th output", "mse_single"),
    "E_n and MSE of one output": ("error", r"E_n = (l_{nk})^2", "mse_single"),
    "S is a sigmoid": ("squeeze", r"S(z) = \frac{1}{1 + e^{-z}}", "sigmoid"),
    "S'": ("squeeze", r"S'(z) = S(z)\,(1 - S(z))", "sigmoid_slope"),
    "E_n of K outputs, with d - o": ("several", r"\sum_{k=1}^K (d_{nk} - o_{nk})^2", "mse"),
    "MSE of K outputs": ("several", r"\frac{1}{N} \sum_{n=1}^N \sum_{k=1}^K (l_{nk})^2", "mse"),
}


@pytest.mark.parametrize("statement", DECK)
def test_a_statement_of_the_deck_is_taught(statement):
    cell, words, exercise = DECK[statement]
    assert words in lessons.squeezed(lessons.prose(LESSON)[cell])
    assert exercise is None or exercise in POINTS


def test_the_exercises_are_worth_what_they_should_be():
    assert {key: lessons.points_of(LESSON)[key] for key in POINTS} == POINTS
    assert sum(POINTS.values()) == 24


def test_the_solved_notebook_earns_every_point(tmp_path):
    book = lessons.run(LESSON, "solutions", tmp_path)
    assert lessons.scores(book) == lessons.points_of(LESSON)
    assert lessons.stderr(book) == []
    pictures = lessons.figures(book)
    assert len(pictures) >= 2
    assert all('alt="' in text and "<figcaption>" in text for text in pictures)


def test_the_released_notebook_runs_unanswered(tmp_path):
    book = lessons.run(LESSON, "notebooks", tmp_path)
    assert lessons.scores(book) == dict.fromkeys(lessons.points_of(LESSON), 0.0)
    assert lessons.stderr(book) == []


@pytest.mark.parametrize(("change", "marks"), [("x1", 12), ("w23_01", 6), ("w21_12", 2)])
def test_what_travels_in_the_last_cell(change, marks, capsys):
    cells = {cell.id: cell.source for cell in lessons.notebook(LESSON).cells}
    exec(cells["touch-run"].replace('"x1", 0.5', f'"{change}", 0.5'), dict(names_of(LESSON)))
    assert capsys.readouterr().out.count("<- changed") == marks
