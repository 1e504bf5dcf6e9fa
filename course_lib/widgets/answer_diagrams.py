"""Diagrams to answer in: symbols for the network, factors for a derivative. Every change is saved at once."""

from typing import Any

import traitlets

from course_lib import answers
from course_lib.checking import Verdict
from course_lib.checking.cards import card_html
from course_lib.checking.cards.content import number
from course_lib.checking.judging.diagrams import evaluated, judge_slots
from course_lib.checking.student.kernel import public_cases, verdict_on
from course_lib.exercises import DiagramExercise, find
from course_lib.symbols import SYMBOLS
from course_lib.widgets.answered import FILLED, edge_of, layout_of, picture, weight_of
from course_lib.widgets.network_widget import NetworkWidget, board_data
from course_lib.widgets.symbol_markup import mathml, tile


def diagram(exercise_id: str) -> NetworkWidget:
    """Open the diagram in which an exercise is answered, with what was answered earlier.

    Parameters
    ----------
    exercise_id : str
        ``"fill_symbols"``, or one of ``"factors_w11_12"`` ... ``"factors_w22_01"``.
    """
    exercise = find(exercise_id)
    if not isinstance(exercise, DiagramExercise):
        raise ValueError(f"exercise_id: {exercise_id!r} has no diagram; it is answered as {exercise.asks!r}")
    return FillDiagram(exercise) if exercise.id == FILLED else FactorsDiagram(exercise)


class AnswerDiagram(NetworkWidget):
    """What both diagrams share: a change goes into answers.json before anything else happens."""

    def __init__(self, exercise: DiagramExercise, **more: Any) -> None:
        self.exercise = exercise
        saved = answers.load()
        super().__init__(
            title=exercise.title,
            answers=answers.valid(exercise, saved.answers.get(exercise.id, {})),
            status=saved.message,
            **more,
        )
        self.on_msg(self._on_message)
        answers.watch(self)

    @property
    def answered(self) -> str:
        """Whether anything is answered: the grader looks for that where answers.json was lost on the way."""
        return "yes" if self.answers else "no"

    @traitlets.validate("answers")
    def _only_known(self, proposal: Any) -> dict[str, str]:
        return answers.valid(self.exercise, proposal["value"])

    @traitlets.observe("change")
    def _changed(self, change: Any) -> None:
        # `answers` and `change` arrive in one message; by now both are set.
        try:
            answers.write(self.exercise.id, self.answers, by=self)
        except OSError as error:
            problem = f"{error.strerror or error} ({answers.NAME})"
            self.status = f"NOT SAVED: {problem}. Your answer exists only on this page."
            return
        self.saved = change["new"]
        self.marks, self.panel, self.status = {}, "", ""
        self.update_picture()

    def answer_placed(self, exercise_id: str) -> None:
        """Show what `place`, or a second diagram of this exercise, wrote while this one is open."""
        if exercise_id == self.exercise.id:
            self.answers = answers.read(exercise_id)
            self.marks, self.panel = {}, ""
            self.update_picture()

    def _on_message(self, _: Any, content: Any, __: Any) -> None:
        if not isinstance(content, dict):
            return
        if content.get("do") == "save":
            self._save_again(content.get("answers"), content.get("change"))
        if content.get("do") == "check":
            verdict = verdict_on(self.exercise, dict(self.answers))
            with self.hold_sync():  # one message, so that marks, panel and status change together
                self.marks, self.panel = self._marks(), self._panel(verdict)
                self.status = verdict.card.result.capitalize()

    def _save_again(self, placed: Any, change: Any) -> None:
        """Save what the page says once more, because it has not heard that it is safe."""
        if not isinstance(placed, dict) or not isinstance(change, int):
            return
        if change == self.saved:  # it is; the word of it got lost
            self.send_state("saved")
        elif change > self.saved:
            with self.hold_sync():
                self.answers, self.change = placed, change

    def static_html(self) -> str:
        """Return the diagram as answered so far."""
        return picture(self.exercise, self.answers)

    def _marks(self) -> dict[str, str]:
        return {}

    def _panel(self, verdict: Verdict) -> str:
        # Without the card's comparison: a diagram shows its numbers in a way of its own.
        lines = "".join(f"<p>{card_html.paragraph(line)}</p>" for line in verdict.card.lines)
        return lines + card_html.folded(verdict.card.folds)


class FillDiagram(AnswerDiagram):
    """A symbol belongs to every node and every edge."""

    def __init__(self, exercise: DiagramExercise) -> None:
        board = board_data(layout_of(exercise), "slot") | {
            "tiles": [tile(name) for name in exercise.tiles],
            "task": "For training pair n: give every node and every edge its symbol.",
        }
        # The symbol of each place is what the exercise asks for.
        hidden = {"math": "", "short": "", "spoken": "", "name": "", "family": ""}
        board["places"] = [place | hidden for place in board["places"]]
        super().__init__(exercise, mode="fill", board=board)

    def _marks(self) -> dict[str, str]:
        placed = {slot: self.answers[slot] for slot in self.exercise.slots if slot in self.answers}
        return {s: m for s, m in judge_slots(placed, self.exercise.reference()).items() if m}


class FactorsDiagram(AnswerDiagram):
    """One weight is highlighted; its derivative is built from tiles."""

    def __init__(self, exercise: DiagramExercise) -> None:
        self._weight = weight_of(exercise)
        weight = mathml(SYMBOLS[self._weight].latex)
        board = board_data(layout_of(exercise), "label") | {
            "tiles": [tile(name) for name in exercise.tiles],
            "slots": list(exercise.slots),
            "task": f"Which factors make the derivative of E with respect to {weight}?",
            "left": _derivative(self._weight),
        }
        super().__init__(exercise, mode="choose", board=board, lit={edge_of(exercise): "on"})

    def _panel(self, verdict: Verdict) -> str:
        names = [self.answers[slot] for slot in self.exercise.slots if slot in self.answers]
        if not names:
            return super()._panel(verdict)
        mine, truth = evaluated(self.exercise, names, public_cases(self.exercise)[0])
        rows = (
            ("your product, mean over n", mine),
            ("finite difference of E", truth),
            ("ratio", mine / truth),
        )
        cells = "".join(f"<tr><th scope='row'>{word}</th><td>{number(v)}</td></tr>" for word, v in rows)
        return (
            f"<div class='bp-both'><p class='bp-formula'>{formula(self._weight, names)}</p>"
            f"<table>{cells}</table></div>{super()._panel(verdict)}"
        )


def _derivative(weight: str) -> str:
    """Return ``∂E/∂w = 1/N Σ_n`` as MathML."""
    inside = mathml(SYMBOLS[weight].latex).removeprefix("<math>").removesuffix("</math>")
    return (
        "<math displaystyle='true'><mfrac><mrow><mi>∂</mi><mi>E</mi></mrow>"
        f"<mrow><mi>∂</mi>{inside}</mrow></mfrac><mo>=</mo>"
        "<mfrac><mn>1</mn><mi>N</mi></mfrac><munder><mo>∑</mo><mi>n</mi></munder></math>"
    )


def formula(weight: str, names: list[str]) -> str:
    """Return dE/dw with a product of factors as MathML; no factor at all is the empty product, 1."""
    factors = " <span>·</span> ".join(mathml(SYMBOLS[name].latex) for name in names)
    return f"{_derivative(weight)} {factors or '1'}"
