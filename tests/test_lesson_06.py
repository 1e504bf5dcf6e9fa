"""Lesson 06: its broken functions have the mistakes they should, every exercise tells right from wrong, it runs."""

from __future__ import annotations

import ast
import re
import sys
from types import SimpleNamespace

import numpy as np
import pytest

import course_lib
from course_lib import EXERCISES, LESSONS, check, forward, gradients, judge, loss, random_network
from course_lib.activations import sigmoid
from course_lib.checking.calling.mending import InCell
from course_lib.checking.judging.changes import changes
from course_lib.checking.student.kernel import public_cases
from course_lib.exercises.gradient_cases import draw_network
from course_lib.exercises.lesson_06 import famous_example as famous
from course_lib.exercises.lesson_06 import patients
from course_lib.exercises.lesson_06.clinics import PATIENTS, ways
from course_lib.exercises.lesson_06.exercises import MOST_CHANGES
from course_lib.exercises.lesson_06.lower_loss import RATE, STEPS, right_ends, wrong_ends
from course_lib.exercises.lesson_06.mistake_places import mistake_map
from course_lib.exercises.lesson_06.reading import PLACES, VOCABULARY
from course_lib.exercises.lesson_06.showing import verify_clinic
from course_lib.network import mse
from grading import sandbox
from grading.collect import outcomes_on
from grading.intake import versions
from grading.submission import Cell, source_of
from tests import lessons
from tests.corpus import sampling
from tests.lessons import assert_empty, assert_right, assert_wrong, names_of

pytestmark = pytest.mark.sampled
LESSON = "06_bug_clinic"
SHAPES = [(2, 4, 3, 5), (4, 2, 3, 7), (3, 3, 3, 2), (2, 1, 1, 1), (5, 2, 2, 4)]


def S(z):
    return 1 / (1 + np.exp(-z))


# The lines that mend each patient, as few as there are.
MENDS = {
    "clinic_1": [("(o - D)", "(o - D) * slope(net12)")],
    "clinic_2": [
        ("    dW12 = np.outer", "    dW12 += np.outer"),
        ("    dW01 = np.outer", "    dW01 += np.outer"),
    ],
    "clinic_3": [("mean(axis", "sum(axis")],
    "clinic_4": [("nj,jk->nk", "nk,jk->nj")],
    "clinic_5": [
        ("        for k", "        back = 0\n        for k"),
        ("back = delta_k", "back += delta_k"),
        ("2 * (o", "2 / len(X) * (o"),
    ],
    "clinic_6": [("D.size", "len(D)"), ("slope(y[layer + 1])", "slope(net[layer])")],
    "clinic_7": [("D - o", "o - D"), ("W[0]", "weights[1]")],
    "clinic_8": [
        ("np.sqrt((o - D) ** 2)", "o - D"),
        ("* distance", "* distance * slope(net12)"),
        ("(upstream * slope(net12))", "upstream"),
    ],
}
# As small as it can be, with a seed that draws errors of the signs it takes.
SMALLEST = {
    "clinic_1": (1, 1, 1, 1, 1),
    "clinic_2": (1, 1, 1, 1, 2),
    "clinic_3": (1, 1, 1, 2, 1),
    "clinic_4": (1, 1, 2, 2, 1),
    "clinic_5": (1, 1, 1, 2, 2),
    "clinic_6": (1, 1, 1, 1, 3, 1),
    "clinic_7": (1, 1, 1, 1, 1),
    "clinic_8": (1, 1, 1, 1, 2),
}


def patient(clinic):
    return EXERCISES[clinic].patient


def edited(clinic, *edits):
    """The patient's text, changed."""
    text = patient(clinic)
    for before, after in edits:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


def mended(clinic):
    return InCell(edited(clinic, *MENDS[clinic]))


def network(seed, *sizes):
    return random_network(np.random.default_rng(seed), sizes[:-1], sizes[-1])


def inputs(clinic):
    return network(*SMALLEST[clinic])


def right(clinic, **other):
    return {
        "mistakes": set(PATIENTS[clinic].mistakes),
        "shows": inputs(clinic),
        "mended": mended(clinic),
    } | other


