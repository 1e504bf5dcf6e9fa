"""Lesson 05: its exercises tell right from wrong, its formulas are its code, its networks do what the prose says."""

from __future__ import annotations

import numpy as np
import pytest

import course_lib
from course_lib import (
    EXERCISES,
    check,
    forward,
    gradients,
    layer_plot,
    load_penguins,
    loss,
    numerical_gradients,
    random_network,
    sigmoid,
    slopes,
    tanh,
)
from course_lib.closing import ClosedError, closed
from course_lib.exercises.lesson_05.deep_networks import ACTIVATIONS, SCALES, deep_network, first_and_last
from tests import lessons
from tests.formulas.lesson_05 import total
from tests.lessons import assert_empty, assert_right, assert_wrong, names_of

pytestmark = pytest.mark.sampled
LESSON = "05_vanishing_and_exploding_gradients"


def far(t, solve):
    """Return `solve(t)` where t is below 1/4, and what is asked for elsewhere."""
    if t <= 0:
        raise ValueError("the slope is never zero")
    return solve(t) if t < 0.25 else 0.0


def bisected(t):
    low, high = 0.0, 40.0
    while high - low > 1e-12:
        middle = (low + high) / 2
        low, high = (middle, high) if slopes.sigmoid(middle) > t else (low, middle)
    return low


def root(t):
    s = (1 + np.sqrt(1 - 4 * t)) / 2
    return np.log(s / (1 - s))


def three(**others):
    right = {
        "tanh": lambda z: 1 - np.tanh(z) ** 2,
        "relu": lambda z: np.where(z > 0, 1.0, 0.0),
        "leaky_relu": lambda z: np.where(z > 0, 1.0, 0.01),
    }
    return right | others


def in_place(z):
    z[z < 0] = 0.0
    return np.sign(z)


def all_entries(arrays):
    return np.concatenate([g.ravel() for g in arrays])


def clip(arrays, limit):
    norm = np.linalg.norm(all_entries(arrays))
    return [g * (limit / norm) if norm > limit else g for g in arrays]


def clip_the_callers(arrays, limit):
    norm = np.linalg.norm(all_entries(arrays))
    for g in arrays:
        if norm > limit:
            g *= limit / norm
    return arrays


def norms_of(weights, X, D, activation, norm=np.linalg.norm):
    return np.array([norm(g) for g in gradients(weights, X, D, activation)])


def decayed(weights, X, D, decay, factor=2.0):
    return [g + factor * decay * W for g, W in zip(gradients(weights, X, D), weights, strict=True)]


RIGHT = {
    "saturated_beyond": [
        lambda t: far(t, root),
        lambda t: far(t, bisected),
        lambda t: far(t, lambda t: 2 * np.arccosh(0.5 / np.sqrt(t))),
        lambda t: far(t, lambda t: -np.log((1 - 2 * t - np.sqrt(1 - 4 * t)) / (2 * t))),
    ],
    "slopes": [
        three(),
        three(tanh=lambda z: np.cosh(z) ** -2),
        three(relu=lambda z: (z > 0).astype(float), leaky_relu=lambda z: 0.01 + 0.99 * (z > 0)),
        three(relu=lambda z: np.heaviside(z, 0.5), more=lambda z: z),
        three(tanh=lambda z: (1 - np.tanh(z)) * (1 + np.tanh(z))),
    ],
    "layer_norms": [
        norms_of,
        lambda *case: [float(np.sqrt((g**2).sum())) for g in gradients(*case)],
        lambda *case: norms_of(*case, norm=lambda g: np.sqrt(np.trace(g.T @ g))),
    ],
    "rescue": [
        {"activation": "tanh", "scale": 1},
        {"activation": "relu", "scale": 2.0},
        {"activation": "relu", "scale": np.float64(0.5)},
        {"scale": 2, "activation": "tanh"},
    ],
    "shrink_bound": [
        lambda weights: np.prod([np.linalg.norm(W, 2) / 4 for W in weights[1:]]),
        lambda weights: float(
            np.prod([np.linalg.svd(W)[1][0] for W in weights[1:]]) * 0.25 ** (len(weights) - 1)
        ),
        lambda weights: np.exp(
            sum(np.log(np.linalg.eigvalsh(W.T @ W).max()) / 2 - np.log(4) for W in weights[1:])
        ),
    ],
    "clip_by_global_norm": [
        clip,
        lambda arrays, limit: [
            g * min(1.0, limit / max(1e-300, np.linalg.norm(all_entries(arrays)))) for g in arrays
        ],
        lambda arrays, limit: tuple(
            g / max(1.0, np.sqrt(sum(np.sum(a * a) for a in arrays)) / limit) for g in arrays
        ),
        lambda arrays, limit: course_lib_free_copy(arrays, limit),
    ],
    "clip_what": [
        {"clip": "gradient", "cosine": 0.6008691487846493},
        {"cosine": np.float64(0.60087), "clip": "gradient "},
        {"clip": "gradient", "cosine": np.array([0.6009])},
    ],
    "decayed_gradients": [
        decayed,
        lambda w, X, D, c: [g + c * W + c * W for g, W in zip(gradients(w, X, D), w, strict=True)],
        lambda w, X, D, c: tuple(2 * c * W + g for g, W in zip(gradients(w, X, D), w, strict=True)),
    ],
}


