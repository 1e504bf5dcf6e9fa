"""Lesson 06: its broken functions have the mistakes they should, every exercise tells right from wrong, it runs."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest

import course_lib
from course_lib import check, forward, gradients, loss, random_network
from course_lib.exercises.gradient_cases import draw_network
from course_lib.exercises.lesson_06 import famous_example as famous
from course_lib.exercises.lesson_06.clinics import CLINICS, recipe_of
from course_lib.exercises.lesson_06.lower_loss import RATE, STEPS, right_ends, wrong_ends
from course_lib.exercises.lesson_06.reading import VOCABULARY
from course_lib.mistakes import RECIPES
from course_lib.mistakes.recipes import combined
from tests import lessons
from tests.corpus import sampling
from tests.lessons import assert_empty, assert_right, assert_wrong, names_of
from tests.test_right_answers import by_einsum, by_loops, by_sample

pytestmark = pytest.mark.sampled
LESSON = "06_bug_clinic"
SHAPES = [(2, 4, 3, 5), (4, 2, 3, 7), (3, 3, 3, 2), (2, 1, 1, 1), (5, 2, 2, 4)]


def S(z):
    return 1 / (1 + np.exp(-z))


def own(way):
    """A right gradient of the tests, with a forward pass that nothing closes."""

    def answer(weights, X, D):
        y = S(X @ weights[0])
        o = S(y @ weights[1])
        delta = 2 / len(X) * (o - D) * o * (1 - o)
        if way == "einsum":
            hidden = np.einsum("nk,jk,nj->nj", delta, weights[1], y - y**2)
            return np.einsum("ni,nj->ij", X, hidden), np.einsum("nj,nk->jk", y, delta)
        if way == "samples":
            shares = [
                (np.outer(x, weights[1] @ d * h * (1 - h)), np.outer(h, d))
                for x, h, d in zip(X, y, delta, strict=True)
            ]
            return [sum(share[0] for share in shares), sum(share[1] for share in shares)]
        return [X.T @ (delta @ weights[1].T * y * (1 - y)), y.T @ delta]

    return answer


WAYS = [own(way) for way in ("matrices", "einsum", "samples")]


def inputs(clinic, seed=1, N=5):
    return random_network(np.random.default_rng(seed), (2, 3, 3) if clinic == "clinic_4" else (2, 4, 3), N)


def right(clinic, **other):
    return {"mistakes": set(CLINICS[clinic]), "shows": inputs(clinic), "mended": WAYS[0]} | other


def broken(clinic):
    return names_of(LESSON)[clinic.replace("clinic", "broken")]


@pytest.mark.parametrize("clinic", CLINICS)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_code_in_the_notebook_is_what_its_recipe_says(clinic, shape):
    *sizes, N = shape
    for seed in range(4):
        network = random_network(np.random.default_rng(seed), sizes, N)
        if clinic == "clinic_4" and sizes[1] != sizes[2]:
            with pytest.raises(ValueError, match=r"dimension|index j|broadcast|extend"):
                broken(clinic)(*network)
            with pytest.raises(ValueError, match="not square"):
                recipe_of(clinic)(*network)
            continue
        for shown, expected in zip(broken(clinic)(*network), recipe_of(clinic)(*network), strict=True):
            assert shown.shape == expected.shape
            assert np.allclose(shown, expected, rtol=1e-11, atol=1e-14)


def _numbers(recipe, networks):
    try:
        return np.concatenate([g.ravel() for network in networks for g in recipe(*network)])
    except ValueError:
        return np.empty(0)


def test_no_other_names_fit_a_broken_function():
    rng = np.random.default_rng(5)
    networks = [draw_network(rng, sizes) for sizes in ((2, 3, 3), (4, 3, 3))]
    ways = [(name, recipe) for name in VOCABULARY for recipe in RECIPES.get(name, ())]
    pairs = [*((way,) for way in ways), *combinations(ways, 2)]
    found = {clinic: [] for clinic in CLINICS}
    truths = {clinic: _numbers(recipe_of(clinic), networks) for clinic in CLINICS}
    for pair in pairs:
        recipe = combined(r for _, r in pair)
        numbers = _numbers(recipe, networks) if recipe else np.empty(0)
        for clinic, truth in truths.items():
            if numbers.shape == truth.shape and np.allclose(numbers, truth, rtol=1e-9, atol=1e-14):
                found[clinic].append({name for name, _ in pair})
    for clinic, sets in found.items():
        assert set(CLINICS[clinic]) in sets
        # What else fits has a name more than it needs.
        assert all(names >= set(CLINICS[clinic]) for names in sets), (clinic, sets)


@pytest.mark.parametrize("clinic", CLINICS)
def test_right_answers(clinic):
    assert_right(clinic, names_of(LESSON)[clinic])
    for seed, mended in enumerate(WAYS):
        assert_right(clinic, right(clinic, shows=inputs(clinic, seed + 3), mended=mended))
    assert_right(clinic, right(clinic, mistakes=sorted(CLINICS[clinic]), shows=list(inputs(clinic, 9, 3))))
    weights, X, D = inputs(clinic, 4)
    assert_right(clinic, right(clinic, shows=([W.tolist() for W in weights], X.tolist(), D.tolist())))


@pytest.mark.parametrize("clinic", CLINICS)
def test_half_an_answer_is_worth_one_point(clinic):
    whole = right(clinic)
    assert_wrong(clinic, {"mended": whole["mended"]}, 1.0)
    assert_wrong(clinic, {"mistakes": whole["mistakes"], "shows": whole["shows"]}, 1.0)
    assert_wrong(clinic, right(clinic, mended=broken(clinic)), 1.0)
    assert_wrong(clinic, right(clinic, mended=None), 1.0)
    assert_wrong(clinic, {"mistakes": whole["mistakes"]}, 0.0)
    assert_wrong(clinic, {"shows": whole["shows"]}, 0.0)


@pytest.mark.parametrize("clinic", CLINICS)
@pytest.mark.parametrize(
    "names",
    [
        set(VOCABULARY),
        set(),
        {"no_factor_two"},
        {"updated_weight"},
        {"swapped_layers", "no_weight"},
        {"transposed_gradient"},
        {"broken"},
        "wrong_sign",
        3,
        {3},
        None,
    ],
)
def test_wrong_names(clinic, names):
    assert_wrong(clinic, right(clinic, mistakes=names, mended=broken(clinic)))


@pytest.mark.parametrize("clinic", [c for c in CLINICS if len(CLINICS[c]) == 2])
def test_one_name_of_two_is_not_enough(clinic):
    for name in CLINICS[clinic]:
        assert_wrong(clinic, right(clinic, mistakes={name}, mended=broken(clinic)))


def _without(clinic):
    """Inputs on which a mistake of `clinic` hides."""
    if clinic == "clinic_1":
        return None
    sizes, N = {"clinic_2": ((2, 4, 3), 1), "clinic_3": ((2, 4, 1), 5), "clinic_4": ((2, 1, 1), 5)}.get(
        clinic, ((2, 4, 1), 5)
    )
    weights, X, D = random_network(np.random.default_rng(2), sizes, N)
    if clinic == "clinic_7":
        # W12 = dE/dW12 up to the sign, found by going there.
        for _ in range(2000):
            weights[1] = weights[1] + 0.5 * (-gradients(weights, X, D)[1] - weights[1])
    if clinic == "clinic_8":
        D = np.zeros_like(D)
    return weights, X, D


@pytest.mark.parametrize("clinic", [c for c in CLINICS if c != "clinic_1"])
def test_inputs_that_hide_a_mistake_do_not_count(clinic):
    verdict = check(clinic, right(clinic, shows=_without(clinic)))
    assert verdict.points == 1.0
    assert "does not show" in " ".join(str(verdict).split())


WEIGHTS, X, D = random_network(np.random.default_rng(1), (2, 4, 3), 5)


@pytest.mark.parametrize(
    ("shows", "said"),
    [
        (None, "not answered yet"),
        ((WEIGHTS, X), "three things"),
        ((WEIGHTS[:1], X, WEIGHTS[0][:1].repeat(5, axis=0)), "two matrices"),
        (([W.T for W in WEIGHTS], X, D), "expected"),
        ((WEIGHTS, X * 1j, D), "real numbers"),
        ((WEIGHTS, X * np.nan, D), "numbers between"),
        ((WEIGHTS, X * 1e9, D), "numbers between"),
        ((WEIGHTS, np.ones((60, 2)), np.ones((60, 3))), "above 50"),
        (([np.zeros((2, 4, 4))] * 2, X, D), "expected"),
        ((WEIGHTS, X, forward(WEIGHTS, X).y[-1]), "vanishes"),
        ("abc", "three things"),
        ((1, 2, 3), "expected"),
    ],
)
def test_inputs_that_are_none(shows, said):
    verdict = check("clinic_5", right("clinic_5", shows=shows))
    assert verdict.points == 1.0
    assert said in " ".join(str(verdict).split())


def test_inputs_with_which_the_function_stops_do_not_count():
    assert "stops with an error" in " ".join(
        str(check("clinic_4", right("clinic_4", shows=(WEIGHTS, X, D)))).split()
    )


def changing(weights, X, D):
    found = WAYS[0](weights, X, D)
    X *= 0
    return found


@pytest.mark.parametrize(
    "mended",
    [
        gradients,
        by_loops,  # these use the library's forward pass
        by_einsum,
        by_sample,
        changing,
        lambda *case: course_lib.numerical_gradients(lambda w: loss(w, *case[1:]), case[0]),
        lambda *case: names_of(LESSON)["measured"](*case),
        lambda *case: WAYS[0](*case)[::-1],
        lambda *case: [g * 1.001 for g in WAYS[0](*case)],
        lambda *case: [g.T for g in WAYS[0](*case)],
        lambda *case: WAYS[0](*case)[0],
        lambda *case: 1 / 0,
        lambda: 3,
        "WAYS[0]",
        WAYS,
    ],
)
def test_wrongly_mended(mended):
    for clinic in ("clinic_2", "clinic_6"):
        assert_wrong(clinic, right(clinic, mended=mended), 1.0)


def test_a_name_too_many_is_said_to_be_one():
    both = {"no_output_slope", "no_output_slope_in_hidden"}
    assert "fewer mistakes" in " ".join(str(check("clinic_1", right("clinic_1", mistakes=both))).split())


def test_the_card_does_not_name_what_was_left_unmended():
    for clinic, ids in CLINICS.items():
        wrong = broken(clinic)
        for mended in (wrong, lambda *case, f=wrong: [g / 2 for g in f(*case)]):
            verdict = check(clinic, {"mended": mended})
            assert verdict.diagnosis == ()
            assert not any(name in str(verdict) for name in ids)
            assert "What the numbers suggest" not in str(verdict)


BUG = {
    "wrong": {"E after 1 step", "o1 after 10000 steps", "o2 after 10000 steps"},
    "mistake": "updated_weight",
}


def blind(W01, inputs, targets):
    W01, X, D = np.array(W01), np.array(inputs), np.array(targets)
    return lambda: ([W01, np.repeat(S(X @ W01)[:1].T, D.shape[1], axis=1)], X, D)


RIGHT = {
    "famous_bug": [BUG, BUG | {"wrong": sorted(BUG["wrong"])}, BUG | {"mistake": {"updated_weight"}}],
    "lower_loss": [
        "no_output_slope",
        "slope_is_sigmoid",
        {"no_output_slope_in_hidden"},
        "slope_is_one_minus",
    ],
    "blind_spot": [
        blind([[0.4, -0.7], [0.9, 0.3]], [[1, -0.5], [1, -0.5]], [[0.1], [0.2]]),
        # The second input counts for nothing, so it may differ.
        blind([[0.4, -0.7, 1.2], [0, 0, 0]], [[1, 2], [1, 5], [1, -1.5]], [[0.1], [0.2], [0.0]]),
        blind([[0.4, -0.7], [0.9, 0.3]], [[1, -0.5]] * 3, [[0.1, 0.2], [0.0, 0.1], [0.3, 0.0]]),
    ],
}
WRONG = {
    "famous_bug": [
        {},
        {"wrong": BUG["wrong"]},
        {"mistake": BUG["mistake"]},
        BUG | {"mistake": "wrong_sign"},
        BUG | {"mistake": set(VOCABULARY)},
        BUG | {"wrong": set(famous.PUBLISHED)},
        BUG | {"wrong": {"o1", "o2", "E"}},
        BUG | {"wrong": {"E after 1 step"}},
        BUG | {"wrong": {"E", "o1 after 10000 steps", "o2 after 10000 steps"}},
        BUG | {"wrong": {"E after one step", "o1", "o2"}},
        BUG | {"wrong": set()},
        "updated_weight",
    ],
    "lower_loss": [
        "sum_over_samples",
        "no_factor_two",
        "wrong_sign",
        "updated_weight",
        "no_hidden_slope",
        "transposed_gradient",
        "slope_on_net",
        "no_such_id",
        set(VOCABULARY),
        set(),
        3,
    ],
    "blind_spot": [
        lambda: (WEIGHTS, X, D),
        lambda: random_network(np.random.default_rng(1), (2, 1, 1), 3),
        # One sample; the right gradient small, or zero; the weights right for the first sample only; turned round.
        blind([[0.4, -0.7], [0.9, 0.3]], [[1, -0.5]], [[0.1]]),
        blind([[0.4, -0.7], [0.9, 0.3]], [[1, -0.0005], [1, -0.0005]], [[0.1], [0.2]]),
        blind([[0.4, -0.7], [0.9, 0.3]], [[0, 0], [0, 0]], [[0.1], [0.2]]),
        blind([[0.4, -0.7], [0.9, 0.3]], [[1, -0.5], [-1, 0.5]], [[0.1], [0.2]]),
        lambda: RIGHT["blind_spot"][0]()[::-1],
        lambda: "here",
        lambda: 1 / 0,
    ],
}


def test_a_blind_spot_may_have_a_small_gradient():
    """What counts as small is a share of the largest entry; whether the lines agree comes first."""
    small = blind([[0.4, -0.7], [0.9, 0.3]], [[1e-6, -5e-7]] * 2, [[0.1], [0.2]])
    assert check("blind_spot", small).right
    said = " ".join(str(check("blind_spot", lambda: (WEIGHTS, X * [1, 1e-6], D))).split())
    assert "the printed formula gives" in said
    uneven = blind([[0.4, -0.7], [0.9, 0.3]], [[1, -5e-5]] * 2, [[0.1], [0.2]])
    said = " ".join(str(check("blind_spot", uneven)).split())
    assert "two agree" in said
    assert "at least 0.001 of the largest" in said


@pytest.mark.parametrize("exercise_id", RIGHT)
def test_the_other_exercises(exercise_id):
    for answer in RIGHT[exercise_id]:
        assert_right(exercise_id, answer)
    for answer in WRONG[exercise_id]:
        assert_wrong(exercise_id, answer)


@pytest.mark.parametrize("exercise_id", [*CLINICS, *RIGHT])
def test_no_answer_is_no_answer(exercise_id):
    for answer in (*lessons.EMPTY, {}, {"mistakes": ..., "shows": ..., "mended": ...}):
        assert_empty(exercise_id, answer)


def test_a_lower_loss_is_lower_by_far():
    """What counts and what does not are not decided by the last digits, so no other machine decides otherwise."""
    for name in sorted(VOCABULARY)[:: 1 if sampling.WHOLE else 4]:
        for ends in wrong_ends(name):
            gaps = [w / r - 1 for w, r in zip(ends, right_ends(), strict=True)]
            assert not np.isfinite(max(gaps)) or abs(max(gaps)) > 1e-3, (name, gaps)


def test_the_famous_numbers():
    assert len(famous.disagreeing()) == 3
    late = famous.recomputed(updated_first=True)
    by_hand = {"dE/dw1", "new w1"}
    # The mistake explains every published total, the wrong ones included.
    assert all(famous.agrees(name, value) for name, value in late.items() if name not in by_hand)
    assert f"{famous.recomputed()['E after 1 step']:.9f}" == "0.291027774"
    assert {k: float(v) for k, v in famous.PUBLISHED.items()} == names_of(LESSON)["published"]
    given = names_of(LESSON)
    for name in ("W01", "W12"):
        assert np.array_equal(given[f"{name}_start"], getattr(famous, name))
    assert (given["b1"], given["b2"], given["eta"]) == (famous.B01, famous.B12, famous.RATE)
    assert given["right"] == pytest.approx(famous.recomputed(), rel=1e-10)


def test_the_tools_are_the_librarys():
    given = names_of(LESSON)
    for I, J, K, N in SHAPES:
        weights, X, D = given["make_network"](7, I, J, K, N)
        same = random_network(np.random.default_rng(7), (I, J, K), N)
        assert all(np.array_equal(a, b) for a, b in zip([*weights, X, D], [*same[0], *same[1:]], strict=True))
        assert given["loss"](weights, X, D) == pytest.approx(loss(weights, X, D))
    ends = [
        given["trained"](given["patient_zero_mended"], *given["make_network"](s, 3, 4, 2, 7))
        for s in (1, 2, 3)
    ]
    assert [losses[-1] for losses in ends] == pytest.approx(right_ends())
    assert len(ends[0]) == STEPS + 1
    assert RATE == 1.0


def test_the_table_in_the_notebook_is_the_vocabulary():
    ids = re.findall(r"^\| `(\w+)` \|", lessons.prose(LESSON)["table"], re.MULTILINE)
    assert sorted(ids) == sorted(VOCABULARY)
    assert set(VOCABULARY) <= set(course_lib.mistakes.MISTAKES)


def test_what_the_tiny_network_hides():
    """The prose warns that it may fool you."""
    tiny = names_of(LESSON)["tiny"]
    exact = [c for c in CLINICS if all(map(np.allclose, broken(c)(*tiny), gradients(*tiny)))]
    assert exact == ["clinic_2", "clinic_3", "clinic_4", "clinic_5"]
