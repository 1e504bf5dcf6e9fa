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
from course_lib.exercises.deep import ACTIVATIONS, SCALES, deep_network, first_and_last
from tests import lessons
from tests.lessons import assert_empty, assert_right, assert_wrong, names_of

LESSON = "05_vanishing_and_exploding_gradients"
POINTS = {
    "saturated_beyond": 2,
    "slopes": 4,
    "layer_norms": 4,
    "rescue": 3,
    "shrink_bound": 3,
    "clip_by_global_norm": 4,
    "clip_what": 2,
    "decayed_gradients": 4,
}


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


@pytest.mark.parametrize("exercise_id", POINTS)
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


@pytest.mark.parametrize("exercise_id", POINTS)
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
    assert "is to raise a ValueError, and it gave 0.0" in card(
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


@pytest.mark.parametrize("exercise_id", [e for e in POINTS if EXERCISES[e].mistakes])
def test_each_mistake_is_named_by_the_check_itself(exercise_id):
    from course_lib.checking.kernel import public_cases

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
    assert "a: 4.4e-07 in the first layer, 0.35 in the last." in picture.caption
    assert "a: begins at 4.4" in picture.alt
    assert picture.png.startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="at least one"):
        layer_plot({})
    with pytest.raises(ValueError, match="same depth"):
        layer_plot({"a": deep_network(1), "b": random_network(np.random.default_rng(0), (2, 3, 2), 4)})


WEIGHTS, X, D = random_network(np.random.default_rng(11), (2, 4, 3, 2), 5)
NET, Y = forward(WEIGHTS, X)
DEEP_A, DEEP_B = np.array([1.0, -2.0, 0.5]), np.array([0.3, 0.1, 2.0])
Z = np.array([-3.0, -0.4, 0.7, 2.5])


def by_net(layer):
    """dE/dnet of a layer, measured by moving the net input itself."""

    def error(net):
        y = sigmoid(net)
        for W in WEIGHTS[layer + 1 :]:
            y = sigmoid(y @ W)
        return ((y - D) ** 2).sum() / len(D)

    return course_lib.numerical_gradient(error, NET[layer])


def carried(layer):
    N, J, K = len(X), *WEIGHTS[layer + 1].shape
    behind = by_net(layer + 1)
    slope = sigmoid(NET[layer]) * (1 - sigmoid(NET[layer]))
    total = [
        [sum(WEIGHTS[layer + 1][j, k] * behind[n, k] for k in range(K)) for j in range(J)] for n in range(N)
    ]
    return slope * np.array(total)


def one_sample_ratio():
    weights, x, d = random_network(np.random.default_rng(3), (3, 4, 4, 2), 1)
    slope = [slopes.sigmoid(net) for net in forward(weights, x).net]
    deltas = [2 * (forward(weights, x).y[-1] - d) * slope[-1]]
    for layer in (1, 0):
        deltas.insert(0, deltas[0] @ weights[layer + 1].T * slope[layer])
    bound = np.prod([np.linalg.norm(W, 2) / 4 for W in weights[1:]])
    return weights, np.linalg.norm(deltas[0]) / np.linalg.norm(deltas[-1]), bound


def leaves_below(ratio, bound):
    assert 0 < ratio <= bound
    return bound


def total(weights):
    return sum(W[i, j] ** 2 for W in weights for i in range(W.shape[0]) for j in range(W.shape[1]))


G = [np.array([[3.0, 1.0]]), np.array([[4.0], [2.0]])]
# The formula as the notebook prints it -> (the same symbols evaluated here, what the code computes).
FORMULAS = {
    r"\delta_{nj}^{(l-1,l)} = S'(net_{nj}^{(l-1,l)}) \sum_k w_{jk}^{(l,l+1)}\, \delta_{nk}^{(l,l+1)}": lambda n: (
        np.hstack([carried(0), carried(1)]),
        np.hstack([by_net(0), by_net(1)]),
    ),
    r"S'(z) = S(z)\,(1 - S(z)) = \frac{e^{-|z|}}{(1 + e^{-|z|})^2}": lambda n: (
        [np.exp(-abs(Z)) / (1 + np.exp(-abs(Z))) ** 2] * 2,
        [slopes.sigmoid(Z), sigmoid(Z) * (1 - sigmoid(Z))],
    ),
    r"\tanh(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}} \qquad \text{relu}(z) = \max(0, z) \qquad \text{leaky}(z) = "
    r"\begin{cases} z & z > 0 \\ 0.01\, z & z \le 0 \end{cases}": lambda n: (
        [
            (np.exp(Z) - np.exp(-Z)) / (np.exp(Z) + np.exp(-Z)),
            [max(0, z) for z in Z],
            [z if z > 0 else 0.01 * z for z in Z],
        ],
        [tanh(Z), course_lib.relu(Z), course_lib.leaky_relu(Z)],
    ),
    r"\| A \| = \sqrt{\sum_i \sum_j a_{ij}^2}": lambda n: (
        [np.sqrt(total([g])) for g in gradients(WEIGHTS, X, D, tanh)],
        n["layer_norms"](WEIGHTS, X, D, tanh),
    ),
    r"\|\delta^{(0,1)}\| \;\le\; \prod_{l=1}^{L-1} \frac{\|W^{(l,l+1)}\|_2}{4}\; \|\delta^{(L-1,L)}\|": lambda n: (
        leaves_below(*one_sample_ratio()[1:]),
        n["shrink_bound"](one_sample_ratio()[0]),
    ),
    r"\|g\| = \sqrt{\sum_l \sum_i \sum_j (g_{ij}^{(l,l+1)})^2} \qquad\qquad g \leftarrow \frac{c}{\|g\|}\, g "
    r"\quad \text{if } \|g\| > c": lambda n: (
        all_entries(G) * 2.0 / np.sqrt(total(G)),
        [all_entries(f(G, 2.0)) for f in (n["clip_by_global_norm"], course_lib.clip_by_global_norm)],
    ),
    r"\cos(a, b) = \frac{a \cdot b}{\|a\|\, \|b\|}": lambda n: (
        cosine(*clipped_errors(n)),
        [n["clip_what"]["cosine"], EXERCISES["clip_what"].reference()["cosine"]],
    ),
    r"E_\lambda = E + \lambda \sum_l \sum_i \sum_j (w_{ij}^{(l,l+1)})^2": lambda n: (
        loss(WEIGHTS, X, D) + 0.1 * total(WEIGHTS),
        loss(WEIGHTS, X, D, weight_decay=0.1),
    ),
}


