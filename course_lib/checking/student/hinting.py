"""`hint`: one of the three hints of an exercise."""

from __future__ import annotations

from dataclasses import dataclass

from course_lib.checking.cards.card_html import inline
from course_lib.exercises import Exercise, find
from course_lib.inputs import as_count

STEPS = ("where to look", "which term", "a similar case")


@dataclass(frozen=True)
class Hint:
    """One hint of an exercise, shown as text or as HTML."""

    exercise: Exercise
    step: int

    @property
    def _more(self) -> str:
        last = self.step == len(self.exercise.hints)
        return "" if last else f"`hint({self.exercise.id!r}, {self.step + 1})` says more."

    def __repr__(self) -> str:
        text = self.exercise.hints[self.step - 1]
        return "\n".join(filter(None, (f"Hint {self.step} ({STEPS[self.step - 1]}): {text}", self._more)))

    def _repr_html_(self) -> str:
        text, step = self.exercise.hints[self.step - 1], STEPS[self.step - 1]
        body = f"<b>Hint {self.step}, {step}.</b> {inline(text)} {inline(self._more)}"
        return f'<div style="max-width:46em;line-height:1.45;margin:.3em 0">{body}</div>'


def hint(exercise_id: str, step: int = 1) -> Hint:
    """Show a hint: step 1 says where to look, 2 names the term, 3 works out a similar case. Hints cost nothing."""
    exercise = find(exercise_id)
    step = as_count("step", step, least=1)
    if step > len(exercise.hints):
        raise ValueError(f"step: expected 1, 2 or 3, got {step}")
    return Hint(exercise, step)
