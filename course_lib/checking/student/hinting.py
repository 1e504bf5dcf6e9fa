"""`hint`: one of the three hints of an exercise."""

import sys
from dataclasses import dataclass

from course_lib.checking.cards.card_html import inline
from course_lib.checking.cards.hints import STEPS
from course_lib.exercises import Exercise, find
from course_lib.inputs import as_count


@dataclass(frozen=True)
class Hint:
    """One hint of an exercise, shown as text or as HTML."""

    exercise: Exercise
    step: int

    @property
    def _more(self) -> str:
        last = self.step == len(self.exercise.hints)
        return (
            "This is the last hint." if last else f"`hint({self.exercise.id!r}, {self.step + 1})` says more."
        )

    def __repr__(self) -> str:
        return (
            f"Hint {self.step} ({STEPS[self.step - 1]}): {self.exercise.hints[self.step - 1]}\n{self._more}"
        )

    def _ipython_display_(self) -> None:
        """Show nothing: `hint` has shown it."""

    def _repr_html_(self) -> str:
        text, step = self.exercise.hints[self.step - 1], STEPS[self.step - 1]
        body = f"<b>Hint {self.step}, {step}.</b> {inline(text)} {inline(self._more)}"
        return f'<div style="max-width:46em;line-height:1.45;margin:.3em 0">{body}</div>'


def hint(exercise_id: str, step: int = 1) -> Hint:
    """Show a hint: step 1 says where to look, 2 names the term, 3 works out a similar case. Hints cost nothing.

    Parameters
    ----------
    exercise_id : str
        Such as ``"dE_dw11_12"``.
    step : int
        From 1; beyond the last step, the last hint is shown.
    """
    exercise = find(exercise_id)
    step = as_count("step", step, least=1)
    given = Hint(exercise, min(step, len(exercise.hints)))
    ipython = sys.modules.get("IPython")
    if ipython and ipython.get_ipython():
        # At once, since of several in one cell the notebook would show only the last.
        ipython.display.display({"text/html": given._repr_html_(), "text/plain": repr(given)}, raw=True)
    return given
