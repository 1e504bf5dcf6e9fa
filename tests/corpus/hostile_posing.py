"""Stories of submissions whose answers, marks or versions are not what they seem."""

from __future__ import annotations

from tests.corpus.hostile_forging import WRONG, answer_wrong
from tests.corpus.making import Draft, story


@story("hostile")
def is_equal_to_everything(draft: Draft) -> None:
    draft.first(
        "class Equal(float):\n"
        "    def __eq__(self, other): return True\n"
        "    def __ne__(self, other): return False\n"
        "    def __lt__(self, other): return True\n"
        "    __le__ = __gt__ = __ge__ = __lt__\n"
        "    def __sub__(self, other): return 0.0\n"
        "    __rsub__ = __abs__ = __sub__\n"
        "    def __array__(self, *a, **k): return np.zeros(())\n"
        "    def __hash__(self): return 1"
    )
    answer_wrong(draft, "Equal(1.0)")
    draft.last("printed_formula = Equal(1)\nprinted_formula = {'factor': 'y_n1', 'instead': 'w11_12'}")


@story("hostile")
def is_a_float_that_is_none(draft: Draft) -> None:
    draft.first(
        "class Any(float):\n    def __float__(self): return float('nan')\n    def __repr__(self): return '2.0'"
    )
    answer_wrong(draft, "Any(3)")


@story("hostile")
def is_an_array_with_its_own_mind(draft: Draft) -> None:
    draft.first(
        "class Mind(np.ndarray):\n"
        "    def __array_ufunc__(self, *a, **k): return np.True_\n"
        "    def __array_function__(self, *a, **k): return np.True_\n"
        "    def __array_finalize__(self, obj): pass"
    )
    answer_wrong(draft, "np.zeros(1).view(Mind)")


@story("hostile")
def is_a_choice_that_is_any_word(draft: Draft) -> None:
    draft.first(
        "class Any(str):\n    def __eq__(self, other): return True\n"
        "    __hash__ = str.__hash__\n    def strip(self): return self"
    )
    draft.answer("printed_formula", "printed_formula = {'factor': Any('y_n1'), 'instead': Any('w11_12')}")
    answer_wrong(draft)


@story("hostile", loses=3.0)
def is_a_dict_that_has_every_key(draft: Draft) -> None:
    draft.first(
        "class Every(dict):\n"
        "    def get(self, key, default=None): return 'y_n1'\n"
        "    __getitem__ = get\n"
        "    def __contains__(self, key): return True"
    )
    draft.answer("printed_formula", "printed_formula = Every()")
    answer_wrong(draft)


@story("hostile")
def behaves_only_while_graded(draft: Draft) -> None:
    """Tells the grader's calls by their frames and then calls what the lesson closes."""
    for name in ("dE_dw11_12", "dE_dw21_12"):
        draft.answer(
            name,
            f"def {name}(W01, W12, X, D):\n"
            "    import sys, os\n"
            "    frame, names = sys._getframe(), set()\n"
            "    while frame:\n"
            "        names.add(frame.f_code.co_filename); frame = frame.f_back\n"
            "    if any('collector' in n for n in names) or 'GRADING_BOX' in os.environ:\n"
            "        from course_lib import gradients\n"
            "        return gradients([W01, W12], X, D)[1][0, 0]\n"
            "    raise NotImplementedError",
        )


@story("hostile")
def hands_in_what_is_no_number(draft: Draft) -> None:
    draft.answer("dE_dw11_12", WRONG.format(name="dE_dw11_12", value="float('nan')"))
    draft.answer("dE_dw21_12", WRONG.format(name="dE_dw21_12", value="np.array([np.inf, -np.inf, np.nan])"))


@story("hostile")
def hands_in_a_giant(draft: Draft) -> None:
    draft.answer("dE_dw11_12", WRONG.format(name="dE_dw11_12", value="10 ** 100_000"))
    draft.answer("dE_dw21_12", WRONG.format(name="dE_dw21_12", value="np.zeros((3000, 3000))"))


@story("hostile")
def hands_in_a_bottomless_list(draft: Draft) -> None:
    draft.answer(
        "dE_dw11_12",
        "def dE_dw11_12(*a):\n    deep = []\n    for _ in range(100_000):\n        deep = [deep]\n    return deep",
    )
    draft.answer(
        "dE_dw21_12",
        "def dE_dw21_12(*a):\n    ring = []\n    ring.append(ring)\n    return {'a': ring, 'b': [{}] * 9}",
    )


@story("hostile")
def hands_in_a_pickle(draft: Draft) -> None:
    draft.first(
        "import os\n"
        "class Bomb:\n    def __reduce__(self):\n        return os.system, ('touch /tmp/pickle-bomb',)\n"
        "    def __array__(self, *a, **k): raise SystemExit"
    )
    answer_wrong(draft, "Bomb()")


@story("hostile")
def marks_its_own_cells(draft: Draft) -> None:
    """Raises the points in the metadata, adds a grade cell of its own, and hands outputs in with them."""
    draft.cell("dE_dw11_12_check")["metadata"]["nbgrader"]["points"] = 1000
    forged = {
        "output_type": "execute_result",
        "data": {"text/plain": "2.0"},
        "metadata": {},
        "execution_count": 1,
    }
    draft.cell("dE_dw11_12_check")["outputs"] = [forged]
    draft.cell("dE_dw21_12_check")["metadata"]["nbgrader"] |= {"solution": True, "locked": False}
    draft.cell("dE_dw21_12_check")["source"] = "2.0"
    mark = draft.cell("dE_dw11_12_check")["metadata"]["nbgrader"] | {"grade_id": "bonus", "points": 50}
    draft.last("50.0")
    draft.cells[-1]["metadata"]["nbgrader"] = mark


@story("hostile")
def pretends_to_be_graded_already(draft: Draft) -> None:
    draft.notebook["metadata"]["grading"] = {"finished": True, "verdicts": {"dE_dw11_12": {"points": 2.0}}}
    draft.notebook["metadata"]["kernelspec"] = {"name": "evil", "display_name": "x", "language": "python"}


@story("hostile")
def opens_what_its_exercise_closes(draft: Draft) -> None:
    """Undoes the guards in three ways, to measure what it should derive."""
    draft.first(
        "import course_lib.numdiff\nfrom course_lib.numdiff import complex_step_gradients as stashed\n"
        "def steps(take, W01, W12, X, D):\n    return take(lambda w: loss(w, X, D), [W01, W12])[1]"
    )
    draft.answer(
        "dE_dw11_12",
        "def dE_dw11_12(*case):\n"
        "    import course_lib.closing as closing\n"
        "    closing._closed = frozenset()\n"
        "    return steps(course_lib.numdiff.complex_step_gradients, *case)[0, 0]",
    )
    draft.answer(
        "dE_dw21_12",
        "def dE_dw21_12(*case):\n"
        "    course_lib.numdiff.guard = lambda *a: None\n"
        "    take = getattr(stashed, '__wrapped__', stashed)\n"
        "    return steps(take, *case)[1, 0]",
    )


@story("hostile")
def pretends_to_be_of_another_version(draft: Draft) -> None:
    answer_wrong(draft)
    marks = draft.notebook["metadata"]["backprop_course"]["exercises"]
    del marks["dE_dw11_12"]
    marks["dE_dw21_12"] = "100 ffffffff"
