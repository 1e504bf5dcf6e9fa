"""Stories of submissions that were right at home, or right when they were fetched."""

from __future__ import annotations

from tests.corpus.making import Draft, story

# The notebook's own data, on which an answer that reads the notebook comes out right.
OWN = (
    "W01, W12 = np.array([[0.3, -0.4], [0.5, 0.6]]), np.array([[0.7], [-0.8]])\n"
    "X, D = np.array([[0.2, 0.9], [0.4, -0.5], [1.1, 0.3]]), np.array([[0.1], [0.8], [0.3]])\n"
    "mine = forward([W01, W12], X)[1][1][:, :1]"
)
READS_MINE = (
    "def dE_dw11_12(W01, W12, X, D):\n"
    "    o = forward([W01, W12], X)[1][-1]\n"
    "    return np.mean(2 * (o - D) * o * (1 - o) * mine)"
)


@story("broken")
def answer_reads_the_numbers_of_the_notebook(draft: Draft) -> None:
    draft.last(OWN)
    draft.answer("dE_dw11_12", READS_MINE)


@story("broken")
def answer_reads_what_a_deleted_cell_defined(draft: Draft) -> None:
    draft.answer("dE_dw11_12", READS_MINE)


# What only a later cell defines was not there behind its own cell either, so the answer stays wrong.
@story("broken")
def answer_reads_what_a_later_cell_changes(draft: Draft) -> None:
    draft.answer("dE_dw11_12", READS_MINE.replace("2 *", "two *").replace("mine", "first_y(W01, X)"))
    draft.first("def first_y(W01, X):\n    return sigmoid(X @ W01)[:, :1]")
    draft.last("two = 2.0")
    draft.last("two = 3.3")


@story("broken", says="another version of this lesson. It did not have: dE_dw21_12")
def lesson_got_an_exercise_after_it_was_fetched(draft: Draft) -> None:
    for name in ("dE_dw21_12", "dE_dw21_12_check"):
        del draft.cells[draft.position(name)]
    del draft.notebook["metadata"]["backprop_course"]["exercises"]["dE_dw21_12"]


@story("broken", says="Asked in a different form since then: dE_dw11_12, dE_dw21_12, dE_dw11_01.")
def lesson_asked_otherwise_when_it_was_fetched(draft: Draft) -> None:
    marks = draft.notebook["metadata"]["backprop_course"]["exercises"]
    marks |= dict.fromkeys(("dE_dw11_12", "dE_dw21_12", "dE_dw11_01"), "2 00000000")
    draft.answer("dE_dw11_12", "def dE_dw11_12(weights, X, D):\n    return 1.0")


@story("broken", says="No longer in the lesson, and not graded: the_old_one.")
def lesson_lost_an_exercise_after_it_was_fetched(draft: Draft) -> None:
    draft.notebook["metadata"]["backprop_course"]["exercises"]["the_old_one"] = "2 12345678"
    draft.last("the_old_one = 3")
    marks = draft.cell("dE_dw11_01")["metadata"]["nbgrader"]
    draft.cells[-1]["metadata"]["nbgrader"] = marks | {"grade_id": "the_old_one"}


@story("broken")
def version_marks_are_nonsense(draft: Draft) -> None:
    draft.notebook["metadata"]["backprop_course"] = {"exercises": {"x" * 500: [], "dE_dw11_12": 7}}