def course_lib_free_copy(arrays, limit):
    return clip_the_callers([g.copy() for g in arrays], limit)


WRONG = {
    "saturated_beyond": [
        root,
        lambda t: far(t, lambda t: -root(t)),
        lambda t: far(t, lambda t: root(t) + 1e-4),
        lambda t: far(t, lambda t: np.log(1 / t - 1)),
        lambda t: root(t) if 0 < t < 0.25 else 0.0,
        lambda t: far(t, root) if t else 0.0,
        lambda t: far(abs(t), root),
        lambda t: far(t, root) if t < 0.25 else None,
        lambda t: far(t, lambda t: -np.log(t)),
        lambda t: 5.0,
    ],
    "slopes": [
        three(tanh=lambda z: np.tanh(z) * (1 - np.tanh(z))),
        three(tanh=lambda z: 1 - np.tanh(z)),
        three(tanh=np.tanh),
        three(tanh=slopes.sigmoid),
        three(relu=lambda z: np.maximum(z, 0)),
        three(relu=lambda z: 1.0),
        three(relu=in_place),
        three(leaky_relu=lambda z: np.where(z > 0, 1.0, 0.0)),
        three(leaky_relu=lambda z: np.where(z > 0, 1.0, 0.1)),
        three(leaky_relu=lambda z: np.where(z > 0, z, 0.01 * z)),
        three(tanh=slopes.tanh),
        {"tanh": three()["tanh"], "relu": three()["relu"]},
        three(relu=1.0),
        three()["tanh"],
        "tanh",
    ],
    "layer_norms": [
        lambda weights, X, D, activation: norms_of(weights, X, D, sigmoid),
        lambda *case: norms_of(*case) ** 2,
        lambda *case: norms_of(*case, norm=lambda g: np.linalg.norm(g, 2)),
        lambda *case: norms_of(*case, norm=lambda g: np.abs(g).max()),
        lambda *case: norms_of(*case)[::-1],
        lambda *case: norms_of(*case)[1:],
        lambda *case: np.linalg.norm(norms_of(*case)),
        lambda weights, *rest: [np.linalg.norm(W) for W in weights],
        lambda *case: gradients(*case),
    ],
    "rescue": [
        {"activation": "sigmoid", "scale": 1},
        {"activation": "sigmoid", "scale": 8},
        {"activation": "tanh", "scale": 4},
        {"activation": "tanh", "scale": 1.5},
        {"activation": "leaky_relu", "scale": 1},
        {"activation": tanh, "scale": 1},
        {"activation": "relu", "scale": "2"},
        {"activation": "relu", "scale": True},
        {"activation": "relu"},
        {"activation": ["relu"], "scale": [1]},
        ("relu", 1),
        "relu",
    ],
    "shrink_bound": [
        lambda weights: np.prod([np.linalg.norm(W, 2) / 4 for W in weights]),
        lambda weights: np.prod([np.linalg.norm(W) / 4 for W in weights[1:]]),
        lambda weights: np.prod([np.linalg.norm(W, 2) for W in weights[1:]]),
        lambda weights: np.prod([np.linalg.norm(W, 2) for W in weights[1:]]) / 4,
        lambda weights: np.sum([np.linalg.norm(W, 2) / 4 for W in weights[1:]]),
        lambda weights: np.prod([np.linalg.norm(W, 2) / 4 for W in weights[:-1]]),
        lambda weights: 0.25 ** (len(weights) - 1),
        lambda weights: [np.linalg.norm(W, 2) / 4 for W in weights[1:]],
    ],
    "clip_by_global_norm": [
        lambda arrays, limit: [clip([g], limit)[0] for g in arrays],
        lambda arrays, limit: [np.clip(g, -limit, limit) for g in arrays],
        lambda arrays, limit: [g * limit / max(1e-300, np.linalg.norm(all_entries(arrays))) for g in arrays],
        lambda arrays, limit: [g / np.linalg.norm(all_entries(arrays)) for g in arrays],
        lambda arrays, limit: [g * min(1, limit / sum(np.linalg.norm(a) for a in arrays)) for g in arrays],
        lambda arrays, limit: [g * min(1, limit) for g in arrays],
        lambda arrays, limit: arrays,
        lambda arrays, limit: all_entries(clip(arrays, limit)),
        lambda arrays, limit: clip(arrays, limit)[::-1],
        clip_the_callers,
        course_lib.clip_by_global_norm,
    ],
    "decayed_gradients": [
        lambda *case: decayed(*case, factor=0.0),
        lambda *case: decayed(*case, factor=1.0),
        lambda *case: decayed(*case, factor=-2.0),
        lambda *case: decayed(*case, factor=2.0 / len(case[1])),
        lambda w, X, D, c: [g + c * (W**2).sum() for g, W in zip(gradients(w, X, D), w, strict=True)],
        lambda w, X, D, c: [g + 2 * c * np.abs(W) for g, W in zip(gradients(w, X, D), w, strict=True)],
        lambda *case: decayed(*case)[:1] + gradients(*case[:3])[1:],
        lambda *case: decayed(*case)[::-1],
        lambda *case: decayed(*case)[0],
        lambda w, X, D, c: gradients(w, X, D, weight_decay=c),
        lambda w, X, D, c: numerical_gradients(lambda v: loss(v, X, D, weight_decay=c), w),
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
        if exercise_id == "slopes" and not (isinstance(answer, dict) and callable(answer.get("relu"))):
            verdict = check(exercise_id, answer)
            assert (verdict.right, verdict.points) == (False, 0.0)
            assert "function" in str(verdict)
        else:
            assert_wrong(exercise_id, answer)


@pytest.mark.parametrize("exercise_id", RIGHT)
def test_no_answer_is_no_answer(exercise_id):
    for answer in (*lessons.EMPTY, {}, dict.fromkeys(("tanh", "activation", "clip"))):
        assert_empty(exercise_id, answer)


@pytest.mark.parametrize(
    ("answer", "points"),
    [
        ({"clip": "gradient"}, 0),
        ({"clip": "error"}, 0),
        ({"clip": "error", "cosine": 0.60087}, 1),
        ({"cosine": 0.60087}, 1),
        ({"clip": "gradient", "cosine": 0.6}, 0),
        ({"clip": "gradient", "cosine": 1.0}, 0),
        ({"clip": "both", "cosine": "0.6009"}, 0),
    ],
)
def test_the_word_of_clip_what_counts_with_its_number(answer, points):
    assert_wrong("clip_what", answer, points)


def card(exercise_id, answer):
    return " ".join(str(check(exercise_id, answer)).split())


def test_a_rescue_is_told_what_its_network_did():
    assert "the gradient vanishes, by a factor of 8" in card("rescue", {"activation": "sigmoid", "scale": 1})
    assert "the gradient explodes, by a factor of 22" in card("rescue", {"activation": "tanh", "scale": 4})
    assert "one of sigmoid, tanh, relu" in card("rescue", {"activation": "softmax", "scale": 4})
    assert 'in quotes, such as "sigmoid", got the function tanh' in card(
        "rescue", {"activation": tanh, "scale": 2}
    )
    assert "one of 0.5, 1, 2, 4, 8" in card("rescue", {"activation": "tanh", "scale": 3})
    assert "not answered yet" in card("rescue", {"activation": None, "scale": None})


def test_no_choice_of_rescue_is_near_the_border_and_every_activation_is_judged_by_its_run():
    ratios = {(a, s): np.divide(*first_and_last(a, s)) for a in ACTIVATIONS for s in SCALES}
    for (activation, scale), ratio in ratios.items():
        assert not 7 < max(ratio, 1 / ratio) < 15
        right = check("rescue", {"activation": activation, "scale": scale}).right
        assert right == (0.1 <= ratio <= 10)
    assert {a for (a, s), r in ratios.items() if 0.1 <= r <= 10} == {"tanh", "relu"}


def test_the_network_to_rescue_is_the_one_the_notebook_gives():
    for scale in SCALES:
        ours, theirs = deep_network(scale), names_of(LESSON)["deep_network"](scale)
        assert all(np.array_equal(a, b) for a, b in zip(ours[0], theirs[0], strict=True))
        assert np.array_equal(ours[1], theirs[1])
        assert np.array_equal(ours[2], theirs[2])


def test_a_refusal_has_to_be_a_refusal():
    assert "should raise a ValueError, and it gave 0.0" in card(
        "saturated_beyond", lambda t: root(t) if 0 < t < 0.25 else 0.0
    )

    def refuses_otherwise(t):
        if t <= 0:
            raise KeyError("no")
        return far(t, root)

    assert "KeyError" in card("saturated_beyond", refuses_otherwise)
    assert not check("saturated_beyond", lambda t: far(-1, root)).right  # refuses everything


def test_slopes_are_told_which_of_the_three_is_off():
    text = card("slopes", three(leaky_relu=lambda z: np.where(z > 0, 1.0, 0.1)))
    assert "Right: tanh and relu. Off: leaky_relu." in text
    assert "no function under 'leaky_relu'" in card("slopes", {"tanh": np.tanh, "relu": np.sign})
    assert "not answered yet" in card("slopes", dict.fromkeys(("tanh", "relu", "leaky_relu")))
    assert "a dict of functions" in card("slopes", np.tanh) or "no dict of functions" in card(
        "slopes", np.tanh
    )


def replayed(values, piece):
    """Return a function that gives that piece of each value in turn."""
    left = iter(values)
    return lambda z: next(left)[piece]


@pytest.mark.parametrize("exercise_id", [e for e in RIGHT if EXERCISES[e].mistakes])
def test_each_mistake_is_named_by_the_check_itself(exercise_id):
    from course_lib.checking.student.kernel import public_cases

    exercise = EXERCISES[exercise_id]
    cases = [c for c in public_cases(exercise) if exercise.reference(*c) is not None]
    for mistake, answers in exercise.mistakes.items():
        values = [answers(*case)[0] for case in cases]
        given = iter(values)

        def answer(*case, given=given):
            if exercise.refuses and exercise.refuses(*case):
                raise ValueError
            return next(given)

        if exercise.functions:
            answer = {name: replayed(values, n) for n, name in enumerate(exercise.functions)}
        assert check(exercise_id, answer).diagnosis == (mistake,)


def test_the_librarys_own_weight_decay_is_closed_and_only_that():
    weights, X, D = random_network(np.random.default_rng(0), (2, 3, 2), 4)
    with closed(["weight_decay"]):
        assert gradients(weights, X, D)
        with pytest.raises(ClosedError, match="weight_decay"):
            gradients(weights, X, D, weight_decay=0.1)
    assert gradients(weights, X, D, weight_decay=0.1)


def test_the_picture_of_the_layers_says_what_it_shows():
    picture = layer_plot({"a": deep_network(1), "b": (*deep_network(1), tanh)})
    assert "a: 4.4 × 10⁻⁷ in the first layer, 0.35 in the last." in picture.caption.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "a: begins at 4.4" in picture.alt
    assert picture.image.startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="at least one"):
        layer_plot({})
    with pytest.raises(ValueError, match="same depth"):
        layer_plot({"a": deep_network(1), "b": random_network(np.random.default_rng(0), (2, 3, 2), 4)})


def test_what_the_prose_says_of_its_runs():
    names = names_of(LESSON)
    starts = names["runs"]
    assert starts["starts at w = 10"][-1] > 0.99 > starts["starts at w = 1"][-1] * 100  # "hardly learns"
    losses, largest = names["losses"], names["largest"]
    steps = np.flatnonzero(np.isfinite(losses))
    assert 3 <= len(steps) < 20  # "after a few steps"
    assert (np.diff(losses[steps]) > 0).all()
    assert (np.diff(largest[steps]) > 0).all()
    assert names["clipped_losses"][-1] < 1 < names["clipped_losses"][0]
    assert names["clipped_largest"][-1] < 10
    assert first_and_last("sigmoid", 1)[1] / first_and_last("sigmoid", 1)[0] > 1e5  # "almost nothing"
    norms = {a: [first_and_last(a, s) for s in (1, 4)] for a in ("sigmoid", "tanh", "relu")}
    assert norms["sigmoid"][1][0] / norms["sigmoid"][1][1] > norms["sigmoid"][0][0] / norms["sigmoid"][0][1]
    assert norms["tanh"][1][0] > norms["tanh"][1][1]  # "explodes: more in the first layer than in the last"
    relu = [first_and_last("relu", s) for s in SCALES]
    assert all(0.1 < a / b < 10 for a, b in relu)
    assert relu[0][0] < 1e-3 < 1e12 < relu[-1][0]  # "on its way to zero, the last to infinity"


def test_what_weight_decay_does_to_the_penguins():
    names = names_of(LESSON)
    curves = names["curves"]
    assert (
        min(curves["kept aside, decay 0"]) < 0.9 * curves["kept aside, decay 0"][-1]
    )  # "then it rises again"
    assert curves["the twelve, decay 0"][-1] < 0.1 < curves["kept aside, decay 0.001"][-1]
    assert curves["the twelve, decay 0"][-1] < curves["the twelve, decay 0.001"][-1]
    assert curves["kept aside, decay 0.001"][-1] < curves["kept aside, decay 0"][-1]
    assert names["E_aside"][-1] > curves["kept aside, decay 0"][-1]  # of a decay that is too large
    assert sum(names["lower"]) >= 5
    few_X, few_D = names["twelve_birds"](3)
    assert few_D.sum(axis=0).tolist() == [5, 4]
    assert len(few_X) == 12


def test_with_all_birds_decay_only_costs():
    X, D = load_penguins("training")
    start, _, _ = random_network(np.random.default_rng(1), (3, 4, 2), 1)
    ends = []
    for decay in (0, 0.001, 0.01):
        weights = start
        for _ in range(300):
            pairs = zip(weights, gradients(weights, X, D, weight_decay=decay), strict=True)
            weights = [W - g for W, g in pairs]
        y = forward(weights, X).y[1]
        aside = loss(weights, *load_penguins("kept aside"))
        ends.append((total(weights), -aside, -np.median(y * (1 - y))))
    assert all(np.all(np.diff(column) < 0) for column in np.transpose(ends))
