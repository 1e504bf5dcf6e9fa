"""What `check` says of the places in an answer, and where it says nothing of them."""

from __future__ import annotations

import functools
import textwrap
from typing import Any

import pytest

from course_lib import check
from course_lib.checking.cards.places import folds, look_at
from course_lib.checking.judging import Place
from tests.mistakes_in_styles import MADE, source_with
from tests.notebook_cells import notebook, run_cell
from tests.styles import source_of

pytestmark = pytest.mark.usefixtures("no_hurry")

WRONG = source_with(next(made for made in MADE if made.mistake == "gradient_for_weight"))


def test_check_gives_the_places_and_neither_points_nor_verdict_change(monkeypatch: pytest.MonkeyPatch):
    answer = notebook(WRONG)["backprop"]
    with_places = check("backprop", answer)
    monkeypatch.setattr(
        "course_lib.checking.student.kernel.with_places", lambda exercise, answer, found: found
    )
    without = check("backprop", answer)
    assert [place.source for place in with_places.places] == ["delta_o @ dW12.T"]
    assert (
        WRONG.splitlines()[with_places.places[0].line - 1].strip() == "delta_h = delta_o @ dW12.T * dS(net01)"
    )
    assert without.places == ()
    assert with_places == without


def test_the_card_asks_about_the_line_and_keeps_the_meanings_in_a_fold():
    card = check("backprop", notebook(WRONG)["backprop"])
    line = next(number for number, text in enumerate(WRONG.splitlines(), 1) if "delta_o @ dW12.T" in text)
    assert f"Look at line {line}: `delta_o @ dW12.T * dS(net01)`. What should stand there?" in card.card.lines
    fold = card.card.folds[0]
    code, said = fold.parts[0]
    assert code.splitlines()[1].count("^") == len("delta_o @ dW12.T")
    assert said.startswith("`delta_o` is δ^(1,2); `dW12.T` is ∂E/∂W^(1,2).")
    assert "<details" in card._repr_html_()
    assert "δ^(1,2)" not in str(card)
    assert "Folded in the card of the notebook: what stands there" in str(card)


def test_the_definition_of_what_is_wrong_further_on_is_not_called_wrong():
    place = Place(5, "o - d", (("o", "o"),), text="e = o - d", is_definition=True)
    used = Place(7, "e @ e", (), text="return e @ e")
    assert look_at([used, place]) == [
        "Look at line 5: `o - d`. What should stand there?",
        "Then at line 7: `e @ e`.",
    ]
    (fold,) = folds([place])
    assert fold.parts == (
        ("e = o - d\n    ^^^^^", "Further down its value is used, and another one is needed there."),
    )


def test_the_expression_is_underlined_and_not_a_letter_of_another_name():
    (fold,) = folds([Place(1, "o", (), text="e = np.dot(W, o)")])
    assert fold.parts[0][0].splitlines()[1].index("^") == len("e = np.dot(W, ")
    twice = Place(1, "S(o)", (), text="d = S(o) * (1 - S(o))")
    (fold,) = folds([twice, twice])
    assert len(fold.parts) == 1
    (fold,) = folds([Place(1, "o", (), text=f"{'x' * 90}, o")])
    line, mark = fold.parts[0][0].splitlines()
    assert len(line) <= 82
    assert line[mark.index("^")] == "o"


def test_where_a_shape_is_wrong_the_card_says_which_one_came_out():
    source = """
    def output_delta(o, D):
        e = o[:, 0] - D[:, :1]
        return 2 / len(D) * e * o * (1 - o)
    """
    answer = notebook(textwrap.dedent(source))["output_delta"]
    (place,) = check("output_delta", answer).places
    samples = place.shapes[0][0]
    assert place.shapes == ((samples,), (samples, 1), (samples, samples))
    (line,) = look_at([place])
    assert line.endswith(f"The shapes there: ({samples},) and ({samples}, 1) gave ({samples}, {samples}).")


def test_the_question_fits_what_is_wrong():
    place = Place(3, "X.astype(np.float32)", (("X", "x"),), text="X = X.astype(np.float32)")
    assert look_at([place], ("single_precision",)) == ["Look at line 3: `X.astype(np.float32)`."]
    assert look_at([place])[0].endswith("What should stand there?")
    updated = place._replace(operands=(("V.T", "updated_w_12"),))
    assert look_at([updated])[0].endswith("What has happened before that line?")
    assert "no step" not in folds([updated])[0].parts[0][1]
    early = Place(4, "total", (), text="return total", ends_loop=True)
    assert "".join(look_at([early])).endswith(" How often does the loop around it run?")


def test_what_is_no_news_is_not_told():
    operands = (
        ("-most", "limit"),
        ("most", "limit"),
        ("W12", "w_12"),
        ("2", "constant"),
        ("[a, b]", "error"),
    )
    (fold,) = folds([Place(1, "f(x)", operands, text="f(x)")])
    assert [said for _, said in fold.parts] == ["The underlined value is no step of the right computation."]
    (fold,) = folds([Place(1, "f(x)", (("a", "y_1"), ("b", "y_1")), text="f(x)")])
    assert fold.parts[0][1].startswith("`a` and `b` are y^(1). ")


