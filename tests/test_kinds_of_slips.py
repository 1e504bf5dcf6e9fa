"""Wrong answers of the kinds that outsiders hand in, each in a style of its own, get their names and no others."""

from __future__ import annotations

import numpy as np
import pytest

from course_lib import EXERCISES, Outcome, check, forward, gradients, judge, loss


def S(z):
    return 1 / (1 + np.exp(-z))


def columns(weights, X, D):
    """Samples in columns, d − o, no 2 and no 1/N; the hidden error goes back without the slope of the output."""
    wih, who = weights[0].T, weights[1].T.copy()
    h = S(wih @ X.T)
    f = S(who @ h)
    errors = D.T - f
    change = (errors * f * (1 - f)) @ h.T
    who += 0.3 * change
    back = who.T @ errors
    return [((back * h * (1 - h)) @ X).T, change.T]


def returned_in_loop(weights, X, D):
    g = np.zeros_like(weights[1])
    for x, d in zip(X, D, strict=True):
        y = S(x @ weights[0])
        o = S(y @ weights[1])
        g += np.outer(y, 2 * (o - d) * o * (1 - o)) / len(X)
        return g
    return None


def from_the_second(weights, X, D):
    g = np.zeros_like(weights[1])
    for n in range(1, len(X)):
        y = S(X[n] @ weights[0])
        o = S(y @ weights[1])
        g += np.outer(y, 2 * (o - D[n]) * o * (1 - o)) / len(X)
    return g


def inputs_twice(weights, X, D):
    _, (x, _, o) = forward(weights, X)
    return x.T @ (2 / len(X) * (o - D) * o * (1 - o))


def indices_as_they_are(W01, W12, X, D, layer, i, j):
    _, (_, y, o) = forward([W01, W12], X)
    delta = 2 * (o - D) * o * (1 - o) / len(X)
    return y[:, i] @ delta[:, 0] if layer else X[:, i] @ (delta * W12[j] * y[:, [j]] * (1 - y[:, [j]]))[:, 0]


def other_hidden_node(W01, W12, X, D):
    _, (x, y, o) = forward([W01, W12], X)
    slope = y[:, 1] * (1 - y[:, 1])
    return np.mean(2 * (o - D)[:, 0] * (o * (1 - o))[:, 0] * W12[0, 0] * slope * x[:, 0])


def weight_that_enters(W01, W12, X, D):
    _, (x, y, o) = forward([W01, W12], X)
    return np.mean(2 * (o - D) * o * (1 - o) * W01[0, 0] * y[:, [0]] * (1 - y[:, [0]]) * x[:, [0]])


def weights_that_enter(W01, W12, X, D):
    _, (x, y, o) = forward([W01, W12], X)
    back = np.sum(2 * (o - D) * o * (1 - o) * W01[0], axis=1)
    return np.mean(back * y[:, 0] * (1 - y[:, 0]) * x[:, 0])


def ends_exchanged(W01, W12, X, D, layer, i, j):
    _, (x, y, o) = forward([W01, W12], X)
    delta = 2 * (o - D) * o * (1 - o)
    if layer == 1:
        return np.mean(delta * y[:, [j - 1]])
    return np.mean(delta * W12[i - 1] * y[:, [i - 1]] * (1 - y[:, [i - 1]]) * x[:, [j - 1]])


def root_of_the_mean(O, D):
    return np.sqrt(np.mean((O - D) ** 2))


def each_to_the_limit(arrays, max_norm):
    return [g * max_norm / (np.linalg.norm(g) or 1.0) for g in arrays]


def largest_of_them(arrays, max_norm):
    norm = max(np.linalg.norm(g) for g in arrays)
    return [g * max_norm / norm if norm > max_norm else g for g in arrays]


def one_number_too_short(gradient, x0, learning_rate, steps):
    x, path = np.array(x0, dtype=float), []
    for _ in range(steps):
        path.append(x)
        x = x - learning_rate * gradient(x)
    return np.array(path)


def same_array_again(gradient, x0, learning_rate, steps):
    x = np.array(x0, dtype=float)
    path = [x]
    for _ in range(steps):
        x -= learning_rate * gradient(x)
        path.append(x)
    return np.array(path)


