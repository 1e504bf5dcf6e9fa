"""How an answer is judged, by the kind of its exercise."""

from collections.abc import Callable, Sequence

from course_lib.checking.calling import Outcome
from course_lib.checking.judging.diagrams import judge_diagram
from course_lib.checking.judging.functions import judge_data, judge_function
from course_lib.checking.judging.judgement import Judgement, Reason
from course_lib.checking.judging.mending import judge_mend
from course_lib.checking.judging.parts import judge_choices, judge_numbers
from course_lib.exercises import Exercise, kinds


def _left_to_others(exercise: Exercise, cases: Sequence[tuple], outcomes: Sequence[Outcome]) -> Judgement:
    return Judgement(0, Reason.MANUAL)


JUDGES: dict[type[Exercise], Callable[..., Judgement]] = {
    kinds.FunctionExercise: judge_function,
    kinds.NumbersExercise: judge_numbers,
    kinds.ChoiceExercise: judge_choices,
    kinds.DataExercise: judge_data,
    kinds.MendExercise: judge_mend,
    kinds.DiagramExercise: judge_diagram,
    kinds.EssayExercise: _left_to_others,
    kinds.PlainExercise: _left_to_others,
}


def judgement(exercise: Exercise, cases: Sequence[tuple], outcomes: Sequence[Outcome]) -> Judgement:
    """Judge the outcomes of an answer on `cases`, in the same order; fewer than cases if it was stopped."""
    return JUDGES[type(exercise)](exercise, cases, outcomes)