def said(clinic, **other):
    """What the card says of an answer that is right but for these entries."""
    return " ".join(str(check(clinic, right(clinic, **other))).split())


def broken(clinic):
    return names_of(LESSON)[clinic.replace("clinic", "broken")]


@pytest.mark.parametrize("clinic", PATIENTS)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_code_of_a_patient_is_what_its_recipe_says(clinic, shape):
    *sizes, N = shape
    sick = PATIENTS[clinic]
    sizes = [sizes[0], *sizes] if sick.layers == 3 else sizes
    for seed in range(4):
        given = random_network(np.random.default_rng(seed), sizes, N)
        if clinic == "clinic_4" and sizes[1] != sizes[2]:
            with pytest.raises(ValueError, match=r"dimension|index j|broadcast|extend"):
                broken(clinic)(*given)
            with pytest.raises(ValueError, match="not square"):
                sick.recipe()(*given)
            continue
        for shown, expected in zip(broken(clinic)(*given), sick.recipe()(*given), strict=True):
            assert shown.shape == expected.shape
            assert np.allclose(shown, expected, rtol=1e-11, atol=1e-14)
        for own, true in zip(sick.right(*given), gradients(*given, activation=sick.activation), strict=True):
            assert np.allclose(own, true)


def test_the_notebook_shows_the_patients_and_their_tools():
    shown = {
        node.name: ast.dump(node)
        for cell in lessons.notebook(LESSON).cells
        if cell.cell_type == "code" and cell.id.endswith("-run")
        for node in ast.parse(cell.source).body
        if isinstance(node, ast.FunctionDef)
    }
    for name in (*patients.TOOLS, *(clinic.replace("clinic", "broken") for clinic in PATIENTS)):
        assert shown[name] == ast.dump(ast.parse(patients.source_of(name)).body[0])


def _numbers(recipe, networks):
    try:
        return np.concatenate([g.ravel() for network in networks for g in recipe(*network)])
    except ValueError:
        return np.empty(0)


def test_no_other_names_fit_a_broken_function():
    rng = np.random.default_rng(5)
    for clinic, sick in PATIENTS.items():
        sizes = ((2, 3, 3), (4, 3, 3)) if sick.layers == 2 else ((2, 2, 3, 3), (4, 3, 3, 3))
        networks = [draw_network(rng, each, activation=sick.activation) for each in sizes]
        truth, found = _numbers(sick.recipe(), networks), []
        for names, recipe in ways(VOCABULARY):
            numbers = _numbers(sick.here(recipe), networks)
            if numbers.shape == truth.shape and np.allclose(numbers, truth, rtol=1e-9, atol=1e-14):
                found.append(names)
        assert sick.names in found
        # What else fits has a name more than it needs.
        assert all(names >= sick.names for names in found), (clinic, found)


@pytest.mark.parametrize("clinic", PATIENTS)
def test_right_answers(clinic):
    assert_right(clinic, right(clinic))
    weights, X, D = inputs(clinic)
    listed = ([W.tolist() for W in weights], X.tolist(), D.tolist())
    assert check(clinic, right(clinic, mistakes=sorted(PATIENTS[clinic].mistakes), shows=listed)).right


@pytest.mark.parametrize("clinic", PATIENTS)
def test_half_an_answer_is_worth_one_point(clinic):
    whole = right(clinic)
    assert_wrong(clinic, {"mended": whole["mended"]}, 1.0)
    assert_wrong(clinic, {"mistakes": whole["mistakes"], "shows": whole["shows"]}, 1.0)
    assert_wrong(clinic, right(clinic, mended=None), 1.0)
    assert_wrong(clinic, {"mistakes": whole["mistakes"]}, 0.0)
    assert_wrong(clinic, {"shows": whole["shows"]}, 0.0)


@pytest.mark.parametrize("clinic", PATIENTS if sampling.WHOLE else ["clinic_3", "clinic_6"])
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
    assert_wrong(clinic, right(clinic, mistakes=names, mended=None))


