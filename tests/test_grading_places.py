"""The grader reads a wrong answer as `check` does: values come out of the sandbox, meanings are given outside."""

from __future__ import annotations

import pytest

from course_lib.checking.calling.call import call
from course_lib.checking.judging import judgement
from course_lib.checking.student.kernel import public_cases
from course_lib.checking.student.placing import with_places
from course_lib.exercises import EXERCISES, LESSONS
from course_lib.exercises.from_loss import gradient_exercise
from grading import judged, placing, score
from grading.collect import Collected, collect
from grading.placing import Recorded
from grading.sandbox import Limits, filesystem
from grading.submission import Cell, Submission
from tests.loss_answers import WRITTEN
from tests.mistakes_in_styles import MADE, source_with
from tests.notebook_cells import notebook
from tests.styles import HEAD, source_of

SECRET = b"of these tests"
MADE_IN = {
    (made.mistake, made.style): made
    for made in MADE
    if made.mistake in ("slope_of_output_o", "slope_of_output_h")
}
# An exercise that is made of E alone, and a wrong answer to it.
SLOPE = gradient_exercise(
    WRITTEN["tanh"].E,
    [lambda rng: WRITTEN["tanh"].draw(rng, 7)] * 2,
    id="slope",
    lesson="04_backpropagation",
    points=2,
    title="the gradient",
    asks="slope(w, X, d) → array",
    hints=("Look.", "Think.", "Do."),
)
WRONG_SLOPE = WRITTEN["tanh"].answers[0][0].replace("1 - y**2", "1 + y**2")
SOURCE = source_with(*(made for made in MADE_IN.values() if made.style == "matrices"))


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Collected:
    box, files = tmp_path_factory.mktemp("box"), tmp_path_factory.mktemp("files")
    exercise = EXERCISES["backprop"]
    filesystem.lay_out(box, LESSONS[exercise.lesson])
    right = source_of("output_delta", "matrices")
    cells = [Cell(HEAD), Cell(SOURCE), Cell(right), Cell(WRONG_SLOPE)]
    questions = score.questions([exercise, EXERCISES["output_delta"], SLOPE], SECRET)
    with Submission(cells, str(box), str(files), Limits(cell_seconds=5.0, seconds=60.0)) as submission:
        return collect(submission, questions)


def _verdict(collected: Collected, cell: str):
    exercise = EXERCISES["backprop"]
    placed = placing.found_in(exercise, collected.recorded[exercise.id], cell)
    outcomes = collected.outcomes[exercise.id]
    return score.verdict_on(exercise, SECRET, outcomes, collected.name, placed=placed)


@pytest.mark.sandbox
def test_the_graders_verdict_has_the_places_of_the_check(collected: Collected) -> None:
    verdict = _verdict(collected, SOURCE)
    assert [place.source for place in verdict.places] == ["dS(o)", "dS(y)"]
    assert set(verdict.diagnosis) == {"slope_of_output_o", "slope_of_output_h"}
    assert verdict.points == 0.0


@pytest.mark.sandbox
@pytest.mark.usefixtures("no_hurry")
def test_an_exercise_made_of_e_has_the_same_places_in_both_rooms(collected: Collected) -> None:
    placed = placing.found_in(SLOPE, collected.recorded["slope"], WRONG_SLOPE)
    ((line, source, operands, *_),) = placed.places
    assert (line, source, operands) == (5, "1 + y**2", (("y**2", "of_E:1 − ∂y/∂net"),))
    answer, cases = notebook(WRONG_SLOPE)["slope"], public_cases(SLOPE)
    found = judgement(SLOPE, cases, [call(answer, case) for case in cases])
    assert with_places(SLOPE, answer, found).places == placed.places


@pytest.mark.sandbox
def test_only_a_wrong_answer_is_recorded_and_only_on_a_public_case(collected: Collected) -> None:
    assert collected.recorded["output_delta"] is None
    assert any(collected.recorded["backprop"].case is case for case in public_cases(EXERCISES["backprop"]))


@pytest.mark.sandbox
def test_no_text_but_that_of_the_cell_handed_in_is_shown(collected: Collected) -> None:
    assert _verdict(collected, "# nothing\n").places == ()
    shifted = "\n" + SOURCE
    assert _verdict(collected, shifted).places == ()
    other = SOURCE.replace("dS(o)", "XXXXX")
    assert _verdict(collected, other).places[0].source == "XXXXX"


def test_what_does_not_come_back_is_no_harm() -> None:
    class Silent:
        """Gives no recording."""

        def ask(self, content: dict, seconds: float) -> dict:
            return {"recording": ["str", "nothing"]}

    exercise = EXERCISES["backprop"]
    cases = public_cases(exercise)
    outcomes = [score.Outcome([2 * g**2 for g in exercise.reference(*case)]) for case in cases]
    assert placing.recorded(Silent(), exercise, outcomes) is None
    assert placing.found_in(exercise, None, SOURCE).places == ()
    assert isinstance(Recorded((), None), tuple)


def test_several_rooms_ask_for_one_judgement(monkeypatch: pytest.MonkeyPatch):
    made = []
    monkeypatch.setattr(judged, "judgement", lambda *known: made.append(known) or object())
    exercise, wrong = EXERCISES["dE_dw11_12"], [score.Outcome(value) for value in (1.0, 2.0, 3.0)]
    first = judged.judged(exercise, wrong)
    assert judged.judged(exercise, tuple(wrong)) is first
    assert judged.judged(exercise, [*wrong[:2], score.Outcome(3.0)]) is not first
    assert len(made) == 2