def decay_of_the_last(weights, X, D, weight_decay):
    found = gradients(weights, X, D)
    found[-1] = found[-1] + 2 * weight_decay * weights[-1]
    return found


@pytest.mark.parametrize(
    ("exercise_id", "answer", "ids"),
    [
        (
            "backprop",
            columns,
            {
                *("wrong_sign", "no_factor_two", "sum_over_samples"),
                *("no_output_slope_in_hidden", "updated_weight"),
            },
        ),
        ("gradient_W12", returned_in_loop, {"stopped_early"}),
        ("gradient_W12", from_the_second, {"sample_left_out"}),
        ("gradient_W12", inputs_twice, {"input_for_hidden"}),
        ("dE_dw11_01", other_hidden_node, {"mixed_nodes"}),
        ("dE_dw11_01", weight_that_enters, {"weight_before"}),
        ("dE_dw11_01", weights_that_enter, {"weight_before"}),
        ("dE_dw", ends_exchanged, {"swapped_indices"}),
        ("dE_dw", indices_as_they_are, {"index_from_zero"}),
        ("mse", root_of_the_mean, {"root_taken", "mean_over_all"}),
        ("clip_by_global_norm", each_to_the_limit, {"clipped_each_layer", "always_scaled"}),
        ("clip_by_global_norm", largest_of_them, {"largest_layer_norm"}),
        ("descend", one_number_too_short, {"path_without_end"}),
        ("descend", same_array_again, {"rows_overwritten"}),
        ("decayed_gradients", decay_of_the_last, {"decay_missing"}),
        (
            "update",
            lambda weights, g, rate: [W + d for W, d in zip(weights, g, strict=True)],
            {"steepest_ascent", "rate_missing"},
        ),
        (
            "shrink_bound",
            lambda weights: np.prod([np.linalg.norm(W) / 4 for W in weights]),
            {"first_layer_counted", "all_entries_norm"},
        ),
        ("output_k", lambda W12, y, k: y @ W12[:, k], {"no_activation", "index_from_zero"}),
        (
            "largest_stable_rate",
            lambda H: 1 / np.linalg.eigvalsh(H)[0],
            {"one_over_largest", "smallest_eigenvalue"},
        ),
    ],
)
def test_a_slip_of_a_kind_is_named(exercise_id: str, answer, ids: set[str]) -> None:
    verdict = check(exercise_id, answer)
    assert not verdict.right
    assert set(verdict.diagnosis) == ids


def trained(step, error=loss, more=0):
    """Return a training whose loop takes these steps; `more` of them than is asked for."""

    def training(weights, X, D, learning_rate, steps):
        W = [w.copy() for w in weights]
        losses = [error(W, X, D)]
        for _ in range(steps + more):
            W = step(W, X, D, learning_rate)
            losses.append(error(W, X, D))
        return W, np.array(losses)

    return training


def right_step(W, X, D, rate):
    return [w - rate * g for w, g in zip(W, gradients(W, X, D), strict=True)]


def summed_and_moved_early(W, X, D, rate):
    y = S(X @ W[0])
    o = S(y @ W[1])
    delta = (D - o) * o * (1 - o)
    W12 = W[1] + rate * y.T @ delta
    return [W[0] + rate * X.T @ (delta @ W12.T * y * (1 - y)), W12]


@pytest.mark.parametrize(
    ("answer", "ids"),
    [
        (trained(right_step, more=-1), {"step_missing"}),
        (trained(right_step, more=1), {"step_too_many"}),
        (
            trained(lambda W, X, D, rate: right_step(W, X, D, rate / 2), lambda *case: loss(*case) / 2),
            {"no_factor_two", "half_kept"},
        ),
        (trained(summed_and_moved_early), {"updated_weight", "steps_times_n", "no_factor_two"}),
        (trained(lambda W, X, D, rate: right_step(W, X, D, 0.1)), {"rate_ignored"}),
    ],
)
def test_a_slip_in_a_loop_is_named(answer, ids: set[str]) -> None:
    exercise = EXERCISES["training"]
    cases = [draw(np.random.default_rng(4)) for draw in exercise.draws[:2]]  # the short runs
    assert set(judge(exercise, cases, [Outcome(answer(*case)) for case in cases]).diagnosis) == ids