@pytest.mark.parametrize("clinic", [c for c, sick in PATIENTS.items() if len(sick.mistakes) == 2])
def test_one_name_of_two_is_not_enough(clinic):
    for name in PATIENTS[clinic].mistakes:
        assert_wrong(clinic, right(clinic, mistakes={name}, mended=None))


def _without(clinic):
    """Inputs on which a mistake of `clinic` hides."""
    sizes = {"clinic_2": (2, 4, 3, 1), "clinic_4": (2, 1, 1, 5), "clinic_6": (2, 3, 2, 1, 5)}.get(
        clinic, (2, 4, 1, 5)
    )
    weights, X, D = network(2, *sizes)
    if clinic == "clinic_7":
        # W12 = dE/dW12 up to the sign, found by going there.
        for _ in range(2000):
            weights[1] = weights[1] + 0.5 * (-gradients(weights, X, D)[1] - weights[1])
    if clinic == "clinic_8":
        D = np.zeros_like(D)
    return weights, X, D


@pytest.mark.parametrize("clinic", [c for c in PATIENTS if c != "clinic_1"])
def test_inputs_that_hide_a_mistake_do_not_count(clinic):
    assert "does not show" in said(clinic, shows=_without(clinic))


# With a network that shows it and is too small to clear another mistake: a half, or a sign.
ALIKE = {
    "clinic_6": ((1, 1, 1, 1, 2, 1), "`no_factor_two` and `slope_of_output_h` together"),
    "clinic_7": ((0, 1, 1, 1, 1), "`absolute_error` and `gradient_for_weight` together"),
    "clinic_8": ((0, 1, 1, 1, 2), "`no_output_slope_in_hidden` and `wrong_sign` together"),
}


@pytest.mark.parametrize("clinic", ALIKE)
def test_inputs_have_to_clear_what_is_not_named(clinic):
    drawn, names = ALIKE[clinic]
    assert f"{names} would give the same numbers" in said(clinic, shows=network(*drawn))


LARGER = {
    "clinic_1": ((1, 1, 1, 1, 2), "one sample"),
    "clinic_2": ((1, 2, 1, 1, 2), "one input"),
    "clinic_3": ((1, 1, 2, 2, 1), "one hidden node"),
    "clinic_4": ((1, 1, 3, 3, 1), "one hidden node and one output"),
    "clinic_6": ((1, 1, 1, 1, 4, 1), "one output"),
}


@pytest.mark.parametrize("clinic", LARGER)
def test_nothing_can_be_left_out_of_the_inputs(clinic):
    drawn, less = LARGER[clinic]
    assert f"{less} fewer would do" in said(clinic, shows=network(*drawn))


def test_one_call_for_all_shows_does_not_do():
    """A call of the first edition was worth seven points of eight; now no call is worth more than two."""
    earned = {}
    calls = [(1, 2, 3, 3, 5), SMALLEST["clinic_2"]]
    for call in [*calls, (1, 2, 4, 3, 5), *SMALLEST.values()] if sampling.WHOLE else calls:
        answers = {c: {"mistakes": set(PATIENTS[c].mistakes), "shows": network(*call)} for c in PATIENTS}
        earned[call] = sum(verify_clinic(clinic, (), answer) is None for clinic, answer in answers.items())
    assert earned[calls[0]] == 0
    assert 1 <= max(earned.values()) <= 2


def test_patient_zero_is_convicted_on_the_smallest_network_of_all(monkeypatch):
    zero = type(PATIENTS["clinic_1"])({"no_hidden_slope": 0})
    monkeypatch.setitem(PATIENTS, "zero", zero)
    assert (
        verify_clinic("zero", (), {"mistakes": {"no_hidden_slope"}, "shows": network(1, 1, 1, 1, 1)}) is None
    )


WEIGHTS, X, D = random_network(np.random.default_rng(1), (2, 4, 3), 5)