def cosine(a, b):
    return sum(a * b) / (np.sqrt(sum(a * a)) * np.sqrt(sum(b * b)))


def clipped_errors(names):
    """The true gradient, and the one in which the errors are clipped, by the chain rule written out."""
    weights, X, D = (names[f"clip_{name}"] for name in ("weights", "X", "D"))
    net, y = forward(weights, X)
    delta = 2 / len(X) * np.clip(y[-1] - D, -0.3, 0.3) * slopes.sigmoid(net[-1])
    found = []
    for layer in (2, 1, 0):
        found.insert(0, y[layer].T @ delta)
        delta = delta @ weights[layer].T * slopes.sigmoid(net[layer - 1]) if layer else delta
    return all_entries(gradients(weights, X, D)), all_entries(found)


def test_every_displayed_formula_is_in_the_table():
    assert lessons.displayed(LESSON) == {lessons.squeezed(formula) for formula in FORMULAS}


@pytest.mark.parametrize("formula", FORMULAS, ids=range(len(FORMULAS)))
def test_a_formula_shown_is_what_the_code_computes(formula):
    shown, computed = FORMULAS[formula](names_of(LESSON))
    assert np.allclose(shown, computed, rtol=1e-7, atol=1e-9)


# Statement of the deck -> (cell that teaches it, words that stand there, exercise that asks for it).
DECK = {
    "the derivative of sigmoid is zero far out": (
        "flat",
        "the derivative of sigmoid is zero",
        "saturated_beyond",
    ),
    "and it is nearly zero": ("flat-2", "**nearly zero**", "saturated_beyond"),
    "no propagation of gradients backward": ("flat", "no propagation of gradients backward", "layer_norms"),
    "hence learning stops": ("flat", "Hence learning stops", "rescue"),
    "another activation function may help": ("others", "choosing some other activation function", "slopes"),
    "exploding is the opposite of vanishing": ("exploding", "is the opposite of vanishing gradient", None),
    "large gradients accumulate, large weights": ("exploding", "unstable network with large weights", None),
    "gradient clipping": (
        "exploding-2",
        "Gradient clipping and weight regularization",
        "clip_by_global_norm",
    ),
    "weight regularization": ("decay", "**Weight regularization**", "decayed_gradients"),
    "S and S'": ("flat", r"S'(z) = S(z)\,(1 - S(z))", "saturated_beyond"),
}


@pytest.mark.parametrize("statement", DECK)
def test_a_statement_of_the_deck_is_taught(statement):
    cell, words, exercise = DECK[statement]
    assert words in lessons.squeezed(lessons.prose(LESSON)[cell])
    assert exercise is None or exercise in POINTS


def test_the_lesson_is_worth_what_it_should_be():
    assert lessons.points_of(LESSON) == POINTS
    assert sum(POINTS.values()) == 26


def test_the_solved_notebook_earns_every_point(tmp_path):
    book = lessons.run(LESSON, "solutions", tmp_path)
    assert lessons.scores(book) == POINTS
    assert lessons.stderr(book) == []
    pictures = lessons.figures(book)
    assert len(pictures) == 6
    assert all('alt="' in text and "<figcaption>" in text for text in pictures)
    assert not any(" nan" in text or " inf" in text for text in pictures)


def test_the_released_notebook_runs_unanswered(tmp_path):
    book = lessons.run(LESSON, "notebooks", tmp_path)
    assert lessons.scores(book) == dict.fromkeys(POINTS, 0.0)
    assert lessons.stderr(book) == []


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
    assert relu[0][0] < 1e-3 < 1e12 < relu[-1][0]  # "on its way to nothing, the last to infinity"


def test_what_weight_decay_does_to_the_penguins():
    X, D = load_penguins()
    start, _, _ = random_network(np.random.default_rng(1), (3, 4, 2), 1)
    ends = []
    for decay in (0, 0.0001, 0.001, 0.01):
        weights = start
        for _ in range(500):
            weights = [
                W - g for W, g in zip(weights, gradients(weights, X, D, weight_decay=decay), strict=True)
            ]
        y = forward(weights, X).y[1]
        ends.append((total(weights), -loss(weights, X, D), -np.median(y * (1 - y))))
    assert all(np.all(np.diff(column) < 0) for column in np.transpose(ends))
