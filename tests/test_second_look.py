"""Which answers are tried a second time, which run counts, and that nothing is to be gained by it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from course_lib.checking.calling import Outcome
from course_lib.checking.student.kernel import public_cases
from course_lib.exercises import EXERCISES
from grading import sandbox, second_look
from grading.sandbox import Limits
from grading.sandbox.kernel import KernelDiedError
from grading.worker import assessment

FIRST, SECOND, CHOICE = "dE_dw11_12", "dE_dw21_12", "printed_formula"
IMPORTS = """\
import numpy as np
def forward(W01, W12, X):
    y = 1 / (1 + np.exp(-X @ W01))
    return y, 1 / (1 + np.exp(-y @ W12))
"""
RIGHT = """\
def dE_dw{k}1_12(W01, W12, X, D):
    y, o = forward(W01, W12, X)
    return {sign}np.mean(2 * (o - D) * o * (1 - o) * y[:, {n}:{k}])
"""
ANSWER, OTHER = RIGHT.format(k=1, n=0, sign=""), RIGHT.format(k=2, n=1, sign="")
# Right where the name `sign` says so.
SIGNED = RIGHT.format(k=1, n=0, sign="sign * ")
# Right as long as it is called on public cases only, unless `honest`.
KNOWS = SIGNED.replace("sign", "known()") + "calls = []\ndef known():\n    calls.append(1)\n"
KNOWS += f"    return 1 if honest or len(calls) <= {len(public_cases(EXERCISES[FIRST]))} else -1\n"
# Right in the second kernel only: what a coin, or an answer that knows how often it was tried, hopes for.
COUNTS = "import os\nsign = int(os.environ['KERNELS']) * 2 - 3\n" + SIGNED
CHOSEN = "printed_formula = {'factor': 'y_n1', 'instead': 'w11_12'}"


class Run:
    """Cells that run in this process instead of a kernel, and the collector beside them."""

    made: list[Run]
    broken_at = -1

    def __init__(self, cells: list, *about: object) -> None:
        self.cells, self.space, self.notes, self._done = cells, {}, [], 0
        self.made.append(self)
        os.environ["KERNELS"] = str(len(self.made))

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *exc: object) -> None:
        pass

    def run(self) -> None:
        """Run every cell."""
        self.run_to(len(self.cells))

    def run_to(self, last: int) -> None:
        """Run the cells down to the one numbered `last`."""
        if last == self.broken_at:
            raise RuntimeError("the sandboxed kernel does not start")
        for cell in self.cells[self._done : last + 1]:
            exec(cell.source, self.space)
        self._done = max(self._done, last + 1)

    def ask(self, content: dict, seconds: float) -> dict:
        """Answer as the collector does, unless a cell has taken its place."""
        from collector import answer_to

        reply = self.space.get("reply", {})
        return reply if reply is None or reply else answer_to(content, self.space)

    def replay(self) -> Run:
        """Return a run in a kernel of its own."""
        return type(self)(self.cells)


@pytest.fixture
def graded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., SimpleNamespace]:
    """Grade cells of which those in `own` are answers; return the points, who waits, the notes, how many kernels."""
    monkeypatch.syspath_prepend(Path(sandbox.__file__).parent / "inside")
    monkeypatch.setenv("KERNELS", "0")
    monkeypatch.setattr(assessment, "Submission", Run)
    Run.made = []

    def grade(*cells: str, own: dict[str, int]) -> SimpleNamespace:
        lesson = SimpleNamespace(exercises=tuple(EXERCISES[name] for name in own))
        order = assessment.Order(
            "03_identify_gradients",
            [(cell, "") for cell in (IMPORTS, *cells)],
            {name: number + 1 for name, number in own.items()},
            str(tmp_path),
            str(tmp_path),
            b"s" * 64,
            {field: getattr(Limits(), field) for field in Limits.__dataclass_fields__},
        )
        made = assessment.Assessment(lesson, order).result()
        points = {name: verdict["points"] for name, verdict in made["verdicts"].items()}
        return SimpleNamespace(
            points=points, waits=made["broken"], notes=" ".join(made["notes"]), kernels=len(Run.made)
        )

    return grade


@pytest.mark.promise(1)
@pytest.mark.parametrize(
    ("answer", "below", "points", "kernels"),
    [
        (ANSWER, "y = 1", 2, 1),
        (COUNTS, "y = 1", 0, 1),
        (COUNTS, "import numpy as np", 0, 1),
        (f"{SIGNED}\n{ANSWER}", "y = 1", 2, 1),
        (f"{ANSWER}\nsign = 1\n{SIGNED}\nsign = -1", "y = 1", 0, 1),
    ],
    ids=["right", "counts kernels", "imports again", "twice, right then", "twice, wrong then"],
)
def test_an_answer_that_no_cell_touches_has_one_run(
    graded: Callable, answer: str, below: str, points: float, kernels: int
) -> None:
    found = graded(answer, below, own={FIRST: 0})
    assert (found.points[FIRST], found.waits, found.kernels) == (points, [], kernels)


@pytest.mark.promise(5)
@pytest.mark.parametrize(
    ("own", "below", "names"),
    [
        (ANSWER, "forward = 0.25", "forward"),
        (ANSWER, "dE_dw11_12 = dE_dw11_12(np.ones((2, 2)), np.ones((2, 1)), np.ones((3, 2)), 1)", FIRST),
        (ANSWER, ANSWER.replace("2 *", "3 *"), FIRST),
        ("sign = 1\n" + SIGNED, "del sign", "sign"),
        (
            "sign = 1\ndef flip():\n    global sign\n    sign = -1\n" + SIGNED,
            "flip()",
            "sign",
        ),
    ],
    ids=["shadowed", "replaced by its value", "defined again", "deleted", "by a function"],
)
def test_what_a_later_cell_spoils_counts_as_it_stood(
    graded: Callable, own: str, below: str, names: str
) -> None:
    found = graded(own, below, own={FIRST: 0})
    assert (found.points, found.waits, found.kernels) == ({FIRST: 2.0}, [], 2)
    assert f"right behind its own cell: a cell further down may change {names}" in found.notes


def test_data_that_a_later_cell_changes_counts_where_it_is_worth_more(graded: Callable) -> None:
    half = CHOSEN.replace("w11_12", "w22_01")
    spoilt = "printed_formula['factor'] = printed_formula['instead'] = 'mine'"
    added = "printed_formula |= {'factor': 'y_n1', 'instead': 'w22_01'}"
    runs = [(CHOSEN, spoilt), (half, spoilt), ("printed_formula = {}", added)]
    full, *halves = [graded(own, below, own={CHOICE: 0}).points[CHOICE] for own, below in runs]
    assert (full, halves) == (EXERCISES[CHOICE].points, [full / 2] * 2)


def test_what_a_later_cell_mends_counts_as_it_is_at_the_end(graded: Callable) -> None:
    found = graded("sign = -1\n" + SIGNED, "sign = 1", own={FIRST: 0})
    assert (found.points, found.kernels, found.notes) == ({FIRST: 2.0}, 1, "")


@pytest.mark.promise(1)
def test_two_answers_in_one_are_not_both_tried_on_secret_cases(graded: Callable) -> None:
    found = graded("honest = True\n" + KNOWS, "honest = False", own={FIRST: 0})
    assert (found.points, found.waits, found.kernels) == ({FIRST: 0.0}, [FIRST], 2)
    assert "waits for manual grading" in found.notes


@pytest.mark.promise(3)
@pytest.mark.parametrize("reply", [{"points": 2}, {"value": ["array", "O", [9], ""]}, {"outcomes": {}}])
def test_the_place_of_the_collector_is_worth_nothing(graded: Callable, reply: dict) -> None:
    found = graded(ANSWER, CHOSEN, f"reply = {reply!r}", own={FIRST: 0, CHOICE: 1})
    assert found.points == {FIRST: 2.0, CHOICE: EXERCISES[CHOICE].points}
    assert "at the end it gave no reply" in found.notes


def test_an_error_in_the_second_look_costs_its_own_exercise(
    graded: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Run, "broken_at", 1)
    found = graded(ANSWER, OTHER, "forward = 0.25", own={FIRST: 0, SECOND: 1})
    assert found.points == {FIRST: 0.0, SECOND: 2.0}


def test_an_error_in_reading_the_cells_costs_the_second_look(
    graded: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assessment, "Notebook", lambda cells: 1 / 0)
    found = graded(ANSWER, "forward = 0.25", own={FIRST: 0})
    assert (found.points, found.kernels) == ({FIRST: 0.0}, 1)
    assert "could not be told (ZeroDivisionError)" in found.notes


def test_who_ends_his_kernel_leaves_the_next_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    died = second_look.Status.DIED
    given = {1: Outcome(error="KernelDied: gone", status=died), 2: Outcome(2)}
    kernels = []

    class Kernel(SimpleNamespace):
        def __enter__(self) -> Kernel:
            kernels.append(self)
            return self

        def __exit__(self, *exc: object) -> None:
            pass

        def run_to(self, cell: int) -> None:
            """Run nothing: there are no cells."""

    monkeypatch.setattr(second_look, "outcomes_on", lambda run, exercise, *about, data: [given[exercise]])
    monkeypatch.setattr(second_look, "_is_right", lambda *about: False)
    questions = [second_look.Question(number, number, [()], []) for number in (2, 1)]
    assert [one.cell for one in second_look.look_again(Kernel, questions, "", "flag")] == [1, 2]
    assert len(kernels) == 2


def test_kernels_that_cannot_start_end_the_second_look() -> None:
    started = []

    def replay() -> None:
        started.append(1)
        raise KernelDiedError("it cannot start")

    questions = [second_look.Question(None, number, [()], []) for number in (1, 2)]
    assert second_look.look_again(replay, questions, "", "flag") == []
    assert len(started) == 1