@pytest.mark.parametrize(
    ("shows", "why"),
    [
        (None, "not answered yet"),
        ((WEIGHTS, X), "three things"),
        ((WEIGHTS[:1], X, WEIGHTS[0][:1].repeat(5, axis=0)), "two matrices"),
        (([W.T for W in WEIGHTS], X, D), "expected"),
        ((WEIGHTS, X * 1j, D), "real numbers"),
        ((WEIGHTS, X * np.nan, D), "numbers between"),
        ((WEIGHTS, X * 1e9, D), "numbers between"),
        ((WEIGHTS, np.ones((9, 2)), np.ones((9, 3))), "above 8"),
        (([np.zeros((2, 4, 4))] * 2, X, D), "expected"),
        ((WEIGHTS, X, forward(WEIGHTS, X).y[-1]), "vanishes"),
        ("abc", "three things"),
        ((1, 2, 3), "expected"),
    ],
)
def test_inputs_that_are_none(shows, why):
    verdict = check("clinic_5", right("clinic_5", shows=shows))
    assert verdict.points == 1.0
    assert why in " ".join(str(verdict).split())


def test_inputs_of_another_network_do_not_count():
    assert "stops with an error" in said("clinic_4", shows=(WEIGHTS, X, D))
    assert "expected three matrices of real numbers, [W01, W12, W23]" in said(
        "clinic_6", shows=(WEIGHTS, X, D)
    )


def test_a_name_too_many_is_said_to_be_one():
    both = {"no_output_slope", "no_output_slope_in_hidden"}
    assert "fewer mistakes" in said("clinic_1", mistakes=both)


def test_the_most_that_may_be_changed_is_what_the_notebook_says():
    prose = lessons.prose(LESSON)
    assert MOST_CHANGES == 6
    assert "at most six nodes of its syntax tree for each mistake in it" in prose["ask"]
    for clinic, sick in PATIENTS.items():
        most = EXERCISES[clinic].most
        assert most == MOST_CHANGES * len(sick.mistakes)
        assert 1 <= len(changes(patient(clinic), mended(clinic).text)) <= most
        assert len(changes(patient(clinic), _solution(clinic))) <= most
    # The notebook's own example.
    zero = _function_in("predict-run"), _function_in("hunt-mended")
    assert [tuple(change) for change in changes(*zero)] == [("", "*"), ("", "slope()"), ("", "net01")]


def _function_in(cell, name=""):
    cells = {each.id: each.source for each in lessons.notebook(LESSON).cells}
    nodes = [node for node in ast.parse(cells[cell]).body if isinstance(node, ast.FunctionDef)]
    return ast.get_source_segment(cells[cell], nodes[-1])


def _solution(clinic):
    return _function_in(clinic.replace("_", "-"))


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("a = b", "a = b", []),
        ("a = b  # why", '"""Why."""\n    a = b', []),
        ("a = b", "a = c", [("b", "c")]),
        ("a = b", "a += b", [("=", "+=")]),
        ("a = b + c", "a = c + b", [("b", "c"), ("c", "b")]),
        ("a = b", "a = f(b)", [("", "f()")]),
        ("a = f(b)", "a = g(b)", [("f()", "g()")]),
        ("a = b.mean(axis=1)", "a = b.sum(axis=1)", [(".mean()", ".sum()")]),
        ("a = b[0, :]", "a = b[:, 0]", [("0", ":"), (":", "0")]),
        ("a = -b", "a = b", [("-", "")]),
        ("a = 1\n    c = 2", "c = 2", [("=", ""), ("a", ""), ("1", "")]),
        ("a = b", "a = [c for c in b]", [("", "[ for ]"), ("", "c"), ("", "c")]),
        ("a = [c for c in b]", "a = [c for c in b for d in c]", [("", "for"), ("", "d"), ("", "c")]),
        ("for a in b:\n        c = a", "for a in b:\n        c += a", [("=", "+=")]),
    ],
)
def test_changed_nodes_are_counted(before, after, changed):
    def function(body):
        return f"def f(x):\n    {body}\n    return x"

    found = changes(function(before), function(after).replace("def f", "def g"))
    assert sorted(map(tuple, found)) == sorted(changed)


