"""What is put into a diagram is judged by its meaning: symbols one by one, factors by what their product is worth."""

from __future__ import annotations

import itertools

import pytest

from course_lib.checking import Outcome, judge
from course_lib.checking.student.kernel import public_cases
from course_lib.exercises import EXERCISES
from course_lib.exercises.lesson_02.exercises import FILL_SYMBOLS
from course_lib.symbols import PLACES
from tests.corpus import sampling
from tests.diagram_answers import FACTORS, chosen


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    """Make fill_symbols known, also where lesson 02 is not installed."""
    monkeypatch.setitem(EXERCISES, "fill_symbols", FILL_SYMBOLS)


def verdict(exercise_id, value):
    exercise = EXERCISES[exercise_id]
    return judge(exercise, public_cases(exercise), [Outcome(value)])


@pytest.mark.parametrize("weight", FACTORS)
def test_the_right_factors_are_right_in_any_order_and_only_there(weight):
    for other, factors in FACTORS.items():
        assert verdict(f"factors_{weight}", chosen(*factors)).right == (other == weight)
    assert verdict(f"factors_{weight}", chosen(*reversed(FACTORS[weight]))).points == 2.0


@pytest.mark.parametrize("weight", FACTORS)
def test_an_equal_product_in_another_spelling_is_right(weight):
    spelled = {
        "o_n1 - d_n1": ("d_n1 - o_n1", "-1"),
        "S'(net_n1_12)": ("o_n1", "1 - o_n1"),
        "S'(net_n1_01)": ("1 - y_n1", "y_n1"),
        "S'(net_n2_01)": ("y_n2", "1 - y_n2"),
    }
    factors = [name for factor in FACTORS[weight] for name in spelled.get(factor, (factor,))]
    assert len(factors) <= len(EXERCISES[f"factors_{weight}"].slots)
    assert verdict(f"factors_{weight}", chosen(*factors)).right


@pytest.mark.sampled
@pytest.mark.parametrize("weight", FACTORS)
def test_one_factor_left_out_added_or_exchanged_is_wrong(weight):
    right, tiles = FACTORS[weight], EXERCISES[f"factors_{weight}"].tiles
    for n in range(len(right)):
        assert not verdict(f"factors_{weight}", chosen(*right[:n], *right[n + 1 :])).right
    # In the sample every twelfth of these, and every fourth tile at the end: a diagnosis takes its time.
    for (n, factor), (m, tile) in itertools.product(enumerate(right), enumerate(tiles)):
        if tile != factor and (sampling.WHOLE or (n + m) % 12 == 0):
            assert verdict(f"factors_{weight}", chosen(*right[:n], tile, *right[n + 1 :])).points == 0.0
    for tile in tiles if sampling.WHOLE else tiles[len(right) % 4 :: 4]:
        assert not verdict(f"factors_{weight}", chosen(*right, tile)).right


def test_what_the_numbers_suggest_is_said():
    without_two = verdict("factors_w11_12", chosen(*FACTORS["w11_12"][1:]))
    assert without_two.diagnosis == ("no_factor_two",)
    assert verdict("factors_w11_12", chosen(*FACTORS["w11_12"], "-1")).diagnosis == ("wrong_sign",)
    printed = ["y_n1" if name == "w11_12" else name for name in FACTORS["w11_01"]]
    assert verdict("factors_w11_01", chosen(*printed)).diagnosis == ("activation_for_weight",)
    assert "What the numbers suggest" in str(without_two)
    before = ["w11_01" if name == "w11_12" else name for name in FACTORS["w11_01"]]
    assert verdict("factors_w11_01", chosen(*before)).diagnosis == ("weight_before",)
    assert "2 times" in str(verdict("factors_w11_12", chosen(*FACTORS["w11_12"], "2")))


@pytest.mark.parametrize(
    ("weight", "factors", "said"),
    [
        ("w11_12", ("2", "o_n1 - d_n1", "S'(net_n1_12)", "x_n1", "y_n2"), "Look at x_n1: it is not met"),
        ("w12_01", (*FACTORS["w12_01"], "w12_01"), "Look at w_12^(0,1): it is"),
        ("w21_01", ("2", "o_n1 - d_n1", "x_n2", "1 - y_n1"), "All that you chose is met on the way"),
    ],
)
def test_where_the_numbers_suggest_nothing_the_card_leads_along_the_way(weight, factors, said):
    card = str(verdict(f"factors_{weight}", chosen(*factors)))
    assert "What the numbers suggest" not in card
    assert said in card