def test_all_that_a_line_gives_is_quoted_where_it_is_short():
    place = Place(2, "d @ V.T", (), text="back = d @ V.T * h * (1 - h)")
    assert look_at([place])[0].startswith("Look at line 2: `d @ V.T * h * (1 - h)`. ")
    for text in ("return [X.T @ e, d @ V.T]", "for e in d @ V.T:", f"e = d @ V.T * {'h' * 70}"):
        assert look_at([place._replace(text=text)])[0].startswith("Look at line 2: `d @ V.T`. ")


def test_what_a_student_writes_is_no_html():
    source = source_of("output_delta", "matrices").replace("o - D", 'o * "<b>".__len__() - D')
    shown = check("output_delta", notebook(source)["output_delta"])._repr_html_()
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown


def test_two_mistakes_that_are_known_at_their_places_are_two_names():
    made = [m for m in MADE if m.style == "matrices" and m.mistake.startswith("slope_of_output")]
    verdict = check("backprop", notebook(source_with(*made))["backprop"])
    assert set(verdict.diagnosis) == {"slope_of_output_o", "slope_of_output_h"}
    assert [place.mistakes for place in verdict.places] == [("slope_of_output_o",), ("slope_of_output_h",)]


@pytest.mark.parametrize(
    "way", ["again = backprop", "again = lambda *a: backprop(*a)", "again = functools.partial(backprop)"]
)
def test_a_patient_gets_no_place_under_another_name_either(way: str):
    space = notebook(WRONG.replace("backprop", "patient_zero") + "backprop = patient_zero\n")
    space["functools"] = functools
    run_cell(f"{way}\n", space)
    verdict = check("backprop", space["again"])
    assert (verdict.right, verdict.places) == (False, ())


@pytest.mark.parametrize("name", ["clinic_3", "broken_4", "patient_zero"])
def test_in_the_notebook_of_the_clinics_there_are_none(name: str):
    space: dict[str, Any] = notebook(WRONG)
    space[name] = None
    assert check("backprop", space["backprop"]).places == ()


def test_a_right_answer_and_one_that_is_not_written_have_none():
    assert check("backprop", notebook(source_of("backprop", "matrices"))["backprop"]).places == ()
    assert check("backprop", None).places == ()
    assert (
        check(
            "output_delta", notebook("def output_delta(o, D):\n    raise KeyError\n")["output_delta"]
        ).places
        == ()
    )


def test_of_two_expressions_that_read_the_same_the_wrong_one_is_underlined():
    source = """
    def hessian_by_hand(x):
        a, b, c = x
        s, m = np.sin(b * c), np.cos(b * c) - b * c * np.sin(b * c)
        return np.array([[2 * b, 2 * a, 0], [2 * a, -c**2 * s, m], [0, m, -c**2 * s]])
    """
    verdict = check("hessian_by_hand", notebook(textwrap.dedent(source))["hessian_by_hand"])
    (place,) = verdict.places
    assert place.source == "-c**2 * s"
    assert place.column == place.text.rindex(place.source)
    code, said = verdict.card.folds[0].parts[0]
    line, mark = code.splitlines()
    assert line.rindex(place.source) == mark.index("^")
    assert said == "`-c**2 * s` is an inner derivative times sin(x₂ x₃). That is not what is asked for."


def test_a_right_value_from_a_line_before_is_not_called_wrong_where_it_is_made():
    source = """
    def hessian_by_hand(x):
        a, b, c = x
        cosine, s = np.cos(b * c), np.sin(b * c)
        return np.array([[2 * b, 2 * a, 0], [2 * a, -c**2 * s, cosine], [0, cosine, -b**2 * s]])
    """
    verdict = check("hessian_by_hand", notebook(textwrap.dedent(source))["hessian_by_hand"])
    assert verdict.diagnosis == ("product_rule",)
    assert [place.line for place in verdict.places] == [5]


def test_of_entries_that_are_listed_the_card_quotes_the_wrong_one():
    place = Place(3, "a + b", (), text="return np.array([a * b, a + b])")
    assert look_at([place]) == ["Look at line 3: `a + b`. What should stand there?"]


def test_no_line_is_to_blame_where_only_the_order_is_wrong():
    source = """
    def forward_pass(W01, W12, X):
        net01 = X @ W01
        y = 1 / (1 + np.exp(-net01))
        net12 = y @ W12
        return net01, net12, y, 1 / (1 + np.exp(-net12))
    """
    card = check("forward_pass", notebook(textwrap.dedent(source))["forward_pass"]).card
    assert card.folds == ()
    assert not any("Look at" in line for line in card.lines)


def test_what_measures_a_slope_at_a_point_has_no_places():
    source = """
    def sigmoid_slope(z):
        return (1 / (1 + np.exp(-z - 1e-3)) - 1 / (1 + np.exp(-z))) / 1e-3
    """
    moved = source.replace("(-z - 1e-3)", "(-(z + 1e-3))")
    assert check("sigmoid_slope", notebook(textwrap.dedent(moved))["sigmoid_slope"]).places == ()