def test_what_is_far_too_long_is_not_compared():
    long = "def f(x):\n" + "    x = x + 1\n" * 200 + "    return x"
    assert changes(patient("clinic_1"), long) is None
    assert "too little in common" in said(
        "clinic_1",
        mended=InCell(
            edited("clinic_1", *MENDS["clinic_1"]).replace(
                "    return", "    net12 = net12 + 0\n" * 200 + "    return"
            )
        ),
    )


ZERO = """def patient_zero_mended(weights, X, D):
    W01, W12 = weights
    net01, y, net12, o = forward(weights, X)
    delta_o = 2 / len(X) * (o - D) * slope(net12)
    delta_h = delta_o @ W12.T * slope(net01)
    return [X.T @ delta_h, y.T @ delta_o]
"""
CALL = "patient_zero_mended(weights, X, D)"
COPY = patients.source_of("broken_2").replace("broken_2", "mended_2")
DICT = '\nclinic_2 = {"mistakes": MISTAKES, "shows": SHOWS, "mended": mended_2}'
# What stands in the cell of `clinic_2`. The first was found; each would be a right gradient without being a mend.
SHORTCUTS = {
    "a name of the lesson": DICT.replace("mended_2", "patient_zero_mended"),
    "a function that calls it": f"def mended_2(weights, X, D):\n    return {CALL}\n{DICT}",
    "its name given to another": f"{COPY}\nmended_2 = patient_zero_mended{DICT}",
    "its text, renamed": ZERO.replace("patient_zero_mended", "mended_2") + DICT,
    "the mend of another clinic": edited("clinic_4", *MENDS["clinic_4"]).replace("broken_4", "mended_2")
    + DICT,
    "a lambda": DICT.replace("mended_2}", f"lambda weights, X, D: {CALL}}}"),
    "a decorator": f"@lambda f: patient_zero_mended\n{COPY}{DICT}",
    "a default": f"def mended_2(weights, X, D, f=patient_zero_mended):\n    return f(weights, X, D)\n{DICT}",
    "a text that is run": COPY.replace("    return", f"    return eval('{CALL}')\n    return") + DICT,
    "an import": COPY.replace("    return", "    from course_lib import gradients\n    return") + DICT,
    "a partial": f"from functools import partial\nmended_2 = partial(patient_zero_mended){DICT}",
    "an object": f"class M:\n    def __call__(self, weights, X, D):\n        return {CALL}\nmended_2 = M(){DICT}",
    "the code of another": f"{COPY}\nmended_2.__code__ = patient_zero_mended.__code__{DICT}",
    "a measurement": f"def mended_2(weights, X, D):\n    return measured(weights, X, D)\n{DICT}",
    "the names of a tool": COPY.replace("    return", "    slope.__globals__\n    return") + DICT,
    "a definition in a text": f"exec('mended_2 = patient_zero_mended'){DICT}",
    "a tool of its own": f"{COPY}\ndef forward(weights, X):\n    return patient_zero_mended\n{DICT}",
    "a condition": "if True:\n"
    + "\n".join(f"    {line}" for line in ZERO.splitlines())
    + "\n    mended_2 = "
    + (f"patient_zero_mended{DICT}"),
    "an entry put in later": f"{COPY}{DICT}\nclinic_2['mended'] = patient_zero_mended",
}


@pytest.fixture
def handed_in(monkeypatch):
    """Give what check, and the grader, say of a cell of `clinic_2` below the other cells of the lesson."""
    monkeypatch.syspath_prepend(next(iter(sandbox.__path__)) + "/inside")

    def graded(cell):
        from collector import answer_to

        space = dict(names_of(LESSON))
        space |= {"MISTAKES": {"last_sample_only"}, "SHOWS": inputs("clinic_2")}
        exec(cell, space)
        monkeypatch.setattr(
            sys.modules["__main__"], "In", ["", "clinic_2 = 0", cell, "check()"], raising=False
        )
        submission = SimpleNamespace(
            ask=lambda content, seconds: answer_to(content, space),
            source_of=lambda name: cell if name == "clinic_2" else "",
        )
        exercise = EXERCISES["clinic_2"]
        cases = public_cases(exercise)
        outside = judge(exercise, cases, outcomes_on(submission, exercise, cases, data=True))
        return check("clinic_2", space["clinic_2"]), outside

    return graded