@pytest.mark.parametrize("weight", FACTORS)
def test_what_is_on_the_way_makes_the_derivative_and_nothing_else_does(weight):
    on_the_way = EXERCISES[f"factors_{weight}"].on_the_way
    assert {*FACTORS[weight]} <= {*on_the_way} < {*EXERCISES[f"factors_{weight}"].tiles}
    # On the hidden side y is there, too: as a part of its slope.
    others = [factors for other, factors in FACTORS.items() if other != weight and other[3:] == weight[3:]]
    assert not any({*factors} <= {*on_the_way} for factors in others)


def test_every_place_filled_is_full_marks_and_each_counts_its_part():
    assert len(PLACES) == 14
    assert verdict("fill_symbols", PLACES).points == 6.0
    for count, slots in ((13, list(PLACES)[1:]), (7, list(PLACES)[::2])):
        partial = verdict("fill_symbols", {slot: PLACES[slot] for slot in slots})
        assert (partial.points, partial.right) == (round(6 * count / 14, 2), False)


def test_the_decks_own_spellings_count_with_a_note():
    deck = {"input_1": "x_1", "input_2": "x_2", "output_1_output": "o_1"}
    deck |= {"hidden_1_output": "y_n1_12", "hidden_2_output": "y_n2_12"}
    noted = verdict("fill_symbols", PLACES | deck)
    assert noted.right
    assert "The slides also" in str(noted)
    assert "The slides also" not in str(verdict("fill_symbols", PLACES))


@pytest.mark.parametrize(
    ("slot", "name"),
    [
        ("input_1_to_hidden_2", "w21_01"),
        ("input_1_to_hidden_1", "w11_12"),
        ("output_1_output", "y_n1"),
        ("output_1_output", "d_n1"),
        ("hidden_1_output", "y_n1_01"),
        ("hidden_1_net", "net_n1_12"),
        ("input_1", "x_2"),
    ],
)
def test_a_telling_distractor_costs_its_place(slot, name):
    assert verdict("fill_symbols", PLACES | {slot: name}).points == round(6 * 13 / 14, 2)


@pytest.mark.parametrize(
    ("slot", "name", "said"),
    [
        ("input_2_to_hidden_1", "w12_01", "this line starts at 2"),
        ("input_1_to_hidden_1", "w12_01", "this line ends at 1"),
        ("input_1_to_hidden_1", "w11_12", "two other layers"),
        ("hidden_2_net", "y_n2", "the place of the net input"),
        ("output_1_output", "net_n1_12", "the place of the output"),
        ("hidden_1_net", "w11_01", "not in a node"),
        ("hidden_1_to_output_1", "y_n1", "is a weight"),
    ],
)
def test_the_card_says_what_a_wrong_symbol_has_to_do_with_its_place(slot, name, said):
    card = " ".join(str(verdict("fill_symbols", PLACES | {slot: name})).split())
    assert said in card
    assert "belong at" not in str(verdict("fill_symbols", PLACES | {"input_1": "x_n2"}))


@pytest.mark.parametrize("name", ["x_n1", "w11_01", "nonsense"])
def test_one_symbol_in_every_place_scores_nothing(name):
    assert verdict("fill_symbols", dict.fromkeys(PLACES, name)).points == 0.0


@pytest.mark.parametrize("value", [{}, None, 7, "x", [], {"input_1": ""}, {"elsewhere": "x_n1"}])
def test_nothing_placed_is_not_answered(value):
    assert verdict("fill_symbols", value).card.state == "unanswered"


@pytest.mark.parametrize("name", ["nonsense", 7, ["2"], None, "o_n2"])
def test_a_strange_factor_costs_the_answer_and_breaks_nothing(name):
    assert verdict("factors_w11_12", {"factor_1": "2", "factor_2": name}).points == 0.0
