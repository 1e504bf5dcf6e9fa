"""Stories of honest submissions in which cells met with an accident."""

from __future__ import annotations

import copy

from tests.corpus.making import Draft, make_cell, story

SAYS_COPIES = "more than once; the last one"


@story("broken", says=SAYS_COPIES)
def solution_cell_was_duplicated(draft: Draft) -> None:
    here = draft.position("dE_dw11_01")
    draft.cells.insert(here, copy.deepcopy(draft.cells[here]))


@story("broken", says=SAYS_COPIES)
def grade_cell_was_duplicated(draft: Draft) -> None:
    here = draft.position("dE_dw11_01_check")
    draft.cells.insert(here, copy.deepcopy(draft.cells[here]))


@story("broken", says=SAYS_COPIES)
def whole_notebook_was_pasted_into_itself(draft: Draft) -> None:
    draft.cells.extend(copy.deepcopy(draft.cells))


@story("broken", says="was joined again")
def solution_cell_was_split_inside_the_function(draft: Draft) -> None:
    here = draft.position("dE_dw11_01")
    cell, second = draft.cells[here], copy.deepcopy(draft.cells[here])
    lines = cell["source"].splitlines(keepends=True)
    cell["source"], second["source"] = "".join(lines[:4]), "".join(lines[4:])
    draft.cells.insert(here + 1, second)


@story("broken", says=SAYS_COPIES)
def solution_cell_was_split_before_its_last_comment(draft: Draft) -> None:
    here = draft.position("dE_dw11_01")
    draft.cells.insert(
        here + 1, copy.deepcopy(draft.cells[here]) | {"source": "# tried with other numbers, too"}
    )


@story("broken", says="dE_dw11_01_check was missing")
def grade_cell_was_deleted(draft: Draft) -> None:
    del draft.cells[draft.position("dE_dw11_01_check")]


@story("broken", says="cells were missing")
def all_grade_cells_were_deleted(draft: Draft) -> None:
    draft.notebook["cells"] = [c for c in draft.cells if not c["metadata"].get("nbgrader", {}).get("grade")]


@story("broken", loses=2.0, says="dE_dw11_01 was missing")
def solution_cell_was_deleted(draft: Draft) -> None:
    del draft.cells[draft.position("dE_dw11_01")]


@story("broken", says="factors_w11_01_check, dE_dw11_01")
def solution_was_merged_into_the_cell_above(draft: Draft) -> None:
    here = draft.position("dE_dw11_01")
    draft.cells[here - 1] = make_cell("# merged\n" + draft.cells[here]["source"])
    del draft.cells[here]


@story("broken", says="had been edited")
def grade_cell_was_edited(draft: Draft) -> None:
    draft.cell("dE_dw11_01_check")["source"] = "check('dE_dw11_01', dE_dw11_01)  # pleas"


@story("broken", says="cells had been edited")
def grade_cells_were_emptied(draft: Draft) -> None:
    for cell in draft.cells:
        marks = cell["metadata"].get("nbgrader", {})
        if marks.get("grade") and not marks.get("solution"):
            cell["source"] = ""


@story("broken")
def grade_cell_was_moved_to_the_top(draft: Draft) -> None:
    draft.cells.insert(0, draft.cells.pop(draft.position("dE_dw11_01_check")))


@story("broken")
def solution_cell_was_moved_to_the_end(draft: Draft) -> None:
    draft.cells.append(draft.cells.pop(draft.position("dE_dw11_01")))


@story("broken", says="had another type of cell")
def grade_cell_became_markdown(draft: Draft) -> None:
    cell = draft.cell("dE_dw11_01_check")
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


@story("broken", says="had another type of cell")
def solution_cell_became_markdown(draft: Draft) -> None:
    cell = draft.cell("dE_dw11_01")
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


@story("broken", says="not belong to this lesson")
def cell_of_another_lesson_was_pasted(draft: Draft) -> None:
    draft.last("slope = 3")
    marks = draft.cell("dE_dw11_01")["metadata"]["nbgrader"]
    draft.cells[-1]["metadata"]["nbgrader"] = marks | {"grade_id": "warm_up"}


@story("broken", says="cells were missing")
def all_metadata_was_lost(draft: Draft) -> None:
    for cell in draft.cells:
        cell["metadata"] = {}


@story("broken", says="could not be read")
def some_cells_are_no_cells(draft: Draft) -> None:
    draft.cells[3:3] = [None, [], {"cell_type": "heading"}, {"cell_type": "code", "source": 7}]


@story("broken")
def ids_are_missing_or_doubled(draft: Draft) -> None:
    for number, cell in enumerate(draft.cells):
        cell["id"] = "same" if number % 2 else 7
    del draft.cells[0]["id"]


@story("broken")
def outputs_are_no_outputs(draft: Draft) -> None:
    for cell in draft.cells:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [{"output_type": "none"}, 3], "many"
    draft.cells[1]["outputs"] = None


@story("broken")
def syntax_error_in_a_scratch_cell(draft: Draft) -> None:
    draft.first("def f(:\n    return")


@story("broken", loses=2.0)
def syntax_error_in_an_answer(draft: Draft) -> None:
    draft.answer("dE_dw11_01", "def dE_dw11_01(W01, W12, X, D)\n    return 0")


@story("broken")
def scratch_cell_hides_builtins(draft: Draft) -> None:
    draft.last("range = list = len = sum = print = isinstance = dict = str = None")


@story("broken")
def scratch_cell_hides_check_and_magics(draft: Draft) -> None:
    draft.first("check = 3\nsummary = hint = get_ipython = None")


@story("broken")
def scratch_cell_leaves(draft: Draft) -> None:
    draft.first("import sys\nsys.exit('bye')")
    draft.first("exit()")
    draft.first("quit")


@story("broken", says="stopped after")
def scratch_cell_never_ends(draft: Draft) -> None:
    draft.last("while True:\n    pass")


@story("broken")
def scratch_cell_asks_for_input(draft: Draft) -> None:
    draft.first("name = input('Your name? ')")


@story("broken")
def scratch_cells_use_shell_magics_and_missing_packages(draft: Draft) -> None:
    draft.first("!ls -la /\n%timeit -n1 -r1 1 + 1\n%matplotlib notebook")
    draft.first("import tensorflow_of_my_own")
    draft.first("%%bash\necho hello")
    draft.first("%nonsense")


@story("broken")
def answer_was_written_twice_wrong_then_right(draft: Draft) -> None:
    draft.cells.insert(draft.position("dE_dw11_01"), make_cell("def dE_dw11_01(*a):\n    return 7"))


@story("broken", loses=3.0)
def choice_is_no_dict(draft: Draft) -> None:
    draft.answer("printed_formula", "printed_formula = ['y_n1', 'w11_12']")


@story("broken")
def text_has_signs_that_no_file_can_hold(draft: Draft) -> None:
    draft.last("# half a sign: \ud83d and a zero: \x00")
    draft.last("print('\\ud800 lone')")
    draft.answer("explain_w11_01", "Because \udc00 of the path.")