@pytest.mark.parametrize("shortcut", SHORTCUTS)
def test_a_shortcut_is_no_mend(shortcut, handed_in):
    inside, outside = handed_in(SHORTCUTS[shortcut])
    assert (inside.points, outside.points) == (1.0, 1.0), str(inside)
    assert str(inside) == str(outside)


@pytest.mark.parametrize(
    "entry",
    [
        DICT,
        DICT.replace("{", "dict(").replace('"', "").replace(": ", "=").replace("}", ")"),
        DICT.replace("mended_2}", "...}") + '\nclinic_2["mended"] = mended_2',
        "\nparts = [MISTAKES, SHOWS, mended_2]\nclinic_2 = dict(zip(('mistakes', 'shows', 'mended'), parts))",
        f"\n%timeit 3{DICT}",
    ],
)
def test_a_mend_counts_however_the_dict_is_made(entry, handed_in):
    cell = edited("clinic_2", *MENDS["clinic_2"]).replace("broken_2", "mended_2") + "\n" + entry
    if "%" in cell:  # what only a notebook can run
        from course_lib.checking.calling.mending import text_in

        assert text_in(cell, "clinic_2", "mended").startswith("def mended_2")
        return
    inside, outside = handed_in(cell)
    assert inside.right, str(inside)
    assert outside.right


def test_the_cell_that_makes_the_answer_is_the_last_to_do_so():
    sources = [
        "clinic_2 = 1",
        "x = clinic_2\nclinic_2['shows'] = 3",
        "%time 3\nclinic_2 = 2",
        "print('clinic_2 =')",
    ]
    assert source_of([Cell(source) for source in sources], "clinic_2") == sources[2]
    assert source_of([Cell(source) for source in sources[1:2]], "clinic_2") == ""


def test_a_copy_that_is_not_changed_is_no_answer_yet():
    for clinic in PATIENTS:
        unchanged = {"mistakes": ..., "shows": ..., "mended": InCell(patient(clinic))}
        assert "not answered yet" in check(clinic, unchanged).card.headline
    assert "`mended`: not answered yet." in said("clinic_1", mended=InCell(patient("clinic_1")))


def test_the_card_says_what_was_counted():
    assert "`mended`: right." in said("clinic_2")
    assert "2 nodes are changed, of at most 6: `=` became `+=`, `=` became `+=`." in said("clinic_2")
    rewritten = said("clinic_2", mended=InCell(ZERO))
    assert "its values are right, but it is another function" in rewritten
    assert re.search(r"\d\d nodes of its tree are changed, and a mend here changes at most 6", rewritten)
    foreign = said("clinic_2", mended=InCell(f"def f(weights, X, D):\n    return {CALL}"))
    assert "It uses `patient_zero_mended`" in foreign
    assert "the tools `S`, `forward`, `forward_deep`, `np`, `slope`" in foreign
    assert "No `def` of it stands in the cell that makes the answer" in said("clinic_2", mended=InCell(""))


def test_the_card_does_not_name_what_was_left_unmended():
    for clinic, edits in MENDS.items():
        half = edited(clinic, *edits[:-1]) if len(edits) > 1 else edited(clinic, ("return [", "return [0 * "))
        verdict = check(clinic, {"mended": InCell(half)})
        assert verdict.diagnosis == ()
        assert not any(name in str(verdict) for name in PATIENTS[clinic].mistakes)
        assert "What the numbers suggest" not in str(verdict)


def test_an_answer_of_the_first_edition_is_known_and_nobody_gets_0_for_it():
    """The clinics are asked in another form now: what falls short of full points waits for a person."""
    exercises = LESSONS[LESSON].exercises
    first = {e.id: versions.mark(e) for e in exercises} | dict.fromkeys(PATIENTS, "2 12345678")
    told = versions.compared(first, exercises)
    assert told.open == set(PATIENTS)
    assert "Asked in a different form since then: clinic_1, clinic_2" in told.notes[0]


def by_hand(weights, X, D):
    """A right function that is no mend of any patient, with a forward pass that nothing closes."""
    y = S(X @ weights[0])
    o = S(y @ weights[1])
    delta = 2 / len(X) * (o - D) * o * (1 - o)
    return [X.T @ (delta @ weights[1].T * y * (1 - y)), y.T @ delta]


@pytest.mark.parametrize("clinic", PATIENTS)
def test_a_notebook_of_the_first_edition_is_checked_as_it_asked(clinic, monkeypatch):
    sizes = (2, 3, 3, 5) if clinic == "clinic_4" else (2, 4, 3, 5)
    answer = {"mistakes": set(PATIENTS[clinic].mistakes), "shows": network(1, *sizes), "mended": by_hand}
    assert check(clinic, answer).points == 0.0
    for name in ("forward", "broken_1"):
        monkeypatch.setattr(sys.modules["__main__"], name, ..., raising=False)
    assert check(clinic, answer).right
    assert check(clinic, answer | {"mistakes": {"no_weight"}, "mended": gradients}).points == 0.0
    monkeypatch.setattr(sys.modules["__main__"], "forward_deep", ..., raising=False)
    assert check(clinic, answer).points == 0.0


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


@pytest.mark.parametrize("exercise_id", [*PATIENTS, *RIGHT])
def test_no_answer_is_no_answer(exercise_id):
    for answer in (*lessons.EMPTY, {}, {"mistakes": ..., "shows": ..., "mended": ...}):
        assert_empty(exercise_id, answer)


def test_a_number_that_was_not_published_is_said_to_be_none_of_those():
    said = " ".join(str(check("famous_bug", BUG | {"wrong": {"E after one step", "o1", "o2"}})).split())
    assert "'E after one step' is not among the published numbers; 'E after 1 step' is" in said


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
    for shape in [*SHAPES, (2, 3, 4, 2, 5)]:
        weights, X, D = given["make_network"](7, *shape)
        same = network(7, *shape)
        assert all(np.array_equal(a, b) for a, b in zip([*weights, X, D], [*same[0], *same[1:]], strict=True))
        for ours, theirs in ((given["S"], sigmoid), (np.tanh, course_lib.tanh)):
            assert given["loss"](weights, X, D, ours) == pytest.approx(loss(weights, X, D, theirs))
            assert mse(given["forward_deep"](weights, X, ours)[1][-1], D) == pytest.approx(
                loss(weights, X, D, theirs)
            )
    ends = [
        given["trained"](given["patient_zero_mended"], *given["make_network"](s, 3, 4, 2, 7))
        for s in (1, 2, 3)
    ]
    assert [losses[-1] for losses in ends] == pytest.approx(right_ends())
    assert len(ends[0]) == STEPS + 1
    assert RATE == 1.0


def test_the_table_in_the_notebook_is_the_vocabulary_place_by_place():
    table = lessons.prose(LESSON)["table-ids"]
    assert tuple(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == VOCABULARY
    assert len(re.findall(r"^\| \*\*\d · ", table, re.MULTILINE)) == len(PLACES)
    assert len(set(VOCABULARY)) == len(VOCABULARY) == 29
    assert set(VOCABULARY) <= set(course_lib.mistakes.MISTAKES)
    drawn = mistake_map()._repr_html_()
    assert all(f"<code>{name}</code>" in drawn for name in VOCABULARY)
    assert 'role="img"' in drawn
    assert all(place in re.search('aria-label="([^"]*)"', drawn)[1] for place in PLACES)
    assert repr(mistake_map()).count("\n") == len(PLACES) - 1


def test_what_the_tiny_network_hides():
    """The prose warns that it may fool you."""
    exact = []
    for clinic, sick in PATIENTS.items():
        tiny = network(0, 2, *[1] * sick.layers, 1)
        if all(map(np.allclose, broken(clinic)(*tiny), sick.right(*tiny))):
            exact.append(clinic)
    assert exact == ["clinic_2", "clinic_3", "clinic_4", "clinic_5"]
